//! Reports the months of the demo upwards, where a regulation asks for it, and answers the reports.

use anyhow::Context as _;
use shared::ids::{PersonId, StepPlace};
use shared::op::{Payload, Target, UnitPeriod};
use shared::pack::{Step, Verb};
use shared::report::reported_periods;
use shared::state::State;
use shared::time::Period;
use shared::unit_period::Confirmation;

use super::calendar::{AFTERNOON, MORNING, moment};
use super::roster::{PROVINCE, unit_id};
use super::scribe::Scribe;

/// Reports a month of every unit that has to. Of the latest month the report of the largest unit is missing and the others
/// wait for an answer, so that both levels have something to do.
pub(super) async fn report_upwards(scribe: &mut Scribe, period: Period, is_latest: bool) -> anyhow::Result<()> {
    let mut keys = reported_periods(scribe.state(), unit_id(PROVINCE), period);
    let largest = keys.iter().max_by_key(|key| scribe.state().cards_reported(key).len()).cloned();
    keys.retain(|key| !is_latest || Some(key) != largest.as_ref());
    for key in keys {
        collect(scribe, &key).await?;
        if !is_latest {
            confirm(scribe, &key).await?;
        }
    }
    Ok(())
}

async fn collect(scribe: &mut Scribe, key: &UnitPeriod) -> anyhow::Result<()> {
    let (_, keeper) = actor_of(scribe.state(), key, Verb::Collect)?;
    collect_by(scribe, key, keeper).await
}

/// Sums up a unit's period, on its last afternoon.
pub(super) async fn collect_by(scribe: &mut Scribe, key: &UnitPeriod, keeper: PersonId) -> anyhow::Result<()> {
    let (place, _) = scribe.state().unit_step(key, Verb::Collect).context("no step to collect")?;
    let payload = Payload::Collect(place, scribe.state().collection(key).to_bytes());
    let at = moment(key.period.last_day(), AFTERNOON);
    scribe.act(keeper, Target::UnitPeriod(key.clone()), payload, at).await
}

async fn confirm(scribe: &mut Scribe, key: &UnitPeriod) -> anyhow::Result<()> {
    let (place, receiver) = actor_of(scribe.state(), key, Verb::Confirm)?;
    let report = scribe.state().latest_filings(key).first().map(|filing| filing.op).context("no report")?;
    let payload = Payload::Confirm(place, Confirmation { report, sent_back: false, note: String::new() }.to_bytes());
    let at = moment(key.period.next().first_day(), MORNING);
    scribe.act(receiver, Target::UnitPeriod(key.clone()), payload, at).await
}

/// The step with a verb, and who does it: of several people the one whose post is lowest in the tree.
fn actor_of(state: &State, key: &UnitPeriod, verb: Verb) -> anyhow::Result<(StepPlace, PersonId)> {
    let (place, step): (StepPlace, &Step) = state.unit_step(key, verb).with_context(|| format!("no step {verb:?}"))?;
    let day = key.period.last_day();
    let depth = |person: &PersonId| state.org.main_post(*person, day).map(|post| state.org.depth(post.unit));
    let actor = state.who_files(key, step).into_iter().max_by_key(depth);
    Ok((place, actor.with_context(|| format!("{verb:?}: nobody"))?))
}
