//! Tests that `congtam score --lines` holds one card at a time: ten times as many cards take no more memory. (`cargo
//! xtask bench lines` runs it with a million.)
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::process::{Command, Stdio};
use std::thread;

/// The extra memory that the allocator may keep by chance.
const SLACK_KIB: u64 = 1024;

const CARD: &str = r#"{"criteria": {"I.1": 5, "I.2": 5, "II.1": 2.5, "II.2": 2.5, "II.3": 2.5, "II.4": 2.5, "III.1": 2.5,
    "III.2": 2.5, "III.3": 2.5, "III.4": 2.5}, "work": [{"code": "1", "coefficient": 2.7, "assigned": 3, "completed": 3}]}"#;

/// The peak memory of scoring this many cards, read when all have gone in.
fn peak_kib(cards: usize) -> u64 {
    let mut scorer = Command::new(env!("CARGO_BIN_EXE_congtam"))
        .args(["score", "--pack", "nd335-congchuc", "--lines"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let answers = BufReader::new(scorer.stdout.take().unwrap());
    let counting = thread::spawn(move || answers.lines().map(Result::unwrap).filter(|line| !line.is_empty()).count());
    let mut input = BufWriter::new(scorer.stdin.take().unwrap());
    let line = CARD.replace('\n', " ");
    for _ in 0..cards {
        writeln!(input, "{line}").unwrap();
    }
    input.flush().unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", scorer.id())).unwrap();
    drop(input);
    assert_eq!(counting.join().unwrap(), cards);
    assert!(scorer.wait().unwrap().success());
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn ten_times_as_many_cards_take_no_more_memory() {
    let (few, many) = (peak_kib(5_000), peak_kib(50_000));
    println!("5,000 cards: {few} KiB; 50,000 cards: {many} KiB");
    assert!(many <= few + SLACK_KIB, "5,000 cards took {few} KiB, 50,000 took {many} KiB");
}
