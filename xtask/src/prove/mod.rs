//! `cargo xtask prove`: what was promised, tried again and again; counts and seeds are printed, and one line says how it ended.
//!
//! A layer is a file here, a value of [`Layer`] and an arm in [`attempt`].

mod server_kill;

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What is tried
    layer: Layer,
    /// How often; each layer has its own number for when none is given
    #[arg(long)]
    runs: Option<u64>,
    /// What chance is made from; drawn and printed when none is given
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Layer {
    /// The server, or PostgreSQL under it, killed with SIGKILL while it takes batches; runs are counted for each database
    ServerKill,
}

/// What a layer is asked for.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    runs: Option<u64>,
    seed: u64,
}

/// How a layer ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Proved {
    runs: u64,
    failures: u64,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let seed = args.seed.unwrap_or_else(|| RandomState::new().build_hasher().finish());
    let name = args.layer.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    println!("prove {name}: seed {seed}");
    let wanted = Wanted { runs: args.runs, seed };
    // What could not even be tried has failed.
    let proved = attempt(args.layer, wanted).unwrap_or_else(|error| {
        eprintln!("prove {name}: {error:#}");
        Proved { runs: 0, failures: 1 }
    });
    println!("prove {name}: {} runs, {} failures", proved.runs, proved.failures);
    Ok(if proved.failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn attempt(layer: Layer, wanted: Wanted) -> Result<Proved> {
    match layer {
        Layer::ServerKill => server_kill::prove(wanted),
    }
}
