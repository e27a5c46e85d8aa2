//! The days on which a card may be acted on. An act must not come before the period begins, a decision not before the
//! period is nearly over, and the pack must be in force. The day of arrival counts, so that a clock set forward gains
//! nothing.

use super::State;
use crate::limits::{DECIDE_FROM_DAY, DECIDE_FROM_DAY_DECEMBER};
use crate::op::{CardKey, Payload, Refusal, RefusalCode};
use crate::pack::{self, Pack};
use crate::time::{Day, Period};

impl State {
    /// The first day on which `stage` of a card may be done: as the office decided, or else as the pack says.
    #[must_use]
    pub fn opens(&self, key: &CardKey, stage: &str) -> Day {
        let begins = key.period.first_day();
        let rule = pack::find(&key.pack).and_then(|pack| pack.step(stage)?.opens);
        let (day, december) = rule.map_or((None, None), |rule| (rule.from, rule.december));
        let decides = stage == APPROVE;
        let usual = self.decided_opening(key).filter(|_| decides).or(day).or(decides.then_some(DECIDE_FROM_DAY));
        let december = december.or(decides.then_some(DECIDE_FROM_DAY_DECEMBER));
        let (_, month, _) = key.period.last_day().civil();
        // An office that closes early all year also does so in December.
        let day = if month == DECEMBER { usual.into_iter().chain(december).min() } else { usual };
        day.map_or(begins, |day| key.period.day_of_last_month(day).max(begins))
    }

    /// Whether `stage` of a card may be done on `day`.
    #[must_use]
    pub fn is_open(&self, key: &CardKey, stage: &str, day: Day) -> bool {
        let in_force = pack::find(&key.pack).is_some_and(|pack| not_in_force(pack, key.period).is_none());
        in_force && day >= self.opens(key, stage)
    }

    /// The day that the person's unit, or the nearest unit above it, decided for periods that end with this one.
    fn decided_opening(&self, key: &CardKey) -> Option<u8> {
        let last_day = key.period.last_day();
        self.org.ancestry(self.seat(key)?.unit).into_iter().find_map(|unit| {
            let decided = self.decisions.get(&(unit, key.pack.clone()))?;
            decided.range(..=Some(last_day)).rev().find_map(|(_, decision)| decision.opens)
        })
    }

    /// Whether an act on a card may arrive on `day`.
    pub(super) fn day_admits(&self, key: &CardKey, pack: &Pack, intent: &Payload, day: Day) -> Result<(), Refusal> {
        if let Some(from) = not_in_force(pack, key.period) {
            let refusal = Refusal::new(RefusalCode::NotInForce, "period").found(key.period.last_day());
            return Err(refusal.allowed(from));
        }
        let Some(stage) = stage_of(intent) else { return Ok(()) };
        let opens = self.opens(key, stage);
        if day >= opens {
            return Ok(());
        }
        let begun = day >= key.period.first_day();
        let field = if begun { "stage" } else { "period" };
        Err(Refusal::new(RefusalCode::TooEarly, field).found(day).allowed(opens))
    }
}

/// The first day in force of a pack, if a period ends before it.
#[must_use]
pub fn not_in_force(pack: &Pack, period: Period) -> Option<Day> {
    Day::parse(&pack.effective_from).filter(|from| period.last_day() < *from)
}

const APPROVE: &str = "approve";
const DECEMBER: u8 = 12;

/// The stage of the pack that an intent carries out, if the stage has a day of its own. Planning work is done ahead;
/// drafts, returns and withdrawals do not make a result.
const fn stage_of(intent: &Payload) -> Option<&'static str> {
    match intent {
        Payload::SubmitSelfScore(_) => Some("self_score"),
        Payload::Appraise(_) => Some("appraise"),
        Payload::Approve(_) => Some(APPROVE),
        Payload::Publish(_) => Some("publish"),
        _ => None,
    }
}
