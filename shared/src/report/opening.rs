//! Which period the app opens for somebody, and which periods can be reached.

use crate::card::Card;
use crate::ids::PersonId;
use crate::op::{CardKey, Stage};
use crate::pack::Span;
use crate::procedure::Act;
use crate::state::State;
use crate::time::{Day, Period};

/// The period to open for `person` on `today`: of the lengths that the person needs, the shortest first, the last one that
/// still waits for something from this person, else the current one of the shortest length. At the turn of the month the old
/// one is scored, and the new one is empty.
#[must_use]
pub fn opening_period(state: &State, person: PersonId, today: Day) -> Period {
    let spans = state.spans_of(person, today);
    let now = |span: &Span| Period::month_of(today).within(*span);
    let mut last = spans.iter().map(|span| now(span).previous());
    last.find(|last| waits_for(state, person, *last, today))
        .unwrap_or_else(|| now(spans.first().unwrap_or(&Span::Month)))
}

/// The period of one length that waits for something from `person`: the last one, or the current one where others' cards wait.
#[must_use]
pub fn waiting_period(state: &State, person: PersonId, span: Span, today: Day) -> Option<Period> {
    let now = Period::month_of(today).within(span);
    let last = Some(now.previous()).filter(|last| waits_for(state, person, *last, today));
    last.or_else(|| others_wait_for(state, person, now, today).then_some(now))
}

/// Whether a period waits for something from `person`: the own score, or scoring, deciding or publishing for others.
fn waits_for(state: &State, person: PersonId, period: Period, today: Day) -> bool {
    // A card on which nothing was ever done does not wait: the office may have started with the next month.
    let is_begun = |key: &CardKey| state.card(key).is_some_and(|card| card.stage() == Stage::Working);
    state.keys_spoken_for(person, period).iter().any(is_begun) || others_wait_for(state, person, period, today)
}

fn others_wait_for(state: &State, person: PersonId, period: Period, today: Day) -> bool {
    state.cards().filter(|(key, _)| key.period == period && state.speaker(key) != person).any(|(key, card)| {
        let mine = |act| state.acts(key, act, person);
        let asked = |card: &Card| !card.was_heard(person) && mine(Act::Speak);
        match card.stage() {
            Stage::SelfScored => mine(Act::Mark) || asked(card),
            Stage::Appraised => {
                let marks = state.marking(key, person).is_some_and(|marking| marking.ready && !marking.done);
                let signs = || state.deciding(key, person).is_some_and(|deciding| deciding.ready);
                marks || asked(card) || today >= state.opens(key, Act::Decide) && signs()
            }
            Stage::Approved => mine(Act::Notify),
            // Whether somebody may say something at this moment, the lists know. Here it is enough that they may, and have not.
            Stage::Published => card.awaits_answer() && mine(Act::Speak),
            Stage::Working => false,
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
