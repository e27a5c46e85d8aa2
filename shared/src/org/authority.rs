//! Who may do what to whose card, on a day.

use super::{Org, Post, Rank, Seat, UnitKind};
use crate::ids::{PersonId, UnitId};
use crate::sort;
use crate::sorted_map::Set;
use crate::time::Day;

impl Org {
    /// The head of `unit` on `day`. If two are recorded, it is the later appointed.
    #[must_use]
    pub fn head_of(&self, unit: UnitId, day: Day) -> Option<PersonId> {
        let heads = self.held_of(self.posts_by_unit.get(&unit), day).into_iter().filter(|post| post.rank == Rank::Head);
        heads.max_by_key(|post| (post.from, post.id)).map(|post| post.person)
    }

    /// The head of the unit of someone who stands at `seat`. For that head, and where the seat is empty, it is the next
    /// head above.
    #[must_use]
    pub fn direct_head(&self, person: PersonId, seat: Seat<'_>, day: Day) -> Option<PersonId> {
        self.head_above(seat.unit, person, seat, day)
    }

    /// The head of the agency of someone who stands at `seat`, or the next head above it.
    #[must_use]
    pub fn agency_head(&self, person: PersonId, seat: Seat<'_>, day: Day) -> Option<PersonId> {
        self.head_above(self.agency_of(seat.unit).unwrap_or(seat.unit), person, seat, day)
    }

    /// The first head at or above `from`, except one person. The head of a unit is scored from above, not by a successor
    /// in the same unit.
    #[must_use]
    pub fn head_above(&self, from: UnitId, except: PersonId, seat: Seat<'_>, day: Day) -> Option<PersonId> {
        let above = |unit: &UnitId| seat.rank != Rank::Head || *unit != seat.unit;
        let units = self.ancestry(from).into_iter().filter(above);
        units.filter_map(|unit| self.head_of(unit, day)).find(|head| *head != except)
    }

    /// Whether `actor` keeps the personnel records of the people in `unit` on `day`.
    #[must_use]
    pub fn keeps_records_of(&self, actor: PersonId, unit: UnitId, day: Day) -> bool {
        self.posts_of(actor, day).iter().any(|own| own.personnel && self.is_within(unit, self.reach(own)))
    }

    /// The unit whose records a personnel post keeps: its agency, or its own unit where that is above agencies.
    fn reach(&self, post: &Post) -> UnitId {
        self.agency_of(post.unit).unwrap_or(post.unit)
    }

    /// Everybody who keeps the personnel records of the people in `unit` on `day`, each once.
    #[must_use]
    pub fn keepers_of_records(&self, unit: UnitId, day: Day) -> Vec<PersonId> {
        let keeps = |post: &&Post| post.personnel && post.held_on(day) && self.is_within(unit, self.reach(post));
        let keepers: Set<PersonId> = self.posts().filter(keeps).map(|post| post.person).collect();
        keepers.into_iter().collect()
    }

    /// Whether `reader` may see the cards of the people in `unit` on `day`. The heads of the unit and of every unit
    /// above it may, and so may the keepers of its personnel records.
    #[must_use]
    pub fn may_read(&self, reader: PersonId, unit: UnitId, day: Day) -> bool {
        let above = self.ancestry(unit);
        let leads = |own: &&Post| own.rank == Rank::Head && above.contains(&own.unit);
        self.posts_of(reader, day).iter().any(leads) || self.keeps_records_of(reader, unit, day)
    }

    /// Whether `actor` may administer units, people and posts of `unit`. The system ([`PersonId::SYSTEM`]) and the
    /// keeper of personnel records may.
    #[must_use]
    pub fn may_administer(&self, actor: PersonId, unit: UnitId, day: Day) -> bool {
        actor == PersonId::SYSTEM || self.keeps_records_of(actor, unit, day)
    }

    /// The units whose month `reader` may see as a whole on `day`: the units led, and the agency for keepers of
    /// records.
    #[must_use]
    pub fn overseen_units(&self, reader: PersonId, day: Day) -> Vec<UnitId> {
        let posts = self.posts_of(reader, day);
        let mut units: Vec<UnitId> = posts
            .iter()
            .filter_map(|post| match post {
                post if post.personnel => Some(self.reach(post)),
                post if post.rank == Rank::Head => Some(post.unit),
                _ => None,
            })
            .collect();
        sort::sort_by_key(&mut units, |unit| self.ancestry(*unit).len());
        units.dedup();
        units
    }

    /// Whether `unit` is a level above agencies.
    #[must_use]
    pub fn is_region(&self, unit: UnitId) -> bool {
        self.unit(unit).is_some_and(|unit| unit.kind == UnitKind::Region)
    }
}
