//! `congtam import people`: imports units, people and posts, and makes an account for everyone new.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use shared::ids::PersonId;
use shared::op::{Payload, Target};
use shared::org::Org;
use shared::pack::Language;
use shared::report::csv_line;
use uuid::Uuid;

use super::{Manner, exit, read};
use crate::auth::hash_all;
use crate::cli::{BOM, block_on};
use crate::clock;
use crate::data_directory::{DataDirectory, PASSWORDS, write_secret};
use crate::import::{
    Answer, KnownPeople, NewAccount, PeopleList, PeopleOptions, PeoplePlan, people_template, plan_people, read_people,
};
use crate::ingest::ATTEMPTS_MAX;
use crate::open_directory::{self, OpenDirectory};
use crate::settings::DatabaseArgs;
use crate::store::{Account, Store, StoreError};
use crate::words::said;

/// The letters of first passwords. None of them looks like another on paper. There are 32, so that a random byte
/// selects each equally often.
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
    /// Make a new office of this list, in a folder that has none; else one that is not there is refused, as a mistyped folder is
    #[arg(long)]
    init: bool,
    /// Write an empty spreadsheet to be filled in, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    template: Option<PathBuf>,
    /// Do what the report asks about, several with commas between them; --dry-run shows it
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    confirm: Vec<Answer>,
    #[command(flatten)]
    manner: Manner,
}

/// The people that the office knows, kept while a list is compared with them.
#[derive(Clone, Debug, Default, PartialEq)]
struct Known {
    org: Org,
    accounts: BTreeMap<String, PersonId>,
}

impl Known {
    /// Reads what the office of a data directory holds. Changes nothing.
    async fn read(dir: &DataDirectory) -> anyhow::Result<Self> {
        let store = open_directory::open_to_read(dir).await?;
        let accounts = known_accounts(store.as_ref()).await?;
        store.close().await;
        Ok(Self { org: open_directory::fold(dir).await?.state().org.clone(), accounts })
    }

    async fn of(office: &OpenDirectory) -> anyhow::Result<Self> {
        let accounts = known_accounts(office.store.as_ref()).await?;
        Ok(Self { org: office.ingest.log_state().await?.state().org.clone(), accounts })
    }

