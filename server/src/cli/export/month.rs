//! `congtam export month`: prints a unit's month as CSV, the same table as on the tablet.

use std::io::{self, Write as _};
use std::process::ExitCode;

use shared::ids::PersonId;
use shared::pack::Language;
use shared::report::unit_month;
use shared::time::Period;

use crate::cli::{BOM, block_on, unit::unit_of};
use crate::open_directory;
use crate::settings::DataArgs;
use crate::values::period;
use crate::words;

/// Arguments of `export month`. The table is a document of the office: Vietnamese, with semicolons and decimal commas, unless
/// `--lang en` asks for English.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// The unit, with all below it, by name or id; without it, the only agency
    #[arg(long)]
    unit: Option<String>,
    /// The month, such as 2026-10
    #[arg(long, value_parser = period)]
    period: Period,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let folded = block_on(open_directory::fold(&args.data.dir()))?;
    let unit = unit_of(&folded.state().org, "unit", args.unit.as_deref())?;
    let language = words::asked().unwrap_or(Language::Vi);
    let table = unit_month(folded.state(), unit, args.period, PersonId::SYSTEM).to_csv(language);
    match io::stdout().lock().write_all((BOM.to_owned() + &table).as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
