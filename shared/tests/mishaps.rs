//! Tests of what goes wrong between devices and a server: lost answers, copied profiles, restored servers, bytes
//! without a place.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use common::*;
use shared::limits::CLOCK_SKEW_MS_MAX;
use shared::op::{Payload, RefusalCode, Stage, Verdict};
use shared::sync::{Attention, CardSync, KeyCheck, Meta, SyncRequest};
use shared::time::Millis;

#[test]
fn a_lost_answer_is_asked_for_again_and_changes_nothing() {
    let mut server = founded();
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    let request = official.replica.request(64_000);
    let lost = server.exchange(person(5), &request, at(40));
    let hash = server.log_state.state().card_hash(&key(5));
    let again = server.exchange(person(5), &request, at(41));
    assert_eq!(lost.receipts, again.receipts, "the same receipts, byte for byte");
    official.sync(&mut server, at(42));
    assert_eq!(server.log_state.state().card_hash(&key(5)), hash);
    assert_eq!(official.replica.card_sync(&key(5)), CardSync::Received);
}

#[test]
fn bytes_without_a_place_in_a_chain_are_held_and_block_nobody() {
    let mut server = founded();
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    let own = official.own.clone();
    let verdict = |server: &mut Server, n: usize, key| server.receive(&own[n], key, at(50)).decode().unwrap().verdict;
    let code = |verdict: Verdict| verdict.refusal().map(|refusal| refusal.code);
    assert_eq!(code(verdict(&mut server, 1, KeyCheck::Verified)), Some(RefusalCode::Gap));
    assert_eq!(code(verdict(&mut server, 0, KeyCheck::BadSignature)), Some(RefusalCode::BadSignature));
    assert_eq!(code(verdict(&mut server, 0, KeyCheck::UnknownKey)), Some(RefusalCode::UnknownKey));
    for n in 0..own.len() {
        assert_eq!(verdict(&mut server, n, KeyCheck::Verified), Verdict::Accepted);
    }
    let mut twin = Device::new(person(5), 5);
    twin.replica = shared::sync::Replica::new(person(5), twin.id, 1);
    twin.sync_only_down(&mut server);
    assert_eq!(twin.replica.view().card_hash(&key(5)), server.log_state.state().card_hash(&key(5)));
}

/// A profile and its copy, both in contact with the server.
fn twins(server: &mut Server) -> [Device; 2] {
    [(); 2].map(|()| {
        let mut device = Device::new(person(5), 5);
        device.sync(server, at(1));
        device
    })
}

#[test]
fn a_cloned_profile_forks_the_chain_and_is_held() {
    let mut server = founded();
    let [mut device, mut clone] = twins(&mut server);
    device.act(card(5), Payload::AssignWork(vec![new_line("A", "1", "1")]), at(2)).unwrap();
    clone.act(card(5), Payload::AssignWork(vec![new_line("B", "1", "1")]), at(3)).unwrap();
    device.sync(&mut server, at(4));
    let verdict = server.receive(&clone.own[0], KeyCheck::Verified, at(5)).decode().unwrap().verdict;
    assert!(matches!(&verdict, Verdict::Held(refusal) if refusal.code == RefusalCode::Fork), "{verdict:?}");
}

#[test]
fn an_office_rebuilt_from_its_log_is_the_same_office() {
    let mut server = founded();
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    let mut rebuilt = shared::sync::LogState::new();
    for (seq, operation) in &server.log {
        let verdict = server.receipts[&operation.id()].decode().unwrap().verdict;
        rebuilt.replay(*seq, operation, &verdict, at(1)).unwrap();
    }
    assert_eq!(rebuilt.state().card_hash(&key(5)), server.log_state.state().card_hash(&key(5)));
    assert_eq!(rebuilt.log_end(), server.log_state.log_end());
}

