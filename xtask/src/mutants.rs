//! `cargo xtask mutants`: whether the tests would notice if the engine were wrong.
//!
//! cargo-mutants changes the engine in one place after the other and runs the tests: a change that no test notices survives.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::place;
use crate::process::{ask, cargo, run as run_program, spelled};

/// What is changed where nothing else is asked for.
const ENGINE: &str = "shared/src/score/**/*.rs";
const INSTALL_LINE: &str = "cargo install cargo-mutants --locked";
/// A test that never ends has noticed the change, too; but not after minutes.
const TIMEOUT_SECONDS: &str = "120";
/// A test of packs that takes longer than all the others.
const SLOW_AND_NOT_ABOUT_SCORES: &str = "what_the_build_script_wrote_reads_as_the_file_does";
/// Test files that know the engine.
const TESTS: [&str; 8] = [
    "score_golden",
    "score_packs",
    "score_switches",
    "score_eligibility",
    "score_events",
    "score_texts",
    "score_properties",
    "oracle",
];
/// Few random cases for each of a thousand changes: what they miss, the tables of cases see.
const PROPTEST_CASES: &str = "40";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files to change; several allowed. The whole engine when nothing is said
    #[arg(long, value_name = "GLOB")]
    file: Vec<String>,
    /// Changes tried at the same time
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// One part of the changes, `0/4`, for several machines or evenings
    #[arg(long, value_name = "K/N")]
    shard: Option<String>,
    /// List the changes and try none
    #[arg(long)]
    list: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    if ask(cargo().args(["mutants", "--version"])).is_none() {
        bail!("cargo-mutants is not installed; type: {INSTALL_LINE}");
    }
    let mut command = mutants(args);
    if args.list {
        run_program(&mut command)?;
        return Ok(ExitCode::SUCCESS);
    }
    run_program(&mut unchanged()).context("the tests fail without any change")?;
    println!("$ {}", spelled(&command));
    let status = command.status()?;
    let missed = place::target().join("mutants.out/missed.txt");
    let survivors = fs::read_to_string(&missed).with_context(|| format!("could not read {}", missed.display()))?;
    println!("\n{} survived: {}\n{survivors}", survivors.lines().count(), missed.display());
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The fastest tests that know the engine: those of `shared` and the oracle's, the random ones with few cases.
fn which_tests() -> Vec<String> {
    let files = TESTS.iter().map(|name| format!("--test={name}"));
    std::iter::once("--lib".to_owned()).chain(files).collect()
}

/// The same tests on the engine as it is.
fn unchanged() -> Command {
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "shared", "--package", "tests"]).args(which_tests());
    with_few_cases(command.args(["--", "--skip", SLOW_AND_NOT_ABOUT_SCORES]));
    command
}

fn mutants(args: &Args) -> Command {
    let mut command = cargo();
    command.args(["mutants", "--package", "shared", "--test-package", "shared,tests", "--output"]).arg(place::target());
    // What it would try first is done by `unchanged`, where everything is built already.
    command.args(["--baseline", "skip", "--timeout", TIMEOUT_SECONDS, "--jobs", &args.jobs.to_string()]);
    let files = if args.file.is_empty() { vec![ENGINE.to_owned()] } else { args.file.clone() };
    for file in files {
        command.args(["--file", &file]);
    }
    if let Some(shard) = &args.shard {
        command.args(["--shard", shard]);
    }
    if args.list {
        command.arg("--list");
    }
    for which in which_tests() {
        command.arg(format!("--cargo-arg={which}"));
    }
    with_few_cases(command.args(["--", "--", "--skip", SLOW_AND_NOT_ABOUT_SCORES]));
    command
}

fn with_few_cases(command: &mut Command) {
    command.env("PROPTEST_CASES", PROPTEST_CASES).env("INSTA_UPDATE", "no").env("INSTA_FORCE_PASS", "0");
}
