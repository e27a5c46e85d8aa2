//! Layers of proof that need neither browser nor server: `prove LAYER RUNS SEED`. Started by `cargo xtask prove`.

use std::env;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use tests::proved::Proved;
use tests::{cut, fuzz};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = |place: usize, default: u64| words.get(place).and_then(|word| word.parse().ok()).unwrap_or(default);
    let (runs, seed) = (number(1, 1), number(2, 0));
    let proved = match words.first().map(String::as_str) {
        Some("cut") => cutting(runs, seed),
        Some("fuzz") => fuzzing(runs, seed),
        _ => {
            eprintln!("prove: allowed are: cut, fuzz, each with RUNS and SEED");
            return ExitCode::FAILURE;
        }
    };
    println!("{proved}");
    if proved.failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn cutting(exchanges: u64, seed: u64) -> Proved {
    let mut proved = cut::prove(seed, exchanges);
    cut::notice_bugs(&mut proved, seed);
    proved
}

#[allow(clippy::disallowed_methods, reason = "how long decoders are fed is measured in seconds")]
fn fuzzing(seconds: u64, seed: u64) -> Proved {
    let started = Instant::now();
    fuzz::prove(seed, Duration::from_secs(seconds), &|| started.elapsed())
}
