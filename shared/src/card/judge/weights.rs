//! Judges what weighs work beside its coefficient: the level of a line, and the position of the person.

use super::contents::{note, required};
use super::{CardPolicy, Judgement, reject};
use crate::card::Card;
use crate::ids::StepPlace;
use crate::op::{PositionStated, Refusal, RefusalCode, Verdict};
use crate::pack::Factor;

/// A word that must be one of those of a pack.
fn known(factors: &[Factor], id: &str, field: &str) -> Judgement {
    if factors.iter().any(|factor| factor.id == id) {
        return Ok(());
    }
    let words: Vec<&str> = factors.iter().map(|factor| factor.id.as_str()).collect();
    Err(Verdict::Rejected(Refusal::new(RefusalCode::Unknown, field).found(id).allowed(words.join(", "))))
}

impl CardPolicy<'_> {
    /// The level of a line. It is named where the readings in force weigh work by levels: otherwise nobody could score the
    /// card before somebody has named it.
    pub(super) fn level(&self, level: Option<&String>, field: &str) -> Judgement {
        let field = format!("{field}.level");
        match level {
            Some(level) => known(self.pack.work.as_ref().map_or(&[], |work| &work.difficulties), level, &field),
            None if self.form().levels().is_empty() => Ok(()),
            None => Err(reject(RefusalCode::Missing, &field)),
        }
    }

    /// The position that a person states, or whoever marks.
    pub(super) fn position(&self, position: Option<&PositionStated>) -> Judgement {
        let positions = self.pack.work.as_ref().map_or(&[][..], |work| &work.positions);
        position.map_or(Ok(()), |position| known(positions, &position.id, "position"))
    }

    /// The position as whoever marks states it: another one than was stated before needs a reason, and none is passed over.
    pub(super) fn found_position(&self, card: &Card, place: StepPlace, position: Option<&PositionStated>) -> Judgement {
        self.position(position)?;
        let before = self.asked().stated_before(card, place).position;
        let field = "position.reason";
        match (position, &before) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(reject(RefusalCode::ReasonRequired, field)),
            (Some(position), Some(before)) if position.id != before.id => required(&position.reason, field),
            (Some(position), _) => note(&position.reason, field),
        }
    }
}
