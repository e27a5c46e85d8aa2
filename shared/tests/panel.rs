//! Stories of a panel: a scoring team whose members mark each in a slot of their own, and its one result.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

mod common;

use common::*;
use shared::fixture;
use shared::ids::{MandateId, PersonId, StepPlace};
use shared::op::{
    Appraisal, CardKey, EventStated, Mark, Payload, Refusal, RefusalCode, Register, Stage, Stated, Target,
};
use shared::org::{Mandate, Task};
use shared::pack::{self, Pack, PackAdoption};
use shared::procedure::Panel;
use shared::state::{State, StepStatus};
use shared::time::Day;

const TEAM: &str = r#"by = [{ member = "scoring_team" }]
per = "actor"
tally = "mean"
quorum = "2/3"
blind = true
builds_on = "self_score"
reason_when = "differs""#;

/// What the decree says of that step, in place of which the team stands.
const HEAD: &str = r#"by = [{ head = "own_unit" }]
builds_on = "self_score"
reason_when = "differs""#;

const BODY: &str = r#"[[bodies]]
id = "scoring_team"
title.vi = "Tổ chấm điểm"
title.en = "Scoring team"
clause = "Đ.10(1)"

[[steps]]
id = "appraise""#;

/// The decree's month, appraised by a team of four: 4 leads it, 3 keeps its papers, 6 and 7 are members.
fn rules(team: &str) -> &'static Pack {
    let text = include_str!("../packs/nd335-congchuc.toml");
    let text = text.replace(HEAD, team).replace("[[steps]]\nid = \"appraise\"", BODY);
    pack::learn(&pack::read_toml(&text).expect("a pack").to_bytes()).expect("it reads again")
}

fn with_team(pack: &Pack) -> Server {
    let mut server = Server::new();
    let mut clerk = Device::new(PersonId::SYSTEM, 99);
    let founding = founding().into_iter().filter(|payload| !matches!(payload, Payload::AdoptPack(_)));
    let adoption = PackAdoption { pack: pack.hash, ..fixture::adoption() };
    let seats = [(4, Task::Chair), (3, Task::Secretary), (6, Task::Member), (7, Task::Member), (5, Task::Member)];
    let seats = seats.map(|(n, task)| {
        Payload::PutMandate(Mandate {
            id: MandateId::from_bytes([n; 16]),
            person: person(n),
            unit: unit(2),
            task,
            word: "scoring_team".to_owned(),
            subject: None,
            from: Day::parse("2026-01-01").unwrap(),
            to: None,
            decision: "QĐ 5/QĐ-UBND".to_owned(),
        })
    });
    for payload in founding.chain([Payload::AdoptPack(adoption)]).chain(seats) {
        clerk.act(Target::Org, payload, at(0)).unwrap();
    }
    clerk.sync(&mut server, at(0));
    server
}

fn of_team(pack: &Pack) -> CardKey {
    CardKey { pack: pack.hash, ..key(5) }
}

/// The official, 5, has submitted; the devices of the team know it.
fn submitted(team: &str) -> (CardKey, Server, Device, [Device; 4]) {
    let pack = rules(team);
    let key = of_team(pack);
    let mut server = with_team(pack);
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, at(1));
    official.act(Target::Card(key.clone()), Payload::SubmitSelfScore(self_score()), at(2)).unwrap();
    official.sync(&mut server, at(3));
    let mut team = [4, 3, 6, 7].map(|n| Device::new(person(n), n));
    for device in &mut team {
        device.sync(&mut server, at(4));
    }
    (key, server, official, team)
}

fn marks(value: &str) -> Appraisal {
    appraisal("I.1", value, "vì thế")
}

fn fill(device: &mut Device, key: &CardKey, value: &str) -> Result<(), Refusal> {
    device.act(Target::Card(key.clone()), Payload::FillSlot(APPRAISE, marks(value)), at(10)).map(drop)
}

fn close(device: &mut Device, key: &CardKey, value: &str) -> Result<(), Refusal> {
    device.act(Target::Card(key.clone()), Payload::Appraise(APPRAISE, marks(value)), at(20)).map(drop)
}

