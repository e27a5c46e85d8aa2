//! Attacks with too much of what is allowed in small amounts: a card that nobody can open, a slot that nobody can
//! resolve, a log that nobody can copy.

use reqwest::StatusCode;
use shared::ids::LineId;
use shared::limits::{BYTES_PER_DAY_MAX, HEADS_PER_REGISTER_MAX, NAME_CHARS_MAX, NOTE_CHARS_MAX};
use shared::op::{CardKey, Payload, Progress, Register, SelfScore, SignedOperation, Stage, Verdict};
use shared::sync::SyncRequest;

use super::{Outcome, must};
use crate::bytes::sign;
use crate::harness::{Demo, Device, demo_copy, open_month, pack_hash, refusal};
use crate::sync::{free_work, full_marks};

/// Operations sent at a time. With the largest of them it stays below the bytes of a batch.
const AT_A_TIME: usize = 4;
/// Lines in one operation here.
const LINES_EACH: usize = 6;

/// Signs payloads as the first operations of the device's chain and sends them. Returns how many counted.
async fn send_all(
    device: &Device,
    key: &CardKey,
    payloads: impl Iterator<Item = Payload>,
) -> (usize, Vec<SignedOperation>) {
    let (mut prev, mut operations) = (None, Vec::new());
    for (seq, payload) in (1..).zip(payloads) {
        let operation = sign(device, key, &payload, seq, prev);
        prev = Some(operation.id());
        operations.push(operation);
    }
    let mut counted = 0;
    for batch in operations.chunks(AT_A_TIME) {
        let receipts = device.push(batch.to_vec()).await;
        counted += receipts.iter().filter(|receipt| receipt.verdict.counts()).count();
    }
    (counted, operations)
}

/// D1: 150 lines with the longest names and reports. Everybody above must still get a copy.
pub(super) async fn makes_a_card_too_large(data: Demo) -> Vec<(String, Outcome)> {
    let server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let key = official.card(open_month());
    let long = |chars: usize| "ệ".repeat(chars);
    let wordy = || free_work(&long(NAME_CHARS_MAX));
    let lines = (0..25).map(|_| Payload::AssignWork((0..LINES_EACH).map(|_| wordy()).collect()));
    let (assigned, operations) = send_all(&official, &key, lines).await;
    let ids: Vec<LineId> =
        operations.iter().flat_map(|operation| (0..6).map(|place| LineId::new(operation.id(), place))).collect();
    let mut seq = u64::try_from(operations.len()).unwrap();
    let mut prev = operations.last().map(SignedOperation::id);
    let mut reported = 0;
    for batch in ids.chunks(AT_A_TIME) {
        let report = |line: &LineId| {
            let progress =
                Progress { evidence: long(NOTE_CHARS_MAX), cause_text: long(NOTE_CHARS_MAX), ..Progress::default() };
            seq += 1;
            let operation = sign(&official, &key, &Payload::ReportProgress { line: *line, progress }, seq, prev);
            prev = Some(operation.id());
            operation
        };
        let operations: Vec<SignedOperation> = batch.iter().map(report).collect();
        let receipts = official.push(operations).await;
        reported += receipts.iter().filter(|receipt| receipt.verdict.counts()).count();
    }
    let mut head = Device::of(&server, "truong1", 2).await;
    head.sync().await;
    let found = head.replica.view().card(&key).map_or(0, |card| card.lines().len());
    let bytes = head.replica.view().card(&key).map_or(0, |card| card.work_bytes());
    let limit = shared::limits::CARD_BYTES_MAX;
    vec![
        ("makes a card larger than its limit".to_owned(), must(bytes <= limit, || format!("{bytes} bytes"))),
        (
            "stops a superior's tablet".to_owned(),
            must(found > 0 && reported < ids.len(), || {
                format!("{assigned} acts and {reported} reports counted, the superior sees {found} lines")
            }),
        ),
    ]
}

