//! Nobody raises the own result: what speaks for the person counts as the superior confirmed it (issue 14, B2 to B4).
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
use shared::fixture::adoption;
use shared::ids::{LineId, PersonId, WorkListId};
use shared::op::{
    Appraisal, FactValue, LineReview, NewLine, Payload, PlanReview, Progress, Refusal, RefusalCode, Register,
    SelfScore, Target,
};
use shared::pack::PackAdoption;
use shared::state::State;
use shared::time::Day;
use shared::work::{Adoption, Cause, Product};

/// One office with an official and the head above. Both sync before every act.
struct Room {
    server: Server,
    official: Device,
    head: Device,
    minute: u64,
}

impl Room {
    fn new() -> Self {
        let [official, head, _] = official_head_chair();
        Self { server: founded(), official, head, minute: 5 }
    }

    fn act(&mut self, by_head: bool, payload: Payload) -> Result<shared::ids::OpId, Refusal> {
        self.minute += 1;
        let device = if by_head { &mut self.head } else { &mut self.official };
        device.sync(&mut self.server, at(self.minute));
        let done = device.act(card(5), payload, at(self.minute))?;
        device.sync(&mut self.server, at(self.minute));
        let receipt = self.server.receipts[&done].decode().unwrap();
        assert!(receipt.verdict.counts(), "{:?}", receipt.verdict);
        Ok(done)
    }

    fn official(&mut self, payload: Payload) -> Result<shared::ids::OpId, Refusal> {
        self.act(false, payload)
    }

    fn head(&mut self, payload: Payload) -> Result<shared::ids::OpId, Refusal> {
        self.act(true, payload)
    }

    /// Work put on the card, by the head or by the official.
    fn put(&mut self, by_head: bool, line: NewLine) -> LineId {
        LineId::new(self.act(by_head, Payload::AssignWork(vec![line])).unwrap(), 0)
    }

    fn report(&mut self, line: LineId, progress: Progress) {
        self.official(Payload::ReportProgress { line, progress }).unwrap();
    }

    fn submit(&mut self, facts: &[(&str, FactValue)]) {
        self.official(Payload::SubmitSelfScore(SelfScore { facts: named(facts), ..self_score() })).unwrap();
    }

    fn appraise(&mut self, appraisal: Appraisal) -> Result<(), Refusal> {
        self.head(Payload::Appraise(APPRAISE, appraisal)).map(drop)
    }

    fn state(&self) -> &State {
        self.server.log_state.state()
    }

    /// Total and class as one side sees them.
    fn result(&self, side: Side) -> (String, String) {
        let outcome = self.state().outcome(&key(5), side).unwrap().unwrap();
        let class = outcome.class.map(|class| class.code).unwrap_or_default();
        (outcome.total.map(|total| total.exact.to_string()).unwrap_or_default(), class)
    }

    fn appraised(&self) -> (String, String) {
        self.result(Side::Appraised)
    }
}

