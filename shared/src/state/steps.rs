//! The steps of a card as they stand: what is done, what is open, for whom, from when, until when. Nothing of it is stored.

use super::State;
use crate::card::{Card, Value};
use crate::ids::{PersonId, StepPlace};
use crate::op::{CardKey, Document, Register};
use crate::pack::{self, Step, Verb};
use crate::procedure::{Asked, Case, Voices, register};
use crate::sorted_map::Set;
use crate::time::Day;

/// A step of a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CardStep {
    /// The step of the pack.
    pub step: &'static Step,
    /// How far it is.
    pub status: StepStatus,
    /// Who may do it on the last day of the period. Of a panel those who have not marked, and once all have or it is closed,
    /// those who close it. Where lines are evaluated one by one, those who have not evaluated theirs.
    pub actors: Vec<PersonId>,
    /// How many of how many members of a panel have marked, or how many of how many lines are evaluated.
    pub marked: Option<(usize, usize)>,
    /// Whether the rule names a head and the search went on above that seat.
    pub above: bool,
    /// Whether an authority outside the system does it: `actors` are then those who may enter its document.
    pub outside: bool,
    /// The document by which it was entered, as far as the reader may know.
    pub document: Option<Document>,
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
        let asked = Asked { pack, role, options: &options };
        let progress = Progress { asked, case, card, alone, sees: &sees, key, day };
        let card_step = |(place, step): (StepPlace, &Step)| {
            let step = pack.steps.iter().find(|one| one.id == step.id)?;
            let (marked, actors) = progress.left(place, step);
            let entering = if actors.is_empty() { case.who_may_enter(step) } else { Vec::new() };
            Some(CardStep {
                step,
                status: progress.status(place, step),
                outside: !entering.is_empty(),
                document: progress.document(place, step).cloned(),
                marked,
                actors: if entering.is_empty() { actors } else { entering },
                above: case.is_done_above(step),
                opens: Some(self.step_opens(key, place, progress.signs(place, step))).filter(|opens| *opens > day),
                due: progress.asked.last_day(key, card, step),
            })
        };
        progress.asked.steps().into_iter().filter_map(card_step).collect()
    }
}

/// How far the steps of one card are.
struct Progress<'a> {
    asked: Asked<'a>,
    case: Case<'a>,
    card: &'a Card,
    /// Nobody has to wait for a self-score any more.
    alone: bool,
    /// Whether the reader may see what a register holds.
    sees: &'a dyn Fn(&Register) -> bool,
    key: &'a CardKey,
    day: Day,
}

