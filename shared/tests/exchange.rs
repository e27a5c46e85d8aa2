//! Stories of tablets and an office that meet now and then.
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
use shared::ids::{LineId, OpId, PersonId};
use shared::op::{Payload, RefusalCode, Register, Stage, Target, Verdict};
use shared::sync::{Attention, CardSync, KeyCheck};

/// The official's month up to a submitted self-score, on a tablet without a network. Returns the line.
fn work_a_month(official: &mut Tablet, who: u8) -> LineId {
    let op = official.act(card(who), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), at(10)).unwrap();
    let line = LineId::new(op, 0);
    official.act(card(who), Payload::ReportProgress { line, progress: done("3") }, at(20)).unwrap();
    official.act(card(who), Payload::SubmitSelfScore(self_score()), at(30)).unwrap();
    line
}

#[test]
fn a_card_goes_its_whole_way_over_two_tablets_and_an_office() {
    let mut server = founded();
    let (mut official, mut head, mut chair) =
        (Tablet::new(person(5), 5), Tablet::new(person(4), 4), Tablet::new(person(2), 2));
    for tablet in [&mut official, &mut head, &mut chair] {
        tablet.sync(&mut server, at(1));
    }
    work_a_month(&mut official, 5);
    assert!(matches!(official.replica.card_sync(&key(5)), CardSync::OnTablet { operations: 3, .. }));
    official.reopen();
    assert_eq!(official.replica.view().card(&key(5)).unwrap().stage(), Stage::SelfScored, "closed and opened offline");
    official.sync(&mut server, at(40));
    assert_eq!(official.replica.card_sync(&key(5)), CardSync::Received);

    head.sync(&mut server, at(41));
    head.act(card(5), Payload::Appraise(appraisal("II.1", "2", "Cần học thêm nghiệp vụ")), at(50)).unwrap();
    head.sync(&mut server, at(51));
    chair.sync(&mut server, at(60));
    let outcome = chair.replica.view().outcome(&key(5), Side::Appraised).unwrap().unwrap();
    assert_eq!(outcome.total.unwrap().exact, number("99.5"));
    chair.act(card(5), approval("99.5", "HTXS"), at(61)).unwrap();
    chair.act(card(5), publication("HTXS"), at(62)).unwrap();
    chair.sync(&mut server, at(63));
    official.sync(&mut server, at(64));
    head.sync(&mut server, at(64));

    for tablet in [&official, &head, &chair] {
        let seen = tablet.replica.view();
        assert_eq!(seen.card(&key(5)).unwrap().stage(), Stage::Published);
        assert_eq!(seen.card_hash(&key(5)), server.office.state().card_hash(&key(5)));
        assert_eq!(
            format!("{:?}", seen.outcome(&key(5), Side::Appraised)),
            format!("{:?}", server.office.state().outcome(&key(5), Side::Appraised)),
        );
    }
}

#[test]
fn every_batch_size_brings_the_same_state() {
    let mut server = founded();
    let mut official = Tablet::new(person(5), 5);
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync_in(&mut server, at(40), 300);
    for bytes_max in [1, 400, 1_000, 64_000] {
        let mut head = Tablet::new(person(4), 4);
        head.sync_in(&mut server, at(50), bytes_max);
        assert_eq!(head.replica.view().card_hash(&key(5)), server.office.state().card_hash(&key(5)), "{bytes_max}");
    }
}

#[test]
fn a_lost_answer_is_asked_for_again_and_changes_nothing() {
    let mut server = founded();
    let mut official = Tablet::new(person(5), 5);
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    let request = official.replica.request(64_000);
    let lost = server.exchange(person(5), &request, at(40));
    let hash = server.office.state().card_hash(&key(5));
    let again = server.exchange(person(5), &request, at(41));
    assert_eq!(lost.receipts, again.receipts, "the same receipts, byte for byte");
    official.sync(&mut server, at(42));
    assert_eq!(server.office.state().card_hash(&key(5)), hash);
    assert_eq!(official.replica.card_sync(&key(5)), CardSync::Received);
}

