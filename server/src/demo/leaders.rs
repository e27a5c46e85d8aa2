//! Makes demo quarters of leaders who are scored by the month as well. Of the quarter before, everybody's result is known
//! but the chairman's, who still has to score himself; of the last complete month his score waits for the level above.

use anyhow::Context as _;
use shared::op::{CardKey, FactValue, Payload};
use shared::pack::{self, FactKind, Pack};
use shared::score::facts_asked;
use shared::sorted_map::Map;
use shared::state::State;
use shared::time::{Day, Period};

use super::calendar::{AFTERNOON, moment, nth};
use super::month::{approve, mark_in_turn, publish, self_score};
use super::offices::Scheme;
use super::profile::{Profile, Story};
use super::roster::Roster;
use super::scribe::Scribe;
use super::words;
use shared::num::Exact;
use shared::procedure::Act;

/// The one who is left to do.
const CHAIR: &str = "hd-chutich";
/// Days of a quarter: leaders score themselves, and who keeps the records comments.
const OWN_DAY: i32 = 78;
const COMMENT_DAY: i32 = 82;
/// The day of the quarter under way on which the first ones score themselves, and how many of them do not yet.
const EARLY_DAY: i32 = 20;
const UNSCORED_IN: usize = 2;

/// Whether somebody's period is left to whoever tries the demo.
pub(super) fn is_left(story: &Story<'_>) -> bool {
    story.official.username == CHAIR
}

/// Makes a complete quarter, up to the published results.
pub(super) async fn complete(scribe: &mut Scribe, roster: &Roster, quarter: Period) -> anyhow::Result<()> {
    let mut leaders = scored(scribe.state(), roster, quarter);
    leaders.retain(|(story, _)| !is_left(story));
    for (story, key) in &leaders {
        score_self(scribe, story, key, nth(quarter, OWN_DAY)).await?;
        mark_in_turn(scribe, story, key, moment(nth(quarter, COMMENT_DAY), AFTERNOON)).await?;
        approve(scribe, key, words::PUBLIC_REMARK).await?;
        if let Some(publisher) = scribe.state().actors(key, Act::Notify).first().copied() {
            publish(scribe, key, publisher).await?;
        }
    }
    Ok(())
}

/// Begins a quarter: some have scored themselves, as far as `today` allows.
pub(super) async fn begin(scribe: &mut Scribe, roster: &Roster, quarter: Period, today: Day) -> anyhow::Result<()> {
    for (story, key) in scored(scribe.state(), roster, quarter) {
        if !is_left(&story) && story.roll("self-scored", UNSCORED_IN) != 0 {
            score_self(scribe, &story, &key, nth(quarter, EARLY_DAY).min(today)).await?;
        }
    }
    Ok(())
}

/// The leaders of the office with their cards of the quarter.
fn scored<'a>(state: &State, roster: &'a Roster, quarter: Period) -> Vec<(Story<'a>, CardKey)> {
    let people = roster.offices().filter(|official| official.scheme == Scheme::Leaders);
    let cards = people.flat_map(|official| {
        let keys = state.card_keys(official.id(), quarter);
        keys.into_iter().map(move |key| (Story::of(official, quarter, false), key))
    });
    cards.collect()
}

async fn score_self(scribe: &mut Scribe, story: &Story<'_>, key: &CardKey, day: Day) -> anyhow::Result<()> {
    let pack = pack::pinned(&key.pack).context("the pack of the card")?;
    let mut own = self_score(scribe.state(), story, key, pack);
    own.facts = shares(story, pack, scribe.state().role(key).unwrap_or_default());
    scribe.on_card(scribe.state().speaker(key), key, Payload::SubmitSelfScore(own), moment(day, AFTERNOON)).await
}

/// The shares that the classes read: everything was done in time, and of the good ones much beyond the plan.
fn shares(story: &Story<'_>, pack: &Pack, role: &str) -> std::collections::BTreeMap<String, FactValue> {
    let percent = |id: &str| match (id, story.profile) {
        ("tasks_late_share", _) => 0,
        ("tasks_exceeded_share", Profile::Excellent | Profile::Good) => 40,
        ("tasks_exceeded_share", _) => 10,
        _ => 100,
    };
    let share = |id: &str| Exact::ratio(percent(id), 100).unwrap_or_default();
    let asked = facts_asked(pack, role, &Map::new(), FactKind::Share);
    asked.into_iter().map(|fact| (fact.id.clone(), FactValue::Number(share(&fact.id)))).collect()
}
