//! Stories of steps that an authority outside the system does: the province decides on a chairman, and the personnel
//! officer of the commune enters its decision.
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
use shared::ids::{PersonId, StepPlace};
use shared::num::Exact;
use shared::op::{
    Appraisal, Approval, Document, Payload, Publication, Reckoned, Refusal, RefusalCode, Register, Stage, Target,
};
use shared::org::{Rank, Standing};
use shared::pack::{Language, PackAdoption};
use shared::report::{person_years, unit_month, unit_quota};
use shared::state::{State, StepStatus};
use shared::time::{Day, Millis};
use shared::unit_period::Gap;

const CHAIR: u8 = 2;
const OFFICIAL: u8 = 5;
const PERSONNEL: u8 = 7;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// The commune without a head of the province: nobody in the system stands above the chairman.
fn without_province() -> Server {
    let mut server = Server::new();
    let mut clerk = Device::new(PersonId::SYSTEM, 99);
    let is_head = |payload: &Payload| matches!(payload, Payload::PutPost(one) if one.person == person(1));
    for payload in founding().into_iter().filter(|payload| !is_head(payload)) {
        clerk.act(Target::Org, payload, at(0)).unwrap();
    }
    clerk.sync(&mut server, at(0));
    server
}

/// An act of the office itself.
fn administer(server: &mut Server, device: u8, payload: Payload, now: Millis) {
    let mut clerk = Device::new(PersonId::SYSTEM, device);
    clerk.sync(server, now);
    clerk.act(Target::Org, payload, now).unwrap();
    clerk.sync(server, now);
    assert!(server.receipts.values().all(|receipt| receipt.decode().unwrap().verdict.counts()));
}

fn device(server: &mut Server, who: u8, now: Millis) -> Device {
    let mut device = Device::new(person(who), who);
    device.sync(server, now);
    device
}

fn document() -> Document {
    Document {
        number: "45/QĐ-UBND".to_owned(), day: day("2026-10-19"), authority: "Chủ tịch UBND tỉnh".to_owned()
    }
}

/// The decision of the province, as its document says.
fn decision(n: u8, total: Option<&str>, class: &str) -> Approval {
    let one = post(n);
    Approval {
        total: total.map(number),
        class: class.to_owned(),
        comment: String::new(),
        standing: Standing { unit: one.unit, rank: one.rank, title: one.title },
        led: Vec::new(),
        reckoned: None,
        document: Some(document()),
    }
}

fn decided(server: &Server, n: u8) -> Option<(Option<Exact>, String)> {
    let approval = server.log_state.state().card(&key(n))?.approval()?;
    Some((approval.total.clone(), approval.class.clone()))
}

/// The official scores himself, and the head marks.
fn marked(server: &mut Server, official: &mut Device, head: &mut Device) {
    work_a_month(official, OFFICIAL);
    official.sync(server, at(40));
    head.sync(server, at(41));
    let score = confirming(head, OFFICIAL, agreed());
    head.act(card(OFFICIAL), Payload::Appraise(APPRAISE, score), at(42)).unwrap();
    head.sync(server, at(43));
}

fn published(class: &str) -> Payload {
    Payload::Publish(Publication { class: class.to_owned(), document: None })
}

/// `card` names the chairman's way: who may do which step.
fn step<'a>(steps: &'a [shared::state::CardStep], id: &str) -> &'a shared::state::CardStep {
    steps.iter().find(|one| one.step.id == id).unwrap()
}

/// Issue 16: "any step done by an authority outside, entered with document number and date".
#[test]
fn the_province_decides_on_the_chairman_and_personnel_enters_it_without_a_network() {
    let mut server = without_province();
    let mut officer = device(&mut server, PERSONNEL, at(1));
    let view = officer.replica.view();
    let before = view.steps_of(person(PERSONNEL), &key(CHAIR), at(1).day());
    for id in ["appraise", "approve"] {
        assert!(step(&before, id).outside, "{id}: nobody here may do it");
        assert_eq!(step(&before, id).actors, [person(PERSONNEL)], "{id}: personnel enters it");
    }
    assert!(!step(&before, "self_score").outside && !step(&before, "publish").outside);
    let deciding = view.deciding(&key(CHAIR), person(PERSONNEL)).unwrap();
    assert!(deciding.outside && deciding.ready, "the document decides, whether or not its marks were entered");

    officer.act(card(CHAIR), Payload::Approve(APPROVE, decision(CHAIR, Some("92"), "HTXS")), at(2)).unwrap();
    officer.act(card(CHAIR), published("HTXS"), at(3)).unwrap();
    officer.sync(&mut server, at(4));
    assert_eq!(decided(&server, CHAIR), Some((Some(number("92")), "HTXS".to_owned())));

    // The person scored, the head of the office, and the files all say by which document.
    let chair = device(&mut server, CHAIR, at(5));
    let state = chair.replica.view();
    let known = state.result_for(person(CHAIR), &key(CHAIR)).decided.unwrap();
    assert_eq!((known.by, known.document), (person(PERSONNEL), Some(document())));
    let steps = state.steps_of(person(CHAIR), &key(CHAIR), at(5).day());
    assert_eq!(step(&steps, "appraise").status, StepStatus::Skipped);
    assert_eq!(step(&steps, "approve").document, Some(document()));
    let StepStatus::Done(Some((by, _))) = step(&steps, "approve").status else { panic!() };
    assert_eq!(by, person(PERSONNEL));
    everywhere(server.log_state.state(), Some("92"), "45/QĐ-UBND, ngày 19/10/2026, Chủ tịch UBND tỉnh");
}

