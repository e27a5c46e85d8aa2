//! `congtam quota`: who may be in the class that is limited.

use std::process::ExitCode;

use shared::score::{UNIT_JSON_BYTES_MAX, quota_json};

use super::answer_up_to;

/// Arguments of `quota`: none, the input says all.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_args: &Args) -> anyhow::Result<ExitCode> {
    answer_up_to(UNIT_JSON_BYTES_MAX, quota_json)
}
