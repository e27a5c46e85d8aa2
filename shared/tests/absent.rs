//! Case 10 and rows 3 and 14: people who are away for a whole period are not assessed in it, nobody has to score
//! themselves who cannot, and nobody lists work that does not count.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use common::{
    APPRAISE, APPROVE, Device, OCTOBER, Server, agreed, appraisal, approval, at, card, confirming, done, founded,
    full_marks, key, new_line, number, official_head_chair, pack_hash, person, self_score, unit, work_a_month,
};
use shared::ids::{LineId, PersonId, PostId};
use shared::op::{Absence, Appraisal, CardKey, Mark, Payload, RefusalCode, Register, Stage, Target, Verdict};
use shared::org::{Post, Rank};
use shared::pack::Language;
use shared::report::{person_years, unit_month, unit_quota};
use shared::time::{Day, Millis};
use shared::work::AbsenceCause;

/// A morning in October.
fn october(day: u64) -> Millis {
    Millis(at(day * 24 * 60).0 - 20 * 24 * 60 * 60_000)
}

fn november(minutes: u64) -> Millis {
    at(13 * 24 * 60 + minutes)
}

fn devices(server: &mut Server) -> [Device; 3] {
    let mut devices = official_head_chair();
    for device in &mut devices {
        device.sync(server, at(1));
    }
    devices
}

fn absence(cause: AbsenceCause) -> Payload {
    Payload::RecordAbsence(Absence { cause, note: String::new() })
}

fn lift() -> Payload {
    Payload::LiftAbsence { reason: "Đi làm lại từ ngày 12".to_owned() }
}

/// Every mark from the superior, each with a reason.
fn scored_alone() -> Payload {
    let reasoned = |(code, mark): (String, Mark)| (code, Mark { reason: "Không tự chấm".to_owned(), ..mark });
    Payload::Appraise(
        APPRAISE,
        Appraisal { marks: full_marks().into_iter().map(reasoned).collect(), ..Appraisal::default() },
    )
}

#[test]
fn case_10_a_superior_records_that_somebody_is_not_assessed() {
    let mut server = founded();
    let [mut official, mut head, mut chair] = devices(&mut server);
    let own = official.act(card(5), absence(AbsenceCause::Sick), at(5)).unwrap_err();
    assert_eq!(own.code, RefusalCode::NotEntitled, "nobody says it of themselves");
    head.act(card(5), absence(AbsenceCause::Maternity), at(10)).unwrap();
    head.sync(&mut server, at(11));
    chair.sync(&mut server, at(12));
    let state = server.log_state.state();
    let month = unit_month(state, unit(3), OCTOBER, PersonId::SYSTEM);
    assert_eq!(month.absent(), 1);
    assert!(month.to_csv(Language::Vi).contains(";Không đánh giá: nghỉ thai sản;"));
    let quotas = unit_quota(state, &unit_month(state, unit(2), OCTOBER, PersonId::SYSTEM), false).unwrap();
    let groups: Vec<_> = quotas.iter().flat_map(|quota| &quota.groups).collect();
    assert!(groups.iter().any(|group| group.not_assessed == ["Người Thử 5"]));
    assert!(groups.iter().all(|group| !group.missing.contains(&"Người Thử 5".to_owned())), "nobody waits for them");
    let year = person_years(state, PersonId::SYSTEM, person(5), 2026).remove(0);
    let october = year.periods.iter().find(|month| month.period == OCTOBER).unwrap();
    assert_eq!((october.worked, october.absence), (false, Some(AbsenceCause::Maternity)));
    let whole = year.longer.last().unwrap().outcome.as_ref().unwrap();
    assert!(whole.not_worked.contains(&OCTOBER) && !whole.missing.contains(&OCTOBER));
    // What the person does during the absence is kept. Nobody scores or decides before the absence is taken back.
    official.sync(&mut server, at(20));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(22));
    head.sync(&mut server, at(23));
    let refusal = head.act(card(5), Payload::Appraise(APPRAISE, appraisal("I.1", "4", "Lý do")), at(24)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::NotAssessed);
    let bare = head.act(card(5), Payload::LiftAbsence { reason: " ".to_owned() }, at(25)).unwrap_err();
    assert_eq!(bare.code, RefusalCode::ReasonRequired);
    head.act(card(5), lift(), at(26)).unwrap();
    let score = confirming(&head, 5, appraisal("I.1", "4", "Lý do"));
    head.act(card(5), Payload::Appraise(APPRAISE, score), at(27)).unwrap();
    head.sync(&mut server, at(28));
    chair.sync(&mut server, at(29));
    chair.act(card(5), approval("99", "HTXS"), at(30)).unwrap();
    chair.sync(&mut server, at(31));
    let late = chair.act(card(5), absence(AbsenceCause::Sick), at(32)).unwrap_err();
    assert_eq!(late.code, RefusalCode::WrongStage, "what is decided is decided");
}

