//! Who is who on a card: names, posts, and who acts next.

use shared::ids::{PersonId, UnitId};
use shared::op::CardKey;
use shared::order::sort_by_key;
use shared::org::{Org, ScorerRule};
use shared::pack;
use shared::state::State;
use shared::time::{Day, Period};

/// A name, or what stands for one that has not arrived yet.
pub(super) fn name(org: &Org, person: PersonId) -> String {
    org.person(person).map_or_else(|| person.to_string(), |person| person.name.clone())
}

/// The title of a person's main post.
pub(super) fn title(org: &Org, person: PersonId, day: Day) -> String {
    org.main_post(person, day).map(|post| post.title.clone()).unwrap_or_default()
}

/// The unit of a person's main post.
pub(super) fn unit(org: &Org, person: PersonId, day: Day) -> Option<UnitId> {
    org.main_post(person, day).map(|post| post.unit)
}

/// The name of a unit.
pub(super) fn unit_name(org: &Org, unit: UnitId) -> String {
    org.unit(unit).map(|unit| unit.name.clone()).unwrap_or_default()
}

/// The person who acts at a stage of a card, where the rule names exactly one.
pub(super) fn actor_at(state: &State, key: &CardKey, stage: &str) -> Option<PersonId> {
    let day = key.period.last_day();
    match pack::find(&key.pack)?.stage(stage)?.scorer.parse().ok()? {
        ScorerRule::Subject => Some(key.person),
        ScorerRule::DirectHead => state.org.direct_head(key.person, day),
        ScorerRule::AgencyHead => state.org.agency_head(key.person, day),
        ScorerRule::Personnel => None,
    }
}

/// Name and title of the person who acts at a stage: "Nguyễn Văn A, Trưởng phòng".
pub(super) fn actor_words(state: &State, key: &CardKey, stage: &str) -> Option<String> {
    let person = actor_at(state, key, stage)?;
    let title = title(&state.org, person, key.period.last_day());
    Some(format!("{}, {title}", name(&state.org, person)))
}

/// The cards on which `actor` acts at `stage`, by unit and rank.
pub(super) fn cards_for(state: &State, actor: PersonId, stage: &str, period: Period) -> Vec<CardKey> {
    let day = period.last_day();
    let mut keys: Vec<CardKey> = state
        .org
        .people()
        .filter_map(|person| state.card_key(person.id, period))
        .filter(|key| key.person != actor && state.acts_at(key, stage, actor))
        .collect();
    sort_by_key(&mut keys, |key| order(&state.org, key.person, day));
    keys
}

/// Higher units first, heads before deputies before staff, then by given name as Vietnamese lists are sorted.
fn order(org: &Org, person: PersonId, day: Day) -> (usize, String, Option<shared::org::Rank>, String, PersonId) {
    let post = org.main_post(person, day);
    let unit = post.map(|post| post.unit);
    let name = org.person(person).map(|person| shared::text::fold(&person.name)).unwrap_or_default();
    let given = name.rsplit(' ').next().unwrap_or_default().to_owned();
    let depth = unit.map_or(usize::MAX, |unit| org.ancestry(unit).len());
    (depth, unit.map(|unit| unit_name(org, unit)).unwrap_or_default(), post.map(|post| post.rank), given, person)
}
