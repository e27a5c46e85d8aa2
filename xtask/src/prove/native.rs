//! Runs the layers that need neither browser nor server, with the program `prove` of the `tests` crate.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::place;
use crate::process::{Spoken, cargo, listen, run as run_program};
use crate::stopwatch::{Stopwatch, seconds};

/// Runs a layer this many times.
pub(super) fn run(layer: &str, runs: u64, seed: u64) -> Result<Spoken> {
    let mut command = Command::new(build("prove")?);
    command.args([layer.to_owned(), runs.to_string(), seed.to_string()]).current_dir(place::root());
    let watch = Stopwatch::start();
    let spoken = listen(&mut command)?;
    println!("{} seconds", seconds(watch.elapsed()));
    Ok(spoken)
}

/// Builds a program of the `tests` crate. Faults cannot be injected into it unless that is asked for.
pub(crate) fn build(program: &str) -> Result<PathBuf> {
    let line = ["build", "--quiet", "--release", "--package", "tests", "--bin", program, "--features", "seeded-bugs"];
    run_program(cargo().args(line))?;
    Ok(place::target().join("release").join(program))
}
