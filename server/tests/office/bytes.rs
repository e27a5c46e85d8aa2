//! Tests of `/v1/sync` with repeated, forged, reordered, cut and oversized bytes.

use ed25519_dalek::{Signer as _, SigningKey};
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::StatusCode;
use shared::ids::OpId;
use shared::op::{Body, CardKey, Payload, RefusalCode, SignedOperation, Target, VERSION, Verdict};
use shared::sync::{SyncRequest, SyncResponse};
use shared::time::{Hlc, Millis};
use std::io::Write as _;

use crate::harness::{Device, Server, client, demo_copy, open_month, pack_hash, refusal};
use crate::sync::free_work;

/// Signs an intent at any place of the device's chain.
pub(crate) fn sign(device: &Device, key: &CardKey, payload: &Payload, seq: u64, prev: Option<OpId>) -> SignedOperation {
    let body = Body {
        version: VERSION,
        kind: payload.kind(),
        actor: device.person,
        device: device.id,
        epoch: 1,
        seq,
        prev,
        target: Target::Card(key.clone()),
        base: Vec::new(),
        seen_seq: 0,
        hlc: Hlc { at: Millis(server::clock::now().0), counter: 0 },
        last_server_time: Millis(0),
        payload: payload.to_bytes().into(),
        nonce: None,
    };
    let body = body.to_bytes();
    let signature = device.key.sign(&body).to_bytes().to_vec();
    SignedOperation { body, signature }
}

fn work(device: &Device, name: &str, seq: u64, prev: Option<OpId>) -> SignedOperation {
    let key = CardKey { subject: device.person.into(), period: open_month(), pack: pack_hash() };
    sign(device, &key, &Payload::AssignWork(vec![free_work(name)]), seq, prev)
}

#[tokio::test]
async fn the_same_batch_again_gets_the_same_receipts_byte_for_byte() {
    let data = demo_copy().await;
    let mut server = Server::start(data.path(), &[]);
    let device = Device::of(&server, "canbo1", 1).await;
    let first = work(&device, "một", 1, None);
    let second = work(&device, "hai", 2, Some(first.id()));
    let operations = vec![first.clone(), second, first];
    let request = SyncRequest { operations, ..device.replica.request(0) }.to_bytes();
    let receipts = async |device: &Device| {
        let bytes = device.post(request.clone()).await.unwrap().bytes().await.unwrap();
        SyncResponse::from_bytes(&bytes).unwrap().receipts
    };
    let given = receipts(&device).await;
    assert_eq!(given[0], given[2], "twice in one batch is once");
    assert_eq!(receipts(&device).await, given);
    server.kill();
    let server = Server::start(data.path(), &[]);
    let again = Device::of(&server, "canbo1", 1).await;
    assert_eq!(receipts(&again).await, given, "also after a restart");
}

#[tokio::test]
async fn a_forged_signature_is_kept_aside_and_does_not_block_the_true_one() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let device = Device::of(&server, "canbo1", 1).await;
    let truth = work(&device, "thật", 1, None);
    let forger = SigningKey::from_bytes(&[7; 32]);
    let forged = SignedOperation { signature: forger.sign(&truth.body).to_bytes().to_vec(), ..truth.clone() };
    let short = SignedOperation { signature: vec![1, 2, 3], ..truth.clone() };
    for wrong in [forged.clone(), short] {
        let receipts = device.push(vec![wrong]).await;
        assert_eq!(receipts[0].verdict.refusal().unwrap().code, RefusalCode::BadSignature);
        assert_eq!(receipts[0].server_seq, 0, "no place in the log");
    }
    assert_eq!(device.push(vec![truth.clone()]).await[0].verdict, Verdict::Accepted);
    let receipts = device.push(vec![forged]).await;
    assert_eq!(
        receipts[0].verdict.refusal().unwrap().code,
        RefusalCode::BadSignature,
        "nor does the true one cover it"
    );
    assert_eq!(device.push(vec![truth]).await[0].verdict, Verdict::Accepted);
}

#[tokio::test]
async fn an_operation_waits_until_its_key_is_registered() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let device = Device::unregistered(&server, "canbo1", 1).await;
    let early = work(&device, "sớm", 1, None);
    let receipts = device.push(vec![early.clone()]).await;
    assert!(matches!(&receipts[0].verdict, Verdict::Held(refusal) if refusal.code == RefusalCode::UnknownKey));
    assert_eq!(device.register().await.status(), StatusCode::OK);
    assert_eq!(device.push(vec![early]).await[0].verdict, Verdict::Accepted);
}

#[tokio::test]
async fn an_operation_waits_for_the_one_before_it_and_spoils_no_other() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let device = Device::of(&server, "canbo1", 1).await;
    let neighbour = Device::of(&server, "canbo2", 2).await;
    let first = work(&device, "một", 1, None);
    let second = work(&device, "hai", 2, Some(first.id()));
    let sound = work(&neighbour, "ba", 1, None);
    let broken = SignedOperation { body: b"not an operation".to_vec(), signature: vec![0; 64] };
    let receipts = device.push(vec![second.clone(), broken, sound]).await;
    assert!(matches!(&receipts[0].verdict, Verdict::Held(refusal) if refusal.code == RefusalCode::Gap));
    assert_eq!(receipts[1].verdict.refusal().unwrap().code, RefusalCode::Malformed);
    assert_eq!(receipts[2].verdict, Verdict::Accepted, "anybody may carry what somebody else signed");
    let receipts = device.push(vec![first, second]).await;
    assert!(receipts.iter().all(|receipt| receipt.verdict == Verdict::Accepted), "{receipts:?}");
}

