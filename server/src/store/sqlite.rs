//! SQLite: embedded, one writer, durable before a receipt leaves.

mod write;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use shared::ids::{DeviceId, OpId, PersonId};
use shared::op::{ChainKey, SignedOperation, SignedReceipt, Verdict};
use shared::time::Millis;
use sqlx::Row as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};

use super::columns::{bytes_hash, epoch, fixed, signed, unsigned, verdict};
use super::{Account, Batch, DeviceKey, Known, Registration, Session, Store, StoreError, StoredEntry};

/// Earlier versions could lose committed pages when a write-ahead log was reset under load.
pub const SQLITE_VERSION_MIN: &str = "3.51.3";
/// Connections that only read.
const READERS_MAX: u32 = 4;
/// The schema this program works on, and the way to it.
static MIGRATOR: Migrator = sqlx::migrate!("./migrations/sqlite");
/// How long a statement waits for the file's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The embedded database: a pool of one that writes, a pool that reads.
#[derive(Clone, Debug)]
pub struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Sqlite {
    /// Opens or creates the database file and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, the library is too old, or a migration fails.
    pub async fn open(file: &Path) -> Result<Self, StoreError> {
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
            .connect_with(options.clone())
            .await?;
        Self::recent(&writer).await?;
        MIGRATOR.run(&writer).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(READERS_MAX).connect_with(options.read_only(true)).await?;
        Ok(Self { writer, readers })
    }

    /// Opens a database file to read it, also while a server writes to it: nothing is made, migrated or changed, and every
    /// attempt to write fails.
    ///
    /// # Errors
    /// When there is no such file, the library is too old, or the schema is not this program's.
    pub async fn open_to_read(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(BUSY_TIMEOUT);
        let readers = SqlitePoolOptions::new().max_connections(READERS_MAX).connect_with(options).await?;
        Self::recent(&readers).await?;
        let found: i64 = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success")
            .fetch_one(&readers)
            .await?;
        let allowed = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default();
        if found != allowed {
            return Err(StoreError::OtherSchema { found, allowed });
        }
        Ok(Self { writer: readers.clone(), readers })
    }

    async fn recent(pool: &SqlitePool) -> Result<(), StoreError> {
        let found = Self::version(pool).await?;
        if is_recent(&found) { Ok(()) } else { Err(StoreError::OldDatabase { found }) }
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

/// Whether a version is at least [`SQLITE_VERSION_MIN`].
#[must_use]
pub(crate) fn is_recent(found: &str) -> bool {
    let parts = |text: &str| text.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    parts(found) >= parts(SQLITE_VERSION_MIN)
}

fn operation_of(row: &SqliteRow) -> Result<SignedOperation, StoreError> {
    Ok(SignedOperation { body: row.try_get("body")?, signature: row.try_get("signature")? })
}

fn account_of(row: &SqliteRow) -> Result<Account, StoreError> {
    let person: Vec<u8> = row.try_get("person")?;
    Ok(Account {
        username: row.try_get("username")?,
        person: PersonId::from_bytes(fixed("person", &person)?),
        password_hash: row.try_get("password_hash")?,
    })
}

#[async_trait]
impl Store for Sqlite {
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut tx = self.writer.begin().await?;
        write::log(&mut tx, &batch.log).await?;
        for entry in &batch.aside {
            write::aside(&mut tx, entry).await?;
        }
        for (account, made_at) in &batch.accounts {
            write::account(&mut tx, account, *made_at).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn entries_after(&self, server_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
        let rows = sqlx::query(
            "SELECT server_seq, body, signature, verdict FROM operations JOIN verdicts USING (server_seq)
             WHERE server_seq > $1 ORDER BY server_seq LIMIT $2",
        )
        .bind(signed(server_seq)?)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        let entry = |row: &SqliteRow| {
            let given: Vec<u8> = row.try_get("verdict")?;
            let server_seq = unsigned("server_seq", row.try_get("server_seq")?)?;
            Ok(StoredEntry { server_seq, operation: operation_of(row)?, verdict: verdict(&given)? })
        };
        rows.iter().map(entry).collect()
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
        rows.iter().map(|row| Ok((unsigned("server_seq", row.try_get("server_seq")?)?, operation_of(row)?))).collect()
    }

    async fn known(&self, op_id: OpId) -> Result<Option<Known>, StoreError> {
        let row = sqlx::query(
            "SELECT operations.signature AS given, receipt, receipts.signature AS signature
             FROM operations JOIN receipts USING (server_seq) WHERE op_id = $1",
        )
        .bind(op_id.as_bytes().as_slice())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            let receipt = SignedReceipt { receipt: row.try_get("receipt")?, signature: row.try_get("signature")? };
            Ok(Known { signature: row.try_get("given")?, receipt })
        })
        .transpose()
    }

    async fn known_aside(&self, operation: &SignedOperation) -> Result<Option<SignedReceipt>, StoreError> {
        let row = sqlx::query(
            "SELECT receipt, receipt_signature FROM aside WHERE bytes_hash = $1 AND word IN ('rejected', 'superseded')",
        )
        .bind(bytes_hash(operation).as_slice())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            Ok(SignedReceipt { receipt: row.try_get("receipt")?, signature: row.try_get("receipt_signature")? })
        })
        .transpose()
    }

    async fn held_aside(&self) -> Result<Vec<(SignedOperation, Verdict)>, StoreError> {
        let rows = sqlx::query("SELECT body, signature, verdict FROM aside WHERE word = 'held'");
        let rows = rows.fetch_all(&self.readers).await?;
        let kept = |row: &SqliteRow| {
            let operation = SignedOperation { body: row.try_get("body")?, signature: row.try_get("signature")? };
            Ok((operation, verdict(row.try_get("verdict")?)?))
        };
        rows.iter().map(kept).collect()
    }

    async fn device_key(&self, chain: &ChainKey) -> Result<Option<[u8; 32]>, StoreError> {
        let key: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT public_key FROM devices WHERE person = $1 AND device = $2 AND epoch = $3")
                .bind(chain.actor.as_bytes().as_slice())
                .bind(chain.device.as_bytes().as_slice())
                .bind(i64::from(chain.epoch))
                .fetch_optional(&self.readers)
                .await?;
        key.map(|key| fixed("public key", &key)).transpose()
    }

    async fn register_device(&self, key: &DeviceKey, now: Millis) -> Result<Registration, StoreError> {
        sqlx::query(
            "INSERT INTO devices (person, device, epoch, public_key, label, registered_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person, device, epoch) DO NOTHING",
        )
        .bind(key.chain.actor.as_bytes().as_slice())
        .bind(key.chain.device.as_bytes().as_slice())
        .bind(i64::from(key.chain.epoch))
        .bind(key.public_key.as_slice())
        .bind(key.label.as_str())
        .bind(signed(now.0)?)
        .execute(&self.writer)
        .await?;
        if self.device_key(&key.chain).await? == Some(key.public_key) {
            return Ok(Registration::Registered);
        }
        let epoch_max = self.epoch_max(key.chain.actor, key.chain.device).await?.unwrap_or(key.chain.epoch);
        Ok(Registration::Taken { epoch_max })
    }

    async fn chain_end(&self, chain: &ChainKey) -> Result<Option<(u64, OpId)>, StoreError> {
        let row = sqlx::query(
            "SELECT chain_seq, op_id FROM operations WHERE actor = $1 AND device = $2 AND epoch = $3
             ORDER BY chain_seq DESC LIMIT 1",
        )
        .bind(chain.actor.as_bytes().as_slice())
        .bind(chain.device.as_bytes().as_slice())
        .bind(i64::from(chain.epoch))
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            let op_id: Vec<u8> = row.try_get("op_id")?;
            Ok((unsigned("chain_seq", row.try_get("chain_seq")?)?, OpId::from_bytes(fixed("op_id", &op_id)?)))
        })
        .transpose()
    }

    async fn epoch_max(&self, person: PersonId, device: DeviceId) -> Result<Option<u32>, StoreError> {
        let highest: Option<i64> =
            sqlx::query_scalar("SELECT max(epoch) FROM devices WHERE person = $1 AND device = $2")
                .bind(person.as_bytes().as_slice())
                .bind(device.as_bytes().as_slice())
                .fetch_one(&self.readers)
                .await?;
        highest.map(epoch).transpose()
    }

    async fn account(&self, username: &str) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query("SELECT username, person, password_hash FROM accounts WHERE username = $1")
            .bind(username)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(account_of).transpose()
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query("SELECT username, person, password_hash FROM accounts ORDER BY username")
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(account_of).collect()
    }

    async fn put_accounts(&self, accounts: &[Account], now: Millis) -> Result<(), StoreError> {
        let mut tx = self.writer.begin().await?;
        for account in accounts {
            write::account(&mut tx, account, now).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn create_session(&self, session: &Session) -> Result<(), StoreError> {
        let mut tx = self.writer.begin().await?;
        sqlx::query("DELETE FROM sessions WHERE expires_at_ms <= $1")
            .bind(signed(session.created_at.0)?)
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT INTO sessions (token_hash, person, created_at_ms, expires_at_ms) VALUES ($1, $2, $3, $4)")
            .bind(session.token_hash.as_slice())
            .bind(session.person.as_bytes().as_slice())
            .bind(signed(session.created_at.0)?)
            .bind(signed(session.expires_at.0)?)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn session(&self, token_hash: &[u8; 32], now: Millis) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query(
            "SELECT person, created_at_ms, expires_at_ms FROM sessions WHERE token_hash = $1 AND expires_at_ms > $2",
        )
        .bind(token_hash.as_slice())
        .bind(signed(now.0)?)
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            let person: Vec<u8> = row.try_get("person")?;
            Ok(Session {
                token_hash: *token_hash,
                person: PersonId::from_bytes(fixed("person", &person)?),
                created_at: Millis(unsigned("created_at_ms", row.try_get("created_at_ms")?)?),
                expires_at: Millis(unsigned("expires_at_ms", row.try_get("expires_at_ms")?)?),
            })
        })
        .transpose()
    }

    async fn delete_session(&self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(token_hash.as_slice())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = $1").bind(key).fetch_optional(&self.readers).await?)
    }

    async fn put_meta(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(value)
        .execute(&self.writer)
        .await?;
        Ok(())
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

mod copy;
#[cfg(test)]
mod tests;
