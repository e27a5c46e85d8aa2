//! Records of a later version: their new fields are skipped, and a field of this version that is missing is named in
//! the error.
#![allow(clippy::unwrap_used, reason = "a test")]

use shared::op::{Mark, Verdict};

#[test]
fn unknown_fields_are_passed_over_in_any_order() {
    // {9: [1, {2: 3}], 1: "why", 0: "5/2", 40: null} and one byte after it.
    let bytes = b"\xA4\x09\x82\x01\xA1\x02\x03\x01\x63why\x00\x635/2\x18\x28\xF6\xFF";
    let mut input = minicbor::Decoder::new(bytes);
    let mark: Mark = input.decode().unwrap();
    assert_eq!((mark.value.to_string(), mark.reason.as_str()), ("5/2".to_owned(), "why"));
    assert_eq!(input.position(), bytes.len() - 1);
}

#[test]
fn a_missing_field_is_an_error_and_not_a_guess() {
    let lacking = minicbor::decode::<Mark>(b"\xA1\x00\x612").unwrap_err();
    assert!(lacking.is_missing_value(), "{lacking}");
}

#[test]
fn unknown_parts_of_a_kind_are_passed_over_and_an_unknown_kind_is_an_error() {
    // [0, [7, "x"]]: an accepted verdict, with two parts of a later version.
    assert_eq!(minicbor::decode::<Verdict>(b"\x82\x00\x82\x07\x61x").unwrap(), Verdict::Accepted);
    let unknown = minicbor::decode::<Verdict>(b"\x82\x18\x63\x80").unwrap_err();
    assert!(unknown.is_unknown_variant(), "{unknown}");
}
