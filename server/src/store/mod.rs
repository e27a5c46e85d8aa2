//! Where the office keeps what it received. One trait, one adapter per database; both must pass the same tests.
//!
//! Operations, verdicts and receipts are only ever added. Everything a batch brought is written in one transaction.

mod columns;
mod postgres;
mod sqlite;
mod statements;

use std::fmt;
use std::fs::File;
use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use shared::ids::{DeviceId, OpId, PersonId};
use shared::op::{ChainKey, RefusalCode, SignedOperation, SignedReceipt, Verdict};
use shared::time::Millis;
use tokio::sync::oneshot;

pub use postgres::Postgres;
pub(crate) use sqlite::is_recent;
pub use sqlite::{SQLITE_VERSION_MIN, Sqlite};

/// An operation that takes a place in the log.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Its place, from 1 without gaps.
    pub server_seq: u64,
    /// Its id.
    pub op_id: OpId,
    /// The chain it continues.
    pub chain: ChainKey,
    /// Its place in that chain.
    pub chain_seq: u64,
    /// The kind of intent, also of later versions.
    pub kind: u16,
    /// The bytes received.
    pub operation: SignedOperation,
    /// What was decided.
    pub verdict: Verdict,
    /// The receipt given.
    pub receipt: SignedReceipt,
    /// When it arrived.
    pub received_at: Millis,
}

/// Bytes kept outside the log.
#[derive(Clone, Debug)]
pub struct AsideEntry {
    /// SHA-256 of the body received.
    pub op_id: OpId,
    /// The bytes received.
    pub operation: SignedOperation,
    /// What was decided.
    pub verdict: Verdict,
    /// The receipt given.
    pub receipt: SignedReceipt,
    /// When it arrived.
    pub received_at: Millis,
}

/// Everything one request brought.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// For the log, in its order.
    pub log: Vec<NewEntry>,
    /// For custody outside it.
    pub aside: Vec<AsideEntry>,
    /// Accounts of people whom it brings, and when they were made.
    pub accounts: Vec<(Account, Millis)>,
    /// [`SharedEnd::forks`] as known when it was judged.
    pub forks: Vec<u8>,
}

impl Batch {
    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.log.is_empty() && self.aside.is_empty() && self.accounts.is_empty()
    }
}

/// A log entry as read back.
#[derive(Clone, Debug)]
pub struct StoredEntry {
    /// Its place in the log.
    pub server_seq: u64,
    /// The bytes received.
    pub operation: SignedOperation,
    /// What was decided.
    pub verdict: Verdict,
    /// When it arrived.
    pub received_at: Millis,
}

/// What the office already holds of an operation.
#[derive(Clone, Debug)]
pub struct Known {
    /// The signature it was received with.
    pub signature: Vec<u8>,
    /// The receipt given then.
    pub receipt: SignedReceipt,
}

/// A key that speaks for a person on a device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceKey {
    /// Whose, where, in which life of the store.
    pub chain: ChainKey,
    /// Ed25519 public key.
    pub public_key: [u8; 32],
    /// What the person calls the device.
    pub label: String,
}

/// What became of a registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Registration {
    /// The key speaks for the chain from now on, or did already.
    Registered,
    /// The epoch belongs to another key; epochs up to this one are taken.
    Taken {
        /// The highest epoch registered for the person and device.
        epoch_max: u32,
    },
}

/// A way to sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Lower case.
    pub username: String,
    /// Who signs in.
    pub person: PersonId,
    /// Argon2id, in PHC form.
    pub password_hash: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("username", &self.username)
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// An account as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountStatus {
    /// Name, person and password.
    pub account: Account,
    /// When its person last chose the password; none while it is the one that was given out.
    pub password_changed_at: Option<Millis>,
    /// Since when nobody signs in with it.
    pub disabled_at: Option<Millis>,
}

