//! The marks of a panel, member by member, as far as a reader may know them.

use crate::card::Card;
use crate::ids::{PersonId, StepPlace};
use crate::op::{Appraisal, CardKey, Register};
use crate::pack::{self, Step};
use crate::state::State;

/// A panel of a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PanelMarks {
    /// The step.
    pub place: StepPlace,
    /// The step of the pack.
    pub step: &'static Step,
    /// Who has marked and what, as far as the reader may see it. The person scored learns no names.
    pub slots: Vec<(Option<PersonId>, Appraisal)>,
    /// How many have marked.
    pub marked: usize,
    /// How many are members.
    pub members: usize,
    /// Who has not marked. Once the panel has its result, who was away.
    pub missing: Vec<PersonId>,
    /// Whether the panel has its result.
    pub is_closed: bool,
    /// Whether enough have marked to close it.
    pub is_enough: bool,
    /// Whether the reader may close it now or later.
    pub closes: bool,
}

/// The panels of a card in the order of its steps. None before anything was written on it.
#[must_use]
pub fn panels(state: &State, reader: PersonId, key: &CardKey) -> Vec<PanelMarks> {
    let steps = pack::pinned(&key.pack).map_or(&[] as &[Step], |pack| &pack.steps);
    (0..=u8::MAX).map(StepPlace).zip(steps).filter_map(|(place, step)| panel(state, reader, key, place, step)).collect()
}

fn panel(state: &State, reader: PersonId, key: &CardKey, place: StepPlace, step: &'static Step) -> Option<PanelMarks> {
    let panel = state.panel(key, place)?;
    let sees = |member: PersonId| state.may_see(reader, key, &Register::Slot(place, member));
    let named = |member: PersonId| (reader != state.speaker(key)).then_some(member);
    let slots = panel.filled.iter().filter(|(member, _)| sees(*member));
    let is_closed = state.card(key).and_then(Card::appraised_in).is_some_and(|it| *it >= Register::Appraisal(place));
    Some(PanelMarks {
        place,
        step,
        slots: slots.map(|(member, slot)| (named(*member), (*slot).clone())).collect(),
        marked: panel.filled.len(),
        members: panel.members.len(),
        missing: panel.missing(),
        is_closed,
        is_enough: panel.is_enough(),
        closes: panel.closers.contains(&reader),
    })
}
