//! Tests of the exchange: devices and a server that have contact now and then.
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

#[test]
fn a_card_goes_its_whole_way_over_two_devices_and_an_office() {
    let mut server = founded();
    let [mut official, mut head, mut chair] = official_head_chair();
    for device in [&mut official, &mut head, &mut chair] {
        device.sync(&mut server, at(1));
    }
    work_a_month(&mut official, 5);
    assert!(matches!(official.replica.card_sync(&key(5)), CardSync::OnDevice { operations: 3, .. }));
    official.reopen();
    assert_eq!(official.replica.view().card(&key(5)).unwrap().stage(), Stage::SelfScored, "closed and opened offline");
    official.sync(&mut server, at(40));
    assert_eq!(official.replica.card_sync(&key(5)), CardSync::Received);

    head.sync(&mut server, at(41));
    head.act(
        card(5),
        Payload::Appraise(APPRAISE, confirming(&head, 5, appraisal("II.1", "2", "Cần học thêm nghiệp vụ"))),
        at(50),
    )
    .unwrap();
    head.sync(&mut server, at(51));
    chair.sync(&mut server, at(60));
    let outcome = chair.replica.view().outcome(&key(5), Side::Appraised).unwrap().unwrap();
    assert_eq!(outcome.total.unwrap().exact, number("99.5"));
    chair.act(card(5), approval("99.5", "HTXS"), at(61)).unwrap();
    chair.act(card(5), publication("HTXS"), at(62)).unwrap();
    chair.sync(&mut server, at(63));
    official.sync(&mut server, at(64));
    head.sync(&mut server, at(64));

    for device in [&official, &head, &chair] {
        let seen = device.replica.view();
        assert_eq!(seen.card(&key(5)).unwrap().stage(), Stage::Published);
        assert_eq!(seen.card_hash(&key(5)), server.log_state.state().card_hash(&key(5)));
        assert_eq!(
            format!("{:?}", seen.outcome(&key(5), Side::Appraised)),
            format!("{:?}", server.log_state.state().outcome(&key(5), Side::Appraised)),
        );
    }
}

#[test]
fn every_batch_size_brings_the_same_state() {
    let mut server = founded();
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync_in(&mut server, at(40), 300);
    for bytes_max in [1, 400, 1_000, 64_000] {
        let mut head = Device::new(person(4), 4);
        head.sync_in(&mut server, at(50), bytes_max);
        assert_eq!(head.replica.view().card_hash(&key(5)), server.log_state.state().card_hash(&key(5)), "{bytes_max}");
    }
}

#[test]
fn two_submissions_nobody_had_seen_are_both_kept_and_the_next_stage_waits() {
    let mut server = founded();
    let (mut first, mut second) = (Device::new(person(5), 5), Device::new(person(5), 6));
    first.sync(&mut server, at(1));
    work_a_month(&mut first, 5);
    second.sync(&mut server, at(2));
    second.act(card(5), Payload::AssignWork(vec![new_line("V.2", "1", "1")]), at(31)).unwrap();
    second.act(card(5), Payload::SubmitSelfScore(self_score()), at(32)).unwrap();
    first.sync(&mut server, at(40));
    second.sync(&mut server, at(41));
    first.sync(&mut server, at(42));

    let state = server.log_state.state();
    let card_here = state.card(&key(5)).unwrap();
    assert_eq!(card_here.versions(&Register::SelfScore).len(), 2);
    let attention = first.replica.attention();
    assert!(attention.contains(&Attention::Contested { card: key(5), register: Register::SelfScore }));

    let mut head = Device::new(person(4), 4);
    head.sync(&mut server, at(50));
    let refusal = head.act(card(5), Payload::Appraise(APPRAISE, appraisal("I.1", "4", "x")), at(51)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Contested);

    let choice = first.replica.view().card(&key(5)).unwrap().heads(&Register::SelfScore).next().unwrap();
    let resolve = Payload::Resolve { register: Register::SelfScore, choice, reason: "bản sau".to_owned() };
    first.act(card(5), resolve, at(52)).unwrap();
    first.sync(&mut server, at(53));
    head.sync(&mut server, at(54));
    head.act(card(5), Payload::Appraise(APPRAISE, confirming(&head, 5, appraisal("I.1", "4", "x"))), at(55)).unwrap();
}

