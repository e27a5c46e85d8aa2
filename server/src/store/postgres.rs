//! The PostgreSQL store: many processes, one log. Data is durable before a receipt leaves.

mod write;

mod common {
    crate::store::statements::statements!(sqlx::Postgres);
}

mod blobs {
    crate::store::blob_statements::blob_statements!(sqlx::Postgres);
}

use std::time::Duration;

use async_trait::async_trait;
use shared::ids::{BlobHash, DeviceId, OpId, PersonId};
use shared::op::{ChainKey, SignedOperation, SignedReceipt, Verdict};
use shared::time::Millis;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::{Connection as _, Row as _};
use tokio::sync::oneshot;

use super::columns::{signed, unsigned};
use super::{
    Account, AccountStatus, Batch, BlobPart, BlobRange, DeviceKey, FORKS, KeptDevice, Known, NewPassword, Precedence,
    Registration, Session, SharedEnd, Store, StoreError, StoredEntry, Upload,
};

/// Connections of one process.
const CONNECTIONS_MAX: u32 = 16;
/// How long a request waits for a connection.
const CONNECTION_WAIT: Duration = Duration::from_secs(10);
/// How long an idle connection counts as alive. It is shorter than a restart of a database takes.
const TRUSTED: Duration = Duration::from_millis(100);
/// Settings of every connection. They limit the wait for another process.
const SETTINGS: [(&str, &str); 1] = [("lock_timeout", "5s")];
/// Settings that must not be off. With all of them on, a confirmed commit is on the disk, and on the standby where one
/// is synchronous.
const DURABLE: [&str; 3] = ["fsync", "full_page_writes", "synchronous_commit"];
/// The schema that this program works on, with its migrations.
static MIGRATOR: Migrator = sqlx::migrate!("./migrations/postgres");
/// The id of this office's log in `log_ends`. It is also part of the name of its advisory lock for the right of way.
const LOG: i64 = 1;
/// The lock's name. "congt" in it keeps it apart from locks of other programs.
const PRECEDENCE_LOCK: i64 = 0x0063_6F6E_6774_0000 + LOG;
/// A lock used to find out whether two addresses lead to one database.
const SAME_LOCK: i64 = PRECEDENCE_LOCK - LOG;

/// A database on a server, shared with other processes.
#[derive(Clone, Debug)]
pub struct Postgres {
    pool: PgPool,
}

impl Postgres {
    /// Connects, and updates an older schema.
    ///
    /// # Errors
    /// When nobody answers, the database may lose what it confirmed, or a migration fails.
    pub async fn open(options: &PgConnectOptions) -> Result<Self, StoreError> {
        let pool = connect_to_write(options).await?;
        // Asked first, so that a server whose role may not change the schema can start on an up-to-date one.
        let (found, allowed) = (schema(&pool).await?, newest());
        if found > allowed {
            return Err(StoreError::OtherSchema { found, allowed });
        }
        if found < allowed {
            MIGRATOR.run(&pool).await?;
        }
        Ok(Self { pool })
    }

    /// Connects to write next to running servers, whose schema must not change.
    ///
    /// # Errors
    /// When nobody answers, the database may lose what it confirmed, or the schema is not this program's.
    pub async fn open_beside(options: &PgConnectOptions) -> Result<Self, StoreError> {
        let pool = connect_to_write(options).await?;
        is_own_schema(&pool).await?;
        Ok(Self { pool })
    }

    /// Connects to read, even while servers write. Nothing is made, migrated or changed, and every attempt to write
    /// fails.
    ///
    /// # Errors
    /// When nobody answers, or the schema is not this program's.
    pub async fn open_to_read(options: &PgConnectOptions) -> Result<Self, StoreError> {
        let pool = connect(options.clone().options([("default_transaction_read_only", "on")])).await?;
        is_own_schema(&pool).await?;
        Ok(Self { pool })
    }

    /// Whether both lead to one database, whatever their addresses say. What one has locked, the other cannot lock.
    ///
    /// # Errors
    /// When one of them does not answer.
    pub async fn is_same(&self, other: &Self) -> Result<bool, StoreError> {
        let (mut here, mut there) = (self.pool.begin().await?, other.pool.begin().await?);
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(SAME_LOCK).execute(&mut *here).await?;
        let lock = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)").bind(SAME_LOCK);
        let locked: bool = lock.fetch_one(&mut *there).await?;
        Ok(!locked)
    }
}