#[test]
fn an_operation_of_a_later_version_is_kept_in_its_place() {
    let mut server = founded();
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, at(1));
    let known = Payload::AssignWork(vec![new_line("A", "1", "1")]);
    let mut body = official.replica.prepare(card(5), &known, None, at(2)).unwrap();
    body.kind = 9_999;
    let signed = shared::op::SignedOperation { body: body.to_bytes(), signature: vec![0; 64] };
    let receipt = server.receive(&signed, KeyCheck::Verified, at(3)).decode().unwrap();
    assert!(matches!(&receipt.verdict, Verdict::Held(refusal) if refusal.code == RefusalCode::UnknownKind));
    assert!(receipt.server_seq > 0, "it has its place, so that what follows is not blocked");
    official.own.push(signed.clone());
    official.replica.append(signed).unwrap();
    official.act(card(5), known, at(4)).unwrap();
    let next = server.receive(&official.own[1], KeyCheck::Verified, at(5)).decode().unwrap();
    assert_eq!(next.verdict, Verdict::Accepted);
}

impl Device {
    /// Fetches without sending, as after both stores were wiped.
    fn sync_only_down(&mut self, server: &mut Server) {
        loop {
            let response = server.exchange(self.replica.person(), &self.replica.request(64_000), at(60));
            if !self.replica.absorb(&response, at(60)).unwrap().more {
                return;
            }
        }
    }
}

#[test]
fn a_cloned_profile_learns_what_its_twin_did_and_both_go_on_in_chains_of_their_own() {
    let mut server = founded();
    let [mut device, mut clone] = twins(&mut server);
    device.act(card(5), Payload::AssignWork(vec![new_line("A", "1", "1")]), at(2)).unwrap();
    clone.act(card(5), Payload::AssignWork(vec![new_line("B", "1", "1")]), at(3)).unwrap();
    device.sync(&mut server, at(4));
    let answer = server.exchange(person(5), &clone.replica.request(64_000), at(5));
    assert!(matches!(clone.replica.absorb(&answer, at(5)), Err(shared::sync::SyncError::MissingOwn(_))));
    clone.contact(&mut server, at(6));
    assert!(matches!(clone.replica.attention().as_slice(), [Attention::Refused { .. }]), "the clone's act is held");
    assert_eq!(clone.replica.view().card(&key(5)).unwrap().lines().len(), 1, "and does not count in that chain");

    // The key is in quarantine: whatever the copy signs with it now is held, too.
    device.act(card(5), Payload::AssignWork(vec![new_line("C", "1", "1")]), at(7)).unwrap();
    device.contact(&mut server, at(8));
    assert!(device.replica.forked().is_empty(), "nothing is done again in the chain that forked");
    for (device, epoch) in [(&mut device, 2), (&mut clone, 3)] {
        device.contact(&mut server, at(9));
        device.start_epoch(epoch);
        assert_eq!(device.replica.forked().len(), 1);
        for body in device.replica.forked() {
            device.act(body.target.clone(), body.intent().unwrap(), at(10)).unwrap();
        }
        device.sync(&mut server, at(11));
    }
    device.sync(&mut server, at(12));
    for replica in [&clone.replica, &device.replica] {
        assert_eq!(replica.view().card(&key(5)).unwrap().lines().len(), 3, "nothing of either is lost");
        assert!(replica.attention().is_empty() && replica.forked().is_empty() && replica.unsent().next().is_none());
    }
}

#[test]
fn what_is_held_in_the_log_counts_nowhere() {
    let mut server = founded();
    let mut device = Device::new(person(5), 5);
    device.sync(&mut server, at(1));
    let mut body = device.replica.prepare(card(5), &Payload::SubmitSelfScore(self_score()), None, at(7)).unwrap();
    body.target =
        shared::op::Target::Card(shared::op::CardKey { pack: shared::ids::PackHash::of(b"another"), ..key(5) });
    let signed = shared::op::SignedOperation { body: body.to_bytes(), signature: vec![0; 64] };
    device.replica.append(signed).unwrap();
    device.sync(&mut server, at(8));
    assert!(device.replica.view().card(&key(5)).is_none_or(|card| card.stage() == Stage::Working));
}

