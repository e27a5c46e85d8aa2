//! A head's own result rests on the people led: their results as they are known, signed with the decision (issue 14,
//! B5).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use std::collections::BTreeMap;

use common::*;
use shared::card::Side;
use shared::ids::{LineId, PersonId};
use shared::op::{
    Appraisal, Approval, FactValue, Led, LineReview, Mark, Payload, Refusal, RefusalCode, SelfScore, Stage, Target,
};
use shared::org::Rank;
use shared::sorted_map::Map;
use shared::state::State;

/// The whole commune. Everybody's device syncs before and after every act.
struct Commune {
    server: Server,
    devices: BTreeMap<u8, Device>,
    minute: u64,
}

impl Commune {
    fn new() -> Self {
        let devices = (1..=7).map(|n| (n, Device::new(person(n), n))).collect();
        Self { server: founded(), devices, minute: 5 }
    }

    fn act(&mut self, by: u8, n: u8, payload: Payload) -> Result<shared::ids::OpId, Refusal> {
        self.minute += 1;
        let device = self.devices.get_mut(&by).unwrap();
        device.sync(&mut self.server, at(self.minute));
        let done = device.act(card(n), payload, at(self.minute))?;
        device.sync(&mut self.server, at(self.minute));
        let verdict = self.server.receipts[&done].decode().unwrap().verdict;
        assert!(verdict.counts(), "{verdict:?}");
        Ok(done)
    }

    /// A month of `n`, assigned and appraised by `head`, with the given part of one piece of ten done.
    fn score(&mut self, head: u8, n: u8, done_of_ten: &str) {
        let line = LineId::new(self.act(head, n, Payload::AssignWork(vec![new_line("A", "1", "10")])).unwrap(), 0);
        self.act(n, n, Payload::ReportProgress { line, progress: done(done_of_ten) }).unwrap();
        let shares = self.shares(n);
        self.act(n, n, Payload::SubmitSelfScore(SelfScore { leadership: shares, ..self_score() })).unwrap();
        self.appraise(head, n, &[]).unwrap();
    }

    fn appraise(&mut self, head: u8, n: u8, facts: &[(&str, FactValue)]) -> Result<(), Refusal> {
        let appraisal = Appraisal { leadership: self.shares(n), facts: named(facts), ..agreed() };
        self.act(head, n, Payload::Appraise(APPRAISE, appraisal)).map(drop)
    }

    /// The marks of a leader who claims the highest of every part.
    fn shares(&self, n: u8) -> Map<String, Mark> {
        let leads = self.state().role(&key(n)) != Some("staff");
        let parts = ["unit", "organising", "cohesion"]
            .map(|id| (id.to_owned(), Mark { value: number("1"), ..Mark::default() }));
        parts.into_iter().filter(|_| leads).collect()
    }

    fn state(&self) -> &State {
        self.server.log_state.state()
    }

    fn total(&self, n: u8) -> Option<String> {
        let outcome = self.state().outcome(&key(n), Side::Appraised).unwrap().unwrap();
        outcome.total.map(|total| total.exact.to_string())
    }

    /// The decision by what the device of `by` shows.
    fn approval(&self, by: u8, n: u8) -> Approval {
        let seen = self.devices[&by].replica.view();
        let outcome = seen.outcome(&key(n), Side::Appraised).unwrap().unwrap();
        Approval {
            total: outcome.total.map(|total| total.exact).unwrap_or_default(),
            class: outcome.class.map(|class| class.code).unwrap_or_default(),
            comment: String::new(),
            standing: seen.seat(&key(n)).unwrap().standing(),
            led: seen.led(&key(n)),
        }
    }

    fn approve(&mut self, by: u8, n: u8) -> Result<(), Refusal> {
        let now = at(self.minute);
        self.devices.get_mut(&by).unwrap().sync(&mut self.server, now);
        let approval = self.approval(by, n);
        self.act(by, n, Payload::Approve(APPROVE, approval)).map(drop)
    }

    fn led(&self, n: u8) -> Vec<(PersonId, String)> {
        let total = |led: &Led| led.total.as_ref().map(ToString::to_string).unwrap_or_default();
        self.state().led(&key(n)).iter().map(|led| (led.person, total(led))).collect()
    }
}

