//! The way in, without a network: the folded copy never differs from the log.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use server::data_dir::DataDir;
use server::ingest::{Author, Ingest};
use server::office;
use server::store::{DeviceKey, Store};
use shared::ids::DeviceId;
use shared::op::{ChainHead, Payload, SignedOperation, Target, Verdict};
use shared::sync::KeyCheck;
use shared::time::Millis;

use crate::harness::{Demo, demo_copy, open_month};
use crate::sync::free_work;

/// Signs one piece of work that a person registers on a device of their own.
pub(crate) async fn signed_work(ingest: &Ingest, store: &Arc<dyn Store>, username: &str, n: u8) -> SignedOperation {
    let person = store.account(username).await.unwrap().unwrap().person;
    let key = SigningKey::from_bytes(&[n; 32]);
    let mut author = Author::new(person, DeviceId::from_bytes([n; 16]), key, ChainHead::default());
    let key = DeviceKey { chain: author.chain(), public_key: author.public_key(), label: String::new() };
    store.register_device(&key, Millis(1)).await.unwrap();
    let office = ingest.office().await.unwrap();
    let card = office.state().card_key(person, open_month()).unwrap();
    let payload = Payload::AssignWork(vec![free_work("việc")]);
    author.sign(office.state(), Target::Card(card), &payload, server::clock::now())
}

#[tokio::test]
async fn a_batch_dropped_before_its_commit_never_happened() {
    dropped_batch(demo_copy().await).await;
}

pub(crate) async fn dropped_batch(data: Demo) {
    let dir = data.dir();
    let store = office::open_store(&dir).await.unwrap();
    let ingest = Ingest::open(Arc::clone(&store), dir.signing_key().unwrap()).await.unwrap();
    let before = ingest.office().await.unwrap().log_end();
    let operation = signed_work(&ingest, &store, "canbo1", 1).await;
    let mut intake = ingest.intake().await.unwrap();
    let receipt = intake.receive(operation.clone(), KeyCheck::Verified, Millis(1)).await.unwrap();
    assert_eq!(receipt.decode().unwrap().server_seq, before + 1);
    drop(intake);
    assert_eq!(ingest.office().await.unwrap().log_end(), before);
    assert!(store.known(operation.id()).await.unwrap().is_none());
    let receipts = ingest.receive(vec![operation]).await.unwrap();
    assert_eq!(receipts[0].decode().unwrap().verdict, Verdict::Accepted, "and can happen afterwards");
}

#[tokio::test]
async fn a_write_the_database_refuses_leaves_no_trace_and_no_receipt() {
    let data = demo_copy().await;
    let dir = DataDir::new(data.path());
    let store = office::open_store(&dir).await.unwrap();
    let open = async || Ingest::open(Arc::clone(&store), dir.signing_key().unwrap()).await.unwrap();
    let (current, outdated) = (open().await, open().await);
    let before = current.office().await.unwrap().log_end();
    let first = signed_work(&current, &store, "canbo1", 1).await;
    let second = signed_work(&current, &store, "canbo2", 2).await;
    current.receive(vec![first]).await.unwrap();
    // The second process still believes in the old end of the log: its place is taken.
    assert!(outdated.receive(vec![second.clone()]).await.is_err());
    assert!(store.known(second.id()).await.unwrap().is_none());
    assert_eq!(outdated.office().await.unwrap().log_end(), before + 1, "the copy was folded again");
    let receipt = outdated.receive(vec![second]).await.unwrap()[0].decode().unwrap();
    assert_eq!((receipt.server_seq, receipt.verdict), (before + 2, Verdict::Accepted));
}
