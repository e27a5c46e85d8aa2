//! Counts instructions per card, so that a regression is noticed even on a busy machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::place;
use crate::process::ask;

/// Cards of one pass, as in the bench.
const CARDS_PER_PASS: u64 = 100;
/// The numbers of passes. Their difference removes the cost of starting up.
const PASSES: [u64; 2] = [1, 3];

/// The counts that were kept.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    tolerance_percent: u64,
    rustc: String,
    per_card: BTreeMap<String, u64>,
}

/// Counts, compares with the kept counts, and returns whether everything is within the tolerance.
///
/// # Errors
/// When the counter or the file cannot be read.
pub(super) fn run(bench: &Path, accept: bool) -> Result<bool> {
    if ask(Command::new("valgrind").arg("--version")).is_none() {
        println!("\ninstructions per card: not measured; to measure them, install valgrind");
        return Ok(true);
    }
    let names = ask(Command::new(bench).arg("names")).context("the bench does not answer")?;
    let mut counted = BTreeMap::new();
    for name in names.lines() {
        counted.insert(name.to_owned(), per_card(bench, name)?);
    }
    let rustc = ask(Command::new("rustc").arg("--version")).unwrap_or_default();
    if accept {
        fs::write(file(), written(&counted, &rustc))
            .with_context(|| format!("could not write {}", file().display()))?;
        println!("\ninstructions per card: kept in {}", file().display());
    }
    let text = fs::read_to_string(file()).with_context(|| format!("could not read {}", file().display()))?;
    let kept: Kept = toml::from_str(&text).with_context(|| format!("{} is not as it should be", file().display()))?;
    Ok(compare(&counted, &kept, &rustc))
}

fn file() -> PathBuf {
    place::root().join("xtask/instructions.toml")
}

fn per_card(bench: &Path, name: &str) -> Result<u64> {
    let [few, many] = PASSES;
    let difference = instructions(bench, name, many)?.saturating_sub(instructions(bench, name, few)?);
    Ok(difference / ((many - few) * CARDS_PER_PASS))
}

/// All instructions of this many passes and of starting up.
fn instructions(bench: &Path, name: &str, passes: u64) -> Result<u64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(bench);
    command.args(["count", name, &passes.to_string()]);
    let output = command.output().context("valgrind does not start")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("valgrind on {name:?}: {said}");
    }
    collected(&said).with_context(|| format!("found no count in what valgrind wrote: {said}"))
}

/// The number in `==12== Collected : 123456`.
fn collected(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.split_once("Collected :"))?;
    line.1.trim().parse().ok()
}

fn written(counted: &BTreeMap<String, u64>, rustc: &str) -> String {
    let rows: String = counted.iter().map(|(name, count)| format!("{name:?} = {count}\n")).collect();
    format!(
        "# Instructions per card of ten lines, as valgrind counts them in the release build. Rewritten by\n\
         # `cargo xtask bench score --accept-instructions`; a change belongs into the commit that causes it.\n\
         tolerance_percent = 5\nrustc = {rustc:?}\n\n[per_card]\n{rows}"
    )
}

/// Prints the new counts next to the kept ones. False when something got worse than the tolerance.
fn compare(counted: &BTreeMap<String, u64>, kept: &Kept, rustc: &str) -> bool {
    println!("\n{:<44} {:>14} {:>12}", "instructions per card", "now", "kept");
    let mut steady = true;
    for (name, now) in counted {
        let before = kept.per_card.get(name).copied();
        let words = match before {
            None => "new: accept it with --accept-instructions",
            Some(before) if now * 100 > before * (100 + kept.tolerance_percent) => {
                steady = false;
                "MORE than the tolerance allows"
            }
            Some(before) if now * (100 + kept.tolerance_percent) < before * 100 => "fewer: keep it",
            Some(_) => "",
        };
        println!("{name:<44} {now:>14} {:>12} {words}", before.unwrap_or_default());
    }
    if kept.rustc != rustc {
        println!("counted with {rustc}, kept with {}: differences may be the compiler's", kept.rustc);
        return true;
    }
    steady
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(count: u64) -> BTreeMap<String, u64> {
        [("engine".to_owned(), count)].into()
    }

    #[test]
    fn more_instructions_than_the_tolerance_are_a_regression() {
        let kept = |rustc: &str| toml::from_str::<Kept>(&written(&counts(1000), rustc)).unwrap();
        assert!(compare(&counts(1050), &kept("rustc 1"), "rustc 1"));
        assert!(compare(&counts(100), &kept("rustc 1"), "rustc 1"));
        assert!(!compare(&counts(1051), &kept("rustc 1"), "rustc 1"));
        assert!(compare(&counts(1051), &kept("rustc 1"), "rustc 2"));
    }

    #[test]
    fn the_count_is_found_in_what_valgrind_says() {
        assert_eq!(collected("==7== Events    : Ir\n==7== Collected : 1234\n"), Some(1234));
        assert_eq!(collected("==7== bad executable"), None);
    }
}
