//! Layers that need neither browser nor server: the program `prove` of the `tests` crate.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::place;
use crate::process::{Spoken, cargo, listen, run as run_program};
use crate::stopwatch::{Stopwatch, seconds};

/// Runs a layer so many times.
pub(super) fn run(layer: &str, runs: u64, seed: u64) -> Result<Spoken> {
    let mut command = Command::new(build("prove")?);
    command.args([layer.to_owned(), runs.to_string(), seed.to_string()]).current_dir(place::root());
    let watch = Stopwatch::start();
    let spoken = listen(&mut command)?;
    println!("{} seconds", seconds(watch.elapsed()));
    Ok(spoken)
}

/// Builds a program of the `tests` crate. Its deliberate bugs are asleep unless it is asked for them.
pub(crate) fn build(program: &str) -> Result<PathBuf> {
    let line = ["build", "--quiet", "--release", "--package", "tests", "--bin", program, "--features", "seeded-bugs"];
    run_program(cargo().args(line))?;
    Ok(place::target().join("release").join(program))
}
