//! `congtam backup`: a copy of a data directory to serve from when the first is lost.

use std::path::PathBuf;
use std::process::ExitCode;

use super::block_on;
use crate::backup;
use crate::settings::DataArgs;

/// Arguments of `backup`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// A folder that does not exist yet, best on another machine's disk
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let operations = block_on(backup::make(&args.data.dir(), &args.to))?;
    println!("{}: {operations} operations, read back and folded", args.to.display());
    Ok(ExitCode::SUCCESS)
}
