//! Tests of `/v1/sync`: nobody gets bytes they are not entitled to.

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::PersonId;
use shared::op::{DraftValue, Payload, Target};
use shared::sync::{CompactedReader, SyncRequest, SyncResponse};

use crate::harness::{Demo, Device, demo_copy, open_month};
use crate::sync::{free_work, full_marks};

/// The people whose cards are in a first copy.
async fn subjects(device: &Device) -> BTreeSet<PersonId> {
    let mut found = BTreeSet::new();
    let mut request = SyncRequest { answer_bytes_max: 64 * 1024, ..device.replica.request(64 * 1024) };
    loop {
        let bytes = device.post(request.to_bytes()).await.unwrap().bytes().await.unwrap();
        let answer = SyncResponse::from_bytes(&bytes).unwrap();
        for entry in &answer.entries {
            let target = match &entry.compacted {
                Some(bytes) => CompactedReader::new(bytes).unwrap().target,
                None => entry.operation.as_ref().unwrap().decode().unwrap().target,
            };
            if let Target::Card(key) = target {
                found.extend(key.person());
            }
        }
        if !answer.more {
            return found;
        }
        let SyncResponse { cursor, scope, snapshot_seq, backfill_cursor, .. } = answer;
        request = SyncRequest { cursor, scope, snapshot_seq, backfill_cursor, ..request };
    }
}

#[tokio::test]
async fn each_gets_the_cards_of_those_below_and_the_own() {
    entitled_cards(demo_copy().await).await;
}

pub(crate) async fn entitled_cards(data: Demo) {
    let server = data.serve();
    let mut seen = BTreeMap::new();
    for (n, username) in (1..).zip(["canbo1", "truong1", "truong2", "phochutich1", "chutich", "nhansu", "lanhdaotinh"])
    {
        let device = Device::of(&server, username, n).await;
        seen.insert(username, (device.person, subjects(&device).await));
    }
    let own = |username: &str| BTreeSet::from([seen[username].0]);
    assert_eq!(seen["canbo1"].1, own("canbo1"), "staff get their own card only");
    assert_eq!(seen["phochutich1"].1, own("phochutich1"), "a deputy scores nobody here");
    assert_eq!(seen["truong1"].1.len(), 9, "the office's nine");
    assert_eq!(seen["truong2"].1.len(), 7, "the economic unit's seven");
    assert!(seen["truong1"].1.is_disjoint(&seen["truong2"].1));
    for username in ["chutich", "nhansu", "lanhdaotinh"] {
        assert_eq!(seen[username].1.len(), 40, "{username} gets the commune");
    }
}

#[tokio::test]
async fn drafts_never_leave_their_author() {
    private_drafts(demo_copy().await).await;
}

pub(crate) async fn private_drafts(data: Demo) {
    let server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let key = official.card(open_month());
    let draft = |field: &str, text: &str, appraisal: bool| {
        let value = DraftValue { text: text.into(), ..DraftValue::default() };
        Payload::SaveDraft { appraisal, fields: BTreeMap::from([(field.into(), value)]) }
    };
    official.on_card(&key, &Payload::AssignWork(vec![free_work("việc")]));
    official.on_card(&key, &draft("strengths", "bản nháp của tôi", false));
    official.sync().await;

    let mut head = Device::of(&server, "truong1", 2).await;
    head.sync().await;
    assert!(head.replica.view().card(&key).unwrap().draft(false).is_empty(), "not to the superior");
    let mut second = Device::of(&server, "canbo1", 3).await;
    second.sync().await;
    assert_eq!(second.replica.view().card(&key).unwrap().draft(false)["strengths"].text, "bản nháp của tôi");

    let marks = full_marks(&key);
    official.on_card(&key, &Payload::SubmitSelfScore(shared::op::SelfScore { marks, ..Default::default() }));
    official.sync().await;
    head.sync().await;
    head.on_card(&key, &draft("comment", "nháp của trưởng", true));
    head.sync().await;
    official.sync().await;
    assert!(official.replica.view().card(&key).unwrap().draft(true).is_empty(), "nor a superior's to the person");
    let mut above = Device::of(&server, "chutich", 4).await;
    above.sync().await;
    assert!(above.replica.view().card(&key).unwrap().draft(true).is_empty(), "nor to those above");
}
