//! Tests journal and database of a device that is killed anywhere, full, wiped one at a time, or damaged. Everything
//! reported as stored is there at the next start, what was refused does not come back, and the log agrees with the
//! record that counts it.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use shared::device_store::{ChainPlace, Condition, Record, Records, metadata};
use shared::ids::{BlobHash, DeviceId, OpId, PersonId};
use shared::op::{Body, Payload, Receipt, SignedOperation, SignedReceipt, Target, VERSION, Verdict};
use shared::sync::{Absorbed, LogEntry, Meta};
use shared::time::{Hlc, Millis};

use super::Runs;
use crate::proved::Proved;
use crate::sim::device::{Disk, Fate, Wrote};
use crate::sim::violation::{Checked, require};

/// Steps of a run.
const STEPS_MAX: usize = 30;
/// Metadata records that are written besides the one that counts the log.
const FACTS: [&str; 2] = [metadata::EPOCH, metadata::REGISTERED];

#[derive(Clone, Debug)]
enum Step {
    Own(Fate),
    Answer { entries: u8, receipts: u8, reset: bool, fate: Fate },
    Fact { which: u8, fate: Fate },
    Blob(Fate),
    Open(Fate),
    WipeDatabase,
    EvictJournal,
    DamageFrame(usize),
}

pub(super) fn prove(runs: &Runs) -> Proved {
    runs.play("store", &vec(steps(), 1..STEPS_MAX), |story| tell(story))
}

pub(super) fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![
        8 => Just(Fate::Sound),
        1 => Just(Fate::Full),
        1 => Just(Fate::DatabaseRefuses),
        1 => Just(Fate::KilledBefore),
        3 => (0..100_usize).prop_map(Fate::KilledAppending),
        1 => Just(Fate::KilledFlushed),
        1 => Just(Fate::KilledWiping),
        1 => Just(Fate::KilledCommitted),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let answer = (0..5_u8, 0..3_u8, proptest::bool::weighted(0.2), fates());
    prop_oneof![
        6 => fates().prop_map(Step::Own),
        6 => answer.prop_map(|(entries, receipts, reset, fate)| Step::Answer { entries, receipts, reset, fate }),
        2 => (0..2_u8, fates()).prop_map(|(which, fate)| Step::Fact { which, fate }),
        2 => fates().prop_map(Step::Blob),
        3 => fates().prop_map(Step::Open),
        1 => Just(Step::WipeDatabase),
        1 => Just(Step::EvictJournal),
        1 => (0..60_usize).prop_map(Step::DamageFrame),
    ]
}

/// A log and the record that counts it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Log {
    meta: Option<Meta>,
    entries: BTreeMap<u64, Vec<u8>>,
}

/// What must be found, and what may be.
#[derive(Debug, Default)]
struct Witness {
    own: BTreeMap<ChainPlace, Vec<u8>>,
    own_perhaps: BTreeMap<ChainPlace, Vec<u8>>,
    receipts: BTreeMap<OpId, Vec<u8>>,
    blobs: BTreeMap<BlobHash, Vec<u8>>,
    blobs_perhaps: BTreeMap<BlobHash, Vec<u8>>,
    /// First the last log that was stored, then those that a killed device may have stored.
    logs: Vec<Log>,
    /// Values that may be found, and whether none may be.
    facts: BTreeMap<&'static str, Vec<Option<Vec<u8>>>>,
    /// Frames were lost from the middle of the journal.
    damaged: bool,
}

#[derive(Debug, Default)]
struct Story {
    disk: Disk,
    owed: Vec<Record>,
    open: bool,
    witness: Witness,
    counter: u64,
}

fn tell(steps: &[Step]) -> Checked {
    let mut story = Story { witness: Witness { logs: vec![Log::default()], ..Witness::default() }, ..Story::default() };
    steps.iter().try_for_each(|step| story.step(step))?;
    story.kill();
    story.ensure_open()
}

