//! Records as frames of the journal. Operations, entries and receipts keep their wire format, so that a server can read
//! a device's journal with the code it already has.

use crate::ids::BlobHash;
use crate::op::{DecodeError, SignedOperation};
use crate::sync::{stored_entry, stored_receipt};

use super::{Condition, Record, Records};
use crate::bug::{self, Bug};

/// One frame of the journal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    /// What the bytes are.
    pub kind: u8,
    /// The content.
    pub bytes: Vec<u8>,
}

const OWN: u8 = 1;
const LOG: u8 = 2;
const RECEIPT: u8 = 3;
const FACT: u8 = 4;
const FORGET_LOG: u8 = 5;
const BLOB: u8 = 6;

impl From<&Record> for Frame {
    fn from(record: &Record) -> Self {
        let (kind, bytes) = match record {
            Record::Own { bytes, .. } => (OWN, bytes.clone()),
            Record::Log { bytes, .. } => (LOG, bytes.clone()),
            Record::Receipt { bytes, .. } => (RECEIPT, bytes.clone()),
            Record::Metadata { name, bytes } => (FACT, fact_bytes(name, bytes)),
            // With its hash, so that spoiled bytes are no other blob.
            Record::Blob { hash, bytes } => (BLOB, [hash.as_bytes(), bytes.as_slice()].concat()),
            Record::ForgetLog => (FORGET_LOG, Vec::new()),
        };
        Self { kind, bytes }
    }
}

/// The bytes of a fact: `name`, a zero byte, the value.
fn fact_bytes(name: &str, value: &[u8]) -> Vec<u8> {
    [name.as_bytes(), &[0], value].concat()
}

impl TryFrom<Frame> for Record {
    type Error = DecodeError;

    fn try_from(Frame { kind, bytes }: Frame) -> Result<Self, DecodeError> {
        match kind {
            OWN => Self::own(&SignedOperation::from_bytes(&bytes)?),
            LOG => Ok(Self::Log { server_seq: stored_entry(&bytes)?.server_seq, bytes }),
            RECEIPT => Ok(Self::Receipt { op: stored_receipt(&bytes)?.op, bytes }),
            FACT => read_fact(&bytes),
            FORGET_LOG => Ok(Self::ForgetLog),
            BLOB => read_blob(&bytes),
            unknown => Err(DecodeError::UnknownKind(unknown.into())),
        }
    }
}

fn read_blob(bytes: &[u8]) -> Result<Record, DecodeError> {
    let Some((hash, bytes)) = bytes.split_first_chunk() else {
        return Err(DecodeError::Malformed("blob without a hash".to_owned()));
    };
    Record::blob(BlobHash::from_bytes(*hash), bytes.to_vec())
}

fn read_fact(bytes: &[u8]) -> Result<Record, DecodeError> {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let name = parts.next().and_then(|name| core::str::from_utf8(name).ok());
    match (name, parts.next()) {
        (Some(name), Some(value)) => Ok(Record::metadata(name, value)),
        _ => Err(DecodeError::Malformed("metadata without a name".to_owned())),
    }
}

impl Records {
    /// Reads a journal and completes the file's condition with what the frames show.
    ///
    /// Log entries count only after the metadata that counts them has been read. An answer of the server is one append,
    /// and a torn append must leave the log as it was before.
    #[must_use]
    pub fn from_frames(frames: Vec<Frame>, mut condition: Condition) -> (Self, Condition) {
        let mut records = Self::default();
        let mut log = Vec::new();
        let mut logged = false;
        for frame in frames {
            match Record::try_from(frame) {
                Ok(record @ (Record::Log { .. } | Record::ForgetLog)) if !bug::is(Bug::TornAnswerCounts) => {
                    condition.forgets |= logged && record == Record::ForgetLog;
                    logged = true;
                    log.push(record);
                }
                Ok(record) => {
                    if record.counts_log() {
                        log.drain(..).for_each(|entry| records.take(entry));
                    }
                    records.take(record);
                }
                Err(_) => condition.unreadable = condition.unreadable.saturating_add(1),
            }
        }
        condition.uncounted = u32::try_from(log.len()).unwrap_or(u32::MAX);
        (records, condition)
    }
}

