//! Tests of compacted cards: who receives them, what they contain, and how they are fetched with all operations.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use common::*;
use shared::card::Side;
use shared::op::{DraftValue, Payload, RefusalCode, Stage, Target};
use shared::sync::{CompactedReader, LogEntry, SyncRequest, SyncResponse};

/// An official's month, appraised by the head, with all three devices.
fn appraised() -> (Server, [Device; 3]) {
    let mut server = founded();
    let [mut official, mut head, mut chair] = official_head_chair();
    for device in [&mut official, &mut head, &mut chair] {
        device.sync(&mut server, at(1));
    }
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    head.sync(&mut server, at(41));
    head.act(
        card(5),
        Payload::Appraise(APPRAISE, confirming(&head, 5, appraisal("II.1", "2", "Cần học thêm nghiệp vụ"))),
        at(50),
    )
    .unwrap();
    head.sync(&mut server, at(51));
    (server, [official, head, chair])
}

/// An official's month, published, with the devices of the official and of the chairman.
fn published() -> (Server, Device, Device) {
    let (mut server, [official, _, mut chair]) = appraised();
    chair.sync(&mut server, at(60));
    chair.act(card(5), approval("99.5", "HTXS"), at(61)).unwrap();
    chair.act(card(5), publication("HTXS"), at(62)).unwrap();
    chair.sync(&mut server, at(63));
    (server, official, chair)
}

fn outcome(device: &Device) -> String {
    format!("{:?}", device.replica.view().outcome(&key(5), Side::Appraised))
}

fn is_at(device: &Device, stage: Stage) -> bool {
    device.replica.view().card(&key(5)).is_some_and(|card| card.stage() == stage)
}

/// One exchange whose answer is neither stored nor absorbed.
fn ask(device: &Device, server: &mut Server, minute: u64) -> SyncResponse {
    server.exchange(device.replica.person(), &device.replica.request(64_000), at(minute))
}

#[test]
fn a_new_device_reads_in_short_what_the_office_knows_whole() {
    let (mut server, _, chair) = published();
    let mut new = Device::new(person(2), 22);
    new.sync(&mut server, at(70));
    assert!(new.replica.is_compacted(&key(5)) && !chair.replica.is_compacted(&key(5)));
    assert_eq!(outcome(&new), outcome(&chair), "every step of the result is the same");
    let lines = |device: &Device| -> Vec<_> {
        let view = device.replica.view();
        view.card(&key(5)).unwrap().lines().iter().map(|line| (line.plan.clone(), line.progress.cloned())).collect()
    };
    assert_eq!(lines(&new), lines(&chair));
    assert_eq!(new.replica.view().org, server.log_state.state().org);
    new.reopen();
    assert!(new.replica.is_compacted(&key(5)), "closed and opened again");
    assert_eq!(outcome(&new), outcome(&chair));
    assert_eq!(new.sync(&mut server, at(71)), 1, "nothing is left to come");
}

#[test]
fn what_is_still_under_way_or_was_sent_back_comes_whole() {
    let (mut server, mut official, mut chair) = published();
    official.sync(&mut server, at(64));
    let back = Payload::ReturnCard { to: Stage::Approved, reason: "Công khai nhầm tháng".into() };
    chair.act(card(5), back, at(65)).unwrap();
    chair.act(card(5), publication("HTXS"), at(66)).unwrap();
    chair.sync(&mut server, at(67));
    let mut new = Device::new(person(2), 22);
    new.sync(&mut server, at(70));
    assert!(!new.replica.is_compacted(&key(5)), "it was sent back once, and that is part of its story");
    assert_eq!(new.replica.view().card_hash(&key(5)), server.log_state.state().card_hash(&key(5)));
    assert_eq!(new.replica.view().card(&key(5)).unwrap().returns().len(), 1);
}

#[test]
fn own_work_told_in_short_counts_once() {
    let (mut server, mut official, chair) = published();
    official.sync(&mut server, at(64));
    // Only the own operations and their receipts are left of the copy.
    official.log.clear();
    let mut empty =
        Device { own: official.own.clone(), receipts: official.receipts.clone(), ..Device::new(person(5), 5) };
    empty.reopen();
    empty.sync(&mut server, at(70));
    assert!(empty.replica.is_compacted(&key(5)));
    assert_eq!(outcome(&empty), outcome(&chair));
    assert!(empty.replica.attention().is_empty(), "no line stands twice");
    assert_eq!(empty.replica.view().card(&key(5)).unwrap().lines().len(), 1);
}

