//! Golden vectors: each cites its clause and gives the expected result. The same files run in WASM.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

#[path = "common/expect.rs"]
mod expect;

use std::fs;
use std::path::Path;

use expect::mismatch;
use serde_json::Value;
use shared::score::score_json;

#[test]
fn every_vector_gives_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/score");
    let mut failures = Vec::new();
    let mut vectors = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let vector: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let text = |key: &str| vector[key].as_str().unwrap_or_else(|| panic!("{}: no {key}", path.display()));
        assert_eq!(Some(text("name")), path.file_stem().and_then(|stem| stem.to_str()));
        assert!(!text("cites").is_empty(), "{}", path.display());
        let found: Value = serde_json::from_str(&score_json(text("pack"), &vector["input"].to_string())).unwrap();
        failures.extend(mismatch(text("name"), &vector["expect"], &found));
        vectors += 1;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(vectors >= 60, "only {vectors} vectors were found");
}
