//! Who may do what to whose card, on a day.

use core::fmt;
use core::str::FromStr;

use super::{Org, Post, Rank, UnitKind};
use crate::ids::{PersonId, UnitId};
use crate::order::sort_by_key;
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
    /// Whoever keeps the personnel records of the person's agency.
    Personnel,
}

/// A scorer rule that no code knows.
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
    /// The head of `unit` on `day`; where two are recorded, the later appointed.
    #[must_use]
    pub fn head_of(&self, unit: UnitId, day: Day) -> Option<PersonId> {
        let heads = self.held_of(self.posts_by_unit.get(&unit), day).into_iter().filter(|post| post.rank == Rank::Head);
        heads.max_by_key(|post| (post.from, post.id)).map(|post| post.person)
    }

    /// The head of the person's unit, or the next head above when the person is that head or the seat is empty.
    #[must_use]
    pub fn direct_head(&self, person: PersonId, day: Day) -> Option<PersonId> {
        let post = self.main_post(person, day)?;
        self.first_head(&self.ancestry(post.unit), person, day)
    }

    /// The head of the person's agency, or the next head above it.
    #[must_use]
    pub fn agency_head(&self, person: PersonId, day: Day) -> Option<PersonId> {
        let post = self.main_post(person, day)?;
        let agency = self.agency_of(post.unit).unwrap_or(post.unit);
        self.first_head(&self.ancestry(agency), person, day)
    }

    fn first_head(&self, units: &[UnitId], except: PersonId, day: Day) -> Option<PersonId> {
        units.iter().filter_map(|unit| self.head_of(*unit, day)).find(|head| *head != except)
    }

    /// Whether `actor` keeps the personnel records for `person` on `day`.
    #[must_use]
    pub fn keeps_records_of(&self, actor: PersonId, person: PersonId, day: Day) -> bool {
        let Some(post) = self.main_post(person, day) else { return false };
        self.posts_of(actor, day).iter().any(|own| own.personnel && self.is_within(post.unit, self.reach(own)))
    }

    /// The unit whose records a personnel post keeps: its agency, or its own unit above agencies.
    fn reach(&self, post: &Post) -> UnitId {
        self.agency_of(post.unit).unwrap_or(post.unit)
    }

    /// Whether `actor` satisfies `rule` for the card of `person` on `day`.
    #[must_use]
    pub fn satisfies(&self, rule: ScorerRule, actor: PersonId, person: PersonId, day: Day) -> bool {
        match rule {
            ScorerRule::Subject => actor == person,
            ScorerRule::DirectHead => self.direct_head(person, day) == Some(actor),
            ScorerRule::AgencyHead => self.agency_head(person, day) == Some(actor),
            ScorerRule::Personnel => self.keeps_records_of(actor, person, day),
        }
    }

    /// The people whose direct head is `actor` on `day`.
    #[must_use]
    pub fn subordinates(&self, actor: PersonId, day: Day) -> Vec<PersonId> {
        self.people().map(|person| person.id).filter(|person| self.direct_head(*person, day) == Some(actor)).collect()
    }

    /// Whether `reader` may see the card of `subject` for a period that ends on `day`: the person, the heads of the
    /// person's unit and of every unit above it, and the keepers of its personnel records.
    #[must_use]
    pub fn may_read(&self, reader: PersonId, subject: PersonId, day: Day) -> bool {
        if reader == subject || reader == PersonId::OFFICE {
            return true;
        }
        let Some(post) = self.main_post(subject, day) else { return false };
        let above = self.ancestry(post.unit);
        let heads_above =
            self.posts_of(reader, day).iter().any(|own| own.rank == Rank::Head && above.contains(&own.unit));
        heads_above || self.keeps_records_of(reader, subject, day)
    }

    /// Whether `actor` may administer units, people and posts of `unit`: the office, or the keeper of personnel records.
    #[must_use]
    pub fn may_administer(&self, actor: PersonId, unit: UnitId, day: Day) -> bool {
        actor == PersonId::OFFICE
            || self.posts_of(actor, day).iter().any(|own| own.personnel && self.is_within(unit, self.reach(own)))
    }

    /// The units whose month `reader` may see whole on `day`: those led, and the agency for keepers of records.
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
        sort_by_key(&mut units, |unit| self.ancestry(*unit).len());
        units.dedup();
        units
    }

    /// Whether `unit` is above agencies.
    #[must_use]
    pub fn is_region(&self, unit: UnitId) -> bool {
        self.unit(unit).is_some_and(|unit| unit.kind == UnitKind::Region)
    }
}
