//! How late work is. The due day and the day it was finished decide, where there are days (Đ.14(2)c, Đ.18(1)b of Decree
//! 335/2025).

use serde::Serialize;

use crate::time::Day;

/// How late the work of a line is, and the days from which that follows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Lateness {
    /// Times late, where the reading counts times.
    pub times: u32,
    /// Days late, where it counts days.
    pub days: u32,
    /// The due day and the day that counts as the day of finishing; none where the lateness was declared.
    pub by_days: Option<(Day, Day)>,
    /// Nobody stated when it was finished: it counts as not finished before the period ends.
    pub undated: bool,
}

impl Lateness {
    /// The lateness of work with the due day `due`, finished on `finished`. With a due day the days decide; without one
    /// the declared `(times, days)` count.
    #[must_use]
    pub fn of(due: Option<Day>, finished: Option<Day>, (times, days): (u32, u32), period_ends: Day) -> Self {
        match due {
            Some(due) => Self::by_days(due, finished, period_ends),
            None => Self { times, days, ..Self::default() },
        }
    }

    /// The lateness of work due on `due`. Work without a day of finishing counts as finished on the period's last day:
    /// it is late until somebody dates it, and never later than that.
    fn by_days(due: Day, finished: Option<Day>, period_ends: Day) -> Self {
        let counts = finished.unwrap_or(period_ends);
        let days = u32::try_from(counts.0.saturating_sub(due.0)).unwrap_or_default();
        Self { times: u32::from(days > 0), days, by_days: Some((due, counts)), undated: finished.is_none() }
    }

    /// Whether it is late at all.
    #[must_use]
    pub const fn is_late(&self) -> bool {
        self.times > 0 || self.days > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn days_after_the_due_day_are_one_time_late() {
        let late = |finished| {
            let late = Lateness::by_days(day("2026-11-15"), finished, day("2026-11-30"));
            (late.times, late.days, late.undated)
        };
        assert_eq!(late(Some(day("2026-11-14"))), (0, 0, false));
        assert_eq!(late(Some(day("2026-11-15"))), (0, 0, false));
        // Handbook, chapter VI, table 2: due on 15/11, finished on 19/11: four days.
        assert_eq!(late(Some(day("2026-11-19"))), (1, 4, false));
        assert_eq!(late(Some(day("2026-12-02"))), (1, 17, false), "finished after the period");
        assert_eq!(late(None), (1, 15, true), "not dated: late until it is");
        let due_later = Lateness::by_days(day("2026-12-10"), None, day("2026-11-30"));
        assert!(!due_later.is_late(), "due after the period");
        let declared = |due| Lateness::of(due, Some(day("2026-11-14")), (2, 3), day("2026-11-30"));
        assert_eq!((declared(None).times, declared(None).days), (2, 3), "no due day: as declared");
        assert!(!declared(Some(day("2026-11-15"))).is_late(), "days are not declared away, and not declared");
    }
}
