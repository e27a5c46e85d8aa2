//! The packs that an office lives by, kept as blobs beside the log: what was adopted stays readable when a later program
//! comes with other files.

use shared::ids::PackHash;
use shared::limits::BLOB_BYTES_MAX;
use shared::op::{Payload, SignedOperation};
use shared::pack::{self, Pack};
use shared::state::State;

use crate::clock;
use crate::store::{Store, StoreError};

/// Keeps a pack and makes it available.
///
/// # Errors
/// When it cannot be stored.
pub async fn keep(store: &dyn Store, pack: &Pack) -> Result<(), StoreError> {
    let bytes = pack.to_bytes();
    store.put_blob(PackHash::of(&bytes).into(), &bytes, clock::now()).await?;
    pack::learn(&bytes);
    Ok(())
}

/// Makes every pack available that was adopted, as far as it is kept.
///
/// # Errors
/// When the blobs cannot be read.
pub(crate) async fn learn_adopted(store: &dyn Store, state: &State) -> Result<(), StoreError> {
    let mut missing: Vec<PackHash> = state.adoptions.all().map(|adoption| adoption.pack).collect();
    missing.sort_unstable();
    missing.dedup();
    for hash in missing {
        learn(store, hash).await?;
    }
    Ok(())
}

/// Makes the pack available that an operation adopts, if it is kept. Without it the adoption could not be judged.
///
/// # Errors
/// When the blobs cannot be read.
pub(crate) async fn learn_named(store: &dyn Store, operation: &SignedOperation) -> Result<(), StoreError> {
    match operation.decode().and_then(|body| body.intent()) {
        Ok(Payload::AdoptPack(adoption)) => learn(store, adoption.pack).await,
        _ => Ok(()),
    }
}

async fn learn(store: &dyn Store, hash: PackHash) -> Result<(), StoreError> {
    if pack::pinned(&hash).is_some() {
        return Ok(());
    }
    let kept = store.blob_range(hash.into(), 0, BLOB_BYTES_MAX).await?;
    if kept.and_then(|blob| pack::learn(&blob.bytes)).is_none() {
        tracing::warn!(%hash, "a pack that was adopted has not arrived");
    }
    Ok(())
}
