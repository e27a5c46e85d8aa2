//! Inserts the same bytes into one table, with the same durability and as many connections. This shows what the
//! database alone can do.

use std::time::Duration;

use server::database::DatabaseUrl;
use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::office::Operations;
use crate::start;

const CONNECTIONS_MAX: u32 = 16;

pub(crate) enum Bare {
    /// One connection. SQLite has one writer, and waiting for it in a pool is the quickest way to wait.
    Sqlite(SqlitePool, #[expect(dead_code, reason = "removed when dropped")] TempDir),
    Postgres(PgPool),
}

impl Bare {
    pub(crate) async fn on_sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let file = SqliteConnectOptions::new().filename(folder.path().join("bare.sqlite3")).create_if_missing(true);
        let file = file.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(file).await.unwrap();
        let table = "CREATE TABLE bare (seq INTEGER PRIMARY KEY, body BLOB NOT NULL, signature BLOB NOT NULL) STRICT";
        sqlx::query(table).execute(&pool).await.unwrap();
        Self::Sqlite(pool, folder)
    }

    pub(crate) async fn on_server(url: &DatabaseUrl) -> Self {
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS_MAX).test_before_acquire(false);
        let pool = pool.connect_with(url.options().unwrap()).await.unwrap();
        let table = "CREATE TABLE bare (seq BIGSERIAL PRIMARY KEY, body BYTEA NOT NULL, signature BYTEA NOT NULL)";
        sqlx::query(table).execute(&pool).await.unwrap();
        Self::Postgres(pool)
    }

    /// Runs one transaction for each request, with all its rows in one statement.
    pub(crate) async fn insert(&self, work: Vec<Vec<Operations>>) -> Duration {
        let started = start();
        let mut writing = JoinSet::new();
        for requests in work {
            match self {
                Self::Sqlite(pool, _) => writing.spawn(into_sqlite(pool.clone(), requests)),
                Self::Postgres(pool) => writing.spawn(into_postgres(pool.clone(), requests)),
            };
        }
        while let Some(done) = writing.join_next().await {
            done.unwrap();
        }
        started.elapsed()
    }
}

async fn into_sqlite(pool: SqlitePool, requests: Vec<Operations>) {
    for operations in requests {
        let rows = vec!["(?, ?)"; operations.len()].join(", ");
        let mut query = sqlx::query(AssertSqlSafe(format!("INSERT INTO bare (body, signature) VALUES {rows}")));
        for operation in &operations {
            query = query.bind(operation.body.as_slice()).bind(operation.signature.as_slice());
        }
        query.execute(&pool).await.unwrap();
    }
}

async fn into_postgres(pool: PgPool, requests: Vec<Operations>) {
    for operations in requests {
        let bodies: Vec<&[u8]> = operations.iter().map(|operation| operation.body.as_slice()).collect();
        let signatures: Vec<&[u8]> = operations.iter().map(|operation| operation.signature.as_slice()).collect();
        sqlx::query("INSERT INTO bare (body, signature) SELECT * FROM unnest($1::bytea[], $2::bytea[])")
            .bind(bodies)
            .bind(signatures)
            .execute(&pool)
            .await
            .unwrap();
    }
}
