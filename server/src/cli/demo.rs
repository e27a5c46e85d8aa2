//! `congtam demo`: a fictitious commune to try everything on.

use std::process::ExitCode;

use anyhow::Context as _;
use shared::time::Day;

use super::{REFUSED, block_on};
use crate::clock;
use crate::data_dir::DataDir;
use crate::demo;
use crate::office;
use crate::settings::DataArgs;

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// The day the demo takes for today, such as 2026-10-25; the two months before it are complete
    #[arg(long, value_name = "DAY")]
    today: Option<String>,
    /// Only print the accounts of a demo made earlier
    #[arg(long, conflicts_with = "today")]
    accounts: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let dir = args.data.dir();
    if args.accounts {
        return block_on(print_accounts(&dir));
    }
    let today = match &args.today {
        Some(text) => {
            Day::parse(text).with_context(|| format!("today: found {text:?}, allowed a day such as 2026-10-25"))?
        }
        None => clock::now().day(),
    };
    block_on(create(&dir, today))
}

async fn create(dir: &DataDir, today: Day) -> anyhow::Result<ExitCode> {
    let place = dir.server().map_or_else(|| dir.path().display().to_string(), ToString::to_string);
    if office::holds_data(dir).await? {
        println!("{place} holds data already; it is kept as it is.");
        println!("Choose another --data, or delete the folder to begin anew.");
        return Ok(ExitCode::from(REFUSED));
    }
    let made = demo::create(dir, today).await?;
    println!("{}", made.table);
    println!("{} operations of {} people in {place}", made.operations, made.people);
    Ok(ExitCode::SUCCESS)
}

async fn print_accounts(dir: &DataDir) -> anyhow::Result<ExitCode> {
    let store = office::open_to_read(dir).await?;
    let table = demo::accounts_table(store.as_ref()).await?;
    store.close().await;
    println!("{}", table.unwrap_or_else(|| "not a demo: no passwords are known".to_owned()));
    Ok(ExitCode::SUCCESS)
}
