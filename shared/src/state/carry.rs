//! The cut-off of work. An office that closes before the period's end says until which day work counts. What came later
//! counts in the next period: it stays on the card where it was entered and is carried to the next one.

use super::State;
use crate::card::{Card, Line};
use crate::ids::{LineId, Subject};
use crate::limits::LINES_PER_OPERATION_MAX;
use crate::op::{CardKey, CarriedLine, NewLine, Payload, Verdict};
use crate::pack::{self, PackAdoption};
use crate::time::{Day, Period};

impl State {
    /// The last day of work that counts on a card, as the nearest adoption that names one says; none where all work of the
    /// period counts. So it does where the person has no card in the next period: nothing is lost.
    #[must_use]
    pub fn cut_off(&self, key: &CardKey) -> Option<Day> {
        let adoptions = self.adoptions_of(key).into_iter();
        let day = adoptions.filter_map(|adoption: &PackAdoption| adoption.cut_off).next()?;
        if self.card_keys(key.subject, key.period.next()).is_empty() {
            return None;
        }
        Some(key.period.day_of_last_month(day))
    }

    /// The lines of a card that count in the next period.
    #[must_use]
    pub fn lines_after(&self, key: &CardKey) -> Vec<Line<'_>> {
        let Some(cut_off) = self.cut_off(key) else { return Vec::new() };
        let speakers = self.speakers(key);
        let lines = self.card(key).map(Card::lines).unwrap_or_default();
        lines.into_iter().filter(|line| line.is_after(cut_off, &speakers)).collect()
    }

    /// The work of the period before that came after its cut-off and does not stand on this card yet, to be carried here.
    #[must_use]
    pub fn to_carry(&self, key: &CardKey) -> Vec<CarriedLine> {
        // Also what was carried to another card of the person, under other rules.
        let mut here = self.carried_into(key.subject, key.period);
        let mut found = Vec::new();
        for before in self.keys_before(key) {
            for line in self.lines_after(&before).into_iter().filter(|line| !line.contested) {
                let plan = NewLine { carried: Some(before.period), ..line.plan.clone() };
                match here.iter().position(|known| **known == plan) {
                    Some(place) => drop(here.swap_remove(place)),
                    None => found.push(CarriedLine {
                        plan,
                        assigned_by: line.assigned_by,
                        progress: line.progress.cloned(),
                    }),
                }
            }
        }
        found.truncate(LINES_PER_OPERATION_MAX);
        found
    }

    /// Whether a line of a card stands on the card of the next period.
    #[must_use]
    pub fn is_carried_on(&self, key: &CardKey, line: LineId) -> bool {
        let Some(line) = self.card(key).and_then(|card| card.line(line)) else { return false };
        let plan = NewLine { carried: Some(key.period), ..line.plan.clone() };
        self.carried_into(key.subject, key.period.next()).contains(&&plan)
    }

    /// The plans of all lines that were ever carried to the cards of whoever is scored in a period.
    fn carried_into(&self, subject: Subject, period: Period) -> Vec<&NewLine> {
        let speakers = self.org.speakers(subject, period.last_day());
        let cards = self.cards_of(subject).filter(|(other, _)| other.period == period);
        cards.flat_map(|(_, card)| card.carried(&speakers)).collect()
    }

    /// The cards of the period before: that of the same regulation, or all where it has none.
    fn keys_before(&self, key: &CardKey) -> Vec<CardKey> {
        let before = Period::month_of(Day(key.period.first_day().0.saturating_sub(1))).within(key.period.span());
        let id = |key: &CardKey| pack::pinned(&key.pack).map(|pack| &pack.id);
        let mut keys: Vec<CardKey> = self
            .cards_of(key.subject)
            .map(|(other, _)| other)
            .filter(|other| other.period == before)
            .cloned()
            .collect();
        if keys.iter().any(|other| id(other) == id(key)) {
            keys.retain(|other| id(other) == id(key));
        }
        keys
    }
}

/// Devices carry what [`State::to_carry`] finds, and only a screen that is loaded later asks it.
#[cfg(not(feature = "author"))]
impl State {
    #[allow(clippy::unused_self, reason = "as the server's")]
    pub(super) const fn carry_admits(&self, _: &CardKey, _: &Payload) -> Result<(), Verdict> {
        Ok(())
    }
}

#[cfg(feature = "author")]
mod judged {
    use super::*;
    use crate::op::{Detail, Refusal, RefusalCode, Stage};

    impl State {
        /// Whether work may be carried to a card: as it stands on the card before, and once. A line that was carried is not
        /// changed any more where it came from, so that it never counts twice.
        pub(in crate::state) fn carry_admits(&self, key: &CardKey, intent: &Payload) -> Result<(), Verdict> {
            let refused = |code, field: &str| Err(Verdict::Superseded(Refusal::new(code, field)));
            match intent {
                Payload::CarryWork(lines) => {
                    let mut open = self.to_carry(key);
                    for line in lines {
                        let Some(place) = open.iter().position(|known| known == line) else {
                            return refused(RefusalCode::Unknown, "lines");
                        };
                        open.swap_remove(place);
                    }
                    Ok(())
                }
                Payload::ReviseLine { line, .. }
                | Payload::RemoveLine { line, .. }
                | Payload::ReportProgress { line, .. }
                    if self.is_carried_on(key, *line) =>
                {
                    Err(Verdict::Superseded(
                        Refusal::new(RefusalCode::WrongStage, "line")
                            .found(Detail::technical(line))
                            .allowed(Stage::Working),
                    ))
                }
                _ => Ok(()),
            }
        }
    }
}
