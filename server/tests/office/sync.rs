//! Tests of `/v1/sync`: what devices write offline comes together at the server.

use std::collections::BTreeMap;

use server::open_directory;
use shared::card::Side;
use shared::num::Exact;
use shared::op::{
    Appraisal, Approval, CardKey, Mark, NewLine, Payload, Progress, RefusalCode, SelfScore, Stage, Verdict,
};
use shared::pack;
use shared::state::State;

use crate::harness::{APPRAISE, APPROVE, Demo, Device, Server, demo_copy, open_month};

/// A work line that is on no list.
pub(crate) fn free_work(name: &str) -> NewLine {
    NewLine {
        code: String::new(),
        name: name.to_owned(),
        coefficient: Exact::one(),
        assigned: Exact::from_int(3),
        due: None,
        list: None,
        extra: false,
        level: None,
        carried: None,
    }
}

pub(crate) fn full_marks(key: &CardKey) -> BTreeMap<String, Mark> {
    let pack = pack::pinned(&key.pack).unwrap();
    let mark = |max: &Exact| Mark { value: max.clone(), reason: String::new() };
    pack.criteria_for("staff").map(|criterion| (criterion.code.clone(), mark(&criterion.max))).collect()
}

/// An appraisal that takes a point off a full self-score and confirms what the person registered.
pub(crate) fn one_mark_lower(key: &CardKey, view: &State) -> Appraisal {
    let mut marks = full_marks(key);
    marks.insert("I.1".into(), Mark { value: Exact::from_int(4), reason: "Còn một lần phản ánh.".into() });
    let lines = view.card(key).map(|card| card.own_work_confirmed(key, &view.speakers(key))).unwrap_or_default();
    Appraisal { marks, lines, ..Appraisal::default() }
}

#[tokio::test]
async fn two_devices_write_offline_and_end_with_the_same_card_as_the_office() {
    two_devices(demo_copy().await).await;
}

pub(crate) async fn two_devices(data: Demo) {
    let server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    let mut head = Device::of(&server, "truong1", 2).await;
    official.sync().await;
    head.sync().await;

    let key = official.card(open_month());
    official.on_card(&key, &Payload::AssignWork(vec![free_work("Rà soát hồ sơ tồn")]));
    let lines: Vec<_> = official.replica.view().card(&key).unwrap().lines().iter().map(|line| line.id).collect();
    for line in lines {
        let progress = Progress { completed: Exact::from_int(2), late_times: 1, ..Progress::default() };
        official.on_card(&key, &Payload::ReportProgress { line, progress });
    }
    let score = SelfScore { marks: full_marks(&key), ..SelfScore::default() };
    official.on_card(&key, &Payload::SubmitSelfScore(score));
    official.sync().await;

    head.sync().await;
    let appraisal = one_mark_lower(&key, head.replica.view());
    head.on_card(&key, &Payload::Appraise(APPRAISE, appraisal));
    head.sync().await;
    official.sync().await;

    let seen = |device: &Device| {
        let state = device.replica.view();
        (state.card_hash(&key), state.outcome(&key, Side::Appraised).unwrap().unwrap())
    };
    assert_eq!(seen(&official), seen(&head));
    assert_eq!(official.replica.view().card(&key).unwrap().stage(), Stage::Appraised);
    drop(server);
    let office = open_directory::fold(&data.dir()).await.unwrap();
    assert_eq!(office.state().card_hash(&key), seen(&official).0);
    assert_eq!(office.state().outcome(&key, Side::Appraised).unwrap().unwrap(), seen(&official).1);
}

#[tokio::test]
async fn nothing_new_costs_one_round_trip_and_no_entries() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let mut device = Device::of(&server, "truong1", 1).await;
    device.sync().await;
    let request = device.replica.request(64 * 1024).to_bytes();
    let response = device.post(request.clone()).await.unwrap().bytes().await.unwrap();
    assert!(request.len() < 1024 && response.len() < 1024, "{} bytes up, {} down", request.len(), response.len());
    let answer = shared::sync::SyncResponse::from_bytes(&response).unwrap();
    assert!(answer.entries.is_empty() && !answer.reset && !answer.more);
}

#[tokio::test]
async fn a_small_answer_limit_delivers_the_same_log_in_more_trips() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let mut wide = Device::of(&server, "chutich", 1).await;
    let mut narrow = Device::of(&server, "chutich", 2).await;
    wide.sync().await;
    let mut trips = 1;
    while narrow.exchange(1024).await.unwrap().more {
        trips += 1;
    }
    assert!(trips > 10, "{trips} trips");
    let cards = |device: &Device| {
        let state = device.replica.confirmed();
        state.cards().map(|(key, card)| (key.clone(), card.hash())).collect::<Vec<_>>()
    };
    assert_eq!(cards(&wide), cards(&narrow));
    assert!(cards(&wide).len() > 80, "{} cards", cards(&wide).len());
}

#[tokio::test]
async fn a_second_decision_on_the_same_appraisal_is_contested_or_superseded_never_lost() {
    second_decision(demo_copy().await).await;
}

pub(crate) async fn second_decision(data: Demo) {
    let server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let key = official.card(open_month());
    official.on_card(&key, &Payload::AssignWork(vec![free_work("Một việc")]));
    official.on_card(&key, &Payload::SubmitSelfScore(SelfScore { marks: full_marks(&key), ..SelfScore::default() }));
    official.sync().await;
    let mut first = Device::of(&server, "truong1", 2).await;
    let mut second = Device::of(&server, "truong1", 3).await;
    first.sync().await;
    second.sync().await;
    for (device, comment) in [(&mut first, "một"), (&mut second, "hai")] {
        let appraisal = Appraisal { marks: full_marks(&key), comment: comment.into(), ..Appraisal::default() };
        device.on_card(&key, &Payload::Appraise(APPRAISE, appraisal));
    }
    first.sync().await;
    second.sync().await;
    first.sync().await;
    let contested = |device: &Device| device.replica.view().card(&key).unwrap().contested();
    assert_eq!(contested(&first), contested(&second));
    assert_eq!(contested(&first).len(), 1, "both versions are there until someone chooses");
}

#[tokio::test]
async fn an_act_without_authority_is_kept_and_does_not_count() {
    act_without_authority(demo_copy().await).await;
}

pub(crate) async fn act_without_authority(data: Demo) {
    let server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let key = official.card("2026-10".parse().unwrap());
    let standing = official.replica.view().seat(&key).unwrap().standing();
    let (total, class) = (Exact::from_int(100), "HTXS".into());
    let approval = Approval {
        total: Some(total),
        class,
        comment: String::new(),
        standing,
        led: Vec::new(),
        reckoned: None,
        document: None,
    };
    let signed = crate::bytes::sign(&official, &key, &Payload::Approve(APPROVE, approval), 1, None);
    let receipts = official.push(vec![signed.clone()]).await;
    assert_eq!(receipts[0].verdict.refusal().unwrap().code, RefusalCode::NotEntitled);
    assert!(matches!(receipts[0].verdict, Verdict::Rejected(_)));
    assert!(receipts[0].server_seq > 0, "it has its place in the log");
    drop(server);
    let store = open_directory::open_store(&data.dir()).await.unwrap();
    assert!(store.known(signed.id()).await.unwrap().is_some());
    let state = open_directory::fold(&data.dir()).await.unwrap();
    assert_ne!(state.state().card(&key).unwrap().approval().unwrap().total, Some(Exact::from_int(100)));
}
