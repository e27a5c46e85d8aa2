//! Which period the app opens for somebody, and which periods can be reached.

use crate::card::Card;
use crate::ids::PersonId;
use crate::op::Stage;
use crate::pack::Span;
use crate::procedure::Act;
use crate::state::State;
use crate::time::{Day, Period};

/// The period to open for `person` on `today`, of the shortest length that is scored around the person: the last one while
/// it still waits for something from this person, else the current one. At the turn of the month the old one is scored, and
/// the new one is empty.
#[must_use]
pub fn opening_period(state: &State, person: PersonId, today: Day) -> Period {
    let span = state.spans_around(person).first().copied().unwrap_or(Span::Month);
    let now = Period::month_of(today).within(span);
    let last = now.previous();
    if waits_for(state, person, last, today) { last } else { now }
}

/// Whether a period waits for something from `person`: the own score, or scoring, deciding or publishing for others.
fn waits_for(state: &State, person: PersonId, period: Period, today: Day) -> bool {
    // A card on which nothing was ever done does not wait: the office may have started with the next month.
    let own = state.card_key(person, period).and_then(|key| state.card(&key).map(Card::stage));
    if own == Some(Stage::Working) {
        return true;
    }
    state.cards().filter(|(key, _)| key.period == period && key.person != person).any(|(key, card)| {
        let mine = |act| state.acts(key, act, person);
        match card.stage() {
            Stage::SelfScored => mine(Act::Mark),
            Stage::Appraised => {
                let marks = state.marking(key, person).is_some_and(|marking| marking.ready && !marking.done);
                let signs = || state.deciding(key, person).is_some_and(|deciding| deciding.ready);
                marks || today >= state.opens(key, Act::Decide) && signs()
            }
            Stage::Approved => mine(Act::Notify),
            Stage::Working | Stage::Published => false,
        }
    })
}

/// The periods of one length that can be reached from `today`: from the first for which any rules were adopted to the one
/// after this period, which is already planned.
#[must_use]
pub fn reachable(state: &State, span: Span, today: Day) -> (Period, Period) {
    let on = |day| Period::month_of(day).within(span);
    let last = on(today).next();
    let from = state.adoptions.all().map(|adoption| adoption.from).min().unwrap_or(today);
    (on(from).min(last), last)
}
