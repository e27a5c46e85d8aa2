//! Stories of a step in which each line of work is evaluated by whoever gave it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

mod common;

use common::*;
use shared::card::Side;
use shared::fixture;
use shared::ids::{LineId, PersonId, StepPlace};
use shared::op::{
    Appraisal, CardKey, LineReview, NewLine, Payload, PlanReview, Progress, Refusal, RefusalCode, Register, Says,
    Target, Verdict,
};
use shared::pack::{self, Actor, Pack, PackAdoption, Place, Step, Verb};
use shared::state::{State, StepStatus};
use shared::time::Day;

/// Of Hà Nội, "cấp nào, người nào trực tiếp giao việc thì đánh giá" (QĐ 1841-QĐ/TU), set into the decree's month: the
/// deputy of the commune, 3, may give work to everybody.
const GIVEN: &str = r#"[[steps]]
id = "evaluate_lines"
verb = "mark"
title.vi = "Người giao việc đánh giá từng việc"
title.en = "Whoever assigned a task evaluates it"
after = ["report"]
by = [{ first_of = ["assigner", { head = "own_unit" }] }]
per = "line"
clause = "QĐ 1841-QĐ/TU"

[[steps]]
id = "appraise""#;

fn rules(by: &str) -> &'static Pack {
    let text = include_str!("../packs/nd335-congchuc.toml");
    let text = text.replace("[[steps]]\nid = \"appraise\"", GIVEN);
    let text = text.replace(
        "after = [\"self_score\"]\nby = [{ head = \"own_unit\" }]",
        "after = [\"self_score\", \"evaluate_lines\"]\nby = [{ head = \"own_unit\" }]",
    );
    let text = text.replace("{ head = \"own_unit\" }, \"subject\"", "{ deputy = \"agency\" }, \"subject\"");
    let text = text.replace("id = \"publish\"\n", "id = \"publish\"\npublic_in = \"agency\"\n");
    let text = text.replace("by = [{ first_of = [\"assigner\", { head = \"own_unit\" }] }]", by);
    learned(&text)
}

const BY: &str = "by = [{ first_of = [\"assigner\", { head = \"own_unit\" }] }]";

struct Office {
    key: CardKey,
    server: Server,
    official: Device,
    deputy: Device,
    head: Device,
    evaluate: StepPlace,
    appraise: StepPlace,
}

impl Office {
    /// The deputy, 3, has given two lines, the head, 4, one, and the official, 5, has registered one.
    fn new(by: &str) -> Self {
        Self::under(rules(by))
    }

    fn under(pack: &'static Pack) -> Self {
        let place = |id: &str| {
            StepPlace((0..u8::MAX).zip(&pack.steps).find(|(_, step)| step.id == id).map_or(u8::MAX, |one| one.0))
        };
        let mut server = Server::new();
        let mut clerk = Device::new(PersonId::SYSTEM, 99);
        let founding = founding().into_iter().filter(|payload| !matches!(payload, Payload::AdoptPack(_)));
        let adoption = PackAdoption { pack: pack.hash, ..fixture::adoption() };
        for payload in founding.chain([Payload::AdoptPack(adoption)]) {
            clerk.act(Target::Org, payload, at(0)).unwrap();
        }
        clerk.sync(&mut server, at(0));
        let [official, deputy, head] = [5, 3, 4].map(|n| Device::new(person(n), n));
        let key = CardKey { pack: pack.hash, ..key(5) };
        let (evaluate, appraise) = (place("evaluate_lines"), place("appraise"));
        let mut office = Self { key, server, official, deputy, head, evaluate, appraise };
        office.meet(1);
        let lines = |n: usize| Payload::AssignWork(vec![undated(); n]);
        let target = office.target();
        office.deputy.act(target.clone(), lines(2), at(2)).unwrap();
        office.head.act(target.clone(), lines(1), at(3)).unwrap();
        office.official.act(target, lines(1), at(4)).unwrap();
        office.meet(3);
        office
    }

    fn target(&self) -> Target {
        Target::Card(self.key.clone())
    }

