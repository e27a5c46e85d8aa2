//! Draws an office: a tree of units, people with dated posts, empty seats, mandates, and what its adoption says.

use shared::ids::{MandateId, PersonId, PostId, UnitId};
use shared::org::{Mandate, Person, Post, Rank, Task, Unit, UnitKind};
use shared::pack::{Actor, Pack, PackAdoption};
use shared::sorted_map::Map;
use shared::time::{Day, Period};

use super::regulation::{BODY, POSITIONS};
use crate::random::Draw;

/// People that an office has at most. Each may have a card, and each card is read by each.
const PEOPLE_MAX: u8 = 11;

/// Everything that decides who may do what, drawn for one run.
#[derive(Clone, Debug)]
pub(super) struct Office {
    pub(super) pack: &'static Pack,
    pub(super) period: Period,
    pub(super) units: Vec<Unit>,
    pub(super) people: Vec<Person>,
    pub(super) posts: Vec<Post>,
    pub(super) mandates: Vec<Mandate>,
    pub(super) adoption: PackAdoption,
}

/// A person by number.
#[must_use]
pub(super) const fn person(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

const fn unit(n: u8) -> UnitId {
    UnitId::from_bytes([n; 16])
}

/// Draws an office that lives by a pack.
#[must_use]
pub(super) fn office(draw: &mut Draw, pack: &'static Pack, period: Period) -> Office {
    let mut drawn = Drawn { draw, period, units: Vec::new(), people: 0, posts: Vec::new(), mandates: Vec::new() };
    drawn.tree();
    drawn.staff();
    drawn.mandates(pack);
    let adoption = drawn.adoption(pack);
    let people = (1..=drawn.people).map(|n| Person { id: person(n), name: format!("Người Thử {n}") });
    let (units, posts, mandates) = (drawn.units, drawn.posts, drawn.mandates);
    Office { pack, period, units, people: people.collect(), posts, mandates, adoption }
}

struct Drawn<'d> {
    draw: &'d mut Draw,
    period: Period,
    units: Vec<Unit>,
    people: u8,
    posts: Vec<Post>,
    mandates: Vec<Mandate>,
}

