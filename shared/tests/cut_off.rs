//! Stories of an office that closes before the month's end: work after the cut-off counts in the next month, and nothing is
//! lost. Customs, third quarter of 2026: lines from 16 September on count in the fourth quarter, undated lines stay.
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
use shared::fixture::{adoption, post};
use shared::ids::{LineId, PersonId};
use shared::op::{CardKey, CarriedLine, NewLine, Payload, Progress, RefusalCode, Stage, Target};
use shared::pack::PackAdoption;
use shared::state::State;
use shared::time::{Day, Millis, Period};

const NOVEMBER: Period = Period::Month(2026, 11);
const DAY_MINUTES: u64 = 24 * 60;

fn day(text: &str) -> Option<Day> {
    Day::parse(text)
}

fn november(n: u8) -> CardKey {
    CardKey { period: NOVEMBER, ..key(n) }
}

/// So many days after 20 October.
fn days(count: u64) -> Millis {
    at(count * DAY_MINUTES)
}

/// The commune, whose adoption says that work up to the 20th counts.
fn office() -> Server {
    let mut server = founded();
    administer(&mut server, Payload::AdoptPack(PackAdoption { cut_off: Some(20), ..adoption() }));
    server
}

fn administer(server: &mut Server, payload: Payload) {
    let mut clerk = Device::new(PersonId::SYSTEM, 97);
    clerk.sync(server, at(0));
    clerk.act(Target::Org, payload, at(0)).unwrap();
    clerk.sync(server, at(0));
    assert!(server.receipts.values().all(|receipt| receipt.decode().unwrap().verdict.counts()));
}

fn line(name: &str, due: Option<Day>) -> NewLine {
    NewLine { due, ..new_line(name, "2", "3") }
}

fn finished(on: Option<Day>) -> Progress {
    Progress { finished: on, ..done("3") }
}

fn names(lines: &[CarriedLine]) -> Vec<&str> {
    lines.iter().map(|line| line.plan.name.as_str()).collect()
}

fn work(state: &State, key: &CardKey) -> Vec<String> {
    let input = state.input(key, Side::SelfScored).unwrap();
    input.work.iter().map(|line| line.name.clone()).collect()
}

/// Which days put a line into the next month.
#[test]
fn a_line_is_carried_when_every_day_that_is_known_of_it_is_later() {
    let table = [
        (None, None, false, "undated lines stay"),
        (day("2026-10-20"), None, false, "due in time and not done: undone here"),
        (day("2026-10-21"), None, true, "due later, not done yet"),
        (None, day("2026-10-21"), true, "done later, no due day"),
        (day("2026-10-15"), day("2026-10-25"), false, "due in time, done late: it counts here, as late"),
        (day("2026-10-28"), day("2026-10-18"), false, "due later and done before: it counts here"),
        (day("2026-10-28"), day("2026-10-24"), true, "due and done later"),
    ];
    for (due, on, carried, why) in table {
        let mut server = office();
        let mut official = Device::new(person(5), 5);
        official.sync(&mut server, days(1));
        let op = official.act(card(5), Payload::AssignWork(vec![line("A", due)]), days(8)).unwrap();
        if on.is_some() {
            let report = Payload::ReportProgress { line: LineId::new(op, 0), progress: finished(on) };
            official.act(card(5), report, days(8)).unwrap();
        }
        let state = official.replica.view();
        assert_eq!(state.lines_after(&key(5)).len(), usize::from(carried), "{why}");
        assert_eq!(state.to_carry(&november(5)).len(), usize::from(carried), "{why}");
    }
}

