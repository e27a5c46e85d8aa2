//! Answers the golden files and random cards natively and in WebAssembly.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::build::{bind_for_node, compile_tests};
use crate::node::ensure_node;
use crate::place;
use crate::process::{ask, listen};
use crate::prove::build;

pub(super) fn run() -> Result<Tally> {
    ensure_node()?;
    // Optimised like the app on devices, but linked quicker: the optimised code scores people's work.
    let module = bind_for_node(&compile_tests("wasm-preview")?, "bindgen-tests")?.join("tests.js");
    Ok(files(&module)? + random_cards(&module)?)
}

fn files(module: &Path) -> Result<Tally> {
    let native = place::target().join("golden-native.txt");
    let answers = ask(&mut Command::new(build("golden")?))
        .context("the native golden runner failed; to see why, type: cargo run --package tests --bin golden")?;
    fs::write(&native, answers).with_context(|| format!("could not write {}", native.display()))?;
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=spec", "tests/compare_golden.test.mjs"]).current_dir(place::root());
    command.env("GOLDEN_NATIVE", native).env("GOLDEN_WASM", module);
    Ok(Tally::of_node(&listen(&mut command)?))
}

/// Compares the random cards. There are so many that they would take too long without optimisation.
fn random_cards(module: &Path) -> Result<Tally> {
    let program = build("random")?;
    let hashes = ask(&mut Command::new(&program)).with_context(|| format!("{} failed", program.display()))?;
    let native = place::target().join("random-native.txt");
    fs::write(&native, hashes).with_context(|| format!("could not write {}", native.display()))?;
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=spec", "tests/compare_random.test.mjs"]).current_dir(place::root());
    command.env("RANDOM_NATIVE", native).env("RANDOM_PROGRAM", program).env("RANDOM_WASM", module);
    Ok(Tally::of_node(&listen(&mut command)?))
}