fn pair(total: &str, class: &str) -> (String, String) {
    (total.to_owned(), class.to_owned())
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

const YES: FactValue = FactValue::Flag(true);
const NO: FactValue = FactValue::Flag(false);

/// Đ.11(3)c and Đ.20(4)c: the person does not decide who was disciplined, and whether the fault belongs to the old
/// unit.
#[test]
fn b2_an_excuse_counts_only_when_the_superior_confirms_it() {
    let mut room = Room::new();
    let line = room.put(true, new_line("A", "1", "4"));
    room.report(line, done("4"));
    room.submit(&[("fault_at_old_unit", YES)]);
    let stated = |facts: &[(&str, FactValue)]| Appraisal { facts: named(facts), ..agreed() };
    room.appraise(stated(&[("disciplined", YES)])).unwrap();
    assert_eq!(room.appraised(), pair("100", "KHT"), "nothing was said of the excuse");
    room.appraise(stated(&[("disciplined", YES), ("fault_at_old_unit", NO)])).unwrap();
    assert_eq!(room.appraised(), pair("100", "KHT"), "refused");
    room.appraise(stated(&[("disciplined", YES), ("fault_at_old_unit", YES)])).unwrap();
    assert_eq!(room.appraised(), pair("100", "HTXS"), "confirmed");
    room.appraise(stated(&[("disciplined", YES)])).unwrap();
    assert_eq!(room.appraised(), pair("100", "KHT"), "and taken back");
}

/// Đ.11(3)a: the same for an act that counted in another year. An unconfirmed excuse has no effect in the person's own
/// result either.
#[test]
fn b2_in_the_own_result_an_excuse_that_waits_raises_no_class() {
    let mut room = Room::new();
    let line = room.put(true, new_line("A", "1", "4"));
    room.report(line, done("4"));
    room.submit(&[("disciplined", YES), ("counted_in_another_year", YES)]);
    assert_eq!(room.result(Side::SelfScored), pair("100", "KHT"));
    room.appraise(agreed()).unwrap();
    assert_eq!(room.appraised(), pair("100", "HTXS"), "what only the person said is no fact");
}

/// Đ.11(2), Đ.17(3): a month counts in the year if only the person says that no day of it was worked.
#[test]
fn b2_days_worked_are_not_the_persons_to_say() {
    let mut room = Room::new();
    let line = room.put(true, new_line("A", "1", "4"));
    room.report(line, done("1"));
    room.submit(&[("worked_days", FactValue::Number(number("0")))]);
    room.appraise(agreed()).unwrap();
    let worked = |room: &Room| {
        let year = shared::report::person_year(room.state(), PersonId::SYSTEM, person(5), 2026).unwrap();
        year.months.iter().find(|month| month.period == OCTOBER).unwrap().worked
    };
    assert!(worked(&room));
    let facts = named(&[("worked_days", FactValue::Number(number("0")))]);
    room.appraise(Appraisal { facts, ..agreed() }).unwrap();
    assert!(!worked(&room), "the superior's word counts");
}

/// Đ.14(2)c: "nguyên nhân khách quan được cấp có thẩm quyền xác nhận".
#[test]
fn b2_an_objective_cause_waives_nothing_before_it_is_confirmed() {
    let mut room = Room::new();
    let line = room.put(true, new_line("A", "1", "4"));
    let late = Progress {
        finished: Some(day("2026-10-20")),
        causes: [Cause::Quality].into(),
        cause_text: "Bão".to_owned(),
        failed_reviews: 2,
        ..done("4")
    };
    room.report(line, late.clone());
    room.submit(&[]);
    // b = 1/2: 30 + 70 · (1 + 1/2 + 1) / 3.
    let lost = pair("265/3", "HTT");
    assert_eq!(room.result(Side::SelfScored), lost);
    room.appraise(agreed()).unwrap();
    assert_eq!(room.appraised(), lost);
    let review = LineReview {
        completed: number("4"),
        failed_reviews: 2,
        finished: late.finished,
        causes: [Cause::Quality].into(),
        reason: "Đúng".to_owned(),
        ..LineReview::default()
    };
    room.appraise(Appraisal { lines: [(line, review)].into(), ..agreed() }).unwrap();
    assert_eq!(room.appraised(), pair("100", "HTXS"));
}

/// Đ.13(3), Đ.18(1)a–b: work and its weight are assigned. Own work of 100/100 beside one of ten assigned done adds
/// nothing until the head confirms it, and then counts only as the head sets it.
#[test]
fn b3_own_free_work_counts_only_as_the_head_set_it() {
    let mut room = Room::new();
    let assigned = room.put(true, new_line("A", "1", "10"));
    room.report(assigned, done("1"));
    let own = room.put(false, new_line("B", "100", "100"));
    room.report(own, done("100"));
    room.submit(&[]);
    assert_eq!(room.result(Side::SelfScored).1, "HTXS", "the claim");
    room.appraise(agreed()).unwrap();
    let without = pair("37", "KHT");
    assert_eq!(room.appraised(), without, "nothing was said of it: 30 + 70 · 1/10");
    let set = |plan: Option<PlanReview>, reason: &str| {
        let review = LineReview {
            completed: number("100"),
            finished: Some(day("2026-10-20")),
            plan,
            reason: reason.to_owned(),
            ..LineReview::default()
        };
        Appraisal { lines: [(own, review)].into(), ..agreed() }
    };
    room.appraise(set(None, "Không được giao")).unwrap();
    assert_eq!(room.appraised(), without, "refused");
    let small = PlanReview { coefficient: number("1"), assigned: number("100"), extra: false };
    let unreasoned = room.appraise(set(Some(small.clone()), "")).unwrap_err();
    assert_eq!((unreasoned.code, unreasoned.field), (RefusalCode::ReasonRequired, format!("lines.{own}.reason")));
    room.appraise(set(Some(PlanReview { assigned: number("10"), ..small.clone() }), "Chỉ có 10")).unwrap();
    // Of 10 assigned each, 1 and 10 (of 100 done): 11/20.
    assert_eq!(room.appraised(), pair("137/2", "HTNV"), "as the head set it");
    let claimed = PlanReview { coefficient: number("100"), assigned: number("100"), extra: false };
    room.appraise(set(Some(claimed), "")).unwrap();
    assert_eq!(room.appraised(), room.result(Side::SelfScored), "confirmed as claimed, without a word");
    let heavy = PlanReview { coefficient: number("1000"), ..small };
    let refused = room.appraise(set(Some(heavy), "x")).unwrap_err();
    assert_eq!(
        (refused.code, refused.found.to_string().as_str(), refused.allowed.to_string().as_str()),
        (RefusalCode::OutOfRange, "1000", "> 0, ≤ 100")
    );
}

const LIST: WorkListId = WorkListId::from_bytes([9; 16]);

/// A list of two products, k = 1/2 and k = 4, in force for the commune.
fn with_list(server: &mut Server) {
    let mut clerk = Device::new(PersonId::SYSTEM, 98);
    let product = |code: &str, k: &str| Product {
        code: code.to_owned(),
        name: format!("Sản phẩm {code}"),
        group: "N1".to_owned(),
        frame_max: number("100"),
        points: number("10"),
        coefficient: number(k),
        ..Product::default()
    };
    let list = || Target::WorkList(LIST);
    clerk.sync(server, at(2));
    clerk.act(list(), Payload::PutProducts(vec![product("N", "0.5"), product("C", "4")]), at(2)).unwrap();
    let adoption = Adoption {
        title: "Danh mục".to_owned(),
        owner: unit(2),
        standard_points: number("10"),
        effective_from: day("2026-01-01"),
        products: 2,
    };
    clerk.act(list(), Payload::AdoptWorkList(adoption), at(2)).unwrap();
    clerk.sync(server, at(2));
    assert!(server.receipts.values().all(|receipt| receipt.decode().unwrap().verdict.counts()));
}

fn listed(code: &str, k: &str, assigned: &str) -> NewLine {
    NewLine { code: code.to_owned(), list: Some(LIST), ..new_line("", k, assigned) }
}

/// Đ.13(2): the frame is that of the list in force, or without one a named limit. The refusal names what was found and
/// what is allowed.
#[test]
fn b3_free_work_beyond_the_frame_is_refused_at_entry() {
    let mut room = Room::new();
    let assign = |k: &str| Payload::AssignWork(vec![new_line("A", k, "1")]);
    let refused = |room: &mut Room, by_head, k: &str| {
        let refusal = room.act(by_head, assign(k)).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::OutOfRange);
        (refusal.field, refusal.found.to_string(), refusal.allowed.to_string())
    };
    let told = |found: &str, allowed: &str| ("lines[1].coefficient".to_owned(), found.to_owned(), allowed.to_owned());
    assert_eq!(refused(&mut room, false, "1000"), told("1000", "> 0, ≤ 100"));
    assert_eq!(refused(&mut room, false, "0"), told("0", "> 0, ≤ 100"));
    with_list(&mut room.server);
    assert_eq!(refused(&mut room, false, "4.5"), told("9/2", "1/2 … 4"));
    assert_eq!(refused(&mut room, true, "0.4"), told("2/5", "1/2 … 4"));
    let line = room.put(false, new_line("A", "4", "1"));
    let heavier = Payload::ReviseLine { line, plan: new_line("A", "5", "1") };
    assert_eq!(room.official(heavier).unwrap_err().field, "plan.coefficient");
}

