//! A second regulation beside the first: its cards are lived to their end as the rules say, and no card of the first moves.

use std::collections::BTreeMap;

use shared::card::Card;
use shared::ids::PersonId;
use shared::op::{CardKey, Payload, Target};
use shared::pack::{self, Pack, PackAdoption, Step};
use shared::report::unit_month;
use shared::state::State;

use crate::whose;

use super::counts::Counts;
use super::life::{Life, key, morning};
use super::office::{Office, adopted};
use super::oracle::Rules;
use super::regulation::regulation;
use super::tables::{Checked, require};

/// Drafts of a second regulation until one scores periods of the same length.
const DRAFTS_MAX: usize = 12;

impl Life<'_> {
    /// Lives a second regulation beside the first, then lets it take the first one's place. Leaves everything as it was.
    ///
    /// # Errors
    /// A card that one regulation moved for the other; somebody whose cards are not those that the rules give.
    pub(super) fn beside(&mut self) -> Result<Counts, String> {
        let Some(second) = self.second()? else { return Ok(Counts::default()) };
        let before = self.state.clone();
        self.adopts(second.adoption.clone())?;
        let (state, draw) = (self.state.clone(), self.draw.clone());
        let mut life = Life::among(draw, &second, state);
        let named = life.named_gaps()?;
        self.each_has_both(&life.state, &second)?;
        life.live(24)?;
        life.readers()?;
        let serves =
            |person| Rules { office: &second }.held(second.period.last_day()).any(|post| post.person == person);
        life.end(|person: PersonId, step: &Step| named.lacks(person, &step.id) || !serves(person))?;
        self.each_has_both(&life.state, &second)?;
        require(cards_of(&life.state, self.rules.office) == cards_of(&before, self.rules.office), || {
            "a card of the first regulation changed with the second".to_owned()
        })?;
        let signed =
            |key: &CardKey| life.state.result_for(PersonId::SYSTEM, key) == before.result_for(PersonId::SYSTEM, key);
        let moved = self.subjects().into_iter().map(|subject| key(self.rules.office, subject)).find(|key| !signed(key));
        require(moved.is_none(), || format!("{moved:?}: its result changed with the second regulation"))?;
        self.replaces(&second)?;
        self.state = before;
        Ok(life.counts)
    }

    /// An office that lives by another regulation beside the first, if one scores such periods.
    fn second(&mut self) -> Result<Option<Office>, String> {
        let office = self.rules.office;
        for _ in 0..DRAFTS_MAX {
            let (drawn, _) = regulation(&mut self.draw)?;
            if !drawn.periods.contains(&office.period.span()) {
                continue;
            }
            let id = format!("{}-beside", drawn.id);
            let pack = pack::learn(&Pack { id, ..drawn.clone() }.to_bytes()).ok_or("a renamed pack does not read")?;
            let adoption = PackAdoption { beside: true, ..adopted(&mut self.draw, pack, office) };
            return Ok(Some(Office { pack, adoption, ..office.clone() }));
        }
        Ok(None)
    }

    fn adopts(&mut self, adoption: PackAdoption) -> Checked {
        self.now = morning(self.rules.office.period.first_day());
        let (id, body) = self.body(PersonId::SYSTEM, Target::Org, &Payload::AdoptPack(adoption));
        let verdict = self.state.judge(id, &body, self.now);
        require(verdict.counts(), || format!("a second regulation could not be adopted: {:?}", verdict.refusal()))?;
        self.state.apply(id, &body, Some(self.now));
        Ok(())
    }

    /// Everybody has a card under each regulation that scores the person, the first regulation's first, and each stands once
    /// in the tables.
    fn each_has_both(&self, state: &State, second: &Office) -> Checked {
        let (office, other) = (self.rules.office, Rules { office: second });
        let mut expected = BTreeMap::new();
        for person in office.people.iter().map(|person| person.id) {
            let first = self.rules.has_card(person).then(|| key(office, person));
            let keys: Vec<CardKey> =
                first.into_iter().chain(other.has_card(person).then(|| key(second, person))).collect();
            let found = state.card_keys(person, office.period);
            require(found == keys, || format!("the cards of {person} are {found:?}, by the rules {keys:?}"))?;
            expected.extend(keys.into_iter().map(|key| ((whose(&key), key.pack), 0)));
        }
        for unit in office.units.iter().filter(|unit| unit.parent.is_none()) {
            for row in unit_month(state, unit.id, office.period, PersonId::SYSTEM).rows {
                *expected.entry((whose(&row.card), row.card.pack)).or_insert(2) += 1;
            }
        }
        require(expected.values().all(|count| *count == 1), || format!("in the tables {expected:?}"))
    }

    /// Without the word it takes the first one's place for whomever it scores. What is decided stands.
    fn replaces(&mut self, second: &Office) -> Checked {
        let office = self.rules.office;
        // The later one of a unit counts, and the nearer one: both hold where the same unit adopts it.
        let adoption = PackAdoption { beside: false, unit: office.adoption.unit, ..second.adoption.clone() };
        let replacing = Office { adoption: adoption.clone(), ..second.clone() };
        self.adopts(PackAdoption { to: Some(second.adoption.from), ..second.adoption.clone() })?;
        self.adopts(adoption)?;
        for person in office.people.iter().map(|person| person.id) {
            let taken = Rules { office: &replacing }.has_card(person);
            let decided = self.state.card(&key(office, person)).is_some_and(|card| card.approved_in().is_some());
            let mut keys: Vec<CardKey> = taken.then(|| key(&replacing, person)).into_iter().collect();
            let stays = self.rules.has_card(person) && (!taken || decided);
            keys.extend(stays.then(|| key(office, person)));
            let found = self.state.card_keys(person, office.period);
            require(found == keys, || format!("replaced, the cards of {person} are {found:?}, by the rules {keys:?}"))?;
        }
        Ok(())
    }
}

/// The cards of an office's own regulation.
fn cards_of(state: &State, office: &Office) -> BTreeMap<PersonId, Option<Card>> {
    office.people.iter().map(|person| (person.id, state.card(&key(office, person.id)).cloned())).collect()
}
