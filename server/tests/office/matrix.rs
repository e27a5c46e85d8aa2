//! Tests of an old app with a new server and a new app with an old server. There is no old build yet, so messages are
//! made old and new by hand: fields of later versions are removed from real messages, and fields of future versions are
//! added. `cargo xtask prove matrix` runs them.

use minicbor::Decoder;
use reqwest::StatusCode;
use shared::op::{Payload, RefusalCode, VERSION, Verdict};
use shared::sync::{CardSync, SyncError, SyncRequest, SyncResponse};
use shared::time::Millis;

use crate::bytes::sign;
use crate::harness::{Demo, Device, Server, demo_copy, open_month, refusal};
use crate::sync::free_work;

/// The last field of `SyncRequest` in the first version. Higher numbers came later.
const REQUEST_FIRST_MAX: u64 = 6;
/// The last field of `SyncResponse` in the first version.
const ANSWER_FIRST_MAX: u64 = 9;
/// A number that no version uses yet, below the size at which CBOR needs another byte.
const TO_COME: u8 = 23;

/// The fields of a message: number and bytes.
fn fields(bytes: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let mut input = Decoder::new(bytes);
    let count = input.map().unwrap().unwrap();
    let field = |_| {
        let number = input.u64().unwrap();
        let start = input.position();
        input.skip().unwrap();
        (number, bytes[start..input.position()].to_vec())
    };
    (0..count).map(field).collect()
}

fn message(fields: &[(u64, Vec<u8>)]) -> Vec<u8> {
    // A map of fewer than 24 fields, numbered below 24: one byte each.
    let mut bytes = vec![0xa0 | u8::try_from(fields.len()).unwrap()];
    for (number, field) in fields {
        bytes.push(u8::try_from(*number).unwrap());
        bytes.extend(field);
    }
    bytes
}

/// The message of the version whose last field was `first_max`.
fn only_first(bytes: &[u8], first_max: u64) -> Vec<u8> {
    message(&fields(bytes).into_iter().filter(|(number, _)| *number <= first_max).collect::<Vec<_>>())
}

/// The message of a version with one field more: a text in a list.
fn with_more(bytes: &[u8]) -> Vec<u8> {
    let mut all = fields(bytes);
    all.push((u64::from(TO_COME), vec![0x81, 0x63, b'n', b'e', b'w']));
    message(&all)
}

