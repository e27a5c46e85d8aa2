//! Tests of `Exact` against an independent implementation, and of its texts.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;
use shared::num::{EXPONENT_MAX, Exact, NUMBER_CHARS_MAX, NumberError};

fn exact(text: &str) -> Exact {
    Exact::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn oracle_text(value: &BigRational) -> String {
    value.to_string()
}

/// Fractions that fit easily, are at the edge of machine words, or are far beyond them.
fn fraction() -> impl Strategy<Value = (BigInt, BigInt)> {
    let part = prop_oneof![
        4 => (-1000_i128..1000).prop_map(BigInt::from),
        2 => any::<i128>().prop_map(BigInt::from),
        1 => (any::<i128>(), any::<i128>()).prop_map(|(a, b)| BigInt::from(a) * BigInt::from(b)),
        1 => Just(BigInt::from(i128::MIN)),
        1 => Just(BigInt::from(i128::MAX)),
    ];
    (part.clone(), part.prop_filter("a denominator is not 0", |part| *part != BigInt::from(0)))
}

fn pair(parts: &(BigInt, BigInt)) -> (Exact, BigRational) {
    let oracle = BigRational::new(parts.0.clone(), parts.1.clone());
    let text = format!("{}/{}", oracle.numer(), oracle.denom());
    (exact(&text), oracle)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arithmetic_equals_the_oracle(a in fraction(), b in fraction()) {
        let ((a, oracle_a), (b, oracle_b)) = (pair(&a), pair(&b));
        prop_assert_eq!((&a + &b).to_string(), oracle_text(&(&oracle_a + &oracle_b)));
        prop_assert_eq!((&a - &b).to_string(), oracle_text(&(&oracle_a - &oracle_b)));
        prop_assert_eq!((&a * &b).to_string(), oracle_text(&(&oracle_a * &oracle_b)));
        prop_assert_eq!((-&a).to_string(), oracle_text(&-oracle_a.clone()));
        prop_assert_eq!(a.cmp(&b), oracle_a.cmp(&oracle_b));
        prop_assert_eq!(a.is_negative(), oracle_a < BigRational::from(BigInt::from(0)));
        prop_assert_eq!(a.floor().to_string(), oracle_text(&oracle_a.floor()));
        match a.checked_div(&b) {
            Some(quotient) => prop_assert_eq!(quotient.to_string(), oracle_text(&(&oracle_a / &oracle_b))),
            None => prop_assert!(b.is_zero()),
        }
    }

    #[test]
    fn equal_values_are_equal_representations(a in fraction(), b in fraction()) {
        let ((a, _), (b, _)) = (pair(&a), pair(&b));
        let back = (&a + &b) - &b;
        prop_assert_eq!(&back, &a);
        prop_assert_eq!(back.as_small().is_some(), a.as_small().is_some());
    }

    #[test]
    fn texts_return(a in fraction()) {
        let (a, _) = pair(&a);
        prop_assert_eq!(&exact(&a.to_string()), &a);
        let json = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Exact>(&json).unwrap(), &a);
        let cbor = minicbor::to_vec(&a).unwrap();
        prop_assert_eq!(&minicbor::decode::<Exact>(&cbor).unwrap(), &a);
    }

    #[test]
    fn decimals_are_half_up(numerator in -100_000_i64..100_000, denominator in 1_i64..5_000, places in 0_u32..8) {
        let text = Exact::ratio(numerator, denominator).unwrap().to_decimal(places);
        let shown = exact(&text);
        let value = Exact::ratio(numerator, denominator).unwrap();
        let unit = Exact::one().checked_div(&exact(&format!("1e{places}"))).unwrap();
        let half = unit.checked_div(&Exact::from_int(2)).unwrap();
        let distance = (&value - &shown).max(&shown - &value);
        prop_assert!(distance <= half, "{} shown as {}", value, text);
        if distance == half {
            prop_assert!(shown.is_negative() == value.is_negative() && shown.max(-&exact(&text)) > value.clone().max(-value));
        }
        prop_assert!(!text.contains('.') || !text.ends_with(['0', '.']));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[-+0-9./eE ]{0,40}") {
        if let Ok(value) = Exact::parse(&text) {
            prop_assert_eq!(exact(&value.to_string()), value);
        }
    }
}

#[test]
fn texts_read_exactly() {
    let table = [
        ("30", "30"),
        ("2.5", "5/2"),
        ("-2.50", "-5/2"),
        ("2699/30", "2699/30"),
        ("6/-4", "error"),
        ("-6/4", "-3/2"),
        ("0.1", "1/10"),
        ("1e3", "1000"),
        ("1.5E-2", "3/200"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("", "error"),
        ("-", "error"),
        ("+1", "error"),
        ("1.", "error"),
        (".5", "error"),
        ("2,5", "error"),
        ("1/2/3", "error"),
        ("1 ", "error"),
        ("NaN", "error"),
        ("1/0", "error"),
        ("1e31", "error"),
        ("1e-31", "error"),
        ("1e99999999999999999999", "error"),
        ("1e", "error"),
        ("--1", "error"),
        ("170141183460469231731687303715884105728", "170141183460469231731687303715884105728"),
    ];
    for (text, expected) in table {
        let found = Exact::parse(text).map_or_else(|_| "error".to_owned(), |value| value.to_string());
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn limits_are_named_in_the_error() {
    let long = "1".repeat(NUMBER_CHARS_MAX + 1);
    assert_eq!(Exact::parse(&long), Err(NumberError::TooLong { found_chars: NUMBER_CHARS_MAX + 1 }));
    assert!(Exact::parse(&"1".repeat(NUMBER_CHARS_MAX)).is_ok());
    let error = Exact::parse("1e31").unwrap_err().to_string();
    assert!(error.contains(&EXPONENT_MAX.to_string()), "{error}");
}

#[test]
fn decimals_read_well() {
    let table = [
        ("76.7013888888888888", 6, "76.701389"),
        ("30", 6, "30"),
        ("1/2", 0, "1"),
        ("-1/2", 0, "-1"),
        ("-1/3", 0, "0"),
        ("5/1000", 2, "0.01"),
        ("1/3", 6, "0.333333"),
        ("100", 0, "100"),
        ("0", 6, "0"),
    ];
    for (text, places, expected) in table {
        assert_eq!(exact(text).to_decimal(places), expected, "{text}");
    }
}

#[test]
fn json_numbers_never_pass_through_a_float() {
    let value: Exact = serde_json::from_str("0.1000000000000000055511151231257827").unwrap();
    assert_eq!(value, exact("0.1000000000000000055511151231257827"));
    assert_ne!(value, exact("0.1"));
    assert!(serde_json::from_str::<Exact>("true").is_err());
    assert!(serde_json::from_str::<Exact>("null").is_err());
    assert_eq!(serde_json::to_string(&exact("2.5")).unwrap(), r#""5/2""#);
}

#[test]
fn cbor_has_one_spelling_per_number() {
    let spelled = minicbor::to_vec("5/2").unwrap();
    assert_eq!(minicbor::decode::<Exact>(&spelled).unwrap(), exact("2.5"));
    for other in ["2.5", "10/4", "05/2"] {
        let bytes = minicbor::to_vec(other).unwrap();
        assert!(minicbor::decode::<Exact>(&bytes).is_err(), "{other}");
    }
}
