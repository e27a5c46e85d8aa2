//! Runs the simulation in `tests::sim`: `sim play RUNS FIRST_SEED SEEDS_FILE [FAULT…]` or `sim bugs SEEDS`. `cargo
//! xtask prove` starts it.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::{env, fs, thread};

use tests::procedures;
use tests::sim::{Failure, Faults, STEPS, Settings, Stage, bug};

#[cfg(not(target_family = "wasm"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The most failures that are printed in full.
const FAILURES_SHOWN_MAX: usize = 5;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = |place: usize, default: u64| words.get(place).and_then(|word| word.parse().ok()).unwrap_or(default);
    match words.first().map(String::as_str) {
        Some("play") => {
            let faults = words.iter().skip(4).try_fold(Faults::default(), |faults, word| faults.with(word));
            let Some(faults) = faults else {
                eprintln!("sim: found {:?}, allowed clone, double_loss", words.get(4..));
                return ExitCode::FAILURE;
            };
            // With more faults, the same seeds give other runs.
            let file = words.get(3).map(String::as_str).filter(|_| faults == Faults::default());
            play(number(1, 200), number(2, 0), file, Settings { faults })
        }
        Some("bugs") => bugs(number(1, 200)),
        _ => {
            eprintln!("sim: allowed are: play RUNS FIRST_SEED SEEDS_FILE, and: bugs SEEDS");
            ExitCode::FAILURE
        }
    }
}

/// The findings of one core.
#[derive(Default)]
struct Found {
    counts: [usize; 4],
    failures: Vec<Failure>,
}

fn play(runs: u64, first: u64, file: Option<&str>, settings: Settings) -> ExitCode {
    let kept: Vec<u64> = file.map(read_seeds).unwrap_or_default();
    let seeds: Vec<u64> = kept.iter().copied().chain(first..first.saturating_add(runs)).collect();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let found: Vec<Found> = thread::scope(|scope| {
        let share = |core: usize| seeds.iter().skip(core).step_by(cores).copied().collect::<Vec<u64>>();
        let started: Vec<_> = (0..cores).map(|core| scope.spawn(move || play_some(&share(core), settings))).collect();
        started.into_iter().filter_map(|one| one.join().ok()).collect()
    });
    let whole = found.len() == cores;
    let failures: Vec<&Failure> = found.iter().flat_map(|found| &found.failures).collect();
    failures.iter().take(FAILURES_SHOWN_MAX).for_each(|failure| println!("{failure}"));
    keep_seeds(file, &kept, &failures);
    tell_counts(&found, &kept, seeds.len());
    let failed = failures.len() + usize::from(!whole);
    println!("{} runs, {failed} failures", seeds.len());
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell_counts(found: &[Found], kept: &[u64], seeds: usize) {
    let sum = |place: usize| found.iter().filter_map(|found| found.counts.get(place)).sum::<usize>();
    println!("{} operations accepted, {} contested, {} refused, {} kept aside", sum(0), sum(1), sum(2), sum(3));
    println!("{} steps; {} kept seeds first", seeds.saturating_mul(STEPS), kept.len());
}

fn play_some(seeds: &[u64], settings: Settings) -> Found {
    let mut found = Found::default();
    let stage = match Stage::new(settings) {
        Ok(stage) => stage,
        Err(violation) => {
            found.failures.push(Failure { seed: 0, step: 0, violation, told: Vec::new() });
            return found;
        }
    };
    for seed in seeds {
        match stage.play(*seed) {
            Ok(counts) => found.counts.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count),
            Err(failure) => found.failures.push(*failure),
        }
    }
    found
}

/// Reads one seed per line. The rest of a line is a remark.
fn read_seeds(file: &str) -> Vec<u64> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect()
}

fn keep_seeds(file: Option<&str>, kept: &[u64], failures: &[&Failure]) {
    let Some(file) = file else { return };
    let mut text = fs::read_to_string(file).unwrap_or_default();
    for failure in failures.iter().filter(|failure| !kept.contains(&failure.seed)) {
        text.push_str(&format!("{} step {}: {}\n", failure.seed, failure.step, failure.violation));
    }
    if let Err(error) = fs::write(file, text) {
        eprintln!("{file}: {error}");
    }
}

/// Seeds of runs with rare events, such as a copy that begins anew while posts change. Every injected fault must be
/// caught; these seeds are tried once the first have caught nothing.
const RARE: [u64; 1] = [2_926];
const RARE_AFTER: u64 = 100;

fn bugs(seeds: u64) -> ExitCode {
    let stage = match Stage::new(Settings::default()) {
        Ok(stage) => stage,
        Err(violation) => {
            eprintln!("sim: {violation}");
            return ExitCode::FAILURE;
        }
    };
    // What catches a bug must find nothing without it.
    let (mut failures, mut stories, mut procedures) = (0, BTreeSet::new(), BTreeSet::new());
    let all: Vec<bug::Seeded> = bug::Seeded::all().collect();
    for bug in &all {
        bug::inject(Some(*bug));
        let of_procedures = procedures::BUGS.contains(bug);
        let caught = if of_procedures { in_a_procedure(seeds) } else { in_a_story(&stage, seeds) };
        bug::inject(None);
        match caught {
            Some((seed, told)) => {
                if of_procedures { &mut procedures } else { &mut stories }.insert(seed);
                println!("{:<22} seed {seed:>3}, {told}", bug.name());
            }
            None => {
                failures += 1;
                println!("{:<22} NOT CAUGHT in {seeds} seeds", bug.name());
            }
        }
    }
    let innocent = stories.iter().filter(|seed| stage.play(**seed).is_err()).count()
        + procedures.iter().filter(|seed| procedures::play(**seed).is_err()).count();
    let (stories, procedures) = (stories.len(), procedures.len());
    println!("the same {stories} stories and {procedures} procedures without a bug: {innocent} failures");
    failures += innocent;
    println!("{} runs, {failures} failures", all.len());
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The first story that notices the bug: its seed, and what it saw.
fn in_a_story(stage: &Stage, seeds: u64) -> Option<(u64, String)> {
    let mut order = (0..RARE_AFTER).chain(RARE).chain(RARE_AFTER..seeds);
    let caught = order.find_map(|seed| stage.play(seed).err())?;
    Some((caught.seed, format!("step {:>3}: {}", caught.step, caught.violation)))
}

/// The first procedure that notices it.
fn in_a_procedure(seeds: u64) -> Option<(u64, String)> {
    (0..seeds).find_map(|seed| Some((seed, format!("procedure: {}", procedures::play(seed).err()?))))
}
