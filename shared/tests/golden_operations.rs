//! One stored operation of every kind that this version writes. Later versions must read them byte for byte, because
//! what an official signed stays readable for ever. `UPDATE_GOLDEN=1` writes the files of kinds that have none yet, and
//! never changes an existing one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;

use common::*;
use shared::fixture;
use shared::ids::{
    DeviceId, LineId, MandateId, Nonce, OpId, PackHash, PostId, ProductNumber, StateHash, StepPlace, WorkListId,
};
use shared::op::{
    Absence, Approval, Body, CardKey, CarriedLine, Document, DraftValue, EventStated, FactValue, Fault, LineReview,
    Mark, NewLine, Payload, PositionStated, ProductStated, Progress, Publication, Reckoned, Register, Says, Stage,
    Target, UnitPeriod, VERSION, Voice,
};
use shared::org::{Mandate, Person, Post, Rank, Task, Unit, UnitKind};
use shared::pack::{PackAdoption, Span};
use shared::time::{Day, Hlc, Millis, Period};
use shared::unit_period::{Collected, Collection, Confirmation, Gap, Missing};
use shared::work::{AbsenceCause, Adoption, Cause, Product};

fn line() -> LineId {
    LineId::new(OpId::of(b"line"), 3)
}

fn product() -> Product {
    Product {
        code: "DC.04".to_owned(),
        name: "Báo cáo nhanh".to_owned(),
        detail: "Tổng hợp số liệu".to_owned(),
        output: "Báo cáo".to_owned(),
        unit_name: Some("Văn phòng".to_owned()),
        group: "N2".to_owned(),
        frame_min: number("11"),
        frame_max: number("50"),
        points: number("25"),
        coefficient: number("5"),
        note: "ghi chú".to_owned(),
    }
}

fn listed_line(code: &str, coefficient: &str, assigned: &str) -> NewLine {
    NewLine { code: code.to_owned(), ..new_line(code, coefficient, assigned) }
}

/// A card under a pack that no file has, so that the files here do not change with it.
fn card(n: u8) -> Target {
    Target::Card(CardKey { pack: PackHash::of(b"pack"), ..key(n) })
}

fn mandate() -> Mandate {
    Mandate {
        id: MandateId::from_bytes([6; 16]),
        person: person(6),
        unit: unit(2),
        task: Task::Chair,
        word: "scoring_team".to_owned(),
        subject: None,
        from: Day(20_454),
        to: Some(Day(20_818)),
        decision: "QĐ 2".to_owned(),
    }
}

fn org_and_work() -> Vec<(Target, Payload)> {
    let day = Day::parse("2026-10-01").unwrap();
    let list = Target::WorkList(WorkListId::from_bytes([8; 16]));
    let post = Post {
        id: PostId::from_bytes([4; 16]),
        person: person(5),
        unit: unit(3),
        rank: Rank::Deputy,
        title: "Phó phòng".to_owned(),
        from: day,
        to: Some(day),
        personnel: true,
    };
    let adoption = Adoption {
        title: "Quyết định thử".to_owned(),
        owner: unit(2),
        standard_points: number("5"),
        effective_from: day,
        products: 1,
    };
    let options = BTreeMap::from([("late_unit".to_owned(), "day".to_owned())]);
    let unit_two = Unit { id: unit(2), parent: Some(unit(1)), name: "Xã".to_owned(), kind: UnitKind::Agency };
    vec![
        (Target::Org, Payload::PutUnit(unit_two)),
        (Target::Org, Payload::PutPerson(Person { id: person(5), name: "Nguyễn Văn Thử".to_owned() })),
        (Target::Org, Payload::PutPost(post)),
        (
            Target::Org,
            Payload::AdoptPack(PackAdoption {
                unit: unit(2),
                pack: PackHash::of(b"pack"),
                options,
                spans: vec![Span::Month, Span::Quarter],
                beside: true,
                cut_off: Some(20),
                outside: vec!["approve".to_owned()],
                ..fixture::adoption()
            }),
        ),
        (Target::Org, Payload::PutMandate(mandate())),
        (list.clone(), Payload::PutProducts(vec![product()])),
        (list, Payload::AdoptWorkList(adoption)),
        (card(5), Payload::AssignWork(vec![listed_line("V.1", "2.7", "3"), listed_line("V.2", "1/3", "0.8")])),
        (card(5), Payload::ReviseLine { line: line(), plan: listed_line("V.1", "2.7", "4") }),
        (card(5), Payload::RemoveLine { line: line(), reason: "nhập nhầm".to_owned() }),
    ]
}

