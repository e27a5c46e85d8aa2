//! `congtam account`: manages existing accounts. It works next to a running server, which sees changes at once.

use std::net::IpAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use shared::org::Org;
use shared::time::Millis;

use super::import::draw_password;
use super::lang::spoken;
use super::{REFUSED, block_on};
use crate::auth::hash_all;
use crate::clock;
use crate::data_directory::DataDirectory;
use crate::import::Lang;
use crate::open_directory;
use crate::settings::DataArgs;
use crate::store::{AccountStatus, KeptDevice, NewPassword, Session, Store};
use crate::table;

/// Arguments of `account`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// All accounts: whose they are and how they stand
    List(ListArgs),
    /// Give somebody a new first password, end their sessions, and open an account that was closed
    Reset(UserArgs),
    /// Close an account and end its sessions. What its person signed stays, and so do the keys of its tablets: work signed with them is
    /// still received when somebody else hands it in. What the person may do ends with the posts: see `congtam import people`
    Disable(UserArgs),
    /// Where somebody is signed in
    Sessions(UserArgs),
    /// Which tablets sign for somebody, and when they last did
    Devices(UserArgs),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, clap::Args)]
struct UserArgs {
    /// The name that is typed to sign in
    user: String,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::List(args) => block_on(list(&args.data.dir(), spoken())),
        What::Reset(args) => with_account(args, reset),
        What::Disable(args) => with_account(args, disable),
        What::Sessions(args) => with_account(args, sessions),
        What::Devices(args) => with_account(args, devices),
    }
}

/// The data that a command on one account works with.
struct Account<'a> {
    store: &'a dyn Store,
    org: &'a Org,
    status: AccountStatus,
    lang: Lang,
}