/// The unit's table and file, the year, the report and the quota.
fn everywhere(state: &State, total: Option<&str>, words: &str) {
    let total = total.map(number);
    let month = unit_month(state, unit(2), OCTOBER, person(PERSONNEL));
    let row = month.rows.iter().find(|row| row.subject == person(CHAIR).into()).unwrap();
    assert_eq!((&row.approved.as_ref().unwrap().total, &row.document), (&total, &Some(document())));
    let csv = month.to_csv(Language::Vi);
    let line = csv.lines().find(|line| line.starts_with("Người Thử 2")).unwrap();
    let cells: Vec<&str> = line.split(';').collect();
    let written = total.as_ref().map(ToString::to_string).unwrap_or_default();
    assert_eq!((cells[12], cells[14], *cells.last().unwrap()), (&*written, &*written, words));
    let year = person_years(state, person(CHAIR), person(CHAIR), 2026).swap_remove(0);
    assert_eq!(year.periods[9].document, Some(document()));
    assert_eq!(year.periods[9].result.as_ref().unwrap().total, total);
    let quota = unit_quota(state, &month, false).unwrap();
    let counted = quota.iter().flat_map(|one| &one.groups).flat_map(|group| &group.members);
    let chair = counted.clone().find(|one| one.subject == person(CHAIR).into()).unwrap();
    assert_eq!((&chair.total, &chair.document), (&total, &Some(document())));
    let unit_period = shared::op::UnitPeriod { unit: unit(2), period: OCTOBER, pack: pack_hash() };
    let report = state.collection(&unit_period);
    let chair = report.results.iter().find(|one| one.subject == person(CHAIR).into()).unwrap();
    assert_eq!((&chair.total, &chair.document), (&total, &Some(document())));
    assert!(report.missing.iter().any(|one| one.gap == Gap::At(Stage::Working)), "the others have no result");
}

/// "A missing part never prints as a total or a class": a document may state the class alone.
#[test]
fn a_document_that_states_no_points_prints_no_points() {
    let mut server = without_province();
    let mut officer = device(&mut server, PERSONNEL, at(1));
    officer.act(card(CHAIR), Payload::Approve(APPROVE, decision(CHAIR, None, "HTT")), at(2)).unwrap();
    officer.act(card(CHAIR), published("HTT"), at(3)).unwrap();
    officer.sync(&mut server, at(4));
    assert_eq!(decided(&server, CHAIR), Some((None, "HTT".to_owned())));
    everywhere(server.log_state.state(), None, "45/QĐ-UBND, ngày 19/10/2026, Chủ tịch UBND tỉnh");
    let year = person_years(server.log_state.state(), person(CHAIR), person(CHAIR), 2026).swap_remove(0);
    let quarter = year.longer.iter().find(|one| one.period.to_string() == "2026-Q4").unwrap();
    assert!(quarter.outcome.as_ref().is_none_or(|made| made.total.is_none() || !made.missing.is_empty()));
}