#[test]
fn when_something_happens_to_it_all_of_it_comes() {
    let (mut server, _, mut chair) = published();
    let mut new = Device::new(person(2), 22);
    new.sync(&mut server, at(70));
    let back = Payload::ReturnCard { to: Stage::Appraised, reason: "Có khiếu nại".into() };
    chair.act(card(5), back, at(80)).unwrap();
    chair.sync(&mut server, at(81));
    for bytes_max in [1, 64_000] {
        let mut other = Device { log: new.log.clone(), ..Device::new(person(2), 22) };
        other.replica = new.replica.clone();
        other.sync_in(&mut server, at(90), bytes_max);
        other.sync_in(&mut server, at(91), bytes_max);
        for reopened in [false, true] {
            assert!(!other.replica.is_compacted(&key(5)), "{bytes_max} {reopened}");
            assert!(is_at(&other, Stage::Appraised));
            assert_eq!(other.replica.view().card_hash(&key(5)), server.log_state.state().card_hash(&key(5)));
            other.reopen();
        }
    }
}

#[test]
fn whoever_wants_to_act_on_it_is_given_it_whole_first() {
    let (mut server, _, _) = published();
    let mut new = Device::new(person(2), 22);
    new.sync(&mut server, at(70));
    let back = || Payload::ReturnCard { to: Stage::Appraised, reason: "Có khiếu nại".into() };
    let refusal = new.act(card(5), back(), at(71)).unwrap_err();
    assert_eq!((refusal.code, refusal.field.as_str()), (RefusalCode::Gap, "card"));
    new.replica.want(&key(5));
    new.sync(&mut server, at(72));
    assert_eq!(new.replica.view().card_hash(&key(5)), server.log_state.state().card_hash(&key(5)));
    new.act(card(5), back(), at(73)).unwrap();
    new.sync(&mut server, at(74));
    assert_eq!(server.log_state.state().card(&key(5)).unwrap().stage(), Stage::Appraised);
    new.reopen();
    assert!(is_at(&new, Stage::Appraised));
}

#[test]
fn an_answer_that_comes_twice_takes_nothing_back() {
    let (mut server, _, _) = published();
    let mut new = Device::new(person(2), 22);
    let first = ask(&new, &mut server, 70);
    assert!(first.entries.iter().any(|entry| entry.compacted.is_some()));
    new.contact(&mut server, at(71));
    new.replica.want(&key(5));
    new.contact(&mut server, at(72));
    let late = SyncResponse { reset: false, ..first };
    let absorbed = new.replica.absorb(&late, at(73)).unwrap();
    new.log.extend(absorbed.log);
    for _ in 0..2 {
        assert!(is_at(&new, Stage::Published));
        assert_eq!(new.replica.view().card_hash(&key(5)), server.log_state.state().card_hash(&key(5)));
        new.reopen();
    }
}

#[test]
fn a_device_that_knows_only_whole_operations_gets_them() {
    let (mut server, _, chair) = published();
    let old = Device::new(person(2), 22);
    let request =
        SyncRequest { snapshot_seq: None, backfill_cursor: None, wanted: None, ..old.replica.request(64_000) };
    let answer = server.exchange(person(2), &request, at(70));
    assert!(answer.entries.iter().all(|entry: &LogEntry| entry.compacted.is_none()));
    assert_eq!((answer.snapshot_seq, answer.backfill_cursor), (None, None));
    assert!(answer.entries.len() >= server.log_state.log_end() as usize - 1);
    let mut old = old;
    old.replica.absorb(&answer, at(70)).unwrap();
    assert_eq!(outcome(&old), outcome(&chair));
}

