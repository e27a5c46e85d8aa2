//! What can go wrong with a store, and whether it is the storage's fault.

use std::sync::Arc;

use super::SQLITE_VERSION_MIN;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// Nothing was heard after the database was told to keep it: it may be there or not.
    #[error("database: it is not known whether this was written, for the answer did not come: {0}")]
    Unconfirmed(sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The schema is another than this program's, and whoever only reads may not change it.
    #[error(
        "schema: found version {found}, allowed {allowed}; `congtam serve` of this version brings an older one up to date"
    )]
    OtherSchema {
        /// Version found.
        found: i64,
        /// Version of this program.
        allowed: i64,
    },
    /// The library has a known fault in its write-ahead log.
    #[error("sqlite version: found {found}, allowed {SQLITE_VERSION_MIN} and later")]
    OldDatabase {
        /// Version found.
        found: String,
    },
    /// The name signs in another person already.
    #[error("username: found \"{username}\", which belongs to another person; allowed a name of one's own")]
    UsernameTaken {
        /// The name.
        username: String,
    },
    /// Another process wrote to the log, or found a chain forked, after this batch was judged: it must be judged anew.
    #[error("log: judged where it ended at {judged_at}, found at {found} what another process has written")]
    Moved {
        /// The end of the log that was judged on.
        judged_at: u64,
        /// The end found.
        found: u64,
    },
    /// The database may answer before it has written.
    #[error(
        "postgresql: found {setting} = off, allowed on: a receipt promises that the operation survives a power cut"
    )]
    NotDurable {
        /// The setting.
        setting: &'static str,
    },
    /// What a request was written together with could not be written.
    #[error("{0}")]
    Together(Arc<Self>),
    /// The work at the desk ended without an answer.
    #[error("receiving: {0}")]
    Unanswered(String),
    /// What was read back is not what was written.
    #[error("stored {what} is damaged: {detail}")]
    Damaged {
        /// Which value.
        what: &'static str,
        /// How it shows.
        detail: String,
    },
}

/// What is wrong with the storage itself: nothing that a client could change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// No room is left.
    Full,
    /// What is read back is not what was written.
    Damaged,
    /// It cannot be read or written: a disk that fails, a folder made read-only, a database server that does not answer.
    Failing,
}

impl Trouble {
    /// The code that clients and monitors are told.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "storage_full",
            Self::Damaged => "storage_damaged",
            Self::Failing => "storage_failing",
        }
    }
}

impl StoreError {
    /// A commit that failed. Where the database itself refused, nothing was kept; a disk or a connection that failed meanwhile leaves
    /// open what was.
    pub(super) fn of_commit(error: sqlx::Error) -> Self {
        let refused = match &error {
            sqlx::Error::Database(refusal) => {
                refusal.code().and_then(|code| trouble_of(&code)) != Some(Trouble::Failing)
            }
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
            _ => false,
        };
        if refused { Self::Database(error) } else { Self::Unconfirmed(error) }
    }

    /// What is wrong with the storage, where this is its fault.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Together(error) => error.trouble(),
            Self::Damaged { .. } => Some(Trouble::Damaged),
            Self::Database(sqlx::Error::Database(error)) | Self::Unconfirmed(sqlx::Error::Database(error)) => {
                error.code().and_then(|code| trouble_of(&code))
            }
            Self::Database(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) | Self::Unconfirmed(_) => {
                Some(Trouble::Failing)
            }
            _ => None,
        }
    }
}

/// SQLite's result codes are numbers, of which the lowest byte names the kind; PostgreSQL's have five letters.
fn trouble_of(code: &str) -> Option<Trouble> {
    let kind = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
    match (kind, code) {
        (Some(13), _) | (_, "53100") => Some(Trouble::Full),
        (Some(11 | 26), _) | (_, "XX001" | "XX002") => Some(Trouble::Damaged),
        (Some(8 | 10 | 14), _) | (_, "58030" | "57P01" | "57P02" | "57P03" | "25006") => Some(Trouble::Failing),
        _ => None,
    }
}
