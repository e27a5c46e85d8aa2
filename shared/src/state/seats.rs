//! The seats of people on their cards. The posts held in the period give the seat; once a card is decided, the decision
//! gives it. Later changes of a post neither remove a decided card from a list nor move it to another one.

use super::State;
use crate::bug::{self, Bug};
use crate::card::Card;
use crate::ids::{PackHash, PersonId, Subject, UnitId};
use crate::op::CardKey;
use crate::org::{Post, Rank, Seat};
use crate::pack::{self, PackAdoption, Span, Verb};
use crate::procedure::{Act, Asked, Case, role_of};
use crate::sort;
use crate::text;
use crate::time::{Day, Period};

impl State {
    /// The key of the card of a person or a unit for a period; where several packs score it, that of the one that stands
    /// beside none. None for somebody who held no post in the period, and where no adopted pack scores in it.
    #[must_use]
    pub fn card_key(&self, subject: impl Into<Subject>, period: Period) -> Option<CardKey> {
        self.keys_of(subject.into(), period).into_iter().next()
    }

    /// The keys of the cards of a person or a unit for a period: one under each adopted pack that scores it in such a period,
    /// and those decided. A decided card stands for its pack, whatever was adopted since. It keeps its place in the row.
    #[must_use]
    pub fn card_keys(&self, subject: impl Into<Subject>, period: Period) -> Vec<CardKey> {
        self.keys_of(subject.into(), period)
    }

    /// As [`Self::card_keys`], once in the download for people and units.
    fn keys_of(&self, subject: Subject, period: Period) -> Vec<CardKey> {
        let own = self.cards_of(subject).filter(|(key, card)| key.period == period && card.approved_in().is_some());
        let mut decided: Vec<CardKey> = own.map(|(key, _)| key.clone()).collect();
        let id = |key: &CardKey| pack::pinned(&key.pack).map(|pack| &pack.id);
        let mut keys = Vec::new();
        for pack in self.adopted_for(subject, period) {
            let adopted = CardKey { subject, period, pack };
            let place = decided.iter().position(|key| id(key) == id(&adopted));
            keys.push(place.map_or(adopted, |place| decided.remove(place)));
        }
        keys.extend(decided);
        keys
    }

    /// Whether whoever is scored has other cards for the period of this one. Lists then name the regulation of each.
    #[must_use]
    pub fn is_one_of_several(&self, key: &CardKey) -> bool {
        self.card_keys(key.subject, key.period).iter().any(|other| other != key)
    }

    /// The cards of a period, of whoever is scored, that no rules in force score any more: marks given before the rules
    /// changed. They are read and not acted on.
    #[must_use]
    pub fn set_aside(&self, subject: Subject, period: Period) -> Vec<CardKey> {
        let counted = self.card_keys(subject, period);
        let own = self
            .cards_of(subject)
            .filter(|(key, card)| key.period == period && !counted.contains(key) && !card.history().is_empty());
        own.map(|(key, _)| key.clone()).collect()
    }

    /// The packs that score a person or a unit in a period: the one that stands beside none first.
    fn adopted_for(&self, subject: Subject, period: Period) -> Vec<PackHash> {
        let last_day = period.last_day();
        let Some(seat) = self.org.seat_in(subject, period) else { return Vec::new() };
        let scores = |adoption: &PackAdoption| {
            let role = role_of(adoption.rules()?, &self.org, subject, seat, last_day);
            Some(role.is_some_and(|role| adoption.scores(period, &role.id)))
        };
        let line = self.org.ancestry(seat.unit);
        let found = pack::counting(self.adoptions.in_turn(&line, last_day), scores);
        found.into_iter().map(|adoption| adoption.pack).collect()
    }