fn step(state: &State, reader: u8, key: &CardKey) -> (StepStatus, Option<(usize, usize)>, Vec<PersonId>) {
    let steps = state.steps_of(person(reader), key, Day::parse("2026-10-25").unwrap());
    let one = steps.into_iter().find(|one| one.step.id == "appraise").unwrap();
    (one.status, one.marked, one.actors)
}

fn sees(state: &State, reader: u8, key: &CardKey, member: u8) -> bool {
    state.may_see(person(reader), key, &Register::Slot(APPRAISE, person(member)))
}

/// Three of four mark offline, one is away: two thirds are enough. The person scored is a member, and is left out.
#[test]
fn a_team_marks_apart_and_the_mean_is_its_result() {
    let (key, mut server, mut official, [mut chair, mut secretary, mut member, mut away]) = submitted(TEAM);
    fill(&mut chair, &key, "4").unwrap();
    fill(&mut secretary, &key, "5").unwrap();
    fill(&mut member, &key, "4.5").unwrap();
    let early = close(&mut chair, &key, "4").unwrap_err();
    assert_eq!((early.code, early.field.as_str()), (RefusalCode::Missing, "members"), "one of four is not enough");
    for device in [&mut chair, &mut secretary, &mut member] {
        device.sync(&mut server, at(15));
    }
    chair.sync(&mut server, at(16));
    let state = server.log_state.state();
    assert_eq!(step(state, 4, &key), (StepStatus::Open, Some((3, 4)), vec![person(7)]));
    assert_eq!(state.card(&key).unwrap().stage(), Stage::SelfScored, "three marks are no result");
    assert!(sees(state, 6, &key, 6) && !sees(state, 6, &key, 3), "a member sees the own marks only");
    assert!(sees(state, 4, &key, 3), "whoever closes it sees them once the own are given");
    assert!(!sees(state, 5, &key, 3) && !sees(state, 7, &key, 3));

    let panel = state.panel(&key, APPRAISE).unwrap();
    let result = panel.result(&agreed(), "Trung bình của 3 thành viên");
    assert_eq!(result.marks.get("I.1").unwrap().value, number("4.5"));
    assert_eq!(close(&mut member, &key, "4.5").unwrap_err().code, RefusalCode::NotEntitled);
    close(&mut chair, &key, "4.5").unwrap();
    chair.sync(&mut server, at(21));

    // What is marked later does not count, and its author is told.
    fill(&mut away, &key, "1").unwrap();
    away.sync(&mut server, at(30));
    let told = away
        .replica
        .own()
        .last()
        .unwrap()
        .receipt
        .as_ref()
        .and_then(|told| told.verdict.refusal())
        .map(|refusal| refusal.code);
    assert_eq!(told, Some(RefusalCode::WrongStage));
    member.sync(&mut server, at(31));
    official.sync(&mut server, at(32));
    let state = member.replica.view();
    assert_eq!(step(state, 6, &key).0, StepStatus::Done(Some((person(4), at(20).day()))));
    assert!(sees(state, 6, &key, 3), "after its result the team's marks are open to the team");
    assert!(!sees(official.replica.view(), 5, &key, 3), "the person learns it with the publication");
    assert_eq!(official.replica.view().card_hash(&key), state.card_hash(&key));
}

