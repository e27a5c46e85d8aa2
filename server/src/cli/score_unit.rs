//! `congtam score-unit`: a unit's cards in one go, from below upwards.

use std::process::ExitCode;

use shared::score::{UNIT_JSON_BYTES_MAX, unit_json, unit_under};

use super::PackArgs;

/// Arguments of `score-unit`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pack: PackArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    args.pack.answer(UNIT_JSON_BYTES_MAX, unit_under, unit_json)
}