#[test]
fn nobody_enters_what_is_not_theirs_and_nothing_half_written() {
    let mut server = without_province();
    let said = |approval: Approval| Payload::Approve(APPROVE, approval);
    let with = |change: fn(&mut Document)| {
        let mut approval = decision(CHAIR, Some("92"), "HTXS");
        approval.document.iter_mut().for_each(change);
        approval
    };
    let whole = || decision(CHAIR, Some("92"), "HTXS");
    let reckoned = Some(Reckoned { total: number("90"), class: "HTXS".to_owned(), reason: "vì".to_owned() });
    let table: Vec<(u8, u8, Approval, RefusalCode, &str)> = vec![
        (4, CHAIR, whole(), RefusalCode::NotEntitled, "actor"),
        (CHAIR, CHAIR, whole(), RefusalCode::NotEntitled, "actor"),
        // Somebody in the system decides on these.
        (PERSONNEL, OFFICIAL, decision(OFFICIAL, Some("92"), "HTXS"), RefusalCode::NotEntitled, "actor"),
        (PERSONNEL, PERSONNEL, decision(PERSONNEL, Some("92"), "HTXS"), RefusalCode::NotEntitled, "actor"),
        (PERSONNEL, CHAIR, Approval { document: None, ..whole() }, RefusalCode::NotEntitled, "actor"),
        (PERSONNEL, CHAIR, with(|one| one.number = " ".to_owned()), RefusalCode::Missing, "document.number"),
        (PERSONNEL, CHAIR, with(|one| one.authority = String::new()), RefusalCode::Missing, "document.authority"),
        (PERSONNEL, CHAIR, with(|one| one.day = day("2026-10-21")), RefusalCode::OutOfRange, "document.day"),
        (PERSONNEL, CHAIR, with(|one| one.day = day("2026-09-30")), RefusalCode::OutOfRange, "document.day"),
        (PERSONNEL, CHAIR, decision(CHAIR, Some("92"), "A"), RefusalCode::Unknown, "class"),
        (PERSONNEL, CHAIR, decision(CHAIR, Some("92"), ""), RefusalCode::Missing, "class"),
        (PERSONNEL, CHAIR, decision(CHAIR, Some("100.5"), "HTXS"), RefusalCode::OutOfRange, "total"),
        (PERSONNEL, CHAIR, Approval { reckoned, ..whole() }, RefusalCode::Malformed, "reckoned"),
    ];
    for (actor, subject, approval, code, field) in table {
        let mut device = device(&mut server, actor, at(1));
        let refused: Refusal = device.act(card(subject), said(approval), at(2)).unwrap_err();
        assert_eq!((refused.code, &*refused.field), (code, field), "{actor} on {subject}");
    }
}

/// "Never for the personnel officer's own card": where nobody is above, and the only keeper is the person scored.
#[test]
fn the_personnel_officer_never_enters_the_own_result() {
    let mut server = without_province();
    administer(&mut server, 97, Payload::AdoptPack(outside(&["appraise", "approve"])), at(1));
    let mut officer = device(&mut server, PERSONNEL, at(2));
    let own = Payload::Approve(APPROVE, decision(PERSONNEL, Some("100"), "HTXS"));
    assert_eq!(officer.act(card(PERSONNEL), own, at(3)).unwrap_err().code, RefusalCode::NotEntitled);
    let state = officer.replica.view();
    let steps = state.steps_of(person(PERSONNEL), &key(PERSONNEL), at(3).day());
    assert!(step(&steps, "approve").actors.is_empty(), "nobody is told to do it");
    assert!(state.deciding(&key(PERSONNEL), person(PERSONNEL)).is_none());
}

/// The province's adoption, by which these steps are done outside.
fn outside(steps: &[&str]) -> PackAdoption {
    PackAdoption { outside: steps.iter().map(|step| (*step).to_owned()).collect(), ..adoption() }
}

#[test]
fn somebody_who_comes_into_the_system_later_may_contest_what_was_entered() {
    let mut server = without_province();
    let mut officer = device(&mut server, PERSONNEL, at(1));
    officer.act(card(CHAIR), Payload::Approve(APPROVE, decision(CHAIR, Some("92"), "HTXS")), at(2)).unwrap();
    officer.sync(&mut server, at(3));
    administer(&mut server, 98, Payload::PutPost(post(1)), at(4));

    let mut province = device(&mut server, 1, at(5));
    let back =
        Payload::ReturnCard { to: Stage::Working, reason: "Quyết định ghi HTT, không phải HTXS".to_owned() };
    province.act(card(CHAIR), back, at(6)).unwrap();
    province.sync(&mut server, at(7));
    assert_eq!(decided(&server, CHAIR), None);
    officer.sync(&mut server, at(8));
    let again = Payload::Approve(APPROVE, decision(CHAIR, Some("92"), "HTXS"));
    let refused = officer.act(card(CHAIR), again, at(9)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotEntitled, "now somebody here decides");
}

