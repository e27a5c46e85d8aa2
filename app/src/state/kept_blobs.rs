//! The blobs of one person on this device: whole, or as far as they have come.

use shared::device_store::{Records, metadata};
use shared::ids::BlobHash;
use shared::pack;
use shared::sorted_map::Map;

/// What both stores hold of blobs.
pub struct KeptBlobs {
    /// Whole blobs.
    pub whole: Map<BlobHash, Vec<u8>>,
    /// The beginnings of others, by the names under which the stores keep them.
    pub parts: Map<String, Vec<u8>>,
}

impl KeptBlobs {
    /// Reads what both stores hold. The packs among the blobs are available from then on.
    pub fn open(records: &Records) -> Self {
        for bytes in records.blobs.values() {
            let _ = pack::learn(bytes);
        }
        let mut parts = records.metadata.clone();
        parts.retain(|name, bytes| name.starts_with(metadata::BLOB_PART) && !bytes.is_empty());
        Self { whole: records.blobs.clone(), parts }
    }
}