    /// The seat of whoever is scored on a card.
    #[must_use]
    pub fn seat(&self, key: &CardKey) -> Option<Seat<'_>> {
        let decided = self.kept.contains(key).then(|| self.decided_seat(key));
        decided.unwrap_or_else(|| self.org.seat_in(key.subject, key.period))
    }

    /// Whether a card has its seat only by its decision. It can then be read, and published, but nothing else can be
    /// done to it.
    pub(super) fn stands_by_decision(&self, key: &CardKey) -> bool {
        self.kept.contains(key) && self.org.seat_in(key.subject, key.period).is_none()
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
            || self.org.last_day_in(key.subject, key.period).is_some_and(|last| day > last)
    }

    /// The cards of `unit`, of the units below it, and of everybody who stands there in a period, with or without content.
    /// Higher units come first; the unit's own card comes before those of its people, who follow by given name, as in
    /// Vietnamese lists. Cards of somebody whom several packs score follow each other.
    #[must_use]
    pub fn cards_under(&self, unit: UnitId, period: Period) -> Vec<CardKey> {
        let order = |key: &CardKey| {
            let at = self.seat(key)?.unit;
            let name = key.person().map(|_| text::by_given_name(self.org.name_of(key.subject)));
            let unit = self.org.is_within(at, unit).then(|| self.org.unit(at).map(|unit| text::order(&unit.name)))?;
            Some((self.org.depth(at), unit, at, name, key.subject))
        };
        let keys = self.org.subjects().flat_map(|subject| self.card_keys(subject, period));
        let (orders, keys): (Vec<_>, Vec<CardKey>) = keys.filter_map(|key| Some((order(&key)?, key))).unzip();
        // One person's cards stay in the order of the packs.
        let places = sort::places(keys.len(), &mut |one, other| orders.get(one).cmp(&orders.get(other)));
        places.into_iter().filter_map(|place| keys.get(place).cloned()).collect()
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

    /// The lengths of the periods that `reader` needs on `today`, the shortest first: of the own cards, and where somebody may
    /// have to do with others' of all that are scored around. None while nothing is known.
    #[must_use]
    pub fn spans_of(&self, reader: PersonId, today: Day) -> Vec<Span> {
        let around = self.adopted_around(reader);
        let leads = |post: &Post| post.person == reader && (post.personnel || post.rank <= Rank::Deputy);
        let for_others = self.org.has_mandate(reader) || self.org.posts().any(leads);
        let own = |span: &Span| {
            let period = Period::month_of(today).within(*span);
            self.spoken_for(reader, today).into_iter().any(|subject| {
                self.cards_of(subject).any(|(key, _)| key.period.span() == *span)
                    || !self.adopted_for(subject, period).is_empty()
            })
        };
        let scored = Span::ALL.into_iter().filter(|span| around.iter().any(|adoption| adoption.scores_in(*span)));
        scored.filter(|span| for_others || own(span)).collect()
    }

    /// Whether `reader` may see a whole card. The person may, the heads of the person's unit on the card and of the
    /// units above it, the keepers of its personnel records, and whoever does one of its steps. Whoever only gives work
    /// reads the lines given.
    #[must_use]
    pub fn may_read_card(&self, reader: PersonId, key: &CardKey) -> bool {
        if key.is_of(reader) || reader == PersonId::SYSTEM || bug::is(Bug::AnybodyReads) {
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
        // Whoever only gives work, or evaluates the lines given, reads these lines: `State::is_about_given_work`.
        let acts = |case: Case<'_>, asked: Asked<'_>| {
            let mut steps = asked.steps();
            steps.retain(|(_, step)| step.verb != Verb::Plan);
            steps.iter().any(|(_, step)| case.may_do(step, reader))
        };
        self.with_asked(key, acts).unwrap_or_default()
    }

    /// The person who tracks a card as direct head.
    #[must_use]
    pub fn direct_head(&self, key: &CardKey) -> Option<PersonId> {
        self.org.direct_head(self.speaker(key), self.seat(key)?, key.period.last_day())
    }

    /// The cards whose decided seat differs from the seat by the posts, as a text that changes with them. They affect
    /// who may read what.
    pub(super) fn kept_in_words(&self) -> String {
        let words = |key: &CardKey| format!("{key} {:?};", self.decided_seat(key).map(|seat| seat.unit));
        self.kept.iter().map(words).collect()
    }

    /// Updates the seat of a card after an act on it.
    pub(super) fn note_seat(&mut self, key: &CardKey) {
        let by_posts = self.org.seat_in(key.subject, key.period);
        let moved = |decided: Seat<'_>| by_posts.is_none_or(|seat| !seat.is_same_place(decided));
        if self.decided_seat(key).is_some_and(moved) {
            self.kept.insert(key.clone());
        } else {
            self.kept.remove(key);
        }
    }

    /// For whom `person` fills in cards on `day`: for themselves, and for the units of which they are head.
    #[must_use]
    pub fn spoken_for(&self, person: PersonId, day: Day) -> Vec<Subject> {
        let headed = self.org.posts_of(person, day).into_iter().map(|post| post.unit);
        let mut headed: Vec<UnitId> = headed.filter(|unit| self.org.head_of(*unit, day) == Some(person)).collect();
        headed.dedup();
        [Subject::Person(person)].into_iter().chain(headed.into_iter().map(Subject::Unit)).collect()
    }

    /// The keys of all cards for a period that `person` fills in: the own ones, then those of the units headed.
    #[must_use]
    pub fn keys_spoken_for(&self, person: PersonId, period: Period) -> Vec<CardKey> {
        let subjects = self.spoken_for(person, period.last_day()).into_iter();
        subjects.flat_map(|subject| self.card_keys(subject, period)).collect()
    }

    /// Everybody who ever spoke for whoever is scored on a card: the person, or for a unit its heads.
    #[must_use]
    pub fn speakers(&self, key: &CardKey) -> Vec<PersonId> {
        self.org.speakers(key.subject, key.period.last_day())
    }

    /// Who speaks for whoever is scored on a card: the person, or for a unit its head on the last day of the period. A unit
    /// without a head has the system, which never acts for it.
    #[must_use]
    pub fn speaker(&self, key: &CardKey) -> PersonId {
        match key.subject {
            Subject::Person(person) => person,
            Subject::Unit(unit) => self.org.head_of(unit, key.period.last_day()).unwrap_or(PersonId::SYSTEM),
        }
    }

    /// Updates the seats of all cards of a person after a post changed.
    pub(super) fn note_seats(&mut self, person: PersonId) {
        let keys: Vec<CardKey> = self.cards_of(Subject::Person(person)).map(|(key, _)| key.clone()).collect();
        keys.iter().for_each(|key| self.note_seat(key));
    }

    pub(super) fn cards_of(&self, subject: Subject) -> impl Iterator<Item = (&CardKey, &Card)> {
        let first = CardKey { subject, period: Period::Month(0, 0), pack: PackHash::default() };
        let cards = self.cards.range(first..).take_while(move |(key, _)| key.subject == subject);
        cards.map(|(key, card)| (key, card.as_ref()))
    }
}
