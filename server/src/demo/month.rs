//! Makes a demo month, from the first assignment to the published result.

use std::collections::BTreeMap;

use anyhow::Context as _;
use shared::card::{Card, Line};
use shared::ids::{PersonId, StepPlace};
use shared::num::Exact;
use shared::op::{
    Appraisal, Approval, CardKey, EventStated, LineReview, Mark, NewLine, Payload, Progress, Publication, SelfScore,
    Stage, Stated,
};
use shared::org::Rank;
use shared::pack::{self, EventRule, Pack, Span, Statement};
use shared::procedure::Act;
use shared::score::{Form, Subordinate, share_of_led};
use shared::state::State;
use shared::time::{Day, Millis, Period};

use super::calendar::{AFTERNOON, MORNING, moment, nth};
use super::given;
use super::leaders;
use super::offices::Scheme;
use super::profile::{Story, lowered};
use super::roster::{Official, Roster};
use super::scribe::Scribe;
use super::words;

/// The user whose self-score is sent back once, in the month before the open one.
const SENT_BACK: &str = "canbo3";
/// The first day on which self-scores are submitted. Each level above follows a day later.
const SELF_DAY: i32 = 25;

/// The day on which lines are evaluated, where each is by itself.
const EVALUATION_DAY: i32 = 25;

/// Makes a complete month for everyone in the commune. Of the latest one somebody's is left to whoever tries the demo.
pub(super) async fn complete(
    scribe: &mut Scribe,
    roster: &Roster,
    period: Period,
    is_latest: bool,
) -> anyhow::Result<()> {
    let first = scribe.state().cards().all(|(key, _)| key.period.span() != Span::Month);
    let stories = scored(scribe.state(), roster, period, first);
    let is_left = |story: &Story<'_>| is_latest && leaders::is_left(story);
    for story in &stories {
        plan(scribe, story, nth(period, 2)).await?;
    }
    for story in &stories {
        report(scribe, story, nth(period, 24), usize::MAX).await?;
    }
    for story in &stories {
        let key = card_key(scribe.state(), story)?;
        given::evaluate(scribe, story, &key, nth(period, EVALUATION_DAY)).await?;
    }
    for level in 0..=3 {
        for story in stories.iter().filter(|story| level_of(roster, story.official) == level) {
            let sent_back = !first && story.official.username == SENT_BACK;
            score_self(scribe, story, SELF_DAY + level, sent_back).await?;
            if !is_left(story) {
                let key = card_key(scribe.state(), story)?;
                mark_in_turn(scribe, story, &key, moment(nth(period, SELF_DAY + level + 1), AFTERNOON)).await?;
            }
        }
    }
    for story in stories.iter().filter(|story| !is_left(story)) {
        decide(scribe, story).await?;
    }
    Ok(())
}

/// Begins a month. Most people have work, and some of it is reported, as far as `today` allows.
pub(super) async fn begin(scribe: &mut Scribe, roster: &Roster, period: Period, today: Day) -> anyhow::Result<()> {
    let stories = scored(scribe.state(), roster, period, false);
    let planned: Vec<&Story<'_>> = stories.iter().filter(|story| story.roll("planned", 4) != 0).collect();
    for story in &planned {
        plan(scribe, story, nth(period, 2).min(today)).await?;
    }
    for story in &planned {
        let day = nth(period, 10).min(today);
        report(scribe, story, day, story.roll("reported", 3)).await?;
    }
    Ok(())
}

/// The people of the offices who have a card, and the units headed by them that have one. The bad month is the `first` one.
fn scored<'a>(state: &State, roster: &'a Roster, period: Period, first: bool) -> Vec<Story<'a>> {
    let stories = roster.offices().flat_map(|official| {
        let subjects = state.spoken_for(official.id(), period.last_day()).into_iter();
        subjects.map(move |subject| Story::of(official, period, first).about(subject))
    });
    stories.filter(|story| state.card_key(story.subject, period).is_some()).collect()
}

/// The order of scoring. Lower ranks are scored first, because a head answers for their results.
fn level_of(roster: &Roster, official: &Official) -> i32 {
    match (roster.top_of(official.scheme) == Some(official.unit), official.rank) {
        (true, Rank::Head) => 3,
        (true, _) => 2,
        (false, Rank::Head | Rank::Deputy) => 1,
        _ => 0,
    }
}

fn card_key(state: &State, story: &Story<'_>) -> anyhow::Result<CardKey> {
    let subject = story.subject;
    state.card_key(subject, story.period).with_context(|| format!("no card for {subject}"))
}

/// The person who does an act on a card. Where several may, it is the first of them.
fn actor_of(state: &State, key: &CardKey, act: Act) -> anyhow::Result<PersonId> {
    let actors = state.actors(key, act);
    actors.first().copied().with_context(|| format!("{act:?} of {key}: nobody"))
}

