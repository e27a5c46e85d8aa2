//! Receives operations: verifies, judges and stores them, and returns receipts. There is no other way in.
//!
//! The folded log is kept in memory behind one lock. It is a copy of the log. Whenever the two might differ, after a
//! failed or interrupted write, the copy is dropped and folded again. A receipt leaves only after its batch is on the
//! disk.
//!
//! Requests that arrive while a batch is being written, or at the same moment, wait for the next turn. They are then
//! judged and written together.

mod author;
mod check;
mod intake;
mod quota;
mod turn;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ed25519_dalek::{Signer as _, SigningKey};
use shared::op::{Receipt, SignedOperation, SignedReceipt};
use shared::sync::{KeyCheck, LogState};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

pub use author::Author;
pub use intake::Intake;
pub use quota::{DailyQuota, Exceeded};

use check::Checker;
use turn::Waiting;

use crate::packs;
use crate::store::{Precedence, SharedEnd, Store, StoreError};

/// Log entries read at a time while folding.
const REPLAY_PAGE: u32 = 2_000;
/// How often a batch is judged again because another process wrote in between.
pub(crate) const ATTEMPTS_MAX: usize = 8;

/// The folded log. None when it must be folded again.
type FoldSlot = Option<Folded>;

/// A copy of the log, folded.
#[derive(Debug)]
pub struct Folded {
    log_state: LogState,
    /// [`SharedEnd::forks`] when forked chains were last looked up.
    forks: Vec<u8>,
}

/// Key of the meta value that says how far the log is backed up, a big-endian u64.
const SAFE_SEQ: &str = "safe_seq";

/// Receives operations. Cheap to clone.
#[derive(Clone)]
pub struct Ingest {
    store: Arc<dyn Store>,
    key: Arc<SigningKey>,
    slot: Arc<RwLock<FoldSlot>>,
    checker: Arc<Checker>,
    waiting: Arc<Waiting>,
    company: Arc<Company>,
}

/// Whether other processes write to the log, as far as this one has noticed. A process that is alone need not ask
/// before each turn: the commit reveals when another was faster, but then everything is folded again.
#[derive(Debug, Default)]
struct Company {
    /// Whether the writes of other processes were looked up since this process last kept anything aside.
    asked: AtomicBool,
    /// Whether another process has written, and may do so again.
    met: AtomicBool,
}

impl Company {
    fn is_alone(&self) -> bool {
        self.asked.load(Ordering::Relaxed) && !self.met.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Ingest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ingest").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Ingest {
    /// Folds the log of `store`; receipts will be signed with `key`.
    ///
    /// # Errors
    /// When the log cannot be read or folded.
    pub async fn open(store: Arc<dyn Store>, key: SigningKey) -> Result<Self, StoreError> {
        let end = store.shared_log_end().await?;
        let folded = fold(store.as_ref(), end).await?;
        Ok(Self {
            store,
            key: Arc::new(key),
            slot: Arc::new(RwLock::new(Some(folded))),
            checker: Arc::default(),
            waiting: Arc::default(),
            company: Arc::default(),
        })
    }

    /// The key with which devices check receipts.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// The folded log for reading. It includes everything that other processes had written when it was asked for.
    ///
    /// # Errors
    /// When it had to be folded again and could not.
    pub async fn log_state(&self) -> Result<OwnedRwLockReadGuard<FoldSlot, LogState>, StoreError> {
        let end = self.store.shared_log_end().await?.server_seq;
        loop {
            let slot = Arc::clone(&self.slot).read_owned().await;
            match OwnedRwLockReadGuard::try_map(slot, |slot| folded_up_to(slot, end)) {
                Ok(office) => return Ok(office),
                Err(slot) => drop(slot),
            }
            let mut slot = Arc::clone(&self.slot).write_owned().await;
            let folded = self.up_to_date(&mut slot).await?;
            *slot = Some(folded);
        }
    }

    /// Up to this sequence a backup of the log exists. It is 0 before the first backup.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn safe_seq(&self) -> Result<u64, StoreError> {
        safe_seq(self.store.as_ref()).await
    }

    /// Takes the slot, which only one caller can have. Everything received through it is stored together by its commit.
    ///
    /// # Errors
    /// When the log had to be folded again and could not.
    pub async fn intake(&self) -> Result<Intake, StoreError> {
        self.intake_at(Arc::clone(&self.slot).write_owned().await).await
    }

