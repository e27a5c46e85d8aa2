//! Judges a step in which each line of work is evaluated by itself: by whom, when, and what may be found.

use super::contents::{quantity, within};
use super::order::wrong_stage;
use super::{CardPolicy, Judgement, reject, superseded};
use crate::card::Card;
use crate::ids::{LineId, PersonId, StepPlace};
use crate::limits::FINDINGS_PER_OPERATION_MAX;
use crate::num::Exact;
use crate::op::{Body, Detail, LineReview, RefusalCode, Register};
use crate::pack::Step;
#[cfg(feature = "author")]
use crate::procedure::register;
use crate::sorted_map::Map;
use crate::time::Day;

impl CardPolicy<'_> {
    /// Whether `actor` may evaluate a line in the step at a place.
    pub(super) fn evaluates(&self, card: &Card, place: StepPlace, line: LineId, actor: PersonId) -> bool {
        let mut slots = self.slots_of(card).into_iter();
        slots.any(|(step, of, actors)| step == place && of == line && actors.contains(&actor))
    }

    /// Whether `actor` may evaluate some line.
    pub(super) fn evaluates_any(&self, card: &Card, actor: PersonId) -> bool {
        self.slots_of(card).iter().any(|(_, _, actors)| actors.contains(&actor))
    }

    fn slots_of(&self, card: &Card) -> Vec<(StepPlace, LineId, Vec<PersonId>)> {
        let asked = self.asked();
        let of = |step: (StepPlace, &Step)| {
            let slots = asked.line_slots(card, self.case(), step).into_iter();
            slots.map(|slot| (step.0, slot.line.id, slot.actors)).collect::<Vec<_>>()
        };
        asked.steps_by_line().flat_map(of).collect()
    }

    /// Whether lines may be evaluated now, and the author has seen what is known of each. The rest of the card the author need
    /// not have seen: whoever gave work reads only that.
    pub(super) fn findings_admit(
        &self,
        card: &Card,
        body: &Body,
        place: StepPlace,
        findings: &Map<LineId, LineReview>,
    ) -> Judgement {
        card.is_to_be_assessed()?;
        let asked = self.asked();
        let step = asked.step(place).ok_or_else(|| reject(RefusalCode::Unknown, "step"))?;
        if !self.is_found_in_turn(card, step) || !asked.takes_findings(card, place) {
            return Err(wrong_stage(card));
        }
        for line in findings.keys() {
            for register in [Register::Plan(*line), Register::Progress(*line)] {
                card.is_settled(&register)?;
                card.seen_whole(&register, body)?;
            }
        }
        Ok(())
    }

    /// Findings on lines. Each stands beside the report as a superior's would: what differs has its reason.
    pub(super) fn findings(&self, card: &Card, today: Day, findings: &Map<LineId, LineReview>) -> Judgement {
        if findings.is_empty() {
            return Err(reject(RefusalCode::Missing, "lines"));
        }
        within("lines", findings.len(), FINDINGS_PER_OPERATION_MAX)?;
        let lines = card.lines();
        for (id, finding) in findings {
            let line = lines.iter().find(|line| line.id == *id);
            let line = line.ok_or_else(|| superseded(RefusalCode::Unknown, "line", Detail::technical(id)))?;
            quantity(&finding.completed, &format!("lines.{id}.completed"))?;
            for (count, field) in [
                (finding.failed_reviews, "failed_reviews"),
                (finding.late_times, "late_times"),
                (finding.late_days, "late_days"),
            ] {
                quantity(&Exact::from(count), &format!("lines.{id}.{field}"))?;
            }
            self.review(line, finding, today)?;
        }
        Ok(())
    }

    /// Whether the lines that wait for an answer before a step have one. Devices mark and decide on screens that ask first
    /// ([`crate::procedure::Asked::is_ready_for`]); the server makes this check. An answer that was changed meanwhile need not
    /// have been seen: it is not for the author to judge, and whoever signs the result signs its number.
    #[cfg(feature = "author")]
    pub(super) fn lines_evaluated(&self, card: &Card, step: &Step) -> Judgement {
        use crate::op::{Refusal, Verdict};
        let asked = self.asked();
        for by_line in asked.by_line_before(card, step) {
            let slots = asked.line_slots(card, self.case(), by_line);
            let answered = slots.iter().filter(|slot| slot.is_answered).count();
            if answered < slots.len() {
                let refusal = Refusal::new(RefusalCode::Missing, "findings").found(answered);
                return Err(Verdict::Superseded(refusal.allowed(slots.len())));
            }
        }
        Ok(())
    }

    /// Whether everything before a step of lines is done. What leaves nothing in a place of its own is looked through, and a mark
    /// that stands in a later step stands for those before. Only the server makes this check: the device of somebody who only
    /// gave work does not have the card.
    #[cfg(feature = "author")]
    fn is_found_in_turn(&self, card: &Card, step: &Step) -> bool {
        let (asked, case) = (self.asked(), self.case());
        let answered = asked.lines_are_answered(card, case, step) && asked.is_heard_before(card, case, step);
        answered && self.is_evidence_before(card, step)
    }

    #[cfg(feature = "author")]
    fn is_evidence_before(&self, card: &Card, step: &Step) -> bool {
        self.asked().before(step).into_iter().all(|(place, before)| match register(place, before) {
            Some(Register::SelfScore) if self.alone => true,
            Some(register) => card.holds(&register) || card.appraised_in().is_some_and(|latest| *latest > register),
            None => self.is_evidence_before(card, before),
        })
    }

    #[cfg(not(feature = "author"))]
    #[allow(clippy::unused_self, reason = "as the server's")]
    const fn is_found_in_turn(&self, _: &Card, _: &Step) -> bool {
        true
    }

    #[cfg(not(feature = "author"))]
    #[allow(clippy::unused_self, reason = "as the server's")]
    pub(super) const fn lines_evaluated(&self, _: &Card, _: &Step) -> Judgement {
        Ok(())
    }
}