/// Đ.15(3)a: "Trường hợp 100% công chức thuộc thẩm quyền quản lý có điểm … hoàn thành nhiệm vụ trở lên". While somebody
/// has no result, the head has none, whatever is stated, and there is nothing to decide on.
#[test]
fn b5_a_heads_part_follows_from_everyone_led_and_waits_for_them() {
    let mut room = Commune::new();
    room.score(4, 5, "10");
    room.score(4, 6, "10");
    room.score(2, 4, "10");
    assert_eq!(room.led(4), [(person(5), "100".to_owned()), (person(6), "100".to_owned()), (person(7), String::new())]);
    assert_eq!(room.total(4), None, "stated as whole, and two of three known");
    let refused = room.approve(2, 4).unwrap_err();
    assert_eq!(
        (refused.code, refused.field.as_str(), refused.found.to_string().as_str()),
        (RefusalCode::Missing, "total", "Người Thử 7")
    );
    room.score(4, 7, "10");
    assert_eq!(room.total(4).as_deref(), Some("100"), "everyone reached it");
    room.appraise(4, 7, &[]).unwrap();
    room.act(4, 7, Payload::ReturnCard { to: Stage::Working, reason: "Xem lại".to_owned() }).unwrap();
    assert_eq!(room.total(4), None, "and waits again");
}

/// Đ.15(3)a, 50 %: somebody led is below "completed", whether led directly or not.
#[test]
fn b5_someone_below_completed_halves_the_part_of_every_head_above() {
    let mut room = Commune::new();
    for (n, done) in [(5, "10"), (6, "10"), (7, "0")] {
        room.score(4, n, done);
    }
    assert_eq!(room.led(4).first().unwrap(), &(person(7), "30".to_owned()));
    room.score(2, 4, "10");
    room.score(2, 3, "10");
    room.score(1, 2, "10");
    // d = 1/2: 30 + 70 · (5 + 1/2) / 6.
    assert_eq!(room.total(4).as_deref(), Some("565/6"));
    assert_eq!(room.led(2).len(), 5, "the deputy, the head of the office, and those the head leads");
    assert_eq!(room.total(2).as_deref(), Some("565/6"), "the chairman leads the specialist, too");
    assert_eq!(room.total(3).as_deref(), Some("100"), "what a deputy is in charge of is recorded nowhere: as stated");
    let input = room.state().input(&key(2), Side::Appraised).unwrap();
    assert_eq!(input.leadership.keys().collect::<Vec<_>>(), ["cohesion", "organising"]);
    assert_eq!(input.subordinates.len(), 5);
}

/// Support staff are not civil servants (Đ.28(2)): their result does not affect their head.
#[test]
fn b5_support_staff_are_not_among_the_civil_servants_led() {
    let mut room = Commune::new();
    let mut clerk = Device::new(PersonId::SYSTEM, 96);
    clerk.sync(&mut room.server, at(1));
    let mut post = room.state().org.posts().find(|post| post.person == person(7)).unwrap().clone();
    post.rank = Rank::Support;
    clerk.act(Target::Org, Payload::PutPost(post), at(1)).unwrap();
    clerk.sync(&mut room.server, at(1));
    let led: Vec<PersonId> = room.led(4).into_iter().map(|(person, _)| person).collect();
    assert_eq!(led, [person(5), person(6)]);
}

/// The head's people and the head are scored, and the chairman's device knows it.
fn all_scored() -> Commune {
    let mut room = Commune::new();
    for n in [5, 6, 7] {
        room.score(4, n, "10");
    }
    room.score(2, 4, "10");
    let now = at(room.minute);
    room.devices.get_mut(&2).unwrap().sync(&mut room.server, now);
    room
}

/// The decision names the results on which it rests. Later acts on the cards of those led do not change it, and nobody
/// can sign results of others that give another number.
#[test]
fn b5_a_decision_names_the_results_of_the_people_led() {
    let mut room = all_scored();
    let honest = room.approval(2, 4);
    assert_eq!(honest.led.len(), 3);
    let lower = |led: &[Led]| led.iter().map(|led| Led { total: Some(number("30")), ..led.clone() }).collect();
    for led in [Vec::new(), lower(&honest.led)] {
        let refused = room.act(2, 4, Payload::Approve(APPROVE, Approval { led, ..honest.clone() })).unwrap_err();
        assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::ResultDiffers, "led"));
    }
    room.approve(2, 4).unwrap();
    let before = room.state().input(&key(4), Side::Appraised).unwrap();
    assert_eq!(before.subordinates.len(), 3);
    room.act(4, 5, Payload::ReturnCard { to: Stage::Working, reason: "Xem lại".to_owned() }).unwrap();
    assert_eq!(room.state().input(&key(4), Side::Appraised).unwrap(), before);
    assert_eq!(room.total(4).as_deref(), Some("100"), "as decided");
}