    async fn intake_at(&self, mut slot: OwnedRwLockWriteGuard<FoldSlot>) -> Result<Intake, StoreError> {
        if self.store.is_remote()
            && self.company.is_alone()
            && let Some(folded) = slot.take()
        {
            return Ok(Intake::new(self.clone(), slot, folded, Precedence::default()));
        }
        let precedence: Precedence = self.store.precedence().await?;
        let folded = self.up_to_date(&mut slot).await?;
        self.company.asked.store(true, Ordering::Relaxed);
        Ok(Intake::new(self.clone(), slot, folded, precedence))
    }

    /// Takes the folded log from the slot, folded up to the present end of the log. The caller must put it back.
    async fn up_to_date(&self, slot: &mut FoldSlot) -> Result<Folded, StoreError> {
        let end = self.store.shared_log_end().await?;
        let Some(mut folded) = slot.take() else {
            tracing::warn!("folding the log again");
            return fold(self.store.as_ref(), end).await;
        };
        if end.server_seq < folded.log_state.log_end() {
            // The database was restored from an older copy while this process ran.
            return fold(self.store.as_ref(), end).await;
        }
        if end.server_seq > folded.log_state.log_end() {
            self.company.met.store(true, Ordering::Relaxed);
            catch_up(self.store.as_ref(), &mut folded.log_state).await?;
        }
        if end.forks != folded.forks {
            replay_aside(self.store.as_ref(), &mut folded.log_state).await?;
            folded.forks = end.forks;
        }
        Ok(folded)
    }

    /// Checks the signature of an operation against the key registered for its chain.
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub async fn check(&self, operation: &SignedOperation) -> Result<KeyCheck, StoreError> {
        self.checker.check(self.store.as_ref(), operation).await
    }

    fn sign(&self, receipt: &Receipt) -> SignedReceipt {
        let receipt = receipt.to_bytes();
        let signature = self.key.sign(&receipt).to_bytes().to_vec();
        SignedReceipt { receipt, signature }
    }
}

/// How far the log of `store` is backed up.
async fn safe_seq(store: &dyn Store) -> Result<u64, StoreError> {
    let bytes = store.meta(SAFE_SEQ).await?;
    Ok(bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes))
}

/// Notes that the log of `store` is backed up to a sequence. An older backup that is noted later changes nothing.
///
/// # Errors
/// When it cannot be stored.
pub async fn note_safe(store: &dyn Store, server_seq: u64) -> Result<(), StoreError> {
    let safe = safe_seq(store).await?.max(server_seq);
    store.put_meta(SAFE_SEQ, &safe.to_be_bytes()).await
}

/// The folded log in the slot, if it was folded that far.
fn folded_up_to(slot: &FoldSlot, end: u64) -> Option<&LogState> {
    slot.as_ref().map(|folded| &folded.log_state).filter(|office| office.log_end() >= end)
}

/// Folds everything. `end` was read before.
async fn fold(store: &dyn Store, end: SharedEnd) -> Result<Folded, StoreError> {
    Ok(Folded { log_state: replay(store).await?, forks: end.forks })
}

/// Folds the whole log in order, with the verdicts given at the time.
///
/// # Errors
/// When the log cannot be read or folded.
pub async fn replay(store: &dyn Store) -> Result<LogState, StoreError> {
    let mut office = LogState::new();
    catch_up(store, &mut office).await?;
    replay_aside(store, &mut office).await?;
    Ok(office)
}

/// Takes in what is kept outside the log. It shows which keys are used by two devices at once.
async fn replay_aside(store: &dyn Store, office: &mut LogState) -> Result<(), StoreError> {
    for (operation, verdict) in store.held_aside().await? {
        office.replay_aside(&operation, &verdict);
    }
    Ok(())
}

/// Folds the log entries after the end of the copy.
async fn catch_up(store: &dyn Store, office: &mut LogState) -> Result<(), StoreError> {
    loop {
        let entries = store.entries_after(office.log_end(), REPLAY_PAGE).await?;
        if entries.is_empty() {
            return packs::learn_adopted(store, office.state()).await;
        }
        for entry in entries {
            office
                .replay(entry.server_seq, &entry.operation, &entry.verdict, entry.received_at)
                .map_err(|error| StoreError::Damaged { what: "operation", detail: error.to_string() })?;
        }
    }
}
