//! What is filed on a unit's period: its cards are summed up and reported upwards, and the level above answers.
//!
//! Nothing is overwritten. A new act names the acts before it that its author had seen. Two reports that were written
//! without each other therefore stand side by side until a later act names both.

mod contents;
#[cfg(feature = "author")]
mod verify;

use std::sync::Arc;

pub use contents::{Collected, Collection, Confirmation, Gap, Missing};

use crate::ids::{OpId, PersonId, StepPlace, UnitId};
use crate::op::{Body, Detail, Payload, Refusal, RefusalCode, Target, UnitPeriod, Verdict};
use crate::org::{Rank, Seat};
use crate::pack::{self, PackAdoption, Step, StepSubject, Verb};
use crate::procedure::{Case, is_in_force};
use crate::state::State;
use crate::time::{Day, Millis};

/// An act on a unit's period, as it was signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filing {
    /// The operation.
    pub op: OpId,
    /// Its content.
    pub body: Body,
    /// When it arrived at the server; none if it has not arrived, as far as this copy knows.
    pub received_at: Option<Millis>,
}

impl State {
    /// What was filed on a unit's period, in the order of arrival.
    pub fn filings(&self, key: &UnitPeriod) -> impl Iterator<Item = &Filing> {
        let is_here = move |filing: &&Filing| matches!(&filing.body.target, Target::UnitPeriod(of) if of == key);
        self.filed().map(Arc::as_ref).filter(is_here)
    }

    /// The acts on a unit's period that no other act names. A new act names these.
    #[must_use]
    pub fn latest_filings(&self, key: &UnitPeriod) -> Vec<&Filing> {
        let is_named = |filing: &Filing| self.filings(key).any(|other| other.body.base.contains(&filing.op));
        self.filings(key).filter(|filing| !is_named(filing)).collect()
    }

    /// The unit whose period a unit's people are reported in: its agency, or itself where there is none.
    #[must_use]
    pub fn reports_in(&self, unit: UnitId) -> UnitId {
        self.org.agency_of(unit).unwrap_or(unit)
    }

    /// The step with a verb that is asked for on a unit's period, with its place in the pack. None where the unit does not
    /// live by the pack in the period.
    #[must_use]
    pub fn unit_step(&self, key: &UnitPeriod, verb: Verb) -> Option<(StepPlace, &'static Step)> {
        let (pack, options) = (pack::pinned(&key.pack)?, &self.adoption_of(key)?.options);
        let asked =
            |step: &Step| step.on == StepSubject::UnitPeriod && step.verb == verb && is_in_force(pack, step, options);
        (0..=u8::MAX).map(StepPlace).zip(&pack.steps).find(|(_, step)| asked(step))
    }

    /// Everybody who may do a step of a unit's period.
    #[must_use]
    pub fn who_files(&self, key: &UnitPeriod, step: &Step) -> Vec<PersonId> {
        self.unit_case(key).who_may_do(step)
    }

    /// Whether `actor` may do a step of a unit's period.
    #[must_use]
    pub fn may_file(&self, key: &UnitPeriod, step: &Step, actor: PersonId) -> bool {
        self.unit_case(key).may_do(step, actor)
    }

    /// Whether `reader` may see what was filed on a unit's period: the heads of the unit and of the units above it, the
    /// keepers of its personnel records, and whoever does one of the steps.
    #[must_use]
    pub fn may_read_unit_period(&self, reader: PersonId, key: &UnitPeriod) -> bool {
        let acts = |verb| self.unit_step(key, verb).is_some_and(|(_, step)| self.may_file(key, step, reader));
        self.org.may_read(reader, key.unit, key.period.last_day()) || acts(Verb::Collect) || acts(Verb::Confirm)
    }

    /// A unit's period is nobody's: the rules for actors see a member of the unit without a rank.
    fn unit_case(&self, key: &UnitPeriod) -> Case<'_> {
        let seat = Seat { unit: key.unit, rank: Rank::Staff, title: "" };
        let bound = self.adoption_of(key).map_or(&[][..], |adoption| &adoption.bound);
        Case { org: &self.org, person: PersonId::SYSTEM, seat, day: key.period.last_day(), bound }
    }

    /// The nearest adoption by which the unit lives by the pack in the period.
    fn adoption_of(&self, key: &UnitPeriod) -> Option<&PackAdoption> {
        let last_day = key.period.last_day();
        let units = self.org.ancestry(key.unit).into_iter();
        let scores = |one: &&PackAdoption| one.pack == key.pack && one.scores_in(key.period.span());
        units.flat_map(|unit| self.adoptions.of(unit, last_day)).find(scores)
    }

    /// Judges an act on a unit's period that arrived on `arrived`. Whether what it says is true, only the server asks.
    pub(crate) fn judge_unit_period(&self, key: &UnitPeriod, body: &Body, intent: &Payload, arrived: Day) -> Verdict {
        if pack::pinned(&key.pack).is_none() {
            let refusal = Refusal::new(RefusalCode::UnknownPack, "target.pack");
            return Verdict::Held(refusal.found(Detail::technical(&key.pack)));
        }
        if self.adoption_of(key).is_none() || self.reports_in(key.unit) != key.unit {
            let refusal = Refusal::new(RefusalCode::Unknown, "target.unit");
            return Verdict::Rejected(refusal.found(Detail::technical(&key.unit)));
        }
        match self.step_admits(key, body.actor, intent) {
            Ok(step) => self.verified(key, step, intent, arrived),
            Err(refusal) => Verdict::Rejected(refusal),
        }
    }

    /// The step that an act names, if its author may do it.
    fn step_admits(&self, key: &UnitPeriod, actor: PersonId, intent: &Payload) -> Result<&'static Step, Refusal> {
        let (place, verb) = match intent {
            Payload::Collect(place, _) => (*place, Verb::Collect),
            Payload::Confirm(place, _) => (*place, Verb::Confirm),
            _ => return Err(Refusal::new(RefusalCode::Malformed, "target")),
        };
        let asked = self.unit_step(key, verb).filter(|(asked, _)| *asked == place);
        let (_, step) = asked.ok_or_else(|| Refusal::new(RefusalCode::Unknown, "step"))?;
        if self.may_file(key, step, actor) { Ok(step) } else { Err(Refusal::new(RefusalCode::NotEntitled, "actor")) }
    }

    /// Devices build what they sign themselves; the server verifies it.
    #[cfg(not(feature = "author"))]
    const fn verified(&self, _: &UnitPeriod, _: &Step, _: &Payload, _: Day) -> Verdict {
        Verdict::Accepted
    }
}
