//! Makes a few simulation runs on every test run; `cargo xtask prove sim` makes thousands.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

use tests::sim::{Settings, Stage};

/// The number of runs here, in builds without optimisation.
const SEEDS: u64 = 3;

#[test]
fn runs_keep_all_invariants_and_are_the_same_each_time() {
    let stage = Stage::new(Settings::default()).unwrap();
    for seed in 0..SEEDS {
        let first = stage.play(seed).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(stage.play(seed).ok(), Some(first), "seed {seed}");
        assert!(first.iter().sum::<usize>() > 30, "seed {seed} does something: {first:?}");
    }
}

#[test]
fn kept_seeds_are_read_as_numbers() {
    let kept = include_str!("../seeds/sim.txt");
    assert!(kept.lines().all(|line| line.split_whitespace().next().is_some_and(|seed| seed.parse::<u64>().is_ok())));
}
