//! `congtam import people`: units, people, posts, and an account for everyone new.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use shared::ids::PersonId;
use shared::op::Target;
use uuid::Uuid;

use super::{Manner, exit, read};
use crate::auth::hash_all;
use crate::cli::block_on;
use crate::clock;
use crate::data_dir::{DataDir, write_secret};
use crate::import::{PeopleOperations, PeoplePlan, people_operations, people_template, read_people};
use crate::office::{self, Office};
use crate::settings::DatabaseArgs;
use crate::store::{Account, Store};

/// Letters of first passwords: none that are taken for another on paper. 32 of them, so that a byte falls on each alike.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Letters of a first password: 60 bits.
const PASSWORD_LETTERS: usize = 12;

/// Arguments of `import people`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The spreadsheet
    #[arg(required_unless_present = "template")]
    file: Option<PathBuf>,
    /// Folder of the server's key, and of the database unless another is named
    #[arg(long, env = "CONGTAM_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
    /// Write an empty spreadsheet to be filled in, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    template: Option<PathBuf>,
    #[command(flatten)]
    manner: Manner,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(path) = &args.template {
        std::fs::write(path, people_template()?).with_context(|| format!("template {}", path.display()))?;
        println!("{}", path.display());
        return Ok(exit(true));
    }
    let file = args.file.as_deref().context("file: found none")?;
    let data = args.data.as_deref().context("data: found none, allowed --data DIR or CONGTAM_DATA")?;
    let plan = read_people(&read(file)?, args.manner.partial);
    args.manner.print(&plan.report)?;
    if !plan.report.accepted {
        return Ok(exit(false));
    }
    block_on(import(args.manner, &args.database.dir(data), &plan))
}

async fn import(manner: Manner, dir: &DataDir, plan: &PeoplePlan) -> anyhow::Result<ExitCode> {
    if manner.dry_run {
        let (accounts, org) = if office::holds_data(dir).await? {
            let store = office::open_to_read(dir).await?;
            let accounts = known_accounts(store.as_ref()).await?;
            store.close().await;
            (accounts, office::fold(dir).await?.state().org.clone())
        } else {
            Default::default()
        };
        say_what(manner, &people_operations(plan, &org, &accounts, fresh_id));
        manner.say("Chạy thử: không có gì thay đổi.", "Dry run: nothing has changed.");
        return Ok(exit(true));
    }
    let office = Office::open_beside(dir).await?;
    let taken = take(manner, dir, plan, &office).await;
    office.store.close().await;
    taken
}

async fn take(manner: Manner, dir: &DataDir, plan: &PeoplePlan, office: &Office) -> anyhow::Result<ExitCode> {
    let accounts = known_accounts(office.store.as_ref()).await?;
    let made = people_operations(plan, &office.ingest.office().await?.state().org, &accounts, fresh_id);
    say_what(manner, &made);
    let mut intake = office.judged(made.payloads.into_iter().map(|payload| (Target::Org, payload)).collect()).await?;
    if made.new_accounts.is_empty() {
        intake.commit().await?;
        return Ok(exit(true));
    }
    let (new, rows) = draw_accounts(&made.new_accounts)?;
    // On the disk before the accounts are: a password that nobody can read opens nothing.
    let file = passwords_file(dir.path());
    write_secret(&file, rows.as_bytes()).with_context(|| format!("passwords {}", file.display()))?;
    intake.add_accounts(new, clock::now());
    if let Err(error) = intake.commit().await {
        drop(std::fs::remove_file(&file));
        return Err(error).context("nothing has changed");
    }
    let file = file.display();
    manner.say(&format!("Mật khẩu đầu tiên: {file}"), &format!("First passwords: {file}"));
    Ok(exit(true))
}

fn say_what(manner: Manner, made: &PeopleOperations) {
    let (changes, accounts, unchanged) = (made.payloads.len(), made.new_accounts.len(), made.unchanged);
    manner.say(
        &format!("{changes} thay đổi, {accounts} tài khoản mới, {unchanged} mục giữ nguyên."),
        &format!("{changes} changes, {accounts} new accounts, {unchanged} records as they were."),
    );
}

async fn known_accounts(store: &dyn Store) -> anyhow::Result<BTreeMap<String, PersonId>> {
    Ok(store.accounts().await?.into_iter().map(|account| (account.username, account.person)).collect())
}

/// Accounts with drawn passwords, and the passwords as CSV.
fn draw_accounts(new: &[(String, PersonId)]) -> anyhow::Result<(Vec<Account>, String)> {
    let passwords: Vec<String> = new.iter().map(|_| draw_password()).collect::<anyhow::Result<_>>()?;
    let hashes = hash_all(&passwords)?;
    let rows = new.iter().zip(&passwords).map(|((username, _), password)| format!("{username},{password}\r\n"));
    let account = |((username, person), password_hash): (&(String, PersonId), String)| Account {
        username: username.clone(),
        person: *person,
        password_hash,
    };
    Ok((new.iter().zip(hashes).map(account).collect(), rows.collect()))
}

fn passwords_file(dir: &Path) -> PathBuf {
    dir.join(format!("new-passwords-{}.csv", clock::now().0))
}

fn draw_password() -> anyhow::Result<String> {
    let mut bytes = [0; PASSWORD_LETTERS];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("random numbers: {error}"))?;
    Ok(bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32)).copied().map(char::from)).collect())
}

fn fresh_id() -> [u8; 16] {
    *Uuid::now_v7().as_bytes()
}
