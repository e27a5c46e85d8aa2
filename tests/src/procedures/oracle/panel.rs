//! A team that marks apart: who belongs to it, who closes it, with which result, and who sees whose marks.

use std::collections::BTreeSet;

use shared::ids::{LineId, PersonId};
use shared::num::Exact;
use shared::op::{Appraisal, Mark};
use shared::org::Task;
use shared::pack::{Actor, Slots, Step, Tally};

use super::{Leaves, Record, Rules, leaves};

/// Whether everybody who may do a step marks in a slot of the own.
pub(in super::super) fn is_panel(step: &Step) -> bool {
    leaves(step) == Leaves::Marks && step.per == Slots::Actor
}

/// The bodies that rules name, wherever they name them.
fn bodies(rules: &[Actor]) -> Vec<&String> {
    let mut found = Vec::new();
    for rule in rules {
        match rule {
            Actor::Member(body) => found.push(body),
            Actor::AnyOf(rules) | Actor::FirstOf(rules) => found.extend(bodies(rules)),
            _ => {}
        }
    }
    found
}

impl Rules<'_> {
    /// Who gives the one result of a step in which somebody marks: of a team its chair and secretary, where it has none
    /// beside the person scored any member.
    pub(in super::super) fn closers(self, step: &Step, subject: PersonId) -> BTreeSet<PersonId> {
        let members = self.actors(step, subject);
        if !is_panel(step) {
            return members;
        }
        let Some((own, _)) = self.seat(subject) else { return members };
        let mut units = self.line(own);
        units.extend(self.office.adoption.bound.iter().map(|(_, unit)| *unit));
        let named = bodies(&step.by);
        let leads = self.mandates(|one| {
            matches!(one.task, Task::Chair | Task::Secretary) && named.contains(&&one.word) && units.contains(&one.unit)
        });
        let leading: BTreeSet<PersonId> = leads.map(|one| one.person).filter(|one| members.contains(one)).collect();
        if leading.is_empty() { members } else { leading }
    }
}

impl Record {
    /// What the members of a team have marked.
    fn given(&self, rules: Rules<'_>, subject: PersonId, place: u8, step: &Step) -> Vec<(PersonId, &Appraisal)> {
        let members = rules.actors(step, subject).into_iter();
        members.filter_map(|member| Some((member, self.slots.get(&(place, member))?))).collect()
    }

    /// The members who have not marked.
    pub(in super::super) fn missing(
        &self,
        rules: Rules<'_>,
        subject: PersonId,
        place: u8,
        step: &Step,
    ) -> BTreeSet<PersonId> {
        let mut members = rules.actors(step, subject);
        members.retain(|member| !self.slots.contains_key(&(place, *member)));
        members
    }

    /// Whether enough members have marked: all, or the share that the text names. Where one person marks, nobody is waited
    /// for.
    pub(in super::super) fn are_enough(&self, rules: Rules<'_>, subject: PersonId, place: u8) -> bool {
        let Some(step) = Self::step(rules, place).filter(|step| is_panel(step)) else { return true };
        let marked = self.given(rules, subject, place, step).len();
        let all = rules.actors(step, subject).len();
        let count = |count: usize| Exact::from_int(i64::try_from(count).unwrap_or_default());
        let needed = step.quorum.clone().unwrap_or_else(Exact::one) * count(all);
        all > 0 && count(marked) >= needed
    }

    /// Whether there is a result of this step or of a later one.
    pub(super) fn is_marked_up_to(&self, place: u8) -> bool {
        self.marks.keys().next_back().is_some_and(|latest| *latest >= place)
    }

    /// Whether somebody but `actor` has marked in a team, or there is a result: the latest such step.
    pub(super) fn marked_beside(&self, actor: PersonId) -> Option<u8> {
        let slots = self.slots.keys().filter(|(_, member)| *member != actor).map(|(place, _)| *place);
        slots.chain(self.marks.keys().copied()).max()
    }

    /// Whether a result follows from what the members of a team have marked.
    pub(super) fn follows_from_slots(
        &self,
        rules: Rules<'_>,
        subject: PersonId,
        place: u8,
        result: &Appraisal,
    ) -> bool {
        let Some(step) = Self::step(rules, place).filter(|step| is_panel(step)) else { return true };
        let given = self.given(rules, subject, place, step);
        let codes: BTreeSet<&String> = given.iter().flat_map(|(_, slot)| slot.marks.keys()).collect();
        if !result.marks.keys().eq(codes.iter().copied()) {
            return false;
        }
        let fits = |(code, signed): (&String, &Mark)| {
            let marks: Vec<Exact> =
                given.iter().filter_map(|(_, slot)| Some(slot.marks.get(code)?.value.clone())).collect();
            match step.tally {
                Some(Tally::Agreed) => {
                    marks.iter().any(|mark| *mark <= signed.value) && marks.iter().any(|mark| *mark >= signed.value)
                }
                _ => {
                    let sum: Exact = marks.iter().sum();
                    sum == signed.value.clone() * Exact::from_int(i64::try_from(marks.len()).unwrap_or_default())
                }
            }
        };
        let lines: BTreeSet<_> =
            given.iter().flat_map(|(_, slot)| slot.lines.keys()).chain(result.lines.keys()).collect();
        let facts: BTreeSet<_> =
            given.iter().flat_map(|(_, slot)| slot.facts.keys()).chain(result.facts.keys()).collect();
        // As most of them said; where they agree, as one of them did.
        let enough = |said: usize, others: Vec<usize>| match step.tally {
            Some(Tally::Agreed) => said > 0,
            _ => others.into_iter().all(|other| said >= other),
        };
        let stated = |code: &&String| {
            let by = |value| given.iter().filter(|(_, slot)| slot.facts.get(*code) == value).count();
            enough(by(result.facts.get(*code)), given.iter().map(|(_, slot)| by(slot.facts.get(*code))).collect())
        };
        let found = |line: &&LineId| {
            let by = |value| given.iter().filter(|(_, slot)| slot.lines.get(*line) == value).count();
            enough(by(result.lines.get(*line)), given.iter().map(|(_, slot)| by(slot.lines.get(*line))).collect())
        };
        result.marks.iter().all(fits) && facts.iter().all(stated) && lines.iter().all(found)
    }

    /// Whether a reader sees what a member has marked.
    pub(in super::super) fn shows_slot(
        &self,
        rules: Rules<'_>,
        subject: PersonId,
        reader: PersonId,
        (place, member): (u8, PersonId),
    ) -> bool {
        let Some(step) = Self::step(rules, place) else { return false };
        let closes = rules.closers(step, subject).contains(&reader)
            && self.slots.contains_key(&(place, reader))
            && self.are_enough(rules, subject, place);
        rules.reads(reader, subject)
            && (reader != subject || self.is_told(rules, subject))
            && (!step.blind || self.is_marked_up_to(place) || reader == member || closes)
    }
}
