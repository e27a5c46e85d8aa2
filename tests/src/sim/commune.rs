//! The commune of every run: a province above it, its committee, its office, seven people.

use shared::ids::{DeviceId, PersonId, PostId, UnitId, WorkListId};
use shared::num::Exact;
use shared::op::{CardKey, Payload};
use shared::org::{Person, Post, Rank, Unit, UnitKind};
use shared::time::{Day, Millis, Period};
use shared::work::{Adoption, Product};

/// The pack of every card.
pub(crate) const PACK: &str = "nd335-congchuc";
/// 2026-10-20 10:00 in Vietnam.
pub(crate) const MORNING: Millis = Millis(1_792_465_200_000);
/// The list of work products from which the runs assign.
pub(crate) const LIST: WorkListId = WorkListId::from_bytes([9; 16]);
/// The people whose cards are worked on.
pub(crate) const OFFICIALS: [u8; 4] = [5, 6, 4, 7];
/// The device of the server's own chain.
pub(crate) const CLERK: DeviceId = DeviceId::from_bytes([99; 16]);

/// 1 head of the province, 2 chairman, 3 deputy chairman, 4 head of office, 5 and 6 staff, 7 personnel officer.
#[must_use]
pub(crate) const fn person(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

/// 1 province, 2 committee, 3 its office.
#[must_use]
pub(crate) const fn unit(n: u8) -> UnitId {
    UnitId::from_bytes([n; 16])
}

/// The card of a person for August, September or October.
#[must_use]
pub(crate) fn key(n: u8, month: u8) -> CardKey {
    CardKey { person: person(n), period: Period::Month(2026, month), pack: PACK.to_owned() }
}

/// A number written as people write it.
#[must_use]
pub(crate) fn number(text: &str) -> Exact {
    Exact::parse(text).unwrap_or_default()
}

/// The post a person starts with.
#[must_use]
pub(crate) fn post(n: u8) -> Post {
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
        from: day("2026-01-01"),
        to: None,
        personnel: n == 7,
    }
}

/// A day written as 2026-10-31.
#[must_use]
pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap_or_else(|| MORNING.day())
}

/// The acts of the server that create the commune. They are operations like any other.
#[must_use]
pub(crate) fn founding() -> Vec<Payload> {
    let units = [(1, None, UnitKind::Region), (2, Some(1), UnitKind::Agency), (3, Some(2), UnitKind::Division)];
    let units = units.map(|(id, parent, kind)| {
        Payload::PutUnit(Unit { id: unit(id), parent: parent.map(unit), name: format!("Đơn vị {id}"), kind })
    });
    let people = (1..=7).flat_map(|n| {
        let person = Person { id: person(n), name: format!("Người Thử {n}") };
        [Payload::PutPerson(person), Payload::PutPost(post(n))]
    });
    units.into_iter().chain(people).collect()
}

/// Products of the list.
#[must_use]
pub(crate) fn products(codes: &[&str]) -> Payload {
    let product = |code: &&str| Product {
        code: (*code).to_owned(),
        name: format!("Sản phẩm {code}"),
        group: "N1".to_owned(),
        frame_max: number("100"),
        points: number("10"),
        coefficient: number("1.5"),
        ..Product::default()
    };
    Payload::PutProducts(codes.iter().map(product).collect())
}

/// Puts the list in force.
#[must_use]
pub(crate) fn adoption() -> Payload {
    Payload::AdoptWorkList(Adoption {
        title: "Danh mục".to_owned(),
        owner: unit(2),
        standard_points: number("10"),
        effective_from: day("2026-01-01"),
        products: 2,
    })
}
