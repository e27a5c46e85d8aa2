//! What a reader is sent: which operations, and a number that changes when that changes.

use super::State;
use crate::bug::{self, Bug};
use crate::ids::{LineId, PersonId, StateHash};
use crate::op::kind;
use crate::op::{Body, CardKey, Payload, Register, Target};
use crate::org::{Post, Rank};
use crate::pack::{self, PackAdoption};
use crate::procedure::{Act, Asked, Case};

impl State {
    /// Whether `reader` is entitled to an operation. Units, people, posts and work lists are for everybody; drafts are
    /// for their author; a card is for the people that [`Self::may_read_card`] names, what was filed on a unit's period for
    /// those of [`Self::may_read_unit_period`].
    #[must_use]
    pub fn may_read(&self, reader: PersonId, body: &Body) -> bool {
        match &body.target {
            Target::Org | Target::WorkList(_) => true,
            Target::Card(_) if kind::is_draft(body.kind) && !bug::is(Bug::DraftsToOthers) => body.actor == reader,
            Target::Card(key) => {
                body.actor == reader
                    || self.may_read_card(reader, key)
                    || self.is_about_given_work(reader, key, body)
                    || body.kind == kind::PUBLISH && self.is_public_to(reader, key)
            }
            Target::UnitPeriod(key) => body.actor == reader || self.may_read_unit_period(reader, key),
        }
    }

    /// Whether the class that is made known of a card is public for `reader`. Only the class: the publication names nothing
    /// else.
    #[must_use]
    pub fn is_public_to(&self, reader: PersonId, key: &CardKey) -> bool {
        let told = |case: Case<'_>, asked: Asked<'_>| {
            asked.steps_of(Act::Notify).iter().any(|(_, step)| case.is_told(step, reader))
        };
        // Most packs publish to nobody else.
        let some = pack::pinned(&key.pack).is_some_and(|pack| pack.steps.iter().any(|step| step.public_in.is_some()));
        some && self.with_asked(key, told).unwrap_or_default()
    }

    /// Whether an operation on a card is about nothing but lines that `reader` put there. Whoever gave work reads what becomes
    /// of it, also without reading the rest of the card.
    fn is_about_given_work(&self, reader: PersonId, key: &CardKey, body: &Body) -> bool {
        let Some(card) = self.card(key).filter(|card| card.has_added(reader)) else { return false };
        // Whoever neither gives work nor evaluates it any more, as after leaving the unit, reads no more of it.
        if !self.may_plan(key, reader) && !self.evaluates(key, reader) {
            return false;
        }
        let gave = |line: LineId| card.added_by(line) == Some(reader);
        match body.intent() {
            Ok(
                Payload::ReviseLine { line, .. }
                | Payload::RemoveLine { line, .. }
                | Payload::ReportProgress { line, .. }
                | Payload::Resolve {
                    register: Register::Plan(line) | Register::Progress(line) | Register::Finding(_, line),
                    ..
                },
            ) => gave(line),
            Ok(Payload::EvaluateLines(_, findings)) => findings.keys().all(|line| gave(*line)),
            _ => false,
        }
    }

    /// A number for what `reader` may read, which changes when that changes: a hash over the posts that decide it.
    #[must_use]
    pub fn scope_of(&self, reader: PersonId) -> u64 {
        if bug::is(Bug::ScopeIsBlind) {
            return 1;
        }
        let mut text = String::new();
        let oversees = |post: &Post| post.person == reader && (post.personnel || post.rank <= Rank::Deputy);
        let leads = self.org.has_mandate(reader) || self.org.posts().any(oversees);
        for post in self.org.posts().filter(|post| leads || post.person == reader) {
            text.push_str(&format!(
                "{} {} {} {:?} {} {:?} {};",
                post.id, post.person, post.unit, post.rank, post.from, post.to, post.personnel
            ));
        }
        for unit in self.org.units().filter(|_| leads) {
            text.push_str(&format!("{} {:?};", unit.id, unit.parent));
        }
        if leads {
            text.push_str(&self.kept_in_words());
            text.push_str(&self.procedure_in_words());
        }
        StateHash::of(text.as_bytes()).as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// What beside posts decides who may act on a card, and so read it, as a text that changes with it.
    fn procedure_in_words(&self) -> String {
        let mandates = self.org.mandates().map(|one| {
            format!(
                "{} {:?} {} {} {:?} {} {:?};",
                one.person, one.task, one.word, one.unit, one.subject, one.from, one.to
            )
        });
        let adopted = |one: &PackAdoption| {
            format!(
                "{} {} {} {:?} {:?} {:?} {:?};",
                one.unit, one.pack, one.from, one.to, one.bound, one.options, one.outside
            )
        };
        mandates.chain(self.adoptions.all().map(adopted)).collect()
    }
}
