//! Which unit lives by which pack, from when to when. An adoption is a signed act; nothing else puts a pack in force.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{Pack, Span, concerns, pinned};
use crate::ids::{PackHash, UnitId};
use crate::sorted_map::Map;
use crate::time::{Day, Period};

/// That a unit and those below it live by a pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PackAdoption {
    /// The unit.
    #[n(0)]
    pub unit: UnitId,
    /// The pack's id. An adoption of the same id replaces an earlier one from its first day on.
    #[n(1)]
    pub id: String,
    /// The pack, by content.
    #[n(2)]
    pub pack: PackHash,
    /// Roles of the pack that are scored; empty for all.
    #[n(3)]
    pub roles: Vec<String>,
    /// It counts for periods that end on this day or later.
    #[n(4)]
    pub from: Day,
    /// It counts for periods that end on this day or earlier; none: without an end.
    #[n(5)]
    pub to: Option<Day>,
    /// The readings chosen, by option.
    #[n(6)]
    pub options: Map<String, String>,
    /// The day of a period's last month from which its class may be decided; none: as the pack says.
    #[n(7)]
    pub opens: Option<u8>,
    /// Positions that the pack looks for outside the subject's own line, each with the unit in which it is held.
    #[n(8)]
    pub bound: Vec<(String, UnitId)>,
    /// Number and date of the decision.
    #[n(9)]
    pub decision: String,
    /// The lengths of the periods that are scored; empty for the shortest that the pack names.
    #[n(10)]
    pub spans: Vec<Span>,
}

impl PackAdoption {
    /// Whether it counts for a period that ends on `last_day`.
    #[must_use]
    pub fn counts_on(&self, last_day: Day) -> bool {
        self.from <= last_day && self.to.is_none_or(|to| last_day <= to)
    }

    /// The pack, if it has arrived.
    #[must_use]
    pub fn rules(&self) -> Option<&'static Pack> {
        pinned(&self.pack)
    }

    /// Whether it scores periods of this length in a role.
    #[must_use]
    pub fn scores(&self, period: Period, role: &str) -> bool {
        self.scores_in(period.span()) && concerns(&self.roles, role)
    }

    /// Whether it scores periods of a length. Nobody knows while the pack has not arrived.
    #[must_use]
    pub fn scores_in(&self, span: Span) -> bool {
        let Some(pack) = self.rules() else { return false };
        if self.spans.is_empty() { pack.periods.iter().min() == Some(&span) } else { self.spans.contains(&span) }
    }
}

/// All known adoptions, by unit, pack and first day.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Adoptions(Vec<PackAdoption>);

impl Adoptions {
    /// Adds an adoption. One of the same unit, pack and first day is replaced.
    pub fn put(&mut self, adoption: PackAdoption) {
        let key = |one: &PackAdoption| (one.unit, one.id.clone(), one.from);
        self.0.retain(|known| key(known) != key(&adoption));
        let place = self.0.iter().position(|known| key(known) > key(&adoption)).unwrap_or(self.0.len());
        self.0.insert(place, adoption);
    }

    /// Every adoption.
    pub fn all(&self) -> impl Iterator<Item = &PackAdoption> {
        self.0.iter()
    }

    /// What `unit` itself adopted for periods that end on `last_day`: of each pack the latest.
    pub fn of(&self, unit: UnitId, last_day: Day) -> impl Iterator<Item = &PackAdoption> {
        let begun = move |one: &&PackAdoption| one.unit == unit && one.from <= last_day;
        let is_latest = move |one: &&PackAdoption| {
            !self.0.iter().any(|other| begun(&other) && other.id == one.id && other.from > one.from)
        };
        self.0.iter().filter(begun).filter(is_latest).filter(move |one| one.counts_on(last_day))
    }

    /// The pack with this id as `unit` adopted it for periods that end on `last_day`.
    #[must_use]
    pub fn find(&self, unit: UnitId, id: &str, last_day: Day) -> Option<&PackAdoption> {
        self.of(unit, last_day).find(|adoption| adoption.id == id)
    }
}
