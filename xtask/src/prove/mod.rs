//! Proves that nothing is lost. Each layer ends with one line `prove LAYER: N runs, F failures`.

mod browser;
mod bugs;
mod fold;
mod matrix;
mod native;
mod office;
mod sim;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::process::Spoken;
pub(crate) use native::build;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What is proved
    layer: Layer,
    /// How often; each layer has its own measure
    #[arg(long)]
    runs: Option<u64>,
    /// The first seed
    #[arg(long, default_value_t = 0)]
    seed: u64,
    #[command(flatten)]
    more: More,
}

/// What some layers can be told besides.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct More {
    /// Seconds of each run (partition)
    #[arg(long)]
    seconds: Option<u64>,
    /// Runs that go on at a time (partition)
    #[arg(long)]
    at_once: Option<u64>,
    /// A fault that the protocol does not always survive: clone, double_loss (sim); may be given several times
    #[arg(long, value_name = "FAULT")]
    with: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layer {
    /// Stories of tablets, network and office from a seed, with every fault there is
    Sim,
    /// Deliberate bugs, each of which the stories or the procedures must catch; runs are the seeds each bug is given
    Bugs,
    /// One exchange cut at every byte, both ways, and while its answer is kept; runs are exchanges
    Cut,
    /// Attacks on a real server by people who are signed in, each of which must come to nothing
    Adversary,
    /// One exchange cut over real sockets, at every byte of request and answer; runs are the bytes from one cut to the next
    CutSockets,
    /// Decoders fed with spoiled bytes; runs are seconds for each
    Fuzz,
    /// Stories of stores, outbox, cursor and fold, drawn and made small; runs are stories of each
    Properties,
    /// Procedures that nobody wrote, lived to their end in offices that are drawn, beside a witness who knows the rules
    Procedures,
    /// Random logs folded natively and in WebAssembly; runs are logs
    Fold,
    /// Every order of events of two tablets, an office and a bad network; runs are the level of the bounds
    Model,
    /// The server, or PostgreSQL under it, killed with SIGKILL while it takes batches; runs are counted for each database
    ServerKill,
    /// Tablets that write on while links hang or are cut and the server is paused and killed, on both databases
    Partition,
    /// Chromium killed with SIGKILL while saving: journal and database, beside the database alone
    Kill,
    /// Either store taken away by the browser, and both; runs are counted for each of the three
    Eviction,
    /// The browser allows no more room
    Quota,
    /// A new version beside an old one in another tab, a database that another page holds
    Upgrade,
    /// The tab that writes is frozen while another is open
    Frozen,
    /// 50 kbit/s with round trips of 1.4 to 2 s where three connections in ten are cut; a portal that answers 200
    Network,
    /// Walks through the app at random in a real browser, with a witness who knows what was entered; runs are walks
    Screen,
    /// The same through an app with deliberate faults, each of which must be noticed; runs are the walks each fault is given
    ScreenBugs,
    /// Old app with new office and new app with old office, message by message
    Matrix,
}

/// Exchanges cut in the test command: an ordinary one, and one that begins the copy anew.
const EXCHANGES: u64 = 2;
/// How long each decoder is fed in the test command, in seconds.
const FUZZ_SECONDS: u64 = 2;

/// Runs of each machine in the test command.
const STORIES: u64 = 1_000;
/// Procedures in the test command.
const PROCEDURES: u64 = 2_000;
/// Logs folded on both sides in the test command.
const LOGS: u64 = 300;
/// The level of the model in the test command.
const LEVEL: u64 = 3;

/// The content of a layer's last line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Proved {
    pub(crate) runs: u64,
    pub(crate) failures: u64,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let proved = prove(args.layer, args.runs, args.seed, &args.more)?;
    Ok(if proved.failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a layer this many times, or as often as the test command does.
///
/// # Errors
/// When it does not reach its last line.
pub(crate) fn prove(layer: Layer, runs: Option<u64>, seed: u64, more: &More) -> Result<Proved> {
    let proved = match layer {
        Layer::Sim => sim::run(runs, seed, &more.with)?,
        Layer::Bugs => read_last_line(&bugs::run(runs)?)?,
        Layer::Cut => read_last_line(&native::run("cut", runs.unwrap_or(EXCHANGES), seed)?)?,
        Layer::Fuzz => read_last_line(&native::run("fuzz", runs.unwrap_or(FUZZ_SECONDS), seed)?)?,
        Layer::Properties => read_last_line(&native::run("properties", runs.unwrap_or(STORIES), seed)?)?,
        Layer::Procedures => read_last_line(&native::run("procedures", runs.unwrap_or(PROCEDURES), seed)?)?,
        Layer::Fold => read_last_line(&fold::run(runs.unwrap_or(LOGS), seed)?)?,
        Layer::Model => read_last_line(&native::run("model", runs.unwrap_or(LEVEL), seed)?)?,
        Layer::ServerKill => office::SERVER_KILL.tell(&[("RUNS", runs), ("SEED", Some(seed))])?,
        Layer::Partition => office::PARTITION.tell(&[
            ("RUNS", runs),
            ("SEED", Some(seed)),
            ("SECONDS", more.seconds),
            ("AT_ONCE", more.at_once),
        ])?,
        Layer::Adversary => office::ADVERSARY.tell(&[])?,
        Layer::CutSockets => office::CUT_SOCKETS.tell(&[("BYTES_APART", Some(runs.unwrap_or(1)))])?,
        Layer::Matrix => matrix::run()?,
        Layer::ScreenBugs => read_last_line(&browser::screen_bugs(runs, seed)?)?,
        Layer::Kill
        | Layer::Eviction
        | Layer::Quota
        | Layer::Upgrade
        | Layer::Frozen
        | Layer::Network
        | Layer::Screen => read_last_line(&browser::run(&name(layer), runs, seed)?)?,
    };
    let name = name(layer);
    println!("prove {name}: {} runs, {} failures", proved.runs, proved.failures);
    Ok(proved)
}

fn name(layer: Layer) -> String {
    layer.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

fn read_last_line(spoken: &Spoken) -> Result<Proved> {
    let line = spoken.text.lines().rev().find(|line| line.contains(" runs, ") && line.ends_with(" failures"));
    let line = line.context("no last line of a proof")?;
    let count = |word: &str| {
        let words: Vec<&str> = line.split([' ', ',']).filter(|part| !part.is_empty()).collect();
        let place = words.iter().position(|found| *found == word)?;
        words.get(place.checked_sub(1)?)?.parse::<u64>().ok()
    };
    let proved = count("runs").zip(count("failures")).map(|(runs, failures)| Proved { runs, failures });
    let proved = proved.with_context(|| format!("found \"{line}\", allowed \"N runs, F failures\""))?;
    // A program that failed for another reason has not proved anything.
    Ok(Proved { failures: proved.failures.max(u64::from(!spoken.ok)), ..proved })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts() {
        let spoken = |ok, text: &str| Spoken { ok, text: text.to_owned() };
        let read = |ok, text| read_last_line(&spoken(ok, text)).unwrap();
        assert_eq!(read(true, "x\n20 runs, 0 failures\n"), Proved { runs: 20, failures: 0 });
        assert_eq!(read(false, "20 runs, 3 failures\n"), Proved { runs: 20, failures: 3 });
        assert_eq!(read(false, "20 runs, 0 failures\n").failures, 1, "it ended badly");
        assert!(read_last_line(&spoken(true, "thread panicked")).is_err());
    }
}
