//! Work that came after a period's cut-off is carried before the next card is scored: nobody gains by leaving it behind, and
//! nobody is held up by what they cannot see or carry.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use common::*;
use shared::fixture::{adoption, post};
use shared::ids::{LineId, OpId, PersonId, PostId};
use shared::limits::LINES_PER_OPERATION_MAX;
use shared::op::{
    Absence, Appraisal, CardKey, Detail, Mark, NewLine, Payload, Progress, Refusal, RefusalCode, SelfScore, Stage,
    Target, Verdict,
};
use shared::org::{Post, Rank};
use shared::pack::PackAdoption;
use shared::time::{Day, Millis, Period};
use shared::work::AbsenceCause;

/// So many days after 20 October.
fn days(count: u64) -> Millis {
    at(count * 24 * 60)
}

fn day(text: &str) -> Option<Day> {
    Day::parse(text)
}

fn of(month: u8) -> CardKey {
    CardKey { period: Period::Month(2026, month), ..key(5) }
}

fn on(month: u8) -> Target {
    Target::Card(of(month))
}

fn administer(server: &mut Server, payloads: impl IntoIterator<Item = Payload>) {
    let mut clerk = Device::new(PersonId::SYSTEM, 97);
    clerk.sync(server, at(0));
    for payload in payloads {
        clerk.act(Target::Org, payload, at(0)).unwrap();
    }
    clerk.sync(server, at(0));
    assert!(server.receipts.values().all(|receipt| receipt.decode().unwrap().verdict.counts()));
}

fn late(name: &str) -> NewLine {
    NewLine { due: day("2026-10-28"), ..new_line(name, "2", "3") }
}

fn own_marks() -> Payload {
    Payload::SubmitSelfScore(SelfScore { ..self_score() })
}

/// Every mark with a reason, as where there is no self-score.
fn marks_alone() -> Payload {
    let reasoned = |(code, mark): (String, Mark)| (code, Mark { reason: "Không tự chấm".to_owned(), ..mark });
    let marks = full_marks().into_iter().map(reasoned).collect();
    Payload::Appraise(APPRAISE, Appraisal { marks, ..Appraisal::default() })
}

/// The office whose work counts up to the 20th, and somebody with so many lines that the head gave until the 28th.
fn left_behind(lines: usize) -> (Server, [Device; 3], Vec<OpId>) {
    let mut server = founded();
    administer(&mut server, [Payload::AdoptPack(PackAdoption { cut_off: Some(20), ..adoption() })]);
    let [mut official, mut head, chair] = official_head_chair();
    head.sync(&mut server, days(1));
    let names: Vec<String> = (0..lines).map(|place| format!("Giao {place}")).collect();
    let give = |some: &[String]| Payload::AssignWork(some.iter().map(|name| late(name)).collect());
    let given = names.chunks(LINES_PER_OPERATION_MAX).map(|some| head.act(card(5), give(some), days(2)).unwrap());
    let given = given.collect();
    head.sync(&mut server, days(2));
    official.sync(&mut server, days(3));
    (server, [official, head, chair], given)
}

fn waits(refusal: &Refusal, lines: usize) {
    assert_eq!((refusal.code, refusal.field.as_str()), (RefusalCode::NotCarried, "lines"));
    assert_eq!(*refusal.found, Detail::from(lines));
}

fn carry(device: &mut Device, month: u8, now: Millis) -> Result<OpId, Refusal> {
    let lines = device.replica.view().to_carry_by(&of(month), device.replica.person());
    device.act(on(month), Payload::CarryWork(lines), now)
}

fn stage(server: &Server, month: u8) -> Stage {
    server.log_state.state().card(&of(month)).map_or(Stage::Working, shared::card::Card::stage)
}

#[test]
fn nobody_scores_themselves_over_work_left_behind() {
    let (mut server, [mut official, ..], _) = left_behind(2);
    waits(&official.act(on(11), own_marks(), days(20)).unwrap_err(), 2);
    carry(&mut official, 11, days(20)).unwrap();
    official.act(on(11), own_marks(), days(20)).unwrap();
    official.sync(&mut server, days(20));
    assert_eq!(stage(&server, 11), Stage::SelfScored);
    assert_eq!(server.log_state.state().card(&of(11)).unwrap().lines().len(), 2);
}

/// An act takes fifty lines, and more than that can wait.
#[test]
fn more_than_one_act_carries_is_carried_in_two() {
    let (_, [mut official, ..], _) = left_behind(LINES_PER_OPERATION_MAX + 1);
    waits(&official.act(on(11), own_marks(), days(20)).unwrap_err(), LINES_PER_OPERATION_MAX + 1);
    carry(&mut official, 11, days(20)).unwrap();
    waits(&official.act(on(11), own_marks(), days(20)).unwrap_err(), 1);
    carry(&mut official, 11, days(20)).unwrap();
    official.act(on(11), own_marks(), days(20)).unwrap();
}

