//! `congtam export month`: a unit's month as CSV, the same table as on the tablet.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::ValueEnum;
use shared::ids::PersonId;
use shared::pack::Language;
use shared::report::unit_month;
use shared::time::Period;

use crate::cli::{BOM, block_on, unit::unit_of};
use crate::office;
use crate::settings::DataArgs;

/// Language of the table.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum TableLang {
    Vi,
    En,
}

/// Arguments of `export month`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// The unit, with all below it, by name or id; without it, the only agency
    #[arg(long)]
    unit: Option<String>,
    /// The month, such as 2026-10
    #[arg(long)]
    period: Period,
    /// Language: Vietnamese uses semicolons and decimal commas
    #[arg(long, value_enum, default_value_t = TableLang::Vi)]
    lang: TableLang,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let folded = block_on(office::fold(&args.data.dir()))?;
    let unit = unit_of(&folded.state().org, "unit", args.unit.as_deref())?;
    let language = match args.lang {
        TableLang::Vi => Language::Vi,
        TableLang::En => Language::En,
    };
    let table = unit_month(folded.state(), unit, args.period, PersonId::OFFICE).to_csv(language);
    match io::stdout().lock().write_all((BOM.to_owned() + &table).as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
