//! The accounts of a demo, and the table that lists them.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::roster::Roster;
use crate::auth::hash_all;
use crate::clock;
use crate::store::{Account, Store};
use crate::table;
use crate::words::said;

/// The key of the meta value that marks a demo.
const META: &str = "demo_accounts";
/// One password for everyone, because a demo protects nothing.
const PASSWORD: &str = "congtam-demo";

/// A row of the table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    #[serde(default)]
    scheme: String,
    #[serde(default)]
    part: String,
    role: String,
    unit: String,
    name: String,
    username: String,
    password: String,
}

/// Makes an account for everyone and remembers the table.
pub(super) async fn create(store: &dyn Store, roster: &Roster) -> anyhow::Result<Vec<Row>> {
    let hashes = hash_all(&vec![PASSWORD.to_owned(); roster.people.len()])?;
    let people = roster.people.iter();
    let accounts: Vec<Account> = people
        .zip(hashes)
        .map(|(official, password_hash)| Account {
            username: official.username.clone(),
            person: official.id(),
            password_hash,
        })
        .collect();
    store.put_accounts(&accounts, clock::now()).await?;
    let people = roster.people.iter();
    let rows: Vec<Row> = people
        .map(|official| Row {
            scheme: official.scheme.word().to_owned(),
            part: official.part.to_owned(),
            role: official.title.clone(),
            unit: roster.unit_name(official.unit).to_owned(),
            name: official.name.clone(),
            username: official.username.clone(),
            password: PASSWORD.to_owned(),
        })
        .collect();
    store.put_meta(META, &serde_json::to_vec(&rows)?).await?;
    Ok(rows)
}

/// The table of a demo. None where no demo was made.
///
/// # Errors
/// When the store cannot be read.
pub async fn accounts_table(store: &dyn Store) -> anyhow::Result<Option<String>> {
    let Some(bytes) = store.meta(META).await? else { return Ok(None) };
    let rows: Vec<Row> = serde_json::from_slice(&bytes).context("demo accounts")?;
    Ok(Some(table(&rows)))
}

/// The rows, set in columns.
pub(super) fn table(rows: &[Row]) -> String {
    let cells = |row: &Row| {
        [&row.scheme, &row.part, &row.role, &row.unit, &row.name, &row.username, &row.password].map(String::clone)
    };
    let heading = said(
        ["Quy định", "Việc trong quy định", "Chức vụ", "Đơn vị", "Họ tên (giả định)", "Tên đăng nhập", "Mật khẩu"],
        ["Regulation", "Part in it", "Post", "Unit", "Name (fictitious)", "User", "Password"],
    );
    let heading = heading.map(str::to_owned);
    let lines: Vec<[String; 7]> = std::iter::once(heading).chain(rows.iter().map(cells)).collect();
    table::lines(&lines)
}