#[cfg(test)]
mod tests {
    use crate::ids::{DeviceId, OpId, PersonId};
    use crate::op::{Body, Payload, Receipt, SignedOperation, SignedReceipt, Target, VERSION, Verdict};
    use crate::sync::LogEntry;
    use crate::time::{Hlc, Millis};

    use super::super::metadata;
    use super::*;

    fn signed(seq: u64) -> SignedOperation {
        let payload = Payload::PutProducts(Vec::new());
        let body = Body {
            version: VERSION,
            kind: payload.kind(),
            actor: PersonId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([2; 16]),
            epoch: 3,
            seq,
            prev: None,
            target: Target::Org,
            base: Vec::new(),
            seen_seq: 0,
            hlc: Hlc::default(),
            last_server_time: Millis(0),
            payload: payload.to_bytes().into(),
            nonce: None,
        };
        SignedOperation { body: body.to_bytes(), signature: vec![0; 64] }
    }

    fn entry(server_seq: u64) -> Record {
        let entry = LogEntry {
            server_seq,
            operation: Some(signed(server_seq)),
            op: None,
            verdict: Verdict::Accepted,
            compacted: None,
            received_at: Some(Millis(1_792_465_200_000)),
        };
        Record::Log { server_seq, bytes: minicbor::to_vec(entry).unwrap() }
    }

    fn read(records: &[Record]) -> (Records, u32) {
        let (records, Condition { unreadable, .. }) =
            Records::from_frames(records.iter().map(Frame::from).collect(), Condition::default());
        (records, unreadable)
    }

    #[test]
    fn every_record_survives_the_journal() {
        let receipt = Receipt { op: OpId::of(b"x"), server_seq: 1, received_at: Millis(2), verdict: Verdict::Accepted };
        let signed_receipt = SignedReceipt { receipt: receipt.to_bytes(), signature: vec![0; 64] };
        let records = [
            Record::own(&signed(8)).unwrap(),
            Record::Receipt { op: receipt.op, bytes: minicbor::to_vec(signed_receipt).unwrap() },
            entry(5),
            Record::metadata(metadata::EXCHANGE, vec![0, 1, 0]),
            Record::blob(BlobHash::of(b"pack"), b"pack".to_vec()).unwrap(),
        ];
        for record in &records {
            assert_eq!(Record::try_from(Frame::from(record)).unwrap(), *record);
        }
        let (read, unreadable) = read(&records);
        assert_eq!(
            (read.own.len(), read.log.len(), read.receipts.len(), read.metadata.len(), unreadable),
            (1, 1, 1, 1, 0)
        );
        assert_eq!(read.blobs.get(&BlobHash::of(b"pack")), Some(&b"pack".to_vec()));
        assert!(read.own.contains_key(&(3, 8)));
    }

    #[test]
    fn an_answer_torn_anywhere_leaves_the_log_as_it_was() {
        let before = [entry(1), entry(2), Record::metadata(metadata::EXCHANGE, vec![1])];
        let answer = [Record::ForgetLog, entry(7), entry(9), Record::metadata(metadata::EXCHANGE, vec![2])];
        for whole_frames in 0..=answer.len() {
            let frames: Vec<Record> = before.iter().chain(&answer[..whole_frames]).cloned().collect();
            let seqs: Vec<u64> = read(&frames).0.log.into_keys().collect();
            let expected: &[u64] = if whole_frames == answer.len() { &[7, 9] } else { &[1, 2] };
            assert_eq!(seqs, expected, "{whole_frames} frames of the answer");
        }
    }

    #[test]
    fn what_cannot_be_read_is_counted_not_fatal() {
        let frames = vec![
            Frame { kind: 99, bytes: Vec::new() },
            Frame { kind: OWN, bytes: vec![1, 2] },
            Frame { kind: FACT, bytes: b"no value".to_vec() },
            Frame { kind: BLOB, bytes: b"no hash".to_vec() },
            Frame { kind: BLOB, bytes: [BlobHash::of(b"pack").as_bytes(), &b"pach"[..]].concat() },
            Frame::from(&Record::own(&signed(1)).unwrap()),
        ];
        let (records, Condition { unreadable, .. }) = Records::from_frames(frames, Condition::default());
        assert_eq!((records.own.len(), records.blobs.len(), unreadable), (1, 0, 5));
    }
}
