//! The SQLite store, embedded in the server. Data is durable before a receipt leaves. A server and the command line may
//! write to one file at the same time.

mod copy;
mod write;

mod common {
    crate::store::statements::statements!(sqlx::Sqlite);
}

mod blobs {
    crate::store::blob_statements::blob_statements!(sqlx::Sqlite);
}

use std::fs::TryLockError;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use shared::ids::{BlobHash, DeviceId, OpId, PersonId};
use shared::op::{ChainKey, SignedOperation, SignedReceipt, Verdict};
use shared::time::Millis;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, Row as _, Sqlite as Database};

use super::columns::unsigned;
use super::{
    Account, AccountStatus, Batch, BlobPart, BlobRange, DeviceKey, FORKS, KeptDevice, Known, NewPassword, Precedence,
    Registration, Session, SharedEnd, Store, StoreError, StoredEntry, Upload,
};

/// The oldest allowed version. Earlier ones could lose committed pages when a write-ahead log was reset under load.
pub const SQLITE_VERSION_MIN: &str = "3.51.3";
/// Connections that only read.
const READERS_MAX: u32 = 4;
/// The schema that this program works on, with its migrations.
static MIGRATOR: Migrator = sqlx::migrate!("./migrations/sqlite");
/// How long a statement waits for the file's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Ending of the lock file for the right of way among processes.
const TURN: &str = "turn";
/// How often a process checks whether the right of way is free, and how many times before it goes on without it. In
/// total this is longer than the largest import takes to be judged and written.
const TURN_LOOK: Duration = Duration::from_millis(2);
const TURN_LOOKS_MAX: u32 = 5_000;

/// The embedded database: a pool of one writer, and a pool of readers.
#[derive(Clone, Debug)]
pub struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
    turn: PathBuf,
}

impl Sqlite {
    /// Opens or creates the database file and updates its schema.
    ///
    /// # Errors
    /// When the file cannot be opened, the library is too old, or a migration fails.
    pub async fn open(file: &Path) -> Result<Self, StoreError> {
        let store = Self::open_as_it_is(file).await?;
        Self::sound(&store.writer).await?;
        MIGRATOR.run(&store.writer).await?;
        Ok(store)
    }

    /// Opens the database file to write next to a running server, whose schema must not change.
    ///
    /// # Errors
    /// Like [`Self::open`], and when the schema is not this program's.
    pub async fn open_beside(file: &Path) -> Result<Self, StoreError> {
        let store = Self::open_as_it_is(file).await?;
        is_own_schema(&store.writer).await?;
        Ok(store)
    }

    async fn open_as_it_is(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            // SQLite ends a transaction itself when the disk is full or fails. sqlx then still takes it for open and
            // would never begin another. Such a connection is dropped.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone())
            .await?;
        Self::recent(&writer).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(READERS_MAX).connect_with(options.read_only(true)).await?;
        Ok(Self { writer, readers, turn: file.with_extension(TURN) })
    }

    /// Opens a database file to read it, even while a server writes to it. Nothing is made, migrated or changed, and
    /// every attempt to write fails.
    ///
    /// # Errors
    /// When there is no such file, the library is too old, or the schema is not this program's.
    pub async fn open_to_read(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(BUSY_TIMEOUT);
        let readers = SqlitePoolOptions::new().max_connections(READERS_MAX).connect_with(options).await?;
        Self::recent(&readers).await?;
        is_own_schema(&readers).await?;
        Ok(Self { writer: readers.clone(), readers, turn: file.with_extension(TURN) })
    }

    async fn recent(pool: &SqlitePool) -> Result<(), StoreError> {
        let found = Self::version(pool).await?;
        if is_recent(&found) { Ok(()) } else { Err(StoreError::OldDatabase { found }) }
    }

