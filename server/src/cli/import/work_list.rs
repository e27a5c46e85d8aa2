//! `congtam import work-list`: imports a list of products and puts the whole list in force.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use shared::ids::{UnitId, WorkListId};
use shared::num::Exact;
use shared::op::Target;
use shared::pack::{Pack, PackAdoption};
use shared::state::State;
use shared::time::Day;
use shared::work::WorkList;
use uuid::Uuid;

use super::{Manner, exit, read};
use crate::cli::unit::unit_of;
use crate::cli::{block_on, no_day};
use crate::clock;
use crate::import::compare::Changes;
use crate::import::criteria::criteria_of;
use crate::import::{WorkListOptions, WorkListPlan, read_work_list, work_list_payloads};
use crate::open_directory::{self, OpenDirectory};
use crate::settings::DataArgs;
use crate::words::said;

/// Arguments of `import work-list`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The spreadsheet
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
    /// The unit the list is for, by name or id; without it, the only agency
    #[arg(long, value_name = "UNIT")]
    owner: Option<String>,
    /// First day the list may be used; today without it
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Title of the decision, where the file does not say
    #[arg(long)]
    title: Option<String>,
    /// Points of the standard product, where the file does not say
    #[arg(long, value_name = "POINTS")]
    standard_points: Option<String>,
    #[command(flatten)]
    manner: Manner,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let bytes = read(&args.file)?;
    let from = match &args.from {
        Some(text) => Day::parse(text).with_context(|| no_day("from", text))?,
        None => clock::now().day(),
    };
    block_on(import(args, &bytes, from))
}

async fn import(args: &Args, bytes: &[u8], from: Day) -> anyhow::Result<ExitCode> {
    let dir = args.data.dir();
    if args.manner.dry_run {
        let folded = open_directory::fold(&dir).await?;
        let plan = plan(args, bytes, folded.state(), from)?;
        args.manner.print(&plan.report)?;
        args.manner.say("Chạy thử: không có gì thay đổi.", "Dry run: nothing has changed.");
        return Ok(exit(plan.report.accepted));
    }
    let office = OpenDirectory::open_beside(&dir).await?;
    let taken = take(args, bytes, &office, from).await;
    office.store.close().await;
    taken
}

async fn take(args: &Args, bytes: &[u8], office: &OpenDirectory, from: Day) -> anyhow::Result<ExitCode> {
    let (plan, owner) = {
        let folded = office.ingest.log_state().await?;
        (plan(args, bytes, folded.state(), from)?, unit_of(&folded.state().org, "owner", args.owner.as_deref())?)
    };
    args.manner.print(&plan.report)?;
    if !plan.report.accepted {
        return Ok(exit(false));
    }
    if plan.report.changes.as_ref().is_some_and(Changes::is_none) {
        args.manner.say("Danh mục đang áp dụng đã đúng như vậy.", "The list in force is this one already.");
        return Ok(exit(true));
    }
    let target = Target::WorkList(WorkListId::new(Uuid::now_v7()));
    let intents = work_list_payloads(&plan, owner, from).into_iter().map(|payload| (target.clone(), payload));
    let count = office.write(intents.collect()).await?;
    args.manner.say(
        &format!("Đã áp dụng từ {}: {count} thao tác.", from.vietnamese()),
        &format!("In force from {from}: {count} operations."),
    );
    Ok(exit(true))
}

fn plan(args: &Args, bytes: &[u8], state: &State, from: Day) -> anyhow::Result<WorkListPlan> {
    let owner = unit_of(&state.org, "owner", args.owner.as_deref())?;
    let known: Option<&WorkList> = state.work_lists.in_force(&state.org.ancestry(owner), from).map(|(_, list)| list);
    let standard_points =
        args.standard_points.as_deref().map(|text| Exact::parse(text).map_err(|_| anyhow::anyhow!(no_points(text))));
    let options = WorkListOptions {
        partial: args.manner.partial,
        hidden: args.manner.hidden,
        standard_points: standard_points.transpose()?,
        expected_criteria: lived_by(state, owner, from).map(criteria_of),
    };
    let mut plan = read_work_list(bytes, &options, known);
    if let Some(title) = &args.title {
        plan.title.clone_from(title);
    }
    if plan.title.trim().is_empty() {
        plan.title = args.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    }
    Ok(plan)
}

/// The regulation with points that the owner of the list lives by.
fn lived_by(state: &State, owner: UnitId, day: Day) -> Option<&'static Pack> {
    let adopted = |unit: UnitId| state.adoptions.of(unit, day).find_map(PackAdoption::rules);
    state.org.ancestry(owner).into_iter().find_map(adopted)
}

fn no_points(found: &str) -> String {
    said(
        format!("standard-points: đang là {found:?}; cho phép: một số như 1 hoặc 2.5"),
        format!("standard-points: found {found:?}, allowed a number such as 1 or 2.5"),
    )
}
