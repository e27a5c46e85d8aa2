//! The server killed with SIGKILL while it takes batches: what has a receipt is still there.

use std::collections::BTreeMap;
use std::time::Duration;

use server::data_dir::DataDir;
use server::office;
use shared::op::{DraftValue, Payload};

use crate::harness::{Server, Tablet, demo_copy, open_month};

const KILLS: u64 = 10;
/// Operations written between two kills.
const WRITES: usize = 40;

#[tokio::test]
async fn ten_kills_lose_nothing_that_has_a_receipt() {
    let data = demo_copy().await;
    let mut server = Server::start(data.path(), &[]);
    let mut tablet = Tablet::of(&server, "canbo1", 1).await;
    tablet.sync().await;
    let key = tablet.card(open_month());
    for kill in 0..KILLS {
        for write in 0..WRITES {
            let value = DraftValue { text: format!("lần {kill}, nét {write}"), ..DraftValue::default() };
            let fields = BTreeMap::from([("strengths".to_owned(), value)]);
            tablet.on_card(&key, &Payload::SaveDraft { appraisal: false, fields });
        }
        let process = server.id();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(3 + kill * 9));
            let _ = std::process::Command::new("kill").args(["-9", &process.to_string()]).status();
        });
        while tablet.replica.unsent().next().is_some() {
            if tablet.exchange(1024).await.is_err() {
                break;
            }
        }
        killer.join().unwrap();
        server.wait();
        server = Server::start(data.path(), &[]);
        tablet.url.clone_from(&server.url);
    }
    tablet.sync().await;
    drop(server);
    let store = office::open_store(&DataDir::new(data.path())).await.unwrap();
    let mut receipted = 0;
    for own in tablet.replica.own() {
        let receipt = own.receipt.as_ref().expect("everything was delivered in the end");
        let known = store.known(own.id).await.unwrap().expect("what has a receipt is in the log");
        assert_eq!(&known.receipt.decode().unwrap(), receipt, "and has this receipt");
        receipted += 1;
    }
    assert_eq!(receipted, WRITES * usize::try_from(KILLS).unwrap());
    let folded = office::fold(&DataDir::new(data.path())).await.unwrap();
    assert_eq!(folded.state().card(&key).unwrap().draft(false)["strengths"].text, "lần 9, nét 39");
    println!("{KILLS} kills, {receipted} receipted operations, 0 lost");
}

#[tokio::test]
async fn a_server_told_to_stop_ends_by_itself() {
    let data = demo_copy().await;
    let mut server = Server::start(data.path(), &[]);
    let told = std::process::Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    assert!(told.success() && server.wait().success());
}
