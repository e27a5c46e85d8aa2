//! Checks signatures. This is the costly part of receiving, so it happens before a request's turn at the slot, on all
//! cores.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;

use ed25519_dalek::{Signature, VerifyingKey};
use shared::op::{ChainKey, SignedOperation};
use shared::sync::KeyCheck;
use tokio::sync::Semaphore;

use crate::store::{Store, StoreError};

/// Operations checked in one go. It is enough to be worth handing over to another thread.
const CHUNK: usize = 16;
/// Keys remembered, prepared for verification, at about 300 bytes each. When there are more, all are forgotten and read
/// again.
const KEYS_MAX: usize = 65_536;

/// An operation with the result of checking its signature.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub(super) operation: SignedOperation,
    pub(super) key: KeyCheck,
}

/// Checks signatures and remembers keys. A key once registered for a chain is never replaced.
#[derive(Debug)]
pub(super) struct Checker {
    keys: Mutex<HashMap<ChainKey, VerifyingKey>>,
    /// As many checks at a time as there are cores. More would only make everyone wait longer.
    cores: Arc<Semaphore>,
}

impl Default for Checker {
    fn default() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self { keys: Mutex::default(), cores: Arc::new(Semaphore::new(cores)) }
    }
}

impl Checker {
    /// Checks one operation on this thread.
    pub(super) async fn check(&self, store: &dyn Store, operation: &SignedOperation) -> Result<KeyCheck, StoreError> {
        Ok(verify(operation, self.key_of(store, operation).await?))
    }

    /// Checks many operations on all cores. Returns them in the order given.
    pub(super) async fn check_all(
        &self,
        store: &dyn Store,
        operations: Vec<SignedOperation>,
    ) -> Result<Vec<Checked>, StoreError> {
        let mut chunks = Vec::with_capacity(operations.len() / CHUNK + 1);
        let mut chunk = Vec::with_capacity(CHUNK);
        for operation in operations {
            let key = self.key_of(store, &operation).await?;
            chunk.push((operation, key));
            if chunk.len() == CHUNK {
                chunks.push(self.start(std::mem::take(&mut chunk)));
            }
        }
        if chunks.is_empty() {
            // For a few, checking is quicker than handing over.
            return Ok(chunk.into_iter().map(checked).collect());
        }
        chunks.push(self.start(chunk));
        let mut all = Vec::new();
        for chunk in chunks {
            let done = chunk.await.map_err(|error| StoreError::Unanswered(format!("checking signatures: {error}")))?;
            all.extend(done);
        }
        Ok(all)
    }

    /// Starts to check a chunk as soon as a core is free.
    fn start(&self, chunk: Vec<(SignedOperation, Option<VerifyingKey>)>) -> tokio::task::JoinHandle<Vec<Checked>> {
        let cores = Arc::clone(&self.cores);
        tokio::spawn(async move {
            let _core = cores.acquire_owned().await;
            let check = move || chunk.into_iter().map(checked).collect();
            // A panic in the check is passed on to the code that awaits this task.
            tokio::task::spawn_blocking(check)
                .await
                .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
        })
    }

    /// The registered key of the chain that an operation claims to continue.
    async fn key_of(&self, store: &dyn Store, operation: &SignedOperation) -> Result<Option<VerifyingKey>, StoreError> {
        // Bytes that are no body name no chain, so no key is known for them. They are judged malformed later.
        let Ok(body) = operation.decode() else { return Ok(None) };
        let chain = body.chain();
        if let Some(key) = self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(&chain) {
            return Ok(Some(*key));
        }
        // Bytes that are no key were never registered. Without a key the operation is held.
        let found = store.device_key(&chain).await?.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
        if let Some(key) = found {
            let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            if keys.len() >= KEYS_MAX {
                keys.clear();
            }
            keys.insert(chain, key);
        }
        Ok(found)
    }
}

fn checked((operation, key): (SignedOperation, Option<VerifyingKey>)) -> Checked {
    let key = verify(&operation, key);
    Checked { operation, key }
}

fn verify(operation: &SignedOperation, key: Option<VerifyingKey>) -> KeyCheck {
    let Some(key) = key else { return KeyCheck::UnknownKey };
    let verified = Signature::from_slice(&operation.signature)
        .is_ok_and(|signature| key.verify_strict(&operation.body, &signature).is_ok());
    if verified { KeyCheck::Verified } else { KeyCheck::BadSignature }
}
