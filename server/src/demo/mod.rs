//! Makes a fictitious province for trying everything: a commune of forty officials in six units that lives by the decree,
//! with a work list, two published months and one under way, and an office for each other regulation that can be lived,
//! the one by the quarter with a published quarter and one under way. Everything goes through [`crate::ingest`], signed by the people
//! it is about. Their keys are discarded afterwards.

mod accounts;
mod calendar;
mod chance;
mod month;
mod offices;
mod products;
mod profile;
mod quarter;
mod reporting;
mod roster;
mod scribe;
mod words;

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use shared::pack::{self, Span};
use shared::state::not_in_force;
use shared::time::{Day, Period};

pub use accounts::accounts_table;
pub use offices::Scheme;

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

/// Fills an empty data directory with the commune that lives by the decree. It works in a folder next to it and moves that into place as a whole, so that an
/// interrupted demo leaves nothing that looks like data.
///
/// # Errors
/// When the directory holds a database already, or anything cannot be written.
pub async fn create(dir: &DataDirectory, today: Day) -> anyhow::Result<Made> {
    create_with(dir, today, MONTHS, &[Scheme::Decree]).await
}

/// Like [`create`], with this many complete months before the one of `today`, and an office for each scheme.
///
/// # Errors
/// Like [`create`].
pub async fn create_with(dir: &DataDirectory, today: Day, months: u16, schemes: &[Scheme]) -> anyhow::Result<Made> {
    anyhow::ensure!(!open_directory::holds_data(dir).await?, "{}", holds_data(dir));
    dir.create()?;
    if dir.server().is_some() {
        // One transaction writes everything, so nothing has to be moved.
        let office = OpenDirectory::found(dir).await?;
        let made = fill(&office, today, months, schemes).await?;
        office.store.close().await;
        return Ok(made);
    }
    let part = DataDirectory::new(&dir.path().join("demo.part"));
    if part.path().exists() {
        fs::remove_dir_all(part.path()).with_context(|| format!("data: {}", part.path().display()))?;
    }
    let office = OpenDirectory::found(&part).await?;
    let made = fill(&office, today, months, schemes).await?;
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

async fn fill(office: &OpenDirectory, today: Day, months: u16, schemes: &[Scheme]) -> anyhow::Result<Made> {
    let roster = Roster::new(schemes);
    let open = Period::month_of(today);
    let decree = pack::find(Scheme::Decree.pack()).context("the decree")?;
    let mut complete: Vec<Period> = std::iter::successors(Some(open.previous()), |month| Some(month.previous()))
        .take(usize::from(months))
        // Nobody was scored under rules that were not in force.
        .take_while(|month| not_in_force(decree, *month).is_none())
        .collect();
    complete.reverse();
    let first = complete.first().copied().unwrap_or(open);
    let quarter = open.within(Span::Quarter);
    let lived = quarter::before(quarter).filter(|_| roster.has(Scheme::HaTinh));
    let begins = lived.map_or(first.first_day(), |lived| lived.first_day().min(first.first_day()));
    for scheme in schemes {
        packs::keep(office.store.as_ref(), pack::find(scheme.pack()).context("a pack of the demo")?).await?;
    }
    let mut scribe = Scribe::new(office, &roster).await?;
    roster.write(&mut scribe, calendar::moment(begins, calendar::MORNING)).await?;
    roster.adopt(&mut scribe, calendar::moment(begins, calendar::MORNING), lived.unwrap_or(quarter)).await?;
    if roster.has(Scheme::Decree) {
        products::write(&mut scribe, &roster, first.first_day()).await?;
    }
    // In the order in which they ended, so that nobody signs before an earlier act.
    complete.extend(lived);
    complete.sort_by_key(|period| period.last_day());
    for period in complete {
        if Some(period) == lived {
            quarter::complete(&mut scribe, &roster, period).await?;
            continue;
        }
        month::complete(&mut scribe, &roster, period).await?;
        reporting::report_upwards(&mut scribe, period, period.next() == open).await?;
    }
    month::begin(&mut scribe, &roster, open, today).await?;
    quarter::begin(&mut scribe, &roster, quarter, today).await?;
    let operations = scribe.commit().await?;
    let accounts = accounts::create(office.store.as_ref(), &roster).await?;
    Ok(Made { table: accounts::table(&accounts), operations, people: roster.people.len() })
}
