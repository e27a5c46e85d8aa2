//! What is stated on a card beside marks: deductions, bonuses, rows that do not apply. What the person admits counts at
//! once, what favours the person counts only as whoever marks states it, and no event that was stated is passed over.
#![cfg(feature = "author")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use std::fs;

use common::room::Room;
use common::*;
use shared::card::Side;
use shared::ids::StepPlace;
use shared::limits::{EVENT_TIMES_MAX, NOTE_CHARS_MAX};
use shared::op::{
    Appraisal, CardKey, DraftValue, EventStated, FactValue, Mark, Payload, Refusal, RefusalCode, SelfScore, Stated,
};
use shared::pack::{self, Pack};
use shared::report::side_by_side;
use shared::sorted_map::Map;
use shared::time::Day;

/// The step in which the head of the section marks; see `docs/example-pack.toml`.
const MARK: StepPlace = StepPlace(2);
/// Điều 4 of the example, with a bonus and an event whose points are stated.
const MORE_EVENTS: &str = r#"
[[events]]
code = "letter"
title.vi = "Thư khen của dân"
title.en = "A citizen's letter of praise"
points = 3
times_max = 2
clause = "Đ.4"

[[events]]
code = "urgent"
title.vi = "Việc đột xuất, điểm do người chấm nêu"
title.en = "Urgent work, points stated by whoever marks"
stated = { min = -5, max = 5 }
clause = "Đ.4"

# Facts
"#;

/// A reading for rows that do not apply.
const MAY_NOT_APPLY: &str = r#"
[[options]]
id = "not_applicable"
title.vi = "Tiêu chí không áp dụng"
title.en = "A row that does not apply"
default = "grant"
clause = "Đ.2"
reason.vi = "Văn bản không nói."
reason.en = "The text does not say."
values = [
  { id = "grant", title.vi = "Cho điểm tối đa", title.en = "granted in full" },
  { id = "refuse", title.vi = "Không có", title.en = "there is none such" },
]

[[groups]]
"#;

