//! Sends a million cards through `congtam score --lines`, with and without explanation, and measures the time and the
//! memory that this takes.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use super::build_bench;
use crate::serve::build_server;
use crate::stopwatch::{Stopwatch, seconds};

const CARDS: [u64; 2] = [10_000, 1_000_000];

pub(super) fn run() -> Result<ExitCode> {
    let bench = build_bench()?;
    let congtam = build_server(true)?;
    println!(
        "\n{:<18} {:>10} {:>10} {:>10} {:>10} {:>14} {:>12}",
        "", "cards", "answers", "seconds", "cards/s", "bytes written", "VmHWM, KiB"
    );
    for (cards, brief) in CARDS.into_iter().flat_map(|cards| [(cards, false), (cards, true)]) {
        let watch = Stopwatch::start();
        let maker = Command::new(&bench)
            .args(["cards", &cards.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .context("the bench does not start")?;
        let mut scorer = Command::new(&congtam)
            .args(["score", "--pack", "nd335-congchuc", "--lines"])
            .args(brief.then_some("--no-explanation"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("congtam does not start")?;
        let passed = pass(maker, &mut scorer)?;
        let took = watch.elapsed();
        println!(
            "{:<18} {cards:>10} {:>10} {:>10} {:>10} {:>14} {:>12}",
            if brief { "--no-explanation" } else { "explained" },
            passed.answers,
            seconds(took),
            u128::from(cards) * 1000 / took.as_millis().max(1),
            passed.bytes,
            passed.peak_kib
        );
        if passed.answers != cards {
            bail!("found {} answers to {cards} cards", passed.answers);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The result of the scorer.
#[derive(Debug)]
struct Passed {
    answers: u64,
    bytes: u64,
    peak_kib: u64,
}

/// Sends everything that the maker writes through the scorer. The scorer's memory is read when everything has gone in,
/// before it may end.
fn pass(mut maker: Child, scorer: &mut Child) -> Result<Passed> {
    let mut cards = maker.stdout.take().context("the bench has no output")?;
    let mut input = scorer.stdin.take().context("congtam has no input")?;
    let output = scorer.stdout.take().context("congtam has no output")?;
    let counting = thread::spawn(move || count(output));
    std::io::copy(&mut cards, &mut input).context("congtam stopped reading")?;
    let peak_kib = peak_kib(scorer.id())?;
    drop(input);
    let (answers, bytes) = counting.join().ok().context("nobody counted")??;
    if !scorer.wait()?.success() || !maker.wait()?.success() {
        bail!("a card was refused");
    }
    Ok(Passed { answers, bytes, peak_kib })
}

fn count(output: impl Read) -> std::io::Result<(u64, u64)> {
    let mut reader = BufReader::new(output);
    let (mut answers, mut bytes, mut line) = (0, 0, Vec::new());
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok((answers, bytes));
        }
        answers += 1;
        bytes += u64::try_from(read).unwrap_or_default();
    }
}

/// The peak memory of a process so far, as Linux counts it.
fn peak_kib(process: u32) -> Result<u64> {
    let file = format!("/proc/{process}/status");
    let status = fs::read_to_string(&file).with_context(|| format!("could not read {file}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("found no VmHWM")?;
    line.split_whitespace().next().and_then(|number| number.parse().ok()).context("found no number in VmHWM")
}
