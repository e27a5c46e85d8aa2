//! The days on which the state's offices work. Điều 112 of the Labour Code (45/2019/QH14) names eleven days of rest a year, which
//! hold for officials as well; where one falls on a weekend, the next working day is free (Điều 111(3)). Which days those
//! of Tết are, and which day beside 2 September, is decided for each year, as is which Friday or Monday is exchanged for
//! a Saturday. Therefore they are a table.
//!
//! What is missing: of 2027, the days of Tết of which only the usual choices are known (4 and 11 February), the day beside
//! 2 September, and days exchanged for a Saturday; every year after 2027; and 24 November, which a resolution of 2026 wants to
//! make a day of rest. Such a day counts as a working day, so that a period ends earlier than the law has it, by a day for each.

use super::Day;

/// A year, and the month and day of the first and the last day of rest in it.
type Rest = (i32, (u8, u8), (u8, u8));

/// Each time of rest, from Monday to Friday.
const RESTS: [Rest; 18] = [
    // 2025
    (2025, (1, 1), (1, 1)),
    // Tết Ất Tỵ: 29 January is the first day of the year.
    (2025, (1, 27), (1, 31)),
    // Giỗ Tổ Hùng Vương, 10 March of the lunar year.
    (2025, (4, 7), (4, 7)),
    // With Friday 2 May, exchanged for Saturday 26 April.
    (2025, (4, 30), (5, 2)),
    (2025, (9, 1), (9, 2)),
    // 2026, with Friday 2 January, exchanged for Saturday 10 January.
    (2026, (1, 1), (1, 2)),
    // Tết Bính Ngọ: 17 February is the first day of the year.
    (2026, (2, 16), (2, 20)),
    // Giỗ Tổ falls on Sunday 26 April.
    (2026, (4, 27), (4, 27)),
    (2026, (4, 30), (5, 1)),
    // With Monday 31 August, exchanged for Saturday 22 August.
    (2026, (8, 31), (9, 2)),
    // 2027
    (2027, (1, 1), (1, 1)),
    // Tết Đinh Mùi: 6 February, a Saturday, is the first day of the year. These days are free in both usual choices.
    (2027, (2, 5), (2, 5)),
    (2027, (2, 8), (2, 10)),
    // Giỗ Tổ.
    (2027, (4, 16), (4, 16)),
    (2027, (4, 30), (4, 30)),
    // 1 May falls on a Saturday.
    (2027, (5, 3), (5, 3)),
    (2027, (9, 2), (9, 2)),
    // 1 January falls on a Saturday.
    (2028, (1, 3), (1, 3)),
];

/// Saturdays on which people work in exchange for another day.
const WORKED: [(i32, u8, u8); 3] = [(2025, 4, 26), (2026, 1, 10), (2026, 8, 22)];

/// Days of a week on which people work, from Monday on.
const WORKING_DAYS_PER_WEEK: i64 = 5;

impl Day {
    /// Whether the state's offices work on this day.
    #[must_use]
    pub fn is_working(self) -> bool {
        // Day 0, the first of 1970, was a Thursday.
        let in_week = (i64::from(self.0) + 3).rem_euclid(7) < WORKING_DAYS_PER_WEEK;
        let (year, month, day) = self.civil();
        let rests = || RESTS.iter().any(|(of, from, to)| *of == year && *from <= (month, day) && (month, day) <= *to);
        if in_week { !rests() } else { WORKED.contains(&(year, month, day)) }
    }

    /// This day, or the first working day after it.
    #[must_use]
    pub fn or_next_working(self) -> Self {
        let mut day = self;
        while !day.is_working() {
            day = Self(day.0.saturating_add(1));
        }
        day
    }

    /// The working day with this number, the first being this day if it is one.
    #[must_use]
    pub fn working_day(self, number: u8) -> Self {
        let mut day = self.or_next_working();
        for _ in 1..number {
            day = Self(day.0.saturating_add(1)).or_next_working();
        }
        day
    }

    /// The number of working days from the day after this one to another, with it.
    #[must_use]
    pub fn working_days_to(self, last: Self) -> usize {
        (self.0.saturating_add(1)..=last.0).filter(|day| Self(*day).is_working()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    /// The eleven days of Điều 112 and the days exchanged for a Saturday, as they were announced.
    #[test]
    fn days_of_rest_are_no_working_days() {
        for rest in [
            "2025-01-01",
            "2025-01-27",
            "2025-01-31",
            "2025-04-07",
            "2025-04-30",
            "2025-05-01",
            "2025-05-02",
            "2025-09-01",
            "2026-01-02",
            "2026-02-16",
            "2026-02-20",
            "2026-04-27",
            "2026-08-31",
            "2026-09-02",
            "2027-02-08",
            "2027-05-03",
            "2026-10-24",
            "2026-10-25",
        ] {
            assert!(!day(rest).is_working(), "{rest}");
        }
        for worked in [
            "2025-04-26",
            "2026-01-10",
            "2026-08-22",
            "2025-01-24",
            "2025-02-03",
            "2026-02-13",
            "2026-02-23",
            "2026-10-26",
        ] {
            assert!(day(worked).is_working(), "{worked}");
        }
        let of_year = |year| RESTS.iter().filter(|(of, ..)| *of == year).count();
        assert!(RESTS.iter().all(|(year, from, to)| from <= to && of_year(*year) > 0));
    }

    #[test]
    fn working_days_are_counted_over_weekends_and_tet() {
        // 1 October 2026 is a Thursday.
        let days = [(1, "2026-10-01"), (2, "2026-10-02"), (3, "2026-10-05"), (7, "2026-10-09"), (8, "2026-10-12")];
        for (number, expected) in days {
            assert_eq!(day("2026-10-01").working_day(number), day(expected), "{number}");
        }
        assert_eq!(day("2026-02-13").working_day(2), day("2026-02-23"), "Tết lies between");
        assert_eq!(day("2026-08-22").working_day(1), day("2026-08-22"), "a Saturday that is worked");
        assert_eq!(day("2026-10-23").working_days_to(day("2026-10-27")), 2);
        assert_eq!(day("2026-10-27").working_days_to(day("2026-10-27")), 0);
    }
}
