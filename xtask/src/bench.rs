//! Measurements that are counted, not timed, and therefore the same on every machine.

use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;

use crate::process::{cargo, run as run_program};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What is measured
    what: What,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Round trips and bytes of a month of sixty cards between tablets and a real server
    Sync,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let story = match args.what {
        What::Sync => "sync_sizes::",
    };
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "server", "--test", "office", "--", "--nocapture", story]);
    run_program(&mut command)?;
    Ok(ExitCode::SUCCESS)
}
