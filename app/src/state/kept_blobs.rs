//! The blobs of one person on this device: whole, or as far as they have come.

use shared::device_store::{Records, metadata};
use shared::ids::BlobHash;
use shared::sorted_map::Map;

/// What both stores hold of blobs.
pub struct KeptBlobs {
    /// Whole blobs.
    pub whole: Map<BlobHash, Vec<u8>>,
    /// The beginnings of others.
    pub parts: Map<BlobHash, Vec<u8>>,
}

impl From<&Records> for KeptBlobs {
    fn from(records: &Records) -> Self {
        let mut parts = Map::new();
        for (name, bytes) in &records.metadata {
            if let Some(hash) = metadata::blob_of_part(name).filter(|_| !bytes.is_empty()) {
                parts.insert(hash, bytes.clone());
            }
        }
        Self { whole: records.blobs.clone(), parts }
    }
}
