//! Judges the level that weighs a line of work beside its coefficient.

use super::{CardPolicy, Judgement, reject};
use crate::op::{Refusal, RefusalCode, Verdict};
use crate::pack::Factor;

/// A word that must be one of those of a pack.
pub(super) fn known(factors: &[Factor], id: &str, field: &str) -> Judgement {
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
}
