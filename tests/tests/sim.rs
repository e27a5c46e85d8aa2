//! A few stories for everyday; `cargo xtask prove sim` plays thousands.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

use tests::sim::{Settings, Stage};

/// Stories here, where nothing is optimised.
const SEEDS: u64 = 3;

#[test]
fn stories_keep_all_invariants_and_are_the_same_each_time() {
    let stage = Stage::new(Settings::default()).unwrap();
    for seed in 0..SEEDS {
        let first = stage.play(seed).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(stage.play(seed).ok(), Some(first), "seed {seed}");
        assert!(first.iter().sum::<usize>() > 30, "seed {seed} tells a story: {first:?}");
    }
}

#[test]
fn kept_seeds_are_read_as_numbers() {
    let kept = include_str!("../seeds/sim.txt");
    assert!(kept.lines().all(|line| line.split_whitespace().next().is_some_and(|seed| seed.parse::<u64>().is_ok())));
}
