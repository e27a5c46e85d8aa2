//! Layers told in a real browser: `tests/browser/layers`.

use anyhow::Result;

use crate::browser;
use crate::process::{Spoken, listen};

pub(super) fn run(layer: &str, runs: Option<u64>, seed: u64) -> Result<Spoken> {
    let mut command = browser::script("prove.mjs")?;
    command.args([layer, "--seed", &seed.to_string()]);
    if let Some(runs) = runs {
        command.args(["--runs", &runs.to_string()]);
    }
    listen(&mut command)
}