#[test]
fn a_month_closed_on_the_25th_and_its_later_work_scored_in_the_next() {
    let mut server = office();
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, days(1));
    let put = |official: &mut Device, name: &str, due: Option<Day>| {
        let op = official.act(card(5), Payload::AssignWork(vec![line(name, due)]), days(4)).unwrap();
        LineId::new(op, 0)
    };
    let early = put(&mut official, "Sớm", day("2026-10-18"));
    let late = put(&mut official, "Sau ngày chốt", day("2026-10-28"));
    put(&mut official, "Không ghi ngày", None);
    official
        .act(card(5), Payload::ReportProgress { line: early, progress: finished(day("2026-10-17")) }, days(4))
        .unwrap();
    official
        .act(card(5), Payload::ReportProgress { line: late, progress: finished(day("2026-10-24")) }, days(4))
        .unwrap();
    official.act(card(5), Payload::SubmitSelfScore(self_score()), days(5)).unwrap();
    assert_eq!(work(official.replica.view(), &key(5)), ["Việc Sớm", "Việc Không ghi ngày"]);
    assert_eq!(official.replica.view().card(&key(5)).unwrap().lines().len(), 3, "it stays on the card, to be read");

    // In November one tap puts it there, as it stood.
    let open = official.replica.view().to_carry(&november(5));
    assert_eq!(names(&open), ["Việc Sau ngày chốt"]);
    let carry = official.act(Target::Card(november(5)), Payload::CarryWork(open.clone()), days(14)).unwrap();
    let state = official.replica.view();
    assert!(state.is_carried_on(&key(5), late), "shown as carried there");
    let here = state.card(&november(5)).unwrap().line(LineId::new(carry, 0)).unwrap();
    assert_eq!(here.plan.carried, Some(OCTOBER), "and as carried here");
    assert_eq!(here.progress.unwrap().finished, day("2026-10-24"));
    assert!(state.to_carry(&november(5)).is_empty(), "nothing is left");
    // Its day may still be corrected, though it lies before the period; it is no longer changed in October.
    let corrected = |on| Payload::ReportProgress { line: LineId::new(carry, 0), progress: finished(day(on)) };
    official.act(Target::Card(november(5)), corrected("2026-10-27"), days(15)).unwrap();
    assert_eq!(
        official.act(Target::Card(november(5)), corrected("2026-09-27"), days(15)).unwrap_err().code,
        RefusalCode::OutOfRange
    );
    official.act(Target::Card(november(5)), Payload::SubmitSelfScore(self_score()), days(31)).unwrap();
    assert_eq!(work(official.replica.view(), &november(5)), ["Việc Sau ngày chốt"]);
    official.sync(&mut server, days(31));
    let card = server.log_state.state().card(&november(5)).unwrap();
    assert_eq!((card.stage(), card.lines().len()), (Stage::SelfScored, 1));
}

/// Work that a superior assigned stays the superior's: on the next card, too, the person cannot take it off.
#[test]
fn carried_work_stays_the_work_of_whoever_assigned_it() {
    let mut server = office();
    let [mut official, mut head, _] = official_head_chair();
    head.sync(&mut server, days(1));
    head.act(card(5), Payload::AssignWork(vec![line("Giao", day("2026-10-29"))]), days(2)).unwrap();
    head.sync(&mut server, days(2));
    official.sync(&mut server, days(13));
    let open = official.replica.view().to_carry(&november(5));
    assert_eq!(open[0].assigned_by, person(4));
    let forged = CarriedLine { assigned_by: person(5), ..open[0].clone() };
    let less = CarriedLine { plan: NewLine { assigned: number("1"), ..open[0].plan.clone() }, ..open[0].clone() };
    for lines in [vec![forged], vec![less], vec![open[0].clone(), open[0].clone()]] {
        let refused = official.act(Target::Card(november(5)), Payload::CarryWork(lines), days(14)).unwrap_err();
        assert_eq!(refused.code, RefusalCode::Unknown);
    }
    let op = official.act(Target::Card(november(5)), Payload::CarryWork(open), days(14)).unwrap();
    let removal = Payload::RemoveLine { line: LineId::new(op, 0), reason: "Không làm".to_owned() };
    let refused = official.act(Target::Card(november(5)), removal, days(15)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotEntitled);
    // Nor does anybody write "carried" on work of their own.
    let own = NewLine { carried: Some(OCTOBER), ..line("Tự thêm", None) };
    let refused = official.act(Target::Card(november(5)), Payload::AssignWork(vec![own]), days(15)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::Malformed);
}

