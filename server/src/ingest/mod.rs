//! The only way in: verify, judge, store, receipt.
//!
//! The folded office lives in memory, behind one lock, and is a copy of the log: whenever the two might differ (a failed
//! or cut-off write) the copy is thrown away and folded again. A receipt leaves only after its batch is on the disk.

mod author;
mod intake;

use std::fmt;
use std::sync::Arc;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use shared::op::{Receipt, SignedOperation, SignedReceipt};
use shared::sync::{KeyCheck, Office};
use tokio::sync::{OwnedRwLockReadGuard, RwLock};

pub use author::Author;
pub use intake::Intake;

use crate::clock;
use crate::store::{Store, StoreError};

/// Log entries read at a time while folding.
const REPLAY_PAGE: u32 = 2_000;

/// The folded office; none when it must be folded again.
type Desk = Option<Office>;
/// Key of the meta value that tells how far the log is backed up, a big-endian u64.
const SAFE_SEQ: &str = "safe_seq";

/// The way in; cheap to clone.
#[derive(Clone)]
pub struct Ingest {
    store: Arc<dyn Store>,
    key: Arc<SigningKey>,
    desk: Arc<RwLock<Desk>>,
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
        let office = replay(store.as_ref()).await?;
        Ok(Self { store, key: Arc::new(key), desk: Arc::new(RwLock::new(Some(office))) })
    }

    /// The key that tablets check receipts with.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// The folded office, to read.
    ///
    /// # Errors
    /// When it had to be folded again and could not.
    pub async fn office(&self) -> Result<OwnedRwLockReadGuard<Desk, Office>, StoreError> {
        loop {
            let desk = Arc::clone(&self.desk).read_owned().await;
            match OwnedRwLockReadGuard::try_map(desk, Option::as_ref) {
                Ok(office) => return Ok(office),
                Err(desk) => drop(desk),
            }
            drop(self.intake().await?);
        }
    }

    /// The log outlives this machine up to this sequence; 0 before the first backup.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn safe_seq(&self) -> Result<u64, StoreError> {
        safe_seq(self.store.as_ref()).await
    }

    /// Takes the one place at the desk: what is received through it is stored by its commit, together.
    ///
    /// # Errors
    /// When the office had to be folded again and could not.
    pub async fn intake(&self) -> Result<Intake, StoreError> {
        let mut desk = Arc::clone(&self.desk).write_owned().await;
        let office = match desk.take() {
            Some(office) => office,
            None => {
                tracing::warn!("folding the log again");
                replay(self.store.as_ref()).await?
            }
        };
        Ok(Intake::new(self.clone(), desk, office))
    }

    /// Receives a batch: one receipt for each operation, in the order given. One bad operation spoils no other.
    ///
    /// # Errors
    /// When the store fails; then nothing of the batch is kept and no receipt exists.
    pub async fn receive(&self, operations: Vec<SignedOperation>) -> Result<Vec<SignedReceipt>, StoreError> {
        let mut checked = Vec::with_capacity(operations.len());
        for operation in operations {
            let key = self.check(&operation).await?;
            checked.push((operation, key));
        }
        let mut intake = self.intake().await?;
        let mut receipts = Vec::with_capacity(checked.len());
        for (operation, key) in checked {
            receipts.push(intake.receive(operation, key, clock::now()).await?);
        }
        intake.commit().await?;
        Ok(receipts)
    }

    /// Checks the signature of an operation against the key registered for its chain.
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub async fn check(&self, operation: &SignedOperation) -> Result<KeyCheck, StoreError> {
        // Bytes that are no body name no chain, so no key is known for them; judging them malformed is the office's part.
        let Ok(body) = operation.decode() else { return Ok(KeyCheck::UnknownKey) };
        let Some(key) = self.store.device_key(&body.chain()).await? else { return Ok(KeyCheck::UnknownKey) };
        let verified = VerifyingKey::from_bytes(&key).is_ok_and(|key| {
            Signature::from_slice(&operation.signature)
                .is_ok_and(|signature| key.verify_strict(&operation.body, &signature).is_ok())
        });
        Ok(if verified { KeyCheck::Verified } else { KeyCheck::BadSignature })
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

/// Notes that the log of `store` is backed up to a sequence. An older backup made later takes nothing back.
///
/// # Errors
/// When it cannot be kept.
pub async fn note_safe(store: &dyn Store, server_seq: u64) -> Result<(), StoreError> {
    let safe = safe_seq(store).await?.max(server_seq);
    store.put_meta(SAFE_SEQ, &safe.to_be_bytes()).await
}

/// Folds the whole log, in its order, with the verdicts given then.
///
/// # Errors
/// When the log cannot be read or folded.
pub async fn replay(store: &dyn Store) -> Result<Office, StoreError> {
    let mut office = Office::new();
    loop {
        let entries = store.entries_after(office.log_end(), REPLAY_PAGE).await?;
        if entries.is_empty() {
            return Ok(office);
        }
        for entry in entries {
            office
                .replay(entry.server_seq, &entry.operation, &entry.verdict)
                .map_err(|error| StoreError::Damaged { what: "operation", detail: error.to_string() })?;
        }
    }
}
