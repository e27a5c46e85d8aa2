//! The steps of a card as they stand: what is done, what is open, for whom, from when, until when. Nothing of it is stored.

use super::State;
use crate::card::Card;
use crate::ids::{PersonId, StepPlace};
use crate::op::{CardKey, Register};
use crate::pack::{self, Step, Verb};
use crate::procedure::{Asked, register};
use crate::time::Day;

/// A step of a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CardStep {
    /// The step of the pack.
    pub step: &'static Step,
    /// How far it is.
    pub status: StepStatus,
    /// Who may do it on the last day of the period. Of a panel those who have not marked, and once all have or it is closed,
    /// those who close it.
    pub actors: Vec<PersonId>,
    /// How many of how many members of a panel have marked.
    pub marked: Option<(usize, usize)>,
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
        let (Some(pack), Some(case), Some(role)) = (pack::pinned(&key.pack), self.case(key), self.role(key)) else {
            return Vec::new();
        };
        let empty = Card::default();
        let card = self.card(key).unwrap_or(&empty);
        if card.absence().is_some() {
            return Vec::new();
        }
        let alone = self.may_be_scored_alone(key, day);
        let sees = |register: &Register| self.may_see(reader, key, register);
        let options = self.options(key);
        let progress = Progress { asked: Asked { pack, role, options: &options }, card, alone, sees: &sees };
        let card_step = |(place, step): (StepPlace, &Step)| {
            let step = pack.steps.iter().find(|one| one.id == step.id)?;
            let panel = progress.asked.panel(card, case, place);
            let left = panel.as_ref().map(|panel| match panel.missing() {
                missing if missing.is_empty() || card.holds(&Register::Appraisal(place)) => panel.closers.clone(),
                missing => missing,
            });
            Some(CardStep {
                step,
                status: progress.status(place, step),
                marked: panel.map(|panel| (panel.filled.len(), panel.members.len())),
                actors: left.unwrap_or_else(|| case.who_may_do(step)),
                above: case.is_done_above(step),
                opens: Some(self.step_opens(key, place, progress.signs(place, step))).filter(|opens| *opens > day),
                due: step.due.and_then(|due| due.last_day(key.period)),
            })
        };
        progress.asked.steps().into_iter().filter_map(card_step).collect()
    }
}

/// How far the steps of one card are.
struct Progress<'a> {
    asked: Asked<'a>,
    card: &'a Card,
    /// Nobody has to wait for a self-score any more.
    alone: bool,
    /// Whether the reader may see what a register holds.
    sees: &'a dyn Fn(&Register) -> bool,
}

impl Progress<'_> {
    /// Whether what is still to be done in a step is to sign the result. Whoever marks there as well does that first.
    fn signs(&self, place: StepPlace, step: &Step) -> bool {
        let marked = Register::Appraisal(place);
        let marks_first = self.asked.signed_from(place, step).as_ref() == Some(&marked) && !self.card.holds(&marked);
        self.asked.result(place, step) == Some(Register::Approval(place)) && !marks_first
    }

    fn status(&self, place: StepPlace, step: &Step) -> StepStatus {
        if self.is_done(place, step) {
            return self.done(place, step);
        }
        let contested = register(place, step).is_some_and(|register| self.card.is_contested(&register));
        if contested || self.is_ready(step) { StepStatus::Open } else { StepStatus::Waiting }
    }

    /// Whether everything that a step waits for is done. Acts that go on until somebody scores (planning, reporting) hold
    /// nothing up, nor does a self-score that nobody has to wait for, nor what leaves no trace on the card.
    fn is_ready(&self, step: &Step) -> bool {
        self.asked.before(step).into_iter().all(|(place, before)| {
            let awaited = |register: &Register| !(self.alone && *register == Register::SelfScore);
            let holds_up = register(place, before).filter(awaited).is_some();
            if holds_up { self.is_done(place, before) } else { self.is_ready(before) }
        })
    }

    /// Whether a step is done, and done only once. A score counts as done once what follows from it is signed, where
    /// whoever scores also signs; and once a later score was given without it.
    fn is_done(&self, place: StepPlace, step: &Step) -> bool {
        let scored = || self.card.holds(&Register::SelfScore) || self.card.appraised_in().is_some();
        match register(place, step) {
            Some(register) if self.card.is_contested(&register) => false,
            Some(Register::SelfScore) => scored(),
            Some(marked @ Register::Appraisal(_)) => {
                let signed = self.asked.result(place, step).unwrap_or_else(|| marked.clone());
                self.card.holds(&signed) || self.card.appraised_in().is_some_and(|latest| *latest > marked)
            }
            Some(register) => self.card.holds(&register),
            None if step.verb == Verb::Plan => !self.card.lines().is_empty() || scored(),
            None => step.verb == Verb::Report && scored(),
        }
    }

    /// The status of a step that is done.
    fn done(&self, place: StepPlace, step: &Step) -> StepStatus {
        let Some(register) = register(place, step) else { return StepStatus::Done(None) };
        if !self.card.holds(&register) {
            return StepStatus::Skipped;
        }
        let written = self.card.current(&register).filter(|_| (self.sees)(&register));
        StepStatus::Done(written.map(|version| (version.actor, version.at.at.day())))
    }
}
