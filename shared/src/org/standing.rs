//! The unit and rank in which someone stands for a period. Authority, role and lists depend on them.

use super::{Org, Post, Rank};
use crate::ids::{PersonId, Subject, UnitId};
use crate::time::{Day, Period};

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// The unit, rank and title in which someone stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seat<'a> {
    /// The unit.
    pub unit: UnitId,
    /// The rank in the unit.
    pub rank: Rank,
    /// The title of the post as on paper.
    pub title: &'a str,
}

/// A seat as a decision keeps it. Later changes of posts do not move a card that is decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Standing {
    /// The unit.
    #[n(0)]
    pub unit: UnitId,
    /// The rank in the unit.
    #[n(1)]
    pub rank: Rank,
    /// The title of the post as on paper.
    #[n(2)]
    pub title: String,
}

impl Seat<'_> {
    /// The seat of a unit that is scored: where its head stands.
    #[must_use]
    pub const fn of_unit(unit: UnitId) -> Self {
        Self { unit, rank: Rank::Head, title: "" }
    }

    /// The seat in the form that a decision keeps.
    #[must_use]
    pub fn standing(self) -> Standing {
        Standing { unit: self.unit, rank: self.rank, title: self.title.to_owned() }
    }

    /// Whether both have the same rank in the same unit.
    #[must_use]
    pub fn is_same_place(self, other: Seat<'_>) -> bool {
        self.unit == other.unit && self.rank == other.rank
    }
}

impl Standing {
    /// The kept seat in the form that is read.
    #[must_use]
    pub fn seat(&self) -> Seat<'_> {
        Seat { unit: self.unit, rank: self.rank, title: &self.title }
    }
}

impl Post {
    /// The seat of the post's holder.
    #[must_use]
    pub fn seat(&self) -> Seat<'_> {
        Seat { unit: self.unit, rank: self.rank, title: &self.title }
    }

    fn meets(&self, period: Period) -> bool {
        self.from <= period.last_day() && self.to.is_none_or(|to| period.first_day() <= to)
    }
}

impl Org {
    /// The last day of a period on which a person held a post; for a unit, of the period.
    #[must_use]
    pub fn last_day_in(&self, subject: Subject, period: Period) -> Option<Day> {
        match subject {
            Subject::Person(person) => self.last_day_of(person, period),
            Subject::Unit(unit) => self.unit(unit).map(|_| period.last_day()),
        }
    }

    fn last_day_of(&self, person: PersonId, period: Period) -> Option<Day> {
        let posts = self.posts_by_person.get(&person).into_iter().flatten().filter_map(|id| self.posts.get(id));
        let last_day = period.last_day();
        let held = posts.filter(|post| post.meets(period)).map(|post| post.to.map_or(last_day, |to| to.min(last_day)));
        held.max()
    }

    /// The post under which a person is scored for a period: the main post on the last day of the period on which the
    /// person had one. Everybody who held a post on any day of the period has a card in it.
    #[must_use]
    pub fn post_in(&self, person: PersonId, period: Period) -> Option<&Post> {
        self.main_post(person, self.last_day_of(person, period)?)
    }

    /// The seat of a person for a period, by the known posts. A unit stands where its head does.
    #[must_use]
    pub fn seat_in(&self, subject: impl Into<Subject>, period: Period) -> Option<Seat<'_>> {
        match subject.into() {
            Subject::Person(person) => self.post_in(person, period).map(Post::seat),
            Subject::Unit(unit) => self.unit(unit).map(|unit| Seat::of_unit(unit.id)),
        }
    }

    /// The person scored, or everybody who was ever head of the unit scored: whoever is head on `day` first.
    #[must_use]
    pub fn speakers(&self, subject: Subject, day: Day) -> Vec<PersonId> {
        let unit = match subject {
            Subject::Person(person) => return vec![person],
            Subject::Unit(unit) => unit,
        };
        let heads = self.posts().filter(|post| post.unit == unit && post.rank == Rank::Head).map(|post| post.person);
        let mut found: Vec<PersonId> = Vec::new();
        for head in self.head_of(unit, day).into_iter().chain(heads) {
            if !found.contains(&head) {
                found.push(head);
            }
        }
        found
    }

    /// Everybody and everything that a regulation may score: people, then units.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> {
        let people = self.people().map(|person| Subject::Person(person.id));
        people.chain(self.units().map(|unit| Subject::Unit(unit.id)))
    }

    /// The name of a person or a unit; empty if nobody knows it.
    #[must_use]
    pub fn name_of(&self, subject: Subject) -> &str {
        let name = match subject {
            Subject::Person(person) => self.person(person).map(|person| person.name.as_str()),
            Subject::Unit(unit) => self.unit(unit).map(|unit| unit.name.as_str()),
        };
        name.unwrap_or_default()
    }
}
