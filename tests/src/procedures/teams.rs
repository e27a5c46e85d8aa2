//! Teams are shown as they stand: how many have marked, whom a step waits for, and to nobody what a reader must not see yet.

use std::collections::BTreeSet;

use shared::ids::{PersonId, StepPlace};
use shared::op::Register;
use shared::pack::{Slots, Step, Verb};
use shared::state::{CardStep, StepStatus};

use super::life::{Life, key};
use super::oracle::{Leaves, is_panel, leaves};
use super::tables::{Checked, require};

impl Life<'_> {
    /// Checks what is shown of the teams of all cards.
    ///
    /// # Errors
    /// The step that is shown otherwise; who sees which mark; who is led to another step.
    pub(super) fn teams(&self) -> Checked {
        for subject in self.subjects() {
            let shown = self.state.steps_of(PersonId::SYSTEM, &key(self.rules.office, subject), self.today());
            for (one, (place, step)) in shown.iter().zip(self.rules.steps(subject)) {
                self.step_stands(subject, one, (place, step))?;
            }
            self.slots_are_seen(subject)?;
            self.voices_are_heard(subject)?;
            self.signers_know(subject)?;
        }
        Ok(())
    }

    fn step_stands(&self, subject: PersonId, one: &CardStep, (place, step): (u8, &Step)) -> Checked {
        let (record, members) = (self.record(subject), self.rules.actors(step, subject));
        let missing = record.missing(self.rules, subject, place, step);
        let given = missing.is_empty() || record.marks.contains_key(&place);
        if leaves(step) == Leaves::Said {
            return self.voices_stand(subject, one, (place, step));
        }
        if leaves(step) == Leaves::Lines {
            return self.lines_stand(subject, one, (place, step));
        }
        let marked = is_panel(step).then_some((members.len() - missing.len(), members.len()));
        let waits = match is_panel(step) {
            true if given => self.rules.closers(step, subject),
            true => missing.clone(),
            false => members,
        };
        // Where the rules find nobody, personnel may enter what an authority outside did.
        let actors: BTreeSet<PersonId> =
            if one.outside { BTreeSet::new() } else { one.actors.iter().copied().collect() };
        let same = one.step.id == step.id && one.marked == marked && actors == waits;
        require(same, || {
            let found = one.marked;
            format!("step {place} of {subject}: {found:?}, for {actors:?}; by the rules {marked:?}, for {waits:?}")
        })?;
        // Whoever is asked for the own marks is led to the step in which they are asked for.
        let open = is_panel(step) && !given && one.status == StepStatus::Open;
        for member in missing.into_iter().filter(|_| open) {
            let marking = self.state.marking(&key(self.rules.office, subject), member);
            let led = marking.filter(|it| it.step == StepPlace(place) && it.apart && it.ready && !it.done);
            require(led.is_some(), || format!("{member} is not led to step {place} of {subject}: {marking:?}"))?;
        }
        Ok(())
    }

    /// A step of lines shows how many have an answer, and who still gives one.
    fn lines_stand(&self, subject: PersonId, one: &CardStep, (place, step): (u8, &Step)) -> Checked {
        let record = self.record(subject);
        let lines = record.lines_in(self.rules, subject, (place, step));
        let answered = lines.iter().filter(|(_, answered)| *answered).count();
        let marked = (!lines.is_empty()).then_some((answered, lines.len()));
        let open = lines.iter().filter(|(_, answered)| !answered);
        let mut waits: BTreeSet<PersonId> =
            open.flat_map(|(line, _)| record.evaluators(self.rules, subject, step, *line)).collect();
        if lines.is_empty() {
            waits = self.rules.actors(step, subject);
        }
        let actors: BTreeSet<PersonId> = one.actors.iter().copied().collect();
        require(one.step.id == step.id && one.marked == marked && actors == waits, || {
            let found = one.marked;
            format!(
                "lines in step {place} of {subject}: {found:?}, for {actors:?}; by the rules {marked:?}, for {waits:?}"
            )
        })
    }

    /// A step in which something is said shows who is still asked, and is open while it is their turn.
    fn voices_stand(&self, subject: PersonId, one: &CardStep, (place, step): (u8, &Step)) -> Checked {
        let (record, rules) = (self.record(subject), self.rules);
        let (members, silent) = (rules.actors(step, subject), record.silent(rules, subject, (place, step)));
        let marked = (step.per == Slots::Actor).then_some((members.len() - silent.len(), members.len()));
        let whole = record.is_heard(rules, subject, (place, step)) && silent.is_empty();
        let too_late =
            step.verb == Verb::Object && record.last_day(rules, subject, step).is_some_and(|last| last < self.today());
        let turn = record.may_be_said(rules, subject, step, self.today()) && !record.has_gone_on(rules, subject, step);
        let due = !record.is_away() && turn && !whole && !too_late;
        let actors: BTreeSet<PersonId> = one.actors.iter().copied().collect();
        let open = one.status == StepStatus::Open;
        require(one.step.id == step.id && one.marked == marked && actors == silent && open == due, || {
            let found = (one.marked, one.status);
            format!(
                "said in step {place} of {subject}: {found:?}, for {actors:?}; by the rules open {due}, {marked:?}, for {silent:?}"
            )
        })
    }

    /// Who learns what was said.
    fn voices_are_heard(&self, subject: PersonId) -> Checked {
        let (key, record) = (key(self.rules.office, subject), self.record(subject));
        for (place, speaker) in record.said.keys().copied() {
            let register = Register::Voice(StepPlace(place), speaker);
            for reader in self.rules.office.people.iter().map(|person| person.id) {
                let hears = self.state.may_see(reader, &key, &register);
                let due = record.shows_voice(self.rules, subject, reader, (place, speaker));
                require(hears == due, || {
                    format!("{reader} hears {register} of {subject}: {hears}, by the rules {due}")
                })?;
            }
        }
        Ok(())
    }

    fn slots_are_seen(&self, subject: PersonId) -> Checked {
        let (key, record) = (key(self.rules.office, subject), self.record(subject));
        for (place, member) in record.slots.keys().copied() {
            let register = Register::Slot(StepPlace(place), member);
            for reader in self.rules.office.people.iter().map(|person| person.id) {
                let sees = self.state.may_see(reader, &key, &register);
                let due = record.shows_slot(self.rules, subject, reader, (place, member));
                require(sees == due, || format!("{reader} sees {register} of {subject}: {sees}, by the rules {due}"))?;
            }
        }
        Ok(())
    }

    /// Whoever signs the result is told so, and nobody else.
    fn signers_know(&self, subject: PersonId) -> Checked {
        let (key, signing) = (key(self.rules.office, subject), self.rules.signing(subject));
        for actor in self.rules.office.people.iter().map(|person| person.id) {
            let due = self.rules.signs(&signing, subject, actor);
            // A keeper of records who signs as well is led first to what an authority outside decides before.
            let told = self.state.deciding(&key, actor).is_some_and(|it| !it.outside || due);
            require(told == due, || format!("{actor} signs for {subject}: {told}, by the rules {due}"))?;
        }
        Ok(())
    }
}