impl Progress<'_> {
    /// How many of how many have answered where several do, and those who are left.
    fn left(&self, place: StepPlace, step: &Step) -> (Option<(usize, usize)>, Vec<PersonId>) {
        let Self { asked, card, case, .. } = self;
        if step.is_marked_by_line() {
            let slots = asked.line_slots(card, *case, (place, step));
            let open = || slots.iter().filter(|slot| !slot.is_answered);
            let marked = (!slots.is_empty()).then(|| (slots.len() - open().count(), slots.len()));
            let left: Set<PersonId> = open().flat_map(|slot| slot.actors.clone()).collect();
            return (marked, if slots.is_empty() { case.who_may_do(step) } else { left.into_iter().collect() });
        }
        if let Some(voices) = asked.voices(card, *case, place) {
            return (voices.counted(), voices.missing());
        }
        let Some(panel) = asked.panel(card, *case, place) else { return (None, case.who_may_do(step)) };
        let missing = panel.missing();
        let over = missing.is_empty() || card.holds(&Register::Appraisal(place));
        let marked = (panel.filled.len(), panel.members.len());
        (Some(marked), if over { panel.closers } else { missing })
    }

    /// Whether what is still to be done in a step is to sign the result. Whoever marks there as well does that first.
    fn signs(&self, place: StepPlace, step: &Step) -> bool {
        let marked = Register::Appraisal(place);
        let marks_first = self.asked.signed_from(place, step).as_ref() == Some(&marked) && !self.card.holds(&marked);
        self.asked.result(place, step) == Some(Register::Approval(place)) && !marks_first
    }

    fn status(&self, place: StepPlace, step: &Step) -> StepStatus {
        if let Some(voices) = self.asked.voices(self.card, self.case, place) {
            return self.spoken(&voices);
        }
        if self.is_done(place, step) {
            return self.done(place, step);
        }
        let contested = register(place, step).is_some_and(|register| self.card.is_contested(&register));
        if contested || self.is_ready(step) { StepStatus::Open } else { StepStatus::Waiting }
    }

    /// Whether everything that a step waits for is done. Acts that go on until somebody scores (planning, reporting) hold
    /// nothing up, nor does a self-score that nobody has to wait for, nor what leaves no trace on the card.
    fn is_ready(&self, step: &Step) -> bool {
        let Self { asked, card, case, .. } = self;
        asked.lines_are_answered(card, *case, step)
            && asked.is_heard_before(card, *case, step)
            && self.has_results_before(step)
    }

    fn has_results_before(&self, step: &Step) -> bool {
        self.asked.before(step).into_iter().all(|(place, before)| match register(place, before) {
            Some(Register::SelfScore) if self.alone => true,
            Some(_) => self.is_done(place, before),
            None => self.has_results_before(before),
        })
    }

    /// Whether no line waits for an answer in a step, or none is taken any more.
    fn is_evaluated(&self, place: StepPlace, step: &Step) -> bool {
        let slots = self.asked.line_slots(self.card, self.case, (place, step));
        slots.iter().all(|slot| slot.is_answered) || !self.asked.takes_findings(self.card, place)
    }

    /// Whether a step is done, and done only once. A score counts as done once what follows from it is signed, where
    /// whoever scores also signs; and once a later score was given without it.
    fn is_done(&self, place: StepPlace, step: &Step) -> bool {
        // What an authority outside decided needs no marks.
        let decided = || self.card.approved_in().is_some();
        let scored = || self.card.holds(&Register::SelfScore) || self.card.appraised_in().is_some() || decided();
        match register(place, step) {
            Some(register) if self.card.is_contested(&register) => false,
            Some(Register::SelfScore) => scored(),
            Some(marked @ Register::Appraisal(_)) => {
                let signed = self.asked.result(place, step).unwrap_or_else(|| marked.clone());
                self.card.holds(&signed)
                    || self.card.appraised_in().is_some_and(|latest| *latest > marked)
                    || signed == marked && decided()
            }
            Some(register) => self.card.holds(&register),
            None if step.is_marked_by_line() => {
                let some = || !self.asked.line_slots(self.card, self.case, (place, step)).is_empty();
                self.is_evaluated(place, step) && (scored() || some())
            }
            None if step.verb == Verb::Plan => !self.card.lines().is_empty() || scored(),
            None => step.verb == Verb::Report && scored(),
        }
    }

    /// The status of a step in which something is said. Nobody waits for an objection whose last day is over, nor for what was
    /// not said before the card went on.
    fn spoken(&self, voices: &Voices<'_>) -> StepStatus {
        let Voices { step, place, .. } = *voices;
        if voices.is_whole() || self.asked.is_passed(self.card, place) {
            let register = |speaker| Register::Voice(place, Some(speaker).filter(|_| step.is_said_apart()));
            let by = match voices.said.as_slice() {
                [] => return StepStatus::Skipped,
                [(speaker, _)] => self.card.current(&register(*speaker)).filter(|_| (self.sees)(&register(*speaker))),
                _ => None,
            };
            return StepStatus::Done(by.map(|version| (version.actor, version.at.at.day())));
        }
        let over = |step: &Step| self.asked.last_day(self.key, self.card, step).is_some_and(|last| last < self.day);
        let objection = self.asked.objection_before(step).filter(|_| !self.is_ready(step));
        let contested = self.card.is_contested(&Register::Voice(place, None));
        match objection.map_or(step, |(_, objection)| objection) {
            asked if asked.verb == Verb::Object && over(asked) && !contested => StepStatus::Skipped,
            _ if contested || self.is_ready(step) => StepStatus::Open,
            _ => StepStatus::Waiting,
        }
    }

    /// The document by which a step was entered for an authority outside.
    fn document(&self, place: StepPlace, step: &Step) -> Option<&Document> {
        let registers = [self.asked.result(place, step), register(place, step)];
        let written = registers.into_iter().flatten().filter(|register| (self.sees)(register));
        let values = written.filter_map(|register| self.card.current(&register));
        values.map(|version| &version.value).find_map(Value::document)
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
