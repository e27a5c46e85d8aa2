//! Tests of `/v1/devices`.

use ed25519_dalek::SigningKey;
use reqwest::StatusCode;
use serde_json::json;
use server::data_directory::DataDirectory;
use server::open_directory;
use shared::op::{Payload, Receipt, RefusalCode};

use crate::harness::{Demo, Device, Server, client, demo_copy, open_month, refusal};
use crate::sync::free_work;

#[tokio::test]
async fn an_epoch_belongs_to_its_first_key_for_ever() {
    epoch_of_first_key(demo_copy().await).await;
}

pub(crate) async fn epoch_of_first_key(data: Demo) {
    let server = data.serve();
    let device = Device::of(&server, "canbo1", 1).await;
    assert_eq!(device.register().await.status(), StatusCode::OK, "the same key again changes nothing");
    let other = SigningKey::from_bytes(&[99; 32]);
    assert_eq!(device.register_as(4, &other).await.status(), StatusCode::OK);
    let error = refusal(device.register_as(1, &other).await, StatusCode::CONFLICT, "epoch_taken").await;
    assert_eq!(error["epoch_max"], 4, "the next free epoch is told: {error}");
    let colleague = Device::of(&server, "canbo2", 1).await;
    assert_eq!(colleague.register().await.status(), StatusCode::OK, "another person's epochs on the tablet are others");
}

#[tokio::test]
async fn keys_that_prove_nothing_are_refused() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let device = Device::unregistered(&server, "canbo1", 1).await;
    let post = |key: String, epoch: u32| {
        let body = json!({ "device": device.id, "epoch": epoch, "public_key": key, "label": "" });
        device.client.post(format!("{}/v1/devices", device.url)).json(&body).send()
    };
    let small = |y: u8| format!("{y:02x}{}", "0".repeat(62));
    // The neutral point, a point of order four, and a number that is on no point.
    for key in [small(1), small(0), small(2), "12".to_owned(), "no key".to_owned()] {
        let error = refusal(post(key, 1).await.unwrap(), StatusCode::BAD_REQUEST, "invalid").await;
        assert_eq!(error["field"], "public_key");
    }
    let good = hex::encode(device.key.verifying_key().to_bytes());
    let error = refusal(post(good, 0).await.unwrap(), StatusCode::BAD_REQUEST, "invalid").await;
    assert_eq!((&error["field"], &error["found"]), (&json!("epoch"), &json!("0")));
}

#[tokio::test]
async fn without_a_session_nothing_is_registered() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let mut device = Device::unregistered(&server, "canbo1", 1).await;
    device.client = client();
    refusal(device.register().await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
}

#[tokio::test]
async fn a_key_in_two_hands_stays_in_quarantine_when_the_server_starts_again() {
    let data = demo_copy().await;
    let mut server = Server::start(data.path(), &[]);
    let mut device = Device::of(&server, "canbo1", 1).await;
    // The same device with the same key: a profile that was copied.
    let mut clone = Device::of(&server, "canbo1", 1).await;
    device.sync().await;
    clone.sync().await;
    let key = device.card(open_month());
    device.on_card(&key, &Payload::AssignWork(vec![free_work("Việc của máy này")]));
    clone.on_card(&key, &Payload::AssignWork(vec![free_work("Việc của bản sao")]));
    device.sync().await;
    let code = |receipt: &Receipt| receipt.verdict.refusal().map(|refusal| refusal.code);
    let of_clone: Vec<_> = clone.replica.own().map(|own| own.signed.clone()).collect();
    assert_eq!(code(&clone.push(of_clone.clone()).await[0]), Some(RefusalCode::Fork));

    server.kill();
    let server = Server::start(data.path(), &[]);
    device.url.clone_from(&server.url);
    device.on_card(&key, &Payload::AssignWork(vec![free_work("Việc sau đó")]));
    let last = device.replica.own().last().unwrap().signed.clone();
    assert_eq!(code(&device.push(vec![last]).await[0]), Some(RefusalCode::Fork), "held, and kept");
    let store = open_directory::open_to_read(&DataDirectory::new(data.path())).await.unwrap();
    assert_eq!(store.held_aside().await.unwrap().len(), 2);
}
