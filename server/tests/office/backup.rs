//! Tests of losing the server's computer and continuing from an earlier copy.

use server::data_directory::DataDirectory;
use server::open_directory;
use shared::op::{Payload, SelfScore};
use shared::sync::CardSync;

use crate::cluster::Cluster;
use crate::harness::{APPRAISE, Demo, Device, Server, binary, demo_copy, open_month};
use crate::sync::{free_work, full_marks, one_mark_lower};

#[tokio::test]
async fn a_restored_office_is_filled_again_by_its_devices_and_nothing_acknowledged_is_lost() {
    let data = demo_copy().await;
    let mut server = Server::start(data.path(), &[]);
    let mut official = Device::of(&server, "canbo1", 1).await;
    let mut head = Device::of(&server, "truong1", 2).await;
    official.sync().await;
    let key = official.card(open_month());
    official.on_card(&key, &Payload::AssignWork(vec![free_work("Rà soát hồ sơ tồn")]));
    official.sync().await;
    assert_eq!(official.replica.card_sync(&key), CardSync::Received);

    let copy = data.path().join("copy");
    let made = binary().args(["backup", "--data"]).arg(data.path()).arg("--to").arg(&copy).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    official.sync().await;
    assert_eq!(official.replica.card_sync(&key), CardSync::Safe, "the tablet hears of the backup");

    let score = SelfScore { marks: full_marks(&key), ..SelfScore::default() };
    official.on_card(&key, &Payload::SubmitSelfScore(score));
    official.sync().await;
    head.sync().await;
    let appraisal = one_mark_lower(&key, head.replica.view());
    head.on_card(&key, &Payload::Appraise(APPRAISE, appraisal));
    head.sync().await;
    official.sync().await;
    let before = official.replica.confirmed().card_hash(&key);
    let acknowledged: Vec<_> = official.replica.own().chain(head.replica.own()).map(|own| own.id).collect();

    server.kill();
    let restored = Server::start(&copy, &[]);
    for device in [&mut official, &mut head] {
        device.url.clone_from(&restored.url);
    }
    // The head sends first. Operations that build on the self-score wait for it.
    head.exchange(64 * 1024).await.unwrap();
    assert_eq!(head.replica.unsent().count(), 1);
    official.exchange(64 * 1024).await.unwrap();
    official.sync().await;
    head.sync().await;
    official.sync().await;
    for device in [&official, &head] {
        assert_eq!(device.replica.confirmed().card_hash(&key), before);
        assert!(device.replica.attention().is_empty());
    }
    drop(restored);
    let store = open_directory::open_store(&DataDirectory::new(&copy)).await.unwrap();
    for op in &acknowledged {
        assert!(store.known(*op).await.unwrap().is_some(), "{op} has a receipt and is in the log");
    }
    println!("{} acknowledged operations, 0 lost by an older backup", acknowledged.len());
}

#[tokio::test]
async fn a_backup_never_writes_over_anything() {
    let data = demo_copy().await;
    let refused = binary().args(["backup", "--data"]).arg(data.path()).arg("--to").arg(data.path()).output().unwrap();
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("to: found") && said.contains("allowed a folder that does not exist yet"), "{said}");
}

#[tokio::test]
async fn a_copy_that_a_database_server_made_counts_once_it_was_read_and_is_the_same() {
    let cluster = Cluster::start();
    let (original, other) = (cluster.database().await, cluster.database().await);
    let data = Demo::made_on_server(original.clone()).await;
    let copy = cluster.copy(&original).await;
    let mut server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let copied_end = official.replica.meta().log_end;
    let key = official.card(open_month());
    official.on_card(&key, &Payload::AssignWork(vec![free_work("Rà soát hồ sơ tồn")]));
    official.sync().await;
    let confirm = |copy: &str| {
        let mut command = binary();
        command.args(["backup", "--data"]).arg(data.path()).args(["--database", &original.to_string()]);
        let said = command.args(["--copied-to", copy]).output().unwrap();
        (said.status.success(), String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned())
    };
    let (done, said) = confirm(&original.to_string().replace("postgres://", "postgresql://"));
    assert!(!done && said.contains("itself"), "{said}");
    let another = Demo::made_on_server(other.clone()).await;
    let (done, said) = confirm(&other.to_string());
    assert!(!done && said.contains("another log"), "{said}");
    drop(another);
    official.sync().await;
    assert_eq!(official.replica.meta().safe, Some(0), "nothing is safe yet");
    let (done, said) = confirm(&copy.to_string());
    assert!(done && said.contains(&format!("{copied_end} operations")), "{said}");
    official.sync().await;
    assert_eq!(official.replica.meta().safe, Some(copied_end));
    assert_eq!(official.replica.card_sync(&key), CardSync::Received, "what came later is not in the copy");
    server.kill();
    let copy = cluster.copy(&original).await;
    let (done, said) = confirm(&copy.to_string());
    assert!(done, "{said}");
    let server = data.serve();
    official.url.clone_from(&server.url);
    official.sync().await;
    assert_eq!(official.replica.card_sync(&key), CardSync::Safe);
}
