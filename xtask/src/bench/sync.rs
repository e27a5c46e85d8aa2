//! What an exchange costs: counted, not timed.

use std::process::ExitCode;

use anyhow::Result;

use crate::process::{cargo, run as run_program};

pub(super) fn run() -> Result<ExitCode> {
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "server", "--test", "office", "--", "--nocapture", "sync_sizes::"]);
    run_program(&mut command)?;
    Ok(ExitCode::SUCCESS)
}