/// The example's regulation with these events.
fn rules() -> &'static Pack {
    let text = fs::read_to_string(format!("{}/../docs/example-pack.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let text = text.replace("\n# Facts\n", MORE_EVENTS);
    let text = text.replacen("\n[[groups]]\n", MAY_NOT_APPLY, 1);
    let text = text.replace("{ of = [\"complaint\"], max = 0 }", "{ of = [\"complaint\", \"letter\", \"urgent\"] }");
    let pack = pack::read_toml(&text).unwrap_or_else(|findings| panic!("{findings:#?}"));
    assert_eq!(pack.events.len(), 3, "the example has its heading");
    pack::learn(&pack.to_bytes()).unwrap()
}

fn key() -> CardKey {
    CardKey { subject: person(5).into(), period: OCTOBER, pack: rules().hash }
}

/// An office that lives by these rules, with one piece of work done in full.
fn room() -> Room {
    let mut room = Room::new(rules());
    room.work(new_line("A", "1", "4"), done("4"));
    room
}

impl Room {
    fn submit(&mut self, events: &[(&str, EventStated)]) -> Result<(), Refusal> {
        let stated = Stated { events: named(events), ..Stated::default() };
        self.act(false, Payload::SubmitSelfScore(SelfScore { stated, ..own_marks() })).map(drop)
    }

    fn appraise(&mut self, events: &[(&str, EventStated)]) -> Result<(), Refusal> {
        let stated = Stated { events: named(events), ..Stated::default() };
        let appraisal = Appraisal { marks: own_marks().marks, stated, facts: in_time(), ..Appraisal::default() };
        self.act(true, Payload::Appraise(MARK, appraisal)).map(drop)
    }
}

fn own_marks() -> SelfScore {
    let marks = [("I.1", "8"), ("I.2", "8"), ("II.1", "10"), ("II.2", "6")];
    let marks = marks.map(|(code, value)| (code.to_owned(), Mark { value: number(value), reason: String::new() }));
    SelfScore { marks: marks.into(), facts: in_time(), ..SelfScore::default() }
}

/// All dossiers in time (Đ.5(1)).
fn in_time() -> Map<String, FactValue> {
    common::named(&[("dossiers_on_time_share", FactValue::Number(number("1")))])
}

fn named(events: &[(&str, EventStated)]) -> Map<String, EventStated> {
    events.iter().map(|(code, event)| ((*code).to_owned(), event.clone())).collect()
}

fn times(count: u32) -> EventStated {
    EventStated { count, ..EventStated::default() }
}

fn shown_by(count: u32, evidence: &str) -> EventStated {
    EventStated { evidence: evidence.to_owned(), ..times(count) }
}

fn because(count: u32, reason: &str) -> EventStated {
    EventStated { reason: reason.to_owned(), ..times(count) }
}

fn worth(points: &str, event: EventStated) -> EventStated {
    EventStated { points: Some(number(points)), ..event }
}

/// 32 points of marks and all 60 of work.
const PLAIN: &str = "92";

/// Đ.4 of the example: −2 each time. An admission costs at once; the letter (+3) and the urgent work (+5) wait.
#[test]
fn what_costs_counts_at_once_and_what_brings_points_waits() {
    let mut room = room();
    let letter = shown_by(1, "Thư ngày 12/10");
    let urgent = worth("5", shown_by(1, "VB 7/UBND"));
    room.submit(&[("complaint", times(2)), ("letter", letter.clone()), ("urgent", urgent.clone())]).unwrap();
    assert_eq!(room.total(Side::SelfScored), "88", "92 − 2 · 2");
    room.appraise(&[("complaint", times(2)), ("letter", letter), ("urgent", urgent)]).unwrap();
    assert_eq!(room.total(Side::Appraised), "96", "and confirmed: 88 + 3 + 5");
    assert_eq!(room.total(Side::SelfScored), "88", "the own result stays");
    let recorded = room.state().input(&key(), Side::Appraised).unwrap().events;
    let recorded: Vec<_> = recorded.iter().map(|event| (event.code.as_str(), event.evidence.as_str())).collect();
    assert_eq!(recorded, [("complaint", ""), ("letter", "Thư ngày 12/10"), ("urgent", "VB 7/UBND")]);
}

/// Stated points below 0 are an admission like any other.
#[test]
fn stated_points_decide_whether_an_event_waits() {
    for (points, own) in [("-4", "88"), ("0", PLAIN), ("4", PLAIN)] {
        let mut room = room();
        room.submit(&[("urgent", worth(points, shown_by(1, "VB 7")))]).unwrap();
        assert_eq!(room.total(Side::SelfScored), own, "{points} points");
    }
}

/// Only what whoever marks states counts, and what differs has its reason.
#[test]
fn whoever_marks_adds_and_drops_with_a_reason() {
    let mut room = room();
    room.submit(&[("letter", shown_by(2, "Thư ngày 12/10")), ("complaint", times(1))]).unwrap();
    let kept = || ("complaint", times(1));
    let refused = |room: &mut Room, events: &[(&str, EventStated)]| {
        let refusal = room.appraise(events).unwrap_err();
        (refusal.code, refusal.field)
    };
    let reason = |code: &str| (RefusalCode::ReasonRequired, format!("events.{code}.reason"));
    assert_eq!(refused(&mut room, &[kept()]), reason("letter"), "passed over");
    assert_eq!(refused(&mut room, &[]), reason("complaint"), "what was admitted is not passed over either");
    assert_eq!(refused(&mut room, &[kept(), ("letter", times(0))]), reason("letter"), "dropped without a word");
    assert_eq!(refused(&mut room, &[kept(), ("letter", times(1))]), reason("letter"), "other times");
    assert_eq!(refused(&mut room, &[("complaint", because(3, " ")), ("letter", times(2))]), reason("complaint"));
    let urgent = ("urgent", worth("-5", times(1)));
    assert_eq!(refused(&mut room, &[kept(), ("letter", times(2)), urgent]), reason("urgent"), "added");
    room.appraise(&[kept(), ("letter", because(0, "Thư nặc danh"))]).unwrap();
    assert_eq!(room.total(Side::Appraised), "90", "92 − 2");
    room.appraise(&[("complaint", because(0, "Kết luận là sai")), ("letter", times(2))]).unwrap();
    assert_eq!(room.total(Side::Appraised), "98", "92 + 2 · 3");
    room.appraise(&[
        ("complaint", because(5, "Sổ tiếp dân")),
        ("letter", because(0, "x")),
        ("urgent", worth("-5", because(1, "Biên bản 3"))),
    ])
    .unwrap();
    assert_eq!(room.total(Side::Appraised), "81", "92 − 3 · 2 (no more than three times) − 5");
}

/// Without a self-score there is nothing to agree with: what is stated has a reason.
#[test]
fn a_deduction_on_a_card_without_self_score_has_a_reason() {
    let mut room = room();
    let alone = |room: &mut Room, reason: &str| {
        let mut marks = own_marks().marks;
        marks.values_mut().for_each(|mark| mark.reason = "Không tự chấm".to_owned());
        let events = named(&[("complaint", because(1, reason))]);
        let stated = Stated { events, ..Stated::default() };
        room.act(true, Payload::Appraise(MARK, Appraisal { marks, stated, facts: in_time(), ..Appraisal::default() }))
    };
    assert_eq!(alone(&mut room, "").unwrap_err().field, "events.complaint.reason");
    alone(&mut room, "Kết luận 12").unwrap();
    assert_eq!(room.total(Side::Appraised), "90");
}

/// What is refused, in whose statement, with the field, what was found and what is allowed.
#[test]
fn what_no_rule_allows_is_refused_by_name() {
    let long = "x".repeat(NOTE_CHARS_MAX + 1);
    let bonus = || shown_by(1, "Thư");
    let later = EventStated { day: Day::parse("2026-10-21"), ..times(1) };
    let before = EventStated { day: Day::parse("2026-09-30"), ..times(1) };
    let most = EVENT_TIMES_MAX.to_string();
    let own: &[(&str, EventStated, RefusalCode, &str, &str, &str)] = &[
        ("fire", times(1), RefusalCode::Unknown, "events.fire", "fire", "complaint, letter, urgent"),
        ("complaint", times(0), RefusalCode::OutOfRange, "events.complaint.count", "0", &format!("1 … {most}")),
        ("complaint", times(1_001), RefusalCode::OutOfRange, "events.complaint.count", "1001", &format!("1 … {most}")),
        ("complaint", worth("-1", times(1)), RefusalCode::OutOfRange, "events.complaint.points", "-1", ""),
        ("urgent", bonus(), RefusalCode::Missing, "events.urgent.points", "", ""),
        ("urgent", worth("5.5", bonus()), RefusalCode::OutOfRange, "events.urgent.points", "11/2", "-5 … 5"),
        ("urgent", worth("-6", bonus()), RefusalCode::OutOfRange, "events.urgent.points", "-6", "-5 … 5"),
        ("letter", times(1), RefusalCode::Missing, "events.letter.evidence", "", ""),
        ("urgent", worth("1", times(1)), RefusalCode::Missing, "events.urgent.evidence", "", ""),
        ("complaint", later, RefusalCode::OutOfRange, "events.complaint.day", "2026-10-21", "2026-10-01 … 2026-10-20"),
        ("complaint", before, RefusalCode::OutOfRange, "events.complaint.day", "2026-09-30", "2026-10-01 … 2026-10-20"),
        ("complaint", shown_by(1, &long), RefusalCode::OverLimit, "events.complaint.evidence", "2001", "2000"),
        ("complaint", because(1, &long), RefusalCode::OverLimit, "events.complaint.reason", "2001", "2000"),
    ];
    let told = |refusal: Refusal| (refusal.code, refusal.field, refusal.found.to_string(), refusal.allowed.to_string());
    for (code, event, refused, field, found, allowed) in own {
        let mut room = room();
        let refusal = told(room.submit(&[(code, event.clone())]).unwrap_err());
        assert_eq!(refusal, (*refused, (*field).to_owned(), (*found).to_owned(), (*allowed).to_owned()));
    }
    let marked: &[(&str, EventStated, RefusalCode, &str)] = &[
        ("fire", because(1, "Cháy"), RefusalCode::Unknown, "events.fire"),
        ("complaint", because(1_001, "Sổ"), RefusalCode::OutOfRange, "events.complaint.count"),
        ("urgent", because(1, "Việc gấp"), RefusalCode::Missing, "events.urgent.points"),
        ("urgent", worth("1", because(0, "Không tính")), RefusalCode::OutOfRange, "events.urgent.points"),
        ("urgent", worth("9", because(1, "Việc gấp")), RefusalCode::OutOfRange, "events.urgent.points"),
    ];
    for (code, event, refused, field) in marked {
        let mut room = room();
        room.submit(&[]).unwrap();
        let refusal = room.appraise(&[(code, event.clone())]).unwrap_err();
        assert_eq!((refusal.code, refusal.field.as_str()), (*refused, *field));
    }
}

/// One document is one matter: it costs or brings points once.
#[test]
fn one_document_counts_once() {
    let mut room = room();
    let both = [("letter", shown_by(1, "Thư 12")), ("urgent", worth("5", shown_by(1, "thư 12")))];
    assert_eq!(room.submit(&both).unwrap_err().found.to_string(), "thư 12");
}

#[test]
fn both_sides_stand_beside_each_other() {
    let mut room = room();
    room.submit(&[("complaint", times(1)), ("letter", shown_by(2, "Thư"))]).unwrap();
    let seen = |room: &Room| side_by_side(room.state(), person(4), &key()).unwrap();
    assert!(seen(&room).events.iter().all(|event| event.found.is_none() && !event.differs()), "not marked yet");
    room.appraise(&[
        ("complaint", times(1)),
        ("letter", because(1, "Một thư")),
        ("urgent", worth("-1", because(1, "Chậm"))),
    ])
    .unwrap();
    let beside = seen(&room);
    let rows: Vec<_> = beside.events.iter().map(|event| (event.code.as_str(), event.differs())).collect();
    assert_eq!(rows, [("complaint", false), ("letter", true), ("urgent", true)]);
    assert_eq!(beside.differences(), 2);
    assert_eq!((beside.events[2].own.as_ref(), beside.events[1].found.as_ref().unwrap().count), (None, 1));
}

/// A draft keeps an event, and refuses a text that is too long.
#[test]
fn a_draft_keeps_an_event() {
    let mut room = room();
    let save = |room: &mut Room, event: EventStated| {
        let value = DraftValue { event: Some(event), ..DraftValue::default() };
        room.act(false, Payload::SaveDraft { appraisal: false, fields: [("event/letter".to_owned(), value)].into() })
    };
    let event = EventStated { day: Day::parse("2026-10-12"), ..shown_by(2, "Thư") };
    save(&mut room, event.clone()).unwrap();
    let card = room.official.replica.view().card(&key()).unwrap();
    assert_eq!(card.draft(false)["event/letter"].event.as_ref(), Some(&event));
    for long in [shown_by(1, &"x".repeat(NOTE_CHARS_MAX + 1)), because(1, &"x".repeat(NOTE_CHARS_MAX + 1))] {
        assert_eq!(save(&mut room, long).unwrap_err().code, RefusalCode::OverLimit);
    }
}

/// Cards without events are as short as before events were known: five fields in a map.
#[test]
fn nothing_grows_where_nothing_happened() {
    let none = minicbor::to_vec(SelfScore::default()).unwrap();
    assert_eq!(none.first(), Some(&0xa5), "{none:?}");
    assert_eq!(minicbor::decode::<SelfScore>(&none).unwrap(), SelfScore::default());
    let stated = Stated { events: named(&[("complaint", times(1))]), ..Stated::default() };
    let one = SelfScore { stated, ..own_marks() };
    assert_eq!(minicbor::decode::<SelfScore>(&minicbor::to_vec(&one).unwrap()).unwrap(), one);
}

/// Đ.2 of the example gives II.2 eight points; the reading grants a row that does not apply in full. Until the head
/// confirms it, it counts as 0.
#[test]
fn a_row_that_does_not_apply_waits_for_the_head() {
    let mut room = room();
    let out = |reason: &str| Map::from([("II.2".to_owned(), reason.to_owned())]);
    let mut own = own_marks();
    own.stated.without = out("");
    let submit = |room: &mut Room, own: &SelfScore| room.act(false, Payload::SubmitSelfScore(own.clone())).map(drop);
    let refused = |result: Result<(), Refusal>| result.map_err(|refusal| (refusal.code, refusal.field)).unwrap_err();
    assert_eq!(refused(submit(&mut room, &own)), (RefusalCode::ReasonRequired, "without.II.2".to_owned()));
    own.stated.without = out("Làm một mình");
    assert_eq!(refused(submit(&mut room, &own)).1, "criteria.II.2", "left out, and marked all the same");
    own.marks.remove("II.2");
    let mut unknown = own_marks();
    unknown.stated.without = Map::from([("IX.1".to_owned(), "Không có".to_owned())]);
    assert_eq!(refused(submit(&mut room, &unknown)).1, "not_applicable");
    submit(&mut room, &own).unwrap();
    assert_eq!(room.total(Side::SelfScored), "86", "8 + 8 + 10 + 0 + 60");

    let appraise = |room: &mut Room, marks: Map<String, Mark>, without| {
        let stated = Stated { without, ..Stated::default() };
        let appraisal = Appraisal { marks, stated, facts: in_time(), ..Appraisal::default() };
        room.act(true, Payload::Appraise(MARK, appraisal)).map(drop)
    };
    appraise(&mut room, own.marks.clone(), out("")).unwrap();
    assert_eq!(room.total(Side::Appraised), "94", "confirmed without a word: granted 8");
    let seen = side_by_side(room.state(), person(4), &key()).unwrap();
    let row = seen.criteria.iter().find(|row| row.code == "II.2").unwrap();
    assert_eq!((row.own_without.as_deref(), row.found_without.as_deref()), (Some("Làm một mình"), Some("")));
    assert_eq!(seen.differences(), 0);

    // The row applies after all: its mark differs from what was said, and has a reason.
    let mut marks = own.marks.clone();
    marks.insert("II.2".to_owned(), Mark { value: number("5"), reason: String::new() });
    let bare = appraise(&mut room, marks.clone(), Map::new());
    assert_eq!(refused(bare), (RefusalCode::ReasonRequired, "marks.II.2".to_owned()));
    marks.get_mut("II.2").unwrap().reason = "Có phối hợp với Tư pháp".to_owned();
    appraise(&mut room, marks.clone(), Map::new()).unwrap();
    assert_eq!(room.total(Side::Appraised), "91");
    // A row that the person marked is left out only with a reason.
    let other = |reason: &str| Map::from([("I.1".to_owned(), reason.to_owned())]);
    marks.remove("I.1");
    assert_eq!(refused(appraise(&mut room, marks.clone(), other(" "))).1, "without.I.1");
    appraise(&mut room, marks, other("Không có việc này")).unwrap();
    assert_eq!(room.total(Side::Appraised), "93", "10 granted in place of 8");
}