/// D2: seventy self-scores, each contradicting the others. Then the superior sends the card back, which settles it.
pub(super) async fn locks_a_card(data: Demo) -> Vec<(String, Outcome)> {
    let server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let key = official.card(open_month());
    let submit = || Payload::SubmitSelfScore(SelfScore { marks: full_marks(&key), ..SelfScore::default() });
    let (counted, _) = send_all(&official, &key, (0..70).map(|_| submit())).await;
    let mut head = Device::of(&server, "truong1", 2).await;
    head.sync().await;
    let versions = head.replica.view().card(&key).map_or(0, |card| card.versions(&Register::SelfScore).len());
    let back = Payload::ReturnCard { to: Stage::Working, reason: "gửi nhiều bản khác nhau".into() };
    let resolved = head.try_act(shared::op::Target::Card(key.clone()), &back);
    head.sync().await;
    let stage = head.replica.confirmed().card(&key).map(shared::card::Card::stage);
    vec![
        (
            "fills a slot".to_owned(),
            must(versions <= HEADS_PER_REGISTER_MAX && counted <= HEADS_PER_REGISTER_MAX, || {
                format!("{counted} counted, {versions} versions")
            }),
        ),
        (
            "locks the card".to_owned(),
            must(resolved.is_ok() && stage == Some(Stage::Working), || format!("{resolved:?}, then {stage:?}")),
        ),
    ]
}

/// D3: meaningless bytes, until the server takes no more from this person today and continues with the others. Also,
/// thousands of versions of one report do not make judging slower.
pub(super) async fn floods_the_log(data: Demo) -> Vec<(String, Outcome)> {
    let server = data.serve();
    let device = Device::of(&server, "canbo1", 1).await;
    let mut junk = 0_u64;
    let mut taken = 0;
    let stopped = loop {
        let operations: Vec<SignedOperation> = (0..AT_A_TIME)
            .map(|_| {
                junk += 1;
                let mut body = vec![0xFF; 15 * 1024];
                body[..8].copy_from_slice(&junk.to_be_bytes());
                SignedOperation { body, signature: vec![0; 64] }
            })
            .collect();
        let request = SyncRequest { operations, ..device.replica.request(0) }.to_bytes();
        taken += request.len();
        let response = device.post(request).await.unwrap();
        if response.status() != StatusCode::OK || taken > 2 * BYTES_PER_DAY_MAX {
            break response;
        }
    };
    let held_back = stopped.status() == StatusCode::TOO_MANY_REQUESTS;
    if held_back {
        refusal(stopped, StatusCode::TOO_MANY_REQUESTS, "too_many_attempts").await;
    }
    let other = Device::of(&server, "canbo2", 2).await;
    let key = CardKey { subject: other.person.into(), period: open_month(), pack: pack_hash() };
    let work = sign(&other, &key, &Payload::AssignWork(vec![free_work("việc")]), 1, None);
    let served = other.push(vec![work]).await[0].verdict == Verdict::Accepted;
    drop(server);
    let (first, last) = judges_many_versions(demo_copy().await).await;
    println!("adversary: of many versions the first thousand took {first} ms, the last {last} ms");
    vec![
        ("floods the store".to_owned(), must(held_back, || format!("{taken} bytes were taken"))),
        ("holds others up".to_owned(), must(served, || "a neighbour's work was not accepted".to_owned())),
    ]
}

/// Many versions of one report. Returns how long the first thousand and the last took. The times are printed, not
/// asserted.
async fn judges_many_versions(data: Demo) -> (u64, u64) {
    const VERSIONS: u64 = 5_000;
    let server = data.serve();
    let device = Device::of(&server, "canbo1", 1).await;
    let key = CardKey { subject: device.person.into(), period: open_month(), pack: pack_hash() };
    let first = sign(&device, &key, &Payload::AssignWork(vec![free_work("việc")]), 1, None);
    let line = LineId::new(first.id(), 0);
    let (mut prev, mut base) = (Some(first.id()), Vec::new());
    device.push(vec![first]).await;
    let mut took = Vec::new();
    for thousand in 0..VERSIONS / 1_000 {
        let began = server::clock::now();
        for batch in 0..10 {
            let mut operations = Vec::new();
            for place in 0..100 {
                let seq = 2 + thousand * 1_000 + batch * 100 + place;
                let payload = Payload::ReportProgress { line, progress: Progress::default() };
                let mut body = sign(&device, &key, &payload, seq, prev).decode().unwrap();
                body.base = std::mem::take(&mut base);
                let body = body.to_bytes();
                let signature = ed25519_dalek::Signer::sign(&device.key, &body).to_bytes().to_vec();
                let operation = SignedOperation { body, signature };
                prev = Some(operation.id());
                base = vec![operation.id()];
                operations.push(operation);
            }
            device.push(operations).await;
        }
        took.push(server::clock::now().0 - began.0);
    }
    (*took.first().unwrap(), *took.last().unwrap())
}