#[test]
fn two_submissions_nobody_had_seen_are_both_kept_and_the_next_stage_waits() {
    let mut server = founded();
    let (mut first, mut second) = (Tablet::new(person(5), 5), Tablet::new(person(5), 6));
    first.sync(&mut server, at(1));
    work_a_month(&mut first, 5);
    second.sync(&mut server, at(2));
    second.act(card(5), Payload::AssignWork(vec![new_line("V.2", "1", "1")]), at(31)).unwrap();
    second.act(card(5), Payload::SubmitSelfScore(self_score()), at(32)).unwrap();
    first.sync(&mut server, at(40));
    second.sync(&mut server, at(41));
    first.sync(&mut server, at(42));

    let state = server.office.state();
    let card_here = state.card(&key(5)).unwrap();
    assert_eq!(card_here.versions(&Register::SelfScore).len(), 2);
    let attention = first.replica.attention();
    assert!(attention.contains(&Attention::Contested { card: key(5), register: Register::SelfScore }));

    let mut head = Tablet::new(person(4), 4);
    head.sync(&mut server, at(50));
    let refusal = head.act(card(5), Payload::Appraise(appraisal("I.1", "4", "x")), at(51)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Contested);

    let choice = first.replica.view().card(&key(5)).unwrap().heads(&Register::SelfScore).next().unwrap();
    let resolve = Payload::Resolve { register: Register::SelfScore, choice, reason: "bản sau".to_owned() };
    first.act(card(5), resolve, at(52)).unwrap();
    first.sync(&mut server, at(53));
    head.sync(&mut server, at(54));
    head.act(card(5), Payload::Appraise(appraisal("I.1", "4", "x")), at(55)).unwrap();
}

#[test]
fn drafts_of_one_person_merge_where_they_touch_different_fields_and_reach_nobody_else() {
    let mut server = founded();
    let (mut first, mut second) = (Tablet::new(person(5), 5), Tablet::new(person(5), 6));
    let mut head = Tablet::new(person(4), 4);
    for tablet in [&mut first, &mut second, &mut head] {
        tablet.sync(&mut server, at(1));
    }
    let draft = |field: &str, value: &str| Payload::SaveDraft {
        appraisal: false,
        fields: [(field.to_owned(), shared::op::DraftValue { value: Some(number(value)), ..Default::default() })]
            .into(),
    };
    first.act(card(5), draft("mark/I.1", "5"), at(2)).unwrap();
    second.act(card(5), draft("mark/I.2", "4"), at(3)).unwrap();
    second.act(card(5), draft("mark/I.2", "4.5"), at(4)).unwrap();
    first.sync(&mut server, at(5));
    second.sync(&mut server, at(6));
    first.sync(&mut server, at(7));
    head.sync(&mut server, at(8));
    let merged = first.replica.view().card(&key(5)).unwrap().draft(false);
    assert_eq!(merged["mark/I.1"].value, Some(number("5")));
    assert_eq!(merged["mark/I.2"].value, Some(number("4.5")));
    assert!(first.replica.attention().is_empty());
    assert!(head.replica.view().card(&key(5)).is_none(), "a superior sees no draft");
}

#[test]
fn a_colleague_gets_nothing_of_a_card_and_may_do_nothing_to_it() {
    let mut server = founded();
    let (mut official, mut colleague) = (Tablet::new(person(5), 5), Tablet::new(person(6), 6));
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    colleague.sync(&mut server, at(41));
    assert!(colleague.replica.view().card(&key(5)).is_none());
    assert!(colleague.replica.view().org.person(person(5)).is_some(), "names and posts are for all");
    let refusal = colleague.act(card(5), Payload::Appraise(appraisal("I.1", "1", "x")), at(42)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::NotEntitled);
}