/// Two tablets of one person carry the same line without a network: it stands there once.
#[test]
fn what_two_tablets_carry_stands_there_once() {
    let mut server = office();
    let mut first = Device::new(person(5), 5);
    first.sync(&mut server, days(1));
    let op = first.act(card(5), Payload::AssignWork(vec![line("A", day("2026-10-29"))]), days(2)).unwrap();
    first.sync(&mut server, days(2));
    let mut second = Device::new(person(5), 55);
    second.sync(&mut server, days(3));
    for one in [&mut first, &mut second] {
        let open = one.replica.view().to_carry(&november(5));
        one.act(Target::Card(november(5)), Payload::CarryWork(open), days(14)).unwrap();
    }
    first.sync(&mut server, days(15));
    second.sync(&mut server, days(15));
    first.sync(&mut server, days(16));
    assert_eq!(server.log_state.state().card(&november(5)).unwrap().lines().len(), 1);
    // Where it came from it is not changed any more, so that it counts once.
    let dated = Payload::ReportProgress { line: LineId::new(op, 0), progress: finished(day("2026-10-18")) };
    assert_eq!(first.act(card(5), dated, days(17)).unwrap_err().code, RefusalCode::WrongStage);
}

/// Who leaves with the month has no next card: all work counts here.
#[test]
fn work_of_somebody_who_leaves_is_not_lost() {
    let mut server = office();
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, days(1));
    official.act(card(5), Payload::AssignWork(vec![line("A", day("2026-10-29"))]), days(2)).unwrap();
    assert_eq!(official.replica.view().lines_after(&key(5)).len(), 1);
    let left = shared::org::Post { to: day("2026-10-31"), ..post(5) };
    administer(&mut server, Payload::PutPost(left));
    official.sync(&mut server, days(3));
    assert_eq!(official.replica.view().lines_after(&key(5)).len(), 0);
    official.act(card(5), Payload::SubmitSelfScore(self_score()), days(4)).unwrap();
    assert_eq!(work(official.replica.view(), &key(5)), ["Việc A"]);
}

/// What a superior gave and took off again, or changed, does not come back by being carried once more.
#[test]
fn what_was_taken_off_after_it_was_carried_is_not_carried_again() {
    for changed in [false, true] {
        let mut server = office();
        let [mut official, mut head, _] = official_head_chair();
        head.sync(&mut server, days(1));
        let op = head.act(card(5), Payload::AssignWork(vec![line("Giao", day("2026-10-29"))]), days(2)).unwrap();
        let given = LineId::new(op, 0);
        head.sync(&mut server, days(2));
        official.sync(&mut server, days(13));
        let open = official.replica.view().to_carry(&november(5));
        let carry = official.act(Target::Card(november(5)), Payload::CarryWork(open.clone()), days(14)).unwrap();
        official.sync(&mut server, days(14));
        head.sync(&mut server, days(15));
        let line = LineId::new(carry, 0);
        let act = if changed {
            let plan = NewLine { assigned: number("1"), ..open[0].plan.clone() };
            Payload::ReviseLine { line, plan }
        } else {
            Payload::RemoveLine { line, reason: "Thôi".to_owned() }
        };
        head.act(Target::Card(november(5)), act, days(15)).unwrap();
        head.sync(&mut server, days(15));
        official.sync(&mut server, days(16));
        assert!(official.replica.view().to_carry(&november(5)).is_empty());
        let again = official.act(Target::Card(november(5)), Payload::CarryWork(open), days(16)).unwrap_err();
        assert_eq!(again.code, RefusalCode::Unknown);
        // Nor is it brought back into the month from which it came.
        let dated = Payload::ReportProgress { line: given, progress: finished(day("2026-10-18")) };
        assert_eq!(official.act(card(5), dated, days(16)).unwrap_err().code, RefusalCode::WrongStage);
    }
}

