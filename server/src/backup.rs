//! Copies of a data directory, made while the office serves. What a copy holds is safe: tablets hear of it, and need not keep
//! it for a restored office any longer.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::data_dir::{DataDir, write_secret};
use crate::database::DatabaseUrl;
use crate::ingest::{note_safe, replay};
use crate::office;
use crate::store::{Postgres, Sqlite, Store as _};

/// Copies database and key into a folder that does not exist yet, reads the copy back, folds it, and only then notes in the
/// database copied that this much of the log is safe. Tells how many operations that is.
///
/// # Errors
/// When the folder exists, one of the two cannot be read or written, or the copy does not fold.
pub async fn make(from: &DataDir, to: &Path) -> anyhow::Result<u64> {
    if let Some(server) = from.server() {
        anyhow::bail!(
            "database: found {server}, allowed a file in the data folder; a server is copied by its own means, and --copied-to tells where"
        );
    }
    let database = from.database();
    ensure!(database.exists(), "data: found no database in {}", from.path().display());
    ensure!(!to.exists(), "to: found {}, allowed a folder that does not exist yet", to.display());
    let key = from.signing_key()?;
    let copy = DataDir::new(to);
    copy.create()?;
    Sqlite::copy(&database, &copy.database()).await.with_context(|| format!("copying to {}", to.display()))?;
    write_secret(&copy.key(), &key.to_bytes()).context("copying the key")?;
    for path in [copy.database(), to.to_owned()] {
        File::open(&path).and_then(|file| file.sync_all()).with_context(|| format!("flushing {}", path.display()))?;
    }
    let operations = office::fold(&copy).await.context("reading the copy back")?.log_end();
    // Reading makes files of the write-ahead log, which belong to nobody.
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(copy.database().with_extension(format!("sqlite3{suffix}")));
    }
    let store = office::open_to_administer(from).await?;
    note_safe(store.as_ref(), operations).await?;
    store.close().await;
    Ok(operations)
}

/// Reads a copy that a database server made by its own means, compares its log with the original's, and only then notes in the
/// original that this much of the log is safe. Tells how many operations that is.
///
/// # Errors
/// When there is no database server, the copy is the original itself or holds another log, or one of the two cannot be read.
pub async fn confirm(from: &DataDir, copy: &DatabaseUrl) -> anyhow::Result<u64> {
    let Some(server) = from.server() else {
        anyhow::bail!("copied-to: found {copy}, allowed with --database; a data folder is copied with --to");
    };
    let place = |url: &DatabaseUrl| format!("database {url}");
    let original = Postgres::open_beside(&server.options()?).await.with_context(|| place(server))?;
    let copied = Postgres::open_to_read(&copy.options()?).await.with_context(|| place(copy))?;
    ensure!(!original.is_same(&copied).await?, "copied-to: found {copy}, which is {server} itself, allowed a copy");
    // The copy first: it cannot have more than the original has afterwards.
    let held = replay(&copied).await.with_context(|| format!("reading {copy}"))?;
    let whole = replay(&original).await.with_context(|| format!("reading {server}"))?;
    let operations = held.log_end();
    ensure!(
        whole.mark_at(operations) == held.mark_at(operations),
        "copied-to: found another log in {copy}, allowed a copy of {server}"
    );
    note_safe(&original, operations).await?;
    copied.close().await;
    original.close().await;
    Ok(operations)
}
