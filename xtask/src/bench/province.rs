//! Scores a whole province with the bench of the crate `tests`.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use serde_json::Value;

use super::build_bench;
use crate::process::{ask, spelled};

pub(super) fn run() -> Result<ExitCode> {
    let bench = build_bench()?;
    let mut command = Command::new(bench);
    command.arg("province");
    println!("$ {}", spelled(&command));
    let answer = ask(&mut command).context("the bench failed; to see why, start it by hand")?;
    let report: Value = serde_json::from_str(&answer).context("the bench says something else")?;
    let count = |path: &str| report.pointer(path).and_then(Value::as_u64).unwrap_or_default();
    println!("\n{} officials, {} cards, {} units", count("/officials"), count("/cards"), count("/units"));
    println!("years by class: {}", report.get("classes").unwrap_or(&Value::Null));
    println!(
        "in the highest class: {} allowed, {} over",
        count("/highest_class_allowed"),
        count("/highest_class_over")
    );
    for (words, name) in [
        ("accepting and scoring the cards", "scoring"),
        ("rolling up the years", "rolling_up"),
        ("reckoning the quotas", "quota"),
        ("making the cards up", "making_cards"),
        ("all of it", "whole"),
    ] {
        let milliseconds = count(&format!("/milliseconds/{name}"));
        println!("{words:<36} {:>8}.{:03} s", milliseconds / 1000, milliseconds % 1000);
    }
    println!("{:<36} {:>8} KiB", "peak memory (VmHWM)", count("/peak_kib"));
    Ok(ExitCode::SUCCESS)
}
