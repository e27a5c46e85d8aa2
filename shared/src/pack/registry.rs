//! The packs that this program has read, by content hash. A pack never changes under its hash, so each is read once and
//! kept until the program ends.

use std::sync::{PoisonError, RwLock};

use super::Pack;
use crate::ids::PackHash;

/// There are few, so they are searched in turn, the latest first.
static LEARNED: RwLock<Vec<&'static Pack>> = RwLock::new(Vec::new());

/// Makes an encoded pack available. None when the bytes are not a pack.
pub fn learn(bytes: &[u8]) -> Option<&'static Pack> {
    let hash = PackHash::of(bytes);
    if let Some(pack) = learned(&hash) {
        return Some(pack);
    }
    Some(keep(Pack::from_bytes(bytes)?))
}

/// Makes a pack available that was read in another way.
pub(super) fn keep(pack: Pack) -> &'static Pack {
    let mut learned = LEARNED.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = learned.iter().find(|known| known.hash == pack.hash) {
        return known;
    }
    let pack: &'static Pack = Box::leak(Box::new(pack));
    learned.push(pack);
    pack
}

/// A pack that was made available.
pub(super) fn learned(hash: &PackHash) -> Option<&'static Pack> {
    LEARNED.read().unwrap_or_else(PoisonError::into_inner).iter().rev().find(|pack| pack.hash == *hash).copied()
}

/// All packs that were made available.
pub(super) fn all_learned() -> Vec<&'static Pack> {
    LEARNED.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The pack that a card or an adoption names. None while it has not arrived.
#[must_use]
pub fn pinned(hash: &PackHash) -> Option<&'static Pack> {
    if let Some(pack) = learned(hash) {
        return Some(pack);
    }
    #[cfg(feature = "author")]
    return super::files::all().find(|pack| pack.hash == *hash).map(|pack| keep(pack.clone()));
    #[cfg(not(feature = "author"))]
    None
}
