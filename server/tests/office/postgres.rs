//! The same stories with the log on PostgreSQL, and those of several processes that share it.

use std::pin::Pin;
use std::sync::Arc;

use server::data_dir::DataDir;
use server::ingest::Ingest;
use server::office::{self, Office};
use shared::op::{Payload, RefusalCode, SignedOperation, Verdict};
use shared::time::Day;
use tempfile::TempDir;

use crate::cluster::Cluster;
use crate::harness::{Demo, TODAY, Tablet, binary, open_month};
use crate::ingest::signed_work;
use crate::sync::free_work;
use crate::{device, entitlement, ingest, sync};

/// Operations of each of two processes that write at once.
const AT_ONCE: usize = 30;

type Story = fn(Demo) -> Pin<Box<dyn Future<Output = ()> + Send>>;

macro_rules! stories {
    ($($story:path),+ $(,)?) => { [$((stringify!($story), |data| Box::pin($story(data)))),+] };
}

const STORIES: [(&str, Story); 13] = stories![
    ingest::dropped_batch,
    sync::two_tablets,
    sync::second_decision,
    sync::act_without_authority,
    entitlement::entitled_cards,
    entitlement::private_drafts,
    device::epoch_of_first_key,
    two_servers_share_one_log,
    two_processes_write_at_once_and_lose_nothing,
    a_process_that_was_overtaken_judges_anew,
    a_key_that_one_process_gave_up_is_given_up_by_all,
    a_process_with_another_key_does_not_serve,
    commands_read_from_the_server,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_stories_are_told_on_postgresql() {
    let cluster = Cluster::start();
    let (folder, original) = (TempDir::new().unwrap(), cluster.database().await);
    let dir = DataDir::new(folder.path()).with_server(Some(original.clone()));
    server::demo::create(&dir, Day::parse(TODAY).unwrap()).await.unwrap();
    let mut failed = Vec::new();
    for (name, story) in STORIES {
        let data = Demo::on_server(folder.path(), cluster.copy(&original).await);
        let told = tokio::spawn(story(data)).await.is_ok();
        println!("postgresql: {name}: {}", if told { "told" } else { "FAILED" });
        failed.extend((!told).then_some(name));
    }
    drop(cluster);
    assert!(failed.is_empty(), "{failed:#?}");
}

async fn two_servers_share_one_log(data: Demo) {
    let (here, there) = (data.serve(), data.serve());
    let mut official = Tablet::of(&here, "canbo1", 1).await;
    let mut head = Tablet::of(&there, "truong1", 2).await;
    official.sync().await;
    let key = official.card(open_month());
    for round in 0..5 {
        official.on_card(&key, &Payload::AssignWork(vec![free_work(&format!("việc {round}"))]));
        official.sync().await;
        head.sync().await;
        let lines = head.replica.view().card(&key).unwrap().lines().len();
        assert_eq!(lines, official.replica.view().card(&key).unwrap().lines().len(), "seen at once at the other");
        // The next exchange is with the other server, which must know the chain's end.
        official.url.clone_from(if round % 2 == 0 { &there.url } else { &here.url });
    }
    let own = official.replica.own().map(|own| own.receipt.as_ref().unwrap());
    assert!(own.into_iter().all(|receipt| receipt.verdict == Verdict::Accepted));
}

async fn open(data: &Demo) -> Ingest {
    let store = office::open_store(&data.dir()).await.unwrap();
    Ingest::open(store, data.dir().signing_key().unwrap()).await.unwrap()
}

/// Pieces of work of one person, one chain.
async fn works(data: &Demo, ingest: &Ingest, username: &str, n: u8) -> Vec<SignedOperation> {
    use ed25519_dalek::SigningKey;
    use shared::op::{ChainHead, Target};
    let store = office::open_store(&data.dir()).await.unwrap();
    let first = signed_work(ingest, &store, username, n).await;
    let body = first.decode().unwrap();
    let head = ChainHead::default().advanced(first.id());
    let key = SigningKey::from_bytes(&[n; 32]);
    let mut author = server::ingest::Author::new(body.actor, body.device, key, head);
    let office = ingest.office().await.unwrap();
    let card = office.state().card_key(body.actor, open_month()).unwrap();
    let mut all = vec![first];
    for more in 1..AT_ONCE {
        let payload = Payload::AssignWork(vec![free_work(&format!("việc {more}"))]);
        all.push(author.sign(office.state(), Target::Card(card.clone()), &payload, server::clock::now()));
    }
    store.close().await;
    all
}

async fn two_processes_write_at_once_and_lose_nothing(data: Demo) {
    let (one, two) = (open(&data).await, open(&data).await);
    let before = one.office().await.unwrap().log_end();
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
    let (left, right) = (one.office().await.unwrap(), two.office().await.unwrap());
    let cards = |office: &shared::sync::Office| {
        office.state().cards().map(|(key, card)| (key.clone(), card.hash())).collect::<Vec<_>>()
    };
    assert_eq!(cards(&left), cards(&right), "both fold the same");
}

async fn a_process_that_was_overtaken_judges_anew(data: Demo) {
    let store = office::open_store(&data.dir()).await.unwrap();
    let (slow, fast) = (open(&data).await, open(&data).await);
    let before = slow.office().await.unwrap().log_end();
    let (first, second) =
        (signed_work(&slow, &store, "canbo1", 1).await, signed_work(&slow, &store, "canbo2", 2).await);
    let mut intake = slow.intake().await.unwrap();
    let receipt = intake.receive(first.clone(), shared::sync::KeyCheck::Verified, server::clock::now()).await.unwrap();
    assert_eq!(receipt.decode().unwrap().server_seq, before + 1);
    // The fast one passes by: the right of way is not given back in time.
    let receipts = fast.receive(vec![second]).await.unwrap();
    assert_eq!(receipts[0].decode().unwrap().server_seq, before + 1);
    let refused = intake.commit().await.unwrap_err();
    assert!(matches!(refused, server::store::StoreError::Moved { .. }), "{refused}");
    assert!(store.known(first.id()).await.unwrap().is_none(), "the receipt never left");
    let receipts = slow.receive(vec![first]).await.unwrap();
    assert_eq!(receipts[0].decode().unwrap().server_seq, before + 2);
    assert_eq!(Arc::strong_count(&store), 1);
}

async fn a_key_that_one_process_gave_up_is_given_up_by_all(data: Demo) {
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

async fn a_process_with_another_key_does_not_serve(data: Demo) {
    drop(Office::open(&data.dir()).await.unwrap());
    std::fs::write(data.path().join("server.key"), [9; 32]).unwrap();
    let refused = Office::open(&data.dir()).await.unwrap_err().to_string();
    assert!(refused.contains("matching server.key"), "{refused}");
}

async fn commands_read_from_the_server(data: Demo) {
    let _server = data.serve();
    let dir = data.dir();
    let url = dir.server().unwrap().to_string();
    let run = |arguments: &[&str]| {
        let output =
            binary().args(arguments).arg("--data").arg(data.path()).args(["--database", &url]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, cards, errors) = run(&["export", "cards", "--period", "2026-10"]);
    assert_eq!((code, cards.lines().count()), (Some(0), 40), "{errors}");
    let (code, month, errors) = run(&["export", "month", "--period", "2026-10"]);
    assert!(code == Some(0) && month.lines().count() > 40, "{errors}");
    let (code, quota, errors) = run(&["quota", "--period", "2026-10"]);
    assert!(code == Some(0) && !quota.is_empty(), "{errors}");
    let (code, settings, errors) = run(&["check-config", "--port", "0"]);
    assert!(code == Some(0) && settings.contains(&url), "{settings}{errors}");
    let (code, accounts, errors) = run(&["demo", "--accounts"]);
    assert!(code == Some(0) && accounts.contains("chutich"), "{errors}");
    let (code, kept, errors) = run(&["demo"]);
    assert!(code == Some(2) && kept.contains("holds data already"), "{kept}{errors}");
    let (code, _, refused) = run(&["backup", "--to", "/nowhere"]);
    assert!(code == Some(1) && refused.contains("by its own means"), "{refused}");
}
