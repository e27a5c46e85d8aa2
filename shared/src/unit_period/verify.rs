//! Verifies on arrival that what was filed on a unit's period is true.

use super::{Collected, Collection, Confirmation, Filing};
use crate::ids::{StateHash, Subject};
use crate::limits::NOTE_CHARS_MAX;
use crate::op::{DecodeError, Detail, Payload, Refusal, RefusalCode, UnitPeriod, Verdict};
use crate::pack::Step;
use crate::state::State;
use crate::time::Day;

impl State {
    /// Judges what an act on a unit's period says, and whether it came too early.
    pub(super) fn verified(&self, key: &UnitPeriod, step: &Step, intent: &Payload, arrived: Day) -> Verdict {
        let opens = step.opens.and_then(|opening| opening.day(key.period)).unwrap_or(key.period.first_day());
        if arrived < opens {
            let early = Refusal::new(RefusalCode::TooEarly, "step").found(arrived).allowed(opens);
            return Verdict::Rejected(early);
        }
        match intent {
            Payload::Collect(_, bytes) => self.collection_is_true(key, Collection::from_bytes(bytes)),
            Payload::Confirm(_, bytes) => self.confirmation_is_whole(key, Confirmation::from_bytes(bytes)),
            _ => Verdict::Accepted,
        }
    }

    /// Every result must be the one decided. Of what is missing the author may have known less than the server knows now.
    fn collection_is_true(&self, key: &UnitPeriod, found: Result<Collection, DecodeError>) -> Verdict {
        let found = match found {
            Ok(found) => found,
            Err(error) => return malformed(&error),
        };
        if let Err(refusal) = note(&found.comment, "comment") {
            return Verdict::Rejected(refusal);
        }
        let mut named: Vec<Subject> = found.results.iter().map(|result| result.subject).collect();
        named.extend(found.missing.iter().map(|missing| missing.subject));
        let count = named.len();
        named.sort_unstable();
        named.dedup();
        if named.len() < count {
            return Verdict::Rejected(Refusal::new(RefusalCode::Duplicate, "results"));
        }
        self.results_stand(key, &found).map_or_else(Verdict::Superseded, |()| Verdict::Accepted)
    }

    /// Whether every result is the one decided on a card of the unit.
    fn results_stand(&self, key: &UnitPeriod, found: &Collection) -> Result<(), Refusal> {
        let here = self.cards_reported(key);
        let mut decisions = Vec::new();
        for result in &found.results {
            let card = here.iter().find(|card| card.subject == result.subject);
            let today = card.and_then(|card| self.reported(card).ok());
            let Some((_, decision)) = today.as_ref().filter(|(today, _)| today == result) else {
                let words = |result: &Collected| match &result.total {
                    Some(total) => Detail::Result(total.clone(), result.class.clone()),
                    None => Detail::from(&result.class),
                };
                let allowed = today.map_or(Detail::Nothing, |(today, _)| words(&today));
                return Err(Refusal::new(RefusalCode::Stale, "results").found(words(result)).allowed(allowed));
            };
            decisions.extend(decision.as_bytes());
        }
        let named = StateHash::of(&decisions);
        if named == found.decisions { Ok(()) } else { Err(Refusal::new(RefusalCode::Stale, "decisions")) }
    }

    fn confirmation_is_whole(&self, key: &UnitPeriod, found: Result<Confirmation, DecodeError>) -> Verdict {
        let found = match found {
            Ok(found) => found,
            Err(error) => return malformed(&error),
        };
        let is_report = |filing: &Filing| matches!(filing.body.intent(), Ok(Payload::Collect(..)));
        let answers = self.filings(key).any(|filing| filing.op == found.report && is_report(filing));
        let admitted = match found.note.trim().is_empty() {
            _ if !answers => Err(Refusal::new(RefusalCode::Unknown, "report")),
            true if found.sent_back => Err(Refusal::new(RefusalCode::ReasonRequired, "reason")),
            _ => note(&found.note, "note"),
        };
        admitted.map_or_else(Verdict::Rejected, |()| Verdict::Accepted)
    }
}

fn malformed(error: &DecodeError) -> Verdict {
    Verdict::Rejected(Refusal::new(RefusalCode::Malformed, "payload").found(Detail::technical(error)))
}

fn note(text: &str, field: &str) -> Result<(), Refusal> {
    let found = text.chars().count();
    if found > NOTE_CHARS_MAX {
        return Err(Refusal::new(RefusalCode::OverLimit, field).found(found).allowed(NOTE_CHARS_MAX));
    }
    Ok(())
}
