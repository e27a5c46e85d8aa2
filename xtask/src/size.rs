//! Compares what a first visit costs on a slow line with the promised budget.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::build::{Variant, brotli_bytes, build_app, is_on_demand, list_files};
use crate::place;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    first_visit_bytes_max: usize,
    offline_bytes_max: usize,
    on_demand_bytes_max: usize,
}

/// When a device fetches a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Before the app is usable.
    FirstVisit,
    /// After the first visit, for use without a network.
    Offline,
    /// When a screen asks for it.
    OnDemand,
}

/// One file: its size on the disk and its size on the network.
#[derive(Debug)]
struct Weighed {
    name: String,
    raw_bytes: usize,
    /// The size after Brotli-11, or of the raw bytes when the format is already compressed.
    sent_bytes: usize,
    need: Need,
}

/// The sums that the budget limits.
#[derive(Debug, PartialEq, Eq)]
struct Sums {
    first_visit_bytes: usize,
    offline_bytes: usize,
    on_demand_bytes: usize,
}

pub(crate) fn run(_args: &Args) -> Result<ExitCode> {
    let dist = build_app(Variant::Shipped)?;
    Ok(if check(&dist)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the table and returns whether it is within the budget.
///
/// # Errors
/// When the served folder or the budget file cannot be read.
pub(crate) fn check(dist: &Path) -> Result<bool> {
    let file = place::root().join("xtask/size-budget.toml");
    let text = fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let budget: Budget = toml::from_str(&text).with_context(|| format!("{} is not as it should be", file.display()))?;
    let files = weigh(dist)?;
    println!("\n{:<44} {:>10} {:>10}  needed", "file", "raw", "brotli");
    for file in &files {
        let needed = match file.need {
            Need::FirstVisit => "first visit",
            Need::Offline => "offline",
            Need::OnDemand => "on demand",
        };
        println!("{:<44} {:>10} {:>10}  {needed}", file.name, file.raw_bytes, file.sent_bytes);
    }
    let kept: Vec<usize> = files.iter().filter(|file| file.need != Need::OnDemand).map(|file| file.raw_bytes).collect();
    println!("kept for offline use, raw: {} bytes in {} files", kept.iter().sum::<usize>(), kept.len());
    Ok(judge(&sums(&files), &budget))
}

fn weigh(dist: &Path) -> Result<Vec<Weighed>> {
    let mut files = Vec::new();
    for file in list_files(dist)? {
        let name = file.strip_prefix(dist)?.to_string_lossy().into_owned();
        if name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let raw = fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
        let packed = match fs::metadata(file.with_file_name(format!("{}.br", last_part(&name)))) {
            Ok(found) => usize::try_from(found.len()).context("a file too large to count")?,
            Err(_) => brotli_bytes(&raw)?.len(),
        };
        let need = need(&name);
        files.push(Weighed { name, raw_bytes: raw.len(), sent_bytes: packed.min(raw.len()), need });
    }
    Ok(files)
}

/// When a file is needed. The service worker comes later, and so do the files of the screens and keys that
/// `app/src/chunks.rs` and `app/src/session/own_keys.rs` leave for later. The first visit has what a person needs to
/// sign in, plan and score the own month.
fn need(name: &str) -> Need {
    let part = name.starts_with("assets/split_") || name.starts_with("assets/chunk_");
    match name {
        name if is_on_demand(name) => Need::OnDemand,
        name if name == "sw.js" || name.starts_with("assets/tables.") || (part && name.ends_with(".wasm")) => {
            Need::Offline
        }
        _ => Need::FirstVisit,
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn sums(files: &[Weighed]) -> Sums {
    let of = |need: Need| files.iter().filter(|file| file.need == need).map(|file| file.sent_bytes).sum::<usize>();
    let first_visit_bytes = of(Need::FirstVisit);
    Sums {
        first_visit_bytes,
        offline_bytes: first_visit_bytes + of(Need::Offline),
        on_demand_bytes: of(Need::OnDemand),
    }
}

fn judge(sums: &Sums, budget: &Budget) -> bool {
    let rows = [
        ("first visit", sums.first_visit_bytes, budget.first_visit_bytes_max),
        ("kept for offline use", sums.offline_bytes, budget.offline_bytes_max),
        ("fetched on demand", sums.on_demand_bytes, budget.on_demand_bytes_max),
    ];
    for (what, found, allowed) in rows {
        let verdict = if found <= allowed { "within the budget" } else { "OVER THE BUDGET" };
        println!("{what}: found {found} bytes brotli-11, allowed {allowed}: {verdict}");
    }
    rows.iter().all(|(_, found, allowed)| found <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget { first_visit_bytes_max: 100, offline_bytes_max: 150, on_demand_bytes_max: 50 };

    fn file(name: &str, sent_bytes: usize) -> Weighed {
        Weighed { name: name.into(), raw_bytes: sent_bytes, sent_bytes, need: need(name) }
    }

    #[test]
    fn each_file_counts_where_it_is_fetched() {
        let files =
            [file("app.wasm", 90), file("boot.js", 10), file("sw.js", 7), file("assets/packs.0a1b2c3d4e5f.bin", 30)];
        assert_eq!(sums(&files), Sums { first_visit_bytes: 100, offline_bytes: 107, on_demand_bytes: 30 });
    }

    #[test]
    fn only_what_the_app_does_not_wait_for_comes_later() {
        for name in ["sw.js", "assets/split_daily.0a1b.wasm"] {
            assert_eq!(need(name), Need::Offline, "{name}");
        }
        // A browser that has Ed25519 never asks for ours.
        assert_eq!(need("assets/split_own_keys.0a1b.wasm"), Need::OnDemand);
        for name in
            ["index.html", "assets/app_bg.0a1b.wasm", "assets/chunks.0a1b.js", "assets/app.0a1b.js", "icons/icon.svg"]
        {
            assert_eq!(need(name), Need::FirstVisit, "{name}");
        }
    }

    #[test]
    fn one_byte_over_any_budget_is_seen() {
        for (first_visit_bytes, offline_bytes, on_demand_bytes, within) in
            [(100, 150, 50, true), (101, 150, 50, false), (100, 151, 50, false), (100, 150, 51, false)]
        {
            let sums = Sums { first_visit_bytes, offline_bytes, on_demand_bytes };
            assert_eq!(judge(&sums, &BUDGET), within, "{sums:?}");
        }
    }

    #[test]
    fn the_budget_file_can_be_read() {
        let text = fs::read_to_string(place::root().join("xtask/size-budget.toml")).unwrap();
        let budget: Budget = toml::from_str(&text).unwrap();
        assert_eq!(budget.first_visit_bytes_max, 450_000, "the promise is not changed to keep it");
    }
}