    /// Checks every page. A page spoiled by a failing disk may hold data that is only read years later.
    async fn sound(pool: &SqlitePool) -> Result<(), StoreError> {
        let found: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(pool).await?;
        if found == "ok" { Ok(()) } else { Err(StoreError::Damaged { what: "database", detail: found }) }
    }

    async fn version(pool: &SqlitePool) -> Result<String, StoreError> {
        Ok(sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?)
    }

    /// The version of the library linked in.
    ///
    /// # Errors
    /// When no database can be opened at all.
    pub async fn library_version() -> Result<String, StoreError> {
        let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
        Self::version(&pool).await
    }
}

async fn is_own_schema(pool: &SqlitePool) -> Result<(), StoreError> {
    let found: i64 = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success")
        .fetch_one(pool)
        .await?;
    let allowed = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default();
    if found == allowed { Ok(()) } else { Err(StoreError::OtherSchema { found, allowed }) }
}

/// The end of the log, as this connection or transaction sees it.
async fn log_end(asked: impl sqlx::Executor<'_, Database = Database>) -> Result<SharedEnd, StoreError> {
    let end = sqlx::query(
        "SELECT (SELECT coalesce(max(server_seq), 0) FROM operations) AS server_seq,
                (SELECT value FROM meta WHERE key = $1) AS forks",
    );
    let row = end.bind(FORKS).fetch_one(asked).await?;
    let forks: Option<Vec<u8>> = row.try_get("forks")?;
    let server_seq = unsigned("log end", row.try_get("server_seq")?)?;
    Ok(SharedEnd { server_seq, forks: forks.unwrap_or_default() })
}

/// Whether a version is at least [`SQLITE_VERSION_MIN`].
#[must_use]
pub(crate) fn is_recent(found: &str) -> bool {
    let parts = |text: &str| text.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    parts(found) >= parts(SQLITE_VERSION_MIN)
}

