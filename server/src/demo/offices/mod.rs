//! The offices of the demo beside the commune of the decree: one for each other regulation that can be lived.

mod hanoi;
mod hatinh;
mod leaders;
mod longbien;
mod phutho;
mod quanba;

use shared::ids::UnitId;

use super::roster::{Roster, unit_id};

/// The pack of the decree, which is lived by the month.
pub(super) const DECREE: &str = "nd335-congchuc";
/// Every role of a pack.
pub(super) const ALL: &[&str] = &[];

/// A regulation that the demo can show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scheme {
    /// Decree 335/2025, by the month.
    Decree,
    /// Long Biên: three groups, and a chain of scorers.
    LongBien,
    /// Quản Bạ: a table of five scorers, and the month's report.
    QuanBa,
    /// Hà Tĩnh: a scoring team, by the quarter.
    HaTinh,
    /// 02-HD: leaders by the quarter, beside the decree's month.
    Leaders,
    /// Hà Nội: whoever gave a task evaluates it.
    HaNoi,
    /// Phú Thọ: people by the month, and units that are scored as such.
    PhuTho,
}

impl Scheme {
    /// All of them, in the order of the table of accounts.
    pub const ALL: [Self; 7] =
        [Self::Decree, Self::LongBien, Self::QuanBa, Self::HaTinh, Self::Leaders, Self::HaNoi, Self::PhuTho];

    /// Its name on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Decree => "nd335-congchuc",
            Self::LongBien => "longbien",
            Self::QuanBa => "quanba-monthly",
            Self::HaTinh => "hatinh-1000",
            Self::Leaders => "hd02-quy",
            Self::HaNoi => "hanoi-1841",
            Self::PhuTho => "phutho-tttt",
        }
    }

    /// The scheme with this name.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.word() == word)
    }

    /// The packs that the office adopts, the second beside the first: the regulation itself, or the sample of a text whose
    /// points were never published.
    pub(super) const fn packs(self) -> &'static [&'static str] {
        match self {
            Self::Decree => &[DECREE],
            Self::LongBien => &["longbien-mau"],
            Self::QuanBa => &["quanba-mau"],
            Self::HaTinh => &["hatinh-mau"],
            Self::Leaders => &[DECREE, "hd02-mau"],
            Self::HaNoi => &["hanoi-mau"],
            Self::PhuTho => &["phutho-mau"],
        }
    }

    /// Adds the units, people and mandates of the office.
    pub(super) fn add_to(self, roster: &mut Roster) {
        match self {
            Self::Decree => roster.add_commune(),
            Self::LongBien => longbien::add_to(roster),
            Self::QuanBa => quanba::add_to(roster),
            Self::HaTinh => hatinh::add_to(roster),
            Self::Leaders => leaders::add_to(roster),
            Self::HaNoi => hanoi::add_to(roster),
            Self::PhuTho => phutho::add_to(roster),
        }
    }
}

/// That a unit of the demo lives by a regulation.
#[derive(Clone, Debug)]
pub(super) struct Office {
    pub(super) scheme: Scheme,
    /// Place of the unit that adopts.
    pub(super) unit: usize,
    /// The roles that are scored by its first pack; none listed: all.
    pub(super) roles: &'static [&'static str],
    /// Positions outside a subject's own line, with the place of the unit in which they are held.
    pub(super) bound: Vec<(&'static str, usize)>,
}

impl Office {
    /// The roles that the office scores by its first pack, or by the one `beside` it.
    pub(super) fn scored_roles(&self, beside: bool) -> Vec<String> {
        let roles = if beside && self.scheme == Scheme::Leaders { leaders::ROLES } else { self.roles };
        roles.iter().map(|role| (*role).to_owned()).collect()
    }

    pub(super) fn bound_units(&self) -> impl Iterator<Item = (String, UnitId)> {
        self.bound.iter().map(|(position, place)| ((*position).to_owned(), unit_id(*place)))
    }
}