#[test]
fn an_office_restored_from_an_older_copy_is_filled_again_by_its_devices() {
    let mut server = founded();
    let (mut official, mut head) = (Device::new(person(5), 5), Device::new(person(4), 4));
    official.sync(&mut server, at(1));
    official.act(card(5), Payload::AssignWork(vec![new_line("A", "1", "4")]), at(2)).unwrap();
    official.sync(&mut server, at(3));
    let copy = server.copied();
    official.act(card(5), Payload::SubmitSelfScore(self_score()), at(4)).unwrap();
    official.sync(&mut server, at(5));
    head.sync(&mut server, at(6));
    head.act(card(5), Payload::Appraise(APPRAISE, confirming(&head, 5, appraisal("I.1", "3", "nhận xét"))), at(7))
        .unwrap();
    head.sync(&mut server, at(8));
    official.sync(&mut server, at(9));
    let before = server.log_state.state().card_hash(&key(5));
    assert_eq!(official.replica.card_sync(&key(5)), CardSync::Received, "not safe: nothing was backed up since");

    let mut restored = copy;
    restored.safe = restored.log_state.log_end();
    // The head's appraisal builds on a self-score that this server has never seen: it is held, not refused.
    head.contact(&mut restored, at(20));
    assert_eq!(head.replica.unsent().count(), 1);
    let verdict = head.replica.own().last().unwrap().receipt.clone().unwrap().verdict;
    assert_eq!(verdict.refusal().map(|refusal| refusal.code), Some(RefusalCode::Gap));
    // Meanwhile others may have written at the same places of the log.
    let mut colleague = Device::new(person(6), 6);
    colleague.sync(&mut restored, at(21));
    colleague.act(card(6), Payload::AssignWork(vec![new_line("Z", "1", "1")]), at(21)).unwrap();
    colleague.sync(&mut restored, at(22));

    official.contact(&mut restored, at(23));
    official.reopen();
    for (device, minute) in [(&mut official, 24), (&mut head, 25)] {
        device.sync(&mut restored, at(minute));
    }
    official.sync(&mut restored, at(26));
    assert_eq!(restored.log_state.state().card_hash(&key(5)), before);
    for device in [&official, &head] {
        assert_eq!(device.replica.view().card_hash(&key(5)), before);
        assert!(device.replica.attention().is_empty());
    }
    restored.safe = restored.log_state.log_end();
    official.sync(&mut restored, at(27));
    assert_eq!(official.replica.card_sync(&key(5)), CardSync::Safe);
}

/// The verdict on the last of a device's own operations.
fn last_verdict(device: &Device) -> Verdict {
    device.replica.own().last().unwrap().receipt.clone().unwrap().verdict
}

#[test]
fn what_others_built_on_a_forked_act_is_judged_without_it() {
    let mut server = founded();
    let ([mut official, mut clone], mut head) = (twins(&mut server), Device::new(person(4), 4));
    let mut restored = server.copied();
    official.act(card(5), Payload::SubmitSelfScore(self_score()), at(4)).unwrap();
    official.sync(&mut server, at(5));
    head.sync(&mut server, at(6));
    head.act(card(5), Payload::Appraise(APPRAISE, confirming(&head, 5, appraisal("I.1", "3", "nhận xét"))), at(7))
        .unwrap();
    // The server loses the self-score, and the copied profile puts another act in its place.
    clone.act(card(5), Payload::AssignWork(vec![new_line("B", "1", "1")]), at(8)).unwrap();
    clone.sync(&mut restored, at(9));
    head.contact(&mut restored, at(20));
    assert_eq!(head.replica.unsent().count(), 1, "the self-score may still come");
    official.contact(&mut restored, at(21));
    head.contact(&mut restored, at(22));
    assert_eq!(head.replica.unsent().count(), 0, "it never will");
    let refusal = last_verdict(&head).refusal().cloned();
    // From the 20th on a head may score without a self-score, but then gives a reason for every mark.
    assert_eq!(refusal.map(|refusal| refusal.code), Some(RefusalCode::ReasonRequired));
    assert_eq!(head.replica.attention().len(), 1, "and its author is told");
}