#[test]
fn a_withdrawal_that_arrives_first_supersedes_an_appraisal_made_meanwhile() {
    let mut server = founded();
    let (mut official, mut head) = (Tablet::new(person(5), 5), Tablet::new(person(4), 4));
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    head.sync(&mut server, at(41));
    head.act(card(5), Payload::Appraise(appraisal("I.1", "4", "Đi muộn")), at(42)).unwrap();
    official.act(card(5), Payload::WithdrawSelfScore { reason: "Bổ sung việc".to_owned() }, at(43)).unwrap();
    official.sync(&mut server, at(44));
    head.sync(&mut server, at(45));
    let attention = head.replica.attention();
    assert!(
        matches!(attention.as_slice(), [Attention::Refused { verdict: Verdict::Superseded(_), .. }]),
        "{attention:?}"
    );
    assert_eq!(head.replica.view().card(&key(5)).unwrap().stage(), Stage::Working);
    assert_eq!(server.log.len(), server.receipts.len(), "the appraisal is kept all the same");
}

#[test]
fn a_return_with_reason_goes_back_one_stage_and_without_reason_nowhere() {
    let mut server = founded();
    let (mut official, mut head) = (Tablet::new(person(5), 5), Tablet::new(person(4), 4));
    official.sync(&mut server, at(1));
    let line = work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    head.sync(&mut server, at(41));
    let back = |reason: &str| Payload::ReturnCard { to: Stage::Working, reason: reason.to_owned() };
    assert_eq!(head.act(card(5), back(" "), at(42)).unwrap_err().code, RefusalCode::ReasonRequired);
    head.act(card(5), back("Thiếu minh chứng"), at(42)).unwrap();
    head.sync(&mut server, at(43));
    official.sync(&mut server, at(44));
    let view = official.replica.view().card(&key(5)).unwrap();
    assert_eq!((view.stage(), view.returns()[0].reason.as_str()), (Stage::Working, "Thiếu minh chứng"));
    official.act(card(5), Payload::ReportProgress { line, progress: done("2.5") }, at(45)).unwrap();
    official.act(card(5), Payload::SubmitSelfScore(self_score()), at(46)).unwrap();
    official.sync(&mut server, at(47));
    assert_eq!(server.office.state().card(&key(5)).unwrap().stage(), Stage::SelfScored);
}

#[test]
fn what_is_refused_before_signing() {
    let mut server = founded();
    let (mut official, mut head, mut chair) =
        (Tablet::new(person(5), 5), Tablet::new(person(4), 4), Tablet::new(person(2), 2));
    official.sync(&mut server, at(1));
    let line = work_a_month(&mut official, 5);
    let progress = Payload::ReportProgress { line, progress: done("1") };
    assert_eq!(official.act(card(5), progress, at(31)).unwrap_err().code, RefusalCode::WrongStage);
    official.sync(&mut server, at(40));
    head.sync(&mut server, at(41));
    chair.sync(&mut server, at(41));
    let unreasoned = head.act(card(5), Payload::Appraise(appraisal("II.1", "2", " ")), at(42)).unwrap_err();
    assert_eq!((unreasoned.code, unreasoned.field.as_str()), (RefusalCode::ReasonRequired, "marks.II.1"));
    let above = head.act(card(5), Payload::Appraise(appraisal("II.1", "2.6", "x")), at(42)).unwrap_err();
    assert_eq!((above.field.as_str(), above.found.as_str()), ("criteria.II.1", "2.6"));
    let early = chair.act(card(5), approval("100", "HTXS"), at(43)).unwrap_err();
    assert_eq!(early.code, RefusalCode::WrongStage);
    let foreign = official.act(card(6), Payload::AssignWork(vec![new_line("V", "1", "1")]), at(44)).unwrap_err();
    assert_eq!(foreign.code, RefusalCode::NotEntitled);
}