#[test]
fn drafts_of_one_person_merge_where_they_touch_different_fields_and_reach_nobody_else() {
    let mut server = founded();
    let (mut first, mut second) = (Device::new(person(5), 5), Device::new(person(5), 6));
    let mut head = Device::new(person(4), 4);
    for device in [&mut first, &mut second, &mut head] {
        device.sync(&mut server, at(1));
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
    let (mut official, mut colleague) = (Device::new(person(5), 5), Device::new(person(6), 6));
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    colleague.sync(&mut server, at(41));
    assert!(colleague.replica.view().card(&key(5)).is_none());
    assert!(colleague.replica.view().org.person(person(5)).is_some(), "names and posts are for all");
    let refusal = colleague.act(card(5), Payload::Appraise(APPRAISE, appraisal("I.1", "1", "x")), at(42)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::NotEntitled);
}

#[test]
fn a_withdrawal_that_arrives_first_supersedes_an_appraisal_made_meanwhile() {
    let mut server = founded();
    let (mut official, mut head) = (Device::new(person(5), 5), Device::new(person(4), 4));
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    head.sync(&mut server, at(41));
    head.act(card(5), Payload::Appraise(APPRAISE, confirming(&head, 5, appraisal("I.1", "4", "Đi muộn"))), at(42))
        .unwrap();
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
    let (mut official, mut head) = (Device::new(person(5), 5), Device::new(person(4), 4));
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
    assert_eq!(server.log_state.state().card(&key(5)).unwrap().stage(), Stage::SelfScored);
}

#[test]
fn what_is_refused_before_signing() {
    let mut server = founded();
    let [mut official, mut head, mut chair] = official_head_chair();
    official.sync(&mut server, at(1));
    let line = work_a_month(&mut official, 5);
    let progress = Payload::ReportProgress { line, progress: done("1") };
    assert_eq!(official.act(card(5), progress, at(31)).unwrap_err().code, RefusalCode::WrongStage);
    official.sync(&mut server, at(40));
    head.sync(&mut server, at(41));
    chair.sync(&mut server, at(41));
    let unreasoned = head.act(card(5), Payload::Appraise(APPRAISE, appraisal("II.1", "2", " ")), at(42)).unwrap_err();
    assert_eq!((unreasoned.code, unreasoned.field.as_str()), (RefusalCode::ReasonRequired, "marks.II.1"));
    let above = head.act(card(5), Payload::Appraise(APPRAISE, appraisal("II.1", "2.6", "x")), at(42)).unwrap_err();
    assert_eq!((above.field.as_str(), above.found.to_string().as_str()), ("criteria.II.1", "13/5"));
    let early = chair.act(card(5), approval("100", "HTXS"), at(43)).unwrap_err();
    assert_eq!(early.code, RefusalCode::WrongStage);
    let foreign = official.act(card(6), Payload::AssignWork(vec![new_line("V", "1", "1")]), at(44)).unwrap_err();
    assert_eq!(foreign.code, RefusalCode::NotEntitled);
}

#[test]
fn an_approval_signs_the_number_that_was_seen() {
    let mut server = founded();
    let [mut official, mut head, mut chair] = official_head_chair();
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    head.sync(&mut server, at(41));
    head.act(
        card(5),
        Payload::Appraise(APPRAISE, confirming(&head, 5, appraisal("I.1", "4", "Đi muộn hai buổi"))),
        at(42),
    )
    .unwrap();
    head.sync(&mut server, at(43));
    chair.sync(&mut server, at(44));
    let refusal = chair.act(card(5), approval("100", "HTXS"), at(45)).unwrap_err();
    assert_eq!((refusal.code, refusal.allowed.to_string().as_str()), (RefusalCode::ResultDiffers, "99 HTXS"));
    chair.act(card(5), approval("99", "HTXS"), at(46)).unwrap();
}

#[test]
fn a_new_post_brings_its_cards_and_an_ended_one_takes_them_away() {
    let mut server = founded();
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    let mut deputy = Device::new(person(3), 3);
    deputy.sync(&mut server, at(41));
    assert!(deputy.replica.view().card(&key(5)).is_none());

    let mut clerk = Device::new(PersonId::SYSTEM, 98);
    let mut post = server.log_state.state().org.posts().find(|post| post.person == person(3)).unwrap().clone();
    (post.unit, post.rank) = (unit(3), shared::org::Rank::Head);
    clerk.sync(&mut server, at(42));
    clerk.act(Target::Org, Payload::PutPost(post.clone()), at(43)).unwrap();
    clerk.sync(&mut server, at(44));
    deputy.sync(&mut server, at(45));
    assert_eq!(deputy.replica.view().card_hash(&key(5)), server.log_state.state().card_hash(&key(5)));
    (post.unit, post.rank) = (unit(2), shared::org::Rank::Deputy);
    clerk.act(Target::Org, Payload::PutPost(post), at(46)).unwrap();
    clerk.sync(&mut server, at(47));
    deputy.sync(&mut server, at(48));
    assert!(deputy.replica.view().card(&key(5)).is_none(), "what is no longer entitled is forgotten");
    assert!(deputy.log.values().all(|bytes| !bytes.windows(3).any(|part| part == b"V.1")), "in the store, too");
}

#[test]
fn ids_are_hashes_of_what_was_signed() {
    let mut device = Device::new(PersonId::SYSTEM, 1);
    let unit =
        shared::org::Unit { id: unit(1), parent: None, name: "Tỉnh".to_owned(), kind: shared::org::UnitKind::Region };
    let id = device.act(Target::Org, Payload::PutUnit(unit), at(0)).unwrap();
    assert_eq!(id, OpId::of(&device.own[0].body));
}

#[test]
fn a_personnel_officer_administers_the_own_agency_only_and_appoints_nobody_to_lead_it() {
    let mut server = founded();
    let mut officer = Device::new(person(7), 7);
    officer.sync(&mut server, at(1));
    let org = &server.log_state.state().org;
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
    let mut clerk = Device::new(PersonId::SYSTEM, 98);
    clerk.sync(&mut server, at(1));
    let mut ended = server.log_state.state().org.posts().find(|post| post.person == person(7)).unwrap().clone();
    ended.to = shared::time::Day::parse("2026-06-30");
    clerk.act(Target::Org, Payload::PutPost(ended), at(2)).unwrap();
    clerk.sync(&mut server, at(3));
    let mut officer = Device::new(person(7), 7);
    let june = shared::time::Millis(at(0).0 - 130 * 86_400_000);
    officer.sync(&mut server, june);
    let staff = server.log_state.state().org.posts().find(|post| post.person == person(5)).unwrap().clone();
    officer.act(Target::Org, Payload::PutPost(staff), june).unwrap();
    let verdict = server.receive(&officer.own[0], KeyCheck::Verified, at(4)).decode().unwrap().verdict;
    assert_eq!(verdict.refusal().map(|refusal| refusal.code), Some(RefusalCode::NotEntitled));
}

#[test]
fn a_code_brings_the_coefficient_of_its_list_and_assigned_work_is_not_the_persons_to_take_off() {
    let mut server = founded();
    let (mut official, mut head) = (Device::new(person(5), 5), Device::new(person(4), 4));
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
fn nothing_takes_a_stage_back_without_a_reason() {
    let mut server = founded();
    let (mut first, mut second) = (Device::new(person(5), 5), Device::new(person(5), 6));
    first.sync(&mut server, at(1));
    work_a_month(&mut first, 5);
    first.sync(&mut server, at(2));
    second.sync(&mut server, at(3));
    let withdraw = |reason: &str| Payload::WithdrawSelfScore { reason: reason.to_owned() };
    assert_eq!(first.act(card(5), withdraw(" "), at(4)).unwrap_err().code, RefusalCode::ReasonRequired);

    // Both devices take the score back, and one submits again: the server has an empty version beside a new score.
    first.act(card(5), withdraw("thiếu việc"), at(5)).unwrap();
    second.act(card(5), withdraw("nhầm"), at(6)).unwrap();
    second.act(card(5), Payload::SubmitSelfScore(self_score()), at(7)).unwrap();
    first.sync(&mut server, at(8));
    second.sync(&mut server, at(8));
    first.sync(&mut server, at(8));
    let seen = first.replica.view().card(&key(5)).unwrap();
    assert_eq!((seen.stage(), seen.versions(&Register::SelfScore).len()), (Stage::SelfScored, 2));
    let cleared = seen.versions(&Register::SelfScore).iter();
    let choice = cleared.clone().find(|version| matches!(version.value, shared::card::Value::Cleared(_))).unwrap().op;
    let resolve = |reason: &str| Payload::Resolve { register: Register::SelfScore, choice, reason: reason.to_owned() };
    assert_eq!(first.act(card(5), resolve(""), at(9)).unwrap_err().code, RefusalCode::ReasonRequired);
    first.act(card(5), resolve("chưa xong"), at(10)).unwrap();
    assert_eq!(first.replica.view().card(&key(5)).unwrap().stage(), Stage::Working);
}
