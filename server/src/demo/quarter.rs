//! Makes demo quarters, for offices that are scored by the quarter: one that is published, and the one under way.

use anyhow::Context as _;
use shared::card::Card;
use shared::ids::{PersonId, StepPlace};
use shared::num::Exact;
use shared::op::{Appraisal, CardKey, Mark, Payload, SelfScore};
use shared::pack::{self, Criterion, Pack};
use shared::procedure::{Act, Panel};
use shared::report::reported_periods;
use shared::state::State;
use shared::time::{Day, Period};

use super::calendar::{AFTERNOON, MORNING, moment, nth};
use super::month::{approve, publish, self_score};
use super::offices::Scheme;
use super::profile::Story;
use super::reporting::collect_by;
use super::roster::{FIRST_DAY, PROVINCE, Roster, person_id, unit_id};
use super::scribe::Scribe;
use super::words;

/// Of so many people one has not scored yet.
const UNSCORED_IN: usize = 3;
/// The day of the quarter on which the first ones score themselves.
const SELF_DAY: i32 = 20;

/// Days of a complete quarter: everybody scores themselves, the team marks, and one of it closes.
const OWN_DAY: i32 = 76;
const TEAM_DAY: i32 = 81;
const CLOSING_DAY: i32 = 86;

/// The member of the team who was away while the wards were marked.
const AWAY: &str = "ht-phonoivu";
/// The heads of the wards.
const WARDS: [&str; 3] = ["ht-phuong1", "ht-phuong2", "ht-xa"];
/// Of so many cards a member differs from the self-score on one.
const DIFFERS_IN: usize = 2;
/// Of so many marks that differ one is above the self-score, where that is not the highest already.
const RAISED_IN: usize = 4;
/// How many steps of the form a member differs at most.
const STEPS_MAX: usize = 12;

/// The quarter before `quarter`. None if no regulation of the demo counted then.
pub(super) fn before(quarter: Period) -> Option<Period> {
    Some(quarter.previous()).filter(|before| before.first_day() >= FIRST_DAY)
}

/// Makes a complete quarter in the office of the scoring team, from the self-scores to the published results.
pub(super) async fn complete(scribe: &mut Scribe, roster: &Roster, quarter: Period) -> anyhow::Result<()> {
    let heads = scored(scribe.state(), roster, quarter);
    for (story, key) in &heads {
        score_self(scribe, story, key, nth(quarter, OWN_DAY)).await?;
    }
    for (story, key) in &heads {
        mark(scribe, story, key).await?;
    }
    for (_, key) in &heads {
        close(scribe, key).await?;
    }
    for (_, key) in &heads {
        approve(scribe, key, words::TEAM_REMARK).await?;
    }
    // A report sums up decisions, so it says something only after them.
    let mut reports = reported_periods(scribe.state(), unit_id(PROVINCE), quarter);
    // Other offices name the quarter as well, and have nothing to report.
    reports.retain(|report| heads.iter().any(|(_, key)| key.pack == report.pack));
    for report in reports {
        let card = scribe.state().cards_reported(&report).into_iter().next().context("a report without a card")?;
        let keeper = closer(&panel(scribe.state(), &card)?.1)?;
        collect_by(scribe, &report, keeper).await?;
    }
    for (_, key) in &heads {
        let publisher = closer(&panel(scribe.state(), key)?.1)?;
        publish(scribe, key, publisher).await?;
    }
    Ok(())
}

/// Begins a quarter in the office of the scoring team: most have scored themselves, as far as `today` allows, and the team has
/// not begun.
pub(super) async fn begin(scribe: &mut Scribe, roster: &Roster, quarter: Period, today: Day) -> anyhow::Result<()> {
    for (story, key) in scored(scribe.state(), roster, quarter) {
        if story.roll("self-scored", UNSCORED_IN) != 0 {
            score_self(scribe, &story, &key, nth(quarter, SELF_DAY).min(today)).await?;
        }
    }
    Ok(())
}

/// The people of the office who have a card. Those whom the text does not score have none.
fn scored<'a>(state: &State, roster: &'a Roster, quarter: Period) -> Vec<(Story<'a>, CardKey)> {
    let people = roster.offices().filter(|official| official.scheme == Scheme::HaTinh);
    let story = |official| Story::of(official, quarter, false);
    people.filter_map(|official| Some((story(official), state.card_key(official.id(), quarter)?))).collect()
}