#[test]
fn case_10_personnel_records_it_and_another_reason_is_named() {
    let mut server = founded();
    let mut personnel = Device::new(person(7), 7);
    let mut colleague = Device::new(person(6), 6);
    personnel.sync(&mut server, at(1));
    colleague.sync(&mut server, at(1));
    let unnamed = personnel.act(card(5), absence(AbsenceCause::Other), at(5)).unwrap_err();
    assert_eq!((unnamed.code, unnamed.field.as_str()), (RefusalCode::ReasonRequired, "note"));
    let note = "Nghỉ chăm con ốm dài ngày".to_owned();
    personnel.act(card(5), Payload::RecordAbsence(Absence { cause: AbsenceCause::Other, note }), at(6)).unwrap();
    personnel.sync(&mut server, at(7));
    let month = unit_month(server.log_state.state(), unit(3), OCTOBER, PersonId::SYSTEM);
    assert!(month.to_csv(Language::Vi).contains("Không đánh giá: Nghỉ chăm con ốm dài ngày"));
    let refusal = colleague.act(card(5), lift(), at(8)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::NotEntitled);
    let own = personnel.act(card(7), absence(AbsenceCause::Study), at(9)).unwrap_err();
    assert_eq!(own.code, RefusalCode::NotEntitled, "personnel not of themselves either");
}

#[test]
fn two_absences_recorded_unseen_wait_for_a_choice() {
    let mut server = founded();
    let [_, mut head, mut chair] = devices(&mut server);
    head.act(card(5), absence(AbsenceCause::Sick), at(10)).unwrap();
    chair.act(card(5), absence(AbsenceCause::Study), at(11)).unwrap();
    head.sync(&mut server, at(12));
    chair.sync(&mut server, at(13));
    let state = server.log_state.state();
    let contested = state.card(&key(5)).unwrap();
    assert_eq!((contested.contested(), contested.absence().is_some()), (vec![Register::Absence], true));
    head.sync(&mut server, at(14));
    let choice = head.replica.view().card(&key(5)).unwrap().heads(&Register::Absence).next().unwrap();
    let resolve = Payload::Resolve { register: Register::Absence, choice, reason: String::new() };
    head.act(card(5), resolve, at(15)).unwrap();
    head.sync(&mut server, at(16));
    assert!(server.log_state.state().card(&key(5)).unwrap().contested().is_empty());
}

#[test]
fn row_14_who_did_not_score_themselves_is_scored_once_the_period_may_be_decided() {
    let mut server = founded();
    let [_, mut head, mut chair] = devices(&mut server);
    let early = head.act(card(5), scored_alone(), october(19)).unwrap_err();
    assert_eq!((early.code, early.field.as_str()), (RefusalCode::WrongStage, "stage"));
    head.act(card(5), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), at(11)).unwrap();
    let unreasoned = agreed();
    let refusal = head.act(card(5), Payload::Appraise(APPRAISE, unreasoned), november(1)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::ReasonRequired, "every mark says why");
    head.act(card(5), scored_alone(), november(2)).unwrap();
    head.sync(&mut server, november(3));
    chair.sync(&mut server, november(4));
    let seen = chair.replica.view();
    assert_eq!(seen.card(&key(5)).unwrap().stage(), Stage::Appraised);
    assert!(seen.card(&key(5)).unwrap().is_scored_alone());
    let decision = seen.approval(&key(5)).unwrap();
    chair.act(card(5), Payload::Approve(APPROVE, decision), november(5)).unwrap();
}