/// Whoever closes a panel signs its mean, of all the marks that are there.
#[test]
fn nobody_signs_another_result_than_that_of_the_slots() {
    let (key, mut server, _, [mut chair, mut secretary, mut member, _]) = submitted(TEAM);
    for (device, value) in [(&mut chair, "4"), (&mut secretary, "5"), (&mut member, "4.5")] {
        fill(device, &key, value).unwrap();
        device.sync(&mut server, at(15));
    }
    chair.sync(&mut server, at(16));
    let forged = close(&mut chair, &key, "5").unwrap_err();
    assert_eq!((forged.code, forged.field.as_str()), (RefusalCode::ResultDiffers, "marks.I.1"));
    let mut invented = marks("4.5");
    invented.facts = named(&[("disciplined", shared::op::FactValue::Flag(true))]);
    let invented = chair.act(Target::Card(key.clone()), Payload::Appraise(APPRAISE, invented), at(20)).unwrap_err();
    assert_eq!(invented.field, "facts.disciplined");
    // The secretary marks anew; the chair, who has not seen it, closes. The server has the later marks.
    fill(&mut secretary, &key, "3").unwrap();
    secretary.sync(&mut server, at(17));
    close(&mut chair, &key, "4.5").unwrap();
    chair.sync(&mut server, at(21));
    let told = chair
        .replica
        .own()
        .last()
        .unwrap()
        .receipt
        .as_ref()
        .and_then(|told| told.verdict.refusal())
        .map(|refusal| refusal.code);
    assert_eq!(told, Some(RefusalCode::Stale));
    assert_eq!(server.log_state.state().card(&key).unwrap().stage(), Stage::SelfScored);
}

/// A text that lets the members agree: on no mark above the highest or below the lowest that one of them gave.
#[test]
fn members_agree_between_what_they_gave() {
    let (key, mut server, _, [mut chair, mut secretary, mut member, mut other]) =
        submitted(&TEAM.replace("mean", "agreed").replace("quorum = \"2/3\"\n", ""));
    for (device, value) in [(&mut chair, "4"), (&mut secretary, "4.5"), (&mut member, "4.5")] {
        fill(device, &key, value).unwrap();
        device.sync(&mut server, at(15));
    }
    secretary.sync(&mut server, at(16));
    assert_eq!(close(&mut secretary, &key, "4.5").unwrap_err().field, "members", "all must have marked");
    other.sync(&mut server, at(17));
    fill(&mut other, &key, "4").unwrap();
    other.sync(&mut server, at(18));
    secretary.sync(&mut server, at(19));
    assert_eq!(step(secretary.replica.view(), 3, &key).2, vec![person(3), person(4)], "now it is for these two");
    for outside in ["3.5", "5"] {
        assert_eq!(close(&mut secretary, &key, outside).unwrap_err().code, RefusalCode::ResultDiffers, "{outside}");
    }
    close(&mut secretary, &key, "4.25").unwrap();
}

/// The person may not take the self-score back while the team marks; nor may one member send everybody's marks away.
#[test]
fn what_a_team_has_marked_is_not_taken_away() {
    let (key, mut server, mut official, [mut chair, mut secretary, mut member, _]) = submitted(TEAM);
    fill(&mut secretary, &key, "4").unwrap();
    secretary.sync(&mut server, at(15));
    official.sync(&mut server, at(16));
    member.sync(&mut server, at(16));
    chair.sync(&mut server, at(16));
    let back = Payload::WithdrawSelfScore { reason: "Nhầm".to_owned() };
    assert_eq!(official.act(Target::Card(key.clone()), back, at(17)).unwrap_err().code, RefusalCode::WrongStage);
    let back = || Payload::ReturnCard { to: Stage::Working, reason: "Thiếu minh chứng".to_owned() };
    assert_eq!(member.act(Target::Card(key.clone()), back(), at(17)).unwrap_err().code, RefusalCode::NotEntitled);
    chair.act(Target::Card(key.clone()), back(), at(17)).unwrap();
    chair.sync(&mut server, at(18));
    let card = server.log_state.state().card(&key).unwrap();
    assert_eq!(card.stage(), Stage::Working);
    assert!(!card.holds(&Register::Slot(APPRAISE, person(3))), "the team marks anew");
}

/// A result that is taken back takes the marks with it, and the team marks again.
#[test]
fn a_result_that_goes_back_opens_the_slots() {
    let (key, mut server, _, [mut chair, mut secretary, mut member, _]) = submitted(TEAM);
    for device in [&mut chair, &mut secretary, &mut member] {
        fill(device, &key, "4").unwrap();
        device.sync(&mut server, at(15));
    }
    chair.sync(&mut server, at(16));
    close(&mut chair, &key, "4").unwrap();
    let back = Payload::ReturnCard { to: Stage::SelfScored, reason: "Chấm nhầm mục I.1".to_owned() };
    chair.act(Target::Card(key.clone()), back, at(21)).unwrap();
    fill(&mut chair, &key, "5").unwrap();
    chair.sync(&mut server, at(22));
    assert_eq!(step(server.log_state.state(), 4, &key).1, Some((1, 4)));
}

