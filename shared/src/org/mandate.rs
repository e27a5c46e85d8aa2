//! What people hold beside their posts: positions that packs name, seats in bodies, the scoring of somebody.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Org;
use crate::bug::{self, Bug};
use crate::ids::{MandateId, PersonId, UnitId};
use crate::time::Day;

/// A task that somebody holds in a unit, with a first and a last day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct Mandate {
    /// Its identity.
    #[n(0)]
    pub id: MandateId,
    /// Who holds it.
    #[n(1)]
    pub person: PersonId,
    /// The unit in which it is held.
    #[n(2)]
    pub unit: UnitId,
    /// What sort of task is held.
    #[n(3)]
    pub task: Task,
    /// The word of the packs for the position, the body or the step: `party_secretary`, `scoring_team`, `appraise`.
    #[n(4)]
    pub word: String,
    /// For a step: only for this person; none: for everybody of the unit.
    #[n(5)]
    pub subject: Option<PersonId>,
    /// First day held.
    #[n(6)]
    pub from: Day,
    /// Last day held; none if it is still held.
    #[n(7)]
    pub to: Option<Day>,
    /// Number and date of the decision on which it rests.
    #[n(8)]
    pub decision: String,
}

/// What a mandate is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Task {
    /// A position that packs name.
    #[n(0)]
    Position,
    /// Leads a body that packs name.
    #[n(1)]
    Chair,
    /// Keeps the papers of a body.
    #[n(2)]
    Secretary,
    /// Belongs to a body.
    #[n(3)]
    Member,
    /// A step of the people of the unit, done by this person by name.
    #[n(4)]
    Step,
}

impl Task {
    /// Whether it is a seat in a body.
    #[must_use]
    pub const fn is_in_body(self) -> bool {
        matches!(self, Self::Chair | Self::Secretary | Self::Member)
    }
}

impl Mandate {
    /// Whether it is held on `day`.
    #[must_use]
    pub fn held_on(&self, day: Day) -> bool {
        self.from <= day && (self.to.is_none_or(|to| day <= to) || bug::is(Bug::EndedMandateCounts))
    }
}

impl Org {
    /// Adds a mandate or replaces an earlier record of it.
    pub fn put_mandate(&mut self, mandate: Mandate) {
        let place = self.mandates.iter().position(|known| known.id >= mandate.id).unwrap_or(self.mandates.len());
        if self.mandates.get(place).is_some_and(|known| known.id == mandate.id) {
            self.mandates.remove(place);
        }
        self.mandates.insert(place, mandate);
    }

    /// A mandate by its id.
    #[must_use]
    pub fn mandate(&self, id: MandateId) -> Option<&Mandate> {
        self.mandates.iter().find(|mandate| mandate.id == id)
    }

    /// All mandates, past and present, by id.
    pub fn mandates(&self) -> impl Iterator<Item = &Mandate> {
        self.mandates.iter()
    }

    /// The mandates that are held on `day`.
    pub fn mandates_on(&self, day: Day) -> impl Iterator<Item = &Mandate> {
        self.mandates().filter(move |mandate| mandate.held_on(day))
    }

    /// Whether `person` holds a position on `day` in `unit` or in a unit above it.
    #[must_use]
    pub fn holds_position(&self, person: PersonId, position: &str, unit: UnitId, day: Day) -> bool {
        let line = self.ancestry(unit);
        let is_it = |one: &Mandate| {
            one.person == person && one.task == Task::Position && one.word == position && line.contains(&one.unit)
        };
        self.mandates_on(day).any(is_it)
    }

    /// Whether `person` ever holds a mandate.
    #[must_use]
    pub fn has_mandate(&self, person: PersonId) -> bool {
        self.mandates().any(|mandate| mandate.person == person)
    }
}
