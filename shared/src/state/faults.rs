//! What faults cost that were found after a decision: the period in which they are found, and the people whom the pack names.

use super::State;
use crate::card::{Version, counted_fault};
use crate::ids::{PersonId, StepPlace};
use crate::op::{CardKey, Fault};
use crate::pack::{self, Bearer, Costs, EventRule, FoundLater, Pack};
use crate::score::Event;
use crate::sort;
use crate::time::Period;

impl State {
    /// The faults found in the period of a card, of earlier periods of the same regulation, that count on it: of whoever is
    /// scored, and of those whom a head leads.
    #[must_use]
    pub fn faults_on(&self, key: &CardKey) -> Vec<(&CardKey, &Fault)> {
        let Some(pack) = pack::pinned(&key.pack).filter(|pack| pack.events.iter().any(is_borne_later)) else {
            return Vec::new();
        };
        let earlier = |other: &CardKey| other.period < key.period && same_regulation(other, pack);
        let others = self.cards().filter(|(other, _)| earlier(other));
        let mut found: Vec<(&CardKey, &Version, &Fault)> = others
            .flat_map(|(other, card)| card.faults().map(move |(version, fault)| (other, version, fault)))
            .filter(|(other, version, fault)| self.is_borne(key, other, version, fault))
            .collect();
        sort::sort_by_key(&mut found, |(_, version, _)| version.op);
        found.into_iter().map(|(other, _, fault)| (other, fault)).collect()
    }

    fn is_borne(&self, key: &CardKey, other: &CardKey, version: &Version, fault: &Fault) -> bool {
        let later = pack::pinned(&other.pack).and_then(|pack| rule(pack, &fault.code)?.found_later.as_ref());
        let Some(later) = later.filter(|later| later.costs == Costs::PeriodFound) else { return false };
        let found_in = Period::month_of(version.at.at.day()).within(key.period.span());
        let bears = |bearer: &Bearer| match bearer {
            Bearer::Subject => other.subject == key.subject,
            Bearer::Head => key.person().is_some() && self.direct_head(other) == key.person(),
        };
        found_in == key.period && later.whom.iter().any(bears)
    }

    /// As [`Self::faults_on`], in the form that the engine takes.
    pub(super) fn events_found(&self, key: &CardKey) -> Vec<Event> {
        let one = |(other, fault): (&CardKey, &Fault)| {
            let event = counted_fault(fault);
            Event { evidence: format!("{} ({})", event.evidence, other.period), ..event }
        };
        self.faults_on(key).into_iter().map(one).collect()
    }

    /// The faults that may still be recorded on a card: it is decided, and the pack says what each costs.
    #[must_use]
    pub fn faults_to_record(&self, key: &CardKey, actor: PersonId) -> Vec<(&'static EventRule, Option<StepPlace>)> {
        let (Some(pack), Some(role)) = (pack::pinned(&key.pack), self.role(key)) else { return Vec::new() };
        let decided = self.card(key).is_some_and(|card| card.approved_in().is_some());
        if !decided || actor == self.speaker(key) || !self.may_record_faults(key, actor) {
            return Vec::new();
        }
        let first = self.with_asked(key, |_, asked| asked.first_marking()).flatten();
        let rules = pack.events_for(role).filter_map(|rule| Some((rule, rule.found_later.as_ref()?)));
        rules.map(|(rule, later)| (rule, first.filter(|_| reopens(later)))).collect()
    }

    /// Whether `actor` may say that a recorded fault is none: whoever decides on the card, but nobody whom it costs.
    #[must_use]
    pub fn may_lift_fault(&self, key: &CardKey, actor: PersonId, fault: &Fault) -> bool {
        let later = pack::pinned(&key.pack).and_then(|pack| rule(pack, &fault.code)?.found_later.as_ref());
        let costs_head = later.is_some_and(|later| later.whom.contains(&Bearer::Head));
        let costs_actor = actor == self.speaker(key) || costs_head && self.direct_head(key) == Some(actor);
        !costs_actor && self.may_record_faults(key, actor)
    }

    /// Whether `actor` decides on a card, and so may record what was found after the decision.
    fn may_record_faults(&self, key: &CardKey, actor: PersonId) -> bool {
        self.acts(key, crate::procedure::Act::Decide, actor)
    }
}

fn is_borne_later(rule: &EventRule) -> bool {
    rule.found_later.as_ref().is_some_and(|later| later.costs == Costs::PeriodFound)
}

fn same_regulation(key: &CardKey, pack: &Pack) -> bool {
    pack::pinned(&key.pack).is_some_and(|other| other.id == pack.id)
}

fn rule<'p>(pack: &'p Pack, code: &str) -> Option<&'p EventRule> {
    pack.events.iter().find(|rule| rule.code == code)
}

/// Whether such a fault sets the result of its own period aside.
pub(crate) fn reopens(later: &FoundLater) -> bool {
    later.costs == Costs::PeriodHappened
}
