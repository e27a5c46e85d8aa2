//! Judges faults that are recorded after a decision, and that one is lifted.

use super::contents::required;
use super::order::wrong_stage;
use super::{CardPolicy, Judgement, reject};
use crate::card::{Card, Value};
use crate::ids::{OpId, PersonId};
use crate::op::{Body, Detail, Fault, Refusal, RefusalCode, Register, Verdict};
use crate::pack::FoundLater;
use crate::time::Day;

impl CardPolicy<'_> {
    fn found_later(&self, code: &str) -> Option<&FoundLater> {
        let rule = self.pack.events_for(self.role).find(|rule| rule.code == code)?;
        rule.found_later.as_ref()
    }

    /// Whether `actor`, who decides on the card, may lift a fault: nobody whom it costs does.
    pub(super) fn lifts(&self, card: &Card, actor: PersonId, fault: OpId) -> bool {
        let register = Register::Fault(fault);
        let Some(Value::Fault(fault)) = card.current(&register).map(|version| &version.value) else { return true };
        let costs_head = self.found_later(&fault.code).is_some_and(FoundLater::costs_head);
        let head = || self.org.direct_head(self.speaker, self.seat, self.key.period.last_day());
        !costs_head || head() != Some(actor)
    }

    /// A fault is found later only where there is a decision. Where it costs the period itself, the author has seen every
    /// result that it sets aside.
    pub(super) fn fault_admits(&self, card: &Card, body: &Body, fault: &Fault) -> Judgement {
        if card.approved_in().is_none() {
            return Err(wrong_stage(card));
        }
        let Some(from) = fault.reopens else { return Ok(()) };
        card.results_from(from).try_for_each(|register| card.seen_whole(register, body))
    }

    /// Whether there is such a fault to lift, as the author has seen it.
    pub(super) fn lift_admits(card: &Card, body: &Body, fault: OpId) -> Judgement {
        let register = Register::Fault(fault);
        if card.holds(&register) {
            card.seen_whole(&register, body)
        } else {
            Err(reject(RefusalCode::Unknown, "fault"))
        }
    }

    /// The event happened in the period, has its evidence, and reopens what the pack says.
    pub(super) fn fault(&self, today: Day, fault: &Fault) -> Judgement {
        let field = format!("events.{}", fault.code);
        self.event(&fault.code, &fault.event, 1, today)?;
        required(&fault.event.evidence, &format!("{field}.evidence"))?;
        let Some(later) = self.found_later(&fault.code) else {
            let known = self.pack.events_for(self.role).filter(|rule| rule.found_later.is_some());
            let known: Vec<&str> = known.map(|rule| rule.code.as_str()).collect();
            let refusal = Refusal::new(RefusalCode::Unknown, &field).found(&fault.code);
            return Err(Verdict::Rejected(refusal.allowed(Detail::from(known.join(", ")))));
        };
        let first = self.asked().first_marking();
        let reopens = first.filter(|_| later.makes_anew());
        if fault.reopens == reopens { Ok(()) } else { Err(reject(RefusalCode::OutOfRange, "reopens")) }
    }
}
