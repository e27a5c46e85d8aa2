//! Blobs as they are stored: whole ones, and uploads that are not whole yet.

use shared::ids::{BlobHash, PersonId};

/// A range of a whole blob.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlobRange {
    /// The bytes of the range. Fewer than were asked for at the end of the blob, and none behind it.
    pub bytes: Vec<u8>,
    /// Bytes of the whole blob.
    pub size: u64,
}

/// A part of a person's upload.
#[derive(Clone, Copy, Debug)]
pub struct BlobPart<'a> {
    /// The blob it is to become.
    pub hash: BlobHash,
    /// Who sends it.
    pub person: PersonId,
    /// The place of its first byte.
    pub from: u64,
    /// The bytes. With none, nothing is added, and the answer says how far the upload has come.
    pub bytes: &'a [u8],
    /// Bytes of the whole blob, as the sender says. An upload with another total begins anew.
    pub total: u64,
}

/// How far a person's upload has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upload {
    /// Whether the part was added now.
    pub added: bool,
    /// All bytes that have come.
    pub bytes: Vec<u8>,
}
