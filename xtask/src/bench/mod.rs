//! Measurements: the cost of an exchange, the speed of scoring, the memory for a great many cards.
//!
//! Nothing fails because it was slow. Counts, unlike times, are the same on every machine and may fail.

mod ingest;
mod instructions;
mod lines;
mod partner;
mod province;
mod save;
mod score;
mod sync;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde_json::Value;

use crate::process::{cargo, spelled};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What is measured
    what: What,
    /// Rounds in which everyone takes a turn (score)
    #[arg(long, default_value_t = 21)]
    rounds: usize,
    /// Keep the instructions counted now as those to compare with (score)
    #[arg(long)]
    accept_instructions: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Round trips and bytes of a month of sixty cards between tablets and a real server
    Sync,
    /// Operations that the office takes per second, beside bare inserts, on SQLite and PostgreSQL; 500 tablets at once
    Ingest,
    /// From "save" to "saved", and the start with a thousand cards, in Chromium slowed down sixfold
    Save,
    /// Cards per second, natively and in WebAssembly, beside hand-written evaluations of the same decree
    Score,
    /// Time and memory of 100,000 officials, twelve months each, with the year and the quota
    Province,
    /// Time and memory of `congtam score --lines` while a million cards pass through it, with and without explanation
    Lines,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    match args.what {
        What::Sync => sync::run(),
        What::Ingest => ingest::run(),
        What::Save => save::run(),
        What::Score => score::run(args.rounds, args.accept_instructions),
        What::Province => province::run(),
        What::Lines => lines::run(),
    }
}

/// Builds the bench `score` of the crate `tests` and returns its path.
fn build_bench() -> Result<PathBuf> {
    let mut command = cargo();
    command.args([
        "bench",
        "--quiet",
        "--package",
        "tests",
        "--bench",
        "score",
        "--no-run",
        "--message-format",
        "json",
    ]);
    println!("$ {}", spelled(&command));
    let output = command.stderr(std::process::Stdio::inherit()).output().context("cargo does not start")?;
    if !output.status.success() {
        bail!("the bench did not compile");
    }
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    let is_bench = |message: &Value| message.pointer("/target/name").is_some_and(|name| name == "score");
    let built = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).filter(is_bench);
    let path = built.filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?))).next();
    path.context("cargo named no executable for the bench `score`")
}
