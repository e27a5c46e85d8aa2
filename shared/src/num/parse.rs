//! Reads numbers from text: integers, decimals with a point, fractions.

use std::fmt;
use std::ops::Neg;
use std::str::FromStr;

use num_bigint::BigInt;
use num_traits::{One, Zero};

use super::{Exact, ten_to_the};

/// Longest text that is read as a number, in characters.
pub const NUMBER_CHARS_MAX: usize = 400;
/// Longest text of digits whose number always fits a machine word.
const SHORT_CHARS_MAX: usize = 18;
/// Largest exponent of ten, positive or negative: `1e999999999` must not fill the memory.
pub const EXPONENT_MAX: u32 = 30;

/// Why a text is not a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// The text is longer than [`NUMBER_CHARS_MAX`].
    TooLong { found_chars: usize },
    /// The text is neither an integer, nor a decimal with a point, nor `a/b`.
    Malformed { found: String },
    /// `a/0`.
    ZeroDenominator { found: String },
    /// The exponent is beyond [`EXPONENT_MAX`].
    ExponentTooLarge { found: String },
}

impl fmt::Display for NumberError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { found_chars } => {
                write!(out, "a number of {found_chars} characters; allowed are {NUMBER_CHARS_MAX}")
            }
            Self::Malformed { found } => {
                write!(
                    out,
                    "found {found:?}; allowed is an integer, a decimal such as 2.5, or a fraction such as 2699/30"
                )
            }
            Self::ZeroDenominator { found } => write!(out, "found {found:?}; a denominator must be above 0"),
            Self::ExponentTooLarge { found } => {
                write!(out, "found {found:?}; allowed are powers of ten from -{EXPONENT_MAX} to {EXPONENT_MAX}")
            }
        }
    }
}

impl std::error::Error for NumberError {}

impl Exact {
    /// Reads `30`, `-2.5`, `1e3` or `2699/30`, exactly.
    ///
    /// # Errors
    /// [`NumberError`] when the text is too long, is not a number, or has an exponent out of bounds.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let found_chars = text.len();
        if found_chars > NUMBER_CHARS_MAX {
            return Err(NumberError::TooLong { found_chars });
        }
        if let Some(short) = Self::parse_short(text.as_bytes()) {
            return Ok(short);
        }
        Self::parse_long(text)
    }

    fn parse_long(text: &str) -> Result<Self, NumberError> {
        let malformed = || NumberError::Malformed { found: text.to_owned() };
        if let Some((numerator, denominator)) = text.split_once('/') {
            let numerator = signed_digits(numerator).ok_or_else(malformed)?;
            let denominator = digits(denominator).ok_or_else(malformed)?;
            if denominator.is_zero() {
                return Err(NumberError::ZeroDenominator { found: text.to_owned() });
            }
            return Ok(Self::from_big(numerator, denominator));
        }
        Self::parse_decimal(text)
    }

    /// The fast path for what people write and for most fractions: up to [`SHORT_CHARS_MAX`] bytes of digits with at
    /// most one point or stroke, which fit machine words. It returns none for everything else, including texts that are
    /// not numbers; the slow path then decides.
    fn parse_short(text: &[u8]) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix(b"-") {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        if digits.is_empty() || digits.len() > SHORT_CHARS_MAX {
            return None;
        }
        let (mut before, mut after, mut places, mut mark) = (0_i64, 0_i64, 1_i64, None);
        for (place, byte) in digits.iter().enumerate() {
            match byte {
                b'0'..=b'9' if mark.is_some() => {
                    after = after * 10 + i64::from(byte - b'0');
                    places *= 10;
                }
                b'0'..=b'9' => before = before * 10 + i64::from(byte - b'0'),
                b'.' | b'/' if mark.is_none() && place > 0 => mark = Some(*byte),
                _ => return None,
            }
        }
        match mark {
            None => Self::ratio(sign * before, 1),
            Some(_) if places == 1 => None,
            Some(b'/') => Self::ratio(sign * before, after),
            Some(_) => Self::ratio(sign * (before * places + after), places),
        }
    }

    fn parse_decimal(text: &str) -> Result<Self, NumberError> {
        let malformed = || NumberError::Malformed { found: text.to_owned() };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent_of(exponent, text)?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if all_digits(fraction) => (whole, fraction),
            Some(_) => return Err(malformed()),
            None => (mantissa, ""),
        };
        if !all_digits(whole.strip_prefix('-').unwrap_or(whole)) {
            return Err(malformed());
        }
        let numerator: BigInt = format!("{whole}{fraction}").parse().map_err(|_| malformed())?;
        let places = u32::try_from(fraction.len()).map_err(|_| malformed())?;
        let mut value = Self::from_big(numerator, ten_to_the(places));
        let power = Self::from_big(ten_to_the(exponent.unsigned_abs()), BigInt::one());
        if exponent >= 0 {
            value = value * power;
        } else if let Some(quotient) = value.checked_div(&power) {
            value = quotient;
        }
        Ok(value)
    }
}

impl FromStr for Exact {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::parse(text)
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn digits(text: &str) -> Option<BigInt> {
    if all_digits(text) { text.parse().ok() } else { None }
}

fn signed_digits(text: &str) -> Option<BigInt> {
    match text.strip_prefix('-') {
        Some(rest) => digits(rest).map(Neg::neg),
        None => digits(text),
    }
}

fn exponent_of(text: &str, whole: &str) -> Result<i32, NumberError> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !all_digits(unsigned) {
        return Err(NumberError::Malformed { found: whole.to_owned() });
    }
    let size = unsigned.parse::<u32>().ok().filter(|size| *size <= EXPONENT_MAX);
    let size = size.and_then(|size| i32::try_from(size).ok());
    let size = size.ok_or_else(|| NumberError::ExponentTooLarge { found: whole.to_owned() })?;
    Ok(if text.starts_with('-') { -size } else { size })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_short_way_reads_what_the_long_way_reads(text in "-?[0-9]{0,11}([./][0-9]{0,11})?|[-0-9./e ]{0,8}") {
            if let Some(short) = Exact::parse_short(text.as_bytes()) {
                prop_assert_eq!(Ok(short), Exact::parse_long(&text));
            }
        }
    }

    #[test]
    fn what_is_usual_goes_the_short_way() {
        for text in ["0", "-0", "30", "2.50", "-7/12", "2699/30", "999999999999999999"] {
            assert!(Exact::parse_short(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["", "-", "1.", ".5", "1/", "1/0", "1e3", "+1", "1.2.3", "1000000000000000000"] {
            assert!(Exact::parse_short(text.as_bytes()).is_none(), "{text}");
        }
    }
}
