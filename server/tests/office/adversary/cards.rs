//! Attacks: acts on cards and on the organisation by people whom no rule allows them.

use std::collections::BTreeMap;

use ed25519_dalek::Signer as _;
use shared::card::Card;
use shared::ids::{LineId, Nonce, OpId, PersonId, PostId, UnitId};
use shared::num::Exact;
use shared::op::{
    Absence, Appraisal, Approval, Body, CardKey, DraftValue, Payload, Progress, Publication, Receipt, Register,
    SelfScore, SignedOperation, Stage, Target,
};
use shared::org::{Person, Post, Rank, Standing, Unit, UnitKind};
use shared::time::{Day, Hlc, Millis};
use shared::work::AbsenceCause;

use super::{Outcome, must};
use crate::bytes::sign;
use crate::harness::{APPRAISE, APPROVE, Demo, Device, open_month, pack_hash};
use crate::sync::{free_work, full_marks};

/// The refusal that each act must meet. Whatever the verdict, the act must not count.
fn refused(name: &str, receipt: &Receipt) -> (String, Outcome) {
    (name.to_owned(), must(!receipt.verdict.counts(), || format!("found {:?}", receipt.verdict)))
}

/// Everything that only others may do to a card. `seen` is what the attacker has seen of it.
fn acts_of_others(key: &CardKey) -> Vec<(&'static str, Payload)> {
    let (total, class) = (Exact::from_int(100), "HTXS".to_owned());
    let standing = Standing { unit: UnitId::from_bytes([3; 16]), rank: Rank::Staff, title: "Chuyên viên".into() };
    let appraisal = Appraisal { marks: full_marks(key), comment: "tốt".into(), ..Appraisal::default() };
    let approval = Approval {
        total: Some(total),
        class: class.clone(),
        comment: String::new(),
        standing,
        led: Vec::new(),
        reckoned: None,
        document: None,
    };
    vec![
        ("appraise", Payload::Appraise(APPRAISE, appraisal)),
        ("approve", Payload::Approve(APPROVE, approval)),
        ("absence", Payload::RecordAbsence(Absence { cause: AbsenceCause::Sick, note: String::new() })),
        ("back from absence", Payload::LiftAbsence { reason: "đi làm lại".into() }),
        ("publish", Payload::Publish(Publication { class, document: None })),
        ("return", Payload::ReturnCard { to: Stage::Working, reason: "làm lại".into() }),
        ("superior's draft", draft(true, "nháp")),
    ]
}

/// Everything that only its own person may do to a card.
fn acts_of_the_person(key: &CardKey, line: LineId) -> Vec<(&'static str, Payload)> {
    let progress = Progress { completed: Exact::one(), ..Progress::default() };
    vec![
        ("assign", Payload::AssignWork(vec![free_work("việc giao hộ")])),
        ("revise", Payload::ReviseLine { line, plan: free_work("việc khác") }),
        ("remove", Payload::RemoveLine { line, reason: "bỏ".into() }),
        ("report", Payload::ReportProgress { line, progress }),
        ("submit", Payload::SubmitSelfScore(SelfScore { marks: full_marks(key), ..SelfScore::default() })),
        ("withdraw", Payload::WithdrawSelfScore { reason: "rút".into() }),
        ("draft", draft(false, "nháp")),
        (
            "resolve",
            Payload::Resolve { register: Register::SelfScore, choice: OpId::of(b"nothing"), reason: "chọn".into() },
        ),
    ]
}

fn draft(appraisal: bool, text: &str) -> Payload {
    let value = DraftValue { text: text.into(), ..DraftValue::default() };
    Payload::SaveDraft { appraisal, fields: BTreeMap::from([("comment".into(), value)]) }
}

