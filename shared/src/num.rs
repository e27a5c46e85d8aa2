//! Exact numbers: fractions that never round and never overflow silently.
//!
//! No text prescribes rounding of scores, so a rounded intermediate value could move a person across a class boundary
//! without a rule that says so. Values are kept in two machine words while they fit, and in big integers otherwise.

#[path = "num/encoding.rs"]
mod encoding;
#[path = "num/parse.rs"]
mod parse;
#[path = "num/written.rs"]
mod written;

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive};

pub use parse::{EXPONENT_MAX, NUMBER_CHARS_MAX, NumberError};
pub use written::{DecimalMark, Misread};

/// The most decimal places that [`Exact::to_decimal`] writes.
pub const DECIMAL_PLACES_MAX: u32 = 60;

/// A device writes few numbers, and rather loads less code than it writes them fast.
const PREFERS_LESS_CODE: bool = cfg!(target_family = "wasm");

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
        let width = places as usize + 1;
        let small = if PREFERS_LESS_CODE { None } else { self.small_scaled(places) };
        let text = match small {
            Some(scaled) => format!("{scaled:0>width$}"),
            None => format!("{:0>width$}", self.big_scaled(places)),
        };
        let negative = self.is_negative() && text.bytes().any(|digit| digit != b'0');
        let (whole, fraction) = text.split_at(text.len().saturating_sub(places as usize));
        let fraction = fraction.trim_end_matches('0');
        let sign = if negative { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }

    /// The amount without sign in units of the last place, rounded half up; none where it needs big numbers.
    fn small_scaled(&self, places: u32) -> Option<i128> {
        let (numerator, denominator) = self.as_small()?;
        let twice = numerator.abs().checked_mul(10_i128.checked_pow(places)?)?.checked_mul(2)?;
        twice.checked_add(denominator)?.checked_div(denominator.checked_mul(2)?)
    }

    fn big_scaled(&self, places: u32) -> BigInt {
        let (numerator, denominator) = self.to_big();
        (numerator.abs() * ten_to_the(places) * 2_u8 + &denominator) / (denominator * 2_u8)
    }

    /// Numerator and denominator when both fit machine words, in lowest terms, denominator positive.
    pub fn as_small(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Parts::Small { numerator, denominator } => Some((*numerator, *denominator)),
            Parts::Big(_) => None,
        }
    }

    /// `numerator / denominator` from machine words. The denominator must not be 0, and neither part may be
    /// `i128::MIN`.
    ///
    /// Computes in single words where both parts fit: WebAssembly has no double words, and each step on them is a call.
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
            // Uses the reducing constructor: 2^127 does not fit a machine word, and its negative is excluded on
            // purpose.
            Parts::Big(parts) => Self::from_big(-parts.0.clone(), parts.1.clone()),
        }
    }
}

/// `a / b + c / d`, or none where it needs big numbers.
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

/// The most bytes of the text of a number of short words.
const ROOM: usize = 41;

impl Exact {
    /// The text of a number whose parts fit words of 64 bits, without a formatter: an answer has hundreds of them.
    fn short_text<'r>(&self, room: &'r mut [u8; ROOM]) -> Option<&'r str> {
        let (numerator, denominator) = self.as_small()?;
        let (mut above, mut below) = (itoa::Buffer::new(), itoa::Buffer::new());
        let above = above.format(i64::try_from(numerator).ok()?);
        let below = if denominator == 1 { "" } else { below.format(i64::try_from(denominator).ok()?) };
        let stroke = if below.is_empty() { "" } else { "/" };
        let mut length = 0;
        for part in [above, stroke, below] {
            let end = length + part.len();
            room.get_mut(length..end)?.copy_from_slice(part.as_bytes());
            length = end;
        }
        str::from_utf8(room.get(..length)?).ok()
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !PREFERS_LESS_CODE && let Some(text) = self.short_text(&mut [0; ROOM]) {
            return out.write_str(text);
        }
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