#[async_trait]
impl Store for Sqlite {
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        // From here on nobody else writes, so that what is found below stays true.
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(first) = batch.log.first() {
            let judged_at = first.server_seq.saturating_sub(1);
            let end = log_end(&mut *tx).await?;
            if end.server_seq != judged_at || end.forks != batch.forks {
                return Err(StoreError::Moved { judged_at, found: end.server_seq });
            }
        }
        write::log(&mut tx, &batch.log).await?;
        common::put_beside(&mut tx, batch).await?;
        tx.commit().await.map_err(StoreError::of_commit)
    }

    async fn shared_log_end(&self) -> Result<SharedEnd, StoreError> {
        log_end(&self.readers).await
    }

    async fn precedence(&self) -> Result<Precedence, StoreError> {
        let opened = crate::data_directory::private().create(true).truncate(false).write(true).open(&self.turn);
        // This is a courtesy. Without the lock the commit decides who was first.
        let Ok(file) = opened else { return Ok(Precedence::default()) };
        for _ in 0..TURN_LOOKS_MAX {
            match file.try_lock() {
                Ok(()) => return Ok(Precedence { _until_closed: Some(file), ..Precedence::default() }),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(TURN_LOOK).await,
                Err(TryLockError::Error(_)) => break,
            }
        }
        Ok(Precedence::default())
    }

    fn is_remote(&self) -> bool {
        false
    }

    async fn entries_after(&self, server_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
        common::entries_after(&self.readers, server_seq, limit).await
    }

    async fn operations_at(&self, places: &[u64]) -> Result<Vec<(u64, SignedOperation)>, StoreError> {
        let places = serde_json::to_string(places)
            .map_err(|error| StoreError::Damaged { what: "places", detail: error.to_string() })?;
        let rows = sqlx::query(
            "SELECT server_seq, body, signature FROM operations
             WHERE server_seq IN (SELECT value FROM json_each($1)) ORDER BY server_seq",
        )
        .bind(places)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| Ok((unsigned("server_seq", row.try_get("server_seq")?)?, common::operation_of(row)?)))
            .collect()
    }

    async fn known(&self, op_id: OpId) -> Result<Option<Known>, StoreError> {
        common::known(&self.readers, op_id).await
    }

    async fn known_aside(&self, operation: &SignedOperation) -> Result<Option<SignedReceipt>, StoreError> {
        common::known_aside(&self.readers, operation).await
    }

    async fn held_aside(&self) -> Result<Vec<(SignedOperation, Verdict)>, StoreError> {
        common::held_aside(&self.readers).await
    }

    async fn device_key(&self, chain: &ChainKey) -> Result<Option<[u8; 32]>, StoreError> {
        common::device_key(&self.readers, chain).await
    }

    async fn register_device(&self, key: &DeviceKey, now: Millis) -> Result<Registration, StoreError> {
        common::register_device(&self.writer, key, &key.label, now).await
    }

    async fn chain_end(&self, chain: &ChainKey) -> Result<Option<(u64, OpId)>, StoreError> {
        common::chain_end(&self.readers, chain).await
    }

    async fn epoch_max(&self, person: PersonId, device: DeviceId) -> Result<Option<u32>, StoreError> {
        common::epoch_max(&self.readers, person, device).await
    }

    async fn account(&self, username: &str) -> Result<Option<AccountStatus>, StoreError> {
        common::account(&self.readers, username).await
    }

    async fn account_of(&self, person: PersonId) -> Result<Option<AccountStatus>, StoreError> {
        common::account_of(&self.readers, person).await
    }

    async fn account_statuses(&self) -> Result<Vec<AccountStatus>, StoreError> {
        common::account_statuses(&self.readers).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        common::accounts(&self.readers).await
    }

    async fn put_accounts(&self, accounts: &[Account], now: Millis) -> Result<(), StoreError> {
        common::put_accounts(&self.writer, accounts, now).await
    }

    async fn set_password(&self, new: NewPassword<'_>) -> Result<bool, StoreError> {
        common::set_password(&self.writer, &new).await
    }

    async fn disable_account(&self, person: PersonId, now: Millis) -> Result<bool, StoreError> {
        common::disable_account(&self.writer, person, now).await
    }

    async fn create_session(
        &self,
        session: &Session,
        password_hash: &str,
        instead: Option<&[u8; 32]>,
    ) -> Result<bool, StoreError> {
        common::create_session(&self.writer, session, password_hash, instead).await
    }

    async fn sessions_of(&self, person: PersonId, now: Millis) -> Result<Vec<Session>, StoreError> {
        common::sessions_of(&self.readers, person, now).await
    }

    async fn devices_of(&self, person: PersonId) -> Result<Vec<KeptDevice>, StoreError> {
        common::devices_of(&self.readers, person).await
    }

    async fn session(&self, token_hash: &[u8; 32], now: Millis) -> Result<Option<Session>, StoreError> {
        common::session(&self.readers, token_hash, now).await
    }

    async fn delete_session(&self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        common::delete_session(&self.writer, token_hash).await
    }

    async fn put_blob(&self, hash: BlobHash, bytes: &[u8], now: Millis) -> Result<(), StoreError> {
        blobs::put_blob(&self.writer, hash, bytes, now).await
    }

    async fn blob_range(&self, hash: BlobHash, from: u64, length: usize) -> Result<Option<BlobRange>, StoreError> {
        blobs::blob_range(&self.readers, hash, from, length).await
    }

    async fn add_blob_part(&self, part: BlobPart<'_>, now: Millis) -> Result<Upload, StoreError> {
        blobs::add_blob_part(&self.writer, &part, now).await
    }

    async fn drop_blob_parts(&self, hash: BlobHash, person: PersonId) -> Result<(), StoreError> {
        blobs::drop_blob_parts(&self.writer, hash, person).await
    }

    async fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        common::meta(&self.readers, key).await
    }

    async fn put_meta(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        common::put_meta(&self.writer, key, value).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[cfg(test)]
mod tests;
