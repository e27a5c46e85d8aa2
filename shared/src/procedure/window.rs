//! The days of a step: from when it may be done, until when it is in time.

use crate::pack::{Due, DueFrom, Opening};
use crate::time::{Day, Period};

const DECEMBER: u8 = 12;
/// Days of a week on which people work, from Monday on.
const WORKING_DAYS_PER_WEEK: i64 = 5;

impl Opening {
    /// The day for a period: of its last month, and of December where that is another one.
    #[must_use]
    pub fn day(&self, period: Period) -> Option<Day> {
        let day = if ends_the_year(period) { self.december.or(self.from) } else { self.from };
        day.map(|day| period.day_of_last_month(day))
    }
}

impl Due {
    /// The last day that is in time for a period; none where it is counted from the day of another step.
    #[must_use]
    pub fn last_day(&self, period: Period) -> Option<Day> {
        let number = self.by.or(self.before)?;
        let number = if ends_the_year(period) { self.december.unwrap_or(number) } else { number };
        // "Before the 31st" is the 30th, also in a month that has no 31st.
        let number = if self.by.is_some() || self.working_days { number } else { number.saturating_sub(1) };
        Some(match (self.of, self.working_days) {
            (DueFrom::Step, _) => return None,
            (DueFrom::PeriodStart, false) => Period::month_of(period.first_day()).day_of_last_month(number),
            (DueFrom::PeriodEnd, false) => period.day_of_last_month(number),
            (DueFrom::NextPeriod, false) => Period::month_of(period.next().first_day()).day_of_last_month(number),
            (DueFrom::PeriodStart, true) => working_day(period.first_day(), number),
            (DueFrom::PeriodEnd | DueFrom::NextPeriod, true) => working_day(period.next().first_day(), number),
        })
    }
}

impl Period {
    /// A day of the month in which the period ends, or the last day of a shorter month.
    #[must_use]
    pub fn day_of_last_month(self, day: u8) -> Day {
        let last = self.last_day();
        let (year, month, _) = last.civil();
        match (day, Day::from_civil(year, month, 1)) {
            // Before the first.
            (0, Some(first)) => Day(first.0.saturating_sub(1)),
            _ => Day::from_civil(year, month, day).unwrap_or(last),
        }
    }
}

/// Whether a period ends in December.
fn ends_the_year(period: Period) -> bool {
    period.last_day().civil().1 == DECEMBER
}

/// The working day with this number, `first` being the first that counts if it is one. Days from Monday to Friday are
/// working days; the state's holidays are not known.
fn working_day(first: Day, number: u8) -> Day {
    let mut day = first;
    let mut left = number;
    loop {
        if is_working_day(day) {
            left = left.saturating_sub(1);
            if left == 0 {
                return day;
            }
        }
        day = Day(day.0.saturating_add(1));
    }
}

/// Day 0, the first of 1970, was a Thursday.
fn is_working_day(day: Day) -> bool {
    (i64::from(day.0) + 3).rem_euclid(7) < WORKING_DAYS_PER_WEEK
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn days_of_a_window() {
        let october = Period::Month(2026, 10);
        let due = |due: Due, period| due.last_day(period).map(|day| day.to_string());
        let by = |by| Due { by: Some(by), ..Due::default() };
        let before = |before| Due { before: Some(before), ..Due::default() };
        assert_eq!(due(by(26), october).as_deref(), Some("2026-10-26"));
        assert_eq!(due(before(26), october).as_deref(), Some("2026-10-25"));
        assert_eq!(due(by(31), Period::Month(2026, 11)).as_deref(), Some("2026-11-30"), "a shorter month");
        assert_eq!(due(before(31), Period::Month(2026, 11)).as_deref(), Some("2026-11-30"));
        assert_eq!(due(before(30), Period::Month(2026, 2)).as_deref(), Some("2026-02-28"));
        assert_eq!(due(before(1), october).as_deref(), Some("2026-09-30"));
        let next = Due { of: DueFrom::NextPeriod, ..before(5) };
        assert_eq!(due(next, october).as_deref(), Some("2026-11-04"));
        assert_eq!(due(next, Period::Quarter(2026, 4)).as_deref(), Some("2027-01-04"));
        let december = Due { december: Some(15), ..before(28) };
        assert_eq!(due(december, Period::Month(2026, 12)).as_deref(), Some("2026-12-14"));
        assert_eq!(due(december, Period::Quarter(2026, 3)).as_deref(), Some("2026-09-27"));
        let start = Due { of: DueFrom::PeriodStart, ..by(5) };
        assert_eq!(due(start, Period::Quarter(2026, 4)).as_deref(), Some("2026-10-05"));
        assert_eq!(due(Due { of: DueFrom::Step, working_days: true, ..by(7) }, october), None, "from another day");
    }

    #[test]
    fn working_days_leave_out_the_weekend() {
        // 1 October 2026 is a Thursday.
        let days = [(1, "2026-10-01"), (2, "2026-10-02"), (3, "2026-10-05"), (7, "2026-10-09"), (8, "2026-10-12")];
        for (number, expected) in days {
            assert_eq!(working_day(day("2026-10-01"), number), day(expected), "{number}");
        }
        let due = Due { by: Some(5), of: DueFrom::PeriodStart, working_days: true, ..Due::default() };
        assert_eq!(due.last_day(Period::Quarter(2026, 4)), Some(day("2026-10-07")));
    }

    #[test]
    fn an_opening_has_a_day_of_its_own_in_december() {
        let opening = Opening { from: Some(25), december: Some(10) };
        assert_eq!(opening.day(Period::Month(2026, 10)), Some(day("2026-10-25")));
        assert_eq!(opening.day(Period::Year(2026)), Some(day("2026-12-10")));
        assert_eq!(Opening::default().day(Period::Month(2026, 10)), None);
    }
}
