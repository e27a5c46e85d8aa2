//! The golden files answered natively and in WebAssembly.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::browser::ensure_node;
use super::tally::Tally;
use crate::build::{bind_for_node, compile_tests};
use crate::place;
use crate::process::{ask, cargo, listen};

pub(super) fn run() -> Result<Tally> {
    ensure_node()?;
    let native = place::target().join("golden-native.txt");
    let answers = ask(cargo().args(["run", "--quiet", "--package", "tests", "--bin", "golden"]))
        .context("the native golden runner failed; to see why, type: cargo run --package tests --bin golden")?;
    fs::write(&native, answers).with_context(|| format!("could not write {}", native.display()))?;
    let module = bind_for_node(&compile_tests("dev")?, "bindgen-tests")?;
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=spec", "tests/compare_golden.test.mjs"]).current_dir(place::root());
    command.env("GOLDEN_NATIVE", native).env("GOLDEN_WASM", module.join("tests.js"));
    Ok(Tally::of_node(&listen(&mut command)?))
}
