//! The wire of `POST /v1/sync`: CBOR with numbered fields, both ways.

use minicbor::Encode;
use minicbor::bytes::ByteVec;

use crate::ids::{DeviceId, OpId, StateHash};
use crate::limits::BATCH_BYTES_MAX;
use crate::op::{CardKey, DecodeError, SignedOperation, SignedReceipt, Verdict};
use crate::time::Millis;
use crate::wire::{numbered, numbered_rows};

/// Version of the exchange.
pub const PROTOCOL: u8 = 1;

/// How far one side has a device's chain of one epoch: the office leaves out bytes the device already has, and the device
/// delivers again what an office restored from an older copy no longer has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode)]
pub struct OwnChain {
    /// The epoch.
    #[n(0)]
    pub epoch: u32,
    /// Operations up to this place are there.
    #[n(1)]
    pub seq: u64,
}

numbered_rows! { OwnChain { 0 epoch, 1 seq } }

/// What a tablet sends. The person is known by the session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyncRequest {
    /// Version of the exchange.
    pub protocol: u8,
    /// Which device asks.
    pub device: DeviceId,
    /// What of its own it holds.
    pub own: Vec<OwnChain>,
    /// The office's log is here up to this sequence.
    pub cursor: u64,
    /// The scope the cursor counts in; see [`SyncResponse::scope`]. 0 when unknown.
    pub scope: u64,
    /// Operations to deliver, in chain order.
    pub operations: Vec<SignedOperation>,
    /// The most bytes of operations the answer should carry.
    pub answer_bytes_max: u32,
    /// The mark of the log, as the office gave it with the last answer; none from tablets that know no marks.
    pub mark: Option<u64>,
    /// How many cards had another hash here than the office gave: everything is to be fetched anew.
    pub differs: Option<u64>,
    /// What was over when the log ended here is told in short; see [`SyncResponse::base`]. 0 when nothing is yet; none from
    /// tablets that only know whole operations.
    pub base: Option<u64>,
    /// Of what is told in short, that from here on is here; see [`SyncResponse::floor`].
    pub floor: Option<u64>,
    /// A card told in short that is to be given whole: somebody wants to act on it.
    pub wanted: Option<CardKey>,
}

numbered! { SyncRequest {
    0 protocol, 1 device, 2 own, 3 cursor, 4 scope, 5 operations, 6 answer_bytes_max, 7 mark, 8 differs, 9 base, 10 floor,
    11 wanted,
} }

/// One accepted operation of the office's log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogEntry {
    /// Its sequence in the log.
    pub server_seq: u64,
    /// The operation; absent when the asking device wrote it and holds it.
    pub operation: Option<SignedOperation>,
    /// Its id, when the operation itself is absent.
    pub op: Option<OpId>,
    /// What was decided.
    pub verdict: Verdict,
    /// In place of the operation, and of others that led to it: see [`super::Abridged`].
    pub abridged: Option<ByteVec>,
    /// When the operation arrived; none beside what is told in short, which says it itself.
    pub received_at: Option<Millis>,
}

numbered! { LogEntry { 0 server_seq, 1 operation, 2 op, 3 verdict, 4 abridged, 5 received_at } }

/// What the office answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyncResponse {
    /// Version of the exchange.
    pub protocol: u8,
    /// The office's clock.
    pub server_time: Millis,
    /// One receipt for each operation sent, in the order sent.
    pub receipts: Vec<SignedReceipt>,
    /// The log after the cursor, as far as entitled, in its order.
    pub entries: Vec<LogEntry>,
    /// The log is known up to here after these entries.
    pub cursor: u64,
    /// More entries wait behind the cursor.
    pub more: bool,
    /// What the person may read, as a number that changes when it changes. When it differs from the request's, the answer
    /// starts from the beginning of the log and the tablet rebuilds its copy.
    pub scope: u64,
    /// The answer starts from the beginning: forget what was copied from the office before.
    pub reset: bool,
    /// Highest sequence of the log, entitled or not: how far behind the tablet is.
    pub log_end: u64,
    /// Hashes of folded cards now and then, to compare: of the log up to the cursor.
    pub hashes: Vec<(CardKey, StateHash)>,
    /// A number for the whole log up to the cursor, or up to the base where that is later, entitled or not: two logs with
    /// equal marks hold the same operations with the same verdicts.
    pub mark: Option<u64>,
    /// The log is backed up or replicated up to this sequence: no loss of the office's machine takes it away.
    pub safe: Option<u64>,
    /// How far the office has the person's chains on this device.
    pub heads: Option<Vec<OwnChain>>,
    /// Up to this sequence of the log, the end of it when the copy was begun, finished cards are told in short, and they
    /// come beside the log, the newest first: what is of today is there before what was years ago.
    pub base: Option<u64>,
    /// Finished cards are told in short from this sequence on; those before it are still to come. None: all are told.
    pub floor: Option<u64>,
}

numbered! { SyncResponse {
    0 protocol, 1 server_time, 2 receipts, 3 entries, 4 cursor, 5 more, 6 scope, 7 reset, 8 log_end, 9 hashes, 10 mark, 11 safe,
    12 heads, 13 base, 14 floor,
} }

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
/// A batch of what is told in short has many times its bytes unpacked; receipts and hashes come on top.
const RESPONSE_BYTES_MAX: usize = 2 * 1024 * 1024;

wire!(SyncRequest, BATCH_BYTES_MAX + REQUEST_OVERHEAD_BYTES);
wire!(SyncResponse, RESPONSE_BYTES_MAX);