async fn score_self(scribe: &mut Scribe, story: &Story<'_>, key: &CardKey, day: Day) -> anyhow::Result<()> {
    let pack = pack::pinned(&key.pack).context("the pack of the card")?;
    let own = self_score(scribe.state(), story, key, pack);
    scribe.on_card(scribe.state().speaker(key), key, Payload::SubmitSelfScore(own), moment(day, AFTERNOON)).await
}

/// Every member of the team who is there marks the card, each in a slot of the own.
async fn mark(scribe: &mut Scribe, story: &Story<'_>, key: &CardKey) -> anyhow::Result<()> {
    let pack = pack::pinned(&key.pack).context("the pack of the card")?;
    let role = scribe.state().role(key).unwrap_or_default();
    let own = own_score(scribe.state(), key)?;
    let (step, panel) = panel(scribe.state(), key)?;
    let mut members = panel.members;
    members.retain(|member| !is_away(story, *member));
    for member in members {
        let slot = slot(story, pack, role, member, own.clone());
        let at = moment(nth(key.period, TEAM_DAY), MORNING);
        scribe.on_card(member, key, Payload::FillSlot(step, slot), at).await?;
    }
    Ok(())
}

/// Closes the panel as the app does: with the mean of the slots, which starts from the self-score.
async fn close(scribe: &mut Scribe, key: &CardKey) -> anyhow::Result<()> {
    let own = own_score(scribe.state(), key)?;
    let (step, panel) = panel(scribe.state(), key)?;
    let starts = Appraisal { marks: own.marks, leadership: own.leadership, stated: own.stated, ..Appraisal::default() };
    let result = panel.result(&starts, &format!("Trung bình của {} thành viên", panel.filled.len()));
    let closer = closer(&panel)?;
    let at = moment(nth(key.period, CLOSING_DAY), AFTERNOON);
    scribe.on_card(closer, key, Payload::Appraise(step, result), at).await
}

fn is_away(story: &Story<'_>, member: PersonId) -> bool {
    member == person_id(AWAY) && WARDS.contains(&story.official.username.as_str())
}

fn own_score(state: &State, key: &CardKey) -> anyhow::Result<SelfScore> {
    let own = state.card(key).and_then(Card::self_score).cloned();
    own.with_context(|| format!("{key}: no self-score"))
}

/// The panel of a card, and the step in which it marks.
fn panel<'s>(state: &'s State, key: &CardKey) -> anyhow::Result<(StepPlace, Panel<'s>)> {
    let member = state.actors(key, Act::Mark).first().copied().with_context(|| format!("{key}: nobody marks"))?;
    let step = state.marking(key, member).with_context(|| format!("{key}: no step to mark"))?.step;
    Ok((step, state.panel(key, step).with_context(|| format!("{key}: no panel"))?))
}

/// Who leads the team or keeps its papers, and has marked.
fn closer(panel: &Panel<'_>) -> anyhow::Result<PersonId> {
    panel.closers.iter().copied().find(|closer| panel.has_marked(*closer)).context("nobody closes the panel")
}

/// What a member gives: the marks of the self-score, on some cards with one that differs.
fn slot(story: &Story<'_>, pack: &Pack, role: &str, member: PersonId, own: SelfScore) -> Appraisal {
    let word = |what: &str| format!("{what} {member}");
    let mut marks = own.marks;
    let criteria: Vec<&Criterion> = pack.criteria_for(role).collect();
    let chosen = criteria.get(story.roll(&word("which"), criteria.len()));
    if story.roll(&word("differs"), DIFFERS_IN) == 0
        && let Some(criterion) = chosen
        && let Some(mark) = marks.get_mut(&criterion.code)
    {
        *mark = differing(story, criterion, &mark.value, &word("mark"));
    }
    Appraisal { marks, leadership: own.leadership, stated: own.stated, ..Appraisal::default() }
}

/// A mark that differs from the one in the self-score, with its reason.
fn differing(story: &Story<'_>, criterion: &Criterion, own: &Exact, word: &str) -> Mark {
    let step = criterion.step.clone().unwrap_or_else(Exact::one);
    let steps = 1 + story.roll(word, STEPS_MAX);
    let by = &step * &Exact::from_int(i64::try_from(steps).unwrap_or(1));
    let raised = (own + &by).min(criterion.max.clone());
    if raised > *own && story.roll(&format!("{word} above"), RAISED_IN) == 0 {
        return Mark { value: raised, reason: story.sentence(word, &words::TEAM_RAISED) };
    }
    Mark { value: (own - &by).max(Exact::zero()), reason: story.sentence(word, &words::TEAM_LOWERED) }
}
