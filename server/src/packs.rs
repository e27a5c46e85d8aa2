//! The packs that an office lives by, kept as blobs beside the log: what was adopted stays readable when a later program
//! comes with other files.

use shared::ids::PackHash;
use shared::limits::BLOB_BYTES_MAX;
use shared::op::{Payload, SignedOperation};
use shared::pack::{self, Pack};
use shared::state::State;
use shared::time::Millis;

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
    // An adoption may have been replaced since; the cards under it keep its pack.
    let adopted = state.adoptions.all().map(|adoption| adoption.pack);
    let mut missing: Vec<PackHash> = adopted.chain(state.cards().map(|(key, _)| key.pack)).collect();
    missing.sort_unstable();
    missing.dedup();
    for hash in missing {
        learn(store, hash).await?;
    }
    Ok(())
}

/// Makes the pack available that an operation adopts, if it is kept and its author may adopt it. Without it the adoption
/// could not be judged. Whether the pack passes the static check is part of that judgement.
///
/// # Errors
/// When the blobs cannot be read.
pub(crate) async fn learn_named(
    store: &dyn Store,
    state: &State,
    operation: &SignedOperation,
    now: Millis,
) -> Result<(), StoreError> {
    let Ok(body) = operation.decode() else { return Ok(()) };
    let Ok(Payload::AdoptPack(adoption)) = body.intent() else { return Ok(()) };
    if pack::pinned(&adoption.pack).is_some() || !state.may_adopt(body.actor, adoption.unit, now.day()) {
        return Ok(());
    }
    let kept = store.blob_range(adoption.pack.into(), 0, BLOB_BYTES_MAX).await?;
    // Bytes that are no pack stay unknown.
    let _ = kept.and_then(|blob| pack::learn(&blob.bytes));
    Ok(())
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