/// Sends acts as the next ones of the device's chain, each based on everything known of the card.
async fn send(device: &mut Device, key: &CardKey, acts: Vec<(&'static str, Payload)>) -> Vec<(String, Outcome)> {
    let mut results = Vec::new();
    let (mut seq, mut prev) = device.replica.own().last().map_or((0, None), |own| (own.body.seq, Some(own.id)));
    for (name, payload) in acts {
        let empty = Card::default();
        let base = device.replica.view().card(key).unwrap_or(&empty).base_for(&payload);
        seq += 1;
        let operation = rebuilt(device, &sign(device, key, &payload, seq, prev), |body| body.base = base);
        prev = Some(operation.id());
        let receipts = device.push(vec![operation]).await;
        results.push(refused(name, &receipts[0]));
    }
    results
}

/// The same operation with another body, signed again.
fn rebuilt(device: &Device, operation: &SignedOperation, change: impl FnOnce(&mut Body)) -> SignedOperation {
    let mut body = operation.decode().unwrap();
    change(&mut body);
    let body = body.to_bytes();
    let signature = device.key.sign(&body).to_bytes().to_vec();
    SignedOperation { body, signature }
}

fn named(who: &str, results: Vec<(String, Outcome)>) -> Vec<(String, Outcome)> {
    results.into_iter().map(|(name, outcome)| (format!("{who}: {name}"), outcome)).collect()
}

/// The person does what only superiors may do to that person's card.
pub(super) async fn acts_of_the_subject(data: Demo) -> Vec<(String, Outcome)> {
    let server = data.serve();
    let mut results = Vec::new();
    // A staff member, a head of a unit, and the head of the agency. Nobody is their own superior.
    for (n, username) in (1..).zip(["canbo1", "truong1", "chutich"]) {
        let mut device = Device::of(&server, username, n).await;
        device.sync().await;
        let key = device.card(open_month());
        let acts = acts_of_others(&key);
        results.extend(named(username, send(&mut device, &key, acts).await));
    }
    results
}

/// A colleague, and a head of another unit, do what only the person or superiors may do to a card.
pub(super) async fn acts_of_a_neighbour(data: Demo) -> Vec<(String, Outcome)> {
    let server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let key = official.card(open_month());
    let added = official.on_card(&key, &Payload::AssignWork(vec![free_work("việc của tôi")]));
    official.sync().await;
    let mut results = Vec::new();
    for (n, username) in (2..).zip(["canbo2", "truong2"]) {
        let mut device = Device::of(&server, username, n).await;
        device.sync().await;
        let acts = acts_of_others(&key).into_iter().chain(acts_of_the_person(&key, LineId::new(added, 0))).collect();
        results.extend(named(username, send(&mut device, &key, acts).await));
        let seen = device.replica.view().card(&key).is_some();
        results.push((format!("{username}: reads the card"), must(!seen, || "the card came with the copy".to_owned())));
    }
    // The superior may do much, but not act in the person's place.
    let mut head = Device::of(&server, "truong1", 9).await;
    head.sync().await;
    let own_only = ["report", "submit", "withdraw", "draft"];
    let acts = acts_of_the_person(&key, LineId::new(added, 0)).into_iter();
    let acts = acts.filter(|(name, _)| own_only.contains(name)).collect();
    results.extend(named("truong1", send(&mut head, &key, acts).await));
    results
}

/// Operations that claim another author, signed with the attacker's own key or with one registered for that chain.
pub(super) async fn acts_in_another_name(data: Demo) -> Vec<(String, Outcome)> {
    let server = data.serve();
    let device = Device::of(&server, "canbo1", 1).await;
    let victim = Device::of(&server, "truong1", 2).await;
    let key = CardKey { subject: device.person.into(), period: open_month(), pack: pack_hash() };
    let mine = sign(&device, &key, &acts_of_others(&key).remove(0).1, 1, None);
    let theirs = |change: &dyn Fn(&mut Body)| {
        rebuilt(&device, &mine, |body| {
            body.actor = victim.person;
            change(body);
        })
    };
    let attempts = [
        ("in the superior's chain", theirs(&|body| body.device = victim.id)),
        ("on a device of one's own", theirs(&|_| {})),
        ("as the office", rebuilt(&device, &mine, |body| body.actor = PersonId::SYSTEM)),
        ("in a new epoch", theirs(&|body| (body.device, body.epoch) = (victim.id, 2))),
    ];
    let mut results = Vec::new();
    for (name, operation) in attempts {
        let receipts = device.push(vec![operation]).await;
        results.push(refused(name, &receipts[0]));
    }
    let stolen = serde_json::json!({
        "device": victim.id, "epoch": 1,
        "public_key": hex::encode(device.key.verifying_key().to_bytes()), "label": "test",
    });
    let request = device.client.post(format!("{}/v1/devices", device.url)).json(&stolen).send().await.unwrap();
    // The session decides whose key it becomes. It must be the attacker's own.
    let registered = request.status().is_success();
    let by_thief = theirs(&|body| body.device = victim.id);
    let receipts = device.push(vec![by_thief]).await;
    let counted = receipts[0].verdict.counts();
    results.push((
        "registers a key for the superior's device".to_owned(),
        must(!counted, || format!("registered: {registered}, found {:?}", receipts[0].verdict)),
    ));
    results
}

/// An official changes the organisation.
pub(super) async fn acts_on_the_organisation(data: Demo) -> Vec<(String, Outcome)> {
    let server = data.serve();
    let mut results = Vec::new();
    for (n, username) in (1..).zip(["canbo1", "truong1", "chutich", "nhansu"]) {
        let mut device = Device::of(&server, username, n).await;
        device.sync().await;
        let me = device.person;
        let (from, state) = (Day::parse("2026-01-01").unwrap(), device.replica.view().clone());
        let own_unit = state.org.main_post(me, open_month().last_day()).unwrap().unit;
        let agency = state.org.agency_of(own_unit).unwrap();
        let post = |unit, rank, personnel| {
            let id = PostId::from_bytes([200; 16]);
            Payload::PutPost(Post { id, person: me, unit, rank, title: "Trưởng".into(), from, to: None, personnel })
        };
        let top =
            Unit {
                id: UnitId::from_bytes([201; 16]), parent: None, name: "Trên hết".into(), kind: UnitKind::Region
            };
        let renamed = Person { id: PersonId::SYSTEM, name: "Hệ thống".into() };
        let acts = [
            ("becomes head", post(own_unit, Rank::Head, false)),
            ("becomes head of the agency", post(agency, Rank::Head, false)),
            ("becomes personnel officer", post(agency, Rank::Staff, true)),
            ("puts a unit on top", Payload::PutUnit(top)),
            ("names the office", Payload::PutPerson(renamed)),
        ];
        let mut prev = None;
        for (seq, (name, payload)) in (1..).zip(acts) {
            let key = CardKey { subject: me.into(), period: open_month(), pack: pack_hash() };
            let operation =
                rebuilt(&device, &sign(&device, &key, &payload, seq, prev), |body| body.target = Target::Org);
            prev = Some(operation.id());
            let receipts = device.push(vec![operation]).await;
            results.push(refused(&format!("{username} {name}"), &receipts[0]));
        }
    }
    results
}

/// D10: the operation after a draft names the draft's hash. A reader must not find the draft by guessing.
pub(super) async fn guesses_a_draft(data: Demo) -> Vec<(String, Outcome)> {
    let server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let key = official.card(open_month());
    let mark = |value: i64| {
        let value = DraftValue { value: Some(Exact::from_int(value)), ..DraftValue::default() };
        Payload::SaveDraft { appraisal: false, fields: BTreeMap::from([("mark/I.1".into(), value)]) }
    };
    official.on_card(&key, &mark(3));
    let drafted = official.replica.own().last().unwrap().body.clone();
    official.on_card(&key, &Payload::AssignWork(vec![free_work("việc")]));
    official.sync().await;
    let mut head = Device::of(&server, "truong1", 2).await;
    head.sync().await;
    let read = official.replica.own().last().unwrap().body.clone();
    // The head knows everything but the mark. The clock and the rest are almost those of the next operation.
    let guess = |value: i64| Body { payload: mark(value).to_bytes().into(), nonce: None, ..drafted.clone() };
    let found = (0..=5).find(|value| read.prev == Some(OpId::of(&guess(*value).to_bytes())));
    let has_nonce = drafted.nonce.is_some_and(|nonce| nonce != Nonce([0; 16]));
    vec![
        ("guesses a draft by its hash".to_owned(), must(found.is_none(), || format!("found the mark {found:?}"))),
        ("finds a draft without a nonce".to_owned(), must(has_nonce, || "no nonce".to_owned())),
    ]
}

/// D10: a clock set back does not hide when something arrived.
pub(super) async fn sets_the_clock_back(data: Demo) -> Vec<(String, Outcome)> {
    let server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let key = official.card(open_month());
    let work = sign(&official, &key, &Payload::AssignWork(vec![free_work("đã làm từ lâu")]), 1, None);
    // 09:00 on 2 November in Vietnam.
    let early = Millis(1_793_584_800_000);
    let backdated = rebuilt(&official, &work, |body| body.hlc = Hlc { at: early, counter: 0 });
    let line = LineId::new(backdated.id(), 0);
    official.push(vec![backdated]).await;
    let mut head = Device::of(&server, "truong1", 2).await;
    head.sync().await;
    let register = Register::Plan(line);
    let arrived = head.replica.view().card(&key).and_then(|card| card.current(&register)?.arrived_later());
    let today = server::clock::now().day();
    vec![("back-dates".to_owned(), must(arrived == Some(today), || format!("readers see {arrived:?}, not {today}")))]
}
