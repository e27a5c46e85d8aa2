//! The numbers the engine calculates with. The arithmetic is written once, over [`Number`]: on exact fractions without
//! bounds, and on machine words, where marks and quantities are whole numbers of a common unit and a fraction is made
//! only where a part divides. What does not fit into the words says so, and is then done on the exact ones.

use std::cmp::Ordering;

use crate::num::Exact;

/// Largest amount on machine words: products of three and sums over a whole card stay far inside 64 bits.
const AMOUNT_MAX: i128 = 1 << 20;

/// A value of a component, a threshold, a fact.
pub(super) trait Number: Clone {
    /// A mark, a quantity, a coefficient, a share kept: many of them are multiplied and added for one value.
    type Amount: Clone + Ord;

    /// From an exact number; nothing when it does not fit.
    fn of(exact: &Exact) -> Option<Self>;
    fn plus(&self, other: &Self) -> Option<Self>;
    fn minus(&self, other: &Self) -> Option<Self>;
    fn times(&self, other: &Self) -> Option<Self>;
    fn floor(&self) -> Option<Self>;
    fn order(&self, other: &Self) -> Ordering;

    /// So many units of `1/scale`; nothing when it is no whole number of them or too large.
    fn amount(exact: &Exact, scale: i64) -> Option<Self::Amount>;
    fn nothing() -> Self::Amount;
    fn add(sum: &mut Self::Amount, amount: &Self::Amount);
    fn multiply(left: &Self::Amount, right: &Self::Amount) -> Self::Amount;
    fn negative(amount: &Self::Amount) -> Self::Amount;
    /// `amount / (divisor × scale)`; nothing when the divisor is 0.
    fn quotient(amount: &Self::Amount, divisor: &Self::Amount, scale: i64) -> Option<Self>;
    /// `amount / scale`.
    fn value(amount: &Self::Amount, scale: i64) -> Option<Self>;
    /// 0.
    fn zero() -> Option<Self> {
        Self::value(&Self::nothing(), 1)
    }
    /// The unit that all of these are whole numbers of, as one over it: 10 for tenths.
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

    fn scale<'a>(_values: impl Iterator<Item = &'a Exact>) -> Option<i64> {
        Some(1)
    }
}

/// A fraction of machine words, not reduced: `numerator / denominator`, the denominator above 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quick {
    numerator: i64,
    denominator: i64,
}

impl Quick {
    /// Numerator and denominator, as they are.
    pub(super) const fn parts(self) -> (i64, i64) {
        (self.numerator, self.denominator)
    }

    fn new(numerator: i128, denominator: i128) -> Option<Self> {
        Some(Self { numerator: i64::try_from(numerator).ok()?, denominator: i64::try_from(denominator).ok()? })
    }

    fn combined(&self, other: &Self, combine: impl Fn(i128, i128) -> i128) -> Option<Self> {
        if self.denominator == other.denominator {
            let numerator = combine(self.numerator.into(), other.numerator.into());
            return Self::new(numerator, self.denominator.into());
        }
        let numerator = combine(wide(self.numerator, other.denominator), wide(other.numerator, self.denominator));
        Self::new(numerator, wide(self.denominator, other.denominator))
    }
}

/// The product of two words, which always fits into two.
#[inline]
fn wide(left: i64, right: i64) -> i128 {
    i128::from(left).wrapping_mul(i128::from(right))
}

impl Number for Quick {
    type Amount = i64;

    fn of(exact: &Exact) -> Option<Self> {
        let (numerator, denominator) = exact.as_small()?;
        Self::new(numerator, denominator)
    }

    #[inline]
    fn plus(&self, other: &Self) -> Option<Self> {
        self.combined(other, i128::wrapping_add)
    }

    #[inline]
    fn minus(&self, other: &Self) -> Option<Self> {
        self.combined(other, i128::wrapping_sub)
    }

    #[inline]
    fn times(&self, other: &Self) -> Option<Self> {
        Self::new(wide(self.numerator, other.numerator), wide(self.denominator, other.denominator))
    }

    fn floor(&self) -> Option<Self> {
        Some(Self { numerator: self.numerator.checked_div_euclid(self.denominator)?, denominator: 1 })
    }

    #[inline]
    fn order(&self, other: &Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        wide(self.numerator, other.denominator).cmp(&wide(other.numerator, self.denominator))
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

    // Within AMOUNT_MAX neither a product of three nor a sum over LINES_PER_CARD_MAX lines can leave 64 bits.
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
        Self::new((*amount).into(), wide(*divisor, scale)).filter(|quotient| quotient.denominator > 0)
    }

    #[inline]
    fn value(amount: &i64, scale: i64) -> Option<Self> {
        (scale > 0).then_some(Self { numerator: *amount, denominator: scale })
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
            Exact::ratio(self.numerator, self.denominator).unwrap()
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

    #[test]
    fn what_does_not_fit_is_nothing() {
        let large = Quick { numerator: i64::MAX, denominator: 1 };
        assert!(large.plus(&large).is_none());
        assert!(large.times(&large).is_none());
        assert!(large.minus(&Quick { numerator: i64::MIN, denominator: 1 }).is_none());
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
