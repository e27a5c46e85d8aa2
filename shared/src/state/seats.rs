//! The seats of people on their cards. The posts held in the period give the seat; once a card is decided, the decision
//! gives it. Later changes of a post neither remove a decided card from a list nor move it to another one.

use super::State;
use crate::bug::{self, Bug};
use crate::card::Card;
use crate::ids::{PackHash, PersonId, UnitId};
use crate::op::CardKey;
use crate::org::{Rank, Seat};
use crate::pack::{self, PackAdoption, Span};
use crate::procedure::{Act, Asked, Case, role_of};
use crate::text;
use crate::time::{Day, Period};

impl State {
    /// The key of a person's card for a period, the first where several packs score the person. None for somebody who held
    /// no post in the period or whom no adopted pack scores in it.
    #[must_use]
    pub fn card_key(&self, person: PersonId, period: Period) -> Option<CardKey> {
        self.card_keys(person, period).into_iter().next()
    }

    /// The keys of a person's cards for a period: those decided, and one under each adopted pack that scores the person in
    /// such a period. The nearest unit that adopted one counts. A decided card stands for its pack, whatever was adopted
    /// since.
    #[must_use]
    pub fn card_keys(&self, person: PersonId, period: Period) -> Vec<CardKey> {
        let own = self.cards_of(person).filter(|(key, card)| key.period == period && card.approved_in().is_some());
        let mut keys: Vec<CardKey> = own.map(|(key, _)| key.clone()).collect();
        let id = |pack: &PackHash| pack::pinned(pack).map(|pack| pack.id.as_str());
        let decided: Vec<_> = keys.iter().filter_map(|key| id(&key.pack)).collect();
        let adopted =
            self.adopted_for(person, period).into_iter().filter(|pack| !decided.contains(&id(pack).unwrap_or("")));
        keys.extend(adopted.map(|pack| CardKey { person, period, pack }));
        keys
    }

    /// The packs that score a person in a period, as the nearest unit adopted them.
    fn adopted_for(&self, person: PersonId, period: Period) -> Vec<PackHash> {
        let last_day = period.last_day();
        let Some(seat) = self.org.seat_in(person, period) else { return Vec::new() };
        let scores = |adoption: &&PackAdoption| {
            let role = adoption.rules().and_then(|pack| role_of(pack, &self.org, person, seat, last_day));
            role.is_some_and(|role| adoption.scores(period, &role.id))
        };
        for unit in self.org.ancestry(seat.unit) {
            let adopted = || self.adoptions.of(unit, last_day);
            // Nobody knows yet whom a pack scores that has not arrived. What a higher unit adopted must not stand in for it.
            if adopted().any(|adoption| adoption.rules().is_none()) {
                return Vec::new();
            }
            let packs: Vec<PackHash> = adopted().filter(scores).map(|adoption| adoption.pack).collect();
            if !packs.is_empty() {
                return packs;
            }
        }
        Vec::new()
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
        day >= self.opens(key, Act::Decide)
            || self.org.last_day_in(key.person, key.period).is_some_and(|last| day > last)
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

    /// The packs that `reader` needs: those of the units in which the reader works or which the reader oversees, and those of
    /// the cards that are here.
    #[must_use]
    pub fn packs_needed(&self, reader: PersonId) -> Vec<PackHash> {
        let adopted = self.adopted_around(reader).into_iter().map(|one| one.pack);
        let mut wanted: Vec<PackHash> = Vec::new();
        for pack in adopted.chain(self.cards().map(|(key, _)| key.pack)) {
            if !wanted.contains(&pack) {
                wanted.push(pack);
            }
        }
        wanted
    }

    /// The adoptions of the units in which `reader` works or which the reader oversees.
    fn adopted_around(&self, reader: PersonId) -> Vec<&PackAdoption> {
        let posts: Vec<UnitId> = self.org.posts().filter(|post| post.person == reader).map(|post| post.unit).collect();
        let works_in = |unit| posts.iter().any(|own| self.org.is_within(*own, unit));
        let oversees = |unit| posts.iter().any(|own| self.org.is_within(unit, *own));
        self.adoptions.all().filter(|one| works_in(one.unit) || oversees(one.unit)).collect()
    }

    /// The lengths of the periods that are scored around `reader`, the shortest first. None while nothing is known.
    #[must_use]
    pub fn spans_around(&self, reader: PersonId) -> Vec<Span> {
        let around = self.adopted_around(reader);
        Span::ALL.into_iter().filter(|span| around.iter().any(|adoption| adoption.scores_in(*span))).collect()
    }

    /// Whether `reader` may see a whole card. The person may, the heads of the person's unit on the card and of the
    /// units above it, the keepers of its personnel records, and whoever does one of its steps.
    #[must_use]
    pub fn may_read_card(&self, reader: PersonId, key: &CardKey) -> bool {
        if reader == key.person || reader == PersonId::SYSTEM || bug::is(Bug::AnybodyReads) {
            return true;
        }
        let by_post = self.seat(key).is_some_and(|seat| self.org.may_read(reader, seat.unit, key.period.last_day()));
        by_post || self.may_have_step(reader, key) && self.acts_on(reader, key)
    }

    /// Whether `reader` holds what a step may name beside the posts that read anyhow. Asked first: it saves reading the
    /// procedure of every card of a province.
    fn may_have_step(&self, reader: PersonId, key: &CardKey) -> bool {
        let posts = self.org.posts_of(reader, key.period.last_day());
        self.org.has_mandate(reader) || posts.iter().any(|post| post.rank == Rank::Deputy)
    }

    /// Whether a step of the card's procedure names `reader`.
    fn acts_on(&self, reader: PersonId, key: &CardKey) -> bool {
        let acts = |case: Case<'_>, asked: Asked<'_>| asked.steps().iter().any(|(_, step)| case.may_do(step, reader));
        self.with_asked(key, acts).unwrap_or_default()
    }

    /// The person who tracks a card as direct head.
    #[must_use]
    pub fn direct_head(&self, key: &CardKey) -> Option<PersonId> {
        self.org.direct_head(key.person, self.seat(key)?, key.period.last_day())
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
        let first = CardKey { person, period: Period::Month(0, 0), pack: PackHash::default() };
        let cards = self.cards.range(first..).take_while(move |(key, _)| key.person == person);
        cards.map(|(key, card)| (key, card.as_ref()))
    }
}
