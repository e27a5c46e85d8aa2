//! What somebody may say on a card now, and what that is about.

use super::{Deciding, Marking, State};
use crate::card::Card;
use crate::ids::{PersonId, StepPlace};
use crate::op::{CardKey, Says, Voice};
use crate::pack::{Step, Verb};
use crate::procedure::{Act, Asked, Case};
use crate::time::Day;

impl State {
    /// What somebody would say in a step of a card as it is known here: about what, and what an answer that upholds an
    /// objection reopens. None where nothing of the kind is said in the step.
    #[must_use]
    pub fn voice(&self, key: &CardKey, place: StepPlace, says: Says, words: &str) -> Option<Voice> {
        let empty = Card::default();
        let card = self.card(key).unwrap_or(&empty);
        let voice = |_: Case<'_>, asked: Asked<'_>| {
            let step = asked.step(place).filter(|step| step.hears(says))?;
            let reopens = asked.reopened_by(step).filter(|_| says == Says::Upheld);
            Some(Voice { about: asked.about(card, step), reopens, ..Voice::new(says, words) })
        };
        self.with_asked(key, voice).flatten()
    }

    /// As [`Self::marking`], ready only once everybody was heard who is to be heard before.
    #[must_use]
    pub fn marking_heard(&self, key: &CardKey, actor: PersonId) -> Option<Marking> {
        let marking = self.marking(key, actor)?;
        Some(Marking { ready: marking.ready && self.is_heard_before(key, marking.step), ..marking })
    }

    /// As [`Self::deciding`], ready only once everybody was heard who is to be heard before.
    #[must_use]
    pub fn deciding_heard(&self, key: &CardKey, actor: PersonId) -> Option<Deciding> {
        let deciding = self.deciding(key, actor)?;
        Some(Deciding { ready: deciding.ready && self.is_heard_before(key, deciding.step), ..deciding })
    }

    fn is_heard_before(&self, key: &CardKey, place: StepPlace) -> bool {
        let empty = Card::default();
        let card = self.card(key).unwrap_or(&empty);
        let heard = |case: Case<'_>, asked: Asked<'_>| {
            asked.step(place).is_none_or(|step| asked.is_heard_before(card, case, step))
        };
        self.with_asked(key, heard).unwrap_or(true)
    }

    /// The steps of a card in which `actor` is asked on `day` to say something, and has not.
    #[must_use]
    pub fn to_say(&self, key: &CardKey, actor: PersonId, day: Day) -> Vec<StepPlace> {
        let Some(card) = self.card(key).filter(|card| card.absence().is_none()) else { return Vec::new() };
        let open = |case: Case<'_>, asked: Asked<'_>| {
            let mine = |(place, step): (StepPlace, &Step)| {
                let voices = asked.voices(card, case, place)?;
                let waits = voices.missing().contains(&actor) && step.verb != Verb::Object;
                let begun = || self.step_opens(key, place, false) <= day;
                let done = || asked.is_done_before(card, case, step) && asked.lines_are_answered(card, case, step);
                let turn = || done() && !asked.is_passed(card, place);
                (waits && begun() && turn()).then_some(place)
            };
            asked.steps_of(Act::Speak).into_iter().filter_map(mine).collect()
        };
        self.with_asked(key, open).unwrap_or_default()
    }
}
