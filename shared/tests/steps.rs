//! Tests of the steps of a card as they stand: what is done, what is open, for whom.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

mod common;

use common::*;
use shared::op::{Absence, Payload};
use shared::state::{CardStep, State, StepStatus};
use shared::time::Day;
use shared::work::AbsenceCause;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Each step as `id`, one letter for how far it is (done, skipped, open, waiting), and the numbers of who may do it.
fn steps_on(state: &State, n: u8, day: Day) -> String {
    let one = |step: CardStep| {
        let status = match step.status {
            StepStatus::Done(_) => 'd',
            StepStatus::Skipped => 's',
            StepStatus::Open => 'o',
            StepStatus::Waiting => 'w',
        };
        let who: Vec<String> =
            (1..=7_u8).filter(|other| step.actors.contains(&person(*other))).map(|other| other.to_string()).collect();
        format!("{}:{status}:{}", step.step.id, who.join("+"))
    };
    state.steps_of(person(n), &key(n), day).into_iter().map(one).collect::<Vec<_>>().join(" ")
}

/// The same before the month may be decided.
fn steps(state: &State, n: u8) -> String {
    steps_on(state, n, day("2026-10-10"))
}

/// Đ.10(1), Đ.17(2) of Decree 335/2025: the head of the unit scores, the head of the agency confirms.
#[test]
fn a_month_goes_from_step_to_step() {
    let mut server = founded();
    let [mut official, mut head, mut chair] = official_head_chair();
    official.sync(&mut server, at(1));
    let now = |server: &Server| steps(server.log_state.state(), 5);
    assert_eq!(now(&server), "assign:o:4+5 report:o:5 self_score:o:5 appraise:w:4 approve:w:2 publish:w:7");
    // From the day of decisions on nobody waits for a self-score.
    let late = steps_on(server.log_state.state(), 5, day("2026-10-20"));
    assert_eq!(late, "assign:o:4+5 report:o:5 self_score:o:5 appraise:o:4 approve:w:2 publish:w:7");
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    assert_eq!(now(&server), "assign:d:4+5 report:d:5 self_score:d:5 appraise:o:4 approve:w:2 publish:w:7");
    head.sync(&mut server, at(41));
    let score = confirming(&head, 5, agreed());
    head.act(card(5), Payload::Appraise(APPRAISE, score), at(50)).unwrap();
    head.sync(&mut server, at(51));
    assert_eq!(now(&server), "assign:d:4+5 report:d:5 self_score:d:5 appraise:d:4 approve:o:2 publish:w:7");
    chair.sync(&mut server, at(60));
    let seen = server.log_state.state().approval(&key(5)).unwrap();
    let class = seen.class.clone();
    chair.act(card(5), Payload::Approve(APPROVE, seen), at(61)).unwrap();
    chair.sync(&mut server, at(62));
    // Who scored, and when, is known to the superiors at once and to the person once it is published.
    let appraised = |server: &Server, reader: u8| {
        let steps = server.log_state.state().steps_of(person(reader), &key(5), day("2026-10-20"));
        steps.into_iter().find(|step| step.step.id == "appraise").unwrap().status
    };
    let known = StepStatus::Done(Some((person(4), at(50).day())));
    assert_eq!((appraised(&server, 2), appraised(&server, 5)), (known, StepStatus::Done(None)));
    chair.act(card(5), publication(&class), at(63)).unwrap();
    chair.sync(&mut server, at(64));
    assert_eq!(now(&server), "assign:d:4+5 report:d:5 self_score:d:5 appraise:d:4 approve:d:2 publish:d:7");
    assert_eq!(appraised(&server, 5), known);
}

/// A head is scored from above; nobody is above the head of the province.
#[test]
fn the_steps_of_heads_are_done_above_them() {
    let server = founded();
    let state = server.log_state.state();
    assert_eq!(steps(state, 4), "assign:o:2+4 report:o:4 self_score:o:4 appraise:w:2 approve:w:2 publish:w:7");
    assert_eq!(steps(state, 2), "assign:o:1+2 report:o:2 self_score:o:2 appraise:w:1 approve:w:1 publish:w:7");
    assert_eq!(steps(state, 1), "assign:o:1 report:o:1 self_score:o:1 appraise:w: approve:w: publish:w:");
    let above = |n: u8, id: &str| {
        let steps = state.steps_of(person(n), &key(n), day("2026-10-10"));
        steps.into_iter().find(|step| step.step.id == id).unwrap().above
    };
    assert!(above(4, "appraise") && !above(5, "appraise") && !above(4, "approve") && above(2, "approve"));
}

#[test]
fn a_decision_opens_on_its_day() {
    let server = founded();
    let state = server.log_state.state();
    let opens = |day| {
        let steps = state.steps_of(person(5), &key(5), day);
        steps.into_iter().find(|step| step.step.id == "approve").unwrap().opens
    };
    assert_eq!(opens(day("2026-10-19")), Some(day("2026-10-20")));
    assert_eq!(opens(day("2026-10-20")), None);
}

/// A self-score that two devices submitted waits for a choice; a superior who scored without one skipped it.
#[test]
fn a_contested_step_is_open_and_a_missing_one_skipped() {
    let mut server = founded();
    let [mut official, mut head, _] = official_head_chair();
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    let mut second = Device::new(person(5), 77);
    second.sync(&mut server, at(2));
    second.act(card(5), Payload::SubmitSelfScore(self_score()), at(3)).unwrap();
    second.sync(&mut server, at(4));
    official.sync(&mut server, at(40));
    let contested = steps(server.log_state.state(), 5);
    assert!(contested.contains("self_score:o:5 appraise:w:4"), "{contested}");

    let mut server = founded();
    head.sync(&mut server, at(1));
    let mut score = agreed();
    score.marks.values_mut().for_each(|mark| mark.reason = "Người này không tự chấm".to_owned());
    head.act(card(6), Payload::Appraise(APPRAISE, score), at(2)).unwrap();
    head.sync(&mut server, at(3));
    let skipped = steps(server.log_state.state(), 6);
    assert!(skipped.contains("self_score:s:6 appraise:d:4 approve:o:2"), "{skipped}");
}

#[test]
fn who_is_not_assessed_has_no_steps() {
    let mut server = founded();
    let [_, mut head, _] = official_head_chair();
    head.sync(&mut server, at(1));
    let absence = Absence { cause: AbsenceCause::Maternity, note: "QĐ 7".to_owned() };
    head.act(card(5), Payload::RecordAbsence(absence), at(2)).unwrap();
    head.sync(&mut server, at(3));
    assert_eq!(steps(server.log_state.state(), 5), "");
}
