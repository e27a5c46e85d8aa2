//! A device that continues to write, whatever happens to its exchanges.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use reqwest::{Client as Http, StatusCode};
use shared::ids::OpId;
use shared::op::{CardKey, SignedReceipt, Target, Verdict};
use shared::sync::{SyncRequest, SyncResponse};
use shared::time::Millis;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::acts;
use crate::chance::Chance;
use crate::harness::Device;

/// How long a device waits for an answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
/// How often a device draws until it finds something that it may do.
const DRAWS_MAX: usize = 10;
/// The longest pause between two exchanges, in milliseconds.
const REST_MS_MAX: u64 = 500;
/// Bytes of a batch: least, and upper limit (exclusive).
const BATCH_BYTES: [u64; 2] = [1_024, 64 * 1_024];

pub(super) struct Client {
    pub(super) name: String,
    session: Mutex<LocalSession>,
}

/// The data of a device.
pub(super) struct LocalSession {
    pub(super) device: Device,
    /// The operations that it reported as saved.
    pub(super) written: Vec<OpId>,
    /// The receipts it was given, as they came.
    pub(super) receipts: BTreeMap<OpId, SignedReceipt>,
    pub(super) answered: u64,
    pub(super) cut_off: u64,
    pub(super) failures: Vec<String>,
}

impl Client {
    pub(super) fn new(name: String, device: Device) -> Self {
        let (written, receipts) = (Vec::new(), BTreeMap::new());
        let session = LocalSession { device, written, receipts, answered: 0, cut_off: 0, failures: Vec::new() };
        Self { name, session: Mutex::new(session) }
    }

    pub(super) fn session(&self) -> MutexGuard<'_, LocalSession> {
        self.session.lock().unwrap()
    }

    /// Writes once in so many milliseconds until the run is over. It catches up on writes that a busy machine delayed.
    pub(super) async fn write(
        &self,
        cards: &[CardKey],
        every_ms: u64,
        mut chance: Chance,
        over: watch::Receiver<bool>,
    ) {
        let mut ticks = tokio::time::interval(Duration::from_millis(every_ms));
        while !*over.borrow() {
            ticks.tick().await;
            self.session().write(cards, &mut chance);
        }
    }

    /// Exchanges repeatedly until the run is over.
    pub(super) async fn exchange_often(&self, mut chance: Chance, over: watch::Receiver<bool>) {
        while !*over.borrow() {
            let [from, below] = BATCH_BYTES;
            self.exchange(usize::try_from(from + chance.below(below - from)).unwrap()).await;
            sleep(Duration::from_millis(chance.below(REST_MS_MAX))).await;
        }
    }

    /// One exchange. True when it was completed.
    pub(super) async fn exchange(&self, bytes_max: usize) -> bool {
        let (http, url, request) = {
            let LocalSession { device, .. } = &*self.session();
            (device.client.clone(), device.url.clone(), device.replica.request(bytes_max))
        };
        let answer = timeout(PATIENCE, send(&http, &url, &request)).await.ok().flatten();
        let session = &mut *self.session();
        match answer {
            None => session.cut_off += 1,
            Some(Err(status)) => session.failures.push(format!("{}: the server answered {status}", self.name)),
            Some(Ok(answer)) => {
                session.answered += 1;
                session.take(&self.name, &request, &answer);
                return true;
            }
        }
        false
    }

    /// Whether nothing is left either way.
    pub(super) fn is_quiet(&self) -> bool {
        let replica = &self.session().device.replica;
        let meta = replica.meta();
        replica.unsent().next().is_none() && meta.cursor == meta.log_end && meta.backfill_cursor.is_none()
    }
}

impl LocalSession {
    /// Does something that the device accepts. What it refuses was never reported as saved.
    fn write(&mut self, cards: &[CardKey], chance: &mut Chance) {
        for _ in 0..DRAWS_MAX {
            let (view, who) = (self.device.replica.view(), self.device.person);
            let Some((key, payload)) = acts::draw(chance, view, who, cards) else { continue };
            if let Ok(id) = self.device.try_act(Target::Card(key), &payload) {
                return self.written.push(id);
            }
        }
    }

    fn take(&mut self, name: &str, request: &SyncRequest, answer: &SyncResponse) {
        if answer.receipts.len() != request.operations.len() {
            let (found, sent) = (answer.receipts.len(), request.operations.len());
            self.failures.push(format!("{name}: {found} receipts for {sent} operations"));
        }
        for (signed, receipt) in answer.receipts.iter().zip(self.device.verified(answer)) {
            // A held operation is judged again when something else arrives.
            if matches!(receipt.verdict, Verdict::Held(_)) && receipt.server_seq == 0 {
                continue;
            }
            let first = self.receipts.entry(receipt.op).or_insert_with(|| signed.clone());
            if first != signed {
                self.failures.push(format!("{name}: another receipt for {} than the first", receipt.op));
            }
        }
        if let Err(error) = self.device.replica.absorb(answer, Millis(server::clock::now().0)) {
            self.failures.push(format!("{name}: {error}"));
        }
    }
}

/// The answer, or the status in its place. Nothing when it did not arrive whole.
pub(super) async fn send(http: &Http, url: &str, request: &SyncRequest) -> Option<Result<SyncResponse, StatusCode>> {
    let request = http.post(format!("{url}/v1/sync")).body(request.to_bytes());
    let response = request.header("content-type", "application/cbor").send().await.ok()?;
    let status = response.status();
    let bytes = response.bytes().await.ok()?;
    Some(if status == StatusCode::OK { Ok(SyncResponse::from_bytes(&bytes).unwrap()) } else { Err(status) })
}
