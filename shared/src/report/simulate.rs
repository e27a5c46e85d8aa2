//! What an adoption would change, before anybody signs it: the marks that are there, reckoned under the rules in force and
//! under those to come.

use super::Result as Scored;
use crate::card::{Card, Side};
use crate::ids::PersonId;
use crate::input_error::InputError;
use crate::op::CardKey;
use crate::pack::{self, PackAdoption};
use crate::score::{CardInput, Subject, evaluate, known_part};
use crate::state::{State, from_outcome};

/// A card for which an adoption would change something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// The card as it is.
    pub key: CardKey,
    /// Name of the person.
    pub name: String,
    /// Whose marks were reckoned: the superior's where there are some, else the person's own.
    pub side: Side,
    /// The result under the rules in force; none while a part is missing.
    pub from: Option<Scored>,
    /// The result under the rules to come; none where a part is missing, or where they score the person no more.
    pub to: Option<Scored>,
    /// The card under the rules to come; the same where only readings differ, none where they score the person no more.
    pub next: Option<CardKey>,
    /// Marks that the rules to come do not know: they count no more.
    pub left_out: Vec<String>,
    /// Why the rules to come cannot reckon these marks.
    pub errors: Vec<InputError>,
}

/// What an adoption would change.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Simulation {
    /// The cards whose rules or result would change, by person and period.
    pub changed: Vec<Changed>,
    /// How many cards with marks keep rules and result.
    pub unchanged: usize,
    /// How many decided cards stay as they are, whatever is adopted.
    pub decided: usize,
    /// How many cards would be made anew, with their marks set aside.
    pub set_aside: usize,
}

/// Reckons every card in the periods of an adoption whose result `reader` may know, as if it were signed.
#[must_use]
pub fn simulate(state: &State, reader: PersonId, adoption: &PackAdoption) -> Simulation {
    let mut after = state.clone();
    after.adoptions.put(adoption.clone());
    let mut made = Simulation::default();
    for (key, card) in state.cards() {
        let concerned =
            adoption.counts_on(key.period.last_day()) && state.card_keys(key.subject, key.period).contains(key);
        let below = state.seat(key).is_some_and(|seat| state.org.is_within(seat.unit, adoption.unit));
        if !concerned || !below {
            continue;
        }
        if card.approved_in().is_some() {
            made.decided += 1;
        } else if let Some(changed) = of_card(state, &after, reader, key, card) {
            made.set_aside += usize::from(changed.next.as_ref() != Some(key));
            let same = changed.next.as_ref() == Some(key) && changed.from == changed.to;
            if same { made.unchanged += 1 } else { made.changed.push(changed) }
        }
    }
    made
}

fn of_card(state: &State, after: &State, reader: PersonId, key: &CardKey, card: &Card) -> Option<Changed> {
    let side = if card.appraised_in().is_some() { Side::Appraised } else { Side::SelfScored };
    let input = state.input(key, side).filter(|_| state.may_know(reader, key, side))?;
    let from = state.outcome(key, side).and_then(Result::ok).as_ref().and_then(from_outcome);
    let keys = after.card_keys(key.subject, key.period);
    let known = state.card_keys(key.subject, key.period);
    let next = if keys.contains(key) { Some(key.clone()) } else { keys.into_iter().find(|one| !known.contains(one)) };
    let (mut to, mut left_out, mut errors) = (None, Vec::new(), Vec::new());
    if let Some((next, pack)) = next.as_ref().and_then(|next| Some((next, pack::pinned(&next.pack)?))) {
        let role = after.role(next).unwrap_or_default().to_owned();
        // Readings alone, or the cut-off, change what the same marks give.
        let again = if next == key { after.input(key, side)? } else { input };
        let (again, unread) = known_part(
            pack,
            &CardInput { options: after.options(next), subject: Subject { role, position: None }, ..again },
        );
        left_out = unread;
        match evaluate(pack, &again) {
            Ok(outcome) => to = from_outcome(&outcome),
            Err(found) => errors = found,
        }
    }
    let name = state.org.name_of(key.subject).to_owned();
    Some(Changed { key: key.clone(), name, side, from, to, next, left_out, errors })
}
