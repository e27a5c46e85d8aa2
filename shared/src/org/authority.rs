//! Who may do what to whose card, on a day.

use core::fmt;
use core::str::FromStr;

use super::{Org, Post, Rank, Seat, UnitKind};
use crate::ids::{PersonId, UnitId};
use crate::time::Day;

/// A rule pack's word for who acts at a stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScorerRule {
    /// The person scored.
    Subject,
    /// Head of the person's unit; for that head, the head above (Đ.10(1) of Decree 335/2025).
    DirectHead,
    /// Head of the agency that uses the person; for that head, the head above (Đ.10(2) of Decree 335/2025).
    AgencyHead,
    /// The personnel officer of the person's agency.
    Personnel,
}

/// A scorer rule that the code does not know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownRule(pub String);

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "scorer: found \"{}\", allowed subject, direct_head, agency_head, personnel", self.0)
    }
}

impl core::error::Error for UnknownRule {}

impl FromStr for ScorerRule {
    type Err = UnknownRule;

    fn from_str(word: &str) -> Result<Self, UnknownRule> {
        match word {
            "subject" => Ok(Self::Subject),
            "direct_head" => Ok(Self::DirectHead),
            "agency_head" => Ok(Self::AgencyHead),
            "personnel" => Ok(Self::Personnel),
            other => Err(UnknownRule(other.to_owned())),
        }
    }
}

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
        self.first_head(seat.unit, person, seat, day)
    }

    /// The head of the agency of someone who stands at `seat`, or the next head above it.
    #[must_use]
    pub fn agency_head(&self, person: PersonId, seat: Seat<'_>, day: Day) -> Option<PersonId> {
        self.first_head(self.agency_of(seat.unit).unwrap_or(seat.unit), person, seat, day)
    }

    /// The first head at or above `from`. The head of a unit is scored from above, not by a successor in the same unit.
    fn first_head(&self, from: UnitId, except: PersonId, seat: Seat<'_>, day: Day) -> Option<PersonId> {
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

    /// Whether `actor` satisfies `rule` on `day` for the card of `person`, who stands at `seat`.
    #[must_use]
    pub fn satisfies(&self, rule: ScorerRule, actor: PersonId, person: PersonId, seat: Seat<'_>, day: Day) -> bool {
        match rule {
            ScorerRule::Subject => actor == person,
            ScorerRule::DirectHead => self.direct_head(person, seat, day) == Some(actor),
            ScorerRule::AgencyHead => self.agency_head(person, seat, day) == Some(actor),
            ScorerRule::Personnel => self.keeps_records_of(actor, seat.unit, day),
        }
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
        units.sort_by_key(|unit| self.ancestry(*unit).len());
        units.dedup();
        units
    }

    /// Whether `unit` is a level above agencies.
    #[must_use]
    pub fn is_region(&self, unit: UnitId) -> bool {
        self.unit(unit).is_some_and(|unit| unit.kind == UnitKind::Region)
    }
}