/// A person's new password.
#[derive(Clone, Copy, Debug)]
pub struct NewPassword<'a> {
    /// Whose.
    pub person: PersonId,
    /// Argon2id, in PHC form.
    pub hash: &'a str,
    /// When the person chose it; none when it was given out.
    pub chosen_at: Option<Millis>,
    /// The hash it may take the place of, in an account that is open; none when the office gives it, whatever was there.
    pub instead_of: Option<&'a str>,
    /// The one session that goes on.
    pub keep: Option<[u8; 32]>,
}

/// A person signed in on a device until a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Session {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Who is signed in.
    pub person: PersonId,
    /// Since when.
    pub created_at: Millis,
    /// Until when.
    pub expires_at: Millis,
    /// From which address.
    pub address: Option<IpAddr>,
}

/// A key that speaks for a person, and when it last did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptDevice {
    /// Which device.
    pub device: DeviceId,
    /// In which life of its store.
    pub epoch: u32,
    /// What the person calls it.
    pub label: String,
    /// Since when.
    pub registered_at: Millis,
    /// When the last operation signed with it arrived.
    pub last_received_at: Option<Millis>,
}

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
    fn of_commit(error: sqlx::Error) -> Self {
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

/// What other processes may have done to the log.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SharedEnd {
    /// Where it ends.
    pub server_seq: u64,
    /// Never the same again once another operation was kept aside for a fork; nothing else is to be read from it.
    pub forks: Vec<u8>,
}

/// The right of way among processes that write to one log, given back when dropped. A courtesy that spares everyone judging
/// twice: what is right is decided by [`Store::commit`].
#[derive(Debug, Default)]
pub struct Precedence {
    _until_dropped: Option<oneshot::Sender<()>>,
    _until_closed: Option<File>,
}

/// Key of the meta value that tells other processes of a forked chain: the hash of the bytes kept aside for it.
const FORKS: &str = "forks";

/// Whether an operation was kept aside because its chain forked, which every process has to hear of.
fn is_fork(entry: &AsideEntry) -> bool {
    entry.verdict.refusal().is_some_and(|refusal| refusal.code == RefusalCode::Fork)
}

/// The office's memory.
#[async_trait]
pub trait Store: Send + Sync + fmt::Debug {
    /// Writes a whole batch or nothing.
    ///
    /// # Errors
    /// When the database refuses: the batch is then not kept, and no receipt may be given out.
    /// [`StoreError::Unconfirmed`] when it did not answer: the batch may be kept all the same.
    /// [`StoreError::Moved`] when another process has taken the places: the batch must be judged anew.
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError>;

    /// Where the log ends now: other processes may write to it.
    ///
    /// # Errors
    /// When reading fails.
    async fn shared_log_end(&self) -> Result<SharedEnd, StoreError>;

    /// Waits for a while until no other process is judging a batch for the same log.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn precedence(&self) -> Result<Precedence, StoreError>;

    /// Whether asking what other processes did costs a round trip, so that whoever is alone spares it.
    fn is_remote(&self) -> bool;

