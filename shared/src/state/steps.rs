//! The steps of a card as they stand: what is done, what is open, for whom, from when, until when. Nothing of it is stored.

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
    /// Whether the rule names a head and the search went on above that seat.
    pub above: bool,
    /// The first day on which it may be done, if that day has not come yet.
    pub opens: Option<Day>,
    /// The last day that is in time.
    pub due: Option<Day>,
}

/// How far a step is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepStatus {
    /// Done: by whom, and on which day by the clock of that device. None where many acts make it up, or where the
    /// reader may not know yet.
    Done(Option<(PersonId, Day)>),
    /// A later step was done without it.
    Skipped,
    /// What comes before it is done, or several versions of it wait for a choice.
    Open,
    /// Something comes before it.
    Waiting,
}

impl State {
    /// The steps that a card's pack asks for in the person's role, in the order in which people read them, as `reader`
    /// may know them on `day`. None where the person is not assessed in the period.
    #[must_use]
    pub fn steps_of(&self, reader: PersonId, key: &CardKey, day: Day) -> Vec<CardStep> {
        let (Some(pack), Some(case), Some(role)) = (pack::find(&key.pack), self.case(key), self.role(key)) else {
            return Vec::new();
        };
        let empty = Card::default();
        let card = self.card(key).unwrap_or(&empty);
        if card.absence().is_some() {
            return Vec::new();
        }
        let alone = self.may_be_scored_alone(key, day);
        let sees = |register: &Register| self.may_see(reader, key, register);
        let asked = Asked { pack, role, options: self.options(key), card, alone, sees: &sees };
        let steps = pack.steps.iter().filter(|step| asked.concerns(step));
        let card_step = |step: &'static Step| CardStep {
            step,
            status: asked.status(step),
            actors: case.who_may_do(step),
            above: case.is_done_above(step),
            opens: Some(self.opens(key, &step.id)).filter(|opens| *opens > day),
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
    /// Nobody has to wait for a self-score any more.
    alone: bool,
    /// Whether the reader may see what a register holds.
    sees: &'a dyn Fn(&Register) -> bool,
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
        if self.is_done(step) {
            return self.done(step);
        }
        let contested = register(step).is_some_and(|register| self.card.is_contested(&register));
        if contested || self.is_ready(step) { StepStatus::Open } else { StepStatus::Waiting }
    }

    /// Whether everything that a step waits for is done. What does not concern the card holds nothing up, nor do acts
    /// that go on until somebody scores (planning, reporting), nor a self-score that nobody has to wait for.
    fn is_ready(&self, step: &Step) -> bool {
        let before = step.after.iter().filter_map(|id| self.pack.step(id));
        before.into_iter().all(|before| {
            let goes_on = matches!(before.verb, Verb::Plan | Verb::Report);
            let awaited = !(self.alone && register(before) == Some(Register::SelfScore));
            let holds_up = self.concerns(before) && !goes_on && awaited;
            if holds_up { self.is_done(before) } else { self.is_ready(before) }
        })
    }

    /// Whether a step is done, and done only once.
    fn is_done(&self, step: &Step) -> bool {
        let scored = || self.card.holds(&Register::SelfScore) || self.card.holds(&Register::Appraisal);
        match register(step) {
            Some(register) if self.card.is_contested(&register) => false,
            Some(Register::SelfScore) => scored(),
            Some(register) => self.card.holds(&register),
            None if step.verb == Verb::Plan => !self.card.lines().is_empty() || scored(),
            None => step.verb == Verb::Report && scored(),
        }
    }

    /// The status of a step that is done.
    fn done(&self, step: &Step) -> StepStatus {
        let Some(register) = register(step) else { return StepStatus::Done(None) };
        if !self.card.holds(&register) {
            return StepStatus::Skipped;
        }
        let written = self.card.current(&register).filter(|_| (self.sees)(&register));
        StepStatus::Done(written.map(|version| (version.actor, version.at.at.day())))
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
