//! Tests of who may know what of a result, and when, and of the comparison of both sides of a card.
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
use shared::ids::PersonId;
use shared::num::Exact;
use shared::op::{Absence, Approval, Payload, Register};
use shared::report::{person_years, side_by_side, unit_month};
use shared::state::State;
use shared::sync::Attention;
use shared::work::AbsenceCause;

/// Takes a card through its stages; after each one `look` gets the name of the stage and the state.
fn played(mut look: impl FnMut(&str, &State)) -> Server {
    let mut server = founded();
    let [mut official, mut head, mut chair] = official_head_chair();
    official.sync(&mut server, at(1));
    let line = work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    look("self-scored", server.log_state.state());
    head.sync(&mut server, at(41));
    let mut score = confirming(&head, 5, appraisal("II.1", "2", "Cần học thêm nghiệp vụ"));
    let review = score.lines.get_mut(&line).unwrap();
    review.completed = number("2");
    review.reason = "Nghiệm thu hai phần".to_owned();
    score.comment = "Cần đúng hạn hơn".to_owned();
    head.act(card(5), Payload::Appraise(APPRAISE, score), at(50)).unwrap();
    head.sync(&mut server, at(51));
    look("appraised", server.log_state.state());
    chair.sync(&mut server, at(60));
    let seen = server.log_state.state().approval(&key(5)).unwrap();
    let class = seen.class.clone();
    let decision = Approval { comment: "Theo biên bản họp ngày 25/10".to_owned(), ..seen };
    chair.act(card(5), Payload::Approve(APPROVE, decision), at(61)).unwrap();
    chair.sync(&mut server, at(62));
    look("approved", server.log_state.state());
    chair.act(card(5), publication(&class), at(63)).unwrap();
    chair.sync(&mut server, at(64));
    look("published", server.log_state.state());
    server
}

/// Đ.17(3) of Decree 335/2025: the person is notified of the result once it is there, and not while it can still
/// change.
#[test]
fn a5_row_09_an_appraisal_is_the_superiors_until_it_is_published() {
    // 5 is scored, 4 is the head, 2 the chairman, 7 keeps the records, 6 is a colleague.
    let published = |step: &str| step == "published";
    played(|step, state| {
        let scored = step != "self-scored";
        for (reader, superior) in [(5, false), (4, true), (2, true), (7, true)] {
            let known = state.result_for(person(reader), &key(5));
            let knows = scored && (superior || published(step));
            assert!(known.own.is_some(), "{reader} reads the self-score at {step}");
            assert_eq!(known.found.is_some(), knows, "{reader} at {step}");
            let decided = knows && matches!(step, "approved" | "published");
            assert_eq!(known.decided.is_some(), decided, "{reader} at {step}");
            assert_eq!(known.withheld, scored && !superior && !published(step), "{reader} at {step}");
            assert_eq!(state.may_know(person(reader), &key(5), Side::Appraised), superior || published(step));
        }
        let colleague = state.result_for(person(6), &key(5));
        assert!(colleague.own.is_none() && colleague.found.is_none() && colleague.decided.is_none(), "{step}");
        let office = state.result_for(PersonId::SYSTEM, &key(5));
        assert_eq!(office.found.is_some(), scored, "{step}");
    });
}

#[test]
fn a5_row_09_the_year_and_the_units_month_show_no_more_than_may_be_known() {
    played(|step, state| {
        let month = |reader: u8| person_years(state, person(reader), person(5), 2026).remove(0).periods[9].clone();
        let known = step == "published";
        assert_eq!((month(5).result.is_some(), month(5).decided), (known, known), "the person at {step}");
        assert_eq!(month(4).result.is_some(), step != "self-scored", "the head at {step}");
        assert_eq!(month(4).decided, matches!(step, "approved" | "published"), "“not decided yet” is said at {step}");
        let longer = person_years(state, person(5), person(5), 2026).remove(0).longer;
        assert!(longer.iter().any(|one| one.outcome.as_ref().is_some_and(|made| made.total.is_some())) == known);
        // A head sees the own row of the unit's month as everybody does. Here the official reads it.
        let rows = unit_month(state, unit(3), OCTOBER, person(5)).rows;
        assert_eq!(rows.len(), 1, "only the own card is read");
        assert_eq!((rows[0].appraised.is_some(), rows[0].approved.is_some()), (known, known), "{step}");
    });
}