#[test]
fn an_approval_signs_the_number_that_was_seen() {
    let mut server = founded();
    let (mut official, mut head, mut chair) =
        (Tablet::new(person(5), 5), Tablet::new(person(4), 4), Tablet::new(person(2), 2));
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    head.sync(&mut server, at(41));
    head.act(card(5), Payload::Appraise(appraisal("I.1", "4", "Đi muộn hai buổi")), at(42)).unwrap();
    head.sync(&mut server, at(43));
    chair.sync(&mut server, at(44));
    let refusal = chair.act(card(5), approval("100", "HTXS"), at(45)).unwrap_err();
    assert_eq!((refusal.code, refusal.allowed.as_str()), (RefusalCode::ResultDiffers, "99 HTXS"));
    chair.act(card(5), approval("99", "HTXS"), at(46)).unwrap();
}

#[test]
fn bytes_without_a_place_in_a_chain_are_held_and_block_nobody() {
    let mut server = founded();
    let mut official = Tablet::new(person(5), 5);
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
    let mut twin = Tablet::new(person(5), 5);
    twin.replica = shared::sync::Replica::new(person(5), twin.device, 1);
    twin.sync_only_down(&mut server);
    assert_eq!(twin.replica.view().card_hash(&key(5)), server.office.state().card_hash(&key(5)));
}

#[test]
fn a_cloned_profile_forks_the_chain_and_is_held() {
    let mut server = founded();
    let (mut tablet, mut clone) = (Tablet::new(person(5), 5), Tablet::new(person(5), 5));
    tablet.sync(&mut server, at(1));
    clone.sync(&mut server, at(1));
    tablet.act(card(5), Payload::AssignWork(vec![new_line("A", "1", "1")]), at(2)).unwrap();
    clone.act(card(5), Payload::AssignWork(vec![new_line("B", "1", "1")]), at(3)).unwrap();
    tablet.sync(&mut server, at(4));
    let verdict = server.receive(&clone.own[0], KeyCheck::Verified, at(5)).decode().unwrap().verdict;
    assert!(matches!(&verdict, Verdict::Held(refusal) if refusal.code == RefusalCode::Fork), "{verdict:?}");
}

#[test]
fn a_new_post_brings_its_cards_and_an_ended_one_takes_them_away() {
    let mut server = founded();
    let mut official = Tablet::new(person(5), 5);
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    let mut deputy = Tablet::new(person(3), 3);
    deputy.sync(&mut server, at(41));
    assert!(deputy.replica.view().card(&key(5)).is_none());

    let mut clerk = Tablet::new(PersonId::OFFICE, 98);
    let mut post = server.office.state().org.posts().find(|post| post.person == person(3)).unwrap().clone();
    (post.unit, post.rank) = (unit(3), shared::org::Rank::Head);
    clerk.sync(&mut server, at(42));
    clerk.act(Target::Org, Payload::PutPost(post.clone()), at(43)).unwrap();
    clerk.sync(&mut server, at(44));
    deputy.sync(&mut server, at(45));
    assert_eq!(deputy.replica.view().card_hash(&key(5)), server.office.state().card_hash(&key(5)));
    (post.unit, post.rank) = (unit(2), shared::org::Rank::Deputy);
    clerk.act(Target::Org, Payload::PutPost(post), at(46)).unwrap();
    clerk.sync(&mut server, at(47));
    deputy.sync(&mut server, at(48));
    assert!(deputy.replica.view().card(&key(5)).is_none(), "what is no longer entitled is forgotten");
    assert!(deputy.log.values().all(|bytes| !bytes.windows(3).any(|part| part == b"V.1")), "in the store, too");
}

