//! `cargo xtask test`: runs every check there is, one after the other, and silently leaves none out.

mod browser;
mod golden;
mod rust;
pub(crate) mod tally;

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;

use crate::build::{Variant, build_app};
use crate::prove::{Layer, More, prove};
use crate::size;
use crate::stopwatch::{Stopwatch, seconds};
use tally::Tally;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Run one suite only; may be given several times
    #[arg(long, value_name = "SUITE")]
    only: Vec<Suite>,
}

/// In the order in which they run: what fails quickly first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// rustfmt changes nothing
    Format,
    /// clippy is silent, natively and for WebAssembly
    Clippy,
    /// licences, banned and duplicate crates (needs cargo-deny)
    Deny,
    /// unit and property tests of shared, app, tests and xtask
    Unit,
    /// unit, store and HTTP tests of the server
    Server,
    /// the examples in the documentation
    Doc,
    /// the same golden files in WebAssembly and natively, byte for byte
    Golden,
    /// stories of tablets, network and office from seeds, the deliberate bugs they must catch, walks through the real app
    Prove,
    /// unit tests of the plain JavaScript
    Script,
    /// what a tablet downloads, against the budget
    Size,
    /// stories in a real Chromium with a real server
    Browser,
}

/// The result of one suite.
#[derive(Debug)]
enum Outcome {
    Ran(Tally),
    /// It does not count as passed. The text says what to type.
    NotRun(String),
}

#[derive(Debug)]
struct Row {
    suite: Suite,
    outcome: Outcome,
    took: Duration,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let chosen = Suite::value_variants().iter().filter(|suite| args.only.is_empty() || args.only.contains(suite));
    let rows: Vec<Row> = chosen.map(|suite| run_suite(*suite)).collect();
    Ok(if report(&rows) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_suite(suite: Suite) -> Row {
    println!("\n== {}", name(suite));
    let watch = Stopwatch::start();
    let outcome = attempt(suite).unwrap_or_else(|error| {
        eprintln!("{}: {error:#}", name(suite));
        Outcome::Ran(Tally::one(false))
    });
    Row { suite, outcome, took: watch.elapsed() }
}

fn attempt(suite: Suite) -> Result<Outcome> {
    let tally = match suite {
        Suite::Format => rust::format()?,
        Suite::Clippy => rust::clippy()?,
        Suite::Deny => return rust::deny(),
        Suite::Unit => rust::unit()?,
        Suite::Server => rust::server()?,
        Suite::Doc => rust::doc()?,
        Suite::Golden => golden::run()?,
        Suite::Prove => proofs()?,
        Suite::Script => browser::scripts()?,
        Suite::Size => Tally::one(size::check(&build_app(Variant::Shipped)?)?),
        Suite::Browser => browser::stories()?,
    };
    Ok(Outcome::Ran(tally))
}

/// Layers without a browser of which the test command runs a part.
const IN_TEST: [Layer; 8] =
    [Layer::Sim, Layer::Bugs, Layer::Cut, Layer::Fuzz, Layer::Properties, Layer::Procedures, Layer::Fold, Layer::Model];

/// Proves a part of every layer. Meanwhile the app for the browser is built, which mostly keeps one core busy.
fn proofs() -> Result<Tally> {
    let (without_browser, app) = thread::scope(|scope| {
        let app = scope.spawn(|| build_app(Variant::Shipped));
        (IN_TEST.into_iter().try_fold(Tally::default(), |sum, layer| proof(layer).map(|tally| sum + tally)), app.join())
    });
    let without_browser = without_browser?;
    app.map_err(|_| anyhow::anyhow!("building the app panicked"))??;
    Ok(without_browser + proof(Layer::Screen)?)
}

fn proof(layer: Layer) -> Result<Tally> {
    let proved = prove(layer, None, 0, &More::default())?;
    Ok(Tally { passed: proved.runs.saturating_sub(proved.failures), failed: proved.failures })
}

fn name(suite: Suite) -> String {
    suite.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// Prints the final table. True when nothing failed.
fn report(rows: &[Row]) -> bool {
    println!("\n{:<10} {:>8} {:>8} {:>9}", "suite", "tests", "failed", "seconds");
    let mut all = Tally::default();
    for row in rows {
        let took = seconds(row.took);
        match &row.outcome {
            Outcome::Ran(tally) => {
                println!("{:<10} {:>8} {:>8} {:>9}", name(row.suite), tally.ran(), tally.failed, took);
                all = all + *tally;
            }
            Outcome::NotRun(words) => println!("{:<10} {words}", name(row.suite)),
        }
    }
    println!("\n{} passed, {} failed", all.passed, all.failed);
    all.failed == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(outcome: Outcome) -> Row {
        Row { suite: Suite::Unit, outcome, took: Duration::ZERO }
    }

    #[test]
    fn one_failure_among_many_fails_the_whole() {
        let good = Tally { passed: 900, failed: 0 };
        let bad = Tally { passed: 0, failed: 1 };
        assert!(report(&[row(Outcome::Ran(good)), row(Outcome::NotRun("type this".into()))]));
        assert!(!report(&[row(Outcome::Ran(good)), row(Outcome::Ran(bad))]));
    }
}
