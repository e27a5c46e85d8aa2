//! `congtam quota`: who may be in the class that is limited.

use std::process::ExitCode;

use shared::score::quota_json;

use super::answer;

/// Arguments of `quota`: none, the input says all.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_args: &Args) -> anyhow::Result<ExitCode> {
    answer(quota_json)
}
