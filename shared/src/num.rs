//! Exact numbers: fractions that never round and never overflow silently.
//!
//! No text prescribes rounding of scores, so a rounded intermediate value could move a person across a class boundary
//! without any rule saying so. Values live in two machine words while they fit and move to big integers when they do not.

#[path = "num/encoding.rs"]
mod encoding;

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};
use std::str::FromStr;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Longest text that is read as a number.
pub const NUMBER_CHARS_MAX: usize = 400;
/// Longest text of digits whose number surely fits a machine word.
const SHORT_CHARS_MAX: usize = 18;
/// Largest power of ten, either way, that an exponent may name: `1e999999999` must not fill the memory.
pub const EXPONENT_MAX: u32 = 30;
/// Most decimal places [`Exact::to_decimal`] writes.
pub const DECIMAL_PLACES_MAX: u32 = 60;

/// A rational number without rounding. Equal values have equal representations: lowest terms, positive denominator,
/// machine words whenever both parts fit.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Exact(Parts);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Parts {
    /// `numerator` is never `i128::MIN`, so negation and `abs` cannot overflow.
    Small {
        numerator: i128,
        denominator: i128,
    },
    Big(Box<(BigInt, BigInt)>),
}

/// Why a text is no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Longer than [`NUMBER_CHARS_MAX`].
    TooLong { found_chars: usize },
    /// Neither an integer, nor a decimal with a point, nor `a/b`.
    Malformed { found: String },
    /// `a/0`.
    ZeroDenominator { found: String },
    /// An exponent beyond [`EXPONENT_MAX`].
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
    /// 0.
    pub const fn zero() -> Self {
        Self(Parts::Small { numerator: 0, denominator: 1 })
    }

    /// 1.
    pub const fn one() -> Self {
        Self(Parts::Small { numerator: 1, denominator: 1 })
    }

    /// A whole number.
    pub const fn from_int(value: i64) -> Self {
        Self(Parts::Small { numerator: value as i128, denominator: 1 })
    }

    /// `numerator / denominator`; `None` when the denominator is 0.
    pub fn ratio(numerator: i64, denominator: i64) -> Option<Self> {
        (denominator != 0).then(|| Self::reduced(i128::from(numerator), i128::from(denominator)))
    }

    /// Reads `30`, `-2.5`, `1e3` or `2699/30`, exactly.
    ///
    /// # Errors
    /// [`NumberError`] when the text is too long, is no number, or names an exponent out of bounds.
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

    /// What people write and what most fractions are: up to [`SHORT_CHARS_MAX`] bytes of digits with at most one point or
    /// stroke, which fit machine words. Everything else, what is no number among it, is left to the long way.
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

    /// The quotient; `None` when `divisor` is 0.
    pub fn checked_div(&self, divisor: &Self) -> Option<Self> {
        if divisor.is_zero() {
            return None;
        }
        if let (Parts::Small { numerator: a, denominator: b }, Parts::Small { numerator: c, denominator: d }) =
            (&self.0, &divisor.0)
            && let (Some(numerator), Some(denominator)) = (a.checked_mul(*d), b.checked_mul(*c))
            && numerator != i128::MIN
            && denominator != i128::MIN
        {
            return Some(Self::reduced(numerator, denominator));
        }
        let ((a, b), (c, d)) = (self.to_big(), divisor.to_big());
        Some(Self::from_big(a * d, b * c))
    }

    /// Whether the value is 0.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Parts::Small { numerator: 0, .. })
    }

    /// Whether the value is below 0.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Parts::Small { numerator, .. } => *numerator < 0,
            Parts::Big(parts) => parts.0.is_negative(),
        }
    }

    /// Whether the value is a whole number.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Parts::Small { denominator, .. } => *denominator == 1,
            Parts::Big(parts) => parts.1.is_one(),
        }
    }

    /// The largest whole number that is not above the value.
    #[must_use]
    pub fn floor(&self) -> Self {
        if self.is_integer() {
            return self.clone();
        }
        let (numerator, denominator) = self.to_big();
        Self::from_big(numerator.div_floor(&denominator), BigInt::one())
    }

    /// Decimal text for reading, rounded half up (away from 0 below 0), without trailing zeros: `76.701389`, `30`.
    ///
    /// More than [`DECIMAL_PLACES_MAX`] places are treated as that many.
    pub fn to_decimal(&self, places: u32) -> String {
        let places = places.min(DECIMAL_PLACES_MAX);
        let (numerator, denominator) = self.to_big();
        let twice = numerator.abs() * ten_to_the(places) * 2_u8 + &denominator;
        let scaled = twice / (denominator * 2_u8);
        let negative = numerator.is_negative() && !scaled.is_zero();
        let width = places as usize + 1;
        let text = format!("{scaled:0>width$}");
        let (whole, fraction) = text.split_at(text.len().saturating_sub(places as usize));
        let fraction = fraction.trim_end_matches('0');
        let sign = if negative { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }

    /// Numerator and denominator when both fit machine words, in lowest terms, denominator positive.
    pub fn as_small(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Parts::Small { numerator, denominator } => Some((*numerator, *denominator)),
            Parts::Big(_) => None,
        }
    }

    /// `numerator / denominator` from machine words; the denominator must not be 0 and neither part `i128::MIN`.
    ///
    /// In single words where both fit: WebAssembly has no double ones, and each step on them is a call.
    fn reduced(numerator: i128, denominator: i128) -> Self {
        if denominator == 1 {
            return Self(Parts::Small { numerator, denominator });
        }
        if let (Ok(above), Ok(below)) = (i64::try_from(numerator), i64::try_from(denominator))
            && let Ok(common) = i64::try_from(above.unsigned_abs().gcd(&below.unsigned_abs()))
            && let Some(common) = common.max(1).checked_mul(below.signum())
            && let (Some(numerator), Some(denominator)) = (above.checked_div(common), below.checked_div(common))
        {
            return Self(Parts::Small { numerator: numerator.into(), denominator: denominator.into() });
        }
        Self::from_big(numerator.into(), denominator.into())
    }

    fn from_big(numerator: BigInt, denominator: BigInt) -> Self {
        let mut common = numerator.gcd(&denominator);
        if denominator.sign() == Sign::Minus {
            common = -common;
        }
        let (numerator, denominator) = (numerator / &common, denominator / common);
        if let (Some(small), Some(below)) = (numerator.to_i128(), denominator.to_i128())
            && small != i128::MIN
        {
            return Self(Parts::Small { numerator: small, denominator: below });
        }
        Self(Parts::Big(Box::new((numerator, denominator))))
    }

    fn to_big(&self) -> (BigInt, BigInt) {
        match &self.0 {
            Parts::Small { numerator, denominator } => (BigInt::from(*numerator), BigInt::from(*denominator)),
            Parts::Big(parts) => (**parts).clone(),
        }
    }

    fn plus(&self, other: &Self) -> Self {
        if let (Parts::Small { numerator: a, denominator: b }, Parts::Small { numerator: c, denominator: d }) =
            (&self.0, &other.0)
            && let Some(sum) = small_sum(*a, *b, *c, *d)
        {
            return sum;
        }
        let ((a, b), (c, d)) = (self.to_big(), other.to_big());
        Self::from_big(a * &d + c * &b, b * d)
    }

    fn times(&self, other: &Self) -> Self {
        if let (Parts::Small { numerator: a, denominator: b }, Parts::Small { numerator: c, denominator: d }) =
            (&self.0, &other.0)
            && let (Some(numerator), Some(denominator)) = (a.checked_mul(*c), b.checked_mul(*d))
            && numerator != i128::MIN
        {
            return Self::reduced(numerator, denominator);
        }
        let ((a, b), (c, d)) = (self.to_big(), other.to_big());
        Self::from_big(a * c, b * d)
    }

    fn negated(&self) -> Self {
        match &self.0 {
            Parts::Small { numerator, denominator } => {
                Self(Parts::Small { numerator: -numerator, denominator: *denominator })
            }
            // Through the reducing constructor: 2^127 does not fit a machine word, its negative is refused on purpose.
            Parts::Big(parts) => Self::from_big(-parts.0.clone(), parts.1.clone()),
        }
    }
}

