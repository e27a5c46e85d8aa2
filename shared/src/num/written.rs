//! Reads numbers as people write them. In Vietnam the comma is the decimal mark and a dot groups thousands; in English
//! it is the other way round; spaces group everywhere. A text with only one possible meaning is read, whichever sign it
//! uses. A text with two possible meanings is refused, not guessed.

use super::{Exact, NUMBER_CHARS_MAX};

/// Which sign separates the whole from the fraction. The other one groups thousands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecimalMark {
    /// As in Vietnamese: `1.250,5`.
    Comma,
    /// As in English: `1,250.5`.
    Point,
}

impl DecimalMark {
    /// The sign itself.
    #[must_use]
    pub const fn sign(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Point => '.',
        }
    }
}

/// Why a text is not a number, or not one number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Misread {
    /// Letters, signs of other kinds, or a number that is not finished.
    NoNumber,
    /// Digits and signs in an order that fits neither thousands nor a fraction.
    Signs,
    /// `2,125`: a fraction by the rules of the language, thousands by the habit of many programs.
    TwoWays {
        /// 2125.
        thousands: Exact,
        /// 2.125.
        decimal: Exact,
    },
}

impl Exact {
    /// Reads a number of 0 or more as a person wrote it.
    ///
    /// # Errors
    /// [`Misread`] for a text that is not a number, or that could be two numbers.
    pub fn read_written(text: &str, mark: DecimalMark) -> Result<Self, Misread> {
        let text: String = text.chars().filter(|letter| !is_invisible(*letter)).collect();
        let (grouped_by_space, text) = without_spaces(text.trim()).ok_or(Misread::Signs)?;
        let known = |letter: char| letter.is_ascii_digit() || letter == '.' || letter == ',';
        let whole_at_ends = text.starts_with(is_digit) && text.ends_with(is_digit);
        if !whole_at_ends || !text.chars().all(known) || text.len() > NUMBER_CHARS_MAX {
            return Err(Misread::NoNumber);
        }
        match (text.matches('.').count(), text.matches(',').count()) {
            (0, 0) => plain(&text, ""),
            (_, 0) => one_sign(&text, '.', mark, grouped_by_space),
            (0, _) => one_sign(&text, ',', mark, grouped_by_space),
            _ => both_signs(&text, grouped_by_space),
        }
    }
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

/// Whether a letter is invisible. Such letters come along when text is copied.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// The text without the spaces that group its thousands, and whether there were any. None where the spaces do not group
/// thousands.
fn without_spaces(text: &str) -> Option<(bool, String)> {
    let groups: Vec<&str> = text.split(char::is_whitespace).collect();
    let Some((last, before)) = groups.split_last().filter(|(_, before)| !before.is_empty()) else {
        return Some((false, text.to_owned()));
    };
    let digits = last.find(|letter| !is_digit(letter)).unwrap_or(last.len());
    let whole: Vec<&str> = before.iter().copied().chain(last.get(..digits)).collect();
    are_thousands(&whole).then(|| (true, groups.concat()))
}

/// Whether these are groups of thousands: three digits each, the first up to three and not beginning with 0.
fn are_thousands(groups: &[&str]) -> bool {
    let Some((first, others)) = groups.split_first() else { return false };
    let is_group = |group: &str| group.len() == 3 && group.chars().all(is_digit);
    (1..=3).contains(&first.len())
        && first.chars().all(is_digit)
        && !first.starts_with('0')
        && !others.is_empty()
        && others.iter().all(|group| is_group(group))
}

fn plain(whole: &str, fraction: &str) -> Result<Exact, Misread> {
    let text = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    Exact::parse(&text).map_err(|_| Misread::NoNumber)
}

/// Reads digits with one kind of sign among them.
fn one_sign(text: &str, sign: char, mark: DecimalMark, grouped_by_space: bool) -> Result<Exact, Misread> {
    let groups: Vec<&str> = text.split(sign).collect();
    let thousands = are_thousands(&groups);
    let [whole, fraction] = groups.as_slice() else {
        // If the sign occurs several times, it can only group thousands.
        return if thousands && !grouped_by_space { plain(&groups.concat(), "") } else { Err(Misread::Signs) };
    };
    match (sign == mark.sign(), thousands, grouped_by_space) {
        (true, true, false) => {
            Err(Misread::TwoWays { thousands: plain(&groups.concat(), "")?, decimal: plain(whole, fraction)? })
        }
        (true, ..) => plain(whole, fraction),
        (false, true, false) => plain(&groups.concat(), ""),
        // One or two digits after the thousands sign, or any digits after a zero, are not a group: the sign is the
        // decimal mark of keyboards that have no other. With more digits a group may have been mistyped.
        (false, ..) if fraction.len() < 3 || whole.chars().all(|digit| digit == '0') => plain(whole, fraction),
        (false, ..) => Err(Misread::Signs),
    }
}

/// Reads digits with both signs: the last sign starts the fraction, the others group.
fn both_signs(text: &str, grouped_by_space: bool) -> Result<Exact, Misread> {
    let (whole, fraction) = text.rsplit_once(['.', ',']).ok_or(Misread::Signs)?;
    let decimal = text.chars().rev().find(|letter| !is_digit(*letter));
    let grouping = if decimal == Some(',') { '.' } else { ',' };
    let groups: Vec<&str> = whole.split(grouping).collect();
    if grouped_by_space || !are_thousands(&groups) {
        return Err(Misread::Signs);
    }
    plain(&groups.concat(), fraction)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Exact, Misread> {
        Exact::read_written(text, DecimalMark::Comma)
    }

    fn number(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn case_09_what_is_one_number_is_read() {
        let table = [
            ("0", "0"),
            ("007", "7"),
            ("1250", "1250"),
            ("1.250", "1250"),
            ("1.000", "1000"),
            ("12.500", "12500"),
            ("1.250.000", "1250000"),
            ("1 250", "1250"),
            ("1\u{a0}250", "1250"),
            ("1\u{202f}250\u{202f}000", "1250000"),
            ("1.250,5", "1250.5"),
            ("1 250,5", "1250.5"),
            ("1 250,125", "1250.125"),
            ("1.250,125", "1250.125"),
            ("2500,125", "2500.125"),
            (" 2,5 ", "2.5"),
            ("\u{feff}2,50\u{200b}", "2.5"),
            ("0,125", "0.125"),
            ("2,1250", "2.125"),
            // The only mark of some keyboards, and the mark that spreadsheets set to English write.
            ("2.5", "2.5"),
            ("1.25", "1.25"),
            ("0.125", "0.125"),
            ("1 250.5", "1250.5"),
            ("1,250.5", "1250.5"),
            ("1,250,000", "1250000"),
        ];
        for (text, value) in table {
            assert_eq!(read(text), Ok(number(value)), "{text:?}");
        }
    }

    #[test]
    fn case_09_what_could_be_two_numbers_is_not_guessed() {
        let two_ways = |thousands: &str, decimal: &str| {
            Err(Misread::TwoWays { thousands: number(thousands), decimal: number(decimal) })
        };
        assert_eq!(read("1,000"), two_ways("1000", "1"));
        assert_eq!(read("2,125"), two_ways("2125", "2.125"));
        for text in ["1.2500", "1234.567", "12.50.000", "25.12.2026", "1.250 000", "1 25", "12 50", "1250,000,000"] {
            assert_eq!(read(text), Err(Misread::Signs), "{text:?}");
        }
        assert_eq!(read("01.250"), Err(Misread::Signs), "no group begins with 0");
    }

    #[test]
    fn what_is_no_number_is_told() {
        for text in ["", "-", "-1", "+1", "1e9", "1/2", "x", "2,", ",5", ".", "1.", "2.5%", "１２"] {
            assert_eq!(read(text), Err(Misread::NoNumber), "{text:?}");
        }
        assert_eq!(read(&"9".repeat(NUMBER_CHARS_MAX + 1)), Err(Misread::NoNumber));
    }

    proptest! {
        #[test]
        fn in_english_the_signs_are_exchanged(text in "[0-9]{0,4}([., ][0-9]{1,4}){0,3}") {
            let exchanged: String = text.chars().map(|letter| match letter {
                '.' => ',',
                ',' => '.',
                other => other,
            }).collect();
            prop_assert_eq!(Exact::read_written(&exchanged, DecimalMark::Point), read(&text));
        }

        #[test]
        fn a_beginning_is_never_taken_for_the_whole(whole in 1_u32..1_000_000, fraction in 0_u32..100) {
            let value = number(&format!("{whole}.{fraction:02}"));
            let digits = whole.to_string();
            let mut grouped = String::new();
            for (place, digit) in digits.chars().enumerate() {
                if place > 0 && (digits.len() - place) % 3 == 0 {
                    grouped.push('.');
                }
                grouped.push(digit);
            }
            prop_assert_eq!(read(&format!("{grouped},{fraction:02}")), Ok(value.clone()));
            prop_assert_eq!(read(&grouped), Ok(number(&digits)));
        }
    }
}
