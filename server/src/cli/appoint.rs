//! `congtam appoint`: records what somebody holds beside a post: a position that regulations name, a seat in a body, the
//! scoring of somebody by name.

use std::process::ExitCode;

use anyhow::Context as _;
use shared::ids::{MandateId, PersonId};
use shared::op::{Payload, Target};
use shared::org::{Mandate, Task};
use shared::time::Day;
use uuid::Uuid;

use super::unit::unit_of;
use super::{block_on, no_day};
use crate::open_directory::OpenDirectory;
use crate::settings::DataArgs;
use crate::words::said;

/// Arguments of `appoint`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// Who is appointed, by user name
    #[arg(long, value_name = "USER")]
    person: String,
    /// The unit in which it is held, by name or id; without it, the only agency
    #[arg(long)]
    unit: Option<String>,
    #[command(flatten)]
    task: TaskArgs,
    /// The part in the body: chair, secretary or member
    #[arg(long, value_name = "PART", requires = "member", value_parser = part, default_value = "member")]
    part: Task,
    /// Only for this person, by user name; without it, for everybody of the unit
    #[arg(long, value_name = "USER", requires = "step")]
    subject: Option<String>,
    /// First day held
    #[arg(long, value_name = "DAY")]
    from: String,
    /// Last day held; without it, until another decision
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// Number and date of the decision
    #[arg(long, value_name = "TEXT")]
    decision: String,
}

/// What is held: one of these.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct TaskArgs {
    /// A position that a regulation names, such as `party_secretary`
    #[arg(long, value_name = "ID")]
    position: Option<String>,
    /// A seat in a body that a regulation names, such as `scoring_team`
    #[arg(long, value_name = "ID")]
    member: Option<String>,
    /// A step of a regulation, such as `appraise`
    #[arg(long, value_name = "ID")]
    step: Option<String>,
}

fn part(word: &str) -> Result<Task, String> {
    match word {
        "chair" => Ok(Task::Chair),
        "secretary" => Ok(Task::Secretary),
        "member" => Ok(Task::Member),
        _ => Err(said("cho phép: chair, secretary, member", "allowed: chair, secretary, member").to_owned()),
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    block_on(appoint(args))
}

async fn appoint(args: &Args) -> anyhow::Result<ExitCode> {
    let office = OpenDirectory::open_beside(&args.data.dir()).await?;
    let appointed = write(args, &office).await;
    office.store.close().await;
    appointed
}

async fn write(args: &Args, office: &OpenDirectory) -> anyhow::Result<ExitCode> {
    let day = |field: &str, text: &str| Day::parse(text).with_context(|| no_day(field, text));
    let person = account(office, "person", &args.person).await?;
    let subject = match &args.subject {
        Some(subject) => Some(account(office, "subject", subject).await?),
        None => None,
    };
    let (unit, name) = {
        let folded = office.ingest.log_state().await?;
        let org = &folded.state().org;
        let name = org.person(person).map(|person| person.name.clone()).unwrap_or_default();
        (unit_of(org, "unit", args.unit.as_deref())?, name)
    };
    let (task, word) = task(args);
    let mandate = Mandate {
        id: MandateId::new(Uuid::now_v7()),
        person,
        unit,
        task,
        word,
        subject,
        from: day("from", &args.from)?,
        to: args.to.as_deref().map(|text| day("to", text)).transpose()?,
        decision: args.decision.clone(),
    };
    office.write(vec![(Target::Org, Payload::PutMandate(mandate))]).await?;
    let decision = &args.decision;
    println!("{}", said(format!("Đã ghi phân công {name}: {decision}."), format!("Recorded for {name}: {decision}.")));
    Ok(ExitCode::SUCCESS)
}

/// What is held, and the word of the regulations for it.
fn task(args: &Args) -> (Task, String) {
    let (task, word) = match &args.task {
        TaskArgs { position: Some(id), .. } => (Task::Position, Some(id)),
        TaskArgs { member: Some(id), .. } => (args.part, Some(id)),
        TaskArgs { step, .. } => (Task::Step, step.as_ref()),
    };
    (task, word.cloned().unwrap_or_default())
}

/// The person of an account.
async fn account(office: &OpenDirectory, field: &str, username: &str) -> anyhow::Result<PersonId> {
    let found = office.store.account(username).await?;
    found.map(|known| known.account.person).with_context(|| {
        said(
            format!("{field}: đang là {username:?}; cho phép: một tên đăng nhập mà `congtam account list` liệt kê"),
            format!("{field}: found {username:?}, allowed a user name that `congtam account list` lists"),
        )
    })
}
