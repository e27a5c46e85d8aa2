//! What is said in a step: by whom, about what, and whether it is enough to go on.

use super::panel::is_share_reached;
use super::{Asked, Case, register};
use crate::card::Card;
use crate::ids::{OpId, PersonId, StepPlace};
use crate::op::{CardKey, Register, Says, Voice};
use crate::pack::{Slots, Step, Verb};
use crate::time::Day;

/// A step in which something is said, as it stands on a card.
#[derive(Clone, Debug)]
pub struct Voices<'a> {
    /// The step.
    pub step: &'a Step,
    /// Its place.
    pub place: StepPlace,
    /// Everybody who may speak, each once.
    pub members: Vec<PersonId>,
    /// What was said and counts: what it is about still stands. What has two versions counts only once somebody has chosen.
    pub said: Vec<(PersonId, &'a Voice)>,
}

impl<'a> Asked<'a> {
    /// What is said in the step at a place; none where nothing is.
    #[must_use]
    pub fn voices(self, card: &'a Card, case: Case<'_>, place: StepPlace) -> Option<Voices<'a>> {
        let step = self.step(place).filter(|step| step.is_spoken())?;
        let members = case.who_may_do(step);
        let counts = |register: &Register| self.counting(card, step, register);
        let said = if step.is_said_apart() {
            let own = |member: &PersonId| counts(&Register::Voice(place, Some(*member)));
            members.iter().filter_map(own).collect()
        } else {
            counts(&Register::Voice(place, None)).into_iter().collect()
        };
        Some(Voices { step, place, members, said })
    }

    /// What a register holds, with its author, if it counts.
    fn counting(self, card: &'a Card, step: &Step, register: &Register) -> Option<(PersonId, &'a Voice)> {
        let (author, voice) = card.voice_in(register)?;
        (voice.about == self.about(card, step)).then_some((author, voice))
    }

    /// The operation that whatever is said in a step is about: the objection that is answered, else the last result before
    /// the step. None before there is a result.
    #[must_use]
    pub fn about(self, card: &Card, step: &Step) -> Option<OpId> {
        let Some((place, objection)) = self.objection_before(step) else {
            return card.current(&self.builds_on(step)?).map(|version| version.op);
        };
        // An objection to a result that was set aside is answered no more.
        let version = card.current(&Register::Voice(place, None))?;
        let counts = version.voice().is_some_and(|voice| voice.about == self.about(card, objection));
        counts.then_some(version.op)
    }

    /// The objection that a step answers.
    #[must_use]
    pub fn objection_before(self, step: &Step) -> Option<(StepPlace, &'a Step)> {
        let mut before = self.before(step).into_iter();
        before.find(|(_, before)| step.verb == Verb::Answer && before.verb == Verb::Object)
    }

    /// The steps in which something is said that come before a step, directly or with nothing but others of them and acts
    /// without a result between.
    #[must_use]
    pub fn spoken_before(self, step: &Step) -> Vec<(StepPlace, &'a Step)> {
        let mut found = Vec::new();
        for (place, before) in self.before(step) {
            if before.is_spoken() {
                found.push((place, before));
            }
            if register(place, before).is_none() {
                found.extend(self.spoken_before(before));
            }
        }
        found
    }

    /// Whether everybody was heard who is to be heard before a step. Once the card has gone on from what they are asked, nobody
    /// waits for them.
    #[must_use]
    pub fn is_heard_before(self, card: &'a Card, case: Case<'_>, step: &Step) -> bool {
        let heard = |(place, _): (StepPlace, &Step)| {
            self.voices(card, case, place).is_none_or(|voices| voices.is_enough()) || self.is_passed(card, place)
        };
        self.spoken_before(step).into_iter().all(heard)
    }

    /// Whether everything before a step in which something is said is done, as far as is known here. Planning and reporting hold
    /// nothing up.
    #[must_use]
    pub fn is_done_before(self, card: &'a Card, case: Case<'_>, step: &Step) -> bool {
        self.before(step).into_iter().all(|(place, before)| match self.voices(card, case, place) {
            Some(voices) => voices.is_enough(),
            None => match self.result(place, before) {
                // The same person did both steps in the later one.
                Some(marked @ Register::Appraisal(_)) => card.appraised_in().is_some_and(|latest| *latest >= marked),
                Some(Register::SelfScore) => card.holds(&Register::SelfScore) || card.appraised_in().is_some(),
                Some(register) => card.current(&register).is_some(),
                None => self.is_done_before(card, case, before),
            },
        })
    }

    /// Whether a later step of the card waits for the one at a place, directly or not.
    fn follows(self, later: &Step, place: StepPlace) -> bool {
        self.before(later).into_iter().any(|(at, before)| at == place || self.follows(before, place))
    }

    /// Whether the card has gone on from the step at a place: what waits for it is done, or somebody has marked in it who decides
    /// there as well.
    #[must_use]
    pub fn is_passed(self, card: &Card, place: StepPlace) -> bool {
        let done = |(at, step): &(StepPlace, &Step)| {
            let mut held =
                [register(*at, step), self.result(*at, step), Some(Register::Appraisal(*at))].into_iter().flatten();
            held.any(|register| card.holds(&register))
        };
        self.steps().iter().any(|later| done(later) && self.follows(later.1, place))
    }

    /// The last day for a step; none where the text gives none, or where the step from whose day it is counted is not done.
    #[must_use]
    pub fn last_day(self, key: &CardKey, card: &Card, step: &Step) -> Option<Day> {
        let due = step.due?;
        due.last_day(key.period).or_else(|| due.last_day_after(self.begins(card, step)?))
    }

    /// The day from which the days of a step are counted: the latest on which a step before it arrived at the server.
    #[must_use]
    pub fn begins(self, card: &Card, step: &Step) -> Option<Day> {
        let day = |(place, before): (StepPlace, &Step)| {
            let spoken = before.is_spoken().then_some(Register::Voice(place, None));
            let version = card.current(&spoken.or_else(|| self.result(place, before))?)?;
            Some(version.received_at.unwrap_or(version.at.at).day())
        };
        self.before(step).into_iter().filter_map(day).max()
    }

    /// The place from which an answer that upholds an objection sets the card back.
    #[must_use]
    pub fn reopened_by(self, step: &Step) -> Option<StepPlace> {
        let id = step.reopens.as_ref()?;
        (0..=u8::MAX).map(StepPlace).zip(&self.pack.steps).find(|(_, step)| step.id == *id).map(|(place, _)| place)
    }
}

