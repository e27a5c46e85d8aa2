//! Stores what the server received. There is one trait and one adapter per database; both must pass the same tests.
//!
//! Operations, verdicts and receipts are only ever added. Everything in a batch is written in one transaction.

mod account;
mod blob;
mod blob_statements;
mod columns;
mod error;
mod postgres;
mod sqlite;
mod statements;

use std::fmt;
use std::fs::File;

use async_trait::async_trait;
use shared::ids::{BlobHash, DeviceId, OpId, PersonId};
use shared::op::{ChainKey, RefusalCode, SignedOperation, SignedReceipt, Verdict};
use shared::time::Millis;
use tokio::sync::oneshot;

pub use account::{Account, AccountStatus, KeptDevice, NewPassword, Session};
pub use blob::{BlobPart, BlobRange, Upload};
pub use error::{StoreError, Trouble};
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
    /// The verdict.
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
    /// The verdict.
    pub verdict: Verdict,
    /// The receipt given.
    pub receipt: SignedReceipt,
    /// When it arrived.
    pub received_at: Millis,
}

/// Everything in one batch.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The entries for the log, in order.
    pub log: Vec<NewEntry>,
    /// The entries kept outside the log.
    pub aside: Vec<AsideEntry>,
    /// The accounts of new people, and when they were made.
    pub accounts: Vec<(Account, Millis)>,
    /// [`SharedEnd::forks`] at the time of judging.
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

/// What the server already holds of an operation.
#[derive(Clone, Debug)]
pub struct Known {
    /// The signature it was received with.
    pub signature: Vec<u8>,
    /// The receipt given then.
    pub receipt: SignedReceipt,
}

/// A key that signs for a person on a device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceKey {
    /// Its person, device and epoch.
    pub chain: ChainKey,
    /// Ed25519 public key.
    pub public_key: [u8; 32],
    /// The person's name for the device.
    pub label: String,
}

/// The result of a registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Registration {
    /// The key signs for the chain from now on, or did already.
    Registered,
    /// The epoch belongs to another key. Epochs up to this one are taken.
    Taken {
        /// The highest epoch registered for the person and device.
        epoch_max: u32,
    },
}

/// What other processes may have done to the log.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SharedEnd {
    /// The end of the log.
    pub server_seq: u64,
    /// A value that changes whenever another operation is kept aside because of a fork. It carries no other meaning.
    pub forks: Vec<u8>,
}

/// The right of way among processes that write to one log, returned when dropped. It is a courtesy that saves everyone
/// judging twice. [`Store::commit`] decides what is right.
#[derive(Debug, Default)]
pub struct Precedence {
    _until_dropped: Option<oneshot::Sender<()>>,
    _until_closed: Option<File>,
}

/// Key of the meta value that tells other processes about a forked chain. It is the hash of the bytes kept aside for
/// it.
const FORKS: &str = "forks";

/// Whether an operation was kept aside because its chain forked. Every process has to learn of that.
fn is_fork(entry: &AsideEntry) -> bool {
    entry.verdict.refusal().is_some_and(|refusal| refusal.code == RefusalCode::Fork)
}

/// The server's store.
#[async_trait]
pub trait Store: Send + Sync + fmt::Debug {
    /// Writes a whole batch or nothing.
    ///
    /// # Errors
    /// When the database refuses: the batch is then not stored, and no receipt may be given out.
    /// [`StoreError::Unconfirmed`] when it did not answer: the batch may be stored all the same. [`StoreError::Moved`]
    /// when another process has taken the places: the batch must be judged again.
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError>;

    /// The present end of the log. Other processes may write to it.
    ///
    /// # Errors
    /// When reading fails.
    async fn shared_log_end(&self) -> Result<SharedEnd, StoreError>;

    /// Waits for a while until no other process is judging a batch for the same log.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn precedence(&self) -> Result<Precedence, StoreError>;

    /// Whether asking what other processes did costs a round trip. A process that is alone then does not ask.
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

    /// The operation in the log under this id.
    ///
    /// # Errors
    /// When reading fails.
    async fn known(&self, op_id: OpId) -> Result<Option<Known>, StoreError>;

    /// The receipt given earlier for exactly these bytes kept outside the log, if the decision was final.
    ///
    /// # Errors
    /// When reading fails.
    async fn known_aside(&self, operation: &SignedOperation) -> Result<Option<SignedReceipt>, StoreError>;

    /// All held operations kept outside the log, with their verdicts.
    ///
    /// # Errors
    /// When reading fails.
    async fn held_aside(&self) -> Result<Vec<(SignedOperation, Verdict)>, StoreError>;

    /// The key that signs for a chain.
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

    /// The state of all accounts, by name.
    ///
    /// # Errors
    /// When reading fails.
    async fn account_statuses(&self) -> Result<Vec<AccountStatus>, StoreError>;

    /// All accounts by name.
    ///
    /// # Errors
    /// When reading fails.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;

    /// Adds accounts, or gives known ones a new password, all or none.
    ///
    /// # Errors
    /// When writing fails, or a person already has another account.
    async fn put_accounts(&self, accounts: &[Account], now: Millis) -> Result<(), StoreError>;

    /// Gives a person another password and ends their sessions except the one to keep. A password given by the office
    /// opens an account that was closed. False, and nothing has changed, when there is no account, it is closed, or it
    /// has another password than the one to be replaced.
    ///
    /// # Errors
    /// When writing fails.
    async fn set_password(&self, new: NewPassword<'_>) -> Result<bool, StoreError>;

    /// Closes the account of a person and ends their sessions. False when it was closed already or there is none.
    ///
    /// # Errors
    /// When writing fails.
    async fn disable_account(&self, person: PersonId, now: Millis) -> Result<bool, StoreError>;

    /// Stores a session in place of the one `instead`, and removes expired ones. False, and nothing is stored, when the
    /// password that was checked (`password_hash`) is no longer the account's, or the account was closed meanwhile.
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

    /// The keys that sign for a person, the latest first.
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

    /// Keeps a whole blob, and forgets all parts of it. A blob that is there stays as it is.
    ///
    /// # Errors
    /// When writing fails.
    async fn put_blob(&self, hash: BlobHash, bytes: &[u8], now: Millis) -> Result<(), StoreError>;

    /// Up to `length` bytes of a blob after its first `from` bytes. None when there is no such blob.
    ///
    /// # Errors
    /// When reading fails.
    async fn blob_range(&self, hash: BlobHash, from: u64, length: usize) -> Result<Option<BlobRange>, StoreError>;

    /// Adds a part to a person's upload if it begins where the upload ends. The first part of an upload also removes
    /// uploads that nobody has continued for [`shared::limits::BLOB_PARTS_KEPT_MS`].
    ///
    /// # Errors
    /// When reading or writing fails.
    async fn add_blob_part(&self, part: BlobPart<'_>, now: Millis) -> Result<Upload, StoreError>;

    /// Forgets what a person has uploaded of a blob.
    ///
    /// # Errors
    /// When writing fails.
    async fn drop_blob_parts(&self, hash: BlobHash, person: PersonId) -> Result<(), StoreError>;

    /// The value stored under a key.
    ///
    /// # Errors
    /// When reading fails.
    async fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Stores a value under a key.
    ///
    /// # Errors
    /// When writing fails.
    async fn put_meta(&self, key: &str, value: &[u8]) -> Result<(), StoreError>;

    /// Succeeds when the database answers.
    ///
    /// # Errors
    /// When it does not.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Finishes running work and closes.
    async fn close(&self);
}