/// A closed result is undone by those who close it, not by a member who only marked.
#[test]
fn a_member_does_not_take_back_what_the_chair_has_closed() {
    let (key, mut server, _, [mut chair, mut secretary, mut member, _]) = submitted(TEAM);
    for device in [&mut chair, &mut secretary, &mut member] {
        fill(device, &key, "4").unwrap();
        device.sync(&mut server, at(15));
    }
    chair.sync(&mut server, at(16));
    close(&mut chair, &key, "4").unwrap();
    chair.sync(&mut server, at(21));
    for device in [&mut secretary, &mut member] {
        device.sync(&mut server, at(22));
    }
    let back = || Payload::ReturnCard { to: Stage::SelfScored, reason: "Chấm nhầm mục I.1".to_owned() };
    let refused = member.act(Target::Card(key.clone()), back(), at(23)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotEntitled);
    secretary.act(Target::Card(key.clone()), back(), at(23)).unwrap();
}

/// Of a blind panel, whoever closes it sees the others' marks once it can be closed, not as soon as the own are given.
#[test]
fn blind_marks_open_to_the_chair_when_enough_are_there() {
    let (key, mut server, _, [mut chair, mut secretary, mut member, _]) = submitted(TEAM);
    for device in [&mut chair, &mut secretary] {
        fill(device, &key, "4").unwrap();
        device.sync(&mut server, at(15));
    }
    assert!(!sees(server.log_state.state(), 4, &key, 3), "two of four are not enough");
    fill(&mut member, &key, "4").unwrap();
    member.sync(&mut server, at(16));
    let state = server.log_state.state();
    assert!(sees(state, 4, &key, 3) && !sees(state, 6, &key, 3));
}

/// The official, 5, has submitted under a text with these steps between the self-score and the end.
fn submitted_under(before: &str, without_decision: bool) -> (CardKey, Server) {
    let text = include_str!("../packs/nd335-congchuc.toml");
    let mut text = text.replace(HEAD, TEAM).replace("[[steps]]\nid = \"appraise\"", BODY);
    if !before.is_empty() {
        text = text.replace("[[steps]]\nid = \"appraise\"", &format!("{before}[[steps]]\nid = \"appraise\""));
        text = text.replace("after = [\"self_score\"]\nby = [{ member", "after = [\"review\"]\nby = [{ member");
    }
    if without_decision {
        let (start, rest) = text.split_once("[[steps]]\nid = \"approve\"").unwrap();
        let (_, end) = rest.split_once("[[steps]]").unwrap();
        text = format!("{start}[[steps]]{end}").replace("after = [\"approve\"]", "after = [\"appraise\"]");
    }
    let pack = pack::learn(&pack::read_toml(&text).expect("a pack").to_bytes()).expect("it reads again");
    let (key, mut server) = (of_team(pack), with_team(pack));
    let mut official = Device::new(person(5), 5);
    official.sync(&mut server, at(1));
    official.act(Target::Card(key.clone()), Payload::SubmitSelfScore(self_score()), at(2)).unwrap();
    official.sync(&mut server, at(3));
    (key, server)
}

