//! `/v1/devices`.

use ed25519_dalek::SigningKey;
use reqwest::StatusCode;
use serde_json::json;

use crate::harness::{Demo, Server, Tablet, client, demo_copy, refusal};

#[tokio::test]
async fn an_epoch_belongs_to_its_first_key_for_ever() {
    epoch_of_first_key(demo_copy().await).await;
}

pub(crate) async fn epoch_of_first_key(data: Demo) {
    let server = data.serve();
    let tablet = Tablet::of(&server, "canbo1", 1).await;
    assert_eq!(tablet.register().await.status(), StatusCode::OK, "the same key again changes nothing");
    let other = SigningKey::from_bytes(&[99; 32]);
    assert_eq!(tablet.register_as(4, &other).await.status(), StatusCode::OK);
    let error = refusal(tablet.register_as(1, &other).await, StatusCode::CONFLICT, "epoch_taken").await;
    assert_eq!(error["epoch_max"], 4, "the next free epoch is told: {error}");
    let colleague = Tablet::of(&server, "canbo2", 1).await;
    assert_eq!(colleague.register().await.status(), StatusCode::OK, "another person's epochs on the tablet are others");
}

#[tokio::test]
async fn keys_that_prove_nothing_are_refused() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let tablet = Tablet::unregistered(&server, "canbo1", 1).await;
    let post = |key: String, epoch: u32| {
        let body = json!({ "device": tablet.device, "epoch": epoch, "public_key": key, "label": "" });
        tablet.client.post(format!("{}/v1/devices", tablet.url)).json(&body).send()
    };
    let small = |y: u8| format!("{y:02x}{}", "0".repeat(62));
    // The neutral point, a point of order four, and a number that is on no point.
    for key in [small(1), small(0), small(2), "12".to_owned(), "no key".to_owned()] {
        let error = refusal(post(key, 1).await.unwrap(), StatusCode::BAD_REQUEST, "invalid").await;
        assert_eq!(error["field"], "public_key");
    }
    let good = hex::encode(tablet.key.verifying_key().to_bytes());
    let error = refusal(post(good, 0).await.unwrap(), StatusCode::BAD_REQUEST, "invalid").await;
    assert_eq!((&error["field"], &error["found"]), (&json!("epoch"), &json!("0")));
}

#[tokio::test]
async fn without_a_session_nothing_is_registered() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let mut tablet = Tablet::unregistered(&server, "canbo1", 1).await;
    tablet.client = client();
    refusal(tablet.register().await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
}