/// Assigns work to staff. People who lead register their own.
async fn plan(scribe: &mut Scribe, story: &Story<'_>, day: Day) -> anyhow::Result<()> {
    let lines: Vec<_> = story.tasks().into_iter().map(|task| task.plan).collect();
    let key = card_key(scribe.state(), story)?;
    let counts =
        pack::pinned(&key.pack).zip(scribe.state().role(&key)).is_some_and(|(pack, role)| pack.takes_work(role));
    if lines.is_empty() || !counts {
        return Ok(());
    }
    if story.official.scheme == Scheme::HaNoi {
        return given::plan(scribe, story, &key, day).await;
    }
    let assigner = match story.official.rank {
        Rank::Head | Rank::Deputy => scribe.state().speaker(&key),
        Rank::Staff | Rank::Support => actor_of(scribe.state(), &key, Act::Mark)?,
    };
    scribe.on_card(assigner, &key, Payload::AssignWork(lines), moment(day, MORNING)).await
}

/// Reports up to `count_max` lines.
async fn report(scribe: &mut Scribe, story: &Story<'_>, day: Day, count_max: usize) -> anyhow::Result<()> {
    let key = card_key(scribe.state(), story)?;
    let of = |plan: &NewLine| (plan.code.clone(), plan.name.clone());
    let mut reports: BTreeMap<(String, String), Progress> =
        story.tasks().into_iter().take(count_max).map(|task| (of(&task.plan), task.progress)).collect();
    let lines = scribe.state().card(&key).map(Card::lines).unwrap_or_default();
    let payloads: Vec<Payload> = lines
        .iter()
        .filter_map(|line| {
            let progress = reports.remove(&of(line.plan))?;
            // Nobody reports work that is finished later.
            let finished = progress.finished.map(|finished| finished.min(day));
            Some(Payload::ReportProgress { line: line.id, progress: Progress { finished, ..progress } })
        })
        .collect();
    for payload in payloads {
        scribe.on_card(scribe.state().speaker(&key), &key, payload, moment(day, AFTERNOON)).await?;
    }
    Ok(())
}

/// Makes the self-score. A superior may send it back once.
async fn score_self(scribe: &mut Scribe, story: &Story<'_>, day: i32, sent_back: bool) -> anyhow::Result<()> {
    let key = card_key(scribe.state(), story)?;
    let pack = pack::pinned(&key.pack).context("the pack of the card")?;
    let (own_day, superior_day) = (nth(story.period, day), nth(story.period, day + 1));
    let own = self_score(scribe.state(), story, &key, pack);
    let speaker = scribe.state().speaker(&key);
    scribe.on_card(speaker, &key, Payload::SubmitSelfScore(own.clone()), moment(own_day, AFTERNOON)).await?;
    if sent_back {
        let superior = actor_of(scribe.state(), &key, Act::Mark)?;
        let reason = words::RETURN_REASON.to_owned();
        let payload = Payload::ReturnCard { to: Stage::Working, reason };
        scribe.on_card(superior, &key, payload, moment(superior_day, MORNING)).await?;
        scribe.on_card(speaker, &key, Payload::SubmitSelfScore(own), moment(superior_day, MORNING)).await?;
    }
    Ok(())
}

/// Everybody who marks a card does so. Whoever scores later agrees with whoever scored before.
pub(super) async fn mark_in_turn(
    scribe: &mut Scribe,
    story: &Story<'_>,
    key: &CardKey,
    at: Millis,
) -> anyhow::Result<()> {
    let pack = pack::pinned(&key.pack).context("the pack of the card")?;
    let own = scribe.state().card(key).and_then(Card::self_score).cloned();
    let own = own.with_context(|| format!("{key}: no self-score"))?;
    let appraisal = appraisal(scribe.state(), story, key, pack, own);
    while let Some((superior, step)) = next_to_mark(scribe.state(), key) {
        scribe.on_card(superior, key, Payload::Appraise(step, appraisal.clone()), at).await?;
    }
    Ok(())
}

/// Who marks a card next, and in which step. None once everybody has.
fn next_to_mark(state: &State, key: &CardKey) -> Option<(PersonId, StepPlace)> {
    state.actors(key, Act::Mark).into_iter().find_map(|actor| {
        let marking = state.marking(key, actor).filter(|marking| marking.ready && !marking.done)?;
        Some((actor, marking.step))
    })
}

/// What a person gives for the period.
pub(super) fn self_score(state: &State, story: &Story<'_>, key: &CardKey, pack: &Pack) -> SelfScore {
    let role = state.role(key).unwrap_or_default();
    let leadership = pack.statements_for(role).map(|statement| {
        let value = match statement.id.as_str() {
            "unit" => unit_share(state, key, statement),
            "cohesion" => Exact::one(),
            _ if story.roll("organising", 3) == 0 => half(),
            _ => Exact::one(),
        };
        (statement.id.clone(), Mark { value, reason: String::new() })
    });
    SelfScore {
        marks: story.marks(pack, role),
        leadership: leadership.collect(),
        strengths: story.sentence("strengths", &words::STRENGTHS),
        weaknesses: story.sentence("weaknesses", &words::WEAKNESSES),
        facts: BTreeMap::new(),
        stated: Stated { events: admitted(story, pack, role), ..Stated::default() },
    }
}

