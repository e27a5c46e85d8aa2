//! Measures the cost of an exchange, in counts and not in time: a month of a commune, then the same after 1, 12, 24 and
//! 60 months.

use std::process::ExitCode;

use anyhow::Result;

use crate::process::{cargo, run as run_program};

/// Lengths of history.
const MONTHS: &str = "1,12,24,60";

pub(super) fn run() -> Result<ExitCode> {
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "server", "--test", "office", "--", "--nocapture"]);
    command.args(["--test-threads", "1", "sync_sizes::", "history::"]).env("CONGTAM_BENCH_MONTHS", MONTHS);
    run_program(&mut command)?;
    Ok(ExitCode::SUCCESS)
}
