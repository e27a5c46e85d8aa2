//! `congtam import`: from spreadsheets, through the same door as everything else.

mod people;
mod work_list;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

pub(super) use people::draw_password;

use super::REFUSED;
use crate::import::limits::FILE_BYTES_MAX;
use crate::import::{HiddenParts, ImportReport, Lang};
use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};

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

/// Language of a report.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ReportLang {
    Vi,
    En,
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
    /// Language of the report
    #[arg(long, value_enum, default_value_t = ReportLang::Vi)]
    lang: ReportLang,
    /// The report as JSON
    #[arg(long)]
    json: bool,
    /// What to do with hidden sheets, rows and columns
    #[arg(long, value_enum, default_value_t = HiddenParts::Ask)]
    hidden: HiddenParts,
}

impl Manner {
    const fn lang(self) -> Lang {
        match self.lang {
            ReportLang::Vi => Lang::Vi,
            ReportLang::En => Lang::En,
        }
    }

    fn print(self, report: &ImportReport) -> anyhow::Result<()> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(report)?);
        } else {
            print!("{}", report.to_text(self.lang()));
        }
        Ok(())
    }

    /// A line beside the report; nothing may stand beside JSON.
    fn say(self, vi: &str, en: &str) {
        if !self.json {
            println!("{}", self.lang().pick(vi, en));
        }
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::WorkList(args) => work_list::run(args),
        What::People(args) => people::run(args),
    }
}

/// Reads no more than an import accepts and one byte, so that the import can say that the file is too long.
fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|content| content.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes))
        .with_context(|| format!("file {}", file.display()))?;
    Ok(bytes)
}

fn exit(accepted: bool) -> ExitCode {
    if accepted { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) }
}
