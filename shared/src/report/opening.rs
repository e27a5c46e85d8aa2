//! Which month the app opens for somebody, and which months can be reached.

use crate::card::Card;
use crate::ids::PersonId;
use crate::op::Stage;
use crate::pack;
use crate::state::{DEFAULT_PACK, State, not_in_force};
use crate::time::{Day, Period};

/// The month to open for `person` on `today`: the last month while it still waits for something from this person, else
/// the current one. At the turn of the month the old one is scored, and the new one is empty.
#[must_use]
pub fn opening_period(state: &State, person: PersonId, today: Day) -> Period {
    let now = Period::month_of(today);
    let last = now.previous();
    let may_score = pack::find(DEFAULT_PACK).is_some_and(|pack| not_in_force(pack, last).is_none());
    if may_score && waits_for(state, person, last, today) { last } else { now }
}

/// Whether a period waits for something from `person`: the own score, or scoring, deciding or publishing for others.
fn waits_for(state: &State, person: PersonId, period: Period, today: Day) -> bool {
    // A card on which nothing was ever done does not wait: the office may have started with the next month.
    let own = state.card_key(person, period).and_then(|key| state.card(&key).map(Card::stage));
    if own == Some(Stage::Working) {
        return true;
    }
    state.cards().filter(|(key, _)| key.period == period && key.person != person).any(|(key, card)| {
        let step = match card.stage() {
            Stage::SelfScored => "appraise",
            Stage::Appraised if today >= state.opens(key, "approve") => "approve",
            Stage::Approved => "publish",
            Stage::Working | Stage::Appraised | Stage::Published => return false,
        };
        state.acts_at(key, step, person)
    })
}

/// The months that can be reached from `today`: from the first month of the rules to the one after this month, which is
/// already planned.
#[must_use]
pub fn reachable(today: Day) -> (Period, Period) {
    let last = Period::month_of(today).next();
    let from = pack::find(DEFAULT_PACK).and_then(|pack| Day::parse(&pack.effective_from));
    (from.map_or(last, Period::month_of).min(last), last)
}
