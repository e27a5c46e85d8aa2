//! Copies the database, even while a server writes to it.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use super::{BUSY_TIMEOUT, Sqlite};
use crate::store::StoreError;

impl Sqlite {
    /// Writes a copy of the database `file`, as it is at one moment, into a file that does not exist yet.
    ///
    /// # Errors
    /// When one of them cannot be opened, or the copy is not whole.
    pub async fn copy(file: &Path, to: &Path) -> Result<(), StoreError> {
        let options = SqliteConnectOptions::new().filename(file).busy_timeout(BUSY_TIMEOUT);
        let mut database = options.read_only(true).connect().await?;
        sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy().into_owned()).execute(&mut database).await?;
        database.close().await?;
        let mut copy = SqliteConnectOptions::new().filename(to).connect().await?;
        let found: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut copy).await?;
        copy.close().await?;
        if found == "ok" { Ok(()) } else { Err(StoreError::Damaged { what: "copy", detail: found }) }
    }
}