#[test]
fn row_14_who_left_in_the_month_is_scored_the_day_after() {
    let mut server = founded();
    let mut clerk = Device::new(PersonId::SYSTEM, 98);
    clerk.sync(&mut server, at(1));
    let post = server.log_state.state().org.post(PostId::from_bytes([5; 16])).unwrap().clone();
    clerk.act(Target::Org, Payload::PutPost(Post { to: Day::parse("2026-10-10"), ..post }), at(2)).unwrap();
    clerk.sync(&mut server, at(3));
    let [_, mut head, _] = devices(&mut server);
    assert!(head.act(card(5), scored_alone(), october(10)).is_err(), "on the 10th the person is still there");
    head.act(card(5), scored_alone(), october(11)).unwrap();
}

#[test]
fn row_14_a_self_score_that_comes_unseen_is_kept_and_somebody_chooses() {
    let mut server = founded();
    let [mut official, mut head, mut chair] = devices(&mut server);
    let op = official.act(card(5), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), at(10)).unwrap();
    let line = LineId::new(op, 0);
    official.sync(&mut server, at(11));
    head.sync(&mut server, at(12));
    official.act(card(5), Payload::ReportProgress { line, progress: done("3") }, at(13)).unwrap();
    let own = official.act(card(5), Payload::SubmitSelfScore(self_score()), at(14)).unwrap();
    // The official's device is far away. The head waits until November, and no longer.
    let Payload::Appraise(APPRAISE, score) = scored_alone() else { panic!("an appraisal") };
    head.act(card(5), Payload::Appraise(APPRAISE, confirming(&head, 5, score)), november(1)).unwrap();
    head.sync(&mut server, november(2));
    official.sync(&mut server, november(60));
    let verdict = server.receipts[&own].decode().unwrap().verdict;
    // The report came too late for a card that was already scored. The self-score stays beside it.
    assert_eq!(verdict, Verdict::AcceptedContested);
    chair.sync(&mut server, november(61));
    head.sync(&mut server, november(61));
    let both = head.replica.view().card(&key(5)).unwrap();
    assert_eq!((both.contested(), both.stage()), (vec![Register::SelfScore], Stage::Appraised));
    let decision = chair.replica.view().approval(&key(5)).unwrap();
    let waits = chair.act(card(5), Payload::Approve(APPROVE, decision), november(62)).unwrap_err();
    assert_eq!(waits.code, RefusalCode::Contested);
    // The superior chooses the person's version, and having seen it scores again.
    let resolve = Payload::Resolve { register: Register::SelfScore, choice: own, reason: String::new() };
    head.act(card(5), resolve, november(63)).unwrap();
    head.act(card(5), Payload::Appraise(APPRAISE, appraisal("I.1", "4", "Lý do")), november(64)).unwrap();
    head.sync(&mut server, november(65));
    let card_now = server.log_state.state().card(&key(5)).unwrap();
    assert_eq!((card_now.self_score(), card_now.is_scored_alone()), (Some(&self_score()), false));
}

#[test]
fn row_14_who_saw_the_superiors_score_asks_for_the_card_back() {
    let mut server = founded();
    let [mut official, mut head, _] = devices(&mut server);
    head.act(card(5), scored_alone(), november(1)).unwrap();
    head.sync(&mut server, november(2));
    official.sync(&mut server, november(3));
    let refusal = official.act(card(5), Payload::SubmitSelfScore(self_score()), november(4)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::WrongStage);
    let back = Payload::ReturnCard { to: Stage::Working, reason: "Đã đi làm lại, tự chấm".to_owned() };
    head.act(card(5), back, november(5)).unwrap();
    head.sync(&mut server, november(6));
    official.sync(&mut server, november(7));
    official.act(card(5), Payload::SubmitSelfScore(self_score()), november(8)).unwrap();
    official.sync(&mut server, november(9));
    let card_now = server.log_state.state().card(&key(5)).unwrap();
    assert_eq!((card_now.stage(), card_now.contested().len()), (Stage::SelfScored, 0));
}

