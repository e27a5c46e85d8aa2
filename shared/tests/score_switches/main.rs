//! The twenty questions of the switch list (schemes.md §12), each with its effect on a small card. What regulations
//! leave open is a reading that an authority chooses; the program never decides it.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod cards;
mod outcomes;
mod points;
mod ways;
#[path = "../common/written.rs"]
mod written;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::pack::Pack;

use ways::pack;

/// A question: its pack, the option, the input, and the result of each answer.
struct Row {
    /// Number in §12.
    number: u8,
    /// The clause that raises it.
    clause: &'static str,
    pack: &'static str,
    option: &'static str,
    way: fn(&Pack, &Value) -> String,
    input: Value,
    answers: &'static [(&'static str, &'static str)],
}

#[test]
fn each_of_the_twenty_switches_has_its_effect() {
    let parts = [
        points::arithmetic(),
        points::rounding(),
        points::marks(),
        outcomes::records(),
        outcomes::classes(),
        outcomes::units(),
        outcomes::years(),
    ];
    let rows: Vec<Row> = parts.into_iter().flatten().collect();
    let mut failures = Vec::new();
    for row in &rows {
        let pack = pack(row.pack);
        for (answer, expected) in row.answers {
            let mut input = row.input.clone();
            input["options"][row.option] = json!(answer);
            let found = (row.way)(&pack, &input);
            if found != *expected {
                failures.push(format!(
                    "§12 #{} ({}), {} = {answer}: found {found:?}, expected {expected:?}",
                    row.number, row.clause, row.option
                ));
            }
        }
        let effects: BTreeSet<&str> = row.answers.iter().map(|(_, effect)| *effect).collect();
        if effects.len() < row.answers.len() {
            failures.push(format!("§12 #{}, {}: two answers have the same effect", row.number, row.option));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
    let numbers: BTreeSet<u8> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=20).collect(), "questions of §12");
}
