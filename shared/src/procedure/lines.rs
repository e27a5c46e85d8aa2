//! A step in which each line of work is evaluated by itself: which lines wait for an answer, and for whose.

use super::{Asked, Case};
use crate::card::{Card, Line};
use crate::ids::{PersonId, StepPlace};
use crate::op::Register;
use crate::pack::Step;

/// A line in such a step.
#[derive(Clone, Debug)]
pub struct LineSlot<'a> {
    /// The line.
    pub line: Line<'a>,
    /// Who may evaluate it.
    pub actors: Vec<PersonId>,
    /// Whether it has an answer. Where two answers wait for a choice it has none.
    pub is_answered: bool,
}

impl<'a> Asked<'a> {
    /// The steps of the card in which each line is evaluated by itself, in order.
    pub fn steps_by_line(self) -> impl Iterator<Item = (StepPlace, &'a Step)> {
        let any = self.pack.steps.iter().any(Step::is_marked_by_line);
        let steps = if any { self.steps() } else { Vec::new() };
        steps.into_iter().filter(|(_, step)| step.is_marked_by_line())
    }

    /// The lines of a card in such a step, without those that nobody may evaluate: whoever marks the card answers them.
    #[must_use]
    pub fn line_slots<'c>(
        self,
        card: &'c Card,
        case: Case<'_>,
        (place, step): (StepPlace, &Step),
    ) -> Vec<LineSlot<'c>> {
        let slot = |line: Line<'c>| {
            let case = Case { assigner: Some(line.given_by(&[case.person])), ..case };
            let is_answered = !line.contested && card.current(&Register::Finding(place, line.id)).is_some();
            LineSlot { line, actors: case.who_may_do(step), is_answered }
        };
        let slots = card.lines().into_iter().map(slot);
        slots.filter(|slot| !slot.actors.is_empty()).collect()
    }

    /// Whether every line has its answer in the steps before a step.
    pub(crate) fn lines_are_answered(self, card: &Card, case: Case<'_>, step: &Step) -> bool {
        let answered = |step| self.line_slots(card, case, step).iter().all(|slot| slot.is_answered);
        self.by_line_before(card, step).into_iter().all(answered)
    }

    /// The steps before a step, directly or not, in which each line is evaluated by itself, and may be still. What nobody can
    /// answer any more holds nothing up.
    pub(crate) fn by_line_before(self, card: &Card, step: &Step) -> Vec<(StepPlace, &'a Step)> {
        let mut found: Vec<(StepPlace, &Step)> = self.steps_by_line().collect();
        found.retain(|(place, _)| self.comes_before(*place, step) && self.takes_findings(card, *place));
        found
    }

    /// Whether a step waits for the one at a place, directly or not.
    fn comes_before(self, place: StepPlace, step: &Step) -> bool {
        let mut before = self.before(step).into_iter();
        before.any(|(earlier, step)| earlier == place || self.comes_before(place, step))
    }

    /// Whether a line may still be evaluated in the step at a place: no later mark and no decision stands.
    #[must_use]
    pub fn takes_findings(self, card: &Card, place: StepPlace) -> bool {
        card.appraised_in().is_none_or(|latest| *latest < Register::Appraisal(place)) && card.approved_in().is_none()
    }
}
