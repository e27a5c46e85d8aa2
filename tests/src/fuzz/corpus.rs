//! The real messages that are spoiled: what devices and a server really send and store, and every kind of operation
//! there is.

use std::fs;
use std::path::Path;

use shared::device_store::{Frame, Record};
use shared::ids::{BlobHash, OpId};
use shared::op::{Body, Receipt, Refusal, RefusalCode, SignedOperation, Verdict};
use shared::sync::{LogEntry, SyncRequest, SyncResponse};
use shared::time::Millis;

use crate::cut_exchange::{CUT, found};
use crate::rig::BYTES_MAX;
use crate::sim::violation::Checked;

/// Exchanges from which requests and answers are taken.
const EXCHANGES: u64 = 6;

/// Everything that is spoiled, by kind.
#[derive(Debug, Default)]
pub(super) struct Corpus {
    pub(super) operations: Vec<SignedOperation>,
    pub(super) requests: Vec<SyncRequest>,
    pub(super) answers: Vec<SyncResponse>,
    pub(super) records: Vec<Record>,
}

impl Corpus {
    pub(super) fn collect() -> Checked<Self> {
        let mut corpus = Self { operations: golden(), ..Self::default() };
        for index in 0..EXCHANGES {
            let mut rig = found(7, index)?;
            let request = rig.request(CUT, BYTES_MAX)?;
            corpus.answers.extend(rig.arrive(CUT, &request.to_bytes())?);
            corpus.requests.push(request);
            let stored = rig.devices.iter().map(crate::sim::device::Device::stored);
            corpus.records.extend(stored.flat_map(|records| records.all()));
        }
        let logged = corpus.answers.iter().flat_map(|answer| &answer.entries);
        corpus.operations.extend(logged.filter_map(|entry| entry.operation.clone()));
        corpus.records.push(Record::ForgetLog);
        let pack = pack_texts().into_iter().next().unwrap_or_default().into_bytes();
        corpus.records.extend(Record::blob(BlobHash::of(&pack), pack));
        Ok(corpus)
    }

    pub(super) fn bodies(&self) -> Vec<Body> {
        self.operations.iter().filter_map(|operation| operation.decode().ok()).collect()
    }

    /// A receipt and an entry for each verdict there is.
    pub(super) fn verdicts() -> Vec<Verdict> {
        let refusal = Refusal::new(RefusalCode::OutOfRange, "marks.I.1").found(7).allowed("0 … 5");
        vec![
            Verdict::Accepted,
            Verdict::AcceptedContested,
            Verdict::Held(refusal.clone()),
            Verdict::Rejected(refusal.clone()),
            Verdict::Superseded(refusal),
        ]
    }

    pub(super) fn receipts() -> Vec<Receipt> {
        let receipt = |(verdict, place): (Verdict, u64)| Receipt {
            op: OpId::of(verdict.word().as_bytes()),
            server_seq: place * 300,
            received_at: Millis(1_792_465_200_000),
            verdict,
        };
        Self::verdicts().into_iter().zip(0..).map(receipt).collect()
    }

    pub(super) fn entries(&self) -> Vec<LogEntry> {
        let of_verdict = |verdict: Verdict| LogEntry {
            server_seq: 70_000,
            operation: None,
            op: Some(OpId::of(verdict.word().as_bytes())),
            verdict,
            compacted: None,
            received_at: Some(Millis(1_792_465_200_000)),
        };
        let sent = self.answers.iter().flat_map(|answer| answer.entries.iter().cloned());
        Self::verdicts().into_iter().map(of_verdict).chain(sent).collect()
    }

    /// Kind and content.
    pub(super) fn frames(&self) -> Vec<Vec<u8>> {
        let joined = |frame: Frame| [vec![frame.kind], frame.bytes].concat();
        self.records.iter().map(|record| joined(Frame::from(record))).collect()
    }
}

/// One operation of every kind, from the golden files.
fn golden() -> Vec<SignedOperation> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/operations");
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let texts = files.filter_map(|file| fs::read_to_string(file.path()).ok());
    let bodies = texts.filter_map(|text| hex::decode(text.trim()).ok());
    let mut operations: Vec<_> = bodies.map(|body| SignedOperation { body, signature: vec![7; 64] }).collect();
    // A folder lists its files in any order, but the cases must be the same everywhere.
    operations.sort_by(|one, other| one.body.cmp(&other.body));
    operations
}

/// The packs as their authors wrote them.
pub(super) fn pack_texts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/packs");
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut texts: Vec<_> = files.filter_map(|file| fs::read_to_string(file.path()).ok()).collect();
    texts.sort();
    texts
}