/// What somebody admits: on every fifth card the first deduction of the pack, where it has any.
fn admitted(story: &Story<'_>, pack: &Pack, role: &str) -> BTreeMap<String, EventStated> {
    let costs = |rule: &&EventRule| rule.stated.is_none() && !rule.favours(None);
    let rule = pack.events_asked(role).find(costs).filter(|_| story.roll("event", 5) == 0);
    let event = EventStated { count: 1, evidence: words::EVENT.to_owned(), ..EventStated::default() };
    rule.map(|rule| (rule.code.clone(), event)).into_iter().collect()
}

/// The share that follows from the results of the people led (Đ.15(3)a of Decree 335/2025). It is whole where nothing
/// follows.
fn unit_share(state: &State, key: &CardKey, statement: &Statement) -> Exact {
    let led: Vec<Subordinate> = state.led(key).iter().map(Subordinate::from).collect();
    share_of_led(statement, &led).unwrap_or_else(Exact::one)
}

fn half() -> Exact {
    Exact::ratio(1, 2).unwrap_or_default()
}

/// Makes the appraisal: the superior agrees, confirms own work and claimed causes, and lowers one mark of every third
/// card.
fn appraisal(state: &State, story: &Story<'_>, key: &CardKey, pack: &Pack, own: SelfScore) -> Appraisal {
    let form = Form::new(pack, state.role(key).unwrap_or_default(), &state.options(key));
    let mut marks = own.marks;
    if story.roll("lowered", 3) == 0 {
        let criteria: Vec<_> = pack.criteria_for(state.role(key).unwrap_or_default()).collect();
        let chosen = criteria.get(story.roll("which", criteria.len()));
        if let Some(mark) = chosen.and_then(|criterion| marks.get_mut(&criterion.code))
            && let Some(criterion) = chosen
        {
            let most = if form.is_binary(criterion) { Exact::zero() } else { lowered(criterion, 2) };
            if most < mark.value {
                *mark = Mark { value: most, reason: story.sentence("reason", &words::LOWERED) };
            }
        }
    }
    let lines = state.card(key).map(Card::lines).unwrap_or_default();
    let by_line = state.line_slots(key);
    let open = lines.iter().filter(|line| !by_line.iter().any(|(_, slot)| slot.line.id == line.id));
    let confirmed = open.filter_map(|line| Some((line.id, confirmed(line, key)?)));
    Appraisal {
        marks,
        leadership: own.leadership,
        lines: confirmed.collect(),
        comment: story.sentence("comment", &words::COMMENTS),
        facts: own.facts,
        stated: own.stated,
        explanation: String::new(),
        document: None,
    }
}

/// The superior's confirmation of a line: work that the person registered, and claimed causes.
fn confirmed(line: &Line<'_>, key: &CardKey) -> Option<LineReview> {
    let causes = line.progress.map(|progress| progress.causes.clone()).unwrap_or_default();
    let own = key.is_of(line.assigned_by);
    let reason = if causes.is_empty() { "" } else { words::CAUSE_CONFIRMED }.to_owned();
    let reported = line.as_reported(key.period.last_day());
    let review = LineReview { plan: own.then(|| line.planned()), causes, reason, ..reported };
    (own || !review.causes.is_empty()).then_some(review)
}

/// Approves the card with the computed result, and publishes it.
async fn decide(scribe: &mut Scribe, story: &Story<'_>) -> anyhow::Result<()> {
    let key = card_key(scribe.state(), story)?;
    approve(scribe, &key, words::PUBLIC_REMARK).await?;
    let Some(publisher) = scribe.state().actors(&key, Act::Notify).first().copied() else { return Ok(()) };
    publish(scribe, &key, publisher).await
}

/// Approves a card with the computed result, on the last morning of its period.
pub(super) async fn approve(scribe: &mut Scribe, key: &CardKey, remark: &str) -> anyhow::Result<()> {
    let seen = scribe.state().approval(key).with_context(|| format!("{key}: no result"))?;
    let approval = Approval { comment: remark.to_owned(), ..seen };
    let approver = actor_of(scribe.state(), key, Act::Decide)?;
    let deciding = scribe.state().deciding(key, approver).with_context(|| format!("{key}: no step to decide"))?;
    let at = moment(key.period.last_day(), MORNING);
    scribe.on_card(approver, key, Payload::Approve(deciding.step, approval), at).await
}

/// Publishes the class that was decided, on the last afternoon of the period.
pub(super) async fn publish(scribe: &mut Scribe, key: &CardKey, publisher: PersonId) -> anyhow::Result<()> {
    let decided = scribe.state().card(key).and_then(Card::approval).map(|approval| approval.class.clone());
    let class = decided.with_context(|| format!("{key}: no decision"))?;
    let at = moment(key.period.last_day(), AFTERNOON);
    scribe.on_card(publisher, key, Payload::Publish(Publication { class, document: None }), at).await
}
