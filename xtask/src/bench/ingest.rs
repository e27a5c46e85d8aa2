//! Measures how many operations the server takes per second, durably, next to bare inserts of the same bytes, on both
//! databases.

use std::process::ExitCode;

use anyhow::Result;

use crate::postgres::ensure_postgres;
use crate::process::{cargo, run as run_program};

pub(super) fn run() -> Result<ExitCode> {
    ensure_postgres()?;
    run_program(cargo().args(["bench", "--quiet", "--package", "server", "--bench", "ingest"]))?;
    Ok(ExitCode::SUCCESS)
}
