//! What faults cost that were found after a decision: the period in which they are found, and the people whom the pack names.

use super::State;
use crate::card::{Card, Version, counted_fault};
use crate::ids::{PersonId, StepPlace};
use crate::limits::NOTE_CHARS_MAX;
use crate::op::{CardKey, Fault, Register};
use crate::pack::{self, Bearer, EventRule, FoundLater, Pack};
use crate::score::Event;
use crate::sort;
use crate::time::Period;

impl State {
    /// The faults of earlier periods of the same regulation that count on a card: of whoever is scored, and of those whom a
    /// head leads.
    #[must_use]
    pub fn faults_on(&self, key: &CardKey) -> Vec<(&CardKey, &Fault)> {
        let costs_later = |rule: &EventRule| rule.found_later.as_ref().is_some_and(|later| !later.makes_anew());
        let (Some(pack), Some(role)) = (pack::pinned(&key.pack), self.role(key)) else { return Vec::new() };
        if !pack.events.iter().any(costs_later) {
            return Vec::new();
        }
        // Where the rules of this card no longer know the event, it costs nothing.
        let known = |fault: &Fault| pack.events_for(role).any(|rule| rule.code == fault.code);
        let earlier = self.cards().filter(|(other, _)| other.period < key.period && is_same_regulation(other, pack));
        let mut found: Vec<(&CardKey, &Version, &Fault)> = earlier
            .flat_map(|(other, card)| card.faults().map(move |(version, fault)| (other, version, fault)))
            .filter(|(other, version, fault)| known(fault) && self.is_borne(key, other, version, fault))
            .collect();
        sort::sort_by_key(&mut found, |(_, version, _)| version.op);
        found.into_iter().map(|(other, _, fault)| (other, fault)).collect()
    }

    fn is_borne(&self, key: &CardKey, other: &CardKey, version: &Version, fault: &Fault) -> bool {
        let bears = |bearer: &Bearer| match bearer {
            Bearer::Subject => other.subject == key.subject,
            Bearer::Head => key.person().is_some() && self.direct_head(other) == key.person(),
        };
        let whom = found_later(other, fault).map(|later| later.whom.as_slice()).unwrap_or_default();
        fault_counts_in(other, version, fault) == Some(key.period) && whom.iter().any(bears)
    }

    /// As [`Self::faults_on`], in the form that the engine takes.
    pub(super) fn events_found(&self, key: &CardKey) -> Vec<Event> {
        let one = |(other, fault): (&CardKey, &Fault)| {
            let event = counted_fault(fault);
            let evidence = format!("{}: {}", other.period, event.evidence).chars().take(NOTE_CHARS_MAX).collect();
            Event { evidence, ..event }
        };
        self.faults_on(key).into_iter().map(one).collect()
    }

    /// The faults that `actor` may record on a card: it is decided, and the pack says what each costs. With each stands the
    /// first step that it sets back, if it does.
    #[must_use]
    pub fn faults_to_record(&self, key: &CardKey, actor: PersonId) -> Vec<(&'static EventRule, Option<StepPlace>)> {
        let (Some(pack), Some(role)) = (pack::pinned(&key.pack), self.role(key)) else { return Vec::new() };
        if !self.decides_last(key, actor) {
            return Vec::new();
        }
        let first = self.with_asked(key, |_, asked| asked.first_marking()).flatten();
        let rules = pack.events_for(role).filter_map(|rule| Some((rule, rule.found_later.as_ref()?)));
        rules.map(|(rule, later)| (rule, first.filter(|_| later.makes_anew()))).collect()
    }

    /// Whether `actor` may say that a recorded fault is none: whoever decides on the card, but nobody whom it costs.
    #[must_use]
    pub fn may_lift_fault(&self, key: &CardKey, actor: PersonId, fault: &Fault) -> bool {
        let costs_head = found_later(key, fault).is_some_and(FoundLater::costs_head);
        self.decides_last(key, actor) && !(costs_head && self.direct_head(key) == Some(actor))
    }

    /// Whether `actor` decides on a card of others in the step whose decision counts, or in a later one.
    fn decides_last(&self, key: &CardKey, actor: PersonId) -> bool {
        let Some(last) = self.card(key).and_then(Card::approved_in) else { return false };
        let decides = self.with_asked(key, |case, asked| {
            let reaches = |place: StepPlace| Register::Approval(place) >= *last;
            asked.deciding().into_iter().any(|(place, step)| reaches(place) && case.may_do(step, actor))
        });
        actor != self.speaker(key) && decides.unwrap_or_default()
    }
}

/// The period in which a fault on a card counts: that in which it was recorded. Found before the period of the card was over, it
/// counts in the next one, because this one is decided. None where the card's own result is made anew.
#[must_use]
pub fn fault_counts_in(key: &CardKey, version: &Version, fault: &Fault) -> Option<Period> {
    let found_in = Period::month_of(version.at.at.day()).within(key.period.span());
    fault.reopens.is_none().then(|| found_in.max(key.period.next()))
}

fn found_later(key: &CardKey, fault: &Fault) -> Option<&'static FoundLater> {
    pack::pinned(&key.pack)?.event(&fault.code)?.found_later.as_ref()
}

fn is_same_regulation(key: &CardKey, pack: &Pack) -> bool {
    pack::pinned(&key.pack).is_some_and(|other| other.id == pack.id)
}