#[test]
fn two_who_enter_it_without_seeing_each_other_are_asked_which_counts() {
    let mut server = without_province();
    let mut second = post(6);
    second.personnel = true;
    administer(&mut server, 97, Payload::PutPost(second), at(0));
    let mut devices = [device(&mut server, PERSONNEL, at(1)), device(&mut server, 6, at(1))];
    for (one, class) in devices.iter_mut().zip(["HTXS", "HTT"]) {
        one.act(card(CHAIR), Payload::Approve(APPROVE, decision(CHAIR, Some("90"), class)), at(2)).unwrap();
        one.sync(&mut server, at(3));
    }
    let register = Register::Approval(APPROVE);
    let contested = server.log_state.state().card(&key(CHAIR)).unwrap();
    assert!(contested.is_contested(&register) && contested.approval().is_none(), "neither is the result");
    let [first, _] = &mut devices;
    first.sync(&mut server, at(4));
    let card_now = first.replica.view().card(&key(CHAIR)).unwrap();
    let choice = card_now.versions(&register).iter().find(|one| one.actor == person(6)).unwrap().op;
    let reason = "Bản chính ghi HTT".to_owned();
    first.act(card(CHAIR), Payload::Resolve { register, choice, reason }, at(5)).unwrap();
    first.sync(&mut server, at(6));
    assert_eq!(decided(&server, CHAIR).unwrap().1, "HTT");
}

#[test]
fn personnel_takes_back_what_was_entered_wrongly_and_nothing_else() {
    let mut server = without_province();
    let mut officer = device(&mut server, PERSONNEL, at(1));
    officer.act(card(CHAIR), Payload::Approve(APPROVE, decision(CHAIR, Some("29"), "HTXS")), at(2)).unwrap();
    officer.act(card(CHAIR), published("HTXS"), at(3)).unwrap();
    let back = |to| Payload::ReturnCard { to, reason: "Gõ nhầm 92 thành 29".to_owned() };
    officer.act(card(CHAIR), back(Stage::Working), at(4)).unwrap();
    officer.act(card(CHAIR), Payload::Approve(APPROVE, decision(CHAIR, Some("92"), "HTXS")), at(5)).unwrap();
    officer.sync(&mut server, at(6));
    assert_eq!(decided(&server, CHAIR), Some((Some(number("92")), "HTXS".to_owned())));
    // The official's card was marked by the head: that is not the officer's.
    let [mut official, mut head, _] = official_head_chair();
    official.sync(&mut server, at(7));
    marked(&mut server, &mut official, &mut head);
    officer.sync(&mut server, at(44));
    let refused = officer.act(card(OFFICIAL), back(Stage::Working), at(45)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotEntitled);
}

/// The adoption may say that a step is done outside although somebody here holds the post: marks by the party committee,
/// the decision by the chairman.
#[test]
fn marks_from_outside_are_entered_as_the_document_says_and_decided_here() {
    let mut server = founded();
    administer(&mut server, 97, Payload::AdoptPack(outside(&["appraise"])), at(1));
    let [mut official, mut head, mut chair] = official_head_chair();
    official.sync(&mut server, at(2));
    work_a_month(&mut official, OFFICIAL);
    official.sync(&mut server, at(40));
    head.sync(&mut server, at(41));
    let mark = |appraisal| Payload::Appraise(APPRAISE, appraisal);
    let scored = confirming(&head, OFFICIAL, appraisal("II.1", "2", "Cần học thêm"));
    let refused = head.act(card(OFFICIAL), mark(scored.clone()), at(42)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotEntitled, "the office said that this is done outside");

    let mut officer = device(&mut server, PERSONNEL, at(43));
    let marking = officer.replica.view().marking(&key(OFFICIAL), person(PERSONNEL)).unwrap();
    assert!(marking.outside && marking.ready && !marking.apart);
    // A mark that differs needs no other reason than the document.
    let mut bare = Appraisal { document: Some(document()), ..scored };
    bare.marks.get_mut("II.1").unwrap().reason.clear();
    officer.act(card(OFFICIAL), mark(bare), at(44)).unwrap();
    officer.sync(&mut server, at(45));
    let steps = server.log_state.state().steps_of(person(2), &key(OFFICIAL), at(45).day());
    assert_eq!(step(&steps, "appraise").document, Some(document()));

    chair.sync(&mut server, at(46));
    let seen = chair.replica.view().approval(&key(OFFICIAL)).unwrap();
    assert_eq!((&seen.document, &seen.reckoned), (&None, &None));
    chair.act(card(OFFICIAL), Payload::Approve(APPROVE, seen.clone()), at(47)).unwrap();
    chair.sync(&mut server, at(48));
    assert_eq!(decided(&server, OFFICIAL).unwrap().0, seen.total);
    assert_eq!(Rank::Staff, seen.standing.rank);
}