fn stated_product() -> ProductStated {
    ProductStated {
        name: "Đề án sắp xếp thôn".to_owned(),
        frame: "management".to_owned(),
        frame_weights: ["30", "30", "20", "20"].map(number).to_vec(),
        weight: number("30"),
        main: true,
        marks: BTreeMap::from([("A".to_owned(), number("90"))]),
        evidence: "QĐ 12/QĐ-UBND".to_owned(),
        reason: "Một thôn chưa họp".to_owned(),
        ..ProductStated::default()
    }
}

fn stages() -> Vec<(Target, Payload)> {
    let progress = Progress {
        failed_reviews: 1,
        late_times: 1,
        late_days: 2,
        handed_over: number("0.5"),
        finished: Day::parse("2026-10-27"),
        causes: [Cause::Progress].into(),
        cause_text: "Sạt lở đường".to_owned(),
        ..done("2.5")
    };
    let draft = DraftValue {
        value: Some(number("4.5")),
        text: "lý do".to_owned(),
        review: Some(LineReview::default()),
        product: Some(stated_product()),
        ..DraftValue::default()
    };
    let mut own = self_score();
    own.leadership.insert("unit".to_owned(), Mark { value: number("1"), reason: String::new() });
    own.facts.insert("disciplined".to_owned(), FactValue::Flag(false));
    own.facts.insert("worked_days".to_owned(), FactValue::Number(number("20")));
    let mut superior = appraisal("II.1", "2", "Cần học thêm");
    let review = LineReview { completed: number("2"), causes: [Cause::Quality].into(), ..LineReview::default() };
    superior.lines.insert(line(), review);
    let mut member = appraisal("I.1", "4", "Chậm hai văn bản");
    let event = EventStated {
        count: 2,
        points: Some(number("-3")),
        evidence: "BB 4/BB-VP".to_owned(),
        ..EventStated::default()
    };
    member.stated.events.insert("late".to_owned(), event);
    own.stated.products.insert(ProductNumber(2), stated_product());
    superior.stated.products.insert(ProductNumber(2), ProductStated { struck: true, ..stated_product() });
    superior.stated.position = Some(PositionStated { id: "3".to_owned(), reason: "QĐ 7".to_owned() });
    superior.explanation = "Hai việc chưa nghiệm thu".to_owned();
    let plan = NewLine { carried: Some(Period::Month(2026, 9)), ..listed_line("V.3", "1", "2") };
    let carried = CarriedLine { plan, assigned_by: person(4), progress: Some(done("2")) };
    superior.document = Some(document());
    let Payload::Approve(step, decided) = approval("2699/30", "HTT") else { panic!() };
    let reckoned = Reckoned { total: number("90"), class: "HTXS".to_owned(), reason: "Quá tỷ lệ".to_owned() };
    let decided = Approval { reckoned: Some(reckoned), document: Some(document()), ..decided };
    let told = Publication { class: "HTT".to_owned(), document: Some(document()) };
    let resolve =
        Payload::Resolve {
            register: Register::Progress(line()), choice: OpId::of(b"head"), reason: "đúng".to_owned()
        };
    [
        Payload::ReportProgress { line: line(), progress },
        Payload::SaveDraft { appraisal: true, fields: BTreeMap::from([("mark/I.1".to_owned(), draft)]) },
        Payload::CarryWork(vec![carried]),
        Payload::SubmitSelfScore(own),
        Payload::WithdrawSelfScore { reason: "bổ sung".to_owned() },
        Payload::Appraise(APPRAISE, superior),
        Payload::Approve(step, decided),
        Payload::Publish(told),
        Payload::ReturnCard { to: Stage::SelfScored, reason: "xem lại".to_owned() },
        resolve,
        Payload::RecordAbsence(Absence { cause: AbsenceCause::Maternity, note: "QĐ 12".to_owned() }),
        Payload::LiftAbsence { reason: "đi làm lại".to_owned() },
        Payload::FillSlot(APPRAISE, member),
    ]
    .map(|payload| (card(5), payload))
    .into()
}

/// A report of a unit's period, and the answer of the level above.
fn on_a_unit() -> Vec<(Target, Payload)> {
    let result = Collected {
        subject: person(5).into(),
        total: Some(number("2699/30")),
        class: "HTT".to_owned(),
        reckoned: None,
        document: Some(document()),
    };
    let gaps = [(6, Gap::NotAssessed), (7, Gap::At(Stage::Appraised)), (4, Gap::Contested)];
    let collection = Collection {
        results: vec![result],
        decisions: StateHash::of(b"decisions"),
        missing: gaps.map(|(n, gap)| Missing { subject: person(n).into(), gap }).into(),
        comment: "thiếu một đồng chí".to_owned(),
    };
    let confirmation = Confirmation { report: OpId::of(b"report"), sent_back: true, note: "bổ sung".to_owned() };
    let key = UnitPeriod { unit: unit(2), period: Period::Month(2026, 10), pack: PackHash::of(b"pack") };
    [Payload::Collect(StepPlace(7), collection.to_bytes()), Payload::Confirm(StepPlace(8), confirmation.to_bytes())]
        .map(|payload| (Target::UnitPeriod(key.clone()), payload))
        .into()
}

