//! Five hundred devices return to the real server at the same moment.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use reqwest::StatusCode;
use server::auth::{Token, cookie_name};
use server::store::Session;
use shared::sync::{PROTOCOL, SyncRequest, SyncResponse};
use shared::time::Millis;
use tokio::task::JoinSet;

use crate::office::{Commune, Operations};
use crate::{peak_kib, start};

const TABLETS: usize = 500;
/// The number of operations that each device delivers.
const OPERATIONS_EACH: usize = 20;
/// The number of the first of these devices.
const DEVICE_FIRST: u8 = 200;
const DAY_MS: u64 = 86_400_000;

/// A device's request and the cookie of its session.
struct Returning {
    cookie: String,
    body: Vec<u8>,
}

pub(crate) async fn return_at_once(database: &str, commune: &Commune) {
    let devices = prepare(commune).await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_congtam"));
    command.arg("serve").arg("--data").arg(commune.folder.path()).args(["--port", "0", "--log-filter", "off"]);
    if let Some(server) = &commune.server {
        command.arg("--database").arg(server.to_string());
    }
    let mut server = command.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let url =
        lines.map_while(Result::ok).find_map(|line| line.strip_prefix("listening on ").map(String::from)).unwrap();
    let before_kib = peak_kib(server.id());
    let client = reqwest::Client::new();
    let started = start();
    let mut returning = JoinSet::new();
    for device in devices {
        returning.spawn(exchange(client.clone(), format!("{url}/v1/sync"), device));
    }
    let (mut served, mut told_to_wait, mut slowest) = (0, 0, Duration::ZERO);
    while let Some(done) = returning.join_next().await {
        let (receipts, waits, took) = done.unwrap();
        assert_eq!(receipts, OPERATIONS_EACH, "a receipt for each");
        (served, told_to_wait, slowest) = (served + 1, told_to_wait + waits, slowest.max(took));
    }
    let took = started.elapsed().as_millis();
    let rate = (TABLETS * OPERATIONS_EACH) as u128 * 1_000 / took.max(1);
    println!(
        "{database:<12} {served} of {TABLETS} devices with {OPERATIONS_EACH} operations each served in {took} ms \
         ({rate}/s), the slowest in {} ms; told to come again {told_to_wait} times; \
         the server held {} KiB at most, {before_kib} before",
        slowest.as_millis(),
        peak_kib(server.id()),
    );
    server.kill().unwrap();
    server.wait().unwrap();
}

/// Sends until the request is served. Returns how many receipts came, how often the server asked to try again, and how
/// long it took.
async fn exchange(client: reqwest::Client, url: String, device: Returning) -> (usize, usize, Duration) {
    let started = start();
    for waits in 0.. {
        let request = client.post(&url).header("content-type", "application/cbor").header("cookie", &device.cookie);
        let response = request.body(device.body.clone()).send().await.unwrap();
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            tokio::time::sleep(Duration::from_secs(1)).await;
            continue;
        }
        assert_eq!(response.status(), StatusCode::OK);
        let answer = SyncResponse::from_bytes(&response.bytes().await.unwrap()).unwrap();
        let accepted = |receipt: &shared::op::SignedReceipt| receipt.decode().unwrap().verdict.refusal().is_none();
        assert!(answer.receipts.iter().all(accepted), "every operation is accepted");
        return (answer.receipts.len(), waits, started.elapsed());
    }
    unreachable!("the loop ends by returning")
}

/// Makes signed-in devices that know the log up to here and have operations to deliver.
async fn prepare(commune: &Commune) -> Vec<Returning> {
    let now = server::clock::now();
    let mut devices = Vec::with_capacity(TABLETS);
    for n in 0..TABLETS {
        let person = commune.people[n % commune.people.len()];
        let device = DEVICE_FIRST + u8::try_from(n / commune.people.len()).unwrap();
        let operations: Operations = commune.signed(person, device, OPERATIONS_EACH).await;
        let token = Token::draw().unwrap();
        let expires_at = Millis(now.0 + DAY_MS);
        let session = Session { token_hash: token.hash(), person, created_at: now, expires_at, address: None };
        let password_hash = commune.store.account_of(person).await.unwrap().unwrap().account.password_hash;
        assert!(commune.store.create_session(&session, &password_hash, None).await.unwrap());
        let office = commune.ingest.log_state().await.unwrap();
        let request = SyncRequest {
            protocol: PROTOCOL,
            device: operations[0].decode().unwrap().device,
            own: Vec::new(),
            cursor: office.log_end(),
            scope: office.state().scope_of(person),
            operations,
            answer_bytes_max: 64 * 1024,
            log_digest: None,
            differs: None,
            snapshot_seq: None,
            backfill_cursor: None,
            wanted: None,
        };
        devices
            .push(Returning { cookie: format!("{}={}", cookie_name(false), token.reveal()), body: request.to_bytes() });
    }
    commune.close().await;
    devices
}
