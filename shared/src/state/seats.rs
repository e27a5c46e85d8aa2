//! Where people stand on their cards: by the posts held in the period, and once a card is decided, as it was decided. What
//! becomes of a post later takes no decided card out of a list, and moves none into another.

use super::{DEFAULT_PACK, State};
use crate::card::Card;
use crate::ids::{PersonId, UnitId};
use crate::op::{CardKey, Register};
use crate::org::Seat;
use crate::text;
use crate::time::{Day, Period};

impl State {
    /// The key of a person's card for a period: the one that is decided, else that of whoever held a post on any day of it.
    #[must_use]
    pub fn card_key(&self, person: PersonId, period: Period) -> Option<CardKey> {
        let decided = self.cards_of(person).find(|(key, card)| key.period == period && card.holds(&Register::Approval));
        let held = || self.org.post_in(person, period).is_some();
        let today = || CardKey { person, period, pack: DEFAULT_PACK.to_owned() };
        decided.map(|(key, _)| key.clone()).or_else(|| held().then(today))
    }

    /// Where the person of a card stands in it.
    #[must_use]
    pub fn seat(&self, key: &CardKey) -> Option<Seat<'_>> {
        let decided = self.kept.contains(key).then(|| self.decided_seat(key));
        decided.unwrap_or_else(|| self.org.seat_in(key.person, key.period))
    }

    /// Whether a card stands where it stands by its decision alone: it is read, and nothing more can be done to it but telling.
    pub(super) fn stands_by_decision(&self, key: &CardKey) -> bool {
        self.kept.contains(key) && self.org.post_in(key.person, key.period).is_none()
    }

    fn decided_seat(&self, key: &CardKey) -> Option<Seat<'_>> {
        Some(self.card(key)?.decided_standing()?.seat())
    }

    /// Whether nobody waits any more on `day` for what the person says: the period is over, or the person left before its end.
    #[must_use]
    pub fn may_be_scored_alone(&self, key: &CardKey, day: Day) -> bool {
        // From the day on which the period may be decided nobody has to wait for its end: December is decided before it.
        day >= self.opens(key, "approve") || self.org.last_day_in(key.person, key.period).is_some_and(|last| day > last)
    }

    /// Everybody's card for a period who stands in `unit` or below it, whether anything is written on it or not: higher units
    /// first, within a unit by given name as Vietnamese lists are.
    #[must_use]
    pub fn cards_under(&self, unit: UnitId, period: Period) -> Vec<CardKey> {
        let all = self.org.people().filter_map(|person| {
            let key = self.card_key(person.id, period)?;
            let at = self.seat(&key)?.unit;
            let unit = self.org.is_within(at, unit).then(|| self.org.unit(at).map(|unit| text::order(&unit.name)))?;
            Some(((self.org.depth(at), unit, at, text::by_given_name(&person.name), person.id), key))
        });
        // Beside its key each is sorted by what is made once.
        let mut found: Vec<_> = all.collect();
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        found.into_iter().map(|(_, key)| key).collect()
    }

    /// Whether `reader` may see a card whole: the person, the heads of the unit where the person stands in it and of those
    /// above, the keepers of its personnel records.
    #[must_use]
    pub fn may_read_card(&self, reader: PersonId, key: &CardKey) -> bool {
        if reader == key.person || reader == PersonId::SYSTEM {
            return true;
        }
        self.seat(key).is_some_and(|seat| self.org.may_read(reader, seat.unit, key.period.last_day()))
    }

    /// Whose card `actor` tracks as direct head.
    #[must_use]
    pub fn led_by(&self, actor: PersonId, period: Period) -> Vec<CardKey> {
        let keys = self.org.people().filter_map(|person| self.card_key(person.id, period));
        keys.filter(|key| self.direct_head(key) == Some(actor)).collect()
    }

    /// Who tracks a card as direct head.
    #[must_use]
    pub fn direct_head(&self, key: &CardKey) -> Option<PersonId> {
        self.org.direct_head(key.person, self.seat(key)?, key.period.last_day())
    }

    /// Who decides a card as head of the agency.
    #[must_use]
    pub fn agency_head(&self, key: &CardKey) -> Option<PersonId> {
        self.org.agency_head(key.person, self.seat(key)?, key.period.last_day())
    }

    /// Cards that a person's posts no longer place where they were decided, as a text that changes with them: who may read them
    /// follows from it.
    pub(super) fn kept_in_words(&self) -> String {
        let words = |key: &CardKey| format!("{key} {:?};", self.decided_seat(key).map(|seat| seat.unit));
        self.kept.iter().map(words).collect()
    }

    /// Looks again where a card stands, after an act on it.
    pub(super) fn note_seat(&mut self, key: &CardKey) {
        let by_posts = self.org.seat_in(key.person, key.period);
        let moved = |decided: Seat<'_>| by_posts.is_none_or(|seat| !seat.is_same_place(decided));
        if self.decided_seat(key).is_some_and(moved) {
            self.kept.insert(key.clone());
        } else {
            self.kept.remove(key);
        }
    }

    /// The same of all cards of a person, after a post changed.
    pub(super) fn note_seats(&mut self, person: PersonId) {
        let keys: Vec<CardKey> = self.cards_of(person).map(|(key, _)| key.clone()).collect();
        keys.iter().for_each(|key| self.note_seat(key));
    }

    fn cards_of(&self, person: PersonId) -> impl Iterator<Item = (&CardKey, &Card)> {
        let first = CardKey { person, period: Period::Month(0, 0), pack: String::new() };
        let cards = self.cards.range(first..).take_while(move |(key, _)| key.person == person);
        cards.map(|(key, card)| (key, card.as_ref()))
    }
}
