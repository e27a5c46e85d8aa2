//! Runs the layers of proof that need neither browser nor server: `prove LAYER RUNS SEED`. `cargo xtask prove` starts
//! it.

use std::env;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

#[cfg(not(target_arch = "wasm32"))]
use tests::property;
use tests::proved::Proved;
use tests::sim::bug::{Seeded, inject};
use tests::{cut_exchange, fuzz, model, procedures, random_log};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = |place: usize, default: u64| words.get(place).and_then(|word| word.parse().ok()).unwrap_or(default);
    let (runs, seed) = (number(1, 1), number(2, 0));
    let proved = match words.first().map(String::as_str) {
        Some("cut") => cutting(runs, seed),
        Some("fuzz") => fuzzing(runs, seed),
        #[cfg(not(target_arch = "wasm32"))]
        Some("properties") => properties(runs, seed),
        Some("model") => modelling(runs),
        Some("procedures") => living(runs, seed),
        Some("fold-hashes") => return write_hashes(runs, seed, words.get(3)),
        Some("fold-log") => {
            print!("{}", random_log::folded(narrow(seed), narrow(runs)));
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!(
                "prove: allowed are: cut, fuzz, properties, procedures, model, fold-hashes, fold-log, each with RUNS and SEED"
            );
            return ExitCode::FAILURE;
        }
    };
    println!("{proved}");
    if proved.failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Writes one line per block of logs: `<block> TAB <SHA-256>`. With the name of an injected fault it writes the hashes
/// under that fault.
fn write_hashes(logs: u64, seed: u64, bug: Option<&String>) -> ExitCode {
    let bug = bug.map(|name| Seeded::all().find(|bug| bug.name() == *name));
    if bug == Some(None) {
        eprintln!("prove: this program knows no such bug");
        return ExitCode::FAILURE;
    }
    let blocks = narrow(logs.div_ceil(random_log::LOGS_PER_BLOCK.into()));
    let cores = thread::available_parallelism().map_or(1, |cores| narrow(cores.get() as u64));
    inject(bug.flatten());
    let hash = |block| (block, random_log::block_hash(narrow(seed), block));
    let share = |core: u32| (core..blocks).step_by(cores as usize).map(hash).collect();
    let hashes: Vec<Vec<(u32, String)>> = thread::scope(|scope| {
        let started: Vec<_> = (0..cores).map(|core| scope.spawn(move || share(core))).collect();
        started.into_iter().filter_map(|one| one.join().ok()).collect()
    });
    let mut hashes: Vec<_> = hashes.into_iter().flatten().collect();
    hashes.sort_unstable();
    hashes.iter().for_each(|(block, hash)| println!("{block}\t{hash}"));
    if hashes.len() == blocks as usize { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(not(target_arch = "wasm32"))]
fn properties(cases: u64, seed: u64) -> Proved {
    let mut proved = property::prove(seed, cases);
    property::notice_bugs(&mut proved, seed);
    proved
}

fn living(runs: u64, seed: u64) -> Proved {
    let (mut proved, counts) = procedures::prove(seed, runs);
    println!("{counts}");
    procedures::notice_bugs(&mut proved, seed.saturating_add(runs));
    proved
}

fn modelling(level: u64) -> Proved {
    let mut proved = model::prove(level);
    model::notice_bugs(&mut proved);
    proved
}

fn cutting(exchanges: u64, seed: u64) -> Proved {
    let mut proved = cut_exchange::prove(seed, exchanges);
    cut_exchange::notice_bugs(&mut proved, seed);
    proved
}

#[allow(clippy::disallowed_methods, reason = "how long decoders are fed is measured in seconds")]
fn fuzzing(seconds: u64, seed: u64) -> Proved {
    let started = Instant::now();
    fuzz::prove(seed, Duration::from_secs(seconds), &|| started.elapsed())
}