/// Đ.18(1)b: the person cannot lower the quantity assigned: neither after the work, nor by choosing between versions.
#[test]
fn b3_lowering_ones_own_denominator_raises_nothing() {
    let mut room = Room::new();
    with_list(&mut room.server);
    let line = room.put(false, listed("C", "4", "10"));
    room.report(line, done("1"));
    let lowered = Payload::ReviseLine { line, plan: listed("C", "4", "1") };
    room.official(lowered.clone()).unwrap();
    room.submit(&[]);
    assert_eq!(room.result(Side::SelfScored), pair("100", "HTXS"), "the claim");
    room.appraise(agreed()).unwrap();
    assert_eq!(room.appraised(), pair("", ""), "nothing is assigned: no result at all");
    let plan = PlanReview { coefficient: number("4"), assigned: number("10"), extra: false };
    let other_weight = PlanReview { coefficient: number("3"), ..plan.clone() };
    let set = |plan, reason: &str| {
        let found = LineReview { completed: number("1"), finished: Some(day("2026-10-20")), ..LineReview::default() };
        Appraisal {
            lines: [(line, LineReview { plan: Some(plan), reason: reason.to_owned(), ..found })].into(),
            ..agreed()
        }
    };
    room.appraise(set(plan, "Đã giao 10")).unwrap();
    assert_eq!(room.appraised(), pair("37", "KHT"));
    let refused = room.appraise(set(other_weight, "Nhẹ hơn")).unwrap_err();
    assert_eq!(
        (refused.found.to_string().as_str(), refused.allowed.to_string().as_str()),
        ("3", "4"),
        "the list weighs its products"
    );
}

