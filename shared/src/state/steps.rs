//! The steps of a card as they stand: what is done, what is open, for whom, until when. Nothing of it is stored.

use super::State;
use crate::card::Card;
use crate::ids::PersonId;
use crate::op::{CardKey, Register};
use crate::pack::{self, Actor, Pack, Step, StepSubject, Verb, concerns};
use crate::sorted_map::Map;
use crate::time::Day;

/// A step of a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CardStep {
    /// The step of the pack.
    pub step: &'static Step,
    /// How far it is.
    pub status: StepStatus,
    /// Who may do it on the last day of the period.
    pub actors: Vec<PersonId>,
    /// The last day that is in time.
    pub due: Option<Day>,
}

/// How far a step is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepStatus {
    /// Done: by whom, and on which day by the clock of that device. None where a later step did without it, or many
    /// acts make it up.
    Done(Option<(PersonId, Day)>),
    /// What comes before it is done.
    Open,
    /// Something comes before it.
    Waiting,
}

impl State {
    /// The steps that a card's pack asks for in the person's role, in the order in which people read them.
    #[must_use]
    pub fn steps_of(&self, key: &CardKey) -> Vec<CardStep> {
        let (Some(pack), Some(case), Some(role)) = (pack::find(&key.pack), self.case(key), self.role(key)) else {
            return Vec::new();
        };
        let empty = Card::default();
        let asked = Asked { pack, role, options: self.options(key), card: self.card(key).unwrap_or(&empty) };
        let steps = pack.steps.iter().filter(|step| asked.concerns(step));
        let card_step = |step| CardStep {
            step,
            status: asked.status(step),
            actors: case.who_may_act(&step.by),
            due: step.due.and_then(|due| due.last_day(key.period)),
        };
        steps.map(card_step).collect()
    }
}

/// What a pack asks for on one card.
struct Asked<'a> {
    pack: &'static Pack,
    role: &'static str,
    options: Map<String, String>,
    card: &'a Card,
}

impl Asked<'_> {
    fn concerns(&self, step: &Step) -> bool {
        step.on == StepSubject::Card && concerns(&step.roles, self.role) && self.in_force(step)
    }

    /// Whether the readings in force ask for a step.
    fn in_force(&self, step: &Step) -> bool {
        step.when.iter().all(|(option, value)| {
            let default = self.pack.option(option).map(|option| &option.default);
            self.options.get(option).or(default) == Some(value)
        })
    }

    fn status(&self, step: &Step) -> StepStatus {
        if let Some(done) = self.done(step) {
            StepStatus::Done(done)
        } else if self.is_ready(step) {
            StepStatus::Open
        } else {
            StepStatus::Waiting
        }
    }

    /// Whether everything that a step waits for is done. What does not concern the card holds nothing up, nor do acts
    /// that go on until somebody scores: planning and reporting.
    fn is_ready(&self, step: &Step) -> bool {
        let before = step.after.iter().filter_map(|id| self.pack.step(id));
        before.into_iter().all(|before| {
            let holds_up = self.concerns(before) && !matches!(before.verb, Verb::Plan | Verb::Report);
            if holds_up { self.done(before).is_some() } else { self.is_ready(before) }
        })
    }

    /// By whom and when a step was done; none if it is not done.
    fn done(&self, step: &Step) -> Option<Option<(PersonId, Day)>> {
        let scored = || self.card.holds(&Register::SelfScore) || self.card.holds(&Register::Appraisal);
        match register(step) {
            Some(register) => {
                let written = self.card.current(&register).map(|version| (version.actor, version.at.at.day()));
                let passed = register == Register::SelfScore && self.card.holds(&Register::Appraisal);
                (self.card.holds(&register) || passed).then_some(written)
            }
            None if step.verb == Verb::Plan => (!self.card.lines().is_empty() || scored()).then_some(None),
            None if step.verb == Verb::Report => scored().then_some(None),
            None => None,
        }
    }
}

/// The place on a card in which a step is done; none where many acts make it up.
fn register(step: &Step) -> Option<Register> {
    match step.verb {
        Verb::Mark if step.by == [Actor::Subject] => Some(Register::SelfScore),
        Verb::Mark => Some(Register::Appraisal),
        Verb::Decide => Some(Register::Approval),
        Verb::Notify => Some(Register::Publication),
        _ => None,
    }
}