fn with_account(args: &UserArgs, act: impl AsyncFnOnce(Account<'_>) -> anyhow::Result<()>) -> anyhow::Result<ExitCode> {
    block_on(async {
        let store = open_directory::open_to_administer(&args.data.dir()).await?;
        let done = on_account(store.as_ref(), args, act).await;
        store.close().await;
        done
    })
}

async fn on_account(
    store: &dyn Store,
    args: &UserArgs,
    act: impl AsyncFnOnce(Account<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let (user, lang) = (args.user.trim().to_lowercase(), spoken());
    let Some(status) = store.account(&user).await? else {
        let (vi, en) = (
            format!("USER: đang là “{user}”, không có tài khoản nào tên như vậy; xem `congtam account list`."),
            format!("USER: found “{user}”, allowed the name of an account; see `congtam account list`"),
        );
        eprintln!("{}", lang.pick(vi, en));
        return Ok(ExitCode::from(REFUSED));
    };
    let folded = open_directory::fold_of(store).await?;
    act(Account { store, org: &folded.state().org, status, lang }).await?;
    Ok(ExitCode::SUCCESS)
}

async fn list(dir: &DataDirectory, lang: Lang) -> anyhow::Result<ExitCode> {
    let store = open_directory::open_to_read(dir).await?;
    let folded = open_directory::fold_of(store.as_ref()).await?;
    let statuses = store.account_statuses().await?;
    store.close().await;
    let heading = lang.pick(
        ["Tên đăng nhập", "Họ và tên", "Đơn vị", "Tình trạng", "Mật khẩu"],
        ["User", "Name", "Unit", "State", "Password"],
    );
    let org = &folded.state().org;
    let rows = statuses.iter().map(|status| row(org, status, lang));
    print_table(heading, rows);
    Ok(ExitCode::SUCCESS)
}

fn row(org: &Org, status: &AccountStatus, lang: Lang) -> [String; 5] {
    let person = status.account.person;
    let name = org.person(person).map(|person| person.name.clone()).unwrap_or_default();
    let post = org.main_post(person, clock::now().day());
    let unit = post.and_then(|post| org.unit(post.unit)).map(|unit| unit.name.clone()).unwrap_or_default();
    let password = match status.password_changed_at {
        Some(at) => lang.pick(format!("đã đổi {}", moment(at)), format!("changed {}", moment(at))),
        None => lang.pick("mật khẩu đầu tiên", "first password").to_owned(),
    };
    [status.account.username.clone(), name, unit, state(org, status, lang), password]
}

fn state(org: &Org, status: &AccountStatus, lang: Lang) -> String {
    match status.disabled_at {
        Some(at) => lang.pick(format!("đã khóa từ {}", moment(at)), format!("closed since {}", moment(at))),
        None if org.has_left(status.account.person, clock::now().day()) => {
            lang.pick("đã thôi giữ vị trí", "no post any more").to_owned()
        }
        None => lang.pick("đang dùng", "open").to_owned(),
    }
}

async fn reset(account: Account<'_>) -> anyhow::Result<()> {
    let Account { store, org, status, lang } = account;
    let password = draw_password()?;
    let hashes = hash_all(std::slice::from_ref(&password))?;
    let hash = hashes.first().context("argon2: no hash")?;
    let person = status.account.person;
    let ended = store.sessions_of(person, clock::now()).await?.len();
    store.set_password(NewPassword { person, hash, chosen_at: None, instead_of: None, keep: None }).await?;
    let heading =
        lang.pick(["Tên đăng nhập", "Họ và tên", "Mật khẩu đầu tiên mới"], ["User", "Name", "New first password"]);
    let name = org.person(person).map(|person| person.name.clone()).unwrap_or_default();
    print_table(heading, std::iter::once([status.account.username, name, password]));
    let (vi, en) = (
        format!(
            "Đã kết thúc {ended} phiên đăng nhập. Việc chưa gửi trên các máy vẫn còn; đăng nhập lại thì gửi tiếp. Người dùng đổi mật \
             khẩu ở Cài đặt."
        ),
        format!(
            "{ended} sessions ended. Unsent work stays on the tablets, and goes out after the next sign-in. The person changes the \
             password in Settings."
        ),
    );
    println!("{}", lang.pick(vi, en));
    Ok(())
}

async fn disable(account: Account<'_>) -> anyhow::Result<()> {
    let Account { store, org, status, lang } = account;
    let person = status.account.person;
    store.disable_account(person, clock::now()).await?;
    let status =
        store.account_of(person).await?.with_context(|| lang.pick("tài khoản không còn", "the account is gone"))?;
    let heading = lang.pick(["Tên đăng nhập", "Họ và tên", "Tình trạng"], ["User", "Name", "State"]);
    let name = org.person(person).map(|person| person.name.clone()).unwrap_or_default();
    print_table(heading, std::iter::once([status.account.username.clone(), name, state(org, &status, lang)]));
    println!("{}", lang.pick("Mở lại bằng `congtam account reset`.", "`congtam account reset` opens it again."));
    Ok(())
}

async fn sessions(account: Account<'_>) -> anyhow::Result<()> {
    let Account { store, status, lang, .. } = account;
    let sessions = store.sessions_of(status.account.person, clock::now()).await?;
    let heading = lang.pick(["Đăng nhập lúc", "Hết hạn lúc", "Từ địa chỉ"], ["Since", "Until", "From"]);
    let address = |address: Option<IpAddr>| address.map(|address| address.to_string()).unwrap_or_default();
    let row = |session: Session| [moment(session.created_at), moment(session.expires_at), address(session.address)];
    print_table(heading, sessions.into_iter().map(row));
    Ok(())
}

async fn devices(account: Account<'_>) -> anyhow::Result<()> {
    let Account { store, status, lang, .. } = account;
    let devices = store.devices_of(status.account.person).await?;
    let heading = lang.pick(
        ["Máy", "Khóa số", "Tên gọi", "Đăng ký lúc", "Gửi việc lần cuối"],
        ["Device", "Key", "Label", "Registered", "Last work received"],
    );
    let row = |kept: KeptDevice| {
        let last = kept.last_received_at.map(moment).unwrap_or_default();
        [kept.device.to_string(), kept.epoch.to_string(), kept.label, moment(kept.registered_at), last]
    };
    print_table(heading, devices.into_iter().map(row));
    Ok(())
}

/// Day and time in Vietnam.
fn moment(at: Millis) -> String {
    format!("{} {}", at.day().vietnamese(), at.clock())
}

fn print_table<const N: usize>(heading: [&str; N], rows: impl Iterator<Item = [String; N]>) {
    let heading = heading.map(str::to_owned);
    let rows: Vec<[String; N]> = std::iter::once(heading).chain(rows).collect();
    println!("{}", table::lines(&rows));
}
