//! Receives one batch at the slot.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use sha2::{Digest as _, Sha256};
use shared::op::{ChainHead, ChainKey, SignedOperation, SignedReceipt};
use shared::state::State;
use shared::sync::{KeyCheck, Place};
use shared::time::Millis;
use tokio::sync::OwnedRwLockWriteGuard;

use super::{FoldSlot, Folded, Ingest};
use crate::packs;
use crate::store::{Account, AsideEntry, Batch, NewEntry, Precedence, StoreError};

/// A batch being received. If it is dropped without [`Intake::commit`], everything received through it is undone. The
/// slot is left empty, and the next request folds the log again.
#[derive(Debug)]
pub struct Intake {
    ingest: Ingest,
    slot: OwnedRwLockWriteGuard<FoldSlot>,
    folded: Option<Folded>,
    batch: Batch,
    given: HashMap<[u8; 32], SignedReceipt>,
    /// Held until the batch is on the disk or dropped.
    _precedence: Precedence,
}

impl Intake {
    pub(super) fn new(
        ingest: Ingest,
        slot: OwnedRwLockWriteGuard<FoldSlot>,
        folded: Folded,
        precedence: Precedence,
    ) -> Self {
        let (batch, given) = (Batch::default(), HashMap::new());
        Self { ingest, slot, folded: Some(folded), batch, given, _precedence: precedence }
    }

    /// The folded state, including this batch so far.
    #[must_use]
    pub fn state(&self) -> &State {
        static EMPTY: std::sync::LazyLock<State> = std::sync::LazyLock::new(State::default);
        self.folded.as_ref().map_or(&EMPTY, |folded| folded.log_state.state())
    }

    /// The end of a chain, including this batch so far.
    #[must_use]
    pub fn head(&self, chain: &ChainKey) -> ChainHead {
        self.folded.as_ref().map(|folded| folded.log_state.head(chain)).unwrap_or_default()
    }

    /// Receives an operation whose signature was checked. The receipt is valid once the batch is committed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn receive(
        &mut self,
        operation: SignedOperation,
        key: KeyCheck,
        now: Millis,
    ) -> Result<SignedReceipt, StoreError> {
        let bytes_hash: [u8; 32] = Sha256::digest(operation.to_bytes()).into();
        if let Some(receipt) = self.given.get(&bytes_hash) {
            return Ok(receipt.clone());
        }
        // A rightly signed operation that continues its chain was never here. A chain has one operation at a place, and
        // a reason to keep such bytes aside no longer applies. Everything else is looked up.
        let known = if self.continues(&operation, key) { None } else { self.stored_receipt(&operation, key).await? };
        let receipt = match known {
            Some(receipt) => receipt,
            None => {
                if key == KeyCheck::Verified {
                    packs::learn_named(self.ingest.store.as_ref(), self.state(), &operation, now).await?;
                }
                self.decide(operation, key, now)?
            }
        };
        self.given.insert(bytes_hash, receipt.clone());
        Ok(receipt)
    }

    fn continues(&self, operation: &SignedOperation, key: KeyCheck) -> bool {
        let Some(Folded { log_state: office, .. }) = &self.folded else { return false };
        key == KeyCheck::Verified
            && operation.decode().is_ok_and(|body| office.head(&body.chain()).admits(&body).is_ok())
    }

    /// The receipt given when the same operation arrived earlier.
    async fn stored_receipt(
        &self,
        operation: &SignedOperation,
        key: KeyCheck,
    ) -> Result<Option<SignedReceipt>, StoreError> {
        let store = &self.ingest.store;
        if let Some(known) = store.known(operation.id()).await?
            && (known.signature == operation.signature || key == KeyCheck::Verified)
        {
            return Ok(Some(known.receipt));
        }
        store.known_aside(operation).await
    }

    fn decide(&mut self, operation: SignedOperation, key: KeyCheck, now: Millis) -> Result<SignedReceipt, StoreError> {
        let folded = self.folded.as_mut().ok_or_else(|| damaged("the fold slot is empty"))?;
        let decision = folded.log_state.receive(&operation, key, now);
        let verdict = decision.receipt.verdict.clone();
        let receipt = self.ingest.sign(&decision.receipt);
        let op_id = decision.receipt.op;
        match decision.place {
            Place::Aside => {
                let entry = AsideEntry { op_id, operation, verdict, receipt: receipt.clone(), received_at: now };
                self.batch.aside.push(entry);
            }
            Place::Log(server_seq) => {
                let body = match operation.decode() {
                    Ok(body) => body,
                    Err(error) => {
                        // It was folded but cannot be stored, so the folded copy must be dropped.
                        self.folded = None;
                        return Err(damaged(&error.to_string()));
                    }
                };
                self.batch.log.push(NewEntry {
                    server_seq,
                    op_id,
                    chain: body.chain(),
                    chain_seq: body.seq,
                    kind: body.kind,
                    operation,
                    verdict,
                    receipt: receipt.clone(),
                    received_at: now,
                });
            }
        }
        Ok(receipt)
    }

    /// Creates accounts together with what was received.
    pub fn add_accounts(&mut self, accounts: Vec<Account>, now: Millis) {
        self.batch.accounts.extend(accounts.into_iter().map(|account| (account, now)));
    }

    /// Writes the batch to the disk in one transaction.
    ///
    /// # Errors
    /// When the store refuses. Then nothing of the batch is kept.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        if !self.batch.is_empty() {
            if let Some(folded) = &self.folded {
                self.batch.forks.clone_from(&folded.forks);
            }
            let company = &self.ingest.company;
            let committed = self.ingest.store.commit(&self.batch).await;
            if matches!(committed, Err(StoreError::Moved { .. })) {
                company.met.store(true, Ordering::Relaxed);
            }
            if !self.batch.aside.is_empty() {
                // It may have been a fork, of which everyone is told.
                company.asked.store(false, Ordering::Relaxed);
            }
            committed?;
        }
        self.batch = Batch::default();
        Ok(())
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        // After a panic it is unknown how far the fold had come.
        if self.batch.is_empty() && !std::thread::panicking() {
            *self.slot = self.folded.take();
        }
    }
}

fn damaged(detail: &str) -> StoreError {
    StoreError::Damaged { what: "operation", detail: detail.to_owned() }
}
