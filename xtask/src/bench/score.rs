//! Measures cards per second on one core: the engine next to hand-written evaluations of the same decree, in turn.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use super::partner::Partner;
use super::{build_bench, instructions};
use crate::build::{bind_for_node, compile_tests};
use crate::node::ensure_node;
use crate::place;

const PICOSECONDS_PER_SECOND: u64 = 1_000_000_000_000;
/// Compiled for speed, as a program that scores many cards at once would ship it.
const WASM: &str = "wasm";
/// Compiled like the app, which scores one card at a time. It shows what the small size costs.
const WASM_SMALL: &str = "wasm, for size";

/// Cards per second that `congtam score --lines` promises on one core, by what its measurement is called.
const CARDS_PER_SECOND: [(&str, u64); 2] =
    [("lines of JSON, explained", 15_000), ("lines of JSON, --no-explanation", 30_000)];

/// A promise about the speed of one contestant compared with another.
#[derive(Debug)]
struct Target {
    words: &'static str,
    of: String,
    beside: String,
    /// At least one part in this many.
    one_in: u64,
}

/// The picoseconds per card of all contestants, by round.
#[derive(Debug)]
struct Times {
    names: Vec<String>,
    rounds: Vec<Vec<u64>>,
}

pub(super) fn run(rounds: usize, accept_instructions: bool) -> Result<ExitCode> {
    ensure_node()?;
    let bench = build_bench()?;
    let small = bind_for_node(&compile_tests("wasm")?, "bindgen-measure-small")?;
    let fast = bind_for_node(&compile_tests("release")?, "bindgen-measure-fast")?;
    let mut native = Partner::start(Command::new(&bench).arg("rounds"))?;
    let mut node = Command::new("node");
    node.arg("tests/measure_score.mjs").current_dir(place::root());
    for (label, folder) in [(WASM, fast), (WASM_SMALL, small)] {
        node.arg(format!("{label}={}", folder.join("tests.js").display()));
    }
    let mut wasm = Partner::start(&mut node)?;
    let mut times = Times { names: [native.names.clone(), wasm.names.clone()].concat(), rounds: Vec::new() };
    for _ in 0..rounds.max(1) {
        let mut round = native.turn()?;
        round.extend(wasm.turn()?);
        times.rounds.push(round);
    }
    native.end()?;
    wasm.end()?;
    times.report();
    for target in targets() {
        println!("{}", times.judged(&target)?);
    }
    for (name, promised) in CARDS_PER_SECOND {
        println!("{}", times.judged_alone(name, promised)?);
    }
    println!(
        "{:<44} {:>14}",
        "what being small costs in WebAssembly",
        times.ratio(&format!("{WASM_SMALL}: engine"), "engine")?
    );
    let steady = instructions::run(&bench, accept_instructions)?;
    println!("\nmore: cargo xtask bench province, cargo xtask bench lines");
    Ok(if steady { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn targets() -> Vec<Target> {
    let engine = || "engine".to_owned();
    let scaled = || "by hand, scaled integers".to_owned();
    let in_wasm = |label: &str| format!("{label}: engine");
    vec![
        Target { words: "engine beside scaled integers, natively", of: engine(), beside: scaled(), one_in: 8 },
        Target { words: "engine in WebAssembly beside native", of: in_wasm(WASM), beside: engine(), one_in: 2 },
        Target { words: "explained beside not explained", of: "engine, explained".into(), beside: engine(), one_in: 4 },
    ]
}

impl Times {
    fn of(&self, name: &str) -> Result<Vec<u64>> {
        let place = self.names.iter().position(|own| own == name).with_context(|| format!("nobody is {name:?}"))?;
        Ok(self.rounds.iter().filter_map(|round| round.get(place).copied()).collect())
    }

    /// How many times longer one takes than another, in tenths. It is the median over rounds in which both took their
    /// turn.
    fn times_slower_tenths(&self, of: &str, beside: &str) -> Result<u64> {
        let (of, beside) = (self.of(of)?, self.of(beside)?);
        let ratios = of.iter().zip(&beside).map(|(of, beside)| of.saturating_mul(10) / (*beside).max(1));
        Ok(median(ratios.collect()))
    }

    /// The ratio of one to another, such as `1/2.5`.
    fn ratio(&self, of: &str, beside: &str) -> Result<String> {
        let tenths = self.times_slower_tenths(of, beside)?;
        Ok(format!("1/{}.{}", tenths / 10, tenths % 10))
    }

    fn report(&self) {
        println!("\nmedians of {} rounds, one core\n", self.rounds.len());
        println!("{:<44} {:>14} {:>12}", "", "cards/s", "ns per card");
        for name in &self.names {
            let picoseconds = self.picoseconds(name).unwrap_or(1);
            let per_second = PICOSECONDS_PER_SECOND / picoseconds;
            let nanoseconds = format!("{}.{}", picoseconds / 1000, picoseconds % 1000 / 100);
            println!("{name:<44} {per_second:>14} {nanoseconds:>12}");
        }
        println!();
    }

    /// The median of what a card takes.
    fn picoseconds(&self, name: &str) -> Result<u64> {
        Ok(median(self.of(name)?).max(1))
    }

    /// One line on whether enough cards are scored in a second.
    fn judged_alone(&self, name: &str, promised: u64) -> Result<String> {
        let found = PICOSECONDS_PER_SECOND / self.picoseconds(name)?;
        let words = if found >= promised { "met" } else { "not met" };
        let promised = format!("≥ {promised}");
        Ok(format!("{:<44} {found:>14} {promised:>12} {words}", format!("{name}, cards/s")))
    }

    /// One line on whether a promise is kept.
    fn judged(&self, target: &Target) -> Result<String> {
        let tenths = self.times_slower_tenths(&target.of, &target.beside)?;
        let words = if tenths <= target.one_in.saturating_mul(10) { "met" } else { "not met" };
        let (found, promised) = (self.ratio(&target.of, &target.beside)?, format!("≥ 1/{}", target.one_in));
        Ok(format!("{:<44} {found:>14} {promised:>12} {words}", target.words))
    }
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_the_median_of_rounds_and_one_disturbed_round_is_no_matter() {
        let names = vec!["engine".to_owned(), "by hand".to_owned()];
        let times = Times { names, rounds: vec![vec![800, 100], vec![1600, 200], vec![99_000, 100]] };
        assert_eq!(times.times_slower_tenths("engine", "by hand").unwrap(), 80);
        let target = |one_in| Target { words: "", of: "engine".into(), beside: "by hand".into(), one_in };
        assert!(times.judged(&target(8)).unwrap().ends_with(" met"));
        assert!(times.judged(&target(7)).unwrap().ends_with("not met"));
    }

    #[test]
    fn cards_per_second_are_those_of_the_median_round() {
        let times =
            Times { names: vec!["lines".to_owned()], rounds: vec![vec![50_000_000], vec![1], vec![90_000_000]] };
        assert!(times.judged_alone("lines", 20_000).unwrap().ends_with(" met"));
        assert!(times.judged_alone("lines", 20_001).unwrap().ends_with("not met"));
    }
}