/// An answer that upholds an objection: of what is said, it holds the most.
fn said() -> (Target, Payload) {
    let answer = Voice {
        class: "HTT".to_owned(),
        about: Some(OpId::of(b"objection")),
        reopens: Some(APPRAISE),
        ..Voice::new(Says::Upheld, "Có biên bản nghiệm thu")
    };
    (card(5), Payload::Speak(StepPlace(10), answer))
}

/// A fault found after the decision, which sets its own period aside, and that it is none.
fn found_later() -> [(Target, Payload); 2] {
    let event = EventStated {
        count: 1,
        day: Day::parse("2026-10-15"),
        evidence: "Kết luận thanh tra 12/KL".to_owned(),
        ..EventStated::default()
    };
    let fault = Fault { code: "late_reply".to_owned(), event, reopens: Some(APPRAISE) };
    let lift = Payload::LiftFault { fault: OpId::of(b"fault"), reason: "Kết luận đã bị hủy".to_owned() };
    [(card(5), Payload::RecordFault(fault)), (card(5), lift)]
}

/// What whoever gave a line of work found of it.
fn of_a_line() -> (Target, Payload) {
    let finding = LineReview {
        completed: number("2"),
        finished: Day::parse("2026-10-28"),
        reason: "thiếu phụ lục".to_owned(),
        ..LineReview::default()
    };
    (card(5), Payload::EvaluateLines(StepPlace(2), BTreeMap::from([(line(), finding)])))
}

fn document() -> Document {
    let day = Day::parse("2026-10-19").unwrap();
    Document { number: "45/QĐ-UBND".to_owned(), day, authority: "UBND tỉnh".to_owned() }
}

fn body(target: Target, payload: &Payload) -> Body {
    Body {
        version: VERSION,
        kind: payload.kind(),
        actor: person(5),
        device: DeviceId::from_bytes([9; 16]),
        epoch: 2,
        seq: 7,
        prev: Some(OpId::of(b"prev")),
        target,
        base: vec![OpId::of(b"base")],
        seen_seq: 41,
        hlc: Hlc { at: at(5), counter: 1 },
        last_server_time: Millis(1_792_000_000_000),
        payload: payload.to_bytes().into(),
        nonce: Some(Nonce([8; 16])),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn every_kind_is_stored_as_it_was_on_the_day_it_was_released() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/operations");
    let samples: Vec<(Target, Payload)> = org_and_work()
        .into_iter()
        .chain(stages())
        .chain(on_a_unit())
        .chain([said()])
        .chain(found_later())
        .chain([of_a_line()])
        .collect();
    let kinds: Vec<u16> = samples.iter().map(|(_, payload)| payload.kind()).collect();
    assert_eq!(kinds, Payload::KINDS, "a sample of every kind, in order");
    for (target, payload) in samples {
        let body = body(target, &payload);
        let file = folder.join(format!("v{VERSION}-{:02}.hex", payload.kind()));
        if std::env::var_os("UPDATE_GOLDEN").is_some() && !file.exists() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, hex(&body.to_bytes()) + "\n").unwrap();
        }
        let stored = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(hex(&body.to_bytes()), stored.trim(), "kind {}: written as released", payload.kind());
        assert_eq!(Body::from_bytes(&body.to_bytes()).unwrap(), body);
        assert_eq!(body.intent().unwrap(), payload);
        // The first part of the download writes the kinds of the own card, and nothing of others.
        let own = payload.own_to_bytes();
        let is_own = matches!(payload.kind(), 20..=25 | 30 | 31);
        assert_eq!(own, if is_own { payload.to_bytes() } else { Vec::new() }, "kind {}", payload.kind());
    }
}

#[test]
fn bytes_that_are_no_operation_are_refused_and_never_panic() {
    let whole = body(card(5), &stages()[4].1).to_bytes();
    for cut in 0..whole.len() {
        assert!(Body::from_bytes(&whole[..cut]).is_err(), "cut at {cut}");
    }
    let longer: Vec<u8> = whole.iter().copied().chain([0]).collect();
    assert!(Body::from_bytes(&longer).is_err(), "trailing byte");
    for place in 0..whole.len() {
        let mut changed = whole.clone();
        changed[place] ^= 0x55;
        if let Ok(body) = Body::from_bytes(&changed) {
            drop(body.intent());
        }
    }
}