/// What the head assigned stays the head's, whatever the person's clock shows and whoever has to choose.
#[test]
fn b3_between_the_heads_plan_and_the_own_the_person_does_not_choose() {
    let mut room = Room::new();
    let line = room.put(false, new_line("A", "1", "2"));
    room.head.sync(&mut room.server, at(20));
    // Both change it without having seen the other's change. The person's clock is ahead.
    let plan = |assigned| Payload::ReviseLine { line, plan: new_line("A", "1", assigned) };
    room.head.act(card(5), plan("9"), at(21)).unwrap();
    room.official.act(card(5), plan("1"), at(500)).unwrap();
    room.official.sync(&mut room.server, at(22));
    room.head.sync(&mut room.server, at(22));
    let register = Register::Plan(line);
    let versions = room.state().card(&key(5)).unwrap().versions(&register).to_vec();
    assert_eq!(versions.len(), 2, "contested");
    let own = versions.iter().find(|version| version.actor == person(5)).unwrap().op;
    room.minute = 600;
    let choose = Payload::Resolve { register: register.clone(), choice: own, reason: String::new() };
    assert_eq!(room.official(choose).unwrap_err().code, RefusalCode::NotEntitled);
    assert_eq!(room.official(plan("1")).unwrap_err().code, RefusalCode::NotEntitled);
    let heads = versions.iter().find(|version| version.actor == person(4)).unwrap().op;
    room.head(Payload::Resolve { register, choice: heads, reason: String::new() }).unwrap();
    let lines = room.state().card(&key(5)).unwrap().lines();
    assert_eq!((lines[0].plan.assigned.clone(), lines[0].assigned_by), (number("9"), person(4)));
}

/// A head who chooses between two versions of the person's own assigns nothing by that.
#[test]
fn b3_choosing_between_two_own_versions_makes_no_assignment() {
    let mut room = Room::new();
    let line = room.put(false, new_line("A", "1", "2"));
    let mut second = Device::new(person(5), 55);
    second.sync(&mut room.server, at(20));
    let plan = |assigned| Payload::ReviseLine { line, plan: new_line("A", "1", assigned) };
    room.official.act(card(5), plan("3"), at(21)).unwrap();
    second.act(card(5), plan("4"), at(21)).unwrap();
    room.official.sync(&mut room.server, at(22));
    second.sync(&mut room.server, at(22));
    let register = Register::Plan(line);
    let choice = room.state().card(&key(5)).unwrap().versions(&register)[0].op;
    room.minute = 30;
    room.head(Payload::Resolve { register, choice, reason: String::new() }).unwrap();
    assert_eq!(room.state().card(&key(5)).unwrap().lines()[0].assigned_by, person(5));
}

