//! Copies of a data directory, made while the office serves. What a copy holds is safe: tablets hear of it, and need not keep
//! it for a restored office any longer.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::data_dir::{DataDir, write_secret};
use crate::ingest::note_safe;
use crate::office;
use crate::store::Sqlite;

/// Copies database and key into a folder that does not exist yet, reads the copy back, folds it, and only then notes in the
/// database copied that this much of the log is safe. Tells how many operations that is.
///
/// # Errors
/// When the folder exists, one of the two cannot be read or written, or the copy does not fold.
pub async fn make(from: &DataDir, to: &Path) -> anyhow::Result<u64> {
    if let Some(server) = from.server() {
        anyhow::bail!(
            "database: found {server}, allowed a file in the data folder; a server is copied by its own means"
        );
    }
    let database = from.database();
    ensure!(database.exists(), "data: found no database in {}", from.path().display());
    ensure!(!to.exists(), "to: found {}, allowed a folder that does not exist yet", to.display());
    let copy = DataDir::new(to);
    copy.create()?;
    Sqlite::copy(&database, &copy.database()).await.with_context(|| format!("copying to {}", to.display()))?;
    write_secret(&copy.key(), &from.signing_key()?.to_bytes()).context("copying the key")?;
    for path in [copy.database(), to.to_owned()] {
        File::open(&path).and_then(|file| file.sync_all()).with_context(|| format!("flushing {}", path.display()))?;
    }
    let operations = office::fold(&copy).await.context("reading the copy back")?.log_end();
    // Reading makes files of the write-ahead log, which belong to nobody.
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(copy.database().with_extension(format!("sqlite3{suffix}")));
    }
    let store = office::open_store(from).await?;
    note_safe(store.as_ref(), operations).await?;
    store.close().await;
    Ok(operations)
}
