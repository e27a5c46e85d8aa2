//! Who may do a step, and who may read a card.

use std::collections::BTreeSet;

use shared::ids::{PersonId, UnitId};
use shared::org::{Mandate, Rank, Task, UnitKind};
use shared::pack::{Actor, Place, RecordsOf, Step, Verb};

use super::{Rules, judges};

type People = BTreeSet<PersonId>;

impl<'a> Rules<'a> {
    /// The mandates of a sort that are held on the last day of the period.
    pub(super) fn mandates(self, is_it: impl Fn(&Mandate) -> bool) -> impl Iterator<Item = &'a Mandate> {
        let day = self.day();
        let held = move |one: &&Mandate| one.from <= day && one.to.is_none_or(|to| to >= day);
        self.office.mandates.iter().filter(held).filter(move |one| is_it(one))
    }

    /// Who may do a step of somebody's card: those whom the first rule finds that finds somebody.
    pub(in super::super) fn actors(self, step: &Step, subject: PersonId) -> People {
        self.actors_for(step, subject, None)
    }

    /// The same for a line of work that somebody gave.
    pub(super) fn actors_for(self, step: &Step, subject: PersonId, giver: Option<PersonId>) -> People {
        let mut found = step.by.iter().map(|rule| self.found(step, rule, subject, giver));
        found.find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Whom a rule finds. Whoever is scored is nobody in a step that judges.
    fn found(self, step: &Step, rule: &Actor, subject: PersonId, giver: Option<PersonId>) -> People {
        let Some((own, _)) = self.seat(subject) else { return People::new() };
        let mut found: People = match rule {
            Actor::Subject => [subject].into(),
            Actor::Head(place) => self.head_from(self.at(*place, own), subject).into_iter().collect(),
            Actor::Deputy(place) => self.deputies(self.at(*place, own), subject),
            Actor::Position(position) => {
                let bound = || self.office.adoption.bound.iter().find(|(id, _)| *id == position.id);
                let at = if position.at == Place::Bound {
                    bound().map(|(_, unit)| *unit)
                } else {
                    self.at(position.at, own)
                };
                let is_it =
                    |one: &Mandate| one.task == Task::Position && one.word == position.id && Some(one.unit) == at;
                self.holders(is_it, subject)
            }
            Actor::Member(body) => self.members(body, own, subject),
            Actor::Appointed => self.appointed(step, own, subject),
            // If still in service, and not the person.
            Actor::Assigner => {
                let serves = |one: &PersonId| self.held(self.day()).any(|post| post.person == *one);
                giver.into_iter().filter(|one| *one != subject).filter(serves).collect()
            }
            // The head of the agency; of somebody who heads it, the head above.
            Actor::Managing => self.head_from(Some(self.agency(own)), subject).into_iter().collect(),
            Actor::Personnel(of) => self.keepers(*of, own),
            Actor::AnyOf(rules) => rules.iter().flat_map(|rule| self.found(step, rule, subject, giver)).collect(),
            Actor::FirstOf(rules) => {
                let each = rules.iter().map(|rule| self.found(step, rule, subject, giver));
                each.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
            }
        };
        if judges(step) {
            found.remove(&subject);
        }
        found
    }

    /// The unit that a place means, seen from the subject's own.
    fn at(self, place: Place, own: UnitId) -> Option<UnitId> {
        match place {
            Place::OwnUnit => Some(own),
            Place::Parent => self.unit(own)?.parent,
            Place::Agency => Some(self.agency(own)),
            Place::Region => {
                let is_region = |id: &UnitId| self.unit(*id).is_some_and(|unit| unit.kind == UnitKind::Region);
                self.line(own).into_iter().find(is_region)
            }
            Place::Bound => None,
        }
    }

    /// The first head on the way up who is not the subject. Whoever heads the own unit is not scored by a successor in it.
    fn head_from(self, from: Option<UnitId>, subject: PersonId) -> Option<PersonId> {
        let seat = self.seat(subject)?;
        let way = self.line(from?).into_iter().filter(|unit| (*unit, Rank::Head) != seat);
        let head = |unit: UnitId| {
            let heads = self.held(self.day()).filter(|post| post.unit == unit && post.rank == Rank::Head);
            heads.max_by_key(|post| (post.from, post.id)).map(|post| post.person)
        };
        way.filter_map(head).find(|head| *head != subject)
    }

    /// The deputies of a unit, but never for the unit's own head.
    fn deputies(self, unit: Option<UnitId>, subject: PersonId) -> People {
        if self.seat(subject).is_some_and(|(own, rank)| Some(own) == unit && rank == Rank::Head) {
            return People::new();
        }
        let posts = self.held(self.day()).filter(|post| Some(post.unit) == unit && post.rank == Rank::Deputy);
        posts.map(|post| post.person).filter(|person| *person != subject).collect()
    }

    fn holders(self, is_it: impl Fn(&Mandate) -> bool, subject: PersonId) -> People {
        self.mandates(is_it).map(|one| one.person).filter(|person| *person != subject).collect()
    }

    /// The members of a body that is formed in the subject's line or in a unit that the adoption binds.
    fn members(self, body: &str, own: UnitId, subject: PersonId) -> People {
        let mut units = self.line(own);
        units.extend(self.office.adoption.bound.iter().map(|(_, unit)| *unit));
        let seat = |one: &Mandate| matches!(one.task, Task::Chair | Task::Secretary | Task::Member);
        self.holders(|one| seat(one) && one.word == body && units.contains(&one.unit), subject)
    }

    /// Who was appointed for the step of this person, in the person's line; else for the people of the very unit.
    fn appointed(self, step: &Step, own: UnitId, subject: PersonId) -> People {
        let line = self.line(own);
        let for_it = |one: &Mandate| one.task == Task::Step && one.word == step.id;
        let by_name = |one: &Mandate| for_it(one) && one.subject == Some(subject) && line.contains(&one.unit);
        let by_unit = |one: &Mandate| for_it(one) && one.subject.is_none() && one.unit == own;
        let named = self.holders(by_name, subject);
        if named.is_empty() { self.holders(by_unit, subject) } else { named }
    }

    /// Who keeps the personnel records of the own unit, or of the level above the agency.
    fn keepers(self, of: RecordsOf, own: UnitId) -> People {
        let of = match of {
            RecordsOf::Agency => Some(own),
            RecordsOf::Above => self.unit(self.agency(own)).and_then(|agency| agency.parent),
        };
        let line = of.map(|unit| self.line(unit)).unwrap_or_default();
        let keepers = self.held(self.day()).filter(|post| post.personnel && line.contains(&self.agency(post.unit)));
        keepers.map(|post| post.person).collect()
    }

    /// Whether somebody keeps the personnel records of the subject's unit.
    pub(super) fn keeps_records(self, actor: PersonId, subject: PersonId) -> bool {
        self.seat(subject).is_some_and(|(own, _)| self.keepers(RecordsOf::Agency, own).contains(&actor))
    }

    /// Whether somebody may read a card: the person, the heads of the own unit and of those above, the keepers of the
    /// records, and whoever does one of its steps but to give work.
    pub(in super::super) fn reads(self, reader: PersonId, subject: PersonId) -> bool {
        let Some((own, _)) = self.seat(subject) else { return reader == subject };
        let line = self.line(own);
        let mut heads = self.held(self.day()).filter(|post| post.rank == Rank::Head && line.contains(&post.unit));
        let leads = heads.any(|post| post.person == reader);
        let gives = |step: &Step| step.verb == Verb::Plan;
        let does = |step: &Step| !gives(step) && self.actors(step, subject).contains(&reader);
        let acts = || self.steps(subject).iter().any(|(_, step)| does(step));
        reader == subject || leads || self.keeps_records(reader, subject) || acts()
    }
}
