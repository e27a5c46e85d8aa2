//! `congtam quota`: shows who may be in the class that is limited.

use std::process::ExitCode;

use shared::ids::PersonId;
use shared::report::{unit_month, unit_quota};
use shared::score::{UNIT_JSON_BYTES_MAX, quota_json, quota_under};
use shared::time::Period;

use super::stored::StoredArgs;
use super::{PackArgs, refuse, tell};
use crate::values::period;

/// Arguments of `quota`: none for an input that says all.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Take this month, such as 2026-10, from the office's data, in groups by agency and role
    #[arg(long, value_parser = period)]
    period: Option<Period>,
    /// The authority decided that the organisation is outstanding
    #[arg(long, requires = "period")]
    outstanding: bool,
    #[command(flatten)]
    pack: PackArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Some(period) = args.period else {
        return args.pack.answer(UNIT_JSON_BYTES_MAX, quota_under, quota_json);
    };
    args.pack.refuse_beside_data()?;
    let (folded, unit) = args.stored.open()?;
    let month = unit_month(folded.state(), unit, period, PersonId::SYSTEM);
    match unit_quota(folded.state(), &month, args.outstanding) {
        Ok(quotas) => {
            tell(&serde_json::to_string(&quotas)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(errors) => Ok(refuse(&errors)),
    }
}