/// The second case of this kind: a head who looks at the own unit also finds the own card there.
#[test]
fn a5_a_heads_own_row_waits_for_publication() {
    let mut server = founded();
    let mut head = Device::new(person(4), 4);
    let mut chair = Device::new(person(2), 2);
    head.sync(&mut server, at(1));
    let parts = ["unit", "organising", "cohesion"]
        .map(|part| (part.to_owned(), shared::op::Mark { value: number("1"), reason: String::new() }));
    let own = shared::op::SelfScore { leadership: parts.clone().into_iter().collect(), ..self_score() };
    // Removes everybody for whose result a head would wait.
    for n in [5, 6, 7] {
        let away = Absence { cause: AbsenceCause::Study, note: String::new() };
        head.act(card(n), Payload::RecordAbsence(away), at(2)).unwrap();
    }
    head.act(card(4), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), at(2)).unwrap();
    head.act(card(4), Payload::SubmitSelfScore(own), at(3)).unwrap();
    head.sync(&mut server, at(4));
    chair.sync(&mut server, at(5));
    let mut score = confirming(&chair, 4, appraisal("II.1", "2", "Cần học thêm nghiệp vụ"));
    score.leadership = parts.into_iter().collect();
    chair.act(card(4), Payload::Appraise(APPRAISE, score), at(6)).unwrap();
    chair.sync(&mut server, at(7));
    head.sync(&mut server, at(8));
    let row = |reader: u8| {
        let month = unit_month(head.replica.view(), unit(3), OCTOBER, person(reader));
        month.rows.into_iter().find(|row| row.card.is_of(person(4))).unwrap()
    };
    assert!(row(4).appraised.is_none() && row(4).withheld);
    assert!(row(2).appraised.is_some() && !row(2).withheld);
    let csv = unit_month(head.replica.view(), unit(3), OCTOBER, person(4)).to_csv(shared::pack::Language::Vi);
    let own = csv.lines().find(|line| line.starts_with("Người Thử 4")).unwrap();
    let cells: Vec<&str> = own.split(';').collect();
    assert_eq!((cells[10], cells[12]), ("", ""), "nor does the file say it: {own}");
}

#[test]
fn a5_what_superiors_disagree_on_is_not_shown_to_the_person() {
    let mut server = founded();
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    let (mut first, mut second) = (Device::new(person(4), 41), Device::new(person(4), 42));
    for (device, value) in [(&mut first, "2"), (&mut second, "1")] {
        device.sync(&mut server, at(41));
        device.act(card(5), Payload::Appraise(APPRAISE, appraisal("II.1", value, "Theo hồ sơ")), at(50)).unwrap();
    }
    for device in [&mut first, &mut second, &mut official] {
        device.sync(&mut server, at(51));
    }
    assert!(server.log_state.state().card(&key(5)).unwrap().is_contested(&Register::Appraisal(APPRAISE)));
    let contested = |device: &Device| {
        device.replica.attention().iter().filter(|matter| matches!(matter, Attention::Contested { .. })).count()
    };
    first.sync(&mut server, at(52));
    assert_eq!((contested(&official), contested(&first)), (0, 1));
}

#[test]
fn a5_both_sides_stand_beside_each_other_with_reasons_and_the_decision() {
    let server = played(|step, state| {
        let own = side_by_side(state, person(5), &key(5)).unwrap();
        let head = side_by_side(state, person(4), &key(5)).unwrap();
        let mark =
            |code: &str, of: &shared::report::Beside| of.criteria.iter().find(|row| row.code == code).unwrap().clone();
        assert!(mark("II.1", &own).own.is_some());
        assert_eq!(mark("II.1", &own).found.is_some(), step == "published", "{step}");
        assert_eq!(own.lines[0].found.is_some(), step == "published", "{step}");
        assert_eq!(own.comment.is_empty(), step != "published", "{step}");
        assert_eq!(head.differences(), if step == "self-scored" { 0 } else { 2 }, "a mark and a line: {step}");
        assert!(side_by_side(state, person(6), &key(5)).is_none(), "a colleague sees nothing");
    });
    let beside = side_by_side(server.log_state.state(), person(5), &key(5)).unwrap();
    let row = beside.criteria.iter().find(|row| row.code == "II.1").unwrap();
    assert!(row.differs());
    assert_eq!(row.found.as_ref().unwrap().reason, "Cần học thêm nghiệp vụ");
    let line = &beside.lines[0];
    assert_eq!(line.found.as_ref().unwrap().reason, "Nghiệm thu hai phần");
    assert!(line.by_self && line.plan.coefficient == number("2"), "free work with a coefficient of the person's own");
    assert_eq!(line.share, Some(Exact::one()));
    assert_eq!(beside.comment, "Cần đúng hạn hơn");
    assert_eq!(beside.found_by.unwrap().0, person(4));
    let decided = beside.known.decided.unwrap();
    assert_eq!((decided.by, decided.published), (person(2), true));
    assert_eq!(decided.comment, "Theo biên bản họp ngày 25/10");
    assert_eq!(Some(&decided.result), beside.known.found.as_ref());
}
