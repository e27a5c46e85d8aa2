//! Measures how many operations the server takes per second, next to bare inserts of the same bytes. It also measures
//! five hundred devices that return at once. `cargo xtask bench ingest` starts it. Nothing here fails because it was
//! slow.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a measurement stops where it fails"
)]

mod bare;
#[path = "../../tests/support/cluster.rs"]
mod cluster;
mod devices;
mod office;

use std::time::{Duration, Instant};

use cluster::Cluster;
use office::Commune;

/// The number of turns that each contender takes in each cell.
const ROUNDS: usize = 3;
/// Connections at once, operations of a request, operations in all.
const CELLS: [(usize, usize, usize); 4] = [(1, 1, 200), (16, 1, 1_600), (1, 64, 1_920), (16, 64, 4_096)];

fn main() {
    // `cargo test` and `cargo clippy` also start benches. Only `cargo bench` may measure.
    if !std::env::args().any(|word| word == "--bench") {
        return println!("to measure, type: cargo xtask bench ingest");
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(measure());
}

async fn measure() {
    let cluster = Cluster::start();
    println!("{}\n", surroundings());
    println!(
        "{:<12} {:>11} {:>9} {:>12} {:>12} {:>8}",
        "", "connections", "a batch", "office, /s", "bare, /s", "ratio"
    );
    let sqlite = Commune::on_sqlite().await;
    contest("sqlite", &sqlite, &bare::Bare::on_sqlite().await).await;
    let postgres = Commune::on_server(cluster.database().await).await;
    contest("postgresql", &postgres, &bare::Bare::on_server(&cluster.database().await).await).await;
    println!(
        "\nthis process, office, log and measuring together: {} KiB at most (VmHWM)",
        peak_kib(std::process::id())
    );
    devices::return_at_once("sqlite", &sqlite).await;
    devices::return_at_once("postgresql", &postgres).await;
}

/// The conditions, besides the code, on which the figures depend.
fn surroundings() -> String {
    let built =
        if cfg!(debug_assertions) { "WITHOUT optimisation, so that no figure means anything" } else { "optimised" };
    let cores = std::thread::available_parallelism().unwrap();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap();
    let load = load.split_whitespace().next().unwrap();
    format!("built {built}; {cores} cores; load before: {load}, so that times are to be compared within this run only")
}

/// Measures the server and bare inserts in turn, with new work for each cell. Returns medians.
async fn contest(database: &str, commune: &Commune, bare: &bare::Bare) {
    let (mut best, mut bare_one_each) = (0, 0);
    for (connections, batch, operations) in CELLS {
        let (mut office_times, mut bare_times) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let work = commune.work(connections, batch, operations).await;
            let rows: Vec<Vec<office::Operations>> = work.clone();
            office_times.push(commune.receive(work).await);
            bare_times.push(bare.insert(rows).await);
        }
        let (office, bare) = (rate(operations, office_times), rate(operations, bare_times));
        println!("{database:<12} {connections:>11} {batch:>9} {office:>12} {bare:>12} {:>8}", ratio(office, bare));
        best = best.max(office);
        if (connections, batch) == (16, 1) {
            bare_one_each = bare;
        }
    }
    let against = ratio(best, bare_one_each);
    println!(
        "{database:<12} the office at its best, {best}/s, is {against} of one bare insert a transaction over 16 connections"
    );
}

fn ratio(one: u128, other: u128) -> String {
    let hundredths = one * 100 / other.max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Operations per second, by the median of the times.
fn rate(operations: usize, mut times: Vec<Duration>) -> u128 {
    times.sort_unstable();
    operations as u128 * 1_000_000 / times[times.len() / 2].as_micros().max(1)
}

#[expect(clippy::disallowed_methods, reason = "a measurement measures time")]
fn start() -> Instant {
    Instant::now()
}

/// The most memory a process has held so far, as Linux counts it.
fn peak_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