    fn plan(&self, list: &PeopleList, options: &PeopleOptions) -> PeoplePlan {
        let known = KnownPeople { org: &self.org, accounts: &self.accounts, today: clock::now().day() };
        plan_people(list, &known, options, || *Uuid::now_v7().as_bytes())
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(path) = &args.template {
        std::fs::write(path, people_template()?)
            .with_context(|| said(format!("mẫu {}", path.display()), format!("template {}", path.display())))?;
        println!("{}", path.display());
        return Ok(exit(true));
    }
    let file = args
        .file
        .as_deref()
        .with_context(|| said("FILE: chưa có; cho phép: một bảng tính", "FILE: missing; allowed: a spreadsheet"))?;
    let data = args.data.as_deref().with_context(|| {
        said(
            "data: chưa có; cho phép: --data THƯ-MỤC hoặc biến CONGTAM_DATA",
            "data: missing; allowed: --data DIR or CONGTAM_DATA",
        )
    })?;
    let bytes = read(file)?;
    block_on(import(args, file, &bytes, &args.database.dir(data)))
}

async fn import(args: &Args, file: &Path, bytes: &[u8], dir: &DataDirectory) -> anyhow::Result<ExitCode> {
    let manner = args.manner;
    // A refused list leaves no trace, not even a folder.
    let known = match (open_directory::holds_data(dir).await?, args.init) {
        (true, false) => Known::read(dir).await?,
        (false, true) => Known::default(),
        (true, true) => {
            eprintln!("{}", office_already(dir));
            return Ok(exit(false));
        }
        (false, false) => {
            eprintln!("{}", no_office(file, dir));
            return Ok(exit(false));
        }
    };
    let list = read_people(bytes, manner.hidden);
    let options = PeopleOptions { partial: manner.partial, answers: args.confirm.iter().copied().collect() };
    let plan = known.plan(&list, &options);
    manner.print(&plan.report)?;
    if !plan.report.accepted {
        return Ok(exit(false));
    }
    if manner.dry_run {
        manner.say("Chạy thử: không có gì thay đổi.", "Dry run: nothing has changed.");
        return Ok(exit(true));
    }
    let office = if args.init { found(manner, dir).await? } else { OpenDirectory::open_beside(dir).await? };
    let taken = take(manner, dir, &office, (known, plan), |known| known.plan(&list, &options)).await;
    office.store.close().await;
    taken
}

/// Makes the office from its first list, and says so.
async fn found(manner: Manner, dir: &DataDirectory) -> anyhow::Result<OpenDirectory> {
    let office = OpenDirectory::found(dir).await?;
    let place = dir.path().display();
    manner.say(&format!("Đã lập cơ quan mới tại {place}."), &format!("Made a new office in {place}."));
    Ok(office)
}

/// The message that a list cannot make a second office.
fn office_already(dir: &DataDirectory) -> String {
    let place = dir.path().display();
    said(
        format!("--init: ở {place} đã có cơ quan; bỏ --init để nhập vào cơ quan đó."),
        format!("init: found an office in {place}, allowed where there is none; without --init the list goes into it"),
    )
}

/// The message that there is no office, with the command that makes one. Without this check a mistyped folder would
/// become a second office.
fn no_office(file: &Path, dir: &DataDirectory) -> String {
    let (folder, file) = (dir.path().display(), file.display());
    let at = dir.server().map(|server| format!(" --database {server}")).unwrap_or_default();
    let words = said(
        format!("--data: ở {folder} chưa có cơ quan nào. Xem lại đường dẫn; nếu muốn lập cơ quan mới, gõ:"),
        format!("data: found no office in {folder}, allowed the folder of one. To make a new office there, type:"),
    );
    format!("{words}\n  congtam import people \"{file}\" --data \"{folder}\"{at} --init")
}

/// Carries a plan out. If the people known have changed since the plan was made, it is made and shown again.
async fn take(
    manner: Manner,
    dir: &DataDirectory,
    office: &OpenDirectory,
    (mut known, mut plan): (Known, PeoplePlan),
    make: impl Fn(&Known) -> PeoplePlan,
) -> anyhow::Result<ExitCode> {
    for _ in 0..ATTEMPTS_MAX {
        let now = Known::of(office).await?;
        if now != known {
            let fresh = make(&now);
            if fresh.report != plan.report {
                manner.print(&fresh.report)?;
            }
            (known, plan) = (now, fresh);
        }
        if !plan.report.accepted {
            return Ok(exit(false));
        }
        if plan.payloads.is_empty() && plan.new_accounts.is_empty() {
            manner.say("Không có gì để thay đổi.", "There is nothing to change.");
            return Ok(exit(true));
        }
        if carry_out(manner, dir, office, &known, &plan).await? {
            return Ok(exit(true));
        }
    }
    anyhow::bail!(said(
        "người khác đang thay đổi đơn vị và người; chưa có gì thay đổi, hãy thử lại",
        "others keep changing units and people; nothing has changed, try again",
    ))
}

/// Writes the result of a plan, all or nothing. False when other processes were always faster, or have changed what the
/// plan was made for.
async fn carry_out(
    manner: Manner,
    dir: &DataDirectory,
    office: &OpenDirectory,
    known: &Known,
    plan: &PeoplePlan,
) -> anyhow::Result<bool> {
    let (accounts, rows) = draw_accounts(&plan.new_accounts)?;
    let file = passwords_file(dir.path());
    if !accounts.is_empty() {
        // The passwords are on the disk before the accounts exist: a password that nobody can read opens nothing.
        write_secret(&file, rows.as_bytes())
            .with_context(|| said(format!("mật khẩu {}", file.display()), format!("passwords {}", file.display())))?;
    }
    let written = write(office, known, &plan.payloads, &accounts).await;
    if let Err(error) = &written
        && matches!(error.downcast_ref(), Some(StoreError::Unconfirmed(_)))
    {
        // The accounts may exist, and nobody else knows their passwords.
        return written.context(unconfirmed((!accounts.is_empty()).then_some(&file)));
    }
    if !matches!(written, Ok(true)) {
        drop(std::fs::remove_file(&file));
        return written.with_context(|| said("chưa có gì thay đổi", "nothing has changed"));
    }
    manner.say("Đã ghi.", "Done.");
    if !accounts.is_empty() {
        let file = file.display();
        manner.say(&format!("Mật khẩu đầu tiên: {file}"), &format!("First passwords: {file}"));
    }
    Ok(true)
}

/// What to do when the database did not confirm that it has kept the list.
fn unconfirmed(passwords: Option<&PathBuf>) -> String {
    let again = said(
        "chưa biết danh sách đã được ghi hay chưa; chạy lại lệnh này để biết: “Không có gì để thay đổi” nghĩa là đã ghi",
        "it is not known whether the list was written; run this command again to find out: “There is nothing to change” says it was",
    );
    let Some(file) = passwords.map(|file| file.display()) else { return again.to_owned() };
    let kept = said(
        format!("; mật khẩu đầu tiên giữ ở {file}: đã ghi thì dùng, còn lệnh chạy lại ghi tệp mới thì xóa tệp này"),
        format!(
            "; the first passwords are kept in {file}: they hold if it was, and are void if the command then writes new ones"
        ),
    );
    again.to_owned() + &kept
}

async fn write(
    office: &OpenDirectory,
    known: &Known,
    payloads: &[Payload],
    accounts: &[Account],
) -> anyhow::Result<bool> {
    let intents = || payloads.iter().map(|payload| (Target::Org, payload.clone())).collect();
    for _ in 0..ATTEMPTS_MAX {
        let is_as_planned = |org: &Org| *org == known.org;
        let Some(mut intake) = office.judged_if(is_as_planned, intents()).await? else { return Ok(false) };
        intake.add_accounts(accounts.to_vec(), clock::now());
        match intake.commit().await {
            Err(StoreError::Moved { .. }) => {}
            ended => return Ok(ended.map(|()| true)?),
        }
    }
    Ok(false)
}

async fn known_accounts(store: &dyn Store) -> anyhow::Result<BTreeMap<String, PersonId>> {
    Ok(store.accounts().await?.into_iter().map(|account| (account.username, account.person)).collect())
}

/// Accounts with drawn passwords, and the passwords as a table for spreadsheet programs, with one line for each person.
fn draw_accounts(new: &[NewAccount]) -> anyhow::Result<(Vec<Account>, String)> {
    let passwords: Vec<String> = new.iter().map(|_| draw_password()).collect::<anyhow::Result<_>>()?;
    let hashes = hash_all(&passwords)?;
    let accounts = new.iter().zip(hashes).map(|(account, password_hash)| Account {
        username: account.username.clone(),
        person: account.person,
        password_hash,
    });
    Ok((accounts.collect(), password_table(new, &passwords)))
}

/// The first passwords with their owners, to be printed and cut into strips.
fn password_table(new: &[NewAccount], passwords: &[String]) -> String {
    let headings = ["Họ và tên", "Đơn vị", "Chức vụ", "Tên đăng nhập", "Mật khẩu đầu tiên"];
    let mut table = BOM.to_owned() + &csv_line(headings.map(str::to_owned), Language::Vi);
    for (account, password) in new.iter().zip(passwords) {
        let NewAccount { name, unit, title, username, .. } = account.clone();
        table.push_str(&csv_line([name, unit, title, username, password.clone()], Language::Vi));
    }
    table
}

fn passwords_file(dir: &Path) -> PathBuf {
    dir.join(format!("{PASSWORDS}-{}.csv", clock::now().0))
}

pub(in crate::cli) fn draw_password() -> anyhow::Result<String> {
    let mut bytes = [0; PASSWORD_LETTERS];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("{}: {error}", said("số ngẫu nhiên", "random numbers")))?;
    Ok(bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32)).copied().map(char::from)).collect())
}
