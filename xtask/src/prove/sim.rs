//! Runs the simulation of devices, network and server in `tests::sim`, with the kept seeds first.

use std::process::Command;
use std::thread;

use anyhow::Result;

use super::native::build;
use super::{Proved, read_last_line};
use crate::place;
use crate::process::listen;
use crate::stopwatch::{Stopwatch, seconds};

/// Seeds in the test command.
const RUNS: u64 = 2_000;

pub(super) fn run(runs: Option<u64>, seed: u64, faults: &[String]) -> Result<Proved> {
    let words = ["play".to_owned(), runs.unwrap_or(RUNS).to_string(), seed.to_string()];
    let kept = place::root().join("tests/seeds/sim.txt");
    let mut command = Command::new(build("sim")?);
    let watch = Stopwatch::start();
    let spoken = listen(command.args(words).arg(kept).args(faults))?;
    let passed = watch.elapsed();
    let proved = read_last_line(&spoken)?;
    let cores = thread::available_parallelism().map_or(1, |count| count.get() as u128);
    let speed = u128::from(proved.runs) * 1_000 / (passed.as_millis() * cores).max(1);
    println!("{} seconds on {cores} cores: {speed} seeds a second and core", seconds(passed));
    Ok(proved)
}
