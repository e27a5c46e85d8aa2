//! The effect of a decision on the limited class, shown before the decision is signed.

use serde::Serialize;

use super::{unit_month, unit_quota};
use crate::ids::{PackHash, PersonId, UnitId};
use crate::num::Exact;
use crate::op::CardKey;
use crate::pack;
use crate::state::State;

/// A group of similar duty in which some of the cards to decide are proposed for the limited class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Pressure {
    /// The group.
    pub group: String,
    /// The pack.
    pub pack: PackHash,
    /// The class that is limited.
    pub class: String,
    /// The class whose number is the base.
    pub of_class: String,
    /// Highest share.
    pub share: Exact,
    /// The clause that says so.
    pub clause: String,
    /// How many of the group are decided or proposed for the class.
    pub proposed: usize,
    /// How many are allowed, counting those who have a result; and how many at most once the missing people have one.
    pub allowed: (usize, usize),
    /// The number of people whose results are missing.
    pub missing: usize,
}

impl Pressure {
    /// Whether more are proposed than can be allowed by what is known.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.proposed > self.allowed.0
    }
}

/// The groups affected by deciding `keys` as proposed, as far as `reader` knows them.
#[must_use]
pub fn pressures(state: &State, reader: PersonId, keys: &[CardKey]) -> Vec<Pressure> {
    let mut found = Vec::new();
    let mut seen: Vec<(Option<UnitId>, crate::time::Period)> = Vec::new();
    for key in keys {
        let agency = state.seat(key).and_then(|seat| state.org.agency_of(seat.unit).or(Some(seat.unit)));
        if seen.contains(&(agency, key.period)) {
            continue;
        }
        seen.push((agency, key.period));
        if let Some(agency) = agency {
            of_agency(state, reader, agency, keys, key, &mut found);
        }
    }
    found
}

fn of_agency(
    state: &State,
    reader: PersonId,
    agency: UnitId,
    keys: &[CardKey],
    one: &CardKey,
    found: &mut Vec<Pressure>,
) {
    let month = unit_month(state, agency, one.period, reader);
    // Readings that the pack does not know are reported where the quota itself is shown.
    for quota in unit_quota(state, &month, false).unwrap_or_default() {
        let Some(rule) = pack::pinned(&quota.rules).and_then(|pack| pack.quota.as_ref()) else { continue };
        for group in quota.groups {
            let in_class = group.members.iter().filter(|member| member.class == quota.class);
            if !in_class.clone().any(|member| keys.contains(&member.card)) {
                continue;
            }
            let allowed = group.outcome.allowed;
            let most = group.outcome.allowed_range.map_or(allowed, |(_, most)| most.max(allowed));
            found.push(Pressure {
                group: group.outcome.name,
                pack: quota.rules,
                class: quota.class.clone(),
                of_class: rule.of_class.clone(),
                share: rule.share.clone(),
                clause: quota.clause.clone(),
                proposed: in_class.count(),
                allowed: (allowed, most),
                missing: group.missing.len(),
            });
        }
    }
}