/// The notice is given outside, and the chairman, who decided, gave it here all the same. Personnel takes back only a notice that
/// was entered by a document.
#[test]
fn personnel_does_not_take_back_a_notice_that_was_given_here() {
    let mut server = founded();
    administer(&mut server, 97, Payload::AdoptPack(outside(&["publish"])), at(1));
    let [mut official, mut head, mut chair] = official_head_chair();
    official.sync(&mut server, at(2));
    let mut officer = device(&mut server, PERSONNEL, at(3));
    marked(&mut server, &mut official, &mut head);
    chair.sync(&mut server, at(44));
    let decision = chair.replica.view().approval(&key(OFFICIAL)).unwrap();
    let class = decision.class.clone();
    chair.act(card(OFFICIAL), Payload::Approve(APPROVE, decision), at(45)).unwrap();
    chair.act(card(OFFICIAL), published(&class), at(46)).unwrap();
    chair.sync(&mut server, at(47));
    officer.sync(&mut server, at(48));
    let back = Payload::ReturnCard { to: Stage::Approved, reason: "Gửi nhầm".to_owned() };
    let refused = officer.act(card(OFFICIAL), back.clone(), at(49)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotEntitled);
    chair.act(card(OFFICIAL), back.clone(), at(50)).unwrap();
    chair.sync(&mut server, at(51));
    officer.sync(&mut server, at(52));
    let notice = Payload::Publish(Publication { class, document: Some(document()) });
    officer.act(card(OFFICIAL), notice, at(53)).unwrap();
    officer.act(card(OFFICIAL), back, at(54)).unwrap();
}

/// A document counts for the kind of step that it was entered for: personnel, who enters marks or that a result was made known,
/// neither decides by one nor marks over whoever marks here.
#[test]
fn a_document_for_one_kind_of_step_is_none_for_another() {
    let publish = rules().steps.iter().position(|step| step.id == "publish").unwrap();
    let publish = StepPlace(u8::try_from(publish).unwrap());
    for (steps, place) in [(["publish"], publish), (["appraise"], APPRAISE)] {
        let mut server = founded();
        administer(&mut server, 97, Payload::AdoptPack(outside(&steps)), at(1));
        let [mut official, mut head, mut chair] = official_head_chair();
        official.sync(&mut server, at(2));
        work_a_month(&mut official, OFFICIAL);
        official.sync(&mut server, at(40));
        if place == publish {
            head.sync(&mut server, at(41));
            let score = confirming(&head, OFFICIAL, agreed());
            head.act(card(OFFICIAL), Payload::Appraise(APPRAISE, score), at(42)).unwrap();
            head.sync(&mut server, at(43));
            chair.sync(&mut server, at(44));
            let seen = chair.replica.view().approval(&key(OFFICIAL)).unwrap();
            chair.act(card(OFFICIAL), Payload::Approve(APPROVE, seen), at(45)).unwrap();
            chair.sync(&mut server, at(46));
        }
        let before = decided(&server, OFFICIAL);
        let mut officer = device(&mut server, PERSONNEL, at(47));
        let decision = Payload::Approve(place, decision(OFFICIAL, Some("100"), "HTXS"));
        assert_eq!(officer.act(card(OFFICIAL), decision, at(48)).unwrap_err().code, RefusalCode::NotEntitled);
        let marks = Appraisal { document: Some(document()), ..confirming(&officer, OFFICIAL, agreed()) };
        if place == publish {
            let marks = Payload::Appraise(place, marks);
            assert_eq!(officer.act(card(OFFICIAL), marks, at(49)).unwrap_err().code, RefusalCode::NotEntitled);
        }
        officer.sync(&mut server, at(50));
        assert_eq!(decided(&server, OFFICIAL), before);
    }
}

fn rules() -> &'static shared::pack::Pack {
    shared::pack::pinned(&pack_hash()).unwrap()
}

/// Nobody marked in the office: the document decides straight on what the official scored.
#[test]
fn a_document_decides_straight_on_a_self_score() {
    let mut server = founded();
    administer(&mut server, 97, Payload::AdoptPack(outside(&["appraise", "approve"])), at(1));
    let [mut official, ..] = official_head_chair();
    official.sync(&mut server, at(2));
    work_a_month(&mut official, OFFICIAL);
    official.sync(&mut server, at(40));
    let mut officer = device(&mut server, PERSONNEL, at(41));
    officer.act(card(OFFICIAL), Payload::Approve(APPROVE, decision(OFFICIAL, Some("92"), "HTT")), at(42)).unwrap();
    officer.sync(&mut server, at(43));
    assert_eq!(decided(&server, OFFICIAL), Some((Some(number("92")), "HTT".to_owned())));
}
