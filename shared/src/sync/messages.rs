//! The messages of `POST /v1/sync`: CBOR with numbered fields, in both directions.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::ids::{DeviceId, OpId, StateHash};
use crate::limits::BATCH_BYTES_MAX;
use crate::op::{CardKey, DecodeError, SignedOperation, SignedReceipt, Verdict};
use crate::time::Millis;

/// Version of the exchange.
pub const PROTOCOL: u8 = 1;

/// How far one side has a device's chain of one epoch. The server leaves out bytes that the device already has. The
/// device sends again what a server restored from an older copy no longer has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct OwnChain {
    /// The epoch.
    #[n(0)]
    pub epoch: u32,
    /// The operations up to this place are present.
    #[n(1)]
    pub seq: u64,
}

/// The request of a device. The session identifies the person.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct SyncRequest {
    /// Version of the exchange.
    #[n(0)]
    pub protocol: u8,
    /// The device that asks.
    #[n(1)]
    pub device: DeviceId,
    /// The chains of own operations that it holds.
    #[n(2)]
    pub own: Vec<OwnChain>,
    /// The device has the server's log up to this sequence.
    #[n(3)]
    pub cursor: u64,
    /// The scope to which the cursor belongs; see [`SyncResponse::scope`]. 0 when unknown.
    #[n(4)]
    pub scope: u64,
    /// Operations to deliver, in chain order.
    #[n(5)]
    pub operations: Vec<SignedOperation>,
    /// The most bytes of operations the answer should carry.
    #[n(6)]
    pub answer_bytes_max: u32,
    /// The log digest, as the server gave it with the last answer; none from devices that do not know log digests.
    #[n(7)]
    pub log_digest: Option<u64>,
    /// The number of cards whose hash differed from the server's. Everything has to be fetched again.
    #[n(8)]
    pub differs: Option<u64>,
    /// Cards that were finished when the log ended here are compacted; see [`SyncResponse::snapshot_seq`]. 0 if nothing
    /// has been copied yet; none from devices that only know whole operations.
    #[n(9)]
    pub snapshot_seq: Option<u64>,
    /// Compacted cards from this sequence on are present; see [`SyncResponse::backfill_cursor`].
    #[n(10)]
    pub backfill_cursor: Option<u64>,
    /// A compacted card to be sent with all operations, because somebody wants to act on it.
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
    /// The verdict on it.
    #[n(3)]
    pub verdict: Verdict,
    /// A compacted card or post in place of the operation and of others that led to it; see [`super::Compacted`].
    #[n(4)]
    pub compacted: Option<ByteVec>,
    /// When the operation arrived; none for compacted content, which contains the time itself.
    #[n(5)]
    pub received_at: Option<Millis>,
}

/// The answer of the server.
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
    /// The log after the cursor, in its order, as far as the person is entitled to it.
    #[n(3)]
    pub entries: Vec<LogEntry>,
    /// After these entries the log is known up to this sequence.
    #[n(4)]
    pub cursor: u64,
    /// Whether there are more entries after the cursor.
    #[n(5)]
    pub more: bool,
    /// A number for what the person may read, which changes when that changes. When it differs from the request's, the
    /// answer starts from the beginning of the log and the device rebuilds its copy.
    #[n(6)]
    pub scope: u64,
    /// The answer starts from the beginning: the device must forget what it copied from the server before.
    #[n(7)]
    pub reset: bool,
    /// Highest sequence of the log, entitled or not. It shows how far behind the device is.
    #[n(8)]
    pub log_end: u64,
    /// Hashes of some folded cards for comparison, of the log up to the cursor. They are not in every answer.
    #[n(9)]
    pub hashes: Vec<(CardKey, StateHash)>,
    /// A number for the whole log up to the cursor, or up to the snapshot sequence where that is later, entitled or
    /// not. Two logs with equal log digests hold the same operations with the same verdicts.
    #[n(10)]
    pub log_digest: Option<u64>,
    /// The log is backed up or replicated up to this sequence, and survives the loss of the server's machine.
    #[n(11)]
    pub safe: Option<u64>,
    /// How far the server has the person's chains on this device.
    #[n(12)]
    pub heads: Option<Vec<OwnChain>>,
    /// The end of the log when the copy was begun. Cards finished up to this sequence are compacted. They are sent
    /// beside the log, the newest first, so that current data arrives before that of past years.
    #[n(13)]
    pub snapshot_seq: Option<u64>,
    /// Compacted cards published from this sequence on were sent; earlier ones are still missing. None: all were sent.
    #[n(14)]
    pub backfill_cursor: Option<u64>,
}

macro_rules! wire {
    ($name:ident, $bytes_max:expr) => {
        impl $name {
            /// The bytes that are sent.
            #[must_use]
            pub fn to_bytes(&self) -> Vec<u8> {
                crate::op::encode(self)
            }

            /// Reads a message from the other side.
            ///
            /// # Errors
            /// When it is too long or is not this message.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
                if bytes.len() > $bytes_max {
                    return Err(DecodeError::TooLong { found: bytes.len() });
                }
                crate::op::decode_whole(bytes)
            }
        }
    };
}

/// Bytes for chains, cursor and framing around a batch.
const REQUEST_OVERHEAD_BYTES: usize = 8 * 1024;
/// The most bytes of an answer. A batch of compacted content is many times larger when unpacked; receipts and hashes
/// are added.
const RESPONSE_BYTES_MAX: usize = 2 * 1024 * 1024;

wire!(SyncRequest, BATCH_BYTES_MAX + REQUEST_OVERHEAD_BYTES);
wire!(SyncResponse, RESPONSE_BYTES_MAX);
