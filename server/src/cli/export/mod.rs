//! `congtam export`: prints the office's data for other programs, and for anyone who wants to recompute it.

mod cards;
mod month;

use std::process::ExitCode;

use clap::Subcommand;

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// One JSON object per card and line: evidence as `congtam score` reads it, and the result
    Cards(cards::Args),
    /// A unit's month as CSV
    Month(month::Args),
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::Cards(args) => cards::run(args),
        What::Month(args) => month::run(args),
    }
}
