//! What the rules say, written a second time from `docs/packs.md` in the plainest form: who may do a step, what comes before
//! it, what counts, who may read. It reads the drawn data and calls nothing of `shared` that decides any of this.

mod actors;
mod content;
mod days;
mod ends;
mod lines;
mod panel;
mod reckon;
mod record;
mod seen;
mod turn;
mod voices;

use shared::ids::{PersonId, UnitId};
use shared::org::{Post, Rank, Task, Unit, UnitKind};
use shared::pack::{Actor, Role, Slots, Step, StepSubject, Verb};
use shared::time::Day;

pub(super) use panel::is_panel;
pub(super) use record::{Deed, Record, Why};

use super::office::Office;

/// Where somebody stands in the period.
pub(super) type Seat = (UnitId, Rank);

/// What a step leaves on a card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Leaves {
    /// The person's own score.
    Own,
    /// Somebody else's marks.
    Marks,
    /// A signed result.
    Result,
    /// That the person was told.
    Told,
    /// What was found of each line of work.
    Lines,
    /// Something that somebody said.
    Said,
    /// Nothing that a later step would wait for.
    Nothing,
}

/// What a step leaves on a card, by its verb and by who does it.
pub(super) fn leaves(step: &Step) -> Leaves {
    match step.verb {
        Verb::Mark if step.by == [Actor::Subject] => Leaves::Own,
        Verb::Mark if step.per == Slots::Line => Leaves::Lines,
        Verb::Mark => Leaves::Marks,
        Verb::Decide => Leaves::Result,
        Verb::Notify => Leaves::Told,
        Verb::Opine | Verb::Object | Verb::Answer | Verb::Confirm => Leaves::Said,
        // A vote in one place is one on paper.
        Verb::Vote if step.per == Slots::Actor => Leaves::Said,
        _ => Leaves::Nothing,
    }
}

/// Nobody marks, decides, votes, gives an opinion or answers on themselves.
pub(super) fn judges(step: &Step) -> bool {
    let about_the_subject = matches!(step.verb, Verb::Opine | Verb::Vote | Verb::Answer);
    matches!(leaves(step), Leaves::Marks | Leaves::Result | Leaves::Lines)
        || about_the_subject && step.by != [Actor::Subject]
}

/// The rules for one drawn office.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules<'a> {
    pub(super) office: &'a Office,
}

impl<'a> Rules<'a> {
    /// The last day of the period: posts and mandates count as they are held then.
    pub(super) fn day(self) -> Day {
        self.office.period.last_day()
    }