/// One exchange in which each side may be of another version.
async fn exchange(
    device: &mut Device,
    ask: impl Fn(Vec<u8>) -> Vec<u8>,
    answer: impl Fn(Vec<u8>) -> Vec<u8>,
) -> Vec<Verdict> {
    let request = ask(device.replica.request(64 * 1024).to_bytes());
    let response = device.post(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let bytes = answer(response.bytes().await.unwrap().to_vec());
    let response = SyncResponse::from_bytes(&bytes).unwrap();
    let receipts = device.verified(&response);
    device.replica.absorb(&response, Millis(server::clock::now().0)).unwrap();
    receipts.into_iter().map(|receipt| receipt.verdict).collect()
}

async fn at_work() -> (Demo, Server, Device) {
    let data = demo_copy().await;
    let server = data.serve();
    let mut device = Device::of(&server, "canbo1", 1).await;
    device.sync().await;
    (data, server, device)
}

fn work(device: &mut Device, name: &str) {
    let key = device.card(open_month());
    device.on_card(&key, &Payload::AssignWork(vec![free_work(name)]));
}

#[tokio::test]
async fn matrix_an_old_app_pushes_to_a_new_office() {
    let (_data, _server, mut device) = at_work().await;
    let keep = |bytes: Vec<u8>| bytes;
    for round in 0..3 {
        work(&mut device, &format!("việc {round}"));
        let verdicts = exchange(&mut device, |bytes| only_first(&bytes, REQUEST_FIRST_MAX), keep).await;
        assert_eq!(verdicts, [Verdict::Accepted], "round {round}");
        assert_eq!(device.replica.unsent().count(), 0);
    }
    // Checks that the fields really were there to be removed.
    let now = fields(&device.replica.request(0).to_bytes());
    assert!(now.iter().any(|(number, _)| *number > REQUEST_FIRST_MAX), "{now:?}");
}

#[tokio::test]
async fn matrix_a_new_app_understands_an_old_office() {
    let (_data, _server, mut device) = at_work().await;
    let keep = |bytes: Vec<u8>| bytes;
    let old = |bytes: Vec<u8>| only_first(&bytes, ANSWER_FIRST_MAX);
    for round in 0..3 {
        work(&mut device, &format!("việc {round}"));
        let verdicts = exchange(&mut device, |bytes| only_first(&bytes, REQUEST_FIRST_MAX), old).await;
        assert_eq!(verdicts, [Verdict::Accepted], "round {round}");
        assert_eq!(device.replica.unsent().count(), 0);
        let key = device.card(open_month());
        assert_eq!(device.replica.card_sync(&key), CardSync::Received, "never safe: an old office does not say so");
    }
    // The server is updated. The device uses the new fields from the next answer on, without fetching everything again.
    let response = device.post(device.replica.request(64 * 1024).to_bytes()).await.unwrap();
    let answer = SyncResponse::from_bytes(&response.bytes().await.unwrap()).unwrap();
    assert!(!answer.reset);
    exchange(&mut device, keep, keep).await;
    assert!(device.replica.meta().log_digest.is_some());
}

#[tokio::test]
async fn matrix_fields_to_come_are_passed_over_both_ways() {
    let (_data, _server, mut device) = at_work().await;
    work(&mut device, "việc của bản sau");
    let verdicts = exchange(&mut device, |bytes| with_more(&bytes), |bytes| with_more(&bytes)).await;
    assert_eq!(verdicts, [Verdict::Accepted]);
    assert_eq!(device.replica.unsent().count(), 0);
}

#[tokio::test]
async fn matrix_a_known_kind_in_a_later_version_is_read_by_its_known_fields() {
    let (_data, _server, device) = at_work().await;
    let key = device.card(open_month());
    let first = sign(&device, &key, &Payload::AssignWork(vec![free_work("một")]), 1, None);
    let mut body = first.decode().unwrap();
    body.version = VERSION + 1;
    let body = body.to_bytes();
    let later = shared::op::SignedOperation { signature: signature(&device, &body), body };
    let receipts = device.push(vec![later.clone()]).await;
    // A changed meaning comes as another kind, which is held; see below.
    assert_eq!(receipts[0].verdict, Verdict::Accepted);
    let next = sign(&device, &key, &Payload::AssignWork(vec![free_work("hai")]), 2, Some(later.id()));
    assert_eq!(device.push(vec![next]).await[0].verdict, Verdict::Accepted, "what follows counts");
}

fn signature(device: &Device, body: &[u8]) -> Vec<u8> {
    use ed25519_dalek::Signer as _;
    device.key.sign(body).to_bytes().to_vec()
}

#[tokio::test]
async fn matrix_another_protocol_says_so_and_leaves_everything_where_it_is() {
    let (_data, _server, mut device) = at_work().await;
    work(&mut device, "chờ bản mới");
    let asked = SyncRequest { protocol: 2, ..device.replica.request(64 * 1024) };
    let error = refusal(device.post(asked.to_bytes()).await.unwrap(), StatusCode::BAD_REQUEST, "invalid").await;
    assert_eq!((error["field"].as_str(), error["found"].as_str()), (Some("protocol"), Some("2")));
    let response = device.post(device.replica.request(0).to_bytes()).await.unwrap();
    let answer = SyncResponse::from_bytes(&response.bytes().await.unwrap()).unwrap();
    let of_another = SyncResponse { protocol: 2, ..answer };
    assert_eq!(device.replica.absorb(&of_another, Millis(1)).unwrap_err(), SyncError::Protocol(2));
    assert_eq!(device.replica.unsent().count(), 1, "the work waits");
    device.sync().await;
    assert_eq!(device.replica.unsent().count(), 0, "and arrives once both speak the same");
    let key = device.card(open_month());
    assert!(device.replica.view().card(&key).unwrap().lines().iter().any(|line| line.plan.name == "chờ bản mới"));
}

#[tokio::test]
async fn matrix_a_kind_of_operation_to_come_is_held_and_blocks_nothing() {
    let (_data, _server, device) = at_work().await;
    let key = device.card(open_month());
    let first = sign(&device, &key, &Payload::AssignWork(vec![free_work("một")]), 1, None);
    let mut body = first.decode().unwrap();
    body.kind = 60_000;
    let body = body.to_bytes();
    let unknown = shared::op::SignedOperation { signature: signature(&device, &body), body };
    let receipts = device.push(vec![unknown.clone()]).await;
    let refusal = receipts[0].verdict.refusal().unwrap();
    assert!(matches!(receipts[0].verdict, Verdict::Held(_)), "{:?}", receipts[0].verdict);
    assert_ne!(refusal.code, RefusalCode::Malformed);
    let next = sign(&device, &key, &Payload::AssignWork(vec![free_work("hai")]), 2, Some(unknown.id()));
    assert_eq!(device.push(vec![next]).await[0].verdict, Verdict::Accepted, "what follows counts");
}
