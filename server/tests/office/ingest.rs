//! Tests of receiving operations without a network: the folded copy never differs from the log.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use server::data_directory::DataDirectory;
use server::ingest::{Author, Ingest};
use server::open_directory;
use server::store::{DeviceKey, Store};
use shared::ids::DeviceId;
use shared::op::{ChainHead, Payload, SignedOperation, Target, Verdict};
use shared::sync::KeyCheck;
use shared::time::Millis;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::harness::{Demo, demo_copy, open_month};
use crate::processes;
use crate::sync::free_work;

/// Signs one work line that a person registers on a device of their own.
pub(crate) async fn signed_work(ingest: &Ingest, store: &Arc<dyn Store>, username: &str, n: u8) -> SignedOperation {
    let person = store.account(username).await.unwrap().unwrap().account.person;
    let key = SigningKey::from_bytes(&[n; 32]);
    let mut author = Author::new(person, DeviceId::from_bytes([n; 16]), key, ChainHead::default());
    let key = DeviceKey { chain: author.chain(), public_key: author.public_key(), label: String::new() };
    store.register_device(&key, Millis(1)).await.unwrap();
    let office = ingest.log_state().await.unwrap();
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
    let store = open_directory::open_store(&dir).await.unwrap();
    let ingest = Ingest::open(Arc::clone(&store), dir.signing_key().unwrap()).await.unwrap();
    let before = ingest.log_state().await.unwrap().log_end();
    let operation = signed_work(&ingest, &store, "canbo1", 1).await;
    let mut intake = ingest.intake().await.unwrap();
    let receipt = intake.receive(operation.clone(), KeyCheck::Verified, Millis(1)).await.unwrap();
    assert_eq!(receipt.decode().unwrap().server_seq, before + 1);
    drop(intake);
    assert_eq!(ingest.log_state().await.unwrap().log_end(), before);
    assert!(store.known(operation.id()).await.unwrap().is_none());
    let receipts = ingest.receive(vec![operation]).await.unwrap();
    assert_eq!(receipts[0].decode().unwrap().verdict, Verdict::Accepted, "and can happen afterwards");
}

#[tokio::test]
async fn a_write_the_database_refuses_leaves_no_trace_and_no_receipt() {
    let data = demo_copy().await;
    let dir = DataDirectory::new(data.path());
    let store = open_directory::open_store(&dir).await.unwrap();
    let ingest = Ingest::open(Arc::clone(&store), dir.signing_key().unwrap()).await.unwrap();
    let before = ingest.log_state().await.unwrap().log_end();
    let operation = signed_work(&ingest, &store, "canbo1", 1).await;
    let behind = async |statement: &'static str| {
        let mut database = SqliteConnectOptions::new().filename(dir.database()).connect().await.unwrap();
        sqlx::raw_sql(statement).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
    };
    behind("CREATE TRIGGER full BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'the disk is full'); END").await;
    let refused = ingest.receive(vec![operation.clone()]).await.unwrap_err().to_string();
    assert!(refused.contains("the disk is full"), "{refused}");
    assert!(store.known(operation.id()).await.unwrap().is_none());
    assert_eq!(ingest.log_state().await.unwrap().log_end(), before, "the copy was folded again");
    behind("DROP TRIGGER full").await;
    let receipt = ingest.receive(vec![operation]).await.unwrap()[0].decode().unwrap();
    assert_eq!((receipt.server_seq, receipt.verdict), (before + 1, Verdict::Accepted));
}

/// The command line writes to the file of a running server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_share_a_file_judge_on_what_the_other_has_written() {
    processes::two_processes_write_at_once_and_lose_nothing(demo_copy().await).await;
    processes::a_process_that_was_overtaken_judges_anew(demo_copy().await).await;
    processes::a_key_that_one_process_gave_up_is_given_up_by_all(demo_copy().await).await;
}
