//! `congtam score-unit`: scores all cards of a unit at once, from the lowest rank upwards.

use std::process::ExitCode;

use shared::score::{UNIT_JSON_BYTES_MAX, unit_json_in, unit_under_in};

use super::PackArgs;
use crate::words::spoken;

/// Arguments of `score-unit`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pack: PackArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let language = spoken();
    args.pack.answer(
        UNIT_JSON_BYTES_MAX,
        |pack, input| unit_under_in(pack, input, language),
        |input| unit_json_in(input, language),
    )
}