async fn connect(options: PgConnectOptions) -> Result<PgPool, StoreError> {
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS_MAX).acquire_timeout(CONNECTION_WAIT);
    let pool = pool.test_before_acquire(false).before_acquire(|connection, found| {
        Box::pin(async move {
            // The connection was tested when it was returned to the pool. Testing each time would double the round
            // trips.
            if found.idle_for > TRUSTED {
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    Ok(pool.connect_with(options.application_name("congtam")).await?)
}

/// Connects to a database whose commits are durable.
async fn connect_to_write(options: &PgConnectOptions) -> Result<PgPool, StoreError> {
    let pool = connect(options.clone().options(SETTINGS)).await?;
    for setting in DURABLE {
        let value: String = sqlx::query_scalar("SELECT current_setting($1)").bind(setting).fetch_one(&pool).await?;
        if value == "off" {
            return Err(StoreError::NotDurable { setting });
        }
    }
    Ok(pool)
}

async fn is_own_schema(pool: &PgPool) -> Result<(), StoreError> {
    let (found, allowed) = (schema(pool).await?, newest());
    if found == allowed { Ok(()) } else { Err(StoreError::OtherSchema { found, allowed }) }
}

/// The version of the schema found. 0 where there is none.
async fn schema(pool: &PgPool) -> Result<i64, StoreError> {
    let there: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(pool).await?;
    if !there {
        return Ok(0);
    }
    let version = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success");
    Ok(version.fetch_one(pool).await?)
}

fn newest() -> i64 {
    MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default()
}

#[async_trait]
impl Store for Postgres {
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        if batch.aside.is_empty() && batch.accounts.is_empty() {
            // One statement is one transaction.
            return write::log(&mut *self.pool.acquire().await?, batch).await.map_err(|error| match error {
                StoreError::Database(error) => StoreError::of_commit(error),
                error => error,
            });
        }
        let mut tx = self.pool.begin().await?;
        write::log(&mut tx, batch).await?;
        common::put_beside(&mut tx, batch).await?;
        tx.commit().await.map_err(StoreError::of_commit)
    }

    async fn shared_log_end(&self) -> Result<SharedEnd, StoreError> {
        let end = sqlx::query(
            "SELECT server_seq, (SELECT value FROM meta WHERE key = $2) AS forks FROM log_ends WHERE log = $1",
        );
        let row = end.bind(LOG).bind(FORKS).fetch_one(&self.pool).await?;
        let forks: Option<Vec<u8>> = row.try_get("forks")?;
        let server_seq = unsigned("log end", row.try_get("server_seq")?)?;
        Ok(SharedEnd { server_seq, forks: forks.unwrap_or_default() })
    }

    fn is_remote(&self) -> bool {
        true
    }

    async fn precedence(&self) -> Result<Precedence, StoreError> {
        // Begun before the query: a transaction whose first statement fails would otherwise go back to the pool as it
        // is.
        let mut tx = self.pool.begin().await?;
        let lock = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(PRECEDENCE_LOCK);
        match lock.execute(&mut *tx).await {
            Ok(_) => {}
            // The holder does not respond. Go on without the lock; the commit decides who was first.
            Err(error) if is_lock_timeout(&error) => return Ok(Precedence::default()),
            Err(error) => return Err(error.into()),
        }
        let (kept, given_back) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let _ = given_back.await;
            // A lost connection releases the lock, too.
            let _ = tx.rollback().await;
        });
        Ok(Precedence { _until_dropped: Some(kept), ..Precedence::default() })
    }

    async fn entries_after(&self, server_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
        common::entries_after(&self.pool, server_seq, limit).await
    }

    async fn operations_at(&self, places: &[u64]) -> Result<Vec<(u64, SignedOperation)>, StoreError> {
        let places: Vec<i64> = places.iter().map(|place| signed(*place)).collect::<Result<_, _>>()?;
        let rows = sqlx::query(
            "SELECT server_seq, body, signature FROM operations WHERE server_seq = ANY($1) ORDER BY server_seq",
        )
        .bind(places)
        .fetch_all(&self.pool)
        .await?;
        let operation =
            |row| Ok((unsigned("server_seq", PgRow::try_get(row, "server_seq")?)?, common::operation_of(row)?));
        rows.iter().map(operation).collect()
    }

    async fn known(&self, op_id: OpId) -> Result<Option<Known>, StoreError> {
        common::known(&self.pool, op_id).await
    }

    async fn known_aside(&self, operation: &SignedOperation) -> Result<Option<SignedReceipt>, StoreError> {
        common::known_aside(&self.pool, operation).await
    }

    async fn held_aside(&self) -> Result<Vec<(SignedOperation, Verdict)>, StoreError> {
        common::held_aside(&self.pool).await
    }

    async fn device_key(&self, chain: &ChainKey) -> Result<Option<[u8; 32]>, StoreError> {
        common::device_key(&self.pool, chain).await
    }

    async fn register_device(&self, key: &DeviceKey, now: Millis) -> Result<Registration, StoreError> {
        // PostgreSQL allows no text with this character, and a label is no reason to refuse a device.
        common::register_device(&self.pool, key, &key.label.replace('\0', ""), now).await
    }

    async fn chain_end(&self, chain: &ChainKey) -> Result<Option<(u64, OpId)>, StoreError> {
        common::chain_end(&self.pool, chain).await
    }

    async fn epoch_max(&self, person: PersonId, device: DeviceId) -> Result<Option<u32>, StoreError> {
        common::epoch_max(&self.pool, person, device).await
    }

    async fn account(&self, username: &str) -> Result<Option<AccountStatus>, StoreError> {
        // PostgreSQL allows no text with this character, so nobody has such a name. A query would be an error.
        if username.contains('\0') {
            return Ok(None);
        }
        common::account(&self.pool, username).await
    }

    async fn account_of(&self, person: PersonId) -> Result<Option<AccountStatus>, StoreError> {
        common::account_of(&self.pool, person).await
    }

    async fn account_statuses(&self) -> Result<Vec<AccountStatus>, StoreError> {
        common::account_statuses(&self.pool).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        common::accounts(&self.pool).await
    }

    async fn put_accounts(&self, accounts: &[Account], now: Millis) -> Result<(), StoreError> {
        common::put_accounts(&self.pool, accounts, now).await
    }

    async fn set_password(&self, new: NewPassword<'_>) -> Result<bool, StoreError> {
        common::set_password(&self.pool, &new).await
    }

    async fn disable_account(&self, person: PersonId, now: Millis) -> Result<bool, StoreError> {
        common::disable_account(&self.pool, person, now).await
    }

    async fn create_session(
        &self,
        session: &Session,
        password_hash: &str,
        instead: Option<&[u8; 32]>,
    ) -> Result<bool, StoreError> {
        common::create_session(&self.pool, session, password_hash, instead).await
    }

    async fn sessions_of(&self, person: PersonId, now: Millis) -> Result<Vec<Session>, StoreError> {
        common::sessions_of(&self.pool, person, now).await
    }

    async fn devices_of(&self, person: PersonId) -> Result<Vec<KeptDevice>, StoreError> {
        common::devices_of(&self.pool, person).await
    }

    async fn session(&self, token_hash: &[u8; 32], now: Millis) -> Result<Option<Session>, StoreError> {
        common::session(&self.pool, token_hash, now).await
    }

    async fn delete_session(&self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        common::delete_session(&self.pool, token_hash).await
    }

    async fn put_blob(&self, hash: BlobHash, bytes: &[u8], now: Millis) -> Result<(), StoreError> {
        blobs::put_blob(&self.pool, hash, bytes, now).await
    }

    async fn blob_range(&self, hash: BlobHash, from: u64, length: usize) -> Result<Option<BlobRange>, StoreError> {
        blobs::blob_range(&self.pool, hash, from, length).await
    }

    async fn add_blob_part(&self, part: BlobPart<'_>, now: Millis) -> Result<Upload, StoreError> {
        blobs::add_blob_part(&self.pool, &part, now).await
    }

    async fn drop_blob_parts(&self, hash: BlobHash, person: PersonId) -> Result<(), StoreError> {
        blobs::drop_blob_parts(&self.pool, hash, person).await
    }

    async fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        common::meta(&self.pool, key).await
    }

    async fn put_meta(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        common::put_meta(&self.pool, key, value).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}

/// Whether a lock could not be taken in time.
fn is_lock_timeout(error: &sqlx::Error) -> bool {
    const LOCK_NOT_AVAILABLE: &str = "55P03";
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == LOCK_NOT_AVAILABLE)
}
