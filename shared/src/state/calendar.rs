//! The days on which a card may be acted on. An act must not come before the period begins, a decision not before the
//! period is nearly over, and the pack must be in force. The day of arrival counts, so that a clock set forward gains
//! nothing.

use super::State;
use crate::bug::{self, Bug};
use crate::ids::StepPlace;
use crate::limits::{DECIDE_FROM_DAY, DECIDE_FROM_DAY_DECEMBER};
use crate::op::{CardKey, Payload, Refusal, RefusalCode};
use crate::pack::{self, Pack};
use crate::procedure::{Act, Asked, Case};
use crate::time::{Day, Period};

impl State {
    /// The first day on which an act on a card may be done: that of the first step for it.
    #[must_use]
    pub fn opens(&self, key: &CardKey, act: Act) -> Day {
        let place = |_: Case<'_>, asked: Asked<'_>| asked.steps_of(act).first().map(|(place, _)| *place);
        let place = self.with_asked(key, place).flatten();
        place.map_or_else(|| key.period.first_day(), |place| self.step_opens(key, place, act == Act::Decide))
    }

    /// The first day on which a step of a card may be done: as the office decided, or else as the pack says. `decides` tells
    /// that the result is signed in it.
    pub(super) fn step_opens(&self, key: &CardKey, place: StepPlace, decides: bool) -> Day {
        let begins = key.period.first_day();
        let step = pack::pinned(&key.pack).and_then(|pack| pack.steps.get(usize::from(place.0)));
        let rule = step.and_then(|step| step.opens);
        let (day, december) = rule.map_or((None, None), |rule| (rule.from, rule.december));
        let usual = self.decided_opening(key).filter(|_| decides).or(day).or(decides.then_some(DECIDE_FROM_DAY));
        let december = december.or(decides.then_some(DECIDE_FROM_DAY_DECEMBER));
        let (_, month, _) = key.period.last_day().civil();
        // An office that closes early all year also does so in December.
        let day = if month == DECEMBER { usual.into_iter().chain(december).min() } else { usual };
        day.map_or(begins, |day| key.period.day_of_last_month(day).max(begins))
    }

    /// Whether an act on a card may be done on `day`.
    #[must_use]
    pub fn is_open(&self, key: &CardKey, act: Act, day: Day) -> bool {
        let in_force = pack::pinned(&key.pack).is_some_and(|pack| not_in_force(pack, key.period).is_none());
        in_force && day >= self.opens(key, act)
    }

    /// The day that the person's unit, or the nearest unit above it, decided for periods that end with this one.
    fn decided_opening(&self, key: &CardKey) -> Option<u8> {
        self.adoptions_of(key).into_iter().find_map(|adoption| adoption.opens)
    }

    /// Whether an act on a card may arrive on `day`.
    pub(super) fn day_admits(&self, key: &CardKey, pack: &Pack, intent: &Payload, day: Day) -> Result<(), Refusal> {
        if let Some(from) = not_in_force(pack, key.period) {
            let refusal = Refusal::new(RefusalCode::NotInForce, "period").found(key.period.last_day());
            return Err(refusal.allowed(from));
        }
        let opens = match intent {
            Payload::SubmitSelfScore(_) => self.opens(key, Act::SelfScore),
            Payload::Appraise(step, _) | Payload::FillSlot(step, _) => self.step_opens(key, *step, false),
            Payload::Approve(step, _) => self.step_opens(key, *step, true),
            Payload::Publish(_) => self.opens(key, Act::Notify),
            // Planning work is done ahead; drafts, returns and withdrawals do not make a result.
            _ => return Ok(()),
        };
        if day >= opens || bug::is(Bug::DaysDoNotMatter) {
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

const DECEMBER: u8 = 12;