    /// Everybody meets the server twice, so that all know what all did.
    fn meet(&mut self, day: u64) {
        for _ in 0..2 {
            for device in [&mut self.official, &mut self.deputy, &mut self.head] {
                device.sync(&mut self.server, at(day));
            }
        }
    }

    /// The lines that somebody put on the card, in order.
    fn lines_of(&self, n: u8) -> Vec<LineId> {
        let card = self.server.log_state.state().card(&self.key).unwrap();
        card.lines().iter().filter(|line| line.added_by == person(n)).map(|line| line.id).collect()
    }

    fn report(&mut self, line: LineId, done: &str, day: u64) {
        let progress = Progress { completed: number(done), evidence: "VB 1".to_owned(), ..Progress::default() };
        let payload = Payload::ReportProgress { line, progress };
        self.official.act(self.target(), payload, at(day)).unwrap();
    }

    fn evaluate(&mut self, n: u8, lines: &[LineId], found: &LineReview, day: u64) -> Result<(), Refusal> {
        let payload = Payload::EvaluateLines(self.evaluate, lines.iter().map(|line| (*line, found.clone())).collect());
        let target = self.target();
        let device = match n {
            3 => &mut self.deputy,
            4 => &mut self.head,
            _ => &mut self.official,
        };
        device.act(target, payload, at(day)).map(drop)
    }

    fn appraise(&mut self, day: u64) -> Result<(), Refusal> {
        let payload = Payload::Appraise(self.appraise, agreed());
        self.head.act(self.target(), payload, at(day)).map(drop)
    }

    fn step(&self, reader: u8) -> (StepStatus, Option<(usize, usize)>, Vec<PersonId>) {
        step(self.server.log_state.state(), reader, &self.key)
    }

    fn completed(&self) -> Vec<String> {
        let state = self.server.log_state.state();
        let input = state.input(&self.key, Side::Appraised).unwrap();
        input.work.iter().map(|line| line.completed.to_string()).collect()
    }
}

fn step(state: &State, reader: u8, key: &CardKey) -> (StepStatus, Option<(usize, usize)>, Vec<PersonId>) {
    let steps = state.steps_of(person(reader), key, Day::parse("2026-10-25").unwrap());
    let one = steps.into_iter().find(|one| one.step.id == "evaluate_lines").unwrap();
    (one.status, one.marked, one.actors)
}

/// The rules with other steps.
fn changed(change: fn(&mut Vec<Step>)) -> &'static Pack {
    let mut pack = rules(BY).clone();
    change(&mut pack.steps);
    assert_eq!(pack::findings(&pack).len(), 0, "{:?}", pack::findings(&pack));
    pack::learn(&pack.to_bytes()).expect("it reads again")
}

/// Work without a due day, so that no day makes it late.
fn undated() -> NewLine {
    NewLine { due: None, ..new_line("1", "1", "3") }
}

fn done(completed: &str, reason: &str) -> LineReview {
    LineReview { completed: number(completed), reason: reason.to_owned(), ..LineReview::default() }
}

/// Each line waits for whoever gave it; what the official registered, for the head. What they find is what the engine
/// reckons, and the head scores once nobody is missing.
#[test]
fn whoever_gave_a_line_evaluates_it() {
    let mut office = Office::new(BY);
    let (given, by_head, own) = (office.lines_of(3), office.lines_of(4), office.lines_of(5));
    for line in given.iter().chain(&by_head).chain(&own) {
        office.report(*line, "3", 4);
    }
    office.meet(5);
    assert_eq!(office.step(5), (StepStatus::Open, Some((0, 4)), vec![person(3), person(4)]));
    office.evaluate(3, &given[..1], &done("3", ""), 6).unwrap();
    office.evaluate(3, &given[1..], &done("2", "Thiếu phụ lục"), 6).unwrap();
    office.meet(7);
    assert_eq!(office.step(4), (StepStatus::Open, Some((2, 4)), vec![person(4)]));
    let plan = office.server.log_state.state().card(&office.key).unwrap().line(own[0]).unwrap().planned();
    office.evaluate(4, &by_head, &done("3", ""), 8).unwrap();
    office.evaluate(4, &own, &LineReview { plan: Some(plan), ..done("3", "") }, 8).unwrap();
    office.official.act(office.target(), Payload::SubmitSelfScore(self_score()), at(9)).unwrap();
    office.meet(10);
    assert_eq!(office.step(4).0, StepStatus::Done(None));
    office.appraise(11).unwrap();
    office.meet(12);
    assert_eq!(office.completed(), ["3", "2", "3", "3"]);
}

