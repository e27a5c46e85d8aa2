//! A database of either kind, and test data for it.

use std::sync::Arc;

use server::data_directory::DataDirectory;
use server::database::DatabaseUrl;
use server::store::{AsideEntry, Batch, NewEntry, Postgres, Sqlite, Store, StoreError};
use shared::ids::{DeviceId, OpId, PersonId};
use shared::op::{ChainKey, Refusal, RefusalCode, SignedOperation, SignedReceipt, Verdict};
use shared::time::Millis;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tempfile::TempDir;

use crate::cluster::Cluster;

/// The place of a store.
#[derive(Debug)]
pub(crate) enum Place {
    Sqlite(TempDir),
    Postgres(DatabaseUrl),
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(TempDir::new().unwrap())
    }

    pub(crate) async fn postgres(cluster: &Cluster) -> Self {
        Self::Postgres(cluster.database().await)
    }

    pub(crate) async fn try_open(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(match self {
            Self::Sqlite(folder) => Arc::new(Sqlite::open(&DataDirectory::new(folder.path()).database()).await?),
            Self::Postgres(url) => Arc::new(Postgres::open(&url.options().unwrap()).await?),
        })
    }

    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        self.try_open().await.unwrap()
    }

    pub(crate) async fn open_to_read(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(match self {
            Self::Sqlite(folder) => {
                Arc::new(Sqlite::open_to_read(&DataDirectory::new(folder.path()).database()).await?)
            }
            Self::Postgres(url) => Arc::new(Postgres::open_to_read(&url.options().unwrap()).await?),
        })
    }

    /// Runs a statement without the store's knowledge. Returns how many rows it changed or why it was refused.
    pub(crate) async fn run(&self, statement: &str) -> Result<u64, String> {
        let statement = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()));
        let said = |error: sqlx::Error| error.to_string();
        match self {
            Self::Sqlite(folder) => {
                let file = SqliteConnectOptions::new().filename(DataDirectory::new(folder.path()).database());
                let mut connection: SqliteConnection = file.connect().await.map_err(said)?;
                let done = statement.execute(&mut connection).await.map(|done| done.rows_affected());
                connection.close().await.unwrap();
                done.map_err(said)
            }
            Self::Postgres(url) => {
                let mut connection: PgConnection = url.options().unwrap().connect().await.unwrap();
                let done = statement.execute(&mut connection).await.map(|done| done.rows_affected());
                connection.close().await.unwrap();
                done.map_err(said)
            }
        }
    }

    pub(crate) const fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

pub(crate) fn chain(n: u8) -> ChainKey {
    ChainKey { actor: PersonId::from_bytes([n; 16]), device: DeviceId::from_bytes([n; 16]), epoch: 1 }
}

/// An entry of a chain of its own, with the number `chain_seq` in it.
pub(crate) fn entry(server_seq: u64, n: u8, chain_seq: u64) -> NewEntry {
    let body = format!("operation {n}/{chain_seq}").into_bytes();
    NewEntry {
        server_seq,
        op_id: OpId::of(&body),
        chain: chain(n),
        chain_seq,
        kind: 1,
        operation: SignedOperation { body, signature: vec![n; 64] },
        verdict: Verdict::Accepted,
        receipt: SignedReceipt { receipt: format!("receipt of {server_seq}").into_bytes(), signature: vec![7; 64] },
        received_at: Millis(server_seq),
    }
}

pub(crate) fn aside(body: &str, signature: u8, word: &str) -> AsideEntry {
    let refusal = Refusal::new(RefusalCode::Gap, "seq");
    AsideEntry {
        op_id: OpId::of(body.as_bytes()),
        operation: SignedOperation { body: body.as_bytes().to_vec(), signature: vec![signature; 64] },
        verdict: if word == "held" { Verdict::Held(refusal) } else { Verdict::Rejected(refusal) },
        receipt: SignedReceipt { receipt: format!("{body} {word}").into_bytes(), signature: vec![signature; 64] },
        received_at: Millis(1),
    }
}

pub(crate) fn batch(log: Vec<NewEntry>) -> Batch {
    Batch { log, ..Batch::default() }
}
