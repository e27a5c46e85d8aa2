//! `congtam score-unit`: a unit's cards in one go, from below upwards.

use std::process::ExitCode;

use shared::score::{UNIT_JSON_BYTES_MAX, unit_json};

use super::answer_up_to;

/// Arguments of `score-unit`: none.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args) -> anyhow::Result<ExitCode> {
    answer_up_to(UNIT_JSON_BYTES_MAX, unit_json)
}
