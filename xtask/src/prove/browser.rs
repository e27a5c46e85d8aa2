//! Runs the layers of proof in a real browser: `tests/browser/layers`.

use anyhow::Result;

use crate::build::Variant;
use crate::process::{Spoken, listen};
use crate::{browser, place};

/// Walks that once failed. They are taken first.
const KEPT_WALKS: &str = "tests/seeds/screen.txt";

pub(super) fn run(layer: &str, runs: Option<u64>, seed: u64) -> Result<Spoken> {
    let mut command = browser::script("prove.mjs")?;
    command.args([layer, "--seed", &seed.to_string()]);
    if let Some(runs) = runs {
        command.args(["--runs", &runs.to_string()]);
    }
    if layer == "screen" {
        command.arg("--kept").arg(place::root().join(KEPT_WALKS));
    }
    listen(&mut command)
}

/// Walks through an app with one injected fault after the other. Each must be noticed within this many walks.
pub(super) fn screen_bugs(walks: Option<u64>, seed: u64) -> Result<Spoken> {
    let mut command = browser::script_with("prove.mjs", Variant::Faulty)?;
    command.args(["screen-bugs", "--seed", &seed.to_string()]);
    if let Some(walks) = walks {
        command.args(["--runs", &walks.to_string()]);
    }
    listen(&mut command)
}
