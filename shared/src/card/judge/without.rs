//! Judges which criteria do not apply to a person. Whether the regulation has a reading for it, the engine judges.

use super::contents::{note, required};
use super::{CardPolicy, Judgement};
use crate::card::Card;
use crate::ids::StepPlace;
use crate::op::Appraisal;
use crate::sorted_map::Map;

/// Nobody leaves out a row of the own form without a reason.
pub(super) fn reasoned(without: &Map<String, String>) -> Judgement {
    without.iter().try_for_each(|(code, reason)| required(reason, &format!("without.{code}")))
}

impl CardPolicy<'_> {
    /// What the statement it builds on does not leave out is left out with a reason. A row that applies after all has a
    /// mark, which differs.
    pub(super) fn left_out(&self, card: &Card, place: StepPlace, appraisal: &Appraisal) -> Judgement {
        let before = self.asked().without_before(card, place);
        appraisal.without.iter().try_for_each(|(code, reason)| {
            let field = format!("without.{code}");
            if before.contains_key(code) { note(reason, &field) } else { required(reason, &field) }
        })
    }
}
