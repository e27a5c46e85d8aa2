//! PostgreSQL: many processes, one log. Durable before a receipt leaves.

mod read;
mod write;

use std::time::Duration;

use async_trait::async_trait;
use shared::ids::{DeviceId, OpId, PersonId};
use shared::op::{ChainKey, SignedOperation, SignedReceipt, Verdict};
use shared::time::Millis;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use tokio::sync::oneshot;

use super::{Account, Batch, DeviceKey, Known, Precedence, Registration, Session, Store, StoreError, StoredEntry};

/// Connections of one process.
const CONNECTIONS_MAX: u32 = 16;
/// How long a request waits for a connection.
const CONNECTION_WAIT: Duration = Duration::from_secs(10);
/// Settings of every connection: nobody waits longer for another process.
const SETTINGS: [(&str, &str); 1] = [("lock_timeout", "5s")];
/// What must not be off: with all of them a confirmed commit is on the disk, and on the standby where one is synchronous.
const DURABLE: [&str; 3] = ["fsync", "full_page_writes", "synchronous_commit"];
/// The schema this program works on, and the way to it.
static MIGRATOR: Migrator = sqlx::migrate!("./migrations/postgres");
/// The log of this office, in `log_ends`; also names its right of way among the database's advisory locks.
const LOG: i64 = 1;
/// "congt" in the lock's name keeps it apart from locks of other programs.
const PRECEDENCE_LOCK: i64 = 0x0063_6F6E_6774_0000 + LOG;

/// A database on a server, shared with other processes.
#[derive(Clone, Debug)]
pub struct Postgres {
    pool: PgPool,
}

impl Postgres {
    /// Connects and brings the schema up to date where it is older.
    ///
    /// # Errors
    /// When nobody answers, the database may lose what it confirmed, or a migration fails.
    pub async fn open(options: &PgConnectOptions) -> Result<Self, StoreError> {
        let pool = connect(options.clone().options(SETTINGS)).await?;
        for setting in DURABLE {
            let value: String = sqlx::query_scalar("SELECT current_setting($1)").bind(setting).fetch_one(&pool).await?;
            if value == "off" {
                return Err(StoreError::NotDurable { setting });
            }
        }
        // Asked first: a server whose role may not change the schema starts on one that is up to date.
        let (found, allowed) = (schema(&pool).await?, newest());
        if found > allowed {
            return Err(StoreError::OtherSchema { found, allowed });
        }
        if found < allowed {
            MIGRATOR.run(&pool).await?;
        }
        Ok(Self { pool })
    }

    /// Connects to read, also while servers write: nothing is made, migrated or changed, and every attempt to write fails.
    ///
    /// # Errors
    /// When nobody answers, or the schema is not this program's.
    pub async fn open_to_read(options: &PgConnectOptions) -> Result<Self, StoreError> {
        let pool = connect(options.clone().options([("default_transaction_read_only", "on")])).await?;
        let (found, allowed) = (schema(&pool).await?, newest());
        if found != allowed {
            return Err(StoreError::OtherSchema { found, allowed });
        }
        Ok(Self { pool })
    }
}

async fn connect(options: PgConnectOptions) -> Result<PgPool, StoreError> {
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS_MAX).acquire_timeout(CONNECTION_WAIT);
    Ok(pool.connect_with(options.application_name("congtam")).await?)
}

/// The version of the schema found; 0 where there is none.
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
        let mut tx = self.pool.begin().await?;
        write::log(&mut tx, &batch.log).await?;
        for entry in &batch.aside {
            write::aside(&mut tx, entry).await?;
        }
        for (account, made_at) in &batch.accounts {
            write::account(&mut tx, account, *made_at).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn shared_log_end(&self) -> Result<Option<u64>, StoreError> {
        read::log_end(&self.pool).await.map(Some)
    }

    async fn precedence(&self) -> Result<Precedence, StoreError> {
        let mut tx = self.pool.begin().await?;
        match sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(PRECEDENCE_LOCK).execute(&mut *tx).await {
            Ok(_) => {}
            // Whoever has it sleeps: go on without it, the commit will tell who was first.
            Err(error) if is_lock_timeout(&error) => return Ok(Precedence::default()),
            Err(error) => return Err(error.into()),
        }
        let (kept, given_back) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let _ = given_back.await;
            // A connection that is lost gives the lock back, too.
            let _ = tx.rollback().await;
        });
        Ok(Precedence { _until_dropped: Some(kept) })
    }

    async fn entries_after(&self, server_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
        read::entries_after(&self.pool, server_seq, limit).await
    }

    async fn operations_at(&self, places: &[u64]) -> Result<Vec<(u64, SignedOperation)>, StoreError> {
        read::operations_at(&self.pool, places).await
    }

    async fn known(&self, op_id: OpId) -> Result<Option<Known>, StoreError> {
        read::known(&self.pool, op_id).await
    }

    async fn known_aside(&self, operation: &SignedOperation) -> Result<Option<SignedReceipt>, StoreError> {
        read::known_aside(&self.pool, operation).await
    }

    async fn held_aside(&self) -> Result<Vec<(SignedOperation, Verdict)>, StoreError> {
        read::held_aside(&self.pool).await
    }

    async fn device_key(&self, chain: &ChainKey) -> Result<Option<[u8; 32]>, StoreError> {
        read::device_key(&self.pool, chain).await
    }

    async fn register_device(&self, key: &DeviceKey, now: Millis) -> Result<Registration, StoreError> {
        write::device(&self.pool, key, now).await?;
        if self.device_key(&key.chain).await? == Some(key.public_key) {
            return Ok(Registration::Registered);
        }
        let epoch_max = self.epoch_max(key.chain.actor, key.chain.device).await?.unwrap_or(key.chain.epoch);
        Ok(Registration::Taken { epoch_max })
    }

    async fn chain_end(&self, chain: &ChainKey) -> Result<Option<(u64, OpId)>, StoreError> {
        read::chain_end(&self.pool, chain).await
    }

    async fn epoch_max(&self, person: PersonId, device: DeviceId) -> Result<Option<u32>, StoreError> {
        read::epoch_max(&self.pool, person, device).await
    }

    async fn account(&self, username: &str) -> Result<Option<Account>, StoreError> {
        read::account(&self.pool, username).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        read::accounts(&self.pool).await
    }

    async fn put_accounts(&self, accounts: &[Account], now: Millis) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        for account in accounts {
            write::account(&mut tx, account, now).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn create_session(&self, session: &Session) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        write::session(&mut tx, session).await?;
        Ok(tx.commit().await?)
    }

    async fn session(&self, token_hash: &[u8; 32], now: Millis) -> Result<Option<Session>, StoreError> {
        read::session(&self.pool, token_hash, now).await
    }

    async fn delete_session(&self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(token_hash.as_slice())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = $1").bind(key).fetch_optional(&self.pool).await?)
    }

    async fn put_meta(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(value)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}

/// Whether a lock was not given in time.
fn is_lock_timeout(error: &sqlx::Error) -> bool {
    const LOCK_NOT_AVAILABLE: &str = "55P03";
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == LOCK_NOT_AVAILABLE)
}
