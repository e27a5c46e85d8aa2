//! The server: `server/src/ingest` over a store in memory, in the same order. A known receipt is returned; otherwise
//! comes a verdict, then the commit, and only then the answer. The folded log is a copy of the log and is folded again
//! after every crash.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher};
use std::rc::Rc;

use shared::ids::{OpId, PersonId};
use shared::limits::BATCH_BYTES_MAX;
use shared::op::{ChainKey, Receipt, SignedOperation, SignedReceipt, Verdict};
use shared::sync::{Contact, KeyCheck, LogState, Place, SyncRequest, SyncResponse};
use shared::time::Millis;

use super::bug::{Model, is};
use super::keys::{SERVER_KEY, sign, verifies};
use super::ledger::{Ledger, Scene};
use super::violation::{Checked, require};

/// How long the same cards are compared, as in `server/src/handlers/sync/exchange.rs`.
const COMPARING_TURN_MS: u64 = 60_000;
/// The least number of bytes of operations that an answer carries.
const ANSWER_BYTES_MIN: usize = 1024;

/// A row of the log.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Its id.
    pub(crate) id: OpId,
    /// The operation as received.
    pub(crate) operation: SignedOperation,
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// The receipt given.
    pub(crate) receipt: SignedReceipt,
}

impl Row {
    /// When it arrived, according to its receipt.
    pub(crate) fn received_at(&self) -> Millis {
        self.receipt.decode().map_or(Millis(0), |receipt| receipt.received_at)
    }
}

/// Bytes kept outside the log.
#[derive(Clone, Debug)]
struct Aside {
    word: &'static str,
    receipt: SignedReceipt,
}

/// When the server crashes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fall {
    /// Not now.
    No,
    /// Before the batch is on the disk.
    BeforeCommit,
    /// After the commit, before the answer.
    AfterCommit,
}

/// The server with its store.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    log_state: LogState,
    log: Vec<Row>,
    known: BTreeMap<OpId, usize>,
    aside: BTreeMap<Vec<u8>, Aside>,
    devices: BTreeMap<ChainKey, u64>,
    /// This much of the log is backed up.
    safe: u64,
    scene: Rc<Scene>,
}

/// An answer in flight, and the posts under which it was made.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The answer.
    pub(crate) response: SyncResponse,
    /// Units, people and posts when it was made.
    pub(crate) scene: Rc<Scene>,
}

