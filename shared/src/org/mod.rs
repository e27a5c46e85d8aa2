//! The tree of units, the people, their dated posts and mandates, and the rules for who may score whom.
//!
//! Authority is never stored. It is computed from dated posts and the rules for actors of a rule pack.

mod authority;
mod mandate;
mod standing;

use crate::sort;
use crate::sorted_map::Map;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

pub use mandate::{Mandate, Task};
pub use standing::{Seat, Standing};

use crate::ids::{PersonId, PostId, UnitId};
use crate::time::Day;

/// What a unit is in the tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum UnitKind {
    /// A level above agencies: province, cluster.
    #[n(0)]
    Region,
    /// An agency that uses civil servants (Đ.10 of Decree 335/2025), such as a commune's People's Committee.
    #[n(1)]
    Agency,
    /// A constituent unit of an agency: office, centre.
    #[n(2)]
    Division,
}

/// A unit of the tree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Unit {
    /// Its identity. It stays the same when the unit is renamed.
    #[n(0)]
    pub id: UnitId,
    /// The unit above; none for a root.
    #[n(1)]
    pub parent: Option<UnitId>,
    /// Official name.
    #[n(2)]
    pub name: String,
    /// Its place in the tree.
    #[n(3)]
    pub kind: UnitKind,
}

/// A person. Names are kept as on paper and sorted by given name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Person {
    /// The identity. It never changes.
    #[n(0)]
    pub id: PersonId,
    /// Full name, family name first.
    #[n(1)]
    pub name: String,
}

/// A rank within a unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Rank {
    /// Head of the unit.
    #[n(0)]
    Head,
    /// Deputy of the head.
    #[n(1)]
    Deputy,
    /// Civil servant without a leading post.
    #[n(2)]
    Staff,
    /// Support staff under contract: driver, guard, reception.
    #[n(3)]
    Support,
}

/// A post held by a person in a unit, with a first and a last day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Post {
    /// Its identity.
    #[n(0)]
    pub id: PostId,
    /// The person who holds it.
    #[n(1)]
    pub person: PersonId,
    /// The unit.
    #[n(2)]
    pub unit: UnitId,
    /// The rank in the unit.
    #[n(3)]
    pub rank: Rank,
    /// The title as on paper: "Trưởng phòng".
    #[n(4)]
    pub title: String,
    /// First day held.
    #[n(5)]
    pub from: Day,
    /// Last day held; none if it is still held.
    #[n(6)]
    pub to: Option<Day>,
    /// Whether the holder keeps the agency's personnel records: imports, reports, publication.
    #[n(7)]
    pub personnel: bool,
}

impl Post {
    /// Whether the post is held on `day`.
    #[must_use]
    pub fn held_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// All known units, people, posts and mandates.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Org {
    units: Map<UnitId, Unit>,
    people: Map<PersonId, Person>,
    posts: Map<PostId, Post>,
    mandates: Vec<Mandate>,
    /// Posts by holder, and below by unit. The indexes are needed because the question who may read a card is asked for
    /// every card of a province.
    #[serde(skip)]
    posts_by_person: Map<PersonId, Vec<PostId>>,
    #[serde(skip)]
    posts_by_unit: Map<UnitId, Vec<PostId>>,
}

/// Compares units, people, posts and mandates. The order in which they became known does not matter.
impl PartialEq for Org {
    fn eq(&self, other: &Self) -> bool {
        (&self.units, &self.people, &self.posts, &self.mandates)
            == (&other.units, &other.people, &other.posts, &other.mandates)
    }
}

impl Org {
    /// Adds a unit or replaces an earlier record of it.
    pub fn put_unit(&mut self, unit: Unit) {
        self.units.insert(unit.id, unit);
    }

    /// Adds a person or replaces an earlier record of them.
    pub fn put_person(&mut self, person: Person) {
        self.people.insert(person.id, person);
    }

