//! The numbers that the engine calculates with. The arithmetic is written once, over [`Number`], and runs on two kinds:
//! on exact fractions without bounds, and on machine words. On machine words, marks and quantities are whole numbers of
//! a common unit, and only a division makes a fraction. A value that does not fit into the words is reported, and the
//! calculation is then done on exact fractions.

use std::cmp::Ordering;
use std::num::NonZeroI64;

use crate::num::Exact;

/// Largest amount on machine words. Products of three amounts and sums over a whole card stay far inside 64 bits.
const AMOUNT_MAX: i128 = 1 << 20;

const ONE: NonZeroI64 = match NonZeroI64::new(1) {
    Some(one) => one,
    None => NonZeroI64::MAX,
};

/// The value of a component, a threshold or a fact.
pub(super) trait Number: Clone {
    /// A mark, a quantity, a coefficient or a share kept. Many of them are multiplied and added for one value.
    type Amount: Clone + Ord;

    /// The value of an exact number; none when it does not fit.
    fn of(exact: &Exact) -> Option<Self>;
    fn plus(&self, other: &Self) -> Option<Self>;
    fn minus(&self, other: &Self) -> Option<Self>;
    fn times(&self, other: &Self) -> Option<Self>;
    fn floor(&self) -> Option<Self>;
    fn order(&self, other: &Self) -> Ordering;

    /// A number in units of `1/scale`; none when it is not a whole number of them or is too large.
    fn amount(exact: &Exact, scale: i64) -> Option<Self::Amount>;
    fn nothing() -> Self::Amount;
    fn add(sum: &mut Self::Amount, amount: &Self::Amount);
    fn multiply(left: &Self::Amount, right: &Self::Amount) -> Self::Amount;
    fn negative(amount: &Self::Amount) -> Self::Amount;
    /// `amount / (divisor × scale)`; none when the divisor is 0.
    fn quotient(amount: &Self::Amount, divisor: &Self::Amount, scale: i64) -> Option<Self>;
    /// `amount / scale`.
    fn value(amount: &Self::Amount, scale: i64) -> Option<Self>;
    /// 0.
    fn zero() -> Option<Self> {
        Self::value(&Self::nothing(), 1)
    }
    /// 1.
    fn one() -> Self;
    /// The denominator of the common unit of all these values: 10 for tenths.
    fn scale<'a>(values: impl Iterator<Item = &'a Exact>) -> Option<i64>;
}

impl Number for Exact {
    type Amount = Self;

    fn of(exact: &Exact) -> Option<Self> {
        Some(exact.clone())
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        Some(self + other)
    }

    fn minus(&self, other: &Self) -> Option<Self> {
        Some(self - other)
    }

    fn times(&self, other: &Self) -> Option<Self> {
        Some(self * other)
    }

    fn floor(&self) -> Option<Self> {
        Some(Self::floor(self))
    }

    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }

    fn amount(exact: &Exact, _scale: i64) -> Option<Self> {
        Some(exact.clone())
    }

    fn nothing() -> Self {
        Self::zero()
    }

    fn add(sum: &mut Self, amount: &Self) {
        *sum += amount;
    }

    fn multiply(left: &Self, right: &Self) -> Self {
        left * right
    }

    fn negative(amount: &Self) -> Self {
        -amount
    }

    fn quotient(amount: &Self, divisor: &Self, _scale: i64) -> Option<Self> {
        amount.checked_div(divisor)
    }

    fn value(amount: &Self, _scale: i64) -> Option<Self> {
        Some(amount.clone())
    }

    fn one() -> Self {
        Self::one()
    }

    fn scale<'a>(_values: impl Iterator<Item = &'a Exact>) -> Option<i64> {
        Some(1)
    }
}

/// A fraction of machine words, not reduced: `numerator / denominator`, the denominator above 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quick {
    numerator: i64,
    // Never 0, so that an optional value takes no third word.
    denominator: NonZeroI64,
}

