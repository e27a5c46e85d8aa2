//! `congtam rollup`: months to quarter, half-year or year.

use std::process::ExitCode;

use shared::score::roll_up_json;

use super::answer;

/// Arguments of `rollup`: none, the input says all.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_args: &Args) -> anyhow::Result<ExitCode> {
    answer(roll_up_json)
}
