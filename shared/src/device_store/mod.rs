//! The records that a device keeps, in the terms that both stores share. The journal writes each record as a frame; the
//! database puts it under its key. This module is pure; the stores themselves are the app's `journal` and `db`.

mod fold;
mod frame;
mod mend;

use crate::ids::{BlobHash, OpId};
use crate::op::{DecodeError, SignedOperation};
use crate::sorted_map::Map;

pub use fold::fold;
pub use frame::Frame;
pub use mend::{Condition, Mended, mend};

/// The place of an own operation in the chains of this device: the epoch, then the place in the chain.
pub type ChainPlace = (u32, u64);

/// Names of the metadata records that are kept beside the operations.
pub mod metadata {
    use crate::ids::BlobHash;

    /// [`crate::sync::Meta`] as CBOR. It is written together with the log entries it counts.
    pub const EXCHANGE: &str = "exchange";
    /// The 16 bytes of the device's id.
    pub const DEVICE: &str = "device";
    /// The epoch in which this device signs, little-endian u32.
    pub const EPOCH: &str = "epoch";
    /// The epoch whose key the server knows, little-endian u32.
    pub const REGISTERED: &str = "registered";
    /// Prefix of the name under which the public key of an epoch (32 bytes) is kept; see [`public_key`].
    const PUBLIC_KEY: &str = "key-";
    /// Prefix of the name under which the secret half of an epoch's key is kept, encrypted with the password; see
    /// [`locked_key`].
    const LOCKED_KEY: &str = "locked-key-";
    /// The server's public key, 32 bytes.
    pub const SERVER_KEY: &str = "server-key";
    /// The value that recognises the person without a network; see the app's `session::verifier`.
    pub const VERIFIER: &str = "verifier";
    /// The person whose stores these are: the app's `KnownPerson` as JSON.
    pub const IDENTITY: &str = "identity";
    /// Prefix of the name under which the beginning of a blob is kept until all of it has come; see [`blob_part`].
    pub const BLOB_PART: &str = "part/";

    /// The name of an epoch's public key. It is kept longer than the secret key, so that the device can still vouch for
    /// what was signed before the server knew the key.
    #[must_use]
    pub fn public_key(epoch: u32) -> String {
        format!("{PUBLIC_KEY}{epoch}")
    }

    /// The name of an epoch's encrypted secret key. What decrypts it is in the database while somebody is signed in,
    /// and nowhere else.
    #[must_use]
    pub fn locked_key(epoch: u32) -> String {
        format!("{LOCKED_KEY}{epoch}")
    }

    /// The name of the part of a blob that has come so far. Its value is empty once the blob is whole.
    #[must_use]
    pub fn blob_part(hash: BlobHash) -> String {
        format!("{BLOB_PART}{hash}")
    }
}

/// One record to keep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Record {
    /// An operation signed on this device.
    Own {
        /// Its place in the chains.
        place: ChainPlace,
        /// The [`SignedOperation`], verbatim.
        bytes: Vec<u8>,
    },
    /// An entry of the server's log.
    Log {
        /// Its server sequence.
        server_seq: u64,
        /// The [`crate::sync::LogEntry`], whole.
        bytes: Vec<u8>,
    },
    /// The server's receipt for an own operation.
    Receipt {
        /// The operation that the receipt is for.
        op: OpId,
        /// The [`crate::op::SignedReceipt`].
        bytes: Vec<u8>,
    },
    /// A metadata record.
    Metadata {
        /// Its name, one of [`metadata`].
        name: String,
        /// Its value.
        bytes: Vec<u8>,
    },
    /// Bytes kept beside the log, whole. [`Record::blob`] makes one.
    Blob {
        /// The SHA-256 of the bytes.
        hash: BlobHash,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// The log copied so far is void, because what the person may read has changed.
    ForgetLog,
}

impl Record {
    /// The record of an own operation.
    ///
    /// # Errors
    /// When the body cannot be read.
    pub fn own(signed: &SignedOperation) -> Result<Self, DecodeError> {
        let body = signed.decode()?;
        Ok(Self::Own { place: (body.epoch, body.seq), bytes: signed.to_bytes() })
    }

    /// The record of a blob.
    ///
    /// # Errors
    /// When the bytes have another hash.
    pub fn blob(hash: BlobHash, bytes: Vec<u8>) -> Result<Self, DecodeError> {
        if BlobHash::of(&bytes) == hash {
            Ok(Self::Blob { hash, bytes })
        } else {
            Err(DecodeError::Malformed("blob with another hash".to_owned()))
        }
    }

    /// A metadata record.
    #[must_use]
    pub fn metadata(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self::Metadata { name: name.to_owned(), bytes: bytes.into() }
    }

    /// Whether it is the metadata record that states how far the log is known.
    #[must_use]
    pub fn counts_log(&self) -> bool {
        matches!(self, Self::Metadata { name, .. } if name == metadata::EXCHANGE)
    }
}

/// How many former epochs are considered at most. A server may name any number as taken, and nobody loses so many keys
/// between two contacts.
const FORMER_EPOCHS_MAX: u32 = 64;

/// Everything a store holds.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Records {
    /// Own operations.
    pub own: Map<ChainPlace, Vec<u8>>,
    /// The server's log as copied.
    pub log: Map<u64, Vec<u8>>,
    /// The receipts.
    pub receipts: Map<OpId, Vec<u8>>,
    /// The metadata records.
    pub metadata: Map<String, Vec<u8>>,
    /// The blobs. The hash of each is that of its bytes.
    pub blobs: Map<BlobHash, Vec<u8>>,
}

