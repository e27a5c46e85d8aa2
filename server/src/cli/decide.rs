//! `congtam decide`: records what a unit decides about a regulation: readings of ambiguous texts, and the day of the
//! month from which classes may be decided.

use std::process::ExitCode;

use anyhow::Context as _;
use shared::op::{Payload, Target};
use shared::sorted_map::Map;
use shared::state::DEFAULT_PACK;
use shared::time::Day;

use super::block_on;
use super::unit::unit_of;
use crate::open_directory::OpenDirectory;
use crate::settings::DataArgs;
use crate::values::whole;
use crate::words::said;

/// Arguments of `decide`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// The unit that decides, for itself and all below it, by name or id; without it, the only agency
    #[arg(long)]
    unit: Option<String>,
    /// The regulation
    #[arg(long, value_name = "ID", default_value = DEFAULT_PACK)]
    pack: String,
    /// Number and date of the decision
    #[arg(long, value_name = "TEXT")]
    decision: String,
    /// The first day it counts for periods that end then or later; without it, for all
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// A reading; `congtam packs ID` lists them
    #[arg(long = "option", value_name = "ID=VALUE")]
    options: Vec<String>,
    /// The day of a period's last month from which its class may be decided, 1 to 31; in December at the latest the pack's
    #[arg(long, value_name = "NUMBER", value_parser = whole(1..=31_u8))]
    opens_day: Option<u8>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut options = Map::new();
    for option in &args.options {
        let (id, value) = option.split_once('=').with_context(|| {
            said(
                format!("--option: đang là {option:?}, cần dạng ID=VALUE như late_unit=day"),
                format!("option: found {option:?}, allowed ID=VALUE such as late_unit=day"),
            )
        })?;
        options.insert(id.to_owned(), value.to_owned());
    }
    anyhow::ensure!(
        !options.is_empty() || args.opens_day.is_some(),
        said(
            "chưa quyết định gì; thêm --option hoặc --opens-day",
            "found nothing decided; allowed: --option, --opens-day"
        )
    );
    let from = args.from.as_deref().map(|text| {
        Day::parse(text).with_context(|| {
            said(
                format!("--from: đang là {text:?}, cần một ngày như 2026-10-01"),
                format!("from: found {text:?}, allowed a day such as 2026-10-01"),
            )
        })
    });
    block_on(decide(args, options, from.transpose()?))
}

async fn decide(args: &Args, options: Map<String, String>, from: Option<Day>) -> anyhow::Result<ExitCode> {
    let office = OpenDirectory::open_beside(&args.data.dir()).await?;
    let decided = write(args, options, from, &office).await;
    office.store.close().await;
    decided
}

async fn write(
    args: &Args,
    options: Map<String, String>,
    from: Option<Day>,
    office: &OpenDirectory,
) -> anyhow::Result<ExitCode> {
    let (unit, name) = {
        let folded = office.ingest.log_state().await?;
        let org = &folded.state().org;
        let unit = unit_of(org, "unit", args.unit.as_deref())?;
        (unit, org.unit(unit).map(|unit| unit.name.clone()).unwrap_or_default())
    };
    let payload = Payload::DecideOptions {
        unit,
        pack: args.pack.clone(),
        options,
        decision: args.decision.clone(),
        from,
        opens: args.opens_day,
    };
    office.write(vec![(Target::Org, payload)]).await?;
    let decision = &args.decision;
    let (vi, en) = (format!("Đã ghi quyết định của {name}: {decision}."), format!("Recorded for {name}: {decision}."));
    println!("{}", said(vi, en));
    Ok(ExitCode::SUCCESS)
}
