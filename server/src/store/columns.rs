//! Converts values to and from columns, the same for every database.

use sha2::{Digest as _, Sha256};
use shared::op::{SignedOperation, Verdict};

use super::StoreError;

/// A number with a sign, as databases store it.
pub(super) fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Damaged { what: "number", detail: format!("{number} is too large") })
}

/// The number of bytes, as databases store it.
pub(super) fn size(bytes: &[u8]) -> Result<i64, StoreError> {
    signed(bytes.len() as u64)
}

/// A number that cannot be below zero.
pub(super) fn unsigned(what: &'static str, number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Damaged { what, detail: format!("found {number}") })
}

/// An epoch.
pub(super) fn epoch(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::Damaged { what: "epoch", detail: format!("found {number}") })
}

/// Bytes of a known length.
pub(super) fn fixed<const N: usize>(what: &'static str, bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged { what, detail: format!("found {} bytes", bytes.len()) })
}

/// The hash by which bytes kept aside are found.
pub(super) fn bytes_hash(operation: &SignedOperation) -> [u8; 32] {
    Sha256::digest(operation.to_bytes()).into()
}

/// A verdict, encoded for the store.
pub(super) fn verdict_bytes(verdict: &Verdict) -> Result<Vec<u8>, StoreError> {
    minicbor::to_vec(verdict).map_err(|error| StoreError::Damaged { what: "verdict", detail: error.to_string() })
}

/// A verdict, decoded from the store.
pub(super) fn verdict(bytes: &[u8]) -> Result<Verdict, StoreError> {
    minicbor::decode(bytes).map_err(|error| StoreError::Damaged { what: "verdict", detail: error.to_string() })
}
