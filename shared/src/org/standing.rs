//! Where someone stands for a period: the unit and rank that authority, role and lists go by.

use super::{Org, Post, Rank};
use crate::ids::{PersonId, UnitId};
use crate::time::{Day, Period};

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Where someone stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seat<'a> {
    /// In which unit.
    pub unit: UnitId,
    /// Place in the unit's order.
    pub rank: Rank,
    /// The post as on paper.
    pub title: &'a str,
}

/// The same, as a decision keeps it: what becomes of posts later does not move a card that is decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Standing {
    /// In which unit.
    #[n(0)]
    pub unit: UnitId,
    /// Place in the unit's order.
    #[n(1)]
    pub rank: Rank,
    /// The post as on paper.
    #[n(2)]
    pub title: String,
}

impl Seat<'_> {
    /// To be kept.
    #[must_use]
    pub fn standing(self) -> Standing {
        Standing { unit: self.unit, rank: self.rank, title: self.title.to_owned() }
    }

    /// Whether both are of one rank in one unit.
    #[must_use]
    pub fn is_same_place(self, other: Seat<'_>) -> bool {
        self.unit == other.unit && self.rank == other.rank
    }
}

impl Standing {
    /// To be read.
    #[must_use]
    pub fn seat(&self) -> Seat<'_> {
        Seat { unit: self.unit, rank: self.rank, title: &self.title }
    }
}

impl Post {
    /// Where its holder stands.
    #[must_use]
    pub fn seat(&self) -> Seat<'_> {
        Seat { unit: self.unit, rank: self.rank, title: &self.title }
    }

    fn meets(&self, period: Period) -> bool {
        self.from <= period.last_day() && self.to.is_none_or(|to| period.first_day() <= to)
    }
}

impl Org {
    /// The last day of a period on which a person held a post.
    #[must_use]
    pub fn last_day_in(&self, person: PersonId, period: Period) -> Option<Day> {
        let posts = self.posts_by_person.get(&person).into_iter().flatten().filter_map(|id| self.posts.get(id));
        let last_day = period.last_day();
        let held = posts.filter(|post| post.meets(period)).map(|post| post.to.map_or(last_day, |to| to.min(last_day)));
        held.max()
    }

    /// The post under which a person is scored for a period: the main post of the last day on which there was one. Whoever held
    /// a post on any day of the period has a card in it.
    #[must_use]
    pub fn post_in(&self, person: PersonId, period: Period) -> Option<&Post> {
        self.main_post(person, self.last_day_in(person, period)?)
    }

    /// Where a person stands for a period by the posts that are known.
    #[must_use]
    pub fn seat_in(&self, person: PersonId, period: Period) -> Option<Seat<'_>> {
        self.post_in(person, period).map(Post::seat)
    }
}
