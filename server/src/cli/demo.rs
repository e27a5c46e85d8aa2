//! `congtam demo`: makes a fictitious commune for trying everything.

use std::process::ExitCode;

use anyhow::Context as _;
use shared::time::Day;

use super::{REFUSED, block_on, no_day, tell};
use crate::clock;
use crate::data_directory::DataDirectory;
use crate::demo::{self, Scheme};
use crate::open_directory;
use crate::settings::DataArgs;
use crate::values::whole;
use crate::words::said;

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// The day the demo takes for today, such as 2026-10-25; the months and the quarter before it are complete
    #[arg(long, value_name = "DAY")]
    today: Option<String>,
    /// How many months before today's are there, complete; none from before the regulation was in force
    #[arg(long, default_value_t = demo::MONTHS, value_parser = whole(1..=120_u16))]
    months: u16,
    /// Only the office that lives by this regulation; without it, one office for each
    #[arg(long, value_name = "ID", value_parser = scheme)]
    scheme: Option<Scheme>,
    /// Only print the accounts of a demo made earlier
    #[arg(long, conflicts_with_all = ["today", "months", "scheme"])]
    accounts: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let dir = args.data.dir();
    if args.accounts {
        return block_on(print_accounts(&dir));
    }
    let today = match &args.today {
        Some(text) => Day::parse(text).with_context(|| no_day("today", text))?,
        None => clock::now().day(),
    };
    let schemes = args.scheme.map_or_else(|| Scheme::ALL.to_vec(), |scheme| vec![scheme]);
    block_on(create(&dir, today, args.months, &schemes))
}

/// A scheme by its name.
fn scheme(word: &str) -> Result<Scheme, String> {
    let known = Scheme::ALL.map(Scheme::word).join(", ");
    Scheme::find(word).ok_or_else(|| said(format!("cho phép: {known}"), format!("allowed: {known}")))
}

async fn create(dir: &DataDirectory, today: Day, months: u16, schemes: &[Scheme]) -> anyhow::Result<ExitCode> {
    let place = dir.server().map_or_else(|| dir.path().display().to_string(), ToString::to_string);
    if open_directory::holds_data(dir).await? {
        tell(&said(
            format!(
                "{place} đã có dữ liệu; dữ liệu được giữ nguyên.\nHãy chọn --data khác, hoặc xóa thư mục để làm lại."
            ),
            format!(
                "{place} holds data already; it is kept as it is.\nChoose another --data, or delete the folder to begin anew."
            ),
        ))?;
        return Ok(ExitCode::from(REFUSED));
    }
    let made = demo::create_with(dir, today, months, schemes).await?;
    tell(&made.table)?;
    let (operations, people) = (made.operations, made.people);
    tell(&said(
        format!("{operations} thao tác của {people} người trong {place}"),
        format!("{operations} operations of {people} people in {place}"),
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn print_accounts(dir: &DataDirectory) -> anyhow::Result<ExitCode> {
    let store = open_directory::open_to_read(dir).await?;
    let table = demo::accounts_table(store.as_ref()).await?;
    store.close().await;
    let none = || said("không phải bản dùng thử: không biết mật khẩu", "not a demo: no passwords are known").to_owned();
    tell(&table.unwrap_or_else(none))?;
    Ok(ExitCode::SUCCESS)
}