/// The tablet knew of nothing; the office asks for it once, and takes the marks after that.
#[test]
fn a_tablet_that_knew_of_nothing_is_asked_once() {
    let mut server = founded();
    administer(&mut server, [Payload::AdoptPack(PackAdoption { cut_off: Some(20), ..adoption() })]);
    let [mut official, mut head, _] = official_head_chair();
    official.sync(&mut server, days(1));
    head.sync(&mut server, days(1));
    head.act(card(5), Payload::AssignWork(vec![late("Giao")]), days(2)).unwrap();
    head.sync(&mut server, days(2));
    let unaware = official.act(on(11), own_marks(), days(20)).unwrap();
    official.sync(&mut server, days(21));
    let Verdict::Superseded(refusal) = server.receipts[&unaware].decode().unwrap().verdict else { panic!("it waits") };
    waits(&refusal, 1);
    assert_eq!(stage(&server, 11), Stage::Working);
    carry(&mut official, 11, days(21)).unwrap();
    official.act(on(11), own_marks(), days(21)).unwrap();
    official.sync(&mut server, days(21));
    assert_eq!(stage(&server, 11), Stage::SelfScored);
}

/// Where nobody scored themselves, whoever marks carries it. The line stays the work of whoever gave it.
#[test]
fn a_superior_who_marks_alone_carries_first() {
    let (mut server, [mut official, mut head, _], _) = left_behind(1);
    head.sync(&mut server, days(31));
    waits(&head.act(on(11), marks_alone(), days(31)).unwrap_err(), 1);
    let carried = carry(&mut head, 11, days(31)).unwrap();
    head.act(on(11), marks_alone(), days(31)).unwrap();
    head.sync(&mut server, days(31));
    assert_eq!(stage(&server, 11), Stage::Appraised);
    official.sync(&mut server, days(32));
    let line = official.replica.view().card(&of(11)).unwrap().line(LineId::new(carried, 0)).unwrap();
    assert_eq!((line.given_by(&[person(5)]), line.assigned_by), (person(4), person(4)));
}

/// Who came on the first does not read the month before: nobody waits for what they cannot see. The work is not lost, the
/// card after that asks for it.
#[test]
fn a_new_head_does_not_wait_for_what_they_cannot_see() {
    let (mut server, [mut official, ..], _) = left_behind(1);
    let until = |n| Payload::PutPost(Post { to: day("2026-10-31"), ..post(n) });
    let id = PostId::from_bytes([66; 16]);
    let new = Post { id, rank: Rank::Head, from: day("2026-11-01").unwrap(), ..post(6) };
    administer(&mut server, [until(4), until(6), Payload::PutPost(new)]);
    let mut head = Device::new(person(6), 6);
    head.sync(&mut server, days(31));
    assert!(head.replica.view().to_carry_by(&of(11), person(6)).is_empty());
    let marked = head.act(on(11), marks_alone(), days(31)).unwrap();
    head.sync(&mut server, days(31));
    assert!(server.receipts[&marked].decode().unwrap().verdict.counts());
    official.sync(&mut server, days(42));
    waits(&official.act(on(12), own_marks(), days(50)).unwrap_err(), 1);
    carry(&mut official, 12, days(50)).unwrap();
    official.act(on(12), own_marks(), days(50)).unwrap();
    official.sync(&mut server, days(50));
    let lines = server.log_state.state().card(&of(12)).unwrap().lines();
    assert_eq!((lines.len(), lines[0].plan.carried), (1, Some(OCTOBER)));
}

/// On a card that is not assessed nothing counts, also what was carried there: the next card asks for it.
#[test]
fn who_is_away_for_a_month_carries_to_the_one_after() {
    for carried_before in [false, true] {
        let (mut server, [mut official, mut head, _], _) = left_behind(1);
        if carried_before {
            carry(&mut official, 11, days(13)).unwrap();
            official.sync(&mut server, days(13));
        }
        let open = official.replica.view().to_carry(&of(12));
        head.sync(&mut server, days(14));
        let away = Absence { cause: AbsenceCause::Maternity, note: String::new() };
        head.act(on(11), Payload::RecordAbsence(away), days(14)).unwrap();
        head.sync(&mut server, days(14));
        official.sync(&mut server, days(50));
        let state = official.replica.view();
        assert_eq!(state.owed(&of(11), person(5)), 0);
        assert_eq!((open.len(), state.owed(&of(12), person(5))), (usize::from(!carried_before), 1));
        let lines = state.to_carry(&of(12));
        let refused = official.act(on(11), Payload::CarryWork(lines), days(50)).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NotAssessed);
        carry(&mut official, 12, days(50)).unwrap();
        official.act(on(12), own_marks(), days(50)).unwrap();
    }
}