#[test]
fn the_card_of_an_absent_person_reads_the_same_on_every_device() {
    let mut server = founded();
    let [mut official, mut head, mut chair] = devices(&mut server);
    head.act(card(5), absence(AbsenceCause::Suspension), at(10)).unwrap();
    head.sync(&mut server, at(11));
    let key = CardKey { subject: person(5).into(), period: OCTOBER, pack: pack_hash() };
    for device in [&mut official, &mut chair] {
        device.sync(&mut server, at(12));
        device.reopen();
        let seen = device.replica.view();
        assert_eq!(seen.card_hash(&key), server.log_state.state().card_hash(&key));
        assert_eq!(seen.card(&key).unwrap().absence().unwrap().cause, AbsenceCause::Suspension);
    }
}

#[test]
fn row_3_support_staff_list_no_work_and_are_kept_from_nothing_by_lines_that_are_there() {
    let mut server = founded();
    let mut clerk = Device::new(PersonId::SYSTEM, 98);
    let [mut official, mut head, mut chair] = devices(&mut server);
    head.act(card(5), Payload::AssignWork(vec![new_line("V.1", "2", "3"); 4]), at(2)).unwrap();
    head.sync(&mut server, at(3));
    clerk.sync(&mut server, at(3));
    let post = server.log_state.state().org.post(PostId::from_bytes([5; 16])).unwrap().clone();
    clerk.act(Target::Org, Payload::PutPost(Post { rank: Rank::Support, ..post }), at(4)).unwrap();
    clerk.sync(&mut server, at(5));
    for device in [&mut official, &mut head, &mut chair] {
        device.sync(&mut server, at(6));
    }
    for device in [&mut official, &mut head] {
        let refusal = device.act(card(5), Payload::AssignWork(vec![new_line("V.2", "2", "3")]), at(7)).unwrap_err();
        assert_eq!((refusal.code, refusal.field.as_str()), (RefusalCode::NoWork, "lines"));
        assert!(!refusal.to_string().contains("4 lines"));
    }
    let mut own = self_score();
    for row in ["KQ.a", "KQ.b", "KQ.c"] {
        own.marks.insert(row.to_owned(), Mark { value: number("90"), reason: String::new() });
    }
    official.act(card(5), Payload::SubmitSelfScore(own.clone()), at(8)).unwrap();
    official.sync(&mut server, at(9));
    head.sync(&mut server, at(10));
    let marks = own.marks.clone();
    head.act(card(5), Payload::Appraise(APPRAISE, Appraisal { marks, ..Appraisal::default() }), at(11)).unwrap();
    head.sync(&mut server, at(12));
    chair.sync(&mut server, at(13));
    // Đ.12, handbook chapter III: 30 + 70 · (90 + 90 + 90) / 300.
    let decision = chair.replica.view().approval(&key(5)).unwrap();
    assert_eq!((decision.total.clone().unwrap().to_string(), decision.class.as_str()), ("93".to_owned(), "HTXS"));
    chair.act(card(5), Payload::Approve(APPROVE, decision), at(14)).unwrap();
}

#[test]
fn row_20_works_stand_in_the_order_in_which_they_were_added() {
    let mut server = founded();
    let [mut official, ..] = devices(&mut server);
    let mut lines = Vec::new();
    for (place, name) in (0..).zip(["Ba", "Một", "Hai"]) {
        let op = official.act(card(5), Payload::AssignWork(vec![new_line(name, "1", "1")]), at(2 + place)).unwrap();
        lines.push(LineId::new(op, 0));
    }
    let plan = new_line("Ba", "1", "5");
    official.act(card(5), Payload::ReviseLine { line: lines[0], plan }, at(10)).unwrap();
    official.act(card(5), Payload::ReportProgress { line: lines[1], progress: done("1") }, at(11)).unwrap();
    official.sync(&mut server, at(12));
    let order = |card: &shared::card::Card| card.lines().iter().map(|line| line.id).collect::<Vec<_>>();
    assert_eq!(order(official.replica.view().card(&key(5)).unwrap()), lines);
    assert_eq!(order(server.log_state.state().card(&key(5)).unwrap()), lines);
}
