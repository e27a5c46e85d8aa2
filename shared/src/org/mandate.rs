//! What people hold beside their posts: positions that packs name, seats in bodies, the scoring of somebody.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Org;
use crate::ids::{MandateId, PersonId, UnitId};
use crate::time::Day;

/// A task that somebody holds in a unit, with a first and a last day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
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
    /// What is held.
    #[n(3)]
    pub task: Task,
    /// First day held.
    #[n(4)]
    pub from: Day,
    /// Last day held; none if it is still held.
    #[n(5)]
    pub to: Option<Day>,
    /// Number and date of the decision on which it rests.
    #[n(6)]
    pub decision: String,
}

/// What a mandate is about. The words are those of the packs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A position that packs name: `party_secretary`.
    #[n(0)]
    Position(#[n(0)] String),
    /// A seat in a body that packs name: `scoring_team`.
    #[n(1)]
    Member {
        /// The body.
        #[n(0)]
        body: String,
        /// The part in it.
        #[n(1)]
        part: Part,
    },
    /// A step of the people of the unit, done by this person by name.
    #[n(2)]
    Step {
        /// The step: `appraise`.
        #[n(0)]
        step: String,
        /// Only for this person; none: for everybody of the unit.
        #[n(1)]
        subject: Option<PersonId>,
    },
}

/// A part in a body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Part {
    /// Leads it.
    #[n(0)]
    Chair,
    /// Keeps its papers.
    #[n(1)]
    Secretary,
    /// Belongs to it.
    #[n(2)]
    Member,
}

impl Mandate {
    /// Whether it is held on `day`.
    #[must_use]
    pub fn held_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

impl Org {
    /// Adds a mandate or replaces an earlier record of it.
    pub fn put_mandate(&mut self, mandate: Mandate) {
        self.mandates.insert(mandate.id, mandate);
    }

    /// A mandate by its id.
    #[must_use]
    pub fn mandate(&self, id: MandateId) -> Option<&Mandate> {
        self.mandates.get(&id)
    }

    /// All mandates, past and present.
    pub fn mandates(&self) -> impl Iterator<Item = &Mandate> {
        self.mandates.values()
    }

    /// The mandates that are held on `day`.
    pub fn mandates_on(&self, day: Day) -> impl Iterator<Item = &Mandate> {
        self.mandates().filter(move |mandate| mandate.held_on(day))
    }

    /// Whether `person` holds a position on `day`, in whichever unit.
    #[must_use]
    pub fn holds_position(&self, person: PersonId, position: &str, day: Day) -> bool {
        let is_it = |mandate: &Mandate| mandate.person == person && matches!(&mandate.task, Task::Position(id) if id == position);
        self.mandates_on(day).any(is_it)
    }

    /// Whether `person` ever holds a mandate.
    #[must_use]
    pub fn has_mandate(&self, person: PersonId) -> bool {
        self.mandates().any(|mandate| mandate.person == person)
    }
}