/// Work of one's own may be taken off and carried once more: nothing is lost by a slip.
#[test]
fn own_work_taken_off_is_offered_again() {
    let mut server = office();
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, days(1));
    official.act(card(5), Payload::AssignWork(vec![line("A", day("2026-10-29"))]), days(2)).unwrap();
    let open = official.replica.view().to_carry(&november(5));
    let carry = official.act(Target::Card(november(5)), Payload::CarryWork(open.clone()), days(14)).unwrap();
    let removal = Payload::RemoveLine { line: LineId::new(carry, 0), reason: String::new() };
    official.act(Target::Card(november(5)), removal, days(15)).unwrap();
    assert_eq!(official.replica.view().to_carry(&november(5)), open);
    official.act(Target::Card(november(5)), Payload::CarryWork(open), days(15)).unwrap();
    assert!(official.replica.view().to_carry(&november(5)).is_empty());
}

/// The day on which somebody says that given work was finished takes undone work out of no period.
#[test]
fn given_work_without_a_due_day_stays_in_its_period() {
    let mut server = office();
    let [mut official, mut head, _] = official_head_chair();
    head.sync(&mut server, days(1));
    let op = head.act(card(5), Payload::AssignWork(vec![line("Giao", None)]), days(1)).unwrap();
    head.sync(&mut server, days(1));
    official.sync(&mut server, days(2));
    let nothing = Progress { completed: number("0"), ..finished(day("2026-10-21")) };
    official.act(card(5), Payload::ReportProgress { line: LineId::new(op, 0), progress: nothing }, days(2)).unwrap();
    official.act(card(5), Payload::SubmitSelfScore(self_score()), days(2)).unwrap();
    let state = official.replica.view();
    assert!(state.lines_after(&key(5)).is_empty());
    assert_eq!(work(state, &key(5)), ["Việc Giao"], "undone, it counts as undone");
}

/// Whoever carries a line has not given it: it is still for whoever gave it to evaluate and to change.
#[test]
fn carrying_a_line_makes_nobody_its_giver() {
    let mut server = office();
    let [mut official, mut head, mut chair] = official_head_chair();
    head.sync(&mut server, days(1));
    head.act(card(5), Payload::AssignWork(vec![line("Giao", day("2026-10-29"))]), days(2)).unwrap();
    head.sync(&mut server, days(2));
    chair.sync(&mut server, days(13));
    let open = chair.replica.view().to_carry(&november(5));
    chair.act(Target::Card(november(5)), Payload::CarryWork(open), days(14)).unwrap();
    chair.sync(&mut server, days(14));
    official.sync(&mut server, days(15));
    let lines = official.replica.view().card(&november(5)).unwrap().lines();
    let [carried] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((carried.added_by, carried.given_by(&[person(5)])), (person(4), person(4)));
}

/// Under two regulations beside each other, a line is carried to one card.
#[test]
fn a_line_is_carried_under_one_regulation() {
    let text = include_str!("../packs/nd335-congchuc.toml").replace("id = \"nd335-congchuc\"", "id = \"ban-sao\"");
    let copy = shared::pack::read_toml(&text).unwrap();
    let copy = shared::pack::learn(&copy.to_bytes()).unwrap();
    let mut server = office();
    let beside = PackAdoption { pack: copy.hash, id: copy.id.clone(), beside: true, cut_off: Some(20), ..adoption() };
    administer(&mut server, Payload::AdoptPack(beside));
    let [mut official, mut head, _] = official_head_chair();
    head.sync(&mut server, days(1));
    head.act(card(5), Payload::AssignWork(vec![line("Giao", day("2026-10-29"))]), days(2)).unwrap();
    head.sync(&mut server, days(2));
    official.sync(&mut server, days(13));
    let other = CardKey { pack: copy.hash, ..november(5) };
    let open = official.replica.view().to_carry(&other);
    assert_eq!(names(&open), ["Việc Giao"], "where nothing was carried yet, either takes it");
    official.act(Target::Card(november(5)), Payload::CarryWork(open.clone()), days(14)).unwrap();
    assert!(official.replica.view().to_carry(&other).is_empty());
    let twice = official.act(Target::Card(other), Payload::CarryWork(open), days(14)).unwrap_err();
    assert_eq!(twice.code, RefusalCode::Unknown);
}