impl Quick {
    /// Numerator and denominator, not reduced.
    pub(super) const fn parts(self) -> (i64, i64) {
        (self.numerator, self.denominator.get())
    }

    #[inline]
    fn fraction(numerator: i64, denominator: i64) -> Option<Self> {
        NonZeroI64::new(denominator).map(|denominator| Self { numerator, denominator })
    }

    fn combined(&self, other: &Self, combine: impl Fn(i64, i64) -> Option<i64>) -> Option<Self> {
        if self.denominator == other.denominator {
            let numerator = combine(self.numerator, other.numerator)?;
            return Some(Self { numerator, denominator: self.denominator });
        }
        let left = product(self.numerator, other.denominator.get())?;
        let right = product(other.numerator, self.denominator.get())?;
        Self::fraction(combine(left, right)?, product(self.denominator.get(), other.denominator.get())?)
    }
}

/// The product, if it fits. Halves of words are multiplied without a check for overflow: WebAssembly does not report
/// overflow and would have to multiply in double words, with a call each time.
#[inline]
fn product(left: i64, right: i64) -> Option<i64> {
    if is_half(left) && is_half(right) { Some(left.wrapping_mul(right)) } else { product_of_long(left, right) }
}

// A separate function; otherwise the compiler sees that both ways give the same result and uses only this one.
#[cold]
#[inline(never)]
fn product_of_long(left: i64, right: i64) -> Option<i64> {
    left.checked_mul(right)
}

#[inline]
fn is_half(word: i64) -> bool {
    word == word as i32 as i64
}

/// The product of two words, which always fits into two.
fn wide(left: i64, right: i64) -> i128 {
    i128::from(left).wrapping_mul(i128::from(right))
}

impl Number for Quick {
    type Amount = i64;

    fn of(exact: &Exact) -> Option<Self> {
        let (numerator, denominator) = exact.as_small()?;
        Self::fraction(i64::try_from(numerator).ok()?, i64::try_from(denominator).ok()?)
    }

    #[inline]
    fn plus(&self, other: &Self) -> Option<Self> {
        self.combined(other, i64::checked_add)
    }

    #[inline]
    fn minus(&self, other: &Self) -> Option<Self> {
        self.combined(other, i64::checked_sub)
    }

    #[inline]
    fn times(&self, other: &Self) -> Option<Self> {
        let numerator = product(self.numerator, other.numerator)?;
        Self::fraction(numerator, product(self.denominator.get(), other.denominator.get())?)
    }

    fn floor(&self) -> Option<Self> {
        Self::fraction(self.numerator.checked_div_euclid(self.denominator.get())?, 1)
    }

    #[inline]
    fn order(&self, other: &Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        let (own, others) = (self.denominator.get(), other.denominator.get());
        match (product(self.numerator, others), product(other.numerator, own)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => wide(self.numerator, others).cmp(&wide(other.numerator, own)),
        }
    }

    fn amount(exact: &Exact, scale: i64) -> Option<i64> {
        let (numerator, denominator) = exact.as_small()?;
        let units = i128::from(scale).checked_div(denominator)?;
        let whole = units.checked_mul(denominator) == Some(i128::from(scale));
        let amount =
            numerator.checked_mul(units).filter(|amount| whole && amount.unsigned_abs() <= AMOUNT_MAX as u128)?;
        i64::try_from(amount).ok()
    }

    #[inline]
    fn nothing() -> i64 {
        0
    }

    // Because of AMOUNT_MAX, neither a product of three nor a sum over LINES_PER_CARD_MAX lines exceeds 64 bits.
    #[inline]
    fn add(sum: &mut i64, amount: &i64) {
        *sum = sum.wrapping_add(*amount);
    }

    #[inline]
    fn multiply(left: &i64, right: &i64) -> i64 {
        left.wrapping_mul(*right)
    }

    #[inline]
    fn negative(amount: &i64) -> i64 {
        amount.wrapping_neg()
    }

