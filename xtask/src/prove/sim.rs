//! Stories of tablets, network and office: `tests::sim`, with the kept seeds first.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::place;
use crate::process::{Spoken, cargo, listen, run as run_program};
use crate::stopwatch::{Stopwatch, seconds};

/// Seeds in the test command.
const RUNS: u64 = 2_000;

pub(super) fn run(runs: Option<u64>, seed: u64, faults: &[String]) -> Result<Spoken> {
    let words = ["play".to_owned(), runs.unwrap_or(RUNS).to_string(), seed.to_string()];
    let kept = place::root().join("tests/seeds/sim.txt");
    let mut command = Command::new(build()?);
    let watch = Stopwatch::start();
    let spoken = listen(command.args(words).arg(kept).args(faults))?;
    println!("{} seconds on all cores", seconds(watch.elapsed()));
    Ok(spoken)
}

/// Builds the program that plays. Its deliberate bugs are asleep unless it is asked for them; one program is one build.
pub(super) fn build() -> Result<PathBuf> {
    let line = ["build", "--quiet", "--release", "--package", "tests", "--bin", "sim", "--features", "seeded-bugs"];
    run_program(cargo().args(line))?;
    Ok(place::target().join("release/sim"))
}
