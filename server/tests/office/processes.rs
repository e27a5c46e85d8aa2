//! Tests of several processes that write to one log, on either database. Each judges on everything that the others have
//! written.

use std::sync::Arc;

use server::ingest::Ingest;
use server::open_directory;
use shared::op::{Payload, RefusalCode, SignedOperation, Verdict};

use crate::harness::{Demo, open_month};
use crate::ingest::signed_work;
use crate::sync::free_work;

/// Operations of each of two processes that write at the same time.
const AT_ONCE: usize = 30;

async fn open(data: &Demo) -> Ingest {
    let store = open_directory::open_store(&data.dir()).await.unwrap();
    Ingest::open(store, data.dir().signing_key().unwrap()).await.unwrap()
}

/// Work lines of one person, in one chain.
async fn works(data: &Demo, ingest: &Ingest, username: &str, n: u8) -> Vec<SignedOperation> {
    use ed25519_dalek::SigningKey;
    use shared::op::{ChainHead, Target};
    let store = open_directory::open_store(&data.dir()).await.unwrap();
    let first = signed_work(ingest, &store, username, n).await;
    let body = first.decode().unwrap();
    let head = ChainHead::default().advanced(first.id());
    let key = SigningKey::from_bytes(&[n; 32]);
    let mut author = server::ingest::Author::new(body.actor, body.device, key, head);
    let office = ingest.log_state().await.unwrap();
    let card = office.state().card_key(body.actor, open_month()).unwrap();
    let mut all = vec![first];
    for more in 1..AT_ONCE {
        let payload = Payload::AssignWork(vec![free_work(&format!("việc {more}"))]);
        all.push(author.sign(office.state(), Target::Card(card.clone()), &payload, server::clock::now()));
    }
    store.close().await;
    all
}

pub(crate) async fn two_processes_write_at_once_and_lose_nothing(data: Demo) {
    let (one, two) = (open(&data).await, open(&data).await);
    let before = one.log_state().await.unwrap().log_end();
    let (first, second) = (works(&data, &one, "canbo1", 1).await, works(&data, &two, "canbo2", 2).await);
    let send = |ingest: Ingest, operations: Vec<SignedOperation>| {
        tokio::spawn(async move {
            let mut places = Vec::new();
            for operation in operations {
                let receipt = ingest.receive(vec![operation]).await.unwrap()[0].decode().unwrap();
                assert_eq!(receipt.verdict, Verdict::Accepted);
                places.push(receipt.server_seq);
            }
            places
        })
    };
    let (left, right) = tokio::join!(send(one.clone(), first), send(two.clone(), second));
    let mut places = [left.unwrap(), right.unwrap()].concat();
    places.sort_unstable();
    let all = u64::try_from(2 * AT_ONCE).unwrap();
    assert_eq!(places, (before + 1..=before + all).collect::<Vec<u64>>(), "one log, without gaps");
    let (left, right) = (one.log_state().await.unwrap(), two.log_state().await.unwrap());
    let cards = |office: &shared::sync::LogState| {
        office.state().cards().map(|(key, card)| (key.clone(), card.hash())).collect::<Vec<_>>()
    };
    assert_eq!(cards(&left), cards(&right), "both fold the same");
}

pub(crate) async fn a_process_that_was_overtaken_judges_anew(data: Demo) {
    let store = open_directory::open_store(&data.dir()).await.unwrap();
    let (slow, fast) = (open(&data).await, open(&data).await);
    let before = slow.log_state().await.unwrap().log_end();
    let (first, second) =
        (signed_work(&slow, &store, "canbo1", 1).await, signed_work(&slow, &store, "canbo2", 2).await);
    let mut intake = slow.intake().await.unwrap();
    let receipt = intake.receive(first.clone(), shared::sync::KeyCheck::Verified, server::clock::now()).await.unwrap();
    assert_eq!(receipt.decode().unwrap().server_seq, before + 1);
    // The fast one continues, because the right of way is not returned in time.
    let receipts = fast.receive(vec![second]).await.unwrap();
    assert_eq!(receipts[0].decode().unwrap().server_seq, before + 1);
    let refused = intake.commit().await.unwrap_err();
    assert!(matches!(refused, server::store::StoreError::Moved { .. }), "{refused}");
    assert!(store.known(first.id()).await.unwrap().is_none(), "the receipt never left");
    let receipts = slow.receive(vec![first]).await.unwrap();
    assert_eq!(receipts[0].decode().unwrap().server_seq, before + 2);
    assert_eq!(Arc::strong_count(&store), 1);
}

pub(crate) async fn a_key_that_one_process_gave_up_is_given_up_by_all(data: Demo) {
    let (one, two) = (open(&data).await, open(&data).await);
    let (first, twin) = (works(&data, &one, "canbo1", 1).await, works(&data, &one, "canbo1", 1).await);
    assert_ne!(first[0], twin[0], "two operations for one place");
    let receive = async |ingest: &Ingest, operation: &SignedOperation| {
        ingest.receive(vec![operation.clone()]).await.unwrap()[0].decode().unwrap().verdict
    };
    assert_eq!(receive(&one, &first[0]).await, Verdict::Accepted);
    assert_eq!(receive(&two, &twin[0]).await.refusal().unwrap().code, RefusalCode::Fork);
    assert_eq!(receive(&one, &first[1]).await.refusal().unwrap().code, RefusalCode::Fork, "the other has heard of it");
}
