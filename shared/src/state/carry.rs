//! The cut-off of work. An office that closes before the period's end says until which day work counts. What came later
//! counts in the next period: it stays on the card where it was entered and is carried to the next one. Until it is, the next
//! card is not scored, so that nobody gains by leaving work behind.

use super::State;
use crate::card::{Card, Line};
use crate::ids::{LineId, PersonId, Subject};
use crate::limits::{CARRIED_WITHIN_DAYS_MAX, LINES_EVER_PER_CARD_MAX, LINES_PER_CARD_MAX, LINES_PER_OPERATION_MAX};
use crate::op::{CardKey, CarriedLine, NewLine, Payload, Register, Stage, Verdict};
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

    /// The work of earlier periods that came after their cut-off and stands on no later card yet, to be carried here in one
    /// act.
    #[must_use]
    pub fn to_carry(&self, key: &CardKey) -> Vec<CarriedLine> {
        self.first_to_carry(key, None)
    }

    /// The same, as far as `actor` reads the cards from which it comes and those to which it may have been carried. Nobody
    /// carries what they cannot see, and nobody waits for it.
    #[must_use]
    pub fn to_carry_by(&self, key: &CardKey, actor: PersonId) -> Vec<CarriedLine> {
        self.first_to_carry(key, Some(actor))
    }

    fn first_to_carry(&self, key: &CardKey, reader: Option<PersonId>) -> Vec<CarriedLine> {
        let mut found = if self.takes_carried(key) { self.uncarried(key, reader) } else { Vec::new() };
        found.truncate(LINES_PER_OPERATION_MAX.min(self.room(key)));
        found
    }

    /// How many lines wait to be carried here by `actor`, before the card is scored. None once it was scored: what is found
    /// later is carried to the card after it.
    #[must_use]
    pub fn owed(&self, key: &CardKey, actor: PersonId) -> usize {
        let takes = self.takes_carried(key) && self.room(key) > 0;
        if takes { self.uncarried(key, Some(actor)).len() } else { 0 }
    }

    /// Whether `actor` reads a card and all cards of whom it is from then on, up to a period.
    fn reads_since(&self, actor: PersonId, before: &CardKey, until: Period) -> bool {
        let mut period = before.period;
        let mut reads = self.may_read_card(actor, before);
        while reads && !before.is_of(actor) && period.first_day() <= until.first_day() {
            reads = self.card_keys(before.subject, period).iter().all(|key| self.may_read_card(actor, key));
            period = period.next();
        }
        reads
    }

    /// Whether work may be carried to a card: it counts there, and the card is not scored yet. What is not assessed carries
    /// nothing on: the card after it does.
    fn takes_carried(&self, key: &CardKey) -> bool {
        let open = self.card(key).is_none_or(|card| card.stage() == Stage::Working && card.absence().is_none());
        open && pack::pinned(&key.pack).zip(self.role(key)).is_some_and(|(pack, role)| pack.takes_work(role))
    }

    /// How many more lines a card takes.
    fn room(&self, key: &CardKey) -> usize {
        self.card(key).map_or(LINES_PER_CARD_MAX, |card| {
            let ever = card.count(|register| matches!(register, Register::Plan(_)));
            let lines = LINES_PER_CARD_MAX.saturating_sub(card.lines().len());
            lines.min(LINES_EVER_PER_CARD_MAX.saturating_sub(ever))
        })
    }

    /// Everything that counts after the cut-off of a card before this one and stands on none since, oldest first, as far as
    /// `reader` may know.
    fn uncarried(&self, key: &CardKey, reader: Option<PersonId>) -> Vec<CarriedLine> {
        let levels =
            pack::pinned(&key.pack).and_then(|pack| pack.work.as_ref()).map_or(&[][..], |work| &work.difficulties);
        // Also what was carried to another card of the person, under other rules.
        let mut carried = self.carried_of(key.subject);
        let mut found = Vec::new();
        let reads = |before: &&CardKey| reader.is_none_or(|reader| self.reads_since(reader, before, key.period));
        for before in self.keys_before(key).into_iter().filter(reads) {
            for line in self.lines_after(before).into_iter().filter(|line| !line.contested) {
                let plan = NewLine { carried: Some(before.period), ..line.plan.clone() };
                if let Some(place) = carried.iter().position(|known| is_same(known, &plan)) {
                    carried.swap_remove(place);
                    continue;
                }
                // Other rules may not know the level of the line.
                let level = plan.level.filter(|level| levels.iter().any(|known| known.id == *level));
                let (assigned_by, progress) = (line.assigned_by, line.progress.cloned());
                found.push(CarriedLine { plan: NewLine { level, ..plan }, assigned_by, progress });
            }
        }
        found
    }

    /// Whether a line of a card stands on a card of a later period.
    #[must_use]
    pub fn is_carried_on(&self, key: &CardKey, line: LineId) -> bool {
        let Some(line) = self.card(key).and_then(|card| card.line(line)) else { return false };
        let plan = NewLine { carried: Some(key.period), ..line.plan.clone() };
        self.carried_of(key.subject).into_iter().any(|known| is_same(known, &plan))
    }

    /// The plans of all lines that were ever carried to the cards of whoever is scored, with the period from which each came.
    /// On a card that is not assessed nothing counts: what was carried there waits for the next one.
    fn carried_of(&self, subject: Subject) -> Vec<&NewLine> {
        let mut found = Vec::new();
        for (key, card) in self.cards_of(subject).filter(|(_, card)| card.absence().is_none()) {
            found.extend(card.carried(&self.speakers(key)));
        }
        found
    }

    /// The cards of the year before, oldest first: of each period that of the same regulation, or all where it has
    /// none. Mostly the period before has all that waits. What became known after its card was scored, or was left because
    /// the person was away, is in those before.
    fn keys_before(&self, key: &CardKey) -> Vec<&CardKey> {
        let id = |key: &CardKey| pack::pinned(&key.pack).map(|pack| &pack.id);
        let begins = key.period.first_day();
        let is_before = |other: &&CardKey| {
            let days = begins.0.saturating_sub(other.period.first_day().0);
            other.period.span() == key.period.span() && (1..=CARRIED_WITHIN_DAYS_MAX).contains(&days)
        };
        let cards = || self.cards_of(key.subject).map(|(other, _)| other).filter(is_before);
        let same = |period| cards().any(|other| other.period == period && id(other) == id(key));
        cards().filter(|other| id(other) == id(key) || !same(other.period)).collect()
    }
}

/// Whether a line that was carried is the one of this plan, perhaps without a level that its card does not know.
fn is_same(carried: &NewLine, plan: &NewLine) -> bool {
    *carried == *plan || carried.level.is_none() && *carried == NewLine { level: None, ..plan.clone() }
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
    use crate::op::{Detail, Refusal, RefusalCode};

    impl State {
        /// Whether work may be carried to a card: as it stands on the card before, and once. A line that was carried is not
        /// changed any more where it came from, so that it never counts twice.
        pub(in crate::state) fn carry_admits(&self, key: &CardKey, intent: &Payload) -> Result<(), Verdict> {
            let refused = |code, field: &str| Err(Verdict::Superseded(Refusal::new(code, field)));
            match intent {
                Payload::CarryWork(_) if self.card(key).is_some_and(|card| card.absence().is_some()) => {
                    refused(RefusalCode::NotAssessed, "absence")
                }
                Payload::CarryWork(lines) => {
                    let mut open = self.uncarried(key, None);
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
