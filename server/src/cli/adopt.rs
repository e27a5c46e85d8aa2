//! `congtam adopt`: records that a unit and those below it live by a regulation, with the readings of its text that the
//! unit chose and the day of the month from which classes may be decided.

use std::process::ExitCode;

use anyhow::Context as _;
use shared::ids::UnitId;
use shared::op::{Payload, Target};
use shared::org::Org;
use shared::pack::{Pack, PackAdoption, PackStatus, Span};
use shared::time::Day;

use super::unit::unit_of;
use super::{REFUSED, block_on, no_day, pack_check};
use crate::demo;
use crate::open_directory::OpenDirectory;
use crate::packs;
use crate::settings::DataArgs;
use crate::values::whole;
use crate::words::said;

/// Arguments of `adopt`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// The regulation: an id that `congtam packs` lists, or a file
    #[arg(long, value_name = "ID|PATH")]
    pack: String,
    /// The unit that adopts it, for itself and all below it, by name or id; without it, the only agency
    #[arg(long)]
    unit: Option<String>,
    /// Number and date of the decision
    #[arg(long, value_name = "TEXT")]
    decision: String,
    /// It counts for periods that end on this day or later; without it, from the regulation's first day
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// It counts for periods that end on this day or earlier; without it, until another decision
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// A reading; `congtam packs ID` lists them
    #[arg(long = "option", value_name = "ID=VALUE")]
    options: Vec<String>,
    /// A role that is scored; without any, all roles of the regulation
    #[arg(long = "role", value_name = "ID")]
    roles: Vec<String>,
    /// A length of the periods that are scored: month, quarter, half_year, year; without any, the shortest of the regulation
    #[arg(long = "span", value_name = "LENGTH", value_parser = a_span)]
    spans: Vec<Span>,
    /// The unit in which a position outside the subject's own line is held
    #[arg(long = "bind", value_name = "POSITION=UNIT")]
    bound: Vec<String>,
    /// The day of a period's last month from which its class may be decided, 1 to 31; in December at the latest the pack's
    #[arg(long, value_name = "NUMBER", value_parser = whole(1..=31_u8))]
    opens_day: Option<u8>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let pack = match pack_check::load(&args.pack)? {
        Ok(pack) => pack,
        Err(refused) => {
            eprintln!("{refused}");
            return Ok(ExitCode::from(REFUSED));
        }
    };
    block_on(adopt(args, &pack))
}

async fn adopt(args: &Args, pack: &Pack) -> anyhow::Result<ExitCode> {
    let office = OpenDirectory::open_beside(&args.data.dir()).await?;
    let adopted = write(args, pack, &office).await;
    office.store.close().await;
    adopted
}

async fn write(args: &Args, pack: &Pack, office: &OpenDirectory) -> anyhow::Result<ExitCode> {
    let (adoption, name) = {
        let folded = office.ingest.log_state().await?;
        let org = &folded.state().org;
        let unit = unit_of(org, "unit", args.unit.as_deref())?;
        let name = org.unit(unit).map(|unit| unit.name.clone()).unwrap_or_default();
        (adoption(args, pack, unit, org)?, name)
    };
    anyhow::ensure!(
        pack.status != PackStatus::Sample || demo::accounts_table(office.store.as_ref()).await?.is_some(),
        said(
            format!(
                "pack: {} là bản mẫu có số minh họa; cho phép: bản đã thay mọi số minh họa bằng số của mình",
                pack.id
            ),
            format!(
                "pack: {} is a sample with illustrative numbers, allowed one whose numbers are all your own",
                pack.id
            ),
        )
    );
    packs::keep(office.store.as_ref(), pack).await?;
    office.write(vec![(Target::Org, Payload::AdoptPack(adoption))]).await?;
    let (id, decision) = (&pack.id, &args.decision);
    let (vi, en) = (format!("{name} áp dụng {id}: {decision}."), format!("{name} lives by {id}: {decision}."));
    println!("{}", said(vi, en));
    Ok(ExitCode::SUCCESS)
}

fn adoption(args: &Args, pack: &Pack, unit: UnitId, org: &Org) -> anyhow::Result<PackAdoption> {
    let day = |field: &str, text: &str| Day::parse(text).with_context(|| no_day(field, text));
    let first = || Day::parse(&pack.effective_from).with_context(|| format!("{}: effective_from", pack.id));
    let bound: anyhow::Result<Vec<(String, UnitId)>> = args
        .bound
        .iter()
        .map(|bound| {
            let (position, unit) = pair("bind", bound, "party_secretary=Đảng ủy xã")?;
            Ok((position, unit_of(org, "bind", Some(&unit))?))
        })
        .collect();
    Ok(PackAdoption {
        unit,
        id: pack.id.clone(),
        pack: pack.hash,
        roles: args.roles.clone(),
        from: args.from.as_deref().map_or_else(first, |text| day("from", text))?,
        to: args.to.as_deref().map(|text| day("to", text)).transpose()?,
        options: args.options.iter().map(|option| pair("option", option, "late_unit=day")).collect::<Result<_, _>>()?,
        opens: args.opens_day,
        bound: bound?,
        decision: args.decision.clone(),
        spans: args.spans.clone(),
    })
}

fn a_span(text: &str) -> Result<Span, String> {
    let allowed = || Span::ALL.map(Span::word).join(", ");
    Span::find(text).ok_or_else(|| said(format!("cho phép: {}", allowed()), format!("allowed {}", allowed())))
}

/// What stands before and after the equals sign.
fn pair(field: &str, text: &str, example: &str) -> anyhow::Result<(String, String)> {
    let (before, after) = text.split_once('=').with_context(|| {
        said(
            format!("--{field}: đang là {text:?}, cần hai vế như {example}"),
            format!("{field}: found {text:?}, allowed two sides such as {example}"),
        )
    })?;
    Ok((before.to_owned(), after.to_owned()))
}
