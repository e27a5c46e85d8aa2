//! The wire of `POST /v1/sync`: CBOR with numbered fields, both ways.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::ids::{DeviceId, OpId, StateHash};
use crate::limits::BATCH_BYTES_MAX;
use crate::op::{CardKey, DecodeError, SignedOperation, SignedReceipt, Verdict};
use crate::time::Millis;

/// Version of the exchange.
pub const PROTOCOL: u8 = 1;

/// How far one side has a device's chain of one epoch: the server leaves out bytes the device already has, and the device
/// delivers again what a server restored from an older copy no longer has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct OwnChain {
    /// The epoch.
    #[n(0)]
    pub epoch: u32,
    /// Operations up to this place are there.
    #[n(1)]
    pub seq: u64,
}

/// What a device sends. The person is known by the session.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct SyncRequest {
    /// Version of the exchange.
    #[n(0)]
    pub protocol: u8,
    /// Which device asks.
    #[n(1)]
    pub device: DeviceId,
    /// What of its own it holds.
    #[n(2)]
    pub own: Vec<OwnChain>,
    /// The server's log is here up to this sequence.
    #[n(3)]
    pub cursor: u64,
    /// The scope the cursor counts in; see [`SyncResponse::scope`]. 0 when unknown.
    #[n(4)]
    pub scope: u64,
    /// Operations to deliver, in chain order.
    #[n(5)]
    pub operations: Vec<SignedOperation>,
    /// The most bytes of operations the answer should carry.
    #[n(6)]
    pub answer_bytes_max: u32,
    /// The log_digest of the log, as the server gave it with the last answer; none from devices that know no log digests.
    #[n(7)]
    pub log_digest: Option<u64>,
    /// How many cards had another hash here than the server gave: everything is to be fetched anew.
    #[n(8)]
    pub differs: Option<u64>,
    /// Cards that were finished when the log ended here are compacted; see [`SyncResponse::snapshot_seq`]. 0 when nothing is yet; none from
    /// devices that only know whole operations.
    #[n(9)]
    pub snapshot_seq: Option<u64>,
    /// Of what is compacted, that from here on is here; see [`SyncResponse::backfill_cursor`].
    #[n(10)]
    pub backfill_cursor: Option<u64>,
    /// A card compacted that is to be given whole: somebody wants to act on it.
    #[n(11)]
    pub wanted: Option<CardKey>,
}

/// One accepted operation of the server's log.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct LogEntry {
    /// Its sequence in the log.
    #[n(0)]
    pub server_seq: u64,
    /// The operation; absent when the asking device wrote it and holds it.
    #[n(1)]
    pub operation: Option<SignedOperation>,
    /// Its id, when the operation itself is absent.
    #[n(2)]
    pub op: Option<OpId>,
    /// What was decided.
    #[n(3)]
    pub verdict: Verdict,
    /// In place of the operation, and of others that led to it: see [`super::Compacted`].
    #[n(4)]
    pub compacted: Option<ByteVec>,
    /// When the operation arrived; none beside what is compacted, which says it itself.
    #[n(5)]
    pub received_at: Option<Millis>,
}

/// What the server answers.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct SyncResponse {
    /// Version of the exchange.
    #[n(0)]
    pub protocol: u8,
    /// The server's clock.
    #[n(1)]
    pub server_time: Millis,
    /// One receipt for each operation sent, in the order sent.
    #[n(2)]
    pub receipts: Vec<SignedReceipt>,
    /// The log after the cursor, as far as entitled, in its order.
    #[n(3)]
    pub entries: Vec<LogEntry>,
    /// The log is known up to here after these entries.
    #[n(4)]
    pub cursor: u64,
    /// More entries wait behind the cursor.
    #[n(5)]
    pub more: bool,
    /// What the person may read, as a number that changes when it changes. When it differs from the request's, the answer
    /// starts from the beginning of the log and the device rebuilds its copy.
    #[n(6)]
    pub scope: u64,
    /// The answer starts from the beginning: forget what was copied from the server before.
    #[n(7)]
    pub reset: bool,
    /// Highest sequence of the log, entitled or not: how far behind the device is.
    #[n(8)]
    pub log_end: u64,
    /// Hashes of folded cards now and then, to compare: of the log up to the cursor.
    #[n(9)]
    pub hashes: Vec<(CardKey, StateHash)>,
    /// A number for the whole log up to the cursor, or up to the snapshot_seq where that is later, entitled or not: two logs with
    /// equal log digests hold the same operations with the same verdicts.
    #[n(10)]
    pub log_digest: Option<u64>,
    /// The log is backed up or replicated up to this sequence: no loss of the server's machine takes it away.
    #[n(11)]
    pub safe: Option<u64>,
    /// How far the server has the person's chains on this device.
    #[n(12)]
    pub heads: Option<Vec<OwnChain>>,
    /// Up to this sequence of the log, the end of it when the copy was begun, finished cards are compacted, and they
    /// come beside the log, the newest first: what is of today is there before what was years ago.
    #[n(13)]
    pub snapshot_seq: Option<u64>,
    /// Compacted cards published from this sequence on were sent; earlier ones are still to come. None: all were sent.
    #[n(14)]
    pub backfill_cursor: Option<u64>,
}

macro_rules! wire {
    ($name:ident, $bytes_max:expr) => {
        impl $name {
            /// As sent.
            #[must_use]
            pub fn to_bytes(&self) -> Vec<u8> {
                crate::op::encode(self)
            }

            /// Reads what the other side sent.
            ///
            /// # Errors
            /// When it is too long or not this message.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
                if bytes.len() > $bytes_max {
                    return Err(DecodeError::TooLong { found: bytes.len() });
                }
                crate::op::decode_whole(bytes)
            }
        }
    };
}

/// Room for chains, cursor and framing around a batch.
const REQUEST_OVERHEAD_BYTES: usize = 8 * 1024;
/// A batch of what is compacted has many times its bytes unpacked; receipts and hashes come on top.
const RESPONSE_BYTES_MAX: usize = 2 * 1024 * 1024;

wire!(SyncRequest, BATCH_BYTES_MAX + REQUEST_OVERHEAD_BYTES);
wire!(SyncResponse, RESPONSE_BYTES_MAX);