/// `a / b + c / d`; nothing where the big numbers are needed for it.
fn small_sum(a: i128, b: i128, c: i128, d: i128) -> Option<Exact> {
    let (left, right) = if b == d {
        (1, 1)
    } else {
        let (b, d) = (u64::try_from(b).ok()?, u64::try_from(d).ok()?);
        let common = b.gcd(&d).max(1);
        ((d / common).into(), (b / common).into())
    };
    let numerator = a.checked_mul(left)?.checked_add(c.checked_mul(right)?)?;
    let denominator = b.checked_mul(left)?;
    (numerator != i128::MIN).then(|| Exact::reduced(numerator, denominator))
}

fn ten_to_the(power: u32) -> BigInt {
    (0..power).fold(BigInt::one(), |product, _| product * 10_u8)
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

impl Default for Exact {
    fn default() -> Self {
        Self::zero()
    }
}

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self::from_int(value)
    }
}

impl From<u32> for Exact {
    fn from(value: u32) -> Self {
        Self::from_int(i64::from(value))
    }
}

impl FromStr for Exact {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::parse(text)
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Parts::Small { numerator, denominator: 1 } => write!(out, "{numerator}"),
            Parts::Small { numerator, denominator } => write!(out, "{numerator}/{denominator}"),
            Parts::Big(parts) if parts.1.is_one() => write!(out, "{}", parts.0),
            Parts::Big(parts) => write!(out, "{}/{}", parts.0, parts.1),
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Exact({self})")
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Parts::Small { numerator: a, denominator: b }, Parts::Small { numerator: c, denominator: d }) =
            (&self.0, &other.0)
        {
            if b == d {
                return a.cmp(c);
            }
            if let (Some(left), Some(right)) = (a.checked_mul(*d), c.checked_mul(*b)) {
                return left.cmp(&right);
            }
        }
        let ((a, b), (c, d)) = (self.to_big(), other.to_big());
        (a * d).cmp(&(c * b))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