/// Nobody evaluates the line of another, and nobody the own.
#[test]
fn nobody_evaluates_what_another_gave() {
    let mut office = Office::new(BY);
    let (given, by_head, own) = (office.lines_of(3), office.lines_of(4), office.lines_of(5));
    let found = done("0", "Chưa làm");
    for (actor, lines) in [(3, &by_head), (3, &own), (4, &given), (5, &own), (5, &given)] {
        let refused = office.evaluate(actor, lines, &found, 6).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NotEntitled, "{actor}");
    }
}

/// A text whose only rule is the assigner leaves what nobody gave to whoever scores the card.
#[test]
fn what_nobody_gave_is_left_to_whoever_scores() {
    let mut office = Office::new("by = [\"assigner\"]");
    let (given, by_head, own) = (office.lines_of(3), office.lines_of(4), office.lines_of(5));
    let found = done("0", "");
    office.evaluate(3, &given, &found, 6).unwrap();
    assert_eq!(office.evaluate(4, &own, &found, 6).unwrap_err().code, RefusalCode::NotEntitled);
    office.evaluate(4, &by_head, &found, 6).unwrap();
    office.official.act(office.target(), Payload::SubmitSelfScore(self_score()), at(9)).unwrap();
    office.meet(10);
    assert_eq!(office.step(4).1, Some((3, 3)));
    let plan = Some(PlanReview { coefficient: number("1"), assigned: number("2"), ..PlanReview::default() });
    let review = LineReview { plan, ..done("2", "Có làm") };
    let lines = [(own[0], review)].into_iter().collect();
    let payload = Payload::Appraise(office.appraise, Appraisal { lines, ..agreed() });
    office.head.act(office.target(), payload, at(11)).unwrap();
    office.meet(12);
    assert_eq!(office.completed(), ["0", "0", "0", "2"]);
}

/// While somebody has not answered, nobody scores the card; and whoever scores it does not change what was found.
#[test]
fn the_score_waits_for_every_line_and_changes_none() {
    let mut office = Office::new("by = [\"assigner\"]");
    let (given, by_head) = (office.lines_of(3), office.lines_of(4));
    office.evaluate(4, &by_head, &done("0", ""), 6).unwrap();
    office.official.act(office.target(), Payload::SubmitSelfScore(self_score()), at(9)).unwrap();
    office.meet(10);
    let early = office.appraise(11).unwrap_err();
    assert_eq!((early.code, early.field.as_str()), (RefusalCode::Missing, "findings"));
    assert!(!office.head.replica.view().marking(&office.key, person(4)).unwrap().ready);
    office.evaluate(3, &given, &done("0", ""), 12).unwrap();
    office.meet(13);
    let lines = [(given[0], done("9", "Tôi thấy khác"))].into_iter().collect();
    let payload = Payload::Appraise(office.appraise, Appraisal { lines, ..agreed() });
    let refused = office.head.act(office.target(), payload, at(14)).unwrap_err();
    assert_eq!((refused.code, refused.field), (RefusalCode::NotEntitled, format!("lines.{}", given[0])));
    office.appraise(14).unwrap();
    office.meet(15);
    // What is found after the score does not count.
    let late = office.evaluate(3, &given, &done("1", "Xem lại"), 16);
    office.meet(17);
    let told = office.deputy.replica.own().last().unwrap().receipt.as_ref().and_then(|told| told.verdict.refusal());
    let code = late.err().map(|refusal| refusal.code).or(told.map(|refusal| refusal.code));
    assert_eq!(code, Some(RefusalCode::WrongStage));
    assert_eq!(office.completed(), ["0", "0", "0"]);
}

