//! The offices of the demo beside the commune of the decree: one for each other regulation that can be lived.

mod hatinh;
mod longbien;
mod quanba;

use shared::ids::UnitId;

use super::roster::{Roster, unit_id};

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
}

impl Scheme {
    /// All of them, in the order of the table of accounts.
    pub const ALL: [Self; 4] = [Self::Decree, Self::LongBien, Self::QuanBa, Self::HaTinh];

    /// Its name on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Decree => "nd335-congchuc",
            Self::LongBien => "longbien",
            Self::QuanBa => "quanba-monthly",
            Self::HaTinh => "hatinh-1000",
        }
    }

    /// The scheme with this name.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.word() == word)
    }

    /// The pack that the office adopts: the regulation itself, or the sample of a text whose points were never published.
    pub(super) const fn pack(self) -> &'static str {
        match self {
            Self::Decree => "nd335-congchuc",
            Self::LongBien => "longbien-mau",
            Self::QuanBa => "quanba-mau",
            Self::HaTinh => "hatinh-mau",
        }
    }

    /// Adds the units, people and mandates of the office.
    pub(super) fn add_to(self, roster: &mut Roster) {
        match self {
            Self::Decree => roster.add_commune(),
            Self::LongBien => longbien::add_to(roster),
            Self::QuanBa => quanba::add_to(roster),
            Self::HaTinh => hatinh::add_to(roster),
        }
    }
}

/// That a unit of the demo lives by a regulation.
#[derive(Clone, Debug)]
pub(super) struct Office {
    pub(super) scheme: Scheme,
    /// Place of the unit that adopts.
    pub(super) unit: usize,
    /// Positions outside a subject's own line, with the place of the unit in which they are held.
    pub(super) bound: Vec<(&'static str, usize)>,
}

impl Office {
    pub(super) fn bound_units(&self) -> impl Iterator<Item = (String, UnitId)> {
        self.bound.iter().map(|(position, place)| ((*position).to_owned(), unit_id(*place)))
    }
}