impl Records {
    /// Adds a record. A later one replaces an earlier one of the same key.
    pub fn take(&mut self, record: Record) {
        match record {
            Record::Own { place, bytes } => drop(self.own.insert(place, bytes)),
            Record::Log { server_seq, bytes } => drop(self.log.insert(server_seq, bytes)),
            Record::Receipt { op, bytes } => drop(self.receipts.insert(op, bytes)),
            Record::Metadata { name, bytes } => drop(self.metadata.insert(name, bytes)),
            Record::Blob { hash, bytes } => drop(self.blobs.insert(hash, bytes)),
            Record::ForgetLog => self.log.clear(),
        }
    }

    /// Whether `record` is here with the same bytes.
    #[must_use]
    pub fn holds(&self, record: &Record) -> bool {
        match record {
            Record::Own { place, bytes } => self.own.get(place) == Some(bytes),
            Record::Log { server_seq, bytes } => self.log.get(server_seq) == Some(bytes),
            Record::Receipt { op, bytes } => self.receipts.get(op) == Some(bytes),
            Record::Metadata { name, bytes } => self.metadata.get(name) == Some(bytes),
            Record::Blob { hash, .. } => self.blobs.contains_key(hash),
            Record::ForgetLog => true,
        }
    }

    /// Bytes of everything held, without framing.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        let own = self.own.values().map(Vec::len);
        let log = self.log.values().map(Vec::len);
        let receipts = self.receipts.values().map(Vec::len);
        let blobs = self.blobs.values().map(Vec::len);
        own.chain(log).chain(receipts).chain(blobs).map(|length| length as u64).sum()
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let empty = self.own.is_empty() && self.log.is_empty() && self.receipts.is_empty();
        empty && self.metadata.is_empty() && self.blobs.is_empty()
    }

    /// All records, the log before the metadata that counts it.
    #[must_use]
    pub fn all(&self) -> Vec<Record> {
        let own = self.own.iter().map(|(place, bytes)| Record::Own { place: *place, bytes: bytes.clone() });
        let log = self.log.iter().map(|(seq, bytes)| Record::Log { server_seq: *seq, bytes: bytes.clone() });
        let receipts = self.receipts.iter().map(|(op, bytes)| Record::Receipt { op: *op, bytes: bytes.clone() });
        let metadata = self.metadata.iter().map(|(name, bytes)| Record::metadata(name, bytes.clone()));
        let blobs = self.blobs.iter().map(|(hash, bytes)| Record::Blob { hash: *hash, bytes: bytes.clone() });
        own.chain(log).chain(receipts).chain(blobs).chain(metadata).collect()
    }

    /// The metadata record `name` as a little-endian u32.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        self.metadata.get(name)?.as_slice().try_into().ok().map(u32::from_le_bytes)
    }

    /// The public keys of the epochs before the current one, if they are kept and may still matter.
    #[must_use]
    pub fn former_keys(&self, current: u32) -> Vec<(u32, &[u8])> {
        let epochs = current.saturating_sub(FORMER_EPOCHS_MAX)..current;
        epochs.filter_map(|epoch| Some((epoch, self.metadata.get(&metadata::public_key(epoch))?.as_slice()))).collect()
    }

    /// The epoch for a device whose signing key is lost: above every epoch that this device remembers.
    #[must_use]
    pub fn next_epoch(&self) -> u32 {
        let signed = self.own.keys().next_back().map(|(epoch, _)| *epoch);
        let known = [signed, self.number(metadata::EPOCH), self.number(metadata::REGISTERED)];
        known.into_iter().flatten().max().unwrap_or_default().saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_key_opens_the_epoch_above_all_that_are_remembered() {
        let mut records = Records::default();
        assert_eq!(records.next_epoch(), 1);
        records.take(Record::Own { place: (2, 9), bytes: Vec::new() });
        assert_eq!(records.next_epoch(), 3);
        records.take(Record::metadata(metadata::EPOCH, 5_u32.to_le_bytes()));
        assert_eq!(records.next_epoch(), 6);
        records.take(Record::metadata(metadata::EPOCH, vec![1]));
        assert_eq!(records.next_epoch(), 3, "an unreadable metadata is no metadata");
    }

    #[test]
    fn a_blob_has_the_hash_of_its_bytes() {
        let hash = BlobHash::of(b"pack");
        assert_eq!(Record::blob(hash, b"pack".to_vec()), Ok(Record::Blob { hash, bytes: b"pack".to_vec() }));
        assert!(Record::blob(hash, b"pach".to_vec()).is_err());
        assert!(metadata::blob_part(hash).starts_with(metadata::BLOB_PART));
    }

    #[test]
    fn forgetting_the_log_leaves_own_work_and_blobs_alone() {
        let mut records = Records::default();
        records.take(Record::blob(BlobHash::of(b"pack"), b"pack".to_vec()).unwrap());
        records.take(Record::Own { place: (1, 1), bytes: vec![1] });
        records.take(Record::Log { server_seq: 4, bytes: vec![2] });
        records.take(Record::ForgetLog);
        assert!(records.log.is_empty());
        assert_eq!((records.own.len(), records.blobs.len()), (1, 1));
    }
}