/// A later line opens the step again, and so does a later report on a line: its answer was about the earlier one.
#[test]
fn what_comes_later_opens_the_step_again() {
    let mut office = Office::new("by = [\"assigner\"]");
    let (given, by_head) = (office.lines_of(3), office.lines_of(4));
    office.evaluate(3, &given, &done("0", ""), 6).unwrap();
    office.evaluate(4, &by_head, &done("0", ""), 6).unwrap();
    office.meet(7);
    assert_eq!(office.step(5).0, StepStatus::Done(None));
    office.report(given[0], "5", 8);
    office.meet(8);
    assert_eq!(office.step(5), (StepStatus::Open, Some((2, 3)), vec![person(3)]));
    office.evaluate(3, &given[..1], &done("5", ""), 9).unwrap();
    let more = Payload::AssignWork(vec![undated()]);
    office.head.act(office.target(), more, at(9)).unwrap();
    office.meet(10);
    assert_eq!(office.step(5), (StepStatus::Open, Some((3, 4)), vec![person(4)]));
}

/// Without a network the official reports anew while the deputy evaluates. Nothing is lost: whichever comes first, the deputy
/// looks again.
#[test]
fn a_report_and_an_evaluation_made_apart_are_both_kept() {
    let mut office = Office::new("by = [\"assigner\"]");
    let given = office.lines_of(3);
    office.report(given[0], "3", 4);
    office.meet(5);
    // The evaluation arrives first.
    office.evaluate(3, &given[..1], &done("3", ""), 6).unwrap();
    office.report(given[0], "4", 6);
    office.deputy.sync(&mut office.server, at(7));
    office.official.sync(&mut office.server, at(7));
    let told = office.official.replica.own().last().unwrap().receipt.clone().unwrap();
    assert_eq!(told.verdict, Verdict::AcceptedContested);
    office.meet(8);
    let finding = Register::Finding(office.evaluate, given[0]);
    assert!(office.server.log_state.state().card(&office.key).unwrap().is_contested(&finding));
    assert_eq!(office.step(5).1, Some((0, 3)));
    office.evaluate(3, &given[..1], &done("4", ""), 9).unwrap();
    office.meet(9);
    assert_eq!(office.step(5).1, Some((1, 3)));
    // The report arrives first.
    office.report(given[0], "5", 10);
    office.evaluate(3, &given[..1], &done("3", "Xem lại"), 10).unwrap();
    office.official.sync(&mut office.server, at(11));
    office.deputy.sync(&mut office.server, at(11));
    let told = office.deputy.replica.own().last().unwrap().receipt.clone().unwrap();
    assert_eq!(told.verdict.refusal().unwrap().code, RefusalCode::Stale);
}

/// An assigner who does nothing else on the card reads the lines given and what is reported of them, and no more.
#[test]
fn an_assigner_reads_the_own_lines_only() {
    let mut office = Office::new(BY);
    let (given, by_head) = (office.lines_of(3), office.lines_of(4));
    office.report(given[0], "3", 4);
    office.report(by_head[0], "2", 4);
    office.official.act(office.target(), Payload::SubmitSelfScore(self_score()), at(5)).unwrap();
    office.meet(6);
    let whole = office.server.log_state.state();
    assert!(!whole.may_read_card(person(3), &office.key));
    let view = office.deputy.replica.view();
    let card = view.card(&office.key).unwrap();
    assert_eq!(card.lines().iter().map(|line| line.id).collect::<Vec<_>>(), given);
    assert_eq!(card.line(given[0]).unwrap().progress.unwrap().completed, number("3"));
    assert!(card.self_score().is_none());
    assert_eq!(view.line_slots(&office.key).len(), 2);
    // With the self-score submitted the lines can still be evaluated, by a device that knows only these.
    office.evaluate(3, &given, &done("3", "Đã xem"), 7).unwrap();
    office.meet(8);
    assert_eq!(office.step(4).1, Some((2, 4)));
}

/// What differs from the report has its reason, and its numbers have limits.
#[test]
fn a_finding_is_judged_as_a_superiors() {
    let mut office = Office::new(BY);
    let given = office.lines_of(3);
    office.report(given[0], "3", 4);
    office.meet(5);
    let refused = office.evaluate(3, &given[..1], &done("2", " "), 6).unwrap_err();
    assert_eq!((refused.code, refused.field), (RefusalCode::ReasonRequired, format!("lines.{}.reason", given[0])));
    let refused = office.evaluate(3, &given[..1], &done("-1", "sai"), 6).unwrap_err();
    assert_eq!((refused.code, refused.field), (RefusalCode::OutOfRange, format!("lines.{}.completed", given[0])));
    assert_eq!(office.evaluate(3, &[], &done("1", ""), 6).unwrap_err().code, RefusalCode::Missing);
}