#[test]
fn own_work_that_stands_on_what_is_given_up_is_done_again_with_it() {
    let mut server = founded();
    let mut device = Device::new(person(5), 5);
    device.sync(&mut server, at(1));
    let mut restored = server.copied();
    device.act(card(5), Payload::SubmitSelfScore(self_score()), at(2)).unwrap();
    device.sync(&mut server, at(3));
    device.start_epoch(2);
    device.act(card(5), Payload::WithdrawSelfScore { reason: "Chấm nhầm".into() }, at(4)).unwrap();
    // A restored server knows another key for the first chain.
    let mut contact = |device: &mut Device, minute| {
        let request = device.replica.request(64_000);
        let unsigned = SyncRequest { operations: Vec::new(), ..request.clone() };
        let mut answer = restored.exchange(person(5), &unsigned, at(minute));
        answer.receipts = request
            .operations
            .iter()
            .map(|operation| {
                let foreign = operation.decode().unwrap().epoch == 1;
                let key = if foreign { KeyCheck::BadSignature } else { KeyCheck::Verified };
                restored.receive(operation, key, at(minute))
            })
            .collect();
        let absorbed = device.replica.absorb(&answer, at(minute)).unwrap();
        device.keep(absorbed);
    };
    contact(&mut device, 20);
    contact(&mut device, 21);
    assert!(device.replica.has_forked(), "what follows needs a chain of its own");
    device.start_epoch(3);
    let due = device.replica.forked();
    assert_eq!(due.len(), 2, "the self-score and its withdrawal");
    for body in due {
        device.act(body.target.clone(), body.intent().unwrap(), at(22)).unwrap();
    }
    contact(&mut device, 23);
    contact(&mut device, 24);
    assert_eq!(device.replica.unsent().count(), 0);
    assert!(device.replica.attention().is_empty() && !device.replica.has_forked());
    assert_eq!(device.replica.view().card(&key(5)).unwrap().history().len(), 2);
}

#[test]
fn what_waited_behind_a_fork_and_came_into_the_log_after_all_is_told_so() {
    let mut server = founded();
    let [mut device, mut clone] = twins(&mut server);
    let mut restored = server.copied();
    device.act(card(5), Payload::AssignWork(vec![new_line("A", "1", "1")]), at(2)).unwrap();
    for (title, minute) in [("B", 3), ("C", 4)] {
        clone.act(card(5), Payload::AssignWork(vec![new_line(title, "1", "1")]), at(minute)).unwrap();
    }
    clone.sync(&mut server, at(5));
    device.contact(&mut server, at(6));
    assert_eq!(
        device.replica.own().count(),
        2,
        "of its twin's work it holds what no act of its own stands in the place of"
    );
    device.contact(&mut restored, at(20));
    assert!(matches!(last_verdict(&device), Verdict::Held(refusal) if refusal.code == RefusalCode::Gap));
    clone.contact(&mut restored, at(21));
    device.contact(&mut restored, at(22));
    assert_eq!(last_verdict(&device), Verdict::Accepted);
}

#[test]
fn a_device_that_folds_to_another_state_fetches_everything_anew_and_tells_the_office() {
    let mut server = founded();
    let mut device = Device::new(person(5), 5);
    device.sync(&mut server, at(1));
    device.act(card(5), Payload::AssignWork(vec![new_line("A", "1", "4")]), at(2)).unwrap();
    device.sync(&mut server, at(3));
    // One entry is lost on the device, as by a fault of a store.
    let last = *device.log.keys().next_back().unwrap();
    device.log.remove(&last);
    device.reopen();
    device.sync(&mut server, at(4));
    let request = device.replica.request(64_000);
    assert_eq!(request.differs, Some(1), "the office hears of it");
    device.sync(&mut server, at(5));
    assert_eq!(device.replica.confirmed().card_hash(&key(5)), server.log_state.state().card_hash(&key(5)));
    assert_eq!(device.replica.request(64_000).differs, None);
}

#[test]
fn a_clock_that_is_far_from_the_offices_is_noticed() {
    const HOUR: u64 = 3_600_000;
    let at = |hour: u64| Millis(hour * HOUR);
    let cases = [
        ("never met", 0, 0, 50, false),
        ("right", 100, 100, 200, false),
        ("ahead at the last contact", 100, 150, 160, true),
        ("ahead, and set right since", 100, 150, 101, false),
        ("behind at the last contact", 100, 50, 60, true),
        ("right then, set back since", 100, 100, 90, true),
    ];
    for (what, office, device, now, wrong) in cases {
        let meta = Meta { server_time: at(office), contact_at: at(device), ..Meta::default() };
        assert_eq!(meta.clock_is_wrong(at(now)), wrong, "{what}");
    }
    let meta = Meta { server_time: at(100), contact_at: Millis(100 * HOUR + CLOCK_SKEW_MS_MAX), ..Meta::default() };
    assert!(!meta.clock_is_wrong(at(101)), "a slow link is no wrong clock");
}