/// Đ.14(2)c, Đ.18(1)b; handbook, chapter VI, table 2: work finished after its due day is late. What the person declares
/// neither adds to it nor takes from it.
#[test]
fn b4_lateness_follows_from_dates() {
    let finished = |finished: Option<&str>, declared: u32| {
        let mut room = Room::new();
        let line = room.put(true, NewLine { due: Some(day("2026-10-12")), ..new_line("A", "1", "4") });
        let progress = Progress { finished: finished.map(day), late_times: declared, late_days: declared, ..done("4") };
        room.report(line, progress);
        room.submit(&[]);
        room.appraise(agreed()).unwrap();
        let work = room.state().input(&key(5), Side::Appraised).unwrap().work;
        assert_eq!(room.result(Side::SelfScored), room.appraised());
        (work[0].late_times, work[0].late_days, room.appraised().0)
    };
    assert_eq!(finished(Some("2026-10-12"), 0), (0, 0, "100".to_owned()));
    assert_eq!(finished(Some("2026-10-16"), 0), (1, 4, "565/6".to_owned()), "c = 3/4");
    assert_eq!(finished(Some("2026-10-10"), 3), (0, 0, "100".to_owned()), "declared lateness is not asked for");
    assert_eq!(finished(None, 0), (1, 19, "565/6".to_owned()), "not dated: late to the end of the period");
}

/// The reading by days counts the days. For work without a due day the declaration counts.
#[test]
fn b4_by_the_reading_of_days_every_day_counts_and_without_a_due_day_what_was_declared() {
    let mut room = Room::new();
    let mut clerk = Device::new(PersonId::SYSTEM, 97);
    clerk.sync(&mut room.server, at(1));
    let options = BTreeMap::from([("late_unit".to_owned(), "day".to_owned())]);
    let options = Payload::AdoptPack(PackAdoption { unit: unit(2), options, ..adoption() });
    clerk.act(Target::Org, options, at(1)).unwrap();
    clerk.sync(&mut room.server, at(1));
    let line = room.put(true, NewLine { due: Some(day("2026-10-12")), ..new_line("A", "1", "4") });
    room.report(line, Progress { finished: Some(day("2026-10-14")), ..done("4") });
    let undated = room.put(true, NewLine { due: None, ..new_line("B", "1", "4") });
    room.report(undated, Progress { finished: None, late_times: 1, late_days: 3, ..done("4") });
    room.submit(&[]);
    room.appraise(agreed()).unwrap();
    // c = (4 · 1/2 + 4 · 1/4) / 8 = 3/8.
    assert_eq!(room.appraised().0, "1025/12");
}

/// A superior corrects the day with a reason, and can find more lateness than the days give, but not less.
#[test]
fn b4_a_superior_corrects_the_finish_day_with_a_reason() {
    let mut room = Room::new();
    let line = room.put(true, NewLine { due: Some(day("2026-10-12")), ..new_line("A", "1", "4") });
    room.report(line, Progress { finished: Some(day("2026-10-11")), ..done("4") });
    room.submit(&[]);
    let found = |finished: &str, late_times: u32, reason: &str| {
        let review = LineReview {
            completed: number("4"),
            finished: Some(day(finished)),
            late_times,
            reason: reason.to_owned(),
            ..LineReview::default()
        };
        Appraisal { lines: [(line, review)].into(), ..agreed() }
    };
    let unreasoned = room.appraise(found("2026-10-15", 1, " ")).unwrap_err();
    assert_eq!(unreasoned.code, RefusalCode::ReasonRequired);
    room.appraise(found("2026-10-15", 0, "Trình ngày 15")).unwrap();
    let late = |room: &Room| {
        let work = room.state().input(&key(5), Side::Appraised).unwrap().work;
        (work[0].late_times, work[0].late_days)
    };
    assert_eq!(late(&room), (1, 3), "the days say so, whatever else is stated");
    room.appraise(found("2026-10-15", 3, "Ba lần")).unwrap();
    assert_eq!(late(&room), (3, 3), "of four reports three were late");
    room.appraise(found("2026-10-11", 0, "")).unwrap();
    assert_eq!(late(&room), (0, 0), "as reported");
}

#[test]
fn b4_nobody_finished_anything_before_the_period_or_after_today() {
    let mut room = Room::new();
    let line = room.put(true, new_line("A", "1", "4"));
    let report = |finished: &str| Payload::ReportProgress {
        line,
        progress: Progress { finished: Some(day(finished)), ..done("4") },
    };
    for wrong in ["2026-09-30", "2026-10-21"] {
        let refusal = room.official(report(wrong)).unwrap_err();
        let told = (refusal.code, refusal.field.as_str(), refusal.found.to_string(), refusal.allowed.to_string());
        let days = "2026-10-01 … 2026-10-20".to_owned();
        assert_eq!(told, (RefusalCode::OutOfRange, "finished", wrong.to_owned(), days));
    }
    room.official(report("2026-10-01")).unwrap();
    room.official(report("2026-10-20")).unwrap();
}