    pub(super) fn unit(self, id: UnitId) -> Option<&'a Unit> {
        self.office.units.iter().find(|unit| unit.id == id)
    }

    /// A unit and all units above it.
    pub(super) fn line(self, unit: UnitId) -> Vec<UnitId> {
        let mut line = vec![unit];
        let mut at = unit;
        while let Some(parent) = self.unit(at).and_then(|unit| unit.parent) {
            line.push(parent);
            at = parent;
        }
        line
    }

    /// The nearest agency at or above a unit, or the unit itself.
    pub(super) fn agency(self, unit: UnitId) -> UnitId {
        let is_agency = |id: &UnitId| self.unit(*id).is_some_and(|unit| unit.kind == UnitKind::Agency);
        self.line(unit).into_iter().find(is_agency).unwrap_or(unit)
    }

    /// The posts that are held on a day.
    pub(super) fn held(self, day: Day) -> impl Iterator<Item = &'a Post> {
        let held = move |post: &&Post| post.from <= day && post.to.is_none_or(|to| to >= day);
        self.office.posts.iter().filter(held)
    }

    /// The highest rank counts, then the highest unit, then the longest held.
    fn main_post(self, person: PersonId, day: Day) -> Option<&'a Post> {
        let own = self.held(day).filter(|post| post.person == person);
        own.min_by_key(|post| (post.rank, self.line(post.unit).len(), post.from, post.id))
    }

    /// The last day of the period on which somebody had a post.
    pub(super) fn last_day_of(self, person: PersonId) -> Option<Day> {
        let days = self.office.period.first_day().0..=self.office.period.last_day().0;
        days.rev().map(Day).find(|day| self.main_post(person, *day).is_some())
    }

    /// Where somebody stands in the period: in the main post on that day.
    pub(super) fn seat(self, person: PersonId) -> Option<Seat> {
        let post = self.main_post(person, self.last_day_of(person)?)?;
        Some((post.unit, post.rank))
    }

    /// The first role one of whose conditions holds.
    pub(super) fn role(self, person: PersonId) -> Option<&'a Role> {
        let (unit, rank) = self.seat(person)?;
        let line = self.line(unit);
        let holds = |position: &String| {
            let mut held = self.mandates(|one| one.task == Task::Position && one.word == *position);
            held.any(|one| one.person == person && line.contains(&one.unit))
        };
        self.office.pack.roles.iter().find(|role| {
            role.who.iter().any(|who| {
                let ranked = who.rank.is_none_or(|wanted| wanted == rank);
                let placed = who.unit_kind.is_none_or(|wanted| self.unit(unit).is_some_and(|it| it.kind == wanted));
                ranked && placed && who.position.as_ref().is_none_or(holds)
            })
        })
    }

    /// Whether somebody has a card: the adoption reaches the unit and scores the role.
    pub(super) fn has_card(self, person: PersonId) -> bool {
        let adoption = &self.office.adoption;
        let reached = self.seat(person).is_some_and(|(unit, _)| self.line(unit).contains(&adoption.unit));
        let scored = |role: &Role| adoption.roles.is_empty() || adoption.roles.contains(&role.id);
        reached && self.role(person).is_some_and(scored)
    }

    /// The steps that are asked for on somebody's card, with their places in the pack.
    pub(super) fn steps(self, person: PersonId) -> Vec<(u8, &'a Step)> {
        let all = (0..).zip(&self.office.pack.steps);
        all.filter(|(_, step)| step.on == StepSubject::Card && self.asks(step, person)).collect()
    }

    fn asks(self, step: &Step, person: PersonId) -> bool {
        let role = self.role(person).map(|role| &role.id);
        let concerns = step.roles.is_empty() || role.is_some_and(|role| step.roles.contains(role));
        concerns && step.when.iter().all(|(option, value)| self.reading(option) == Some(value))
    }

    /// The reading in force: as adopted, else the pack's own.
    fn reading(self, option: &str) -> Option<&'a String> {
        let default = || self.office.pack.options.iter().find(|one| one.id == option).map(|one| &one.default);
        self.office.adoption.options.get(option).or_else(default)
    }

    /// The steps in which others mark. Where nobody marks, whoever decides first marks before.
    pub(super) fn marking(self, person: PersonId) -> Vec<(u8, &'a Step)> {
        let steps = self.leaving(person, Leaves::Marks);
        if steps.is_empty() { self.leaving(person, Leaves::Result).into_iter().take(1).collect() } else { steps }
    }

    /// The steps in which the result is signed. Where nobody decides, whoever marks last signs.
    pub(super) fn signing(self, person: PersonId) -> Vec<(u8, &'a Step)> {
        let steps = self.leaving(person, Leaves::Result);
        if steps.is_empty() { self.leaving(person, Leaves::Marks).pop().into_iter().collect() } else { steps }
    }

    /// Whether somebody signs the result in one of the steps. Of a team, whoever closes it signs.
    pub(super) fn signs(self, steps: &[(u8, &Step)], subject: PersonId, actor: PersonId) -> bool {
        steps.iter().any(|(_, step)| self.closers(step, subject).contains(&actor))
    }

    /// The steps in which work is planned.
    pub(in super::super) fn planning(self, person: PersonId) -> Vec<(u8, &'a Step)> {
        self.steps(person).into_iter().filter(|(_, step)| step.verb == Verb::Plan).collect()
    }

    /// The steps that leave something on a card.
    pub(super) fn leaving(self, person: PersonId, what: Leaves) -> Vec<(u8, &'a Step)> {
        self.steps(person).into_iter().filter(|(_, step)| leaves(step) == what).collect()
    }

    /// The steps directly before a step: one that is not asked for is looked through, and one that stands before another of
    /// them need not be named.
    pub(super) fn before(self, person: PersonId, step: &Step) -> Vec<(u8, &'a Step)> {
        let asked = self.steps(person);
        let mut found: Vec<(u8, &'a Step)> = Vec::new();
        for (place, before) in (0..).zip(&self.office.pack.steps).filter(|(_, one)| step.after.contains(&one.id)) {
            if asked.iter().any(|(other, _)| *other == place) {
                found.push((place, before));
            } else {
                found.extend(self.before(person, before));
            }
        }
        let ids = |step: &Step| self.all_before(step);
        let direct = found.iter().filter(|(_, one)| !found.iter().any(|(_, other)| ids(other).contains(&one.id)));
        direct.copied().collect()
    }

    /// The ids of all steps that a step waits for, directly or not.
    pub(super) fn all_before(self, step: &Step) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = step.after.clone();
        while let Some(id) = open.pop() {
            if let Some(before) = self.office.pack.steps.iter().find(|one| one.id == id) {
                open.extend(before.after.clone());
            }
            found.push(id);
        }
        found
    }
}
