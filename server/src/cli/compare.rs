//! `congtam compare`: the same evidence under several packs.

use std::process::ExitCode;

use shared::pack::Pack;
use shared::score::compare_json;

use super::{REFUSED, answer, pack_check};

/// Arguments of `compare`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Packs by id or path, the first is what the others are compared with
    #[arg(long, value_name = "ID|PATH", value_delimiter = ',', num_args = 1.., required = true)]
    packs: Vec<String>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut packs: Vec<Pack> = Vec::new();
    for wanted in &args.packs {
        match pack_check::load(wanted)? {
            Ok(pack) => packs.push(pack),
            Err(refusal) => {
                eprintln!("{refusal}");
                return Ok(ExitCode::from(REFUSED));
            }
        }
    }
    answer(|input| compare_json(&packs.iter().collect::<Vec<_>>(), input))
}
