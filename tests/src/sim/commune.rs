//! What the simulation adds to the shared commune: a list of work, cards by month, the people who work.

pub(crate) use shared::fixture::{APPRAISE, APPROVE, MORNING, founding, pack_hash, person, post, unit};
use shared::ids::{DeviceId, WorkListId};
use shared::num::Exact;
use shared::op::{CardKey, Payload};
use shared::time::{Day, Period};
use shared::work::{Adoption, Product};

/// The list of work products from which the runs assign.
pub(crate) const LIST: WorkListId = WorkListId::from_bytes([9; 16]);
/// The people whose cards are worked on.
pub(crate) const OFFICIALS: [u8; 4] = [5, 6, 4, 7];
/// The device of the server's own chain.
pub(crate) const CLERK: DeviceId = DeviceId::from_bytes([99; 16]);

/// The card of a person for August, September or October.
#[must_use]
pub(crate) fn key(n: u8, month: u8) -> CardKey {
    CardKey { subject: person(n).into(), period: Period::Month(2026, month), pack: pack_hash() }
}

/// A number written as people write it.
#[must_use]
pub(crate) fn number(text: &str) -> Exact {
    Exact::parse(text).unwrap_or_default()
}

/// A day written as 2026-10-31.
#[must_use]
pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap_or_else(|| MORNING.day())
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
