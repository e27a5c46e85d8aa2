//! Folds random logs natively and in WebAssembly: `tests::random_log` on both sides, with the optimised code that runs
//! in production.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::native::build;
use crate::build::{bind_for_node, compile_tests};
use crate::node::ensure_node;
use crate::place;
use crate::process::{Spoken, ask, listen};
use crate::stopwatch::{Stopwatch, seconds};

/// A fault injected natively, which the comparison must notice within this many logs.
const BUG: (&str, u64) = ("UnsortedVersions", 40);

pub(super) fn run(logs: u64, seed: u64) -> Result<Spoken> {
    ensure_node()?;
    let program = build("prove")?;
    let module = bind_for_node(&compile_tests("wasm-preview")?, "bindgen-fold")?;
    let watch = Stopwatch::start();
    let native = hashes(&program, "fold-native.txt", &[logs.to_string(), seed.to_string()])?;
    let spoiled = [BUG.1.to_string(), seed.to_string(), BUG.0.to_owned()];
    let spoiled = hashes(&program, "fold-spoiled.txt", &spoiled)?;
    let mut command = Command::new("node");
    command.arg("tests/compare_folds.mjs").current_dir(place::root());
    command.env("FOLD_NATIVE", native).env("FOLD_SPOILED", spoiled).env("FOLD_PROGRAM", program);
    command.env("FOLD_WASM", module.join("tests.js")).env("FOLD_SEED", seed.to_string());
    let spoken = listen(&mut command)?;
    println!("{} seconds", seconds(watch.elapsed()));
    Ok(spoken)
}

/// The native hashes, in a file.
fn hashes(program: &Path, name: &str, words: &[String]) -> Result<PathBuf> {
    let said = ask(Command::new(program).arg("fold-hashes").args(words).current_dir(place::root()));
    let said = said.with_context(|| format!("{} fold-hashes {} failed", program.display(), words.join(" ")))?;
    let file = place::target().join(name);
    fs::write(&file, said).with_context(|| format!("could not write {}", file.display()))?;
    Ok(file)
}