impl Story {
    fn step(&mut self, step: &Step) -> Checked {
        match step {
            Step::Open(fate) => {
                self.kill();
                return self.open(*fate);
            }
            Step::WipeDatabase if !self.disk.journal_weak => {
                self.kill();
                self.disk.wipe_database();
            }
            Step::EvictJournal if !self.disk.database_weak => {
                self.kill();
                self.disk.evict_journal();
            }
            Step::DamageFrame(frame) if !self.disk.database_weak => {
                self.kill();
                self.disk.damage_frame(frame % self.disk.frames().len().max(1));
                self.witness.damaged = true;
            }
            Step::WipeDatabase | Step::EvictJournal | Step::DamageFrame(_) => {}
            Step::Own(fate) => {
                self.ensure_open()?;
                self.own(*fate);
            }
            Step::Answer { entries, receipts, reset, fate } => {
                self.ensure_open()?;
                self.answer(*entries, *receipts, *reset, *fate);
            }
            Step::Fact { which, fate } => {
                self.ensure_open()?;
                self.fact(*which, *fate);
            }
            Step::Blob(fate) => {
                self.ensure_open()?;
                self.blob(*fate);
            }
        }
        Ok(())
    }

    fn kill(&mut self) {
        self.open = false;
        self.owed.clear();
        self.disk.lose_unflushed();
    }

    fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    fn write(&mut self, batch: Vec<Record>, fate: Fate) -> Wrote {
        let wrote = self.disk.write(batch, &mut self.owed, fate);
        if wrote == Wrote::Killed {
            self.kill();
        }
        wrote
    }

    fn own(&mut self, fate: Fate) {
        let (place, signed) = ((1, self.next()), signed(self.counter));
        let bytes = signed.to_bytes();
        match self.write(vec![Record::Own { place, bytes: bytes.clone() }], fate) {
            Wrote::Kept => drop(self.witness.own.insert(place, bytes)),
            Wrote::Killed => drop(self.witness.own_perhaps.insert(place, bytes)),
            Wrote::Refused => {}
        }
    }

    fn blob(&mut self, fate: Fate) {
        let bytes = self.next().to_le_bytes().to_vec();
        let hash = BlobHash::of(&bytes);
        match self.write(vec![Record::Blob { hash, bytes: bytes.clone() }], fate) {
            Wrote::Kept => drop(self.witness.blobs.insert(hash, bytes)),
            Wrote::Killed => drop(self.witness.blobs_perhaps.insert(hash, bytes)),
            Wrote::Refused => {}
        }
    }

    fn answer(&mut self, entries: u8, receipts: u8, reset: bool, fate: Fate) {
        let mut log = self.witness.logs.first().cloned().unwrap_or_default();
        let before = log.meta.unwrap_or_default();
        // A device that asks for everything again gets everything again.
        let reset = reset || before.cursor == 0 && !log.entries.is_empty();
        if reset {
            log.entries.clear();
        }
        let first = if reset { 1 } else { before.cursor + 1 };
        let fresh: BTreeMap<u64, Vec<u8>> =
            (first..first + u64::from(entries)).map(|seq| (seq, entry(seq, self.counter))).collect();
        let meta = Meta {
            cursor: first - 1 + u64::from(entries),
            scope: before.scope + u64::from(reset),
            server_time: Millis(self.next()),
            ..before
        };
        log.entries.extend(fresh.clone());
        log.meta = Some(meta);
        let known = self.witness.own.values().take(receipts.into());
        let receipts: Vec<_> = known.filter_map(|bytes| receipt(bytes)).collect();
        let absorbed =
            Absorbed { reset, log: fresh.into_iter().collect(), receipts: receipts.clone(), meta, more: false };
        match self.write(Vec::from(&absorbed), fate) {
            Wrote::Kept => {
                self.witness.logs = vec![log];
                self.witness.receipts.extend(receipts);
            }
            Wrote::Killed => self.witness.logs.push(log),
            Wrote::Refused => {}
        }
    }

    fn fact(&mut self, which: u8, fate: Fate) {
        let Some(name) = FACTS.get(usize::from(which)).copied() else { return };
        // Epochs only rise.
        let value = u32::try_from(self.next()).unwrap_or(u32::MAX).to_le_bytes().to_vec();
        let wrote = self.write(vec![Record::metadata(name, value.clone())], fate);
        let values = self.witness.facts.entry(name).or_insert_with(|| vec![None]);
        match wrote {
            Wrote::Kept if name == metadata::EPOCH => *values = vec![Some(value)],
            // The device can ask again which epoch's key the server knows, so an older value is fine.
            Wrote::Kept => {
                values.retain(Option::is_some);
                values.push(Some(value));
            }
            // Nobody was told that it was stored.
            Wrote::Killed => values.push(Some(value)),
            Wrote::Refused => {}
        }
    }

