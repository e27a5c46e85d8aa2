//! The people whom a head leads, with the totals on which the head's own result rests (Đ.15(3)a of Decree 335/2025:
//! "công chức thuộc thẩm quyền quản lý").

use super::State;
use crate::card::{Card, Side};
use crate::ids::{OpId, PersonId, UnitId};
use crate::limits::{BASE_MAX, LED_NAMED_MAX, UNIT_DEPTH_MAX};
use crate::num::Exact;
use crate::op::{CardKey, Led, Payload, Target};
use crate::org::Rank;
use crate::pack;
use crate::sort;

impl State {
    /// Everyone led by the person of a card, directly or through others, if the card's rules ask for their results. For
    /// a head these are all civil servants of the units headed within the own agency, on the last day of the period.
    /// What a deputy is in charge of is not recorded anywhere. Of very many people only the lowest totals and some of
    /// the missing ones are returned; the rest decides nothing.
    #[must_use]
    pub fn led(&self, key: &CardKey) -> Vec<Led> {
        self.led_within(key, 0)
    }

    fn led_within(&self, key: &CardKey, depth: usize) -> Vec<Led> {
        let asks = pack::pinned(&key.pack).zip(self.role(key)).is_some_and(|(pack, role)| {
            pack.statements_for(role).any(|statement| statement.subordinates_min.is_some())
        });
        let people = if asks && depth < UNIT_DEPTH_MAX { self.people_led(key) } else { Vec::new() };
        let led = people
            .into_iter()
            .map(|led| Led { person: self.speaker(&led), total: self.total_for_head(&led, depth + 1) });
        let (mut known, mut missing): (Vec<Led>, Vec<Led>) = led.partition(|one| one.total.is_some());
        sort::sort_by_key(&mut known, |one| (one.total.clone(), one.person));
        known.truncate(LED_NAMED_MAX);
        missing.truncate(LED_NAMED_MAX);
        known.append(&mut missing);
        known
    }

    /// The heads that an act should name as its base. A server that lacks one of them holds the act until it arrives.
    #[must_use]
    pub fn base_on(&self, target: &Target, intent: &Payload) -> Vec<OpId> {
        match target {
            Target::Card(key) => self.base_for(key, intent),
            Target::UnitPeriod(key) => self.latest_filings(key).iter().map(|filing| filing.op).collect(),
            Target::Org | Target::WorkList(_) => Vec::new(),
        }
    }

    /// On a card, these are the heads of every register that the act writes or builds on, and for a decision also those of
    /// the results of the people led that it signs.
    fn base_for(&self, key: &CardKey, intent: &Payload) -> Vec<OpId> {
        let mut base = self.card(key).map(|card| card.base_for(intent)).unwrap_or_default();
        if let Payload::Approve(_, approval) = intent {
            let keys = approval.led.iter().filter_map(|led| self.card_led(key, led.person));
            // A compacted card has no operation to name.
            let cards = keys.filter_map(|key| self.card(&key)).filter(|card| !card.is_compacted());
            let results = cards.flat_map(|card| {
                let register = card.approved_in().or_else(|| card.appraised_in());
                register.into_iter().flat_map(|register| card.heads(register)).collect::<Vec<_>>()
            });
            base.extend(results);
            base.truncate(BASE_MAX);
        }
        base
    }

    /// The card of somebody led on which a card rests: that under the same regulation. Where another regulation takes its place
    /// for the person, that one's: nobody gets a better result by letting his people be scored otherwise. A regulation that
    /// stands beside looks at its own cards only.
    fn card_led(&self, key: &CardKey, person: PersonId) -> Option<CardKey> {
        let keys = self.card_keys(person, key.period);
        let id = |key: &CardKey| pack::pinned(&key.pack).map(|pack| &pack.id);
        let beside = || self.adoptions_of(key).first().is_some_and(|adoption| adoption.beside);
        let same = keys.iter().find(|other| id(other) == id(key));
        same.or_else(|| keys.first().filter(|_| !beside())).cloned()
    }

    /// The cards of the people led. Support staff are not civil servants (Đ.28(2)). Nobody waits for people who are not
    /// assessed in the period.
    fn people_led(&self, key: &CardKey) -> Vec<CardKey> {
        let Some(leader) = key.person() else { return Vec::new() };
        let day = self.org.last_day_in(key.subject, key.period).unwrap_or_else(|| key.period.last_day());
        let Some(seat) = self.seat(key) else { return Vec::new() };
        let within = self.org.agency_of(seat.unit).unwrap_or(seat.unit);
        let posts = self.org.posts_of(leader, day).into_iter().filter(|post| post.rank == Rank::Head);
        let headed: Vec<UnitId> = posts
            .map(|post| post.unit)
            .filter(|unit| self.org.head_of(*unit, day) == Some(leader) && self.org.is_within(*unit, within))
            .collect();
        let is_led = |led: &CardKey| {
            let below = |unit| headed.iter().any(|headed| self.org.is_within(unit, *headed));
            let serves = self.seat(led).is_some_and(|seat| seat.rank != Rank::Support && below(seat.unit));
            serves && self.card(led).is_none_or(|card| card.absence().is_none())
        };
        let others = self.org.people().filter(|person| person.id != leader && !headed.is_empty());
        others.filter_map(|person| self.card_led(key, person.id)).filter(is_led).collect()
    }

    /// The total as decided, or else as the superior scored.
    fn total_for_head(&self, key: &CardKey, depth: usize) -> Option<Exact> {
        if let Some(approval) = self.card(key).and_then(Card::approval) {
            return approval.total.clone();
        }
        let led = self.led_within(key, depth);
        let faults = self.events_found(key);
        let input = self.read(key, &led, &faults, |card, reading| card.input(Side::Appraised, reading))??;
        let outcome = crate::score::evaluate(pack::pinned(&key.pack)?, &input).ok()?;
        outcome.total.map(|total| total.exact)
    }
}
