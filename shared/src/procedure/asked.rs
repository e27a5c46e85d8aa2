//! What a pack asks for on one card: its steps, what comes before each, and in which place of the card each is done.

use super::Case;
use crate::card::Card;
use crate::ids::{PersonId, StepPlace};
use crate::op::{Mark, Register};
use crate::pack::{Actor, Pack, Slots, Step, StepSubject, Verb, concerns};
use crate::sorted_map::Map;

/// A pack, read for one role under the readings in force.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The role in which the card is scored.
    pub role: &'a str,
    /// The readings decided; the pack's own count for the others.
    pub options: &'a Map<String, String>,
}

/// What is done on a card, whatever the steps for it are called in a pack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// The person scores.
    SelfScore,
    /// Others mark the person.
    Mark,
    /// The result is signed.
    Decide,
    /// The result is made known.
    Notify,
}

impl<'a> Asked<'a> {
    /// The steps on the card, in the order of the pack.
    #[must_use]
    pub fn steps(self) -> Vec<(StepPlace, &'a Step)> {
        let places = (0..=u8::MAX).map(StepPlace).zip(&self.pack.steps);
        places.filter(|(place, _)| self.step(*place).is_some()).collect()
    }

    /// The step at a place, if it is asked for.
    #[must_use]
    pub fn step(self, place: StepPlace) -> Option<&'a Step> {
        self.pack.steps.get(usize::from(place.0)).filter(|step| step.on == StepSubject::Card && self.asks(step))
    }

    /// Whether a step concerns the role and the readings in force ask for it.
    fn asks(self, step: &Step) -> bool {
        let in_force = step.when.iter().all(|(option, value)| {
            let default = self.pack.option(option).map(|option| &option.default);
            self.options.get(option).or(default) == Some(value)
        });
        concerns(&step.roles, self.role) && in_force
    }

    /// The steps in which others mark the subject, in order.
    #[must_use]
    pub fn marking(self) -> Vec<(StepPlace, &'a Step)> {
        self.steps_of(Act::Mark)
    }

    /// The steps in which the result is signed, in order. Where the text knows no decision, whoever marks last signs what
    /// follows from the marks.
    #[must_use]
    pub fn deciding(self) -> Vec<(StepPlace, &'a Step)> {
        self.steps_of(Act::Decide)
    }

    /// The steps in which an act is done, in order.
    #[must_use]
    pub fn steps_of(self, act: Act) -> Vec<(StepPlace, &'a Step)> {
        let mut steps = self.steps();
        steps.retain(|(place, step)| register(*place, step).and_then(|register| act_in(&register)) == Some(act));
        if steps.is_empty() && act == Act::Decide { self.marking().pop().into_iter().collect() } else { steps }
    }

    /// The places of a card on which a step builds. What leaves no trace of its own on the card (planning, a vote on paper)
    /// is looked through.
    #[must_use]
    pub fn builds_on(self, step: &Step) -> Vec<Register> {
        let mut found = Vec::new();
        for (place, before) in self.before(step) {
            match self.result(place, before) {
                Some(register) if found.contains(&register) => {}
                Some(register) => found.push(register),
                None => found.extend(self.builds_on(before)),
            }
        }
        if found.len() > 1 {
            // Whatever others wrote builds on the self-score already.
            found.retain(|register| *register != Register::SelfScore);
        }
        found
    }

    /// The places of a card from which the result follows that is signed in a step. Whoever marks last signs what follows
    /// from the own marks.
    #[must_use]
    pub fn signed_from(self, place: StepPlace, step: &Step) -> Vec<Register> {
        match register(place, step) {
            Some(marked @ Register::Appraisal(_)) => vec![marked],
            _ => self.builds_on(step),
        }
    }

    /// Whether everything before a step in which `actor` marks is done on a card. Who may do the step before as well need
    /// not do it apart: where two levels are one person, that person marks once.
    #[must_use]
    pub fn is_ready_for(self, card: &Card, case: Case<'_>, step: &Step, actor: PersonId) -> bool {
        self.before(step).into_iter().all(|(place, before)| match register(place, before) {
            Some(Register::SelfScore) => true,
            Some(register) if card.holds(&register) => true,
            Some(_) if !case.may_do(before, actor) => false,
            _ => self.is_ready_for(card, case, before, actor),
        })
    }

    /// The steps directly before a step. One that is not asked for is looked through.
    #[must_use]
    pub fn before(self, step: &Step) -> Vec<(StepPlace, &'a Step)> {
        let mut found = Vec::new();
        for (place, before) in (0..=u8::MAX).map(StepPlace).zip(&self.pack.steps) {
            if step.after.contains(&before.id) {
                match self.step(place) {
                    Some(before) => found.push((place, before)),
                    None => found.extend(self.before(before)),
                }
            }
        }
        found
    }

    /// The place of a card that a later step builds on: the signed result, where the step signs one.
    #[must_use]
    pub fn result(self, place: StepPlace, step: &Step) -> Option<Register> {
        let signs = self.deciding().iter().any(|(deciding, _)| *deciding == place);
        if signs { Some(Register::Approval(place)) } else { register(place, step) }
    }

    /// The place of the score on which the marks of a step build; none where that is the self-score. A step that nobody did
    /// apart is looked through.
    #[must_use]
    pub fn marked_in(self, card: &Card, place: StepPlace) -> Option<StepPlace> {
        let id = self.step(place)?.builds_on.as_ref()?;
        let (before, _) = self.marking().into_iter().find(|(_, before)| before.id == *id)?;
        if card.holds(&Register::Appraisal(before)) { Some(before) } else { self.marked_in(card, before) }
    }

    /// The marks and the leadership parts on which those of a step build.
    #[must_use]
    pub fn starting_point(self, card: &Card, place: StepPlace) -> (Map<String, Mark>, Map<String, Mark>) {
        let earlier = self.marked_in(card, place).and_then(|before| card.appraisal_in(&Register::Appraisal(before)));
        if let Some(earlier) = earlier {
            return (earlier.marks.clone(), earlier.leadership.clone());
        }
        let own = card.self_score().cloned().unwrap_or_default();
        (own.marks, own.leadership)
    }
}

/// The act that writes a register.
const fn act_in(register: &Register) -> Option<Act> {
    match register {
        Register::SelfScore => Some(Act::SelfScore),
        Register::Appraisal(_) => Some(Act::Mark),
        Register::Approval(_) => Some(Act::Decide),
        Register::Publication => Some(Act::Notify),
        _ => None,
    }
}

/// The place of a card in which a step is done. None where many acts make it up, or where it leaves no trace there.
#[must_use]
pub fn register(place: StepPlace, step: &Step) -> Option<Register> {
    match step.verb {
        Verb::Mark if step.by == [Actor::Subject] => Some(Register::SelfScore),
        // Marks of several people at once, and marks line by line, have no place on a card yet.
        Verb::Mark if step.per == Slots::One => Some(Register::Appraisal(place)),
        Verb::Decide => Some(Register::Approval(place)),
        Verb::Notify => Some(Register::Publication),
        _ => None,
    }
}