    fn ensure_open(&mut self) -> Checked {
        if self.open { Ok(()) } else { self.open(Fate::Sound) }
    }

    fn open(&mut self, fate: Fate) -> Checked {
        let Some(records) = self.disk.open(fate) else { return Ok(()) };
        self.open = true;
        let journal = Records::from_frames(self.disk.frames().to_vec(), Condition::default()).0;
        require(self.disk.database == records, 5, || "the database was not mended".to_owned())?;
        require(journal == records, 5, || "the journal was not mended".to_owned())?;
        self.witness.look_at(&records)
    }
}

impl Witness {
    fn look_at(&mut self, found: &Records) -> Checked {
        for (place, bytes) in &self.own {
            require(found.own.get(place) == Some(bytes), 1, || {
                format!("own operation {place:?} was kept and is gone")
            })?;
        }
        for (place, bytes) in &found.own {
            let known = self.own.get(place).or_else(|| self.own_perhaps.get(place));
            require(known == Some(bytes), 2, || format!("own operation {place:?} was refused and is there"))?;
            self.own.insert(*place, bytes.clone());
        }
        for (hash, bytes) in &self.blobs {
            require(found.blobs.get(hash) == Some(bytes), 1, || format!("the blob {hash:?} was kept and is gone"))?;
        }
        for (hash, bytes) in &found.blobs {
            let known = self.blobs.get(hash).or_else(|| self.blobs_perhaps.get(hash));
            require(known == Some(bytes), 2, || format!("the blob {hash:?} was refused and is there"))?;
            self.blobs.insert(*hash, bytes.clone());
        }
        for (op, bytes) in &self.receipts {
            require(found.receipts.get(op) == Some(bytes), 1, || format!("the receipt for {op:?} is gone"))?;
        }
        for (name, values) in &mut self.facts {
            let value = found.metadata.get(*name).cloned();
            require(values.contains(&value), 1, || format!("the fact {name} is {value:?}, written were {values:?}"))?;
            if *name == metadata::EPOCH {
                *values = vec![value];
            }
        }
        self.look_at_log(found)
    }

    fn look_at_log(&mut self, found: &Records) -> Checked {
        let meta = found.metadata.get(metadata::EXCHANGE).and_then(|bytes| minicbor::decode(bytes).ok());
        let entries = found.log.iter().map(|(seq, bytes)| (*seq, bytes.clone())).collect();
        let log = Log { meta, entries };
        let again = self.damaged && log.meta.is_none_or(|meta| meta.cursor == 0 && meta.scope == 0);
        let known = self.logs.contains(&log) || again;
        require(known, 5, || {
            let tell = |log: &Log| (log.meta.map(|meta| meta.cursor), log.entries.keys().copied().collect::<Vec<_>>());
            let written: Vec<_> = self.logs.iter().map(tell).collect();
            format!("found the log {:?}, written were {written:?}", tell(&log))
        })?;
        self.damaged = false;
        self.logs = vec![log];
        Ok(())
    }
}

fn signed(seq: u64) -> SignedOperation {
    let payload = Payload::PutProducts(Vec::new());
    let body = Body {
        version: VERSION,
        kind: payload.kind(),
        actor: PersonId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([2; 16]),
        epoch: 1,
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

/// Another answer has other bytes for the same place, because it is a log of another scope.
fn entry(server_seq: u64, answer: u64) -> Vec<u8> {
    let operation = Some(signed(1_000_000 + answer));
    minicbor::to_vec(LogEntry {
        server_seq,
        operation,
        op: None,
        verdict: Verdict::Accepted,
        compacted: None,
        received_at: None,
    })
    .unwrap_or_default()
}

fn receipt(own: &[u8]) -> Option<(OpId, Vec<u8>)> {
    let op = SignedOperation::from_bytes(own).ok()?.id();
    let receipt = Receipt { op, server_seq: 1, received_at: Millis(2), verdict: Verdict::Accepted };
    let signed = SignedReceipt { receipt: receipt.to_bytes(), signature: vec![0; 64] };
    Some((op, minicbor::to_vec(signed).ok()?))
}
