//! The table of screens: the address, the chunk that draws it, the place in the rail and who sees it there. `docs/act.md` says
//! what else a new screen needs.

use crate::components::Icon;
use crate::i18n::t;
use crate::state::Duties;

/// A screen. Each is a folder or file of `pages`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Screen {
    MyMonth,
    SelfScore,
    ToScore,
    Approve,
    UnitMonth,
    Quota,
    Year,
    Rules,
    Sync,
    Settings,
    SignIn,
}

/// A file of the download. `chunks.rs` draws everything that is not in the first one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chunk {
    /// Signing in, planning and scoring oneself: the part that a first visit waits for.
    Start,
    /// Fetched as soon as somebody is signed in.
    Daily,
    /// Fetched when somebody opens one of its screens, and ahead of time for people who approve or oversee a
    /// unit.
    Reference,
}

/// A place in the rail.
#[derive(Clone, Copy)]
pub struct RailPlace {
    pub testid: &'static str,
    pub icon: Icon,
    pub words: fn() -> &'static str,
    pub seen_by: fn(&Duties) -> bool,
    /// Stands at the end of the rail, whatever the person's duties are.
    pub lasting: bool,
    /// Left out on phones, where the settings lead to it.
    pub wide_only: bool,
}

/// The properties of a screen.
pub struct Row {
    pub screen: Screen,
    /// The beginning of its address.
    pub path: &'static str,
    pub chunk: Chunk,
    pub rail: Option<RailPlace>,
}

/// The screens in the order of the rail.
pub static SCREENS: [Row; 11] = [
    row(Screen::MyMonth, "/viec", Chunk::Start)
        .at("nav-my-month", Icon::Work, t::nav::my_month, |duties| duties.has_card),
    row(Screen::SelfScore, "/tu-cham", Chunk::Start)
        .at("nav-self-score", Icon::Pencil, t::nav::self_score, |duties| duties.has_card),
    row(Screen::ToScore, "/cham-diem", Chunk::Daily)
        .at("nav-to-score", Icon::People, t::nav::to_score, |duties| duties.scores),
    row(Screen::Approve, "/phe-duyet", Chunk::Daily)
        .at("nav-approve", Icon::Stamp, t::nav::approve, |duties| duties.approves),
    row(Screen::UnitMonth, "/don-vi", Chunk::Reference).at(
        "nav-unit-month",
        Icon::Table,
        t::nav::unit_month,
        |duties| duties.oversees,
    ),
    row(Screen::Quota, "/ti-le", Chunk::Reference),
    row(Screen::Year, "/ca-nam", Chunk::Reference)
        .at("nav-year", Icon::Calendar, t::nav::year, |duties| duties.has_card)
        .wide_only(),
    row(Screen::Rules, "/quy-dinh", Chunk::Reference)
        .at("nav-rules", Icon::Book, t::nav::rules, |_| true)
        .lasting()
        .wide_only(),
    row(Screen::Sync, "/dong-bo", Chunk::Daily).at("nav-sync", Icon::Send, t::nav::sync, |_| true).lasting(),
    row(Screen::Settings, "/cai-dat", Chunk::Daily)
        .at("nav-settings", Icon::Gear, t::nav::settings, |_| true)
        .lasting(),
    row(Screen::SignIn, "/dang-nhap", Chunk::Start),
];

const fn row(screen: Screen, path: &'static str, chunk: Chunk) -> Row {
    Row { screen, path, chunk, rail: None }
}

impl Row {
    const fn at(
        self,
        testid: &'static str,
        icon: Icon,
        words: fn() -> &'static str,
        seen_by: fn(&Duties) -> bool,
    ) -> Self {
        Self { rail: Some(RailPlace { testid, icon, words, seen_by, lasting: false, wide_only: false }), ..self }
    }

    const fn lasting(mut self) -> Self {
        if let Some(place) = &mut self.rail {
            place.lasting = true;
        }
        self
    }

    const fn wide_only(mut self) -> Self {
        if let Some(place) = &mut self.rail {
            place.wide_only = true;
        }
        self
    }
}

/// Whether a path is `place` or lies below it.
pub fn lies_at(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Screen {
    /// The screen of an address. An address that names no screen gives the month.
    pub fn of(path: &str) -> Self {
        SCREENS.iter().find(|row| lies_at(path, row.path)).map_or(Self::MyMonth, |row| row.screen)
    }

    /// The address of the screen.
    pub fn path(self) -> &'static str {
        self.row().map_or("/", |row| row.path)
    }

    /// The address of one thing on the screen: a person, a pack, an operation.
    pub fn path_of(self, thing: impl std::fmt::Display) -> String {
        format!("{}/{thing}", self.path())
    }

    /// The thing that the address names on this screen, if it names one.
    pub fn thing(self, path: &str) -> Option<&str> {
        path.strip_prefix(self.path())?.strip_prefix('/').filter(|thing| !thing.is_empty())
    }

    /// The chunk that draws it.
    pub fn chunk(self) -> Chunk {
        self.row().map_or(Chunk::Start, |row| row.chunk)
    }

    fn row(self) -> Option<&'static Row> {
        SCREENS.iter().find(|row| row.screen == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_leads_to_its_screen_and_to_what_lies_below() {
        for row in &SCREENS {
            assert_eq!(Screen::of(row.path), row.screen, "{}", row.path);
            assert_eq!(Screen::of(&row.screen.path_of("x")), row.screen, "{}", row.path);
            assert_eq!(row.screen.thing(&row.screen.path_of("x")), Some("x"), "{}", row.path);
            assert_eq!(row.screen.thing(row.path), None, "{}", row.path);
            assert_eq!(row.screen.path(), row.path);
        }
        let lasting: Vec<bool> = SCREENS.iter().filter_map(|row| row.rail).map(|place| place.lasting).collect();
        assert!(lasting.is_sorted(), "places for everybody come last: {lasting:?}");
        assert_eq!(Screen::of("/"), Screen::MyMonth);
        assert_eq!(Screen::of("/viecs"), Screen::MyMonth, "an address nobody has");
    }
}
