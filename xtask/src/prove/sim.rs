//! Stories of tablets, network and office: `tests::sim`, with the kept seeds first.

use std::process::Command;

use anyhow::Result;

use super::native::build;
use crate::place;
use crate::process::{Spoken, listen};
use crate::stopwatch::{Stopwatch, seconds};

/// Seeds in the test command.
const RUNS: u64 = 2_000;

pub(super) fn run(runs: Option<u64>, seed: u64, faults: &[String]) -> Result<Spoken> {
    let words = ["play".to_owned(), runs.unwrap_or(RUNS).to_string(), seed.to_string()];
    let kept = place::root().join("tests/seeds/sim.txt");
    let mut command = Command::new(build("sim")?);
    let watch = Stopwatch::start();
    let spoken = listen(command.args(words).arg(kept).args(faults))?;
    println!("{} seconds on all cores", seconds(watch.elapsed()));
    Ok(spoken)
}
