//! Days, periods and clocks. No function reads the clock; the time is always a parameter.

#[path = "time/written.rs"]
mod written;

use core::fmt;
use core::str::FromStr;

use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Month};

pub use written::DayMisread;

/// Vietnam's offset from UTC, all year.
const OFFSET_MS: u64 = 7 * 3_600_000;
const DAY_MS: u64 = 86_400_000;

/// Milliseconds since 1970-01-01T00:00Z by some clock. The clock may be wrong, so this is evidence, not authority.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct Millis(#[n(0)] pub u64);

impl Millis {
    /// The calendar day in Vietnam.
    #[must_use]
    pub fn day(self) -> Day {
        Day(i32::try_from(self.0.saturating_add(OFFSET_MS) / DAY_MS).unwrap_or(i32::MAX))
    }

    /// Hours and minutes in Vietnam, as `14:05`.
    #[must_use]
    pub fn clock(self) -> String {
        let minutes = self.0.saturating_add(OFFSET_MS) % DAY_MS / 60_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// A calendar day: days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
#[cbor(transparent)]
pub struct Day(#[n(0)] pub i32);

/// Julian day of 1970-01-01.
const EPOCH_JULIAN: i32 = 2_440_588;

impl Day {
    /// The day `year-month-day`, if it exists.
    #[must_use]
    pub fn from_civil(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        let date = Date::from_calendar_date(year, month, day).ok()?;
        date.to_julian_day().checked_sub(EPOCH_JULIAN).map(Self)
    }

    /// Year, month and day of the month.
    #[must_use]
    pub fn civil(self) -> (i32, u8, u8) {
        let date = Date::from_julian_day(self.0.saturating_add(EPOCH_JULIAN)).unwrap_or(Date::MIN);
        (date.year(), u8::from(date.month()), date.day())
    }

    /// The notation in Vietnam: `25/10/2026`.
    #[must_use]
    pub fn vietnamese(self) -> String {
        let (year, month, day) = self.civil();
        format!("{day:02}/{month:02}/{year}")
    }

    /// Reads `25/10/2026`, `25/1/2026` or `2026-10-25`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let slashes: Vec<&str> = text.split('/').collect();
        let dashes: Vec<&str> = text.split('-').collect();
        let (year, month, day) = match (slashes.as_slice(), dashes.as_slice()) {
            ([day, month, year], _) | (_, [year, month, day]) => (year, month, day),
            _ => return None,
        };
        Self::from_civil(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let refused =
            || serde::de::Error::custom(format_args!("day: found {text:?}, allowed a day such as 2026-10-25"));
        Self::parse(&text).ok_or_else(refused)
    }
}

/// The period of a card: a month, a quarter, half a year or a year. Ordered by year, then length, then place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Period {
    /// Month 1 to 12 of a year.
    Month(u16, u8),
    /// Quarter 1 to 4 of a year.
    Quarter(u16, u8),
    /// Half 1 or 2 of a year.
    HalfYear(u16, u8),
    /// A whole year.
    Year(u16),
}

impl Period {
    /// The month that contains `day`.
    #[must_use]
    pub fn month_of(day: Day) -> Self {
        let (year, month, _) = day.civil();
        Self::Month(u16::try_from(year).unwrap_or_default(), month)
    }

    const fn months(self) -> (u16, u8, u8) {
        match self {
            Self::Month(year, month) => (year, month, month),
            Self::Quarter(year, quarter) => (year, quarter * 3 - 2, quarter * 3),
            Self::HalfYear(year, half) => (year, half * 6 - 5, half * 6),
            Self::Year(year) => (year, 1, 12),
        }
    }

    /// First day of the period.
    #[must_use]
    pub fn first_day(self) -> Day {
        let (year, month, _) = self.months();
        Day::from_civil(i32::from(year), month, 1).unwrap_or(Day(0))
    }

    /// Last day of the period. Who the superiors are is decided by the posts on this day.
    #[must_use]
    pub fn last_day(self) -> Day {
        let (year, _, month) = self.months();
        let next = if month == 12 { (i32::from(year) + 1, 1) } else { (i32::from(year), month + 1) };
        Day::from_civil(next.0, next.1, 1).map_or(Day(0), |day| Day(day.0 - 1))
    }

    /// The period of the same length before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        match self {
            Self::Month(year, 1) => Self::Month(year.saturating_sub(1), 12),
            Self::Month(year, month) => Self::Month(year, month - 1),
            Self::Quarter(year, 1) => Self::Quarter(year.saturating_sub(1), 4),
            Self::Quarter(year, quarter) => Self::Quarter(year, quarter - 1),
            Self::HalfYear(year, 1) => Self::HalfYear(year.saturating_sub(1), 2),
            Self::HalfYear(year, half) => Self::HalfYear(year, half - 1),
            Self::Year(year) => Self::Year(year.saturating_sub(1)),
        }
    }

