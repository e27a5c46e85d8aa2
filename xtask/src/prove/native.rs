//! Layers that need neither browser nor server: the program `prove` of the `tests` crate.

use std::process::Command;

use anyhow::Result;

use crate::place;
use crate::process::{Spoken, cargo, listen, run as run_program};
use crate::stopwatch::{Stopwatch, seconds};

/// Runs a layer, so many times or as often as the test command does.
pub(super) fn run(layer: &str, runs: u64, seed: u64) -> Result<Spoken> {
    let line = ["build", "--quiet", "--release", "--package", "tests", "--bin", "prove", "--features", "seeded-bugs"];
    run_program(cargo().args(line))?;
    let watch = Stopwatch::start();
    let spoken = listen(
        Command::new(place::target().join("release/prove"))
            .args([layer.to_owned(), runs.to_string(), seed.to_string()])
            .current_dir(place::root()),
    )?;
    println!("{} seconds", seconds(watch.elapsed()));
    Ok(spoken)
}
