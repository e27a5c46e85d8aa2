//! `congtam import`: takes lists from spreadsheets. They go through the same checks as all other operations.

mod people;
mod work_list;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

pub(super) use people::draw_password;

use super::lang::spoken;
use super::{REFUSED, tell};
use crate::import::limits::FILE_BYTES_MAX;
use crate::import::{HiddenParts, ImportReport};
use anyhow::Context as _;
use clap::Subcommand;

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A list of work products with their coefficients
    WorkList(work_list::Args),
    /// Units, people, posts and their accounts
    People(people::Args),
}

/// How an import reports and how much it takes.
#[derive(Clone, Copy, Debug, clap::Args)]
struct Manner {
    /// Take the sound rows although others are refused
    #[arg(long)]
    partial: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// The report as JSON
    #[arg(long)]
    json: bool,
    /// What to do with hidden sheets, rows and columns
    #[arg(long, value_enum, default_value_t = HiddenParts::Ask)]
    hidden: HiddenParts,
}

impl Manner {
    fn print(self, report: &ImportReport) -> anyhow::Result<()> {
        if self.json {
            tell(&serde_json::to_string_pretty(report)?)?;
        } else {
            tell(&report.to_text(spoken()))?;
        }
        Ok(())
    }

    /// Prints a line next to the report. With JSON it prints nothing, because JSON must stand alone.
    fn say(self, vi: &str, en: &str) {
        if !self.json {
            println!("{}", spoken().pick(vi, en));
        }
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::WorkList(args) => work_list::run(args),
        What::People(args) => people::run(args),
    }
}

/// Reads at most one byte more than an import accepts, so that the import can report that the file is too long.
fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|content| content.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes))
        .with_context(|| spoken().pick(format!("tệp {}", file.display()), format!("file {}", file.display())))?;
    Ok(bytes)
}

fn exit(accepted: bool) -> ExitCode {
    if accepted { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) }
}
