//! Plays the stories of `tests::sim`: `sim [RUNS] [FIRST SEED]`, or `sim bugs [SEEDS]`. Started by `cargo xtask prove`.

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use tests::sim::{STEPS, Settings, Stage};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = |place: usize, default: u64| words.get(place).and_then(|word| word.parse().ok()).unwrap_or(default);
    play(number(1, 0), number(0, 200))
}

fn play(first: u64, runs: u64) -> ExitCode {
    let stage = match Stage::new(Settings::default()) {
        Ok(stage) => stage,
        Err(violation) => {
            eprintln!("sim: {violation}");
            return ExitCode::FAILURE;
        }
    };
    let watch = Instant::now();
    let mut counts = [0; 4];
    let mut failures = 0;
    for seed in first..first.saturating_add(runs) {
        match stage.play(seed) {
            Ok(found) => counts.iter_mut().zip(found).for_each(|(sum, count)| *sum += count),
            Err(failure) => {
                failures += 1;
                if failures <= 5 {
                    println!("{failure}");
                }
            }
        }
    }
    let milliseconds = watch.elapsed().as_millis().max(1);
    let [accepted, contested, refused, aside] = counts;
    println!("{accepted} operations accepted, {contested} contested, {refused} refused, {aside} kept beside the log");
    println!(
        "{} steps, {} seeds/s on one core",
        u128::from(runs) * STEPS as u128,
        u128::from(runs) * 1_000 / milliseconds
    );
    println!("sim: {runs} runs, {failures} failures");
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