/// "Công khai trên hệ thống phần mềm": colleagues in the agency read the class that was made known, and nothing else.
#[test]
fn the_class_is_public_in_the_agency_and_the_marks_are_not() {
    let mut office = Office::new("by = [\"assigner\"]");
    let (given, by_head, own) = (office.lines_of(3), office.lines_of(4), office.lines_of(5));
    office.evaluate(3, &given, &done("0", ""), 6).unwrap();
    office.evaluate(4, &by_head, &done("0", ""), 6).unwrap();
    office.official.act(office.target(), Payload::SubmitSelfScore(self_score()), at(9)).unwrap();
    office.meet(10);
    let plan = Some(PlanReview { coefficient: number("1"), assigned: number("3"), ..PlanReview::default() });
    let lines = [(own[0], LineReview { plan, ..done("3", "Có làm") })].into_iter().collect();
    let payload = Payload::Appraise(office.appraise, Appraisal { lines, ..agreed() });
    office.head.act(office.target(), payload, at(11)).unwrap();
    office.meet(12);
    let mut chair = Device::new(person(2), 2);
    chair.sync(&mut office.server, at(13));
    let approval = chair.replica.view().approval(&office.key).unwrap();
    let class = approval.class.clone();
    let decide = StepPlace(office.appraise.0 + 1);
    chair.act(office.target(), Payload::Approve(decide, approval), at(14)).unwrap();
    chair.act(office.target(), publication(&class), at(15)).unwrap();
    chair.sync(&mut office.server, at(16));
    let mut colleague = Device::new(person(6), 6);
    colleague.sync(&mut office.server, at(17));
    let view = colleague.replica.view();
    assert!(view.is_public_to(person(6), &office.key) && !view.may_read_card(person(6), &office.key));
    let card = view.card(&office.key).unwrap();
    assert_eq!(card.publication().map(|told| told.class.clone()), Some(class));
    assert!(card.appraisal().is_none() && card.approval().is_none() && card.lines().is_empty());
    assert!(view.result_for(person(6), &office.key).decided.is_none());
    // Of another agency, nobody reads it.
    let state = office.server.log_state.state();
    assert!(!state.is_public_to(person(1), &office.key), "the head of the province has no post in the agency");
}

/// A step of lines stands after a vote on paper, and that after the score. The paper leaves nothing on the card: the lines
/// wait for the score.
#[test]
fn lines_wait_through_what_leaves_nothing() {
    let mut office = Office::under(changed(|steps| {
        let place = |steps: &[Step], id: &str| steps.iter().position(|step| step.id == id).unwrap();
        let lines = steps.remove(place(steps, "evaluate_lines"));
        let scored = place(steps, "appraise");
        steps[scored].after = vec!["self_score".to_owned()];
        let (id, by, after) = ("meeting".to_owned(), steps[scored].by.clone(), vec!["appraise".to_owned()]);
        let (builds_on, reason_when) = (None, None);
        let meeting =
            Step { id: id.clone(), verb: Verb::Vote, after, by, builds_on, reason_when, ..steps[scored].clone() };
        steps.splice(scored + 1..=scored, [meeting, Step { after: vec![id], ..lines }]);
        steps[scored + 3].after = vec!["evaluate_lines".to_owned()];
    }));
    let given = office.lines_of(4);
    office.official.act(office.target(), Payload::SubmitSelfScore(self_score()), at(6)).unwrap();
    office.meet(7);
    let early = office.evaluate(4, &given, &done("0", ""), 8).unwrap_err();
    assert_eq!(early.code, RefusalCode::WrongStage);
    office.appraise(9).unwrap();
    office.meet(10);
    office.evaluate(4, &given, &done("0", ""), 11).unwrap();
}

