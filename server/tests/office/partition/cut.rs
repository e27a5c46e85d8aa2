//! Cuts one exchange over real sockets at every byte of request and answer. The server must take nothing from a cut
//! request, and the device nothing from a cut answer. When asked again the server gives the same receipts as the first
//! time. In the end both have the same operations, once.
//!
//! `cargo xtask prove cut-sockets` cuts at every byte.

use std::sync::Arc;

use server::open_directory;
use server::store::Store;
use shared::op::{Payload, SignedReceipt, Target};
use shared::sync::{Replica, SyncRequest, SyncResponse};
use shared::time::Millis;
use tokio::sync::watch;
use tokio::time::timeout;

use super::client::{PATIENCE, send};
use super::link::{Link, Way, Weather};
use super::{check, weather};
use crate::chance::asked;
use crate::harness::{Demo, Device, demo_copy, open_month};
use crate::sync::free_work;

/// Default number of bytes from one cut to the next.
const BYTES_APART: u64 = 97;
/// More bytes than any message here has. No cut is made after it.
const BYTES_MAX: usize = 1 << 20;
/// Lines that the device registers, and as many that its head registers.
const LINES: usize = 4;

/// A device about to exchange, and its server.
struct Exchange {
    name: &'static str,
    device: Device,
    link: Link,
    store: Arc<dyn Store>,
    request: SyncRequest,
    bytes_apart: usize,
    cuts: u64,
    failures: Vec<String>,
}

impl Exchange {
    async fn new(name: &'static str, data: &Demo, mut device: Device, address: watch::Receiver<String>) -> Self {
        let link = Link::to(address).await;
        device.url.clone_from(&link.url);
        let request = device.replica.request(super::BATCH_BYTES);
        let store = open_directory::open_to_read(&data.dir()).await.unwrap();
        let bytes_apart = usize::try_from(asked("CONGTAM_PROVE_BYTES_APART", BYTES_APART)).unwrap();
        Self { name, device, link, store, request, bytes_apart, cuts: 0, failures: Vec::new() }
    }

    /// Cuts one direction at later and later bytes until all of it passes. Between two cuts the state can be checked.
    async fn cut(&mut self, weather: fn(Way) -> Weather, what: &str, log_end: u64) -> SyncResponse {
        for after in (0..BYTES_MAX).step_by(self.bytes_apart) {
            self.link.turn(weather(Way::Cut { after }));
            match timeout(PATIENCE, send(&self.device.client, &self.device.url, &self.request)).await {
                Ok(Some(Ok(answer))) => {
                    println!("{}: {what} whole at {after} bytes, cut before", self.name);
                    return answer;
                }
                Ok(Some(Err(status))) => self.fail(what, after, &format!("the office answered {status}")),
                Err(_) => self.fail(what, after, "nothing came, and no end"),
                Ok(None) => {}
            }
            self.cuts += 1;
            let entries = self.store.entries_after(log_end, 100).await.unwrap().len();
            if entries > 0 {
                self.fail(what, after, &format!("{entries} more entries in the log"));
            }
        }
        panic!("{}: a {what} of more than {BYTES_MAX} bytes", self.name);
    }

    fn fail(&mut self, what: &str, after: usize, why: &str) {
        self.failures.push(format!("{}, {what} cut after {after} bytes: {why}", self.name));
    }

    async fn cut_everywhere(mut self, data: &Demo) -> (u64, Vec<String>) {
        let before = check::read(self.store.as_ref()).await.len() as u64;
        let up = |way| Weather { up: way, ..Weather::FAIR };
        let first = self.cut(up, "request", before).await;
        let after = before + self.request.operations.len() as u64;
        let down = |way| Weather { down: way, ..Weather::FAIR };
        let last = self.cut(down, "answer", after).await;
        self.link.turn(Weather::FAIR);
        self.compare(&first.receipts, &last, data).await;
        (self.cuts, self.failures)
    }

    /// The device takes the first answer that came whole, and is compared with the server.
    async fn compare(&mut self, given: &[SignedReceipt], answer: &SyncResponse, data: &Demo) {
        if answer.receipts != given || given.len() != self.request.operations.len() {
            self.failures.push(format!("{}: other receipts than the first time", self.name));
        }
        self.device.verified(answer);
        self.device.replica.absorb(answer, Millis(server::clock::now().0)).unwrap();
        self.device.sync().await;
        let log = check::read(self.store.as_ref()).await;
        self.failures.extend(check::order(&log));
        let folded = open_directory::fold(&data.dir()).await.unwrap();
        let key = self.device.card(open_month());
        let (here, there) = (self.device.replica.view().card_hash(&key), folded.state().card_hash(&key));
        let lines = folded.state().card(&key).map_or(0, |card| card.lines().len());
        if here != there || lines < 2 * LINES {
            self.failures.push(format!("{}: {here:?} here, {there:?} there, {lines} lines", self.name));
        }
        let left = self.device.replica.unsent().count() + self.device.replica.attention().len();
        if left > 0 {
            self.failures.push(format!("{}: {left} operations left or refused", self.name));
        }
    }
}

/// Both have registered work on one card, and neither has seen the other's.
async fn apart(official: &mut Device, head: &mut Device) {
    let key = official.card(open_month());
    for line in 0..LINES {
        official.on_card(&key, &Payload::AssignWork(vec![free_work(&format!("việc tự ghi {line}"))]));
        head.act(Target::Card(key.clone()), &Payload::AssignWork(vec![free_work(&format!("việc được giao {line}"))]));
    }
    head.sync().await;
}

/// The device after the loss of its copy of the log, with what was done on it.
fn without_copy(mut device: Device) -> Device {
    let mut replica = Replica::new(device.person, device.id, 1);
    for own in device.replica.own() {
        replica.append(own.signed.clone()).unwrap();
    }
    device.replica = replica;
    device
}

async fn prove(name: &'static str, before: fn(Device) -> Device) -> (u64, Vec<String>) {
    let data = demo_copy().await;
    let server = data.serve();
    let (_address, listens) = watch::channel(weather::place(&server));
    let mut official = Device::of(&server, "canbo1", 1).await;
    let mut head = Device::of(&server, "truong1", 2).await;
    official.sync().await;
    head.sync().await;
    apart(&mut official, &mut head).await;
    let exchange = Exchange::new(name, &data, before(official), listens).await;
    exchange.cut_everywhere(&data).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exchange_cut_at_any_byte_is_made_again() {
    let ((news, mut failures), (copy, more)) =
        tokio::join!(prove("news both ways", |device| device), prove("a copy from the beginning", without_copy));
    failures.extend(more);
    failures.iter().for_each(|failure| println!("cut-sockets: {failure}"));
    println!("cut-sockets: {} runs, {} failures", news + copy, failures.len());
    assert!(failures.is_empty());
}

#[tokio::test]
async fn a_cut_is_noticed_where_the_office_took_something() {
    let data = demo_copy().await;
    let server = data.serve();
    let (_address, listens) = watch::channel(weather::place(&server));
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let key = official.card(open_month());
    official.on_card(&key, &Payload::AssignWork(vec![free_work("một việc")]));
    let mut exchange = Exchange::new("as it should", &data, official, listens).await;
    exchange.bytes_apart = BYTES_MAX / 2;
    let log_end = check::read(exchange.store.as_ref()).await.len() as u64;
    // An answer can be cut only when its request has arrived.
    exchange.cut(|way| Weather { down: way, ..Weather::FAIR }, "answer", log_end).await;
    assert_eq!((exchange.cuts, exchange.failures.len()), (1, 1), "{:?}", exchange.failures);
}