    #[inline]
    fn quotient(amount: &i64, divisor: &i64, scale: i64) -> Option<Self> {
        Self::fraction(*amount, product(*divisor, scale).filter(|denominator| *denominator > 0)?)
    }

    #[inline]
    fn value(amount: &i64, scale: i64) -> Option<Self> {
        Self::fraction(*amount, scale)
    }

    #[inline]
    fn one() -> Self {
        Self { numerator: 1, denominator: ONE }
    }

    fn scale<'a>(values: impl Iterator<Item = &'a Exact>) -> Option<i64> {
        let mut scale = 1_i128;
        for value in values {
            let (_, denominator) = value.as_small()?;
            scale = num_integer::lcm(scale, denominator);
            if scale > AMOUNT_MAX {
                return None;
            }
        }
        i64::try_from(scale).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Quick {
        fn exact(self) -> Exact {
            Exact::ratio(self.numerator, self.denominator.get()).unwrap()
        }
    }

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn words_calculate_as_exact_numbers_do() {
        let numbers = ["0", "1", "-3/4", "2699/30", "0.25", "12.5", "70", "-1/7"].map(exact);
        for left in &numbers {
            for right in &numbers {
                let (a, b) = (Quick::of(left).unwrap(), Quick::of(right).unwrap());
                assert_eq!(a.plus(&b).unwrap().exact(), left + right);
                assert_eq!(a.minus(&b).unwrap().exact(), left - right);
                assert_eq!(a.times(&b).unwrap().exact(), left * right);
                assert_eq!(a.order(&b), left.cmp(right));
            }
            assert_eq!(Number::floor(&Quick::of(left).unwrap()).unwrap().exact(), left.floor());
        }
    }

    /// Values around half a word, where the way of multiplying changes, and around a whole word.
    #[test]
    fn long_words_are_multiplied_and_compared_as_they_are() {
        let powers = [0, 1, 30, 31, 32, 33, 61, 62, 63].map(|power| (1_i128 << power) - 1);
        let words = powers.into_iter().flat_map(|word| [word, -word, word + 1, -word - 1]);
        let words: Vec<i64> = words.filter_map(|word| i64::try_from(word).ok()).collect();
        let below = [1, 7, 1 << 31, (1 << 32) + 1, i64::MAX];
        for (left, right) in words.iter().flat_map(|left| words.iter().map(move |right| (*left, *right))) {
            assert_eq!(product(left, right), left.checked_mul(right), "{left} × {right}");
            for (own, other) in below.iter().flat_map(|own| below.iter().map(move |other| (*own, *other))) {
                let (a, b) = (Quick::fraction(left, own).unwrap(), Quick::fraction(right, other).unwrap());
                assert_eq!(a.order(&b), a.exact().cmp(&b.exact()), "{a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_nothing() {
        let whole = |count| Quick::fraction(count, 1).unwrap();
        let large = whole(i64::MAX);
        assert!(large.plus(&large).is_none());
        assert!(large.times(&large).is_none());
        assert!(large.minus(&whole(i64::MIN)).is_none());
        assert_eq!(Quick::amount(&exact("2.5"), 10), Some(25));
        assert_eq!(Quick::amount(&exact("-2.5"), 2), Some(-5));
        for (text, scale) in [("1/3", 10), ("104857.7", 10), ("-104857.7", 10), ("1048577", 1)] {
            assert_eq!(Quick::amount(&exact(text), scale), None, "{text}");
        }
        assert_eq!(Quick::amount(&exact("104857.6"), 10), Some(1 << 20));
        assert!(Quick::quotient(&1, &0, 4).is_none());
        assert!(Quick::value(&1, 0).is_none());
        assert_eq!(Quick::scale(["0.5", "1/3", "7"].map(exact).iter()), Some(6));
        assert_eq!(Quick::scale(["1/999983", "1/7"].map(exact).iter()), None);
        assert_eq!(Quick::scale(["1/1048576"].map(exact).iter()), Some(1 << 20));
    }
}