/// The head of the section scores first and is in the team as well. Left out by the head alone, that step would hold up the
/// other members for ever: nobody would be led to it any more.
#[test]
fn nobody_leaves_out_the_step_before_a_panel() {
    const REVIEW: &str = "[[steps]]\nid = \"review\"\nverb = \"mark\"\ntitle.vi = \"Bước\"\ntitle.en = \"Step\"\n\
                          after = [\"self_score\"]\nby = [{ head = \"own_unit\" }]\nclause = \"Đ.1\"\n\n";
    let (key, mut server) = submitted_under(REVIEW, false);
    let place = |id: &str| {
        let steps = &pack::pinned(&key.pack).unwrap().steps;
        StepPlace(u8::try_from(steps.iter().position(|step| step.id == id).unwrap()).unwrap())
    };
    let mut head = Device::new(person(4), 4);
    head.sync(&mut server, at(4));
    let own = Payload::FillSlot(place("appraise"), marks("4"));
    assert_eq!(head.act(Target::Card(key.clone()), own.clone(), at(10)).unwrap_err().code, RefusalCode::WrongStage);
    let led = |device: &Device| device.replica.view().marking(&key, person(4)).unwrap();
    assert_eq!(led(&head).step, place("review"));
    head.act(Target::Card(key.clone()), Payload::Appraise(place("review"), marks("4")), at(11)).unwrap();
    assert_eq!((led(&head).step, led(&head).ready, led(&head).apart), (place("appraise"), true, true));
    head.act(Target::Card(key.clone()), own, at(12)).unwrap();
}

/// Where the text has no decision, whoever closes the panel signs what follows from its marks. The absent are asked no more.
#[test]
fn whoever_closes_a_panel_signs_where_nobody_decides() {
    let (key, mut server) = submitted_under("", true);
    let mut team = [4, 3, 6].map(|n| Device::new(person(n), n));
    for device in &mut team {
        device.sync(&mut server, at(4));
        fill(device, &key, "4").unwrap();
        device.sync(&mut server, at(15));
    }
    let [mut chair, _, _] = team;
    chair.sync(&mut server, at(16));
    close(&mut chair, &key, "4").unwrap();
    chair.sync(&mut server, at(21));
    let state = server.log_state.state();
    assert_eq!(step(state, 4, &key).2, vec![person(3), person(4)], "7 has not marked, and need not any more");
    let signs = [3, 4, 6, 7].map(|n| state.deciding(&key, person(n)).is_some());
    assert_eq!(signs, [true, true, false, false]);
}

/// A text that asks a reason for every mark asks it of the mean as well, also where it is what the person gave.
#[test]
fn the_result_that_the_screen_offers_has_the_reasons_that_the_step_asks_for() {
    for (when, expected) in [("always", "Trung bình"), ("below_max", "Trung bình"), ("never", ""), ("differs", "")] {
        let (key, mut server, _, [mut chair, ..]) = submitted(&TEAM.replace("differs", when));
        let mut own = marks("4");
        own.marks.values_mut().for_each(|mark| mark.reason = "vì thế".to_owned());
        chair.act(Target::Card(key.clone()), Payload::FillSlot(APPRAISE, own), at(10)).unwrap();
        chair.sync(&mut server, at(15));
        let panel = server.log_state.state().panel(&key, APPRAISE).unwrap();
        let result = panel.result(&marks("4"), "Trung bình");
        assert_eq!(result.marks.get("I.1").unwrap().reason, expected, "{when}");
    }
}

/// One member on two devices that do not know each other: both marks are kept, and the member chooses.
#[test]
fn two_marks_of_one_member_wait_for_a_choice() {
    let (key, mut server, _, [mut chair, mut secretary, mut member, mut other]) = submitted(TEAM);
    for (device, value) in [(&mut chair, "4"), (&mut secretary, "4"), (&mut member, "4"), (&mut other, "4")] {
        fill(device, &key, value).unwrap();
        device.sync(&mut server, at(15));
    }
    let mut second = Device::new(person(7), 77);
    second.sync(&mut server, at(16));
    fill(&mut other, &key, "3").unwrap();
    fill(&mut second, &key, "2").unwrap();
    other.sync(&mut server, at(17));
    second.sync(&mut server, at(18));
    chair.sync(&mut server, at(19));
    let slot = Register::Slot(APPRAISE, person(7));
    assert!(server.log_state.state().card(&key).unwrap().is_contested(&slot));
    assert_eq!(close(&mut chair, &key, "4").unwrap_err().code, RefusalCode::Contested);
    let choice = second.replica.view().card(&key).unwrap().versions(&slot).first().unwrap().op;
    let choose = Payload::Resolve { register: slot.clone(), choice, reason: String::new() };
    assert_eq!(
        chair.act(Target::Card(key.clone()), choose.clone(), at(20)).unwrap_err().code,
        RefusalCode::NotEntitled
    );
    second.sync(&mut server, at(20));
    second.act(Target::Card(key.clone()), choose, at(21)).unwrap();
    second.sync(&mut server, at(22));
    assert!(!server.log_state.state().card(&key).unwrap().is_contested(&slot));
}