#[test]
fn an_office_rebuilt_from_its_log_is_the_same_office() {
    let mut server = founded();
    let mut official = Tablet::new(person(5), 5);
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    let mut rebuilt = shared::sync::Office::new();
    for (seq, operation) in &server.log {
        let verdict = server.receipts[&operation.id()].decode().unwrap().verdict;
        rebuilt.replay(*seq, operation, &verdict).unwrap();
    }
    assert_eq!(rebuilt.state().card_hash(&key(5)), server.office.state().card_hash(&key(5)));
    assert_eq!(rebuilt.log_end(), server.office.log_end());
}

#[test]
fn an_operation_of_a_later_version_is_kept_in_its_place() {
    let mut server = founded();
    let mut official = Tablet::new(person(5), 5);
    official.sync(&mut server, at(1));
    let known = Payload::AssignWork(vec![new_line("A", "1", "1")]);
    let mut body = official.replica.prepare(card(5), &known, at(2)).unwrap();
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

impl Tablet {
    /// Pulls without pushing, as after both stores were wiped.
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
fn ids_are_hashes_of_what_was_signed() {
    let mut tablet = Tablet::new(PersonId::OFFICE, 1);
    let unit =
        shared::org::Unit { id: unit(1), parent: None, name: "Tỉnh".to_owned(), kind: shared::org::UnitKind::Region };
    let id = tablet.act(Target::Org, Payload::PutUnit(unit), at(0)).unwrap();
    assert_eq!(id, OpId::of(&tablet.own[0].body));
}

#[test]
fn a_personnel_officer_administers_the_own_agency_only_and_appoints_nobody_to_lead_it() {
    let mut server = founded();
    let mut officer = Tablet::new(person(7), 7);
    officer.sync(&mut server, at(1));
    let org = &server.office.state().org;
    let own = org.posts().find(|post| post.person == person(7)).unwrap().clone();
    let chair = org.posts().find(|post| post.person == person(2)).unwrap().clone();
    let province = org.unit(unit(1)).unwrap().clone();
    let staff = org.posts().find(|post| post.person == person(5)).unwrap().clone();
    let mut refused = |payload| officer.act(Target::Org, payload, at(2)).unwrap_err().code;
    let post = |post: &shared::org::Post, change: fn(&mut shared::org::Post)| {
        let mut post = post.clone();
        change(&mut post);
        Payload::PutPost(post)
    };
    let head_of_agency = |post: &mut shared::org::Post| (post.unit, post.rank) = (unit(2), shared::org::Rank::Head);
    assert_eq!(refused(post(&own, head_of_agency)), RefusalCode::NotEntitled, "himself to the chair");
    assert_eq!(refused(post(&staff, head_of_agency)), RefusalCode::NotEntitled, "a friend to the chair");
    assert_eq!(refused(post(&chair, |post| post.to = Some(post.from))), RefusalCode::NotEntitled, "the chairman away");
    assert_eq!(refused(post(&staff, |post| post.personnel = true)), RefusalCode::NotEntitled, "a second keeper");
    let under_office = shared::org::Unit { parent: Some(unit(3)), ..province };
    assert_eq!(refused(Payload::PutUnit(under_office)), RefusalCode::NotEntitled, "the province under the office");
    officer.act(Target::Org, post(&staff, |post| post.title = "Chuyên viên chính".to_owned()), at(3)).unwrap();
}

#[test]
fn a_clock_set_back_gives_nobody_a_post_again() {
    let mut server = founded();
    let mut clerk = Tablet::new(PersonId::OFFICE, 98);
    clerk.sync(&mut server, at(1));
    let mut ended = server.office.state().org.posts().find(|post| post.person == person(7)).unwrap().clone();
    ended.to = shared::time::Day::parse("2026-06-30");
    clerk.act(Target::Org, Payload::PutPost(ended), at(2)).unwrap();
    clerk.sync(&mut server, at(3));
    let mut officer = Tablet::new(person(7), 7);
    let june = shared::time::Millis(at(0).0 - 130 * 86_400_000);
    officer.sync(&mut server, june);
    let staff = server.office.state().org.posts().find(|post| post.person == person(5)).unwrap().clone();
    officer.act(Target::Org, Payload::PutPost(staff), june).unwrap();
    let verdict = server.receive(&officer.own[0], KeyCheck::Verified, at(4)).decode().unwrap().verdict;
    assert_eq!(verdict.refusal().map(|refusal| refusal.code), Some(RefusalCode::NotEntitled));
}

#[test]
fn a_code_brings_the_coefficient_of_its_list_and_assigned_work_is_not_the_persons_to_take_off() {
    let mut server = founded();
    let (mut official, mut head) = (Tablet::new(person(5), 5), Tablet::new(person(4), 4));
    official.sync(&mut server, at(1));
    let mut line = new_line("DC.04", "50", "1");
    line.code = "DC.04".to_owned();
    let refusal = official.act(card(5), Payload::AssignWork(vec![line]), at(2)).unwrap_err();
    assert_eq!((refusal.code, refusal.field.as_str()), (RefusalCode::Unknown, "code"));

    head.sync(&mut server, at(3));
    let op = head.act(card(5), Payload::AssignWork(vec![new_line("B", "2", "3")]), at(4)).unwrap();
    head.sync(&mut server, at(5));
    official.sync(&mut server, at(6));
    let remove = Payload::RemoveLine { line: LineId::new(op, 0), reason: "nhiều quá".to_owned() };
    assert_eq!(official.act(card(5), remove, at(7)).unwrap_err().code, RefusalCode::NotEntitled);
}

#[test]
fn a_cloned_profile_learns_what_its_twin_did_and_both_go_on_in_chains_of_their_own() {
    let mut server = founded();
    let (mut tablet, mut clone) = (Tablet::new(person(5), 5), Tablet::new(person(5), 5));
    tablet.sync(&mut server, at(1));
    clone.sync(&mut server, at(1));
    tablet.act(card(5), Payload::AssignWork(vec![new_line("A", "1", "1")]), at(2)).unwrap();
    clone.act(card(5), Payload::AssignWork(vec![new_line("B", "1", "1")]), at(3)).unwrap();
    tablet.sync(&mut server, at(4));
    let answer = server.exchange(person(5), &clone.replica.request(64_000), at(5));
    assert!(matches!(clone.replica.absorb(&answer, at(5)), Err(shared::sync::SyncError::MissingOwn(_))));
    clone.contact(&mut server, at(6));
    assert!(matches!(clone.replica.attention().as_slice(), [Attention::Refused { .. }]), "the clone's act is held");
    assert_eq!(clone.replica.view().card(&key(5)).unwrap().lines().len(), 1, "and does not count in that chain");

    // The key is in quarantine: what the twin signs with it now is held, too.
    tablet.act(card(5), Payload::AssignWork(vec![new_line("C", "1", "1")]), at(7)).unwrap();
    tablet.contact(&mut server, at(8));
    assert_eq!(tablet.replica.forked().len(), 1);
    for (tablet, epoch) in [(&mut tablet, 2), (&mut clone, 3)] {
        tablet.contact(&mut server, at(9));
        tablet.start_epoch(epoch);
        for (target, payload) in tablet.replica.forked() {
            tablet.act(target, payload, at(10)).unwrap();
        }
        tablet.sync(&mut server, at(11));
    }
    tablet.sync(&mut server, at(12));
    for replica in [&clone.replica, &tablet.replica] {
        assert_eq!(replica.view().card(&key(5)).unwrap().lines().len(), 3, "nothing of either is lost");
        assert!(replica.attention().is_empty() && replica.forked().is_empty() && replica.unsent().next().is_none());
    }
}

#[test]
fn what_is_held_in_the_log_counts_nowhere() {
    let mut server = founded();
    let mut tablet = Tablet::new(person(5), 5);
    tablet.sync(&mut server, at(1));
    let mut body = tablet.replica.prepare(card(5), &Payload::SubmitSelfScore(self_score()), at(7)).unwrap();
    body.pack = Some(shared::ids::PackHash::of(b"another"));
    let signed = shared::op::SignedOperation { body: body.to_bytes(), signature: vec![0; 64] };
    tablet.replica.append(signed).unwrap();
    tablet.sync(&mut server, at(8));
    assert!(tablet.replica.view().card(&key(5)).is_none_or(|card| card.stage() == Stage::Working));
}

#[test]
fn an_office_restored_from_an_older_copy_is_filled_again_by_its_tablets() {
    let mut server = founded();
    let (mut official, mut head) = (Tablet::new(person(5), 5), Tablet::new(person(4), 4));
    official.sync(&mut server, at(1));
    official.act(card(5), Payload::AssignWork(vec![new_line("A", "1", "4")]), at(2)).unwrap();
    official.sync(&mut server, at(3));
    let copy = server.copied();
    official.act(card(5), Payload::SubmitSelfScore(self_score()), at(4)).unwrap();
    official.sync(&mut server, at(5));
    head.sync(&mut server, at(6));
    head.act(card(5), Payload::Appraise(appraisal("I.1", "3", "nhận xét")), at(7)).unwrap();
    head.sync(&mut server, at(8));
    official.sync(&mut server, at(9));
    let before = server.office.state().card_hash(&key(5));
    assert_eq!(official.replica.card_sync(&key(5)), CardSync::Received, "not safe: nothing was backed up since");

    let mut restored = copy;
    restored.safe = restored.office.log_end();
    // The head's appraisal builds on a self-score that this office has never seen: held, not refused.
    head.contact(&mut restored, at(20));
    assert_eq!(head.replica.unsent().count(), 1);
    let verdict = head.replica.own().last().unwrap().receipt.clone().unwrap().verdict;
    assert_eq!(verdict.refusal().map(|refusal| refusal.code), Some(RefusalCode::Gap));
    // Others may have written at the same places of the log meanwhile.
    let mut colleague = Tablet::new(person(6), 6);
    colleague.sync(&mut restored, at(21));
    colleague.act(card(6), Payload::AssignWork(vec![new_line("Z", "1", "1")]), at(21)).unwrap();
    colleague.sync(&mut restored, at(22));

    official.contact(&mut restored, at(23));
    official.reopen();
    for (tablet, minute) in [(&mut official, 24), (&mut head, 25)] {
        tablet.sync(&mut restored, at(minute));
    }
    official.sync(&mut restored, at(26));
    assert_eq!(restored.office.state().card_hash(&key(5)), before);
    for tablet in [&official, &head] {
        assert_eq!(tablet.replica.view().card_hash(&key(5)), before);
        assert!(tablet.replica.attention().is_empty());
    }
    restored.safe = restored.office.log_end();
    official.sync(&mut restored, at(27));
    assert_eq!(official.replica.card_sync(&key(5)), CardSync::Safe);
}

#[test]
fn a_tablet_that_folds_to_another_state_fetches_everything_anew_and_tells_the_office() {
    let mut server = founded();
    let mut tablet = Tablet::new(person(5), 5);
    tablet.sync(&mut server, at(1));
    tablet.act(card(5), Payload::AssignWork(vec![new_line("A", "1", "4")]), at(2)).unwrap();
    tablet.sync(&mut server, at(3));
    // One entry is lost on the tablet, as by a fault of a store.
    let last = *tablet.log.keys().next_back().unwrap();
    tablet.log.remove(&last);
    tablet.reopen();
    tablet.sync(&mut server, at(4));
    let request = tablet.replica.request(64_000);
    assert_eq!(request.differs.as_ref().map(Vec::len), Some(1), "the office hears of it");
    tablet.sync(&mut server, at(5));
    assert_eq!(tablet.replica.confirmed().card_hash(&key(5)), server.office.state().card_hash(&key(5)));
    assert_eq!(tablet.replica.request(64_000).differs, None);
}
