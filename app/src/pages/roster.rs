//! The people of a card: names, posts, and who acts next.

use shared::ids::{PersonId, Subject, UnitId};
use shared::op::CardKey;
use shared::org::Org;
use shared::pack;
use shared::procedure::Act;
use shared::state::State;
use shared::text;
use shared::time::Period;

use crate::i18n::t;

/// The name of a person or a unit, or a substitute for a name that has not arrived yet.
pub(super) fn name(org: &Org, subject: impl Into<Subject>) -> String {
    let subject = subject.into();
    Some(org.name_of(subject)).filter(|name| !name.is_empty()).map_or_else(|| subject.to_string(), str::to_owned)
}

/// The title of the post under which a card is scored; of a unit, that it is one, and who heads it.
pub(super) fn title(state: &State, key: &CardKey) -> String {
    match key.subject {
        Subject::Person(_) => state.seat(key).map(|seat| seat.title.to_owned()).unwrap_or_default(),
        Subject::Unit(_) => match state.speaker(key) {
            PersonId::SYSTEM => t::unit::unit().to_owned(),
            head => t::unit::headed(&name(&state.org, head)),
        },
    }
}

/// What names a card in addresses and test ids: the person, and the regulation where the person has other cards.
pub(super) fn handle(state: &State, key: &CardKey) -> String {
    let pack = pack::pinned(&key.pack).filter(|_| state.is_one_of_several(key));
    pack.map_or_else(|| key.subject.to_string(), |pack| format!("{}-{}", key.subject, pack.id))
}

/// By which regulation a card is scored, in words, where the person has other cards for the period.
pub(super) fn regulation(state: &State, key: &CardKey) -> Option<String> {
    let pack = pack::pinned(&key.pack).filter(|_| state.is_one_of_several(key))?;
    Some(t::unit::under(pack.short_name()))
}

/// The unit a card is scored in.
pub(super) fn unit(state: &State, key: &CardKey) -> Option<UnitId> {
    state.seat(key).map(|seat| seat.unit)
}

/// The name of the unit to which a card belongs: where the person works, or what is above the unit that is scored.
pub(super) fn belongs_to(state: &State, key: &CardKey) -> String {
    let above = |unit| match key.subject {
        Subject::Person(_) => Some(unit),
        Subject::Unit(_) => state.org.unit(unit)?.parent,
    };
    unit(state, key).and_then(above).map(|unit| unit_name(&state.org, unit)).unwrap_or_default()
}

/// The name of a unit.
pub(super) fn unit_name(org: &Org, unit: UnitId) -> String {
    org.unit(unit).map(|unit| unit.name.clone()).unwrap_or_default()
}

/// The person who does an act on a card, if it is exactly one.
pub(super) fn actor_of(state: &State, key: &CardKey, act: Act) -> Option<PersonId> {
    match state.actors(key, act).as_slice() {
        [person] => Some(*person),
        _ => None,
    }
}

/// Name and title of the person who does an act: "Nguyễn Văn A, Trưởng phòng".
pub(super) fn actor_words(state: &State, key: &CardKey, act: Act) -> Option<String> {
    let person = actor_of(state, key, act)?;
    let title = state.org.main_post(person, key.period.last_day()).map_or("", |post| post.title.as_str());
    Some(format!("{}, {title}", name(&state.org, person)))
}

/// The cards of others on which `actor` does an act, by unit and rank.
pub(super) fn cards_for(state: &State, actor: PersonId, act: Act, period: Period) -> Vec<CardKey> {
    cards_where(state, actor, period, |key| state.acts(key, act, actor))
}

/// The cards of all but `actor` of which something holds, by unit and rank.
pub(super) fn cards_where(
    state: &State,
    actor: PersonId,
    period: Period,
    holds: impl Fn(&CardKey) -> bool,
) -> Vec<CardKey> {
    let mut keys: Vec<CardKey> = state
        .org
        .subjects()
        .flat_map(|subject| state.card_keys(subject, period))
        .filter(|key| state.speaker(key) != actor && holds(key))
        .collect();
    keys.sort_by_key(|key| order(state, key));
    keys
}

/// The sort key: higher units first, heads before deputies before staff, then by given name as Vietnamese lists are
/// sorted.
fn order(state: &State, key: &CardKey) -> impl Ord + use<> {
    let at = state.seat(key).map(|seat| {
        let unit = text::order(&unit_name(&state.org, seat.unit));
        (state.org.depth(seat.unit), unit, seat.unit, seat.rank)
    });
    (at.is_none(), at, text::by_given_name(&name(&state.org, key.subject)), key.subject)
}
