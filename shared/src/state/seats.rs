//! The seats of people on their cards. The posts held in the period give the seat; once a card is decided, the decision
//! gives it. Later changes of a post neither remove a decided card from a list nor move it to another one.

use super::{DEFAULT_PACK, State};
use crate::card::Card;
use crate::ids::{PersonId, UnitId};
use crate::op::{CardKey, Register};
use crate::org::Seat;
use crate::text;
use crate::time::{Day, Period};

impl State {
    /// The key of a person's card for a period: that of the decided card, or else the one under today's pack if the
    /// person held a post on any day of the period.
    #[must_use]
    pub fn card_key(&self, person: PersonId, period: Period) -> Option<CardKey> {
        let decided = self.cards_of(person).find(|(key, card)| key.period == period && card.holds(&Register::Approval));
        let held = || self.org.post_in(person, period).is_some();
        let today = || CardKey { person, period, pack: DEFAULT_PACK.to_owned() };
        decided.map(|(key, _)| key.clone()).or_else(|| held().then(today))
    }

    /// The seat of a card's person.
    #[must_use]
    pub fn seat(&self, key: &CardKey) -> Option<Seat<'_>> {
        let decided = self.kept.contains(key).then(|| self.decided_seat(key));
        decided.unwrap_or_else(|| self.org.seat_in(key.person, key.period))
    }

    /// Whether a card has its seat only by its decision. It can then be read, and published, but nothing else can be
    /// done to it.
    pub(super) fn stands_by_decision(&self, key: &CardKey) -> bool {
        self.kept.contains(key) && self.org.post_in(key.person, key.period).is_none()
    }

    fn decided_seat(&self, key: &CardKey) -> Option<Seat<'_>> {
        Some(self.card(key)?.decided_standing()?.seat())
    }

    /// Whether nobody has to wait on `day` for the person's self-score any more: the period may be decided, or the
    /// person has left.
    #[must_use]
    pub fn may_be_scored_alone(&self, key: &CardKey, day: Day) -> bool {
        // From the day on which the period may be decided nobody has to wait for its end: December is decided before
        // its end.
        day >= self.opens(key, "approve") || self.org.last_day_in(key.person, key.period).is_some_and(|last| day > last)
    }

    /// The cards of everybody who stands in `unit` or below it in a period, with or without content. Higher units come
    /// first; within a unit the order is by given name, as in Vietnamese lists.
    #[must_use]
    pub fn cards_under(&self, unit: UnitId, period: Period) -> Vec<CardKey> {
        let all = self.org.people().filter_map(|person| {
            let key = self.card_key(person.id, period)?;
            let at = self.seat(&key)?.unit;
            let unit = self.org.is_within(at, unit).then(|| self.org.unit(at).map(|unit| text::order(&unit.name)))?;
            Some(((self.org.depth(at), unit, at, text::by_given_name(&person.name), person.id), key))
        });
        // The sort key of each is made once and kept beside the card's key.
        let mut found: Vec<_> = all.collect();
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        found.into_iter().map(|(_, key)| key).collect()
    }

    /// Whether `reader` may see a whole card. The person may, the heads of the person's unit on the card and of the
    /// units above it, and the keepers of its personnel records.
    #[must_use]
    pub fn may_read_card(&self, reader: PersonId, key: &CardKey) -> bool {
        if reader == key.person || reader == PersonId::SYSTEM {
            return true;
        }
        self.seat(key).is_some_and(|seat| self.org.may_read(reader, seat.unit, key.period.last_day()))
    }

    /// The cards that `actor` tracks as direct head.
    #[must_use]
    pub fn led_by(&self, actor: PersonId, period: Period) -> Vec<CardKey> {
        let keys = self.org.people().filter_map(|person| self.card_key(person.id, period));
        keys.filter(|key| self.direct_head(key) == Some(actor)).collect()
    }

    /// The person who tracks a card as direct head.
    #[must_use]
    pub fn direct_head(&self, key: &CardKey) -> Option<PersonId> {
        self.org.direct_head(key.person, self.seat(key)?, key.period.last_day())
    }

    /// The person who decides a card as head of the agency.
    #[must_use]
    pub fn agency_head(&self, key: &CardKey) -> Option<PersonId> {
        self.org.agency_head(key.person, self.seat(key)?, key.period.last_day())
    }

    /// The cards whose decided seat differs from the seat by the posts, as a text that changes with them. They affect
    /// who may read what.
    pub(super) fn kept_in_words(&self) -> String {
        let words = |key: &CardKey| format!("{key} {:?};", self.decided_seat(key).map(|seat| seat.unit));
        self.kept.iter().map(words).collect()
    }

    /// Updates the seat of a card after an act on it.
    pub(super) fn note_seat(&mut self, key: &CardKey) {
        let by_posts = self.org.seat_in(key.person, key.period);
        let moved = |decided: Seat<'_>| by_posts.is_none_or(|seat| !seat.is_same_place(decided));
        if self.decided_seat(key).is_some_and(moved) {
            self.kept.insert(key.clone());
        } else {
            self.kept.remove(key);
        }
    }

    /// Updates the seats of all cards of a person after a post changed.
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