#[test]
fn an_office_that_knows_nothing_of_short_cards_is_asked_from_the_beginning() {
    let (mut server, _, mut chair) = published();
    let mut new = Device::new(person(2), 22);
    new.sync(&mut server, at(70));
    chair.act(card(5), Payload::ReturnCard { to: Stage::Appraised, reason: "Có khiếu nại".into() }, at(80)).unwrap();
    chair.sync(&mut server, at(81));
    let mut old_office = |device: &mut Device, minute| {
        let request =
            SyncRequest { snapshot_seq: None, backfill_cursor: None, wanted: None, ..device.replica.request(64_000) };
        let answer = server.exchange(person(2), &request, at(minute));
        device.replica.absorb(&answer, at(minute)).unwrap();
    };
    old_office(&mut new, 90);
    old_office(&mut new, 91);
    assert!(!new.replica.is_compacted(&key(5)));
    assert_eq!(new.replica.view().card_hash(&key(5)), server.log_state.state().card_hash(&key(5)));
}

#[test]
fn nobody_reads_in_short_what_they_may_not_read() {
    let (mut server, _, _) = published();
    let mut colleague = Device::new(person(6), 6);
    colleague.sync(&mut server, at(70));
    assert!(colleague.replica.view().card(&key(5)).is_none());
    let mut wanting = colleague.replica.request(64_000);
    wanting.wanted = Some(key(5));
    let answer = server.exchange(person(6), &wanting, at(71));
    assert!(answer.entries.is_empty());
}

#[test]
fn a_draft_on_it_stays_when_it_comes_whole() {
    let (mut server, mut official, mut chair) = published();
    official.sync(&mut server, at(64));
    let mut new = Device::new(person(5), 55);
    new.sync(&mut server, at(70));
    // Written on the other device, which has the whole card.
    let field = DraftValue { text: "sẽ giải trình".into(), ..DraftValue::default() };
    let fields = std::collections::BTreeMap::from([("strengths".to_owned(), field)]);
    official.act(card(5), Payload::SaveDraft { appraisal: false, fields: fields.clone() }, at(71)).unwrap();
    official.sync(&mut server, at(72));
    new.sync(&mut server, at(73));
    assert!(new.replica.is_compacted(&key(5)), "a draft is no part of the story");
    chair.act(card(5), Payload::ReturnCard { to: Stage::Working, reason: "Làm lại".into() }, at(80)).unwrap();
    chair.sync(&mut server, at(81));
    new.sync(&mut server, at(82));
    for _ in 0..2 {
        let seen = new.replica.view().card(&key(5)).unwrap();
        assert_eq!((seen.stage(), seen.draft(false)), (Stage::Working, fields.clone()));
        new.reopen();
    }
}

#[test]
fn a_card_that_is_wanted_and_went_on_meanwhile_comes_once() {
    let (mut server, _, mut chair) = published();
    let mut new = Device::new(person(2), 22);
    new.sync(&mut server, at(70));
    chair.act(card(5), Payload::ReturnCard { to: Stage::Appraised, reason: "Có khiếu nại".into() }, at(80)).unwrap();
    chair.sync(&mut server, at(81));
    new.replica.want(&key(5));
    let answer = ask(&new, &mut server, 82);
    let mut places: Vec<u64> = answer.entries.iter().map(|entry| entry.server_seq).collect();
    let count = places.len();
    places.dedup();
    assert_eq!(places.len(), count, "no entry twice in one answer");
    new.replica.absorb(&answer, at(82)).unwrap();
    assert_eq!(new.replica.view().card_hash(&key(5)), server.log_state.state().card_hash(&key(5)));
}

#[test]
fn a_draft_from_before_is_no_dispute_when_the_card_comes_whole() {
    let (mut server, mut official, mut chair) = published();
    let draft = |text: &str| {
        let field = DraftValue { text: text.into(), ..DraftValue::default() };
        Payload::SaveDraft { appraisal: false, fields: [("strengths".to_owned(), field)].into() }
    };
    official.act(card(5), draft("trước khi công khai"), at(64)).unwrap();
    official.sync(&mut server, at(65));
    // The copy starts again; the own operations are present.
    let mut again =
        Device { own: official.own.clone(), receipts: official.receipts.clone(), ..Device::new(person(5), 5) };
    again.reopen();
    again.sync(&mut server, at(70));
    assert!(again.replica.is_compacted(&key(5)));
    chair.act(card(5), Payload::ReturnCard { to: Stage::Working, reason: "Làm lại".into() }, at(80)).unwrap();
    chair.sync(&mut server, at(81));
    again.sync(&mut server, at(82));
    again.act(card(5), draft("sau khi trả lại"), at(83)).unwrap();
    again.sync(&mut server, at(84));
    for _ in 0..2 {
        assert!(again.replica.attention().is_empty(), "{:?}", again.replica.attention());
        let seen = again.replica.view().card(&key(5)).unwrap().draft(false);
        assert_eq!(seen["strengths"].text, "sau khi trả lại");
        again.reopen();
    }
}