macro_rules! operators {
    ($($operator:ident :: $method:ident = |$left:ident, $right:ident| $value:expr;)*) => {$(
        impl $operator<&Exact> for &Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact {
                let ($left, $right) = (self, other);
                $value
            }
        }
        impl $operator<Exact> for Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact {
                (&self).$method(&other)
            }
        }
        impl $operator<&Exact> for Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact {
                (&self).$method(other)
            }
        }
        impl $operator<Exact> for &Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact {
                self.$method(&other)
            }
        }
    )*};
}

operators! {
    Add::add = |left, right| left.plus(right);
    Sub::sub = |left, right| left.plus(&right.negated());
    Mul::mul = |left, right| left.times(right);
}

impl Neg for Exact {
    type Output = Self;

    fn neg(self) -> Self {
        self.negated()
    }
}

impl Neg for &Exact {
    type Output = Exact;

    fn neg(self) -> Exact {
        self.negated()
    }
}

impl AddAssign<&Self> for Exact {
    fn add_assign(&mut self, other: &Self) {
        *self = self.plus(other);
    }
}

impl AddAssign for Exact {
    fn add_assign(&mut self, other: Self) {
        *self = self.plus(&other);
    }
}

impl SubAssign<&Self> for Exact {
    fn sub_assign(&mut self, other: &Self) {
        *self = self.plus(&other.negated());
    }
}

impl Sum for Exact {
    fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
        values.fold(Self::zero(), |total, value| total + value)
    }
}

impl<'a> Sum<&'a Self> for Exact {
    fn sum<I: Iterator<Item = &'a Self>>(values: I) -> Self {
        values.fold(Self::zero(), |total, value| total + value)
    }
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
