//! The small commune of tests and simulations: a province, its committee, an office of the committee, seven people.

use crate::ids::{PackHash, PersonId, PostId, StepPlace, UnitId};
use crate::op::Payload;
use crate::org::{Person, Post, Rank, Unit, UnitKind};
use crate::pack::PackAdoption;
use crate::sorted_map::Map;
use crate::time::{Day, Millis};

/// The id of the pack of every card.
pub const PACK: &str = "nd335-congchuc";
/// The step of that pack in which the superior scores.
pub const APPRAISE: StepPlace = StepPlace(3);
/// The step of that pack in which the head of the agency decides.
pub const APPROVE: StepPlace = StepPlace(4);
/// 2026-10-20 10:00 in Vietnam.
pub const MORNING: Millis = Millis(1_792_465_200_000);
/// How many people there are: 1 head of the province, 2 chairman, 3 deputy chairman, 4 head of the office, 5 and 6 staff,
/// 7 personnel officer.
const PEOPLE: u8 = 7;

/// The pack of every card, by content.
#[must_use]
pub fn pack_hash() -> PackHash {
    crate::pack::find(PACK).map(|pack| pack.hash).unwrap_or_default()
}

/// The adoption by which the province and everybody below it lives by the pack.
#[must_use]
pub fn adoption() -> PackAdoption {
    PackAdoption {
        unit: unit(1),
        id: PACK.to_owned(),
        pack: pack_hash(),
        roles: Vec::new(),
        from: post(1).from,
        to: None,
        options: Map::new(),
        opens: None,
        bound: Vec::new(),
        decision: "Quyết định số 1/QĐ".to_owned(),
        spans: Vec::new(),
    }
}

/// A person by number.
#[must_use]
pub const fn person(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

/// A unit by number: 1 province, 2 committee, 3 its office.
#[must_use]
pub const fn unit(n: u8) -> UnitId {
    UnitId::from_bytes([n; 16])
}

/// The post a person starts with. It begins on 1 January 2026.
#[must_use]
pub fn post(n: u8) -> Post {
    let (at, rank) = match n {
        1 => (1, Rank::Head),
        2 => (2, Rank::Head),
        3 => (2, Rank::Deputy),
        4 => (3, Rank::Head),
        _ => (3, Rank::Staff),
    };
    Post {
        id: PostId::from_bytes([n; 16]),
        person: person(n),
        unit: unit(at),
        rank,
        title: format!("Chức vụ {n}"),
        from: Day::from_civil(2026, 1, 1).unwrap_or_else(|| MORNING.day()),
        to: None,
        personnel: n == 7,
    }
}

/// The operations that create the commune.
#[must_use]
pub fn founding() -> Vec<Payload> {
    let units = [(1, None, UnitKind::Region), (2, Some(1), UnitKind::Agency), (3, Some(2), UnitKind::Division)];
    let units = units.map(|(id, parent, kind)| {
        Payload::PutUnit(Unit { id: unit(id), parent: parent.map(unit), name: format!("Đơn vị {id}"), kind })
    });
    let people = (1..=PEOPLE).flat_map(|n| {
        let person = Person { id: person(n), name: format!("Người Thử {n}") };
        [Payload::PutPerson(person), Payload::PutPost(post(n))]
    });
    units.into_iter().chain(people).chain([Payload::AdoptPack(adoption())]).collect()
}
