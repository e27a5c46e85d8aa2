//! Stories across the crates.
//!
//! The golden files in `tests/golden/<kind>/*.json` are answered by the code of `shared`, natively by the program
//! `golden` and in WebAssembly by Node; `cargo xtask test --only golden` compares the two byte for byte.
#![forbid(unsafe_code)]

pub mod golden;

use wasm_bindgen::prelude::wasm_bindgen;

/// The answer to one golden file, for JavaScript. Errors are answers, too: both sides must refuse alike.
#[wasm_bindgen]
#[must_use]
pub fn golden_answer(kind: &str, file: &str) -> String {
    golden::answer(kind, file).unwrap_or_else(|error| format!("refused: {error}"))
}