/// Days that are corrected after the next card was scored hold nothing up there, and gain nothing: the card after asks.
#[test]
fn what_moves_behind_the_cut_off_too_late_waits_for_the_card_after() {
    let (mut server, [mut official, mut head, _], given) = left_behind(1);
    let line = LineId::new(given[0], 0);
    let finished = |on| Payload::ReportProgress { line, progress: Progress { finished: on, ..done("0") } };
    official.act(card(5), finished(day("2026-10-18")), days(3)).unwrap();
    official.act(on(11), own_marks(), days(20)).unwrap();
    official.act(card(5), finished(None), days(21)).unwrap();
    official.sync(&mut server, days(21));
    assert_eq!(stage(&server, 11), Stage::SelfScored);
    head.sync(&mut server, days(22));
    let marks = confirming_on(&head, &of(11), appraisal("II.1", "2", "Cần học thêm"));
    head.act(on(11), Payload::Appraise(APPRAISE, marks), days(22)).unwrap();
    assert_eq!(head.replica.view().owed(&of(12), person(4)), 1);
    official.sync(&mut server, days(50));
    waits(&official.act(on(12), own_marks(), days(50)).unwrap_err(), 1);
}

/// A line of two versions holds nothing up: somebody chooses first.
#[test]
fn a_line_between_two_versions_is_not_waited_for() {
    let (mut server, [mut official, ..], given) = left_behind(1);
    let mut other = Device::new(person(5), 55);
    other.sync(&mut server, days(3));
    let report = |done_of| Payload::ReportProgress { line: LineId::new(given[0], 0), progress: done(done_of) };
    for (tablet, amount) in [(&mut official, "1"), (&mut other, "2")] {
        let Payload::ReportProgress { line, progress } = report(amount) else { panic!() };
        let progress = Progress { finished: day("2026-10-24"), ..progress };
        tablet.act(card(5), Payload::ReportProgress { line, progress }, days(4)).unwrap();
        tablet.sync(&mut server, days(4));
    }
    official.sync(&mut server, days(5));
    assert_eq!(official.replica.view().owed(&of(11), person(5)), 0);
    official.act(on(11), own_marks(), days(20)).unwrap();
}

/// A new tablet has the finished month in short. What its head took off there is not asked for once more.
#[test]
fn a_card_in_short_remembers_what_was_carried() {
    for taken_off in [false, true] {
        let (mut server, [mut official, mut head, mut chair], _) = left_behind(2);
        let carried = carry(&mut official, 11, days(13)).unwrap();
        official.sync(&mut server, days(13));
        head.sync(&mut server, days(14));
        if taken_off {
            let removal = Payload::RemoveLine { line: LineId::new(carried, 0), reason: "Thôi".to_owned() };
            head.act(on(11), removal, days(14)).unwrap();
            head.sync(&mut server, days(14));
        }
        official.sync(&mut server, days(15));
        official.act(on(11), own_marks(), days(31)).unwrap();
        official.sync(&mut server, days(31));
        head.sync(&mut server, days(31));
        let marks = confirming_on(&head, &of(11), appraisal("II.1", "2", "Cần học thêm"));
        head.act(on(11), Payload::Appraise(APPRAISE, marks), days(31)).unwrap();
        head.sync(&mut server, days(31));
        chair.sync(&mut server, days(32));
        let approval = chair.replica.view().approval(&of(11)).unwrap();
        let class = approval.class.clone();
        chair.act(on(11), Payload::Approve(APPROVE, approval), days(32)).unwrap();
        let public = Payload::Publish(shared::op::Publication { class, document: None });
        chair.act(on(11), public, days(32)).unwrap();
        chair.sync(&mut server, days(32));
        assert_eq!(stage(&server, 11), Stage::Published);
        let mut new = Device::new(person(5), 56);
        new.sync(&mut server, days(43));
        assert_eq!(new.replica.is_compacted(&of(11)), !taken_off);
        assert_eq!(new.replica.view().owed(&of(12), person(5)), 0, "{taken_off}");
        new.act(on(12), own_marks(), days(50)).unwrap();
        new.sync(&mut server, days(50));
        assert_eq!(stage(&server, 12), Stage::SelfScored);
    }
}
