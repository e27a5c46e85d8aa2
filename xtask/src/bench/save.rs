//! Measures how long a person waits on a slow device, with `tests/browser/bench.mjs`.

use std::process::ExitCode;

use anyhow::Result;

use crate::browser;
use crate::process::run as run_program;

pub(super) fn run() -> Result<ExitCode> {
    run_program(browser::script("bench.mjs")?.arg("save"))?;
    Ok(ExitCode::SUCCESS)
}