#[tokio::test]
async fn two_operations_for_one_place_of_a_chain_are_both_kept() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let device = Device::of(&server, "canbo1", 1).await;
    let one = work(&device, "một", 1, None);
    let other = work(&device, "một khác", 1, None);
    assert_eq!(device.push(vec![one]).await[0].verdict, Verdict::Accepted);
    let receipts = device.push(vec![other.clone()]).await;
    assert_eq!(receipts[0].verdict.refusal().unwrap().code, RefusalCode::Fork);
    drop(server);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(data.path().join("congtam.sqlite3"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let body: Vec<u8> = sqlx::query_scalar("SELECT body FROM aside WHERE op_id = $1")
        .bind(other.id().as_bytes().as_slice())
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(body, other.body);
}

#[tokio::test]
async fn a_request_cut_anywhere_changes_nothing() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let device = Device::of(&server, "canbo1", 1).await;
    let first = work(&device, "một", 1, None);
    let request = SyncRequest { operations: vec![first.clone()], ..device.replica.request(0) }.to_bytes();
    for end in 0..request.len() {
        let response = device.post(request[..end].to_vec()).await.unwrap();
        refusal(response, StatusCode::BAD_REQUEST, "invalid").await;
    }
    let mut longer = request.clone();
    longer.push(0);
    refusal(device.post(longer).await.unwrap(), StatusCode::BAD_REQUEST, "invalid").await;
    assert_eq!(device.push(vec![first]).await[0].verdict, Verdict::Accepted, "{} cuts left no trace", request.len());
}

#[tokio::test]
async fn what_is_too_large_is_refused_also_when_packed_small() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let device = Device::of(&server, "canbo1", 1).await;
    let too_large = device.post(vec![0; 80 * 1024]).await.unwrap();
    let error = refusal(too_large, StatusCode::PAYLOAD_TOO_LARGE, "too_large").await;
    assert_eq!(error["allowed"], "73728 bytes");
    let packed = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        let request = device.client.post(format!("{}/v1/sync", device.url));
        let request = request.header("content-type", "application/cbor").header("content-encoding", "gzip");
        request.body(encoder.finish().unwrap()).send()
    };
    let bomb = packed(&vec![0; 20 * 1024 * 1024]).await.unwrap();
    refusal(bomb, StatusCode::PAYLOAD_TOO_LARGE, "too_large").await;
    let honest = packed(&device.replica.request(8 * 1024).to_bytes()).await.unwrap();
    assert_eq!(honest.status(), StatusCode::OK);
}

#[tokio::test]
async fn only_signed_in_people_exchange_and_only_in_this_language() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let mut device = Device::of(&server, "canbo1", 1).await;
    let other = SyncRequest { protocol: 99, ..device.replica.request(0) };
    let error = refusal(device.post(other.to_bytes()).await.unwrap(), StatusCode::BAD_REQUEST, "invalid").await;
    assert_eq!((error["field"].as_str(), error["allowed"].as_str()), (Some("protocol"), Some("1")));
    let json = device.client.post(format!("{}/v1/sync", device.url)).body("{}").send().await.unwrap();
    refusal(json, StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_type").await;
    device.client = client();
    let stranger = device.post(device.replica.request(0).to_bytes()).await.unwrap();
    refusal(stranger, StatusCode::UNAUTHORIZED, "not_signed_in").await;
}

#[tokio::test]
async fn what_builds_on_a_forked_operation_is_judged_without_it_also_after_a_restart() {
    let data = demo_copy().await;
    let mut server = Server::start(data.path(), &[]);
    let (device, neighbour) = (Device::of(&server, "canbo1", 1).await, Device::of(&server, "canbo2", 2).await);
    let one = work(&device, "một", 1, None);
    let other = work(&device, "một khác", 1, None);
    let on_it = |seq, prev| {
        let body = work(&neighbour, "dựa trên đó", seq, prev).decode().unwrap();
        let body = Body { base: vec![other.id()], ..body }.to_bytes();
        let signature = neighbour.key.sign(&body).to_bytes().to_vec();
        SignedOperation { body, signature }
    };
    let first = on_it(1, None);
    let refusal = neighbour.push(vec![first.clone()]).await[0].verdict.refusal().cloned().unwrap();
    assert_eq!((refusal.code, refusal.field.as_str()), (RefusalCode::Gap, "base"), "it may still come");
    device.push(vec![one, other.clone()]).await;
    assert!(neighbour.push(vec![first.clone()]).await[0].server_seq > 0);
    server.kill();
    let server = Server::start(data.path(), &[]);
    let mut again = Device::of(&server, "canbo2", 2).await;
    again.key = neighbour.key.clone();
    assert!(again.push(vec![on_it(2, Some(first.id()))]).await[0].server_seq > 0);
}
