//! The small commune of tests and simulations: a province, its committee, an office of the committee, seven people.

use crate::ids::{PersonId, PostId, UnitId};
use crate::op::Payload;
use crate::org::{Person, Post, Rank, Unit, UnitKind};
use crate::time::{Day, Millis};

/// The pack of every card.
pub const PACK: &str = "nd335-congchuc";
/// 2026-10-20 10:00 in Vietnam.
pub const MORNING: Millis = Millis(1_792_465_200_000);
/// How many people there are: 1 head of the province, 2 chairman, 3 deputy chairman, 4 head of the office, 5 and 6 staff,
/// 7 personnel officer.
const PEOPLE: u8 = 7;

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
    units.into_iter().chain(people).collect()
}