/// Where no line waits for an answer, the next step is open, also while there is no line at all.
#[test]
fn a_step_without_lines_holds_nothing_up() {
    let office = Office::under(changed(|steps| {
        let place = |steps: &[Step], id: &str| steps.iter().position(|step| step.id == id).unwrap();
        let lines = steps.remove(place(steps, "evaluate_lines"));
        let own = place(steps, "self_score");
        steps[own].after.push("evaluate_lines".to_owned());
        steps.insert(own, lines);
    }));
    let state = office.server.log_state.state();
    let status = |n: u8| {
        let key = CardKey { subject: person(n).into(), ..office.key.clone() };
        let steps = state.steps_of(person(n), &key, Day::parse("2026-10-25").unwrap());
        steps.into_iter().find(|one| one.step.id == "self_score").unwrap().status
    };
    assert_eq!(status(5), StepStatus::Waiting, "four lines wait");
    assert_eq!(status(4), StepStatus::Open, "there is no line");
}

/// Of a text in which the head checks the work after it is evaluated, and the deputy gives an opinion before the head, who marks
/// in the decision, signs.
fn with_voices() -> &'static Pack {
    changed(|steps| {
        let place = |steps: &[Step], id: &str| steps.iter().position(|step| step.id == id).unwrap();
        let marked = steps.remove(place(steps, "appraise"));
        let said = |id: &str, verb, after: &str, by| Step {
            id: id.to_owned(),
            verb,
            after: vec![after.to_owned()],
            by: vec![by],
            builds_on: None,
            reason_when: None,
            ..marked.clone()
        };
        let check = said("check", Verb::Confirm, "evaluate_lines", Actor::Head(Place::OwnUnit));
        let opine = said("opine", Verb::Opine, "self_score", Actor::Deputy(Place::Agency));
        let decided = place(steps, "approve");
        steps[decided].after = vec!["check".to_owned(), "opine".to_owned()];
        steps[decided].by = vec![Actor::Head(Place::OwnUnit)];
        steps.splice(decided..decided, [check, opine]);
    })
}

/// What is said waits for the lines before it like every other step. It ends once somebody has marked after it, also where that
/// is whoever decides.
#[test]
fn what_is_said_waits_for_the_lines_and_ends_with_the_marks() {
    let mut office = Office::under(with_voices());
    let place = |id: &str| {
        let steps = &with_voices().steps;
        StepPlace(u8::try_from(steps.iter().position(|step| step.id == id).unwrap()).unwrap())
    };
    let (target, check, opine, decide) = (office.target(), place("check"), place("opine"), place("approve"));
    let said = |device: &Device, key: &CardKey, place, says| {
        Payload::Speak(place, device.replica.view().voice(key, place, says, "Đã xem").unwrap())
    };
    let early = said(&office.head, &office.key, check, Says::Confirmed);
    let refused = office.head.act(target.clone(), early, at(5)).unwrap_err();
    assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::Missing, "findings"));
    let (given, by_head, own) = (office.lines_of(3), office.lines_of(4), office.lines_of(5));
    office.evaluate(3, &given, &done("0", ""), 6).unwrap();
    office.evaluate(4, &by_head, &done("0", ""), 6).unwrap();
    let plan = office.server.log_state.state().card(&office.key).unwrap().line(own[0]).unwrap().planned();
    office.evaluate(4, &own, &LineReview { plan: Some(plan), ..done("0", "") }, 6).unwrap();
    office.official.act(target.clone(), Payload::SubmitSelfScore(self_score()), at(7)).unwrap();
    office.meet(8);
    let confirmed = said(&office.head, &office.key, check, Says::Confirmed);
    office.head.act(target.clone(), confirmed, at(9)).unwrap();
    let opinion = said(&office.deputy, &office.key, opine, Says::Opinion);
    office.deputy.act(target.clone(), opinion.clone(), at(9)).unwrap();
    office.meet(10);
    office.head.act(target.clone(), Payload::Appraise(decide, agreed()), at(11)).unwrap();
    office.meet(12);
    let late = office.deputy.act(target, opinion, at(13)).unwrap_err();
    assert_eq!(late.code, RefusalCode::WrongStage);
}
