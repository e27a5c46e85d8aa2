//! Makes a fictitious commune for trying everything: forty officials in six units, a cluster and a province above them,
//! a work list, two published months and one under way. Everything goes through [`crate::ingest`], signed by the people
//! it is about. Their keys are discarded afterwards.

mod accounts;
mod calendar;
mod chance;
mod month;
mod products;
mod profile;
mod roster;
mod scribe;
mod words;

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use shared::pack;
use shared::state::not_in_force;
use shared::time::{Day, Period};

pub use accounts::accounts_table;

use crate::data_directory::DataDirectory;
use crate::open_directory::{self, OpenDirectory};
use crate::packs;
use crate::words::said;
use roster::Roster;
use scribe::Scribe;

/// The number of complete months, unless more are asked for.
pub const MONTHS: u16 = 2;

/// The result of making a demo.
#[derive(Debug)]
pub struct Made {
    /// The accounts, as a table to print.
    pub table: String,
    /// The number of operations signed.
    pub operations: u64,
    /// The number of people, including those of the province.
    pub people: usize,
}

/// Fills an empty data directory. It works in a folder next to it and moves that into place as a whole, so that an
/// interrupted demo leaves nothing that looks like data.
///
/// # Errors
/// When the directory holds a database already, or anything cannot be written.
pub async fn create(dir: &DataDirectory, today: Day) -> anyhow::Result<Made> {
    create_with(dir, today, MONTHS).await
}

/// Like [`create`], with this many complete months before the one of `today`.
///
/// # Errors
/// Like [`create`].
pub async fn create_with(dir: &DataDirectory, today: Day, months: u16) -> anyhow::Result<Made> {
    anyhow::ensure!(!open_directory::holds_data(dir).await?, "{}", holds_data(dir));
    dir.create()?;
    if dir.server().is_some() {
        // One transaction writes everything, so nothing has to be moved.
        let office = OpenDirectory::found(dir).await?;
        let made = fill(&office, today, months).await?;
        office.store.close().await;
        return Ok(made);
    }
    let part = DataDirectory::new(&dir.path().join("demo.part"));
    if part.path().exists() {
        fs::remove_dir_all(part.path()).with_context(|| format!("data: {}", part.path().display()))?;
    }
    let office = OpenDirectory::found(&part).await?;
    let made = fill(&office, today, months).await?;
    office.store.close().await;
    drop(office);
    for file in [part.key(), part.database()] {
        move_up(&file, dir.path())?;
    }
    fs::remove_dir_all(part.path())?;
    Ok(made)
}

fn holds_data(dir: &DataDirectory) -> String {
    let path = dir.path().display();
    said(
        format!("data: {path} đã có cơ sở dữ liệu; cho phép: thư mục trống"),
        format!("data: {path} holds a database already, allowed an empty folder"),
    )
}

fn move_up(file: &Path, into: &Path) -> anyhow::Result<()> {
    let name = file.file_name().context("a file without a name")?;
    fs::rename(file, into.join(name)).with_context(|| format!("data: moving {}", file.display()))
}

async fn fill(office: &OpenDirectory, today: Day, months: u16) -> anyhow::Result<Made> {
    let roster = Roster::new();
    let open = Period::month_of(today);
    let pack = pack::find(roster::SCHEME).context("the decree")?;
    let mut complete: Vec<Period> = std::iter::successors(Some(open.previous()), |month| Some(month.previous()))
        .take(usize::from(months))
        // Nobody was scored under rules that were not in force.
        .take_while(|month| not_in_force(pack, *month).is_none())
        .collect();
    complete.reverse();
    let first = complete.first().copied().unwrap_or(open);
    packs::keep(office.store.as_ref(), pack).await?;
    let mut scribe = Scribe::new(office, &roster).await?;
    roster.write(&mut scribe, calendar::moment(first.first_day(), calendar::MORNING)).await?;
    roster.adopt(&mut scribe, pack, calendar::moment(first.first_day(), calendar::MORNING)).await?;
    products::write(&mut scribe, &roster, first.first_day()).await?;
    for period in complete {
        month::complete(&mut scribe, &roster, period).await?;
    }
    month::begin(&mut scribe, &roster, open, today).await?;
    let operations = scribe.commit().await?;
    let accounts = accounts::create(office.store.as_ref(), &roster).await?;
    Ok(Made { table: accounts::table(&accounts), operations, people: roster.people.len() })
}
