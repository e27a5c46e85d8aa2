//! Copies of a data directory, made while the server runs. What a copy holds is safe. Devices are told so, and then no
//! longer need to keep it for a restored server.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::data_directory::{DataDirectory, write_secret};
use crate::database::DatabaseUrl;
use crate::ingest::{note_safe, replay};
use crate::open_directory;
use crate::store::{Postgres, Sqlite, Store as _};
use crate::words::said;

/// Copies database and key into a folder that does not exist yet, reads the copy back and folds it. Only then it notes
/// in the original database that this much of the log is safe. Returns the number of operations in the copy.
///
/// # Errors
/// When the folder exists, one of the two cannot be read or written, or the copy does not fold.
pub async fn make(from: &DataDirectory, to: &Path) -> anyhow::Result<u64> {
    if let Some(server) = from.server() {
        anyhow::bail!(said(
            format!(
                "database: đang là {server}; cho phép: tệp trong thư mục dữ liệu; máy chủ cơ sở dữ liệu được sao bằng cách riêng, rồi nêu nơi sao bằng --copied-to"
            ),
            format!(
                "database: found {server}, allowed a file in the data folder; a server is copied by its own means, and --copied-to tells where"
            ),
        ));
    }
    let database = from.database();
    ensure!(database.exists(), open_directory::no_database(from));
    ensure!(!to.exists(), {
        let to = to.display();
        said(
            format!("to: đã có {to}; cho phép: thư mục chưa có"),
            format!("to: found {to}, allowed a folder that does not exist yet"),
        )
    });
    let key = from.signing_key()?;
    let copy = DataDirectory::new(to);
    copy.create()?;
    Sqlite::copy(&database, &copy.database())
        .await
        .with_context(|| format!("{} {}", said("chép vào", "copying to"), to.display()))?;
    write_secret(&copy.key(), &key.to_bytes()).context(said("chép khóa", "copying the key"))?;
    for path in [copy.database(), to.to_owned()] {
        File::open(&path)
            .and_then(|file| file.sync_all())
            .with_context(|| format!("{} {}", said("ghi ra đĩa", "flushing"), path.display()))?;
    }
    let operations =
        open_directory::fold(&copy).await.context(said("đọc lại bản sao", "reading the copy back"))?.log_end();
    // Reading the copy leaves files of the write-ahead log, which nothing needs.
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(copy.database().with_extension(format!("sqlite3{suffix}")));
    }
    let store = open_directory::open_to_administer(from).await?;
    note_safe(store.as_ref(), operations).await?;
    store.close().await;
    Ok(operations)
}

/// Reads a copy that a database server made by its own means, and compares its log with the original's. Only then it
/// notes in the original that this much of the log is safe. Returns the number of operations in the copy.
///
/// # Errors
/// When there is no database server, the copy is the original itself or holds another log, or one of the two cannot be
/// read.
pub async fn confirm(from: &DataDirectory, copy: &DatabaseUrl) -> anyhow::Result<u64> {
    let Some(server) = from.server() else {
        anyhow::bail!(said(
            format!("copied-to: đang là {copy}; chỉ dùng cùng --database; thư mục dữ liệu được sao bằng --to"),
            format!("copied-to: found {copy}, allowed with --database; a data folder is copied with --to"),
        ));
    };
    let place = |url: &DatabaseUrl| format!("{} {url}", said("cơ sở dữ liệu", "database"));
    let original = Postgres::open_beside(&server.options()?).await.with_context(|| place(server))?;
    let copied = Postgres::open_to_read(&copy.options()?).await.with_context(|| place(copy))?;
    ensure!(
        !original.is_same(&copied).await?,
        said(
            format!("copied-to: {copy} chính là {server}; cho phép: một bản sao"),
            format!("copied-to: found {copy}, which is {server} itself, allowed a copy"),
        )
    );
    // Read the copy first: it cannot have more than the original has afterwards.
    let held = replay(&copied).await.with_context(|| format!("{} {copy}", said("đọc", "reading")))?;
    let whole = replay(&original).await.with_context(|| format!("{} {server}", said("đọc", "reading")))?;
    let operations = held.log_end();
    ensure!(
        whole.digest_at(operations) == held.digest_at(operations),
        said(
            format!("copied-to: sổ thao tác trong {copy} khác; cho phép: bản sao của {server}"),
            format!("copied-to: found another log in {copy}, allowed a copy of {server}"),
        )
    );
    note_safe(&original, operations).await?;
    copied.close().await;
    original.close().await;
    Ok(operations)
}