    /// Adds a post or replaces an earlier record of it.
    pub fn put_post(&mut self, post: Post) {
        let (id, person, unit) = (post.id, post.person, post.unit);
        if let Some(old) = self.posts.insert(id, post) {
            self.posts_by_person.entry(old.person).or_default().retain(|own| *own != id);
            self.posts_by_unit.entry(old.unit).or_default().retain(|own| *own != id);
        }
        self.posts_by_person.entry(person).or_default().push(id);
        self.posts_by_unit.entry(unit).or_default().push(id);
    }

    /// A unit by its id.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// A person by id.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// A post by its id.
    #[must_use]
    pub fn post(&self, id: PostId) -> Option<&Post> {
        self.posts.get(&id)
    }

    /// All units, in the order of their ids.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// All people, in the order of their ids.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// All posts, past and present.
    pub fn posts(&self) -> impl Iterator<Item = &Post> {
        self.posts.values()
    }

    /// The posts among `posts` that somebody holds on `day`.
    fn held_of(&self, posts: Option<&Vec<PostId>>, day: Day) -> Vec<&Post> {
        let posts = posts.into_iter().flatten().filter_map(|id| self.posts.get(id));
        posts.filter(|post| post.held_on(day)).collect()
    }

    /// The posts a person holds on `day`, the highest rank first.
    #[must_use]
    pub fn posts_of(&self, person: PersonId, day: Day) -> Vec<&Post> {
        let mut posts = self.held_of(self.posts_by_person.get(&person), day);
        sort::sort_by_key(&mut posts, |post| (post.rank, self.depth(post.unit), post.from, post.id));
        posts
    }

    /// A person's main post on `day`: the highest rank, then the highest unit, then the longest held.
    #[must_use]
    pub fn main_post(&self, person: PersonId, day: Day) -> Option<&Post> {
        self.posts_of(person, day).first().copied()
    }

    /// Whether a person had posts and the last of them ended before `day`.
    #[must_use]
    pub fn has_left(&self, person: PersonId, day: Day) -> bool {
        let posts = self.posts_by_person.get(&person).into_iter().flatten().filter_map(|id| self.posts.get(id));
        let mut posts = posts.peekable();
        posts.peek().is_some() && posts.all(|post| post.to.is_some_and(|to| to < day))
    }

    /// The people with a post in `unit` itself on `day`.
    #[must_use]
    pub fn members(&self, unit: UnitId, day: Day) -> Vec<PersonId> {
        let mut posts = self.held_of(self.posts_by_unit.get(&unit), day);
        sort::sort_by_key(&mut posts, |post| (post.rank, post.id));
        posts.dedup_by_key(|post| post.person);
        posts.iter().map(|post| post.person).collect()
    }

    /// `unit` and the units above it, nearest first.
    #[must_use]
    pub fn ancestry(&self, unit: UnitId) -> Vec<UnitId> {
        let mut path = Vec::new();
        let mut next = Some(unit);
        while let Some(id) = next {
            if path.contains(&id) || path.len() >= crate::limits::UNIT_DEPTH_MAX {
                break;
            }
            path.push(id);
            next = self.units.get(&id).and_then(|unit| unit.parent);
        }
        path
    }

    /// Whether `unit` is `above` itself or a unit below it.
    #[must_use]
    pub fn is_within(&self, unit: UnitId, above: UnitId) -> bool {
        self.ancestry(unit).contains(&above)
    }

    /// The nearest agency at or above `unit`.
    #[must_use]
    pub fn agency_of(&self, unit: UnitId) -> Option<UnitId> {
        self.ancestry(unit).into_iter().find(|id| self.units.get(id).is_some_and(|unit| unit.kind == UnitKind::Agency))
    }

    /// Whether making `parent` the unit above `unit` would close a circle or go too deep.
    #[must_use]
    pub fn would_circle(&self, unit: UnitId, parent: UnitId) -> bool {
        let above = self.ancestry(parent);
        above.contains(&unit) || above.len() + 1 >= crate::limits::UNIT_DEPTH_MAX
    }

    /// The depth of a unit in the tree.
    #[must_use]
    pub fn depth(&self, unit: UnitId) -> usize {
        self.ancestry(unit).len()
    }
}

#[cfg(test)]
mod tests;
