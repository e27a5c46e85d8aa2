//! Tests across the crates.
//!
//! The code of `shared` answers the golden files in `tests/golden/<kind>/*.json`, natively by the program `golden` and
//! in WebAssembly by Node; `cargo xtask test --only golden` compares the two byte for byte.
#![forbid(unsafe_code)]

pub mod cut_exchange;
pub mod fuzz;
pub mod golden;
pub mod measure;
pub mod model;
pub mod random_log;
pub mod scoring;
// proptest draws from sources that WebAssembly does not have.
pub mod procedures;
#[cfg(not(target_arch = "wasm32"))]
pub mod property;
pub mod proved;
pub mod random;
mod rig;
pub mod sim;

use wasm_bindgen::prelude::wasm_bindgen;

/// The answer to one golden file, for JavaScript. Errors are answers, too, because both sides must refuse alike.
#[wasm_bindgen]
#[must_use]
pub fn golden_answer(kind: &str, file: &str) -> String {
    golden::answer(kind, file).unwrap_or_else(|error| format!("refused: {error}"))
}

/// The hash of one block of random cards under a pack, for JavaScript. Empty for an unknown pack.
#[wasm_bindgen]
#[must_use]
pub fn random_block_hash(pack_id: &str, block: u32) -> String {
    random::completed(pack_id, random::SEED).map(|pack| random::block_hash(&pack, block.into())).unwrap_or_default()
}

/// One random card and its answer, for JavaScript, to show where two sides differ.
#[wasm_bindgen]
#[must_use]
pub fn random_answer(pack_id: &str, index: u32) -> String {
    random::completed(pack_id, random::SEED).map(|pack| random::answered(&pack, index.into())).unwrap_or_default()
}

/// The hash of the results of one block of random logs, for JavaScript.
#[wasm_bindgen]
#[must_use]
pub fn folded_block_hash(seed: u32, block: u32) -> String {
    random_log::block_hash(seed, block)
}

/// The results of one random log, for JavaScript, to show where two sides differ.
#[wasm_bindgen]
#[must_use]
pub fn folded_log(seed: u32, index: u32) -> String {
    random_log::folded(seed, index)
}

/// Scores the measured cards this many times in one way, by its place in [`measure::Way::ALL`], for JavaScript.
#[wasm_bindgen]
pub fn measure_passes(way: usize, passes: u32) {
    thread_local! {
        static FIELD: Option<measure::Field> = measure::Field::new(measure::CARDS);
    }
    FIELD.with(|field| {
        if let (Some(field), Some(way)) = (field, measure::Way::ALL.get(way)) {
            (0..passes).for_each(|_| field.pass(*way));
        }
    });
}

/// The person of a card. The layers of proof draw cards of people only.
pub(crate) fn whose(key: impl std::borrow::Borrow<shared::op::CardKey>) -> shared::ids::PersonId {
    key.borrow().person().unwrap_or(shared::ids::PersonId::SYSTEM)
}