impl Voices<'_> {
    /// What one person said.
    #[must_use]
    pub fn of(&self, person: PersonId) -> Option<&Voice> {
        self.said.iter().find(|(speaker, _)| *speaker == person).map(|(_, voice)| *voice)
    }

    /// Those who have not spoken. Nobody where one voice is enough and there is one.
    #[must_use]
    pub fn missing(&self) -> Vec<PersonId> {
        let mut missing = self.members.clone();
        let one_is_enough = self.step.per != Slots::Actor && !self.said.is_empty();
        missing.retain(|member| !one_is_enough && self.of(*member).is_none());
        missing
    }

    /// Whether enough was said to go on: by the share that the pack names, else by all; by one of them where it asks for one.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        if self.step.per != Slots::Actor {
            return !self.said.is_empty();
        }
        is_share_reached(self.step, self.said.len(), self.members.len())
    }

    /// How many of how many have spoken; none where one voice is asked for.
    #[must_use]
    pub fn counted(&self) -> Option<(usize, usize)> {
        (self.step.per == Slots::Actor).then_some((self.said.len(), self.members.len()))
    }

    /// Whether nobody is missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_enough() && self.missing().is_empty()
    }

    /// How many said this.
    #[must_use]
    pub fn count(&self, says: Says) -> usize {
        self.said.iter().filter(|(_, voice)| voice.says == says).count()
    }
}
