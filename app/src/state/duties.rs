//! What the signed-in person has to do. The offered screens follow from this.

use leptos::prelude::*;
use shared::ids::PersonId;
use shared::op::CardKey;
use shared::pack::{self, Pack};
use shared::procedure::Act;
use shared::state::State;
use shared::time::Period;

use super::Workspace;

/// What a person's posts allow on the last day of a period.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Duties {
    pub has_card: bool,
    pub scores: bool,
    pub approves: bool,
    pub oversees: bool,
    /// Whether something is said in the steps of the own card.
    pub speaks: bool,
}

impl Duties {
    /// The duties of the signed-in person in the shown period. A caller in a memo or view runs again when either
    /// changes.
    pub fn of(workspace: Workspace) -> Self {
        let Some(person) = workspace.person().get() else { return Self::default() };
        let period = workspace.period().get();
        let day = period.last_day();
        workspace.with_view(|state| Self {
            has_card: !state.keys_spoken_for(person.person, period).is_empty(),
            speaks: state
                .keys_spoken_for(person.person, period)
                .iter()
                .any(|key| pack::pinned(&key.pack).is_some_and(Pack::is_spoken)),
            scores: others(state, person.person, period).any(|key| {
                let acts = [Act::Mark, Act::Speak].into_iter().any(|act| state.acts(&key, act, person.person));
                acts || state.may_plan(&key, person.person) || state.evaluates(&key, person.person)
            }),
            approves: concludes(state, person.person, period),
            oversees: !state.org.overseen_units(person.person, day).is_empty(),
        })
    }
}

/// Whether a person decides on others, makes known what was decided, or keeps records.
fn concludes(state: &State, person: PersonId, period: Period) -> bool {
    let keeps_records = state.org.posts_of(person, period.last_day()).iter().any(|post| post.personnel);
    let acts = |key: &CardKey| [Act::Decide, Act::Notify].into_iter().any(|act| state.acts(key, act, person));
    keeps_records || others(state, person, period).any(|key| acts(&key))
}

/// The cards of everybody but `person`.
fn others(state: &State, person: PersonId, period: Period) -> impl Iterator<Item = CardKey> {
    let keys = state.org.subjects().flat_map(move |subject| state.card_keys(subject, period));
    keys.filter(move |key| state.speaker(key) != person)
}
