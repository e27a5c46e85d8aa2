//! From a plan of people to operations, finding again what is known already.

use std::collections::BTreeMap;

use shared::ids::{PersonId, PostId, UnitId};
use shared::op::Payload;
use shared::org::{Org, Person, Post, Unit};

use super::people::{PeoplePlan, PlannedPost};
use super::sheet::heading_key;
use super::units::PlannedUnit;

/// What carries a plan of people out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleOperations {
    /// Units, then people, then posts; what is known and unchanged is left out.
    pub payloads: Vec<Payload>,
    /// User names that have no account yet, with the people they are of.
    pub new_accounts: Vec<(String, PersonId)>,
    /// Records that are known already, just so.
    pub unchanged: usize,
}

/// The operations that carry a plan out.
///
/// Units are known by name under the unit above; people by their user name in `accounts`; posts by person, unit and first
/// day, so that importing a list a second time changes nothing. `new_id` gives 16 fresh bytes: ids are not made here.
#[must_use]
pub fn people_operations(
    plan: &PeoplePlan,
    org: &Org,
    accounts: &BTreeMap<String, PersonId>,
    mut new_id: impl FnMut() -> [u8; 16],
) -> PeopleOperations {
    let mut made = PeopleOperations::default();
    let mut units: BTreeMap<String, UnitId> = BTreeMap::new();
    for planned in &plan.units {
        let parent = planned.parent.as_ref().and_then(|name| units.get(&heading_key(name)).copied());
        let known = known_unit(org, planned, parent);
        let unit = Unit {
            id: known.map_or_else(|| UnitId::from_bytes(new_id()), |unit| unit.id),
            // A list that begins at the commune says nothing of what stands above it.
            parent: parent.or_else(|| known.and_then(|unit| unit.parent)),
            name: planned.name.clone(),
            kind: planned.kind,
        };
        units.insert(heading_key(&planned.name), unit.id);
        made.put(known == Some(&unit), Payload::PutUnit(unit));
    }
    let mut people: BTreeMap<&str, PersonId> = BTreeMap::new();
    for planned in &plan.people {
        let account = accounts.get(&planned.username).copied();
        let person =
            Person { id: account.unwrap_or_else(|| PersonId::from_bytes(new_id())), name: planned.name.clone() };
        people.insert(&planned.username, person.id);
        if account.is_none() {
            made.new_accounts.push((planned.username.clone(), person.id));
        }
        made.put(org.person(person.id) == Some(&person), Payload::PutPerson(person));
    }
    for planned in &plan.posts {
        let holder = people.get(planned.username.as_str()).copied();
        let unit = units.get(&heading_key(&planned.unit)).copied();
        if let (Some(person), Some(unit)) = (holder, unit) {
            let known = known_post(org, planned, person, unit);
            let id = known.map_or_else(|| PostId::from_bytes(new_id()), |post| post.id);
            let post = post_of(planned, id, person, unit);
            made.put(known == Some(&post), Payload::PutPost(post));
        }
    }
    made
}

impl PeopleOperations {
    fn put(&mut self, is_known: bool, payload: Payload) {
        if is_known {
            self.unchanged += 1;
        } else {
            self.payloads.push(payload);
        }
    }
}

/// The unit of that name under that parent; a topmost unit of the list is found anywhere if its name is found once.
fn known_unit<'a>(org: &'a Org, planned: &PlannedUnit, parent: Option<UnitId>) -> Option<&'a Unit> {
    let key = heading_key(&planned.name);
    let mut same_name = org
        .units()
        .filter(|unit| heading_key(&unit.name) == key && (planned.parent.is_none() || unit.parent == parent));
    let found = same_name.next()?;
    same_name.next().is_none().then_some(found)
}

fn known_post<'a>(org: &'a Org, planned: &PlannedPost, person: PersonId, unit: UnitId) -> Option<&'a Post> {
    org.posts().find(|post| {
        post.person == person && post.unit == unit && post.from == planned.from && post.rank == planned.rank
    })
}

fn post_of(planned: &PlannedPost, id: PostId, person: PersonId, unit: UnitId) -> Post {
    Post {
        id,
        person,
        unit,
        rank: planned.rank,
        title: planned.title.clone(),
        from: planned.from,
        to: planned.to,
        personnel: planned.personnel,
    }
}
