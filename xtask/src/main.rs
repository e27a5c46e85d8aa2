//! The one tool that a newcomer needs. It builds, serves, tests and measures Công Tâm.
#![forbid(unsafe_code)]

mod apt;
mod bench;
mod browser;
mod build;
mod mutants;
mod node;
mod place;
mod postgres;
mod process;
mod prove;
mod serve;
mod size;
mod stopwatch;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Builds, serves, tests and measures Công Tâm", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the app into target/dist
    Build(build::Args),
    /// Build everything, make a demo commune when there is no data yet, and serve app and API on one address
    Serve(serve::Args),
    /// Run every check there is, browsers included
    Test(test::Args),
    /// Count what a first visit downloads and what is kept for offline use, against the budget
    Size(size::Args),
    /// Measure: what an exchange costs, how fast cards are scored, how much memory a great many take
    Bench(bench::Args),
    /// Try what was promised again and again, with chance from a seed: simulation, deliberate bugs, kills
    Prove(prove::Args),
    /// Change the engine in one place after the other and see whether the tests notice
    Mutants(mutants::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Build(args) => build::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Size(args) => size::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Prove(args) => prove::run(&args),
        Command::Mutants(args) => mutants::run(&args),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("\nxtask: {error:#}");
        ExitCode::FAILURE
    })
}