/// A server restored from before the results of those led holds the decision until they arrive, and then judges it as
/// usual.
#[test]
fn b5_an_office_that_lacks_a_result_holds_the_decision_on_the_head() {
    let mut room = Commune::new();
    for n in [5, 6] {
        room.score(4, n, "10");
    }
    room.score(2, 4, "10");
    let mut restored = room.server.copied();
    room.score(4, 7, "10");
    room.approve(2, 4).unwrap();
    let now = at(room.minute + 1);
    let contact = |room: &mut Commune, restored: &mut Server, n: u8| {
        for _ in 0..3 {
            room.devices.get_mut(&n).unwrap().contact(restored, now);
        }
    };
    contact(&mut room, &mut restored, 2);
    assert_eq!(restored.log_state.state().card(&key(4)).unwrap().stage(), Stage::Appraised, "held, and not in the log");
    for n in [4, 7, 4, 2] {
        contact(&mut room, &mut restored, n);
    }
    assert_eq!(restored.log_state.state().card(&key(4)).unwrap().stage(), Stage::Approved);
    assert!(restored.receipts.values().all(|receipt| receipt.decode().unwrap().verdict.counts()));
}

/// Two devices that know different results of those led compute different numbers. The decision is held, and names
/// both.
#[test]
fn b5_a_decision_on_results_that_changed_meanwhile_is_held() {
    let mut room = all_scored();
    let seen = room.approval(2, 4);
    // Meanwhile the head finds that none of the work was good.
    let line = room.state().card(&key(5)).unwrap().lines()[0].id;
    let review = LineReview { reason: "Không đạt".to_owned(), ..LineReview::default() };
    let worse = Appraisal { lines: [(line, review)].into(), ..agreed() };
    room.act(4, 5, Payload::Appraise(APPRAISE, worse)).unwrap();
    let chair = room.devices.get_mut(&2).unwrap();
    let done = chair.act(card(4), Payload::Approve(APPROVE, seen), at(90)).unwrap();
    chair.sync(&mut room.server, at(91));
    let verdict = room.server.receipts[&done].decode().unwrap().verdict;
    let refusal = verdict.refusal().unwrap().clone();
    assert!(matches!(verdict, shared::op::Verdict::Held(_)), "{verdict:?}");
    assert_eq!((refusal.found.to_string().as_str(), refusal.allowed.to_string().as_str()), ("100 HTXS", "565/6 HTXS"));
}

/// Đ.20(6): "Mức xếp loại chất lượng của người đứng đầu tổ chức không cao hơn mức xếp loại chất lượng của tổ chức đó."
#[test]
fn b5_the_class_of_the_unit_led_is_stated_by_the_superior_and_limits_the_head() {
    let mut server = founded();
    let (mut head, mut chair) = (Device::new(person(4), 4), Device::new(person(2), 2));
    head.sync(&mut server, at(1));
    chair.sync(&mut server, at(1));
    let op = chair.act(card(4), Payload::AssignWork(vec![new_line("A", "1", "1")]), at(2)).unwrap();
    chair.sync(&mut server, at(2));
    head.sync(&mut server, at(3));
    let line = LineId::new(op, 0);
    head.act(card(4), Payload::ReportProgress { line, progress: done("1") }, at(3)).unwrap();
    let shares: Map<String, _> = ["unit", "organising", "cohesion"]
        .map(|id| (id.to_owned(), Mark { value: number("1"), reason: String::new() }))
        .into();
    let own = SelfScore { leadership: shares.clone(), ..self_score() };
    head.act(card(4), Payload::SubmitSelfScore(own), at(4)).unwrap();
    head.sync(&mut server, at(5));
    chair.sync(&mut server, at(6));
    let stated = |class: &str| {
        let facts = named(&[("unit_class", FactValue::Class(class.to_owned()))]);
        Payload::Appraise(APPRAISE, Appraisal { leadership: shares.clone(), facts, ..agreed() })
    };
    let refused = chair.act(card(4), stated("TỐT"), at(7)).unwrap_err();
    assert_eq!(
        (refused.field.as_str(), refused.allowed.to_string().as_str()),
        ("facts.unit_class", "HTXS, HTT, HTNV, KHT")
    );
    chair.act(card(4), stated("HTNV"), at(8)).unwrap();
    let input = chair.replica.view().input(&key(4), Side::Appraised).unwrap();
    assert_eq!(input.facts["unit_class"], shared::score::Fact::Class("HTNV".to_owned()));
}
