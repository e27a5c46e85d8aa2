//! Lives through some drawn procedures on every test run; `cargo xtask prove procedures` does it with thousands.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use tests::procedures::{Counts, play};

/// The number of procedures here, in builds without optimisation.
const PROCEDURES: u64 = 100;

#[test]
fn drawn_procedures_are_lived_to_their_end_as_the_rules_say() {
    let played = (0..PROCEDURES).map(|seed| play(seed).map_err(|wrong| format!("procedure {seed}: {wrong}")).unwrap());
    let sum = played.fold(Counts::default(), Counts::with);
    assert!(sum.ended > 200 && sum.counted > 1_500 && sum.refused > 1_500, "they do something: {sum}");
    assert!(sum.slots > 500 && sum.closed > 100 && sum.with_absent > 0, "teams mark apart: {sum}");
    assert!(sum.without_actor < sum.ended, "most offices have the people whom their text asks for: {sum}");
}

#[test]
fn a_procedure_is_the_same_each_time() {
    assert_eq!(play(40).unwrap(), play(40).unwrap());
}