/// The mark of a member is judged as that of any superior.
#[test]
fn the_mark_of_a_member_needs_its_reason_and_its_limits() {
    let (key, _, _, [mut chair, ..]) = submitted(TEAM);
    let mut bare = Appraisal { marks: marks("4").marks, ..Appraisal::default() };
    bare.marks.insert("I.1".to_owned(), Mark { value: number("4"), reason: String::new() });
    let refused = |device: &mut Device, score: Appraisal| {
        device.act(Target::Card(key.clone()), Payload::FillSlot(APPRAISE, score), at(10)).unwrap_err().code
    };
    assert_eq!(refused(&mut chair, bare), RefusalCode::ReasonRequired);
    assert_eq!(refused(&mut chair, marks("6")), RefusalCode::OutOfRange);
    let document =
        shared::op::Document { number: "1/QĐ".to_owned(), day: at(10).day(), authority: "Tỉnh".to_owned() };
    let outside = Appraisal { document: Some(document), ..marks("4") };
    assert_eq!(refused(&mut chair, outside), RefusalCode::Malformed, "a member is no authority outside");
    let mut official = Device::new(person(5), 5);
    let (_, mut server, ..) = submitted(TEAM);
    official.sync(&mut server, at(9));
    assert_eq!(refused(&mut official, marks("4")), RefusalCode::NotEntitled, "nobody marks themselves");
}

/// A deduction that most members state is in the result, with the words of the first of them; one that a single member
/// states is not.
#[test]
fn what_most_members_state_happened() {
    let step = rules(TEAM).step("appraise").unwrap();
    let stating = |events: &[(&str, &str)]| {
        let event = |(code, reason): &(&str, &str)| {
            ((*code).to_owned(), EventStated { count: 1, reason: (*reason).to_owned(), ..EventStated::default() })
        };
        let stated = Stated { events: events.iter().map(event).collect(), ..Stated::default() };
        Appraisal { stated, ..agreed() }
    };
    let slots = [stating(&[("late", "BB 1")]), stating(&[("late", "BB 1"), ("fire", "tin đồn")]), agreed()];
    let members = [3, 4, 6].map(person).to_vec();
    let filled = members.iter().copied().zip(&slots).collect();
    let panel = Panel { step, closers: members.clone(), members, filled };
    let result = panel.result(&agreed(), "");
    assert_eq!(result.stated.events.keys().collect::<Vec<_>>(), ["late"]);
    assert_eq!(result.stated.events.get("late").unwrap().reason, "BB 1");
}

/// Whoever closes does not choose the word of the one member who is kindest: of a fact it is what most have stated.
#[test]
fn whoever_closes_signs_what_most_have_stated() {
    let (key, mut server, _, [mut chair, mut secretary, mut member, _]) = submitted(TEAM);
    let stating = |flag: bool| {
        let facts = named(&[("disciplined", shared::op::FactValue::Flag(flag))]);
        Appraisal { facts, ..marks("4") }
    };
    for (device, flag) in [(&mut chair, false), (&mut secretary, true), (&mut member, true)] {
        device.act(Target::Card(key.clone()), Payload::FillSlot(APPRAISE, stating(flag)), at(10)).unwrap();
        device.sync(&mut server, at(15));
    }
    chair.sync(&mut server, at(16));
    let sign = |device: &mut Device, flag| {
        device.act(Target::Card(key.clone()), Payload::Appraise(APPRAISE, stating(flag)), at(20)).map(drop)
    };
    assert_eq!(sign(&mut chair, false).unwrap_err().field, "facts.disciplined");
    sign(&mut chair, true).unwrap();
}