    /// Up to `limit` log entries after `server_seq`, in order.
    ///
    /// # Errors
    /// When reading fails.
    async fn entries_after(&self, server_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError>;

    /// The operations at these places of the log.
    ///
    /// # Errors
    /// When reading fails.
    async fn operations_at(&self, places: &[u64]) -> Result<Vec<(u64, SignedOperation)>, StoreError>;

    /// What is in the log under this id.
    ///
    /// # Errors
    /// When reading fails.
    async fn known(&self, op_id: OpId) -> Result<Option<Known>, StoreError>;

    /// The receipt given earlier for exactly these bytes kept outside the log, if the decision was final.
    ///
    /// # Errors
    /// When reading fails.
    async fn known_aside(&self, operation: &SignedOperation) -> Result<Option<SignedReceipt>, StoreError>;

    /// Everything kept outside the log that was held, with what was decided about it.
    ///
    /// # Errors
    /// When reading fails.
    async fn held_aside(&self) -> Result<Vec<(SignedOperation, Verdict)>, StoreError>;

    /// The key that speaks for a chain.
    ///
    /// # Errors
    /// When reading fails.
    async fn device_key(&self, chain: &ChainKey) -> Result<Option<[u8; 32]>, StoreError>;

    /// Binds a key to a chain, once.
    ///
    /// # Errors
    /// When writing fails.
    async fn register_device(&self, key: &DeviceKey, now: Millis) -> Result<Registration, StoreError>;

    /// The end of a chain in the log: place and id of its last operation.
    ///
    /// # Errors
    /// When reading fails.
    async fn chain_end(&self, chain: &ChainKey) -> Result<Option<(u64, OpId)>, StoreError>;

    /// The highest epoch registered for a person on a device.
    ///
    /// # Errors
    /// When reading fails.
    async fn epoch_max(&self, person: PersonId, device: DeviceId) -> Result<Option<u32>, StoreError>;

    /// The account of this name.
    ///
    /// # Errors
    /// When reading fails.
    async fn account(&self, username: &str) -> Result<Option<AccountStatus>, StoreError>;

    /// The account of a person.
    ///
    /// # Errors
    /// When reading fails.
    async fn account_of(&self, person: PersonId) -> Result<Option<AccountStatus>, StoreError>;

    /// All accounts by name, as they stand.
    ///
    /// # Errors
    /// When reading fails.
    async fn account_statuses(&self) -> Result<Vec<AccountStatus>, StoreError>;

    /// All accounts by name.
    ///
    /// # Errors
    /// When reading fails.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;

    /// Adds accounts, or gives known ones a new password; all or none.
    ///
    /// # Errors
    /// When writing fails, or a person already has another account.
    async fn put_accounts(&self, accounts: &[Account], now: Millis) -> Result<(), StoreError>;

    /// Gives a person another password and ends their sessions but the one to keep. One that the office gives opens an account that
    /// was closed. False, and nothing has changed, when there is no account, or it is closed or has another password than the one
    /// to be replaced.
    ///
    /// # Errors
    /// When writing fails.
    async fn set_password(&self, new: NewPassword<'_>) -> Result<bool, StoreError>;

    /// Closes the account of a person and ends their sessions; false when it was closed already or there is none.
    ///
    /// # Errors
    /// When writing fails.
    async fn disable_account(&self, person: PersonId, now: Millis) -> Result<bool, StoreError>;

    /// Keeps a session in place of the one `instead`, and forgets expired ones. False, and nothing is kept, when the password
    /// that was checked (`password_hash`) is no longer the account's, or the account was closed meanwhile.
    ///
    /// # Errors
    /// When writing fails.
    async fn create_session(
        &self,
        session: &Session,
        password_hash: &str,
        instead: Option<&[u8; 32]>,
    ) -> Result<bool, StoreError>;

    /// The sessions of a person that have not expired, the latest first.
    ///
    /// # Errors
    /// When reading fails.
    async fn sessions_of(&self, person: PersonId, now: Millis) -> Result<Vec<Session>, StoreError>;

    /// The keys that speak for a person, the latest first.
    ///
    /// # Errors
    /// When reading fails.
    async fn devices_of(&self, person: PersonId) -> Result<Vec<KeptDevice>, StoreError>;

    /// The session of a token that has not expired.
    ///
    /// # Errors
    /// When reading fails.
    async fn session(&self, token_hash: &[u8; 32], now: Millis) -> Result<Option<Session>, StoreError>;

    /// Ends a session.
    ///
    /// # Errors
    /// When writing fails.
    async fn delete_session(&self, token_hash: &[u8; 32]) -> Result<(), StoreError>;

    /// A value kept under a key.
    ///
    /// # Errors
    /// When reading fails.
    async fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Keeps a value under a key.
    ///
    /// # Errors
    /// When writing fails.
    async fn put_meta(&self, key: &str, value: &[u8]) -> Result<(), StoreError>;

    /// Answers when the database does.
    ///
    /// # Errors
    /// When it does not.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Finishes what is under way and closes.
    async fn close(&self);
}