impl Server {
    /// A server that knows nobody.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self {
            log_state: LogState::new(),
            log: Vec::new(),
            known: BTreeMap::new(),
            aside: BTreeMap::new(),
            devices: BTreeMap::new(),
            safe: 0,
            scene: Rc::default(),
        }
    }

    /// The folded log.
    #[must_use]
    pub(crate) const fn log_state(&self) -> &LogState {
        &self.log_state
    }

    /// The log, in order.
    #[must_use]
    pub(crate) fn log(&self) -> &[Row] {
        &self.log
    }

    /// Whether the server keeps these bytes, in the log or outside it.
    #[must_use]
    pub(crate) fn keeps(&self, operation: &SignedOperation) -> bool {
        let logged = self.known.get(&operation.id()).and_then(|place| self.log.get(*place));
        logged.is_some_and(|row| row.operation.body == operation.body) || self.aside.contains_key(&operation.to_bytes())
    }

    /// The place of an operation in the log, from 1.
    #[must_use]
    pub(crate) fn place_of(&self, id: OpId) -> Option<u64> {
        self.known.get(&id).map(|place| *place as u64 + 1)
    }

    /// Binds a key to a chain, once.
    ///
    /// # Errors
    /// The highest epoch of the device, when another key has this one.
    pub(crate) fn register(&mut self, chain: ChainKey, key: u64) -> Result<(), u32> {
        if *self.devices.entry(chain).or_insert(key) == key {
            return Ok(());
        }
        let same = self.devices.keys().filter(|other| other.actor == chain.actor && other.device == chain.device);
        Err(same.map(|chain| chain.epoch).max().unwrap_or_default())
    }

    /// Notes that a copy of everything so far is kept elsewhere.
    pub(crate) fn note_safe(&mut self) {
        self.safe = self.log.len() as u64;
    }

    /// Hashes everything that decides what the server will do.
    pub(crate) fn hash_into(&self, hasher: &mut impl Hasher) {
        for row in &self.log {
            (row.id, row.verdict.word(), &row.receipt.receipt).hash(hasher);
        }
        for (bytes, aside) in &self.aside {
            (bytes, aside.word).hash(hasher);
        }
        self.devices.hash(hasher);
    }

    fn check(&self, operation: &SignedOperation) -> KeyCheck {
        let Ok(body) = operation.decode() else { return KeyCheck::UnknownKey };
        match self.devices.get(&body.chain()) {
            None => KeyCheck::UnknownKey,
            Some(key) if verifies(*key, &operation.body, &operation.signature) => KeyCheck::Verified,
            Some(_) => KeyCheck::BadSignature,
        }
    }

    /// Receives a batch and commits it. Returns a receipt for each operation, in the order given. `None` when the
    /// server crashed.
    ///
    /// # Errors
    /// A broken invariant.
    pub(crate) fn receive(
        &mut self,
        operations: &[SignedOperation],
        now: Millis,
        fall: Fall,
        ledger: &mut Ledger,
    ) -> Checked<Option<Vec<SignedReceipt>>> {
        if fall == Fall::BeforeCommit && !is(Model::AnswerBeforeCommit) {
            self.fall_half_way(operations, now);
            return Ok(None);
        }
        let rows_before = self.log.len();
        let mut receipts = Vec::with_capacity(operations.len());
        for operation in operations {
            let receipt = self.receive_one(operation, now, ledger)?;
            let counts = receipt.decode().is_ok_and(|receipt| receipt.verdict.counts());
            receipts.push(receipt);
            if is(Model::StopAtFirstBad) && !counts {
                break;
            }
        }
        if self.log.len() > rows_before && !self.scene.is_of(self.log_state.state()) {
            self.scene = Rc::new(Scene::of(self.log_state.state()));
        }
        match fall {
            Fall::No => Ok(Some(receipts)),
            Fall::AfterCommit => {
                self.start_again();
                Ok(None)
            }
            Fall::BeforeCommit => {
                self.log.truncate(rows_before);
                self.known.retain(|_, place| *place < rows_before);
                self.start_again();
                Ok(Some(receipts))
            }
        }
    }

    /// Folds operations without committing them, and drops that fold.
    fn fall_half_way(&mut self, operations: &[SignedOperation], now: Millis) {
        for operation in operations {
            let key = self.check(operation);
            let decision = self.log_state.receive(operation, key, now);
            if let (true, Place::Log(_)) = (is(Model::HalfBatch), decision.place) {
                let receipt = signed_receipt(&decision.receipt);
                self.enter(operation, decision.receipt.verdict, receipt);
                self.log.last_mut().into_iter().for_each(|row| row.operation.signature.clear());
            }
        }
        self.start_again();
    }

    /// Starts from the store: folds the log with the verdicts given.
    pub(crate) fn start_again(&mut self) {
        self.log_state = LogState::new();
        for (row, server_seq) in self.log.iter().zip(1..) {
            let verdict = if is(Model::ReplayBlindly) { &Verdict::Accepted } else { &row.verdict };
            let _ = self.log_state.replay(server_seq, &row.operation, verdict, row.received_at());
        }
        for (bytes, aside) in &self.aside {
            if let (Ok(operation), Ok(receipt)) = (SignedOperation::from_bytes(bytes), aside.receipt.decode()) {
                self.log_state.replay_aside(&operation, &receipt.verdict);
            }
        }
    }

    fn receive_one(&mut self, operation: &SignedOperation, now: Millis, ledger: &mut Ledger) -> Checked<SignedReceipt> {
        let key = self.check(operation);
        if let Some(receipt) = self.stored_receipt(operation, key, now) {
            ledger.answered(operation.id(), &receipt)?;
            return Ok(receipt);
        }
        let stage_before = ledger.stage_before(operation, self.log_state.state());
        let mut decision = self.log_state.receive(operation, key, now);
        if is(Model::TwoPlaces) && self.known.contains_key(&operation.id()) {
            let server_seq = self.log_state.log_end() + 1;
            let _ = self.log_state.replay(server_seq, operation, &Verdict::Accepted, now);
            decision.receipt.server_seq = server_seq;
            decision.place = Place::Log(server_seq);
        }
        let receipt = signed_receipt(&decision.receipt);
        ledger.judged(operation, key, &decision, &stage_before, self.log_state.state())?;
        ledger.answered(decision.receipt.op, &receipt)?;
        match decision.place {
            Place::Aside => {
                let word = decision.receipt.verdict.word();
                if !is(Model::LoseAside) {
                    let aside = Aside { word, receipt: receipt.clone() };
                    self.aside.entry(operation.to_bytes()).or_insert(aside);
                }
            }
            Place::Log(server_seq) => {
                require(server_seq == self.log.len() as u64 + 1, 2, || format!("the log skips to {server_seq}"))?;
                self.enter(operation, decision.receipt.verdict, receipt.clone());
            }
        }
        Ok(receipt)
    }

    fn enter(&mut self, operation: &SignedOperation, verdict: Verdict, receipt: SignedReceipt) {
        let id = operation.id();
        self.known.insert(id, self.log.len());
        self.log.push(Row { id, operation: operation.clone(), verdict, receipt });
    }

    fn stored_receipt(&self, operation: &SignedOperation, key: KeyCheck, now: Millis) -> Option<SignedReceipt> {
        let logged = self.known.get(&operation.id()).and_then(|place| self.log.get(*place));
        let same = |row: &&Row| row.operation.signature == operation.signature || key == KeyCheck::Verified;
        if let Some(row) = logged.filter(same).filter(|_| !is(Model::TwoPlaces)) {
            if is(Model::NewReceipt)
                && let Ok(receipt) = row.receipt.decode()
            {
                return Some(signed_receipt(&Receipt { received_at: now, ..receipt }));
            }
            return Some(row.receipt.clone());
        }
        let aside = self.aside.get(&operation.to_bytes())?;
        (aside.word != "held" || is(Model::HoldForEver)).then(|| aside.receipt.clone())
    }

    /// The answer to a request, as `POST /v1/sync` makes it.
    #[must_use]
    pub(crate) fn answer(
        &self,
        reader: PersonId,
        request: &SyncRequest,
        receipts: Vec<SignedReceipt>,
        now: Millis,
    ) -> Answer {
        let asked = usize::try_from(request.answer_bytes_max).unwrap_or(BATCH_BYTES_MAX);
        let bytes_max = asked.clamp(ANSWER_BYTES_MIN, BATCH_BYTES_MAX);
        let contact = Contact { now, safe: self.safe, turn: now.0 / COMPARING_TURN_MS, bytes_max };
        let (rows, response) = self.log_state.answer(reader, request, contact);
        let entries = rows.into_iter().map(|row| {
            let place = usize::try_from(row.server_seq.saturating_sub(1)).unwrap_or(usize::MAX);
            let operation = self.log.get(place).filter(|_| row.with_bytes).map(|row| row.operation.clone());
            row.entry(operation)
        });
        let response = SyncResponse { receipts, entries: entries.collect(), ..response };
        Answer { response, scene: Rc::clone(&self.scene) }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

fn signed_receipt(receipt: &Receipt) -> SignedReceipt {
    let receipt = receipt.to_bytes();
    let signature = sign(SERVER_KEY, &receipt);
    SignedReceipt { receipt, signature }
}
