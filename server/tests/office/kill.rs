//! Kills the server with SIGKILL while it takes batches. Every operation with a receipt must still be there, with this
//! receipt.
//!
//! `cargo xtask prove server-kill` sets more runs or another seed. A failing run prints a line with its seed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use server::open_directory;
use shared::ids::OpId;
use shared::op::{DraftValue, Payload, Receipt};
use shared::sync::LogState;

use crate::chance::{Chance, asked};
use crate::cluster::Cluster;
use crate::harness::{Demo, Device, Server, demo_copy, open_month};

/// Default number of runs on each database.
const RUNS: u64 = 20;
/// In every so many runs PostgreSQL itself is killed, while the server's process continues.
const DATABASE_RUN_EVERY: u64 = 5;
const TABLETS: u8 = 3;
/// Operations that a device has ready before it begins to send.
const WRITES: usize = 12;
/// Bytes of a batch. They are few, so that many batches are being sent.
const BATCH_BYTES: usize = 1024;
/// The longest time from the first sending to the kill, in milliseconds.
const LIFE_MS_MAX: u64 = 300;

/// The counts of a proof so far.
#[derive(Default)]
struct Proof {
    receipts: BTreeMap<OpId, Receipt>,
    cut_off: u64,
    failures: Vec<String>,
}

/// A device that writes and sends until the server no longer answers, or until the kill is over and the request
/// outlived it. The server waits a while for a database that starts again. Returns the receipts it was given.
async fn send_until_cut_off(mut device: Device, run: u64, over: Arc<AtomicBool>) -> (Device, Vec<(OpId, Receipt)>) {
    let key = device.card(open_month());
    let mut receipts = Vec::new();
    loop {
        for write in device.replica.unsent().count()..WRITES {
            let value = DraftValue { text: format!("lần {run}, nét {write}"), ..DraftValue::default() };
            let fields = BTreeMap::from([("strengths".to_owned(), value)]);
            device.on_card(&key, &Payload::SaveDraft { appraisal: false, fields });
        }
        match device.offer(BATCH_BYTES).await {
            Some(given) => receipts.extend(given.into_iter().map(|receipt| (receipt.op, receipt))),
            None => return (device, receipts),
        }
        if over.load(Ordering::Relaxed) {
            return (device, receipts);
        }
    }
}

/// Lets the devices send until the server, or its database, is killed. Returns the server that continues.
async fn one_run(
    (run, life): (u64, Duration),
    data: &Demo,
    mut server: Server,
    devices: &mut Vec<Device>,
    database: Option<&mut Cluster>,
) -> (Server, BTreeMap<OpId, Receipt>) {
    let over = Arc::new(AtomicBool::new(false));
    let send = |device| tokio::spawn(send_until_cut_off(device, run, Arc::clone(&over)));
    let sending: Vec<_> = devices.drain(..).map(send).collect();
    tokio::time::sleep(life).await;
    match database {
        Some(cluster) => tokio::task::block_in_place(|| cluster.kill_and_restart()),
        None => {
            server.kill();
            server = data.serve();
        }
    }
    over.store(true, Ordering::Relaxed);
    let mut receipts = BTreeMap::new();
    for device in sending {
        let (mut device, given) = device.await.unwrap();
        device.url.clone_from(&server.url);
        devices.push(device);
        receipts.extend(given);
    }
    (server, receipts)
}

/// The receipts whose operation is not in the log as it was receipted.
async fn lost(data: &Demo, receipts: &BTreeMap<OpId, Receipt>) -> Vec<String> {
    let store = open_directory::open_to_read(&data.dir()).await.unwrap();
    let mut lost = Vec::new();
    for (id, receipt) in receipts {
        match store.known(*id).await.unwrap() {
            None => lost.push(format!("{id}: has a receipt for place {} and is not in the log", receipt.server_seq)),
            Some(known) if known.receipt.decode().ok().as_ref() != Some(receipt) => {
                lost.push(format!("{id}: has another receipt than the one given"));
            }
            Some(_) => {}
        }
    }
    store.close().await;
    lost
}

/// Folds the log anew and checks that it has no gaps.
async fn whole_log(data: &Demo) -> LogState {
    let store = open_directory::open_to_read(&data.dir()).await.unwrap();
    let mut end = 0;
    loop {
        let page = store.entries_after(end, 5_000).await.unwrap();
        if page.is_empty() {
            break;
        }
        for entry in page {
            assert_eq!(entry.server_seq, end + 1, "the log has a gap");
            end = entry.server_seq;
        }
    }
    store.close().await;
    open_directory::fold(&data.dir()).await.unwrap()
}

async fn prove(database: &str, data: Demo, mut cluster: Option<Cluster>) {
    let (runs, seed) = (asked("CONGTAM_PROVE_RUNS", RUNS), asked("CONGTAM_PROVE_SEED", 1));
    println!("server-kill on {database}: seed {seed}");
    let (mut chance, mut proof) = (Chance(seed), Proof::default());
    let mut server = data.serve();
    let mut devices = Vec::new();
    for n in 1..=TABLETS {
        let mut device = Device::of(&server, &format!("canbo{n}"), n).await;
        device.sync().await;
        devices.push(device);
    }
    for run in 0..runs {
        let life = Duration::from_millis(chance.below(LIFE_MS_MAX));
        let killed = cluster.as_mut().filter(|_| run % DATABASE_RUN_EVERY == DATABASE_RUN_EVERY - 1);
        let (next, receipts) = one_run((run, life), &data, server, &mut devices, killed).await;
        server = next;
        let lost = lost(&data, &receipts).await;
        if !lost.is_empty() {
            proof.failures.push(format!("run {run}, killed after {life:?}: {lost:?}"));
        }
        proof.cut_off += u64::from(devices.iter().any(|device| device.replica.unsent().next().is_some()));
        proof.receipts.extend(receipts);
    }
    for device in &mut devices {
        device.sync().await;
        let own =
            device.replica.own().map(|own| (own.id, own.receipt.clone().expect("everything is delivered in the end")));
        proof.receipts.extend(own);
    }
    drop(server);
    let lost = lost(&data, &proof.receipts).await;
    if !lost.is_empty() {
        proof.failures.push(format!("after all runs: {lost:?}"));
    }
    let folded = whole_log(&data).await;
    for device in &devices {
        let key = device.card(open_month());
        assert_eq!(
            folded.state().card_hash(&key),
            device.replica.view().card_hash(&key),
            "office and tablet fold the same"
        );
    }
    drop(cluster);
    for failure in &proof.failures {
        println!("server-kill on {database}, seed {seed}: {failure}");
    }
    let (receipts, cut_off, failures) = (proof.receipts.len(), proof.cut_off, proof.failures.len());
    println!("server-kill on {database}: {receipts} receipts kept to, work under way in {cut_off} of {runs} runs");
    println!("server-kill on {database}: {runs} runs, {failures} failures");
    assert_eq!(failures, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_kills_lose_nothing_on_sqlite() {
    prove("sqlite", demo_copy().await, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_kills_lose_nothing_on_postgresql() {
    let cluster = Cluster::start();
    let data = Demo::made_on_server(cluster.database().await).await;
    prove("postgresql", data, Some(cluster)).await;
}

#[tokio::test]
async fn a_server_told_to_stop_ends_by_itself() {
    let data = demo_copy().await;
    let mut server = data.serve();
    let told = std::process::Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    assert!(told.success() && server.wait().success());
}
