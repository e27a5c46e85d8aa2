//! Tests of the steps of a card as they stand: what is done, what is open, for whom.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

mod common;

use common::*;
use shared::op::Payload;
use shared::state::{State, StepStatus};

/// Each step as `id`, one letter for how far it is (done, open, waiting), and the numbers of who may do it.
fn steps(state: &State, n: u8) -> String {
    let one = |step: shared::state::CardStep| {
        let status = match step.status {
            StepStatus::Done(_) => 'd',
            StepStatus::Open => 'o',
            StepStatus::Waiting => 'w',
        };
        let who: Vec<String> =
            (1..=7_u8).filter(|other| step.actors.contains(&person(*other))).map(|other| other.to_string()).collect();
        format!("{}:{status}:{}", step.step.id, who.join("+"))
    };
    state.steps_of(&key(n)).into_iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Đ.10(1), Đ.17(2) of Decree 335/2025: the head of the unit scores, the head of the agency confirms.
#[test]
fn a_month_goes_from_step_to_step() {
    let mut server = founded();
    let [mut official, mut head, mut chair] = official_head_chair();
    official.sync(&mut server, at(1));
    let now = |server: &Server| steps(server.log_state.state(), 5);
    assert_eq!(now(&server), "assign:o:4 report:o:5 self_score:o:5 appraise:w:4 approve:w:2 publish:w:7");
    work_a_month(&mut official, 5);
    assert_eq!(now(&server), "assign:o:4 report:o:5 self_score:o:5 appraise:w:4 approve:w:2 publish:w:7");
    official.sync(&mut server, at(40));
    assert_eq!(now(&server), "assign:d:4 report:d:5 self_score:d:5 appraise:o:4 approve:w:2 publish:w:7");
    head.sync(&mut server, at(41));
    let score = confirming(&head, 5, agreed());
    head.act(card(5), Payload::Appraise(score), at(50)).unwrap();
    head.sync(&mut server, at(51));
    assert_eq!(now(&server), "assign:d:4 report:d:5 self_score:d:5 appraise:d:4 approve:o:2 publish:w:7");
    let done = server.log_state.state().steps_of(&key(5)).into_iter().find(|step| step.step.id == "appraise").unwrap();
    assert_eq!(done.status, StepStatus::Done(Some((person(4), at(50).day()))));
    chair.sync(&mut server, at(60));
    let seen = server.log_state.state().approval(&key(5)).unwrap();
    let class = seen.class.clone();
    chair.act(card(5), Payload::Approve(seen), at(61)).unwrap();
    chair.act(card(5), publication(&class), at(62)).unwrap();
    chair.sync(&mut server, at(63));
    assert_eq!(now(&server), "assign:d:4 report:d:5 self_score:d:5 appraise:d:4 approve:d:2 publish:d:7");
}

/// A head is scored from above; nobody is above the head of the province.
#[test]
fn the_steps_of_heads_are_done_above_them() {
    let server = founded();
    let state = server.log_state.state();
    assert_eq!(steps(state, 4), "assign:o:2 report:o:4 self_score:o:4 appraise:w:2 approve:w:2 publish:w:7");
    assert_eq!(steps(state, 2), "assign:o:1 report:o:2 self_score:o:2 appraise:w:1 approve:w:1 publish:w:7");
    assert_eq!(steps(state, 1), "assign:o: report:o:1 self_score:o:1 appraise:w: approve:w: publish:w:");
}
