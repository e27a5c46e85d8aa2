//! Published results that were set aside: because an objection was upheld, a fault was found, or the card was sent back.
//! They stay readable beside the result that follows.

use serde::Serialize;

use super::{Card, Value, Version};
use crate::ids::{OpId, PersonId, StepPlace};
use crate::op::{Fault, Register, Says, Voice};

/// A published result that was set aside.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Earlier {
    /// The decision.
    pub decision: Version,
    /// The publication.
    pub publication: Version,
    /// The objection to it.
    pub objection: Option<Version>,
    /// The answer to the objection.
    pub answer: Option<Version>,
    /// What emptied the publication: by whom, when, with which reason.
    pub set_aside: Version,
}

impl Card {
    /// The published results that were set aside, oldest first.
    #[must_use]
    pub fn earlier(&self) -> &[Earlier] {
        &self.earlier
    }

    /// What is said in a register, and who says it. None while it has two versions.
    #[must_use]
    pub fn voice_in(&self, register: &Register) -> Option<(PersonId, &Voice)> {
        let version = self.current(register)?;
        Some((version.actor, version.voice()?))
    }

    /// Decision and publication, if there is a published result.
    pub(super) fn published(&self) -> Option<(Version, Version)> {
        let held = |register: &Register| {
            let versions = self.versions(register).iter().rev();
            versions.clone().find(|version| !matches!(version.value, Value::Cleared(_))).cloned()
        };
        Some((held(self.approved_in()?)?, held(&Register::Publication)?))
    }

    /// Keeps a published result that the last operation has set aside, with the objection that led to it.
    pub(super) fn keep_published(&mut self, published: Option<(Version, Version)>) {
        let Some((decision, publication)) = published.filter(|_| !self.holds(&Register::Publication)) else { return };
        let Some(set_aside) = self.versions(&Register::Publication).first().cloned() else { return };
        let objection = self.said_about(publication.op, |says| says == Says::Objection);
        let answer = objection.as_ref().and_then(|objection| self.said_about(objection.op, Says::is_answer));
        self.earlier.push(Earlier { decision, publication, objection, answer, set_aside });
    }

    /// Whether an objection to the published result has no answer.
    #[must_use]
    pub fn awaits_answer(&self) -> bool {
        let notice = self.current(&Register::Publication).map(|version| version.op);
        let objection = notice.and_then(|notice| self.said_about(notice, |says| says == Says::Objection));
        objection.is_some_and(|objection| self.said_about(objection.op, Says::is_answer).is_none())
    }

    /// Whether a person has said something in a place of their own.
    #[must_use]
    pub(crate) fn was_heard(&self, person: PersonId) -> bool {
        self.registers
            .keys()
            .any(|register| matches!(register, Register::Voice(_, Some(speaker)) if *speaker == person))
    }

    fn said_about(&self, about: OpId, is_it: fn(Says) -> bool) -> Option<Version> {
        let voices =
            self.registers.iter().filter(|(register, _)| register.is_voice()).flat_map(|(_, versions)| versions);
        let mut voices = voices
            .filter(|version| version.voice().is_some_and(|voice| voice.about == Some(about) && is_it(voice.says)));
        voices.next().cloned()
    }

    /// What an answer empties that upholds an objection, with its grounds: every result from the step on that it reopens.
    /// Nothing while two answers wait for a choice.
    pub(super) fn undone_by_answer(&self, answer: &Register) -> Vec<(Register, String)> {
        let upheld = self.voice_in(answer).filter(|(_, voice)| voice.says == Says::Upheld);
        let Some((from, words)) = upheld.and_then(|(_, voice)| Some((voice.reopens?, &voice.words))) else {
            return Vec::new();
        };
        self.results_from(from).map(|register| (register.clone(), words.clone())).collect()
    }

    /// What a fault empties that costs the period in which it happened, with what shows it.
    pub(super) fn undone_by_fault(&self, fault: &Fault) -> Vec<(Register, String)> {
        let Some(from) = fault.reopens else { return Vec::new() };
        self.results_from(from).map(|register| (register.clone(), fault.event.evidence.clone())).collect()
    }

    /// The registers that hold a result given in a step or in a later one.
    pub(super) fn results_from(&self, from: StepPlace) -> impl Iterator<Item = &Register> {
        let later = move |register: &&Register| match register {
            Register::Publication => true,
            Register::Voice(..) => false,
            register => register.place().is_some_and(|place| place >= from),
        };
        self.registers.keys().filter(later).filter(|register| self.holds(register))
    }
}

impl Version {
    /// What is said, if it is something said.
    #[must_use]
    pub const fn voice(&self) -> Option<&Voice> {
        match &self.value {
            Value::Voice(voice) => Some(voice),
            _ => None,
        }
    }
}