impl Drawn<'_> {
    /// A region over one or two agencies with their divisions, or an agency that has nothing above it.
    fn tree(&mut self) {
        let region = self.draw.chance(80).then(|| self.unit(None, UnitKind::Region));
        for _ in 0..=self.draw.below(2) {
            let agency = self.unit(region, UnitKind::Agency);
            for _ in 0..self.draw.below(3) {
                let division = self.unit(Some(agency), UnitKind::Division);
                if self.draw.chance(15) {
                    self.unit(Some(division), UnitKind::Division);
                }
            }
        }
    }

    fn unit(&mut self, parent: Option<UnitId>, kind: UnitKind) -> UnitId {
        let n = u8::try_from(self.units.len()).unwrap_or_default() + 1;
        self.units.push(Unit { id: unit(n), parent, name: format!("Đơn vị {n}"), kind });
        unit(n)
    }

    /// Heads, deputies and staff. Some seats stay empty, and some people hold two.
    fn staff(&mut self) {
        let first = self.somebody();
        let units: Vec<UnitId> = self.units.iter().map(|unit| unit.id).collect();
        for unit in units {
            let ranks =
                [(Rank::Head, 85), (Rank::Deputy, 45), (Rank::Staff, 75), (Rank::Staff, 35), (Rank::Support, 10)];
            for (rank, percent) in ranks {
                if self.draw.chance(percent) {
                    let holder = self.somebody();
                    self.post(holder, unit, rank);
                }
            }
        }
        // Nobody is without a post.
        if let Some(unit) =
            self.units.last().map(|unit| unit.id).filter(|_| !self.posts.iter().any(|post| post.person == first))
        {
            self.post(first, unit, Rank::Staff);
        }
    }

    /// A new person, or one who has a post already.
    fn somebody(&mut self) -> PersonId {
        if self.people == 0 || self.people < PEOPLE_MAX && self.draw.chance(85) {
            self.people += 1;
            return person(self.people);
        }
        self.anybody()
    }

    fn anybody(&mut self) -> PersonId {
        person(u8::try_from(self.draw.below(usize::from(self.people))).unwrap_or_default() + 1)
    }

    /// A post, mostly for the whole period. Where a head leaves in its middle, there is mostly a successor.
    fn post(&mut self, holder: PersonId, unit: UnitId, rank: Rank) {
        let somewhen = Day(self.period.first_day().0 + i32::try_from(self.draw.between(1, 27)).unwrap_or_default());
        let (from, to) = match self.draw.below(100) {
            0..=5 => (somewhen, None),
            6..=13 => (new_year(), Some(somewhen)),
            _ => (new_year(), None),
        };
        let personnel = rank == Rank::Staff && self.draw.chance(60);
        self.put(holder, unit, rank, (from, to), personnel);
        if let Some(last) = to.filter(|_| rank == Rank::Head && self.draw.chance(60)) {
            let successor = self.somebody();
            self.put(successor, unit, rank, (Day(last.0 + 1), None), false);
        }
    }

    fn put(&mut self, person: PersonId, unit: UnitId, rank: Rank, (from, to): (Day, Option<Day>), personnel: bool) {
        let n = u8::try_from(self.posts.len()).unwrap_or_default() + 1;
        let (id, title) = (PostId::from_bytes([n; 16]), format!("Chức vụ {n}"));
        self.posts.push(Post { id, person, unit, rank, title, from, to, personnel });
    }

    /// Holders of positions, members of the body, and scorers appointed by name where the pack asks for them.
    fn mandates(&mut self, pack: &Pack) {
        for word in POSITIONS {
            for _ in 0..self.draw.below(3) {
                self.mandate(Task::Position, word, None);
            }
        }
        for task in [Task::Chair, Task::Secretary, Task::Member, Task::Member, Task::Member] {
            if self.draw.chance(70) {
                self.mandate(task, BODY, None);
            }
        }
        for step in pack.steps.iter().filter(|step| step.by.iter().any(names_appointed)) {
            for _ in 0..self.draw.below(4) {
                let subject = self.draw.chance(50).then(|| self.anybody());
                self.mandate(Task::Step, &step.id, subject);
            }
        }
    }

    fn mandate(&mut self, task: Task, word: &str, subject: Option<PersonId>) {
        // Most bodies are formed at the top, so that people of several units have the same.
        let top = task.is_in_body() && self.draw.chance(60);
        let unit = if top { self.units.first() } else { self.draw.pick(&self.units) };
        let Some(unit) = unit.map(|unit| unit.id) else { return };
        let person = self.anybody();
        let n = u8::try_from(self.mandates.len()).unwrap_or_default() + 1;
        let ended = Day(self.period.last_day().0 - 3);
        let to = if self.draw.chance(10) { Some(ended) } else { None };
        let (id, word, decision) = (MandateId::from_bytes([n; 16]), word.to_owned(), "QĐ 2".to_owned());
        self.mandates.push(Mandate { id, person, unit, task, word, subject, from: new_year(), to, decision });
    }

    /// The adoption by the unit at the top, or by another one, with readings and units bound to positions.
    fn adoption(&mut self, pack: &Pack) -> PackAdoption {
        let top = self.draw.chance(80);
        let of = if top { self.units.first() } else { self.draw.pick(&self.units) }.map_or(unit(1), |unit| unit.id);
        let mut options = Map::new();
        for option in &pack.options {
            let chosen = self.draw.chance(50);
            if let Some(value) = self.draw.pick(&option.values).filter(|_| chosen) {
                options.insert(option.id.clone(), value.id.clone());
            }
        }
        let mut bound = Vec::new();
        for word in POSITIONS {
            if let Some(at) = self.draw.pick(&self.units).filter(|_| !top).or(self.units.last()) {
                bound.push((word.to_owned(), at.id));
            }
        }
        bound.retain(|_| self.draw.chance(70));
        let scored = self.draw.chance(15).then(|| self.draw.pick(&pack.roles)).flatten();
        PackAdoption {
            unit: of,
            id: pack.id.clone(),
            pack: pack.hash,
            roles: scored.map(|role| role.id.clone()).into_iter().collect(),
            from: new_year().max(Day::parse(&pack.effective_from).unwrap_or_else(new_year)),
            to: None,
            options,
            opens: self.draw.chance(25).then(|| 10 + u8::try_from(self.draw.below(19)).unwrap_or_default()),
            bound,
            decision: "QĐ 1".to_owned(),
            spans: pack.periods.clone(),
        }
    }
}

fn names_appointed(rule: &Actor) -> bool {
    match rule {
        Actor::Appointed => true,
        Actor::AnyOf(rules) | Actor::FirstOf(rules) => rules.iter().any(names_appointed),
        _ => false,
    }
}

fn new_year() -> Day {
    Day::from_civil(2026, 1, 1).unwrap_or(Day(0))
}
