//! Times of a working day in Vietnam.

use shared::time::{Day, Millis, Period};

/// Minutes after midnight at which a working day begins.
pub(super) const MORNING: u64 = 7 * 60 + 30;
/// Minutes after midnight at which work is usually reported.
pub(super) const AFTERNOON: u64 = 16 * 60;

const MINUTE_MS: u64 = 60_000;
const DAY_MINUTES: u64 = 24 * 60;
/// Vietnam is seven hours ahead of UTC.
const OFFSET_MINUTES: u64 = 7 * 60;

/// A time of a day.
pub(super) fn moment(day: Day, minutes: u64) -> Millis {
    let days = u64::try_from(day.0).unwrap_or_default();
    Millis((days * DAY_MINUTES + minutes).saturating_sub(OFFSET_MINUTES) * MINUTE_MS)
}

/// The `number`-th day of a period, or its last.
pub(super) fn nth(period: Period, number: i32) -> Day {
    Day(period.first_day().0 + number - 1).min(period.last_day())
}
