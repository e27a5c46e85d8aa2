//! Reads days as people write them on a card: day before month, with any of the usual signs between them, and often
//! without the year.

use super::{Day, Period};

/// Why a text is not a day of a card's period.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayMisread {
    /// It is not written as a day.
    NoDay,
    /// A day that the calendar does not have, such as 31/11.
    NoSuchDay,
    /// A day before or after the period.
    Outside(Day),
}

impl Day {
    /// Reads `25/12/2026`, `25.12.26`, `25-12`, `25 12`, `25122026`, `251226`, `2512` or `2026-12-25`. If the year is
    /// missing, it is the period's year.
    ///
    /// # Errors
    /// [`DayMisread`] for a text that is not a day of `period`.
    pub fn read_written(text: &str, period: Period) -> Result<Self, DayMisread> {
        let parts = parts_of(text.trim()).ok_or(DayMisread::NoDay)?;
        let (year, month, day) = match parts.as_slice() {
            [day, month] => (period.first_day().civil().0, month, day),
            [year, month, day] if year.len() == 4 => (number(year)?, month, day),
            [day, month, year] if year.len() == 4 => (number(year)?, month, day),
            // People write the years of this century with two digits.
            [day, month, year] if year.len() == 2 => (2000 + number::<i32>(year)?, month, day),
            _ => return Err(DayMisread::NoDay),
        };
        if day.len() > 2 || month.len() > 2 {
            return Err(DayMisread::NoDay);
        }
        let found = Self::from_civil(year, number(month)?, number(day)?).ok_or(DayMisread::NoSuchDay)?;
        let inside = (period.first_day()..=period.last_day()).contains(&found);
        if inside { Ok(found) } else { Err(DayMisread::Outside(found)) }
    }
}

fn number<T: core::str::FromStr>(digits: &str) -> Result<T, DayMisread> {
    digits.parse().map_err(|_| DayMisread::NoDay)
}

/// The two or three groups of digits. Digits without a sign are divided if their number allows only one reading.
fn parts_of(text: &str) -> Option<Vec<&str>> {
    let is_sign = |letter: char| matches!(letter, '/' | '.' | '-') || letter.is_whitespace();
    if !text.chars().all(|letter| letter.is_ascii_digit() || is_sign(letter)) {
        return None;
    }
    let parts: Vec<&str> = text.split(is_sign).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [digits] if matches!(digits.len(), 4 | 6 | 8) => {
            let (day, rest) = digits.split_at_checked(2)?;
            let (month, year) = rest.split_at_checked(2)?;
            Some([day, month, year].into_iter().filter(|part| !part.is_empty()).collect())
        }
        [_, _] | [_, _, _] => Some(parts),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECEMBER: Period = Period::Month(2026, 12);

    #[test]
    fn row_15_a_day_is_read_however_it_is_written() {
        for text in [
            "25/12",
            "25/12/2026",
            "25.12.2026",
            "25-12-2026",
            "25-12",
            "25.12",
            "25 12 2026",
            "25122026",
            "251226",
            "2512",
            "25/12/26",
            " 25 / 12 / 2026 ",
            "2026-12-25",
        ] {
            assert_eq!(Day::read_written(text, DECEMBER), Ok(Day::parse("25/12/2026").unwrap()), "{text:?}");
        }
        assert_eq!(Day::read_written("5/2", Period::Month(2026, 2)), Ok(Day::parse("05/02/2026").unwrap()));
        assert_eq!(Day::read_written("1/11", Period::Quarter(2026, 4)), Ok(Day::parse("01/11/2026").unwrap()));
    }

    #[test]
    fn row_15_what_is_wrong_with_a_day_is_told_apart() {
        let outside = |text: &str| Err(DayMisread::Outside(Day::parse(text).unwrap()));
        let table = [
            ("31/11", Err(DayMisread::NoSuchDay)),
            ("30/02/2026", Err(DayMisread::NoSuchDay)),
            ("12/25", Err(DayMisread::NoSuchDay)),
            ("00/12", Err(DayMisread::NoSuchDay)),
            ("05/01/2027", outside("05/01/2027")),
            ("25/11", outside("25/11/2026")),
            ("25/12/2025", outside("25/12/2025")),
            ("25/12/1926", outside("25/12/1926")),
            ("", Err(DayMisread::NoDay)),
            ("25", Err(DayMisread::NoDay)),
            ("251", Err(DayMisread::NoDay)),
            ("25/12/202", Err(DayMisread::NoDay)),
            ("2/2/2/2", Err(DayMisread::NoDay)),
            ("thứ sáu", Err(DayMisread::NoDay)),
            ("025/12", Err(DayMisread::NoDay)),
            ("99999999999/1", Err(DayMisread::NoDay)),
        ];
        for (text, misread) in table {
            assert_eq!(Day::read_written(text, DECEMBER), misread, "{text:?}");
        }
    }
}