#[test]
fn an_office_restored_to_before_the_copy_began_is_read_from_the_beginning() {
    let (mut server, _, mut chair) = published();
    let backup = server.copied();
    chair.act(card(5), Payload::ReturnCard { to: Stage::Approved, reason: "Nhầm".into() }, at(64)).unwrap();
    chair.sync(&mut server, at(65));
    let mut new = Device::new(person(2), 22);
    // Interrupted after the first of many answers.
    let request = new.replica.request(1);
    let first = server.exchange(person(2), &request, at(66));
    new.replica.absorb(&first, at(66)).unwrap();
    let mut server = backup;
    let answer = ask(&new, &mut server, 70);
    assert!(answer.reset, "snapshot_seq {:?} of a log that ends at {}", first.snapshot_seq, server.log_state.log_end());
}

#[test]
fn a_receipt_from_before_a_restored_office_is_asked_for_again() {
    let (mut server, [_, mut head, mut chair]) = appraised();
    server.safe = server.log_state.log_end();
    let mut restored = server.copied();
    // Accepted by a server whose machine is then lost.
    let second = head
        .act(
            card(5),
            Payload::Appraise(APPRAISE, confirming(&head, 5, appraisal("II.1", "2.5", "Đã học xong"))),
            at(52),
        )
        .unwrap();
    head.sync(&mut server, at(53));
    let verdict = |device: &Device| {
        let own = device.replica.own().find(|own| own.id == second).cloned();
        own.and_then(|own| own.receipt).unwrap().verdict
    };
    assert!(verdict(&head).counts());
    chair.sync(&mut restored, at(60));
    chair.act(card(5), approval("99.5", "HTXS"), at(61)).unwrap();
    chair.act(card(5), publication("HTXS"), at(62)).unwrap();
    chair.sync(&mut restored, at(63));
    let answer = ask(&head, &mut restored, 70);
    assert!(answer.reset);
    let absorbed = head.replica.absorb(&answer, at(70)).unwrap();
    head.keep(absorbed);
    assert!(head.replica.is_compacted(&key(5)));
    // It arrives a second time, too late. The answer with that verdict is lost.
    ask(&head, &mut restored, 71);
    assert!(!restored.receipts[&second].decode().unwrap().verdict.counts());
    head.reopen();
    head.sync(&mut restored, at(72));
    for _ in 0..2 {
        assert_eq!(verdict(&head), restored.receipts[&second].decode().unwrap().verdict);
        assert_eq!(head.replica.unsent().count(), 0);
        assert_eq!(head.replica.attention().len(), 1, "its author is told that it does not count");
        assert!(is_at(&head, Stage::Published));
        head.reopen();
    }
}

#[test]
fn what_outlasts_the_offices_machine_is_not_asked_for_again() {
    let (mut server, mut official, _) = published();
    official.sync(&mut server, at(64));
    server.safe = server.log_state.log_end();
    official.sync(&mut server, at(65));
    let request = SyncRequest { scope: 0, ..official.replica.request(64_000) };
    let answer = server.exchange(person(5), &request, at(66));
    official.replica.absorb(&answer, at(66)).unwrap();
    assert!(answer.reset && official.replica.is_compacted(&key(5)));
    assert_eq!(official.replica.unsent().count(), 0);
}

#[test]
fn a_device_is_given_whole_what_was_done_on_it() {
    let (mut server, _, _) = published();
    let short = |answer: &SyncResponse| {
        let org = |entry: &&LogEntry| {
            entry.compacted.as_ref().is_some_and(|it| CompactedReader::new(it).unwrap().target == Target::Org)
        };
        answer.entries.iter().filter(org).count()
    };
    // The device lost its stores and reports that it holds nothing.
    let clerk = Device::new(shared::ids::PersonId::SYSTEM, 99);
    assert_eq!(short(&ask(&clerk, &mut server, 70)), 0, "what became of them is asked for by name");
    let other = Device::new(shared::ids::PersonId::SYSTEM, 98);
    assert!(short(&ask(&other, &mut server, 71)) > 0);
}
