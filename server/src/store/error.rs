//! The errors of a store, and whether the storage itself is at fault.

use std::fmt;
use std::sync::Arc;

use super::SQLITE_VERSION_MIN;
use crate::words::said;

/// Why the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    Database(#[from] sqlx::Error),
    /// The connection was lost during a commit. The data may or may not be stored.
    Unconfirmed(sqlx::Error),
    /// The schema could not be updated.
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The schema belongs to another version of the program, and a reader may not change it.
    OtherSchema {
        /// Version found.
        found: i64,
        /// Version of this program.
        allowed: i64,
    },
    /// The library has a known fault in its write-ahead log.
    OldDatabase {
        /// Version found.
        found: String,
    },
    /// Another person already has this user name.
    UsernameTaken {
        /// The name.
        username: String,
    },
    /// Another process wrote to the log, or found a forked chain, after this batch was judged. It must be judged again.
    Moved {
        /// The end of the log on which the batch was judged.
        judged_at: u64,
        /// The end found.
        found: u64,
    },
    /// The database may answer before it has written the data.
    NotDurable {
        /// The setting.
        setting: &'static str,
    },
    /// The requests that were written together could not be written.
    Together(Arc<Self>),
    /// The work at the slot ended without an answer.
    Unanswered(String),
    /// A value that was read back differs from what was written.
    Damaged {
        /// The value.
        what: &'static str,
        /// The difference found.
        detail: String,
    },
}

/// A fault of the storage itself, which a client cannot correct.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// No room is left.
    Full,
    /// A value that is read back differs from what was written.
    Damaged,
    /// It cannot be read or written. The disk fails, a folder was made read-only, or a database server does not answer.
    Failing,
}

impl Trouble {
    /// The code for clients and monitors.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "storage_full",
            Self::Damaged => "storage_damaged",
            Self::Failing => "storage_failing",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}

impl StoreError {
    /// The error in the current language. The database's own message is quoted unchanged.
    fn sentence(&self) -> String {
        match self {
            Self::Database(error) => said(format!("cơ sở dữ liệu: {error}"), format!("database: {error}")),
            Self::Unconfirmed(error) => said(
                format!("cơ sở dữ liệu: không biết đã ghi được hay chưa, vì không nhận được câu trả lời: {error}"),
                format!("database: it is not known whether this was written, for the answer did not come: {error}"),
            ),
            Self::Migration(error) => said(format!("nâng cấp cơ sở dữ liệu: {error}"), format!("migration: {error}")),
            Self::OtherSchema { found, allowed } => said(
                format!(
                    "cấu trúc cơ sở dữ liệu: đang là phiên bản {found}; cho phép: {allowed}; `congtam serve` của phiên bản này nâng cấp \
                     phiên bản cũ hơn"
                ),
                format!(
                    "schema: found version {found}, allowed {allowed}; `congtam serve` of this version brings an older one up to date"
                ),
            ),
            Self::OldDatabase { found } => said(
                format!("phiên bản sqlite: đang là {found}; cho phép: từ {SQLITE_VERSION_MIN}"),
                format!("sqlite version: found {found}, allowed {SQLITE_VERSION_MIN} and later"),
            ),
            Self::Together(error) => error.sentence(),
            Self::Unanswered(cause) => said(format!("tiếp nhận: {cause}"), format!("receiving: {cause}")),
            Self::UsernameTaken { .. } | Self::Moved { .. } | Self::NotDurable { .. } | Self::Damaged { .. } => {
                self.sentence_of_contents()
            }
        }
    }

    /// Like [`Self::sentence`], about what was found in the database.
    fn sentence_of_contents(&self) -> String {
        match self {
            Self::UsernameTaken { username } => said(
                format!("tên đăng nhập: đang là \"{username}\", là của người khác; cho phép: một tên riêng"),
                format!("username: found \"{username}\", which belongs to another person; allowed a name of one's own"),
            ),
            Self::Moved { judged_at, found } => said(
                format!(
                    "sổ thao tác: đã xét khi kết thúc ở {judged_at}, nay ở {found} có điều một tiến trình khác đã ghi"
                ),
                format!("log: judged where it ended at {judged_at}, found at {found} what another process has written"),
            ),
            Self::NotDurable { setting } => said(
                format!(
                    "postgresql: {setting} đang là off; cho phép: on, vì biên nhận hứa rằng thao tác còn nguyên sau khi mất điện"
                ),
                format!(
                    "postgresql: found {setting} = off, allowed on: a receipt promises that the operation survives a power cut"
                ),
            ),
            Self::Damaged { what, detail } => said(
                format!("{} đã lưu bị hỏng: {detail}", vietnamese(what)),
                format!("stored {what} is damaged: {detail}"),
            ),
            _ => String::new(),
        }
    }

    /// A failed commit. If the database itself refused, nothing was stored. If a disk or a connection failed meanwhile,
    /// it is unknown what was stored.
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

    /// The fault of the storage, if it is at fault.
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

/// The Vietnamese name of a value.
fn vietnamese(what: &'static str) -> &'static str {
    match what {
        "copy" => "bản sao",
        "database" => "cơ sở dữ liệu",
        "epoch" => "số thứ tự của khóa",
        "number" => "số",
        "operation" => "thao tác",
        "places" => "phần sổ riêng của máy",
        "verdict" => "kết luận",
        other => other,
    }
}

/// The trouble that a result code means. SQLite's codes are numbers whose lowest byte names the kind; PostgreSQL's have
/// five letters.
fn trouble_of(code: &str) -> Option<Trouble> {
    let kind = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
    match (kind, code) {
        (Some(13), _) | (_, "53100") => Some(Trouble::Full),
        (Some(11 | 26), _) | (_, "XX001" | "XX002") => Some(Trouble::Damaged),
        (Some(8 | 10 | 14), _) | (_, "58030" | "57P01" | "57P02" | "57P03" | "25006") => Some(Trouble::Failing),
        _ => None,
    }
}