    /// The period of the same length after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Month(year, 12) => Self::Month(year.saturating_add(1), 1),
            Self::Month(year, month) => Self::Month(year, month + 1),
            Self::Quarter(year, 4) => Self::Quarter(year.saturating_add(1), 1),
            Self::Quarter(year, quarter) => Self::Quarter(year, quarter + 1),
            Self::HalfYear(year, 2) => Self::HalfYear(year.saturating_add(1), 1),
            Self::HalfYear(year, half) => Self::HalfYear(year, half + 1),
            Self::Year(year) => Self::Year(year.saturating_add(1)),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Self::HalfYear(year, half) => write!(f, "{year:04}-H{half}"),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

/// The error for a text that does not name a period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PeriodError(String);

impl fmt::Display for PeriodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "period: found \"{}\", allowed 2026-10, 2026-Q3, 2026-H1 or 2026", self.0)
    }
}

impl core::error::Error for PeriodError {}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let error = || PeriodError(text.chars().take(20).collect());
        let (year, part) = text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
        if year.len() != 4 {
            return Err(error());
        }
        let year: u16 = year.parse().map_err(|_| error())?;
        let Some(part) = part else { return Ok(Self::Year(year)) };
        let number = |digits: &str, max: u8| digits.parse().ok().filter(|n| (1..=max).contains(n)).ok_or_else(error);
        match (part.strip_prefix('Q'), part.strip_prefix('H')) {
            (Some(quarter), _) => Ok(Self::Quarter(year, number(quarter, 4)?)),
            (_, Some(half)) => Ok(Self::HalfYear(year, number(half, 2)?)),
            _ => Ok(Self::Month(year, number(part, 12)?)),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One number on the wire: `year * 100 + place`, place 1–12 month, 21–24 quarter, 31–32 half-year, 0 year.
impl<C> Encode<C> for Period {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let (year, place) = match *self {
            Self::Month(year, month) => (year, month),
            Self::Quarter(year, quarter) => (year, quarter + 20),
            Self::HalfYear(year, half) => (year, half + 30),
            Self::Year(year) => (year, 0),
        };
        e.u32(u32::from(year) * 100 + u32::from(place))?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Period {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let number = d.u32()?;
        let bad = || minicbor::decode::Error::message("no such period");
        let year = u16::try_from(number / 100).map_err(|_| bad())?;
        match u8::try_from(number % 100).map_err(|_| bad())? {
            0 => Ok(Self::Year(year)),
            month @ 1..=12 => Ok(Self::Month(year, month)),
            quarter @ 21..=24 => Ok(Self::Quarter(year, quarter - 20)),
            half @ 31..=32 => Ok(Self::HalfYear(year, half - 30)),
            _ => Err(bad()),
        }
    }
}

/// Hybrid logical clock: the author's wall clock, never earlier than what the author has seen, and a counter within the
/// millisecond.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Encode, Decode)]
pub struct Hlc {
    /// Wall-clock part.
    #[n(0)]
    pub at: Millis,
    /// Place among events of the same millisecond.
    #[n(1)]
    pub counter: u16,
}

impl Hlc {
    /// The clock's next reading. It is later than `self` even if the wall clock went back.
    #[must_use]
    pub fn tick(self, now: Millis) -> Self {
        if now > self.at {
            Self { at: now, counter: 0 }
        } else {
            match self.counter.checked_add(1) {
                Some(counter) => Self { at: self.at, counter },
                None => Self { at: Millis(self.at.0.saturating_add(1)), counter: 0 },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_and_write_themselves() {
        for text in ["2026-10", "2026-01", "2026-Q3", "2026-H1", "2026"] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.to_string(), text);
            assert_eq!(period.next().previous(), period);
            let bytes = minicbor::to_vec(period).unwrap();
            assert_eq!(minicbor::decode::<Period>(&bytes).unwrap(), period);
        }
        for text in ["2026-13", "2026-0", "26-10", "2026-Q5", "", "2026-H3", "x"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_period_knows_its_days() {
        let days = |text: &str| {
            let period: Period = text.parse().unwrap();
            (period.first_day().to_string(), period.last_day().to_string())
        };
        assert_eq!(days("2026-02"), ("2026-02-01".into(), "2026-02-28".into()));
        assert_eq!(days("2028-02"), ("2028-02-01".into(), "2028-02-29".into()));
        assert_eq!(days("2026-12"), ("2026-12-01".into(), "2026-12-31".into()));
        assert_eq!(days("2026-Q3"), ("2026-07-01".into(), "2026-09-30".into()));
        assert_eq!(days("2026"), ("2026-01-01".into(), "2026-12-31".into()));
    }

    #[test]
    fn the_day_changes_at_midnight_in_vietnam() {
        let before = Millis(1_793_033_999_999);
        assert_eq!((before.day().to_string(), before.clock()), ("2026-10-26".into(), "23:59".into()));
        assert_eq!(Millis(before.0 + 1).day().to_string(), "2026-10-27");
    }

    #[test]
    fn the_hybrid_clock_never_goes_back() {
        let first = Hlc::default().tick(Millis(100));
        let second = first.tick(Millis(40));
        assert!(second > first);
        assert_eq!(second, Hlc { at: Millis(100), counter: 1 });
    }

    #[test]
    fn days_are_read_in_both_orders() {
        assert_eq!(Day::parse("25/10/2026"), Day::parse("2026-10-25"));
        assert_eq!(Day::parse("31/02/2026"), None);
        assert_eq!(Day::parse("5/1/2026").unwrap().vietnamese(), "05/01/2026");
    }
}
