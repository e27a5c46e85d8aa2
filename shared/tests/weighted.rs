//! Weighted products, levels of work, the position, and the explanation of a gap, on one card. What the person states of
//! them counts in the own result; in the result of whoever marks only what is stated there, with a reason where it differs.
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
use shared::ids::{ProductNumber, StepPlace};
use shared::limits::{NAME_CHARS_MAX, NOTE_CHARS_MAX};
use shared::op::{
    Appraisal, DraftValue, FactValue, LineReview, Mark, NewLine, Payload, PlanReview, PositionStated, ProductStated,
    Refusal, RefusalCode, SelfScore, Stated,
};
use shared::pack::{self, Pack};
use shared::procedure::Panel;
use shared::report::side_by_side;
use shared::sorted_map::Map;

/// The step in which the head of the section marks; see `docs/example-pack.toml`.
const MARK: StepPlace = StepPlace(2);
/// Products as 03-HD/TVĐU has them, on a scale of 30; levels and positions as the statistics office of Hưng Yên has them.
const WEIGHTED: &str = r#"
[products]
weights_sum = 30
count_min = 2
count_max = 4
main_min = 12
main_max = 20
shift_max = 10
clause = "Đ.3"
dimensions = [
  { id = "A", title.vi = "Số lượng", title.en = "Quantity", source = "mark" },
  { id = "B", title.vi = "Chất lượng", title.en = "Quality", source = "mark" },
]
frames = [
  { id = "one", title.vi = "Quản lý", title.en = "management", weights = [40, 60], clause = "Đ.3" },
]

[appraisal_gap]
points = 5
class = true
clause = "Đ.5"

[[components]]
id = "products"
title.vi = "Sản phẩm"
title.en = "Products"
rule = { products = { max = 30 } }
clause = "Đ.3"

[[components]]
id = "total"
"#;
const FACTORS: &str = r#"[work]
difficulties = [
  { id = "N1", title.vi = "Nhóm 1", title.en = "group 1", factor = 18 },
  { id = "N2", title.vi = "Nhóm 2", title.en = "group 2", factor = 38 },
]
positions = [
  { id = "1", title.vi = "Bậc 1", title.en = "position 1", factor = "1.8" },
  { id = "2", title.vi = "Bậc 2", title.en = "position 2", factor = "1.6" },
]
"#;
const READINGS: &str = r#"
[[options]]
id = "coefficient"
title.vi = "Quy đổi theo"
title.en = "Converted by"
default = "level"
clause = "Đ.3"
reason.vi = "Theo nhóm."
reason.en = "By group."
values = [
  { id = "level", title.vi = "Nhóm", title.en = "group" },
  { id = "product", title.vi = "Sản phẩm", title.en = "product" },
]

[[options]]
id = "position_multiplier"
title.vi = "Nhân hệ số vị trí"
title.en = "Multiply by the position"
default = "on"
clause = "Đ.3"
reason.vi = "Có bảng."
reason.en = "There is a table."
values = [
  { id = "on", title.vi = "Có", title.en = "yes" },
  { id = "off", title.vi = "Không", title.en = "no" },
]

[[groups]]
"#;

fn rules() -> &'static Pack {
    let text = fs::read_to_string(format!("{}/../docs/example-pack.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let text = text.replacen("\n[[groups]]\n", READINGS, 1).replace("[work]\n", FACTORS);
    let text = text.replace("\n[[components]]\nid = \"total\"\n", WEIGHTED);
    let old = "{ component = \"task\", weight = 60 }";
    let text = text.replace(old, "{ component = \"task\", weight = 30 }, { component = \"products\", weight = 1 }");
    let pack = pack::read_toml(&text).unwrap_or_else(|findings| panic!("{findings:#?}"));
    pack::learn(&pack.to_bytes()).unwrap()
}

fn levelled(code: &str, level: &str) -> NewLine {
    NewLine { level: Some(level.to_owned()), ..new_line(code, "1", "4") }
}

/// One piece of work of group 1, done in full: 30 of 30 points.
fn room() -> Room {
    let mut room = Room::new(rules());
    room.work(levelled("A", "N1"), done("4"));
    room
}

fn product(name: &str, weight: &str, main: bool, marks: [&str; 2]) -> ProductStated {
    let marks = ["A", "B"].map(str::to_owned).into_iter().zip(marks.map(number)).collect();
    ProductStated {
        name: name.to_owned(),
        frame: "one".to_owned(),
        weight: number(weight),
        main,
        marks,
        ..ProductStated::default()
    }
}

type Products = Map<ProductNumber, ProductStated>;

fn numbered(products: &[ProductStated]) -> Products {
    (1..).map(ProductNumber).zip(products.iter().cloned()).collect()
}

/// 18 · (0.4 · 100 % + 0.6 · 50 %) + 12 · 100 % = 24.6
fn proposed() -> Products {
    numbered(&[product("Đề án thôn", "18", true, ["100", "50"]), product("Số hóa hồ sơ", "12", false, ["100", "100"])])
}

fn position(id: &str, reason: &str) -> Option<PositionStated> {
    Some(PositionStated { id: id.to_owned(), reason: reason.to_owned() })
}

fn stated(products: Products) -> Stated {
    Stated { products, position: position("2", ""), ..Stated::default() }
}

/// 32 points of the form.
fn marks() -> Map<String, Mark> {
    let marks = [("I.1", "8"), ("I.2", "8"), ("II.1", "10"), ("II.2", "6")];
    marks.map(|(code, value)| (code.to_owned(), Mark { value: number(value), reason: String::new() })).into()
}

fn in_time() -> Map<String, FactValue> {
    named(&[("dossiers_on_time_share", FactValue::Number(number("1")))])
}

fn own(stated: Stated) -> SelfScore {
    SelfScore { marks: marks(), facts: in_time(), stated, ..SelfScore::default() }
}

fn found(stated: Stated) -> Appraisal {
    Appraisal { marks: marks(), facts: in_time(), stated, ..Appraisal::default() }
}

fn submit(room: &mut Room, stated: Stated) -> Result<(), Refusal> {
    room.act(false, Payload::SubmitSelfScore(own(stated))).map(drop)
}

fn appraise(room: &mut Room, appraisal: Appraisal) -> Result<(), Refusal> {
    room.act(true, Payload::Appraise(MARK, appraisal)).map(drop)
}

fn refused(result: Result<(), Refusal>) -> (RefusalCode, String) {
    result.map_err(|refusal| (refusal.code, refusal.field)).unwrap_err()
}

fn needs_reason(field: &str) -> (RefusalCode, String) {
    (RefusalCode::ReasonRequired, field.to_owned())
}

fn because(reason: &str, product: ProductStated) -> ProductStated {
    ProductStated { reason: reason.to_owned(), ..product }
}

#[test]
fn products_count_as_whoever_marks_states_them() {
    let mut room = room();
    submit(&mut room, stated(proposed())).unwrap();
    assert_eq!(room.total(Side::SelfScored), "433/5", "32 + 30 + 24.6");
    appraise(&mut room, found(stated(proposed()))).unwrap();
    assert_eq!(room.total(Side::Appraised), "433/5", "confirmed as proposed");

    // Less for the second, 12 · (0.4 · 100 % + 0.6 · 80 %) = 10.56: another mark, and a reason.
    let mut changed = proposed();
    let second = ProductNumber(2);
    changed.get_mut(&second).unwrap().marks.insert("B".to_owned(), number("80"));
    assert_eq!(refused(appraise(&mut room, found(stated(changed.clone())))), needs_reason("products.2.reason"));
    changed.get_mut(&second).unwrap().reason = "Hai hồ sơ quét thiếu trang".to_owned();
    appraise(&mut room, found(stated(changed.clone()))).unwrap();
    assert_eq!(room.total(Side::Appraised), "2129/25", "86.6 − 1.44 = 85.16");
    assert_eq!(room.total(Side::SelfScored), "433/5", "the own result stays");
    let seen = side_by_side(room.state(), person(4), &room.key).unwrap();
    let rows: Vec<_> = seen.products.iter().map(|one| (one.number.0, one.differs())).collect();
    assert_eq!((rows, seen.differences()), (vec![(1, false), (2, true)], 1));
    // What shows a product is no part of what is stated of it.
    changed.get_mut(&ProductNumber(1)).unwrap().evidence = "BB 3".to_owned();
    appraise(&mut room, found(stated(changed))).unwrap();
}

/// A product struck out takes its weight with it: whoever strikes one out weighs the others anew.
#[test]
fn no_product_is_passed_over_and_none_appears_without_a_reason() {
    let mut room = room();
    let mut three = proposed();
    three.insert(ProductNumber(3), product("Họp thôn", "0", false, ["10", "10"]));
    submit(&mut room, stated(three.clone())).unwrap();
    let mut two = three.clone();
    two.remove(&ProductNumber(3));
    assert_eq!(refused(appraise(&mut room, found(stated(two.clone())))), needs_reason("products.3.reason"));
    let struck = |reason| ProductStated { struck: true, ..because(reason, three[&ProductNumber(3)].clone()) };
    two.insert(ProductNumber(3), struck(" "));
    assert_eq!(refused(appraise(&mut room, found(stated(two.clone())))), needs_reason("products.3.reason"));
    two.insert(ProductNumber(3), struck("Không phải sản phẩm"));
    appraise(&mut room, found(stated(two.clone()))).unwrap();
    assert_eq!(room.state().input(&room.key, Side::Appraised).unwrap().products.len(), 2);

    let mut other_weights = two.clone();
    other_weights.get_mut(&ProductNumber(1)).unwrap().weight = number("20");
    assert_eq!(refused(appraise(&mut room, found(stated(other_weights.clone())))), needs_reason("products.1.reason"));
    other_weights.get_mut(&ProductNumber(1)).unwrap().reason = "Việc nặng hơn".to_owned();
    let sum = appraise(&mut room, found(stated(other_weights.clone()))).unwrap_err();
    let told = (sum.field.as_str(), sum.found.to_string(), sum.allowed.to_string());
    assert_eq!(told, ("products.weight", "32".to_owned(), "30".to_owned()));

    two.insert(ProductNumber(4), product("Thêm", "0", false, ["0", "0"]));
    assert_eq!(refused(appraise(&mut room, found(stated(two.clone())))), needs_reason("products.4.reason"));
    two.insert(ProductNumber(4), because("Được giao thêm", product("Thêm", "0", false, ["0", "0"])));
    appraise(&mut room, found(stated(two))).unwrap();
}

/// What is refused in a person's own products: the field, what was found, what is allowed.
#[test]
fn what_no_rule_allows_is_refused_by_name() {
    let change = |what: fn(&mut ProductStated)| {
        let mut products = proposed();
        what(products.get_mut(&ProductNumber(1)).unwrap());
        products
    };
    let long = "x".repeat(NAME_CHARS_MAX + 1);
    let mut far = proposed();
    far.get_mut(&ProductNumber(1)).unwrap().name = long;
    let one = numbered(&[product("Một", "30", true, ["1", "1"])]);
    let cases: &[(Products, &str, &str, &str)] = &[
        (one, "products", "1", "2 … 4"),
        (change(|one| one.name = " ".to_owned()), "products.1.name", "", ""),
        (far, "products.1.name", "501", "500"),
        (change(|one| one.evidence = "x".repeat(NOTE_CHARS_MAX + 1)), "products.1.evidence", "2001", "2000"),
        (change(|one| one.frame = "two".to_owned()), "products[0].frame", "two", "one"),
        (change(|one| one.marks = Map::new()), "products[0].marks.A", "", "0 … 100"),
        (change(|one| drop(one.marks.insert("A".to_owned(), number("101")))), "products[0].marks.A", "101", "0 … 100"),
        (
            change(|one| one.frame_weights = ["51", "49"].map(number).to_vec()),
            "products[0].frame_weights[0]",
            "51",
            "30 … 50",
        ),
        (change(|one| one.main = false), "products.main", "0", "12 … 20"),
    ];
    for (products, field, found, allowed) in cases {
        let refusal = submit(&mut room(), stated(products.clone())).unwrap_err();
        let told = (refusal.field, refusal.found.to_string(), refusal.allowed.to_string());
        assert_eq!(told, ((*field).to_owned(), (*found).to_owned(), (*allowed).to_owned()));
    }
}

/// Where another rule adds them up for nobody, there are no products.
#[test]
fn a_regulation_without_products_takes_none() {
    let mut server = founded();
    let [mut official, ..] = official_head_chair();
    official.sync(&mut server, at(1));
    let stated = Stated { products: proposed(), ..Stated::default() };
    let score = SelfScore { stated, ..self_score() };
    let refusal = official.act(card(5), Payload::SubmitSelfScore(score), at(2)).unwrap_err();
    assert_eq!(refusal.field, "products");
}

/// The level belongs to the plan: whoever assigns a line names it, and of the person's own work the superior sets it.
#[test]
fn a_level_is_named_with_the_work_and_set_by_the_superior() {
    let mut room = room();
    let assign = |room: &mut Room, line: NewLine| room.act(true, Payload::AssignWork(vec![line])).map(drop);
    let missing = refused(assign(&mut room, new_line("B", "1", "1")));
    assert_eq!(missing, (RefusalCode::Missing, "lines[1].level".to_owned()));
    let unknown = assign(&mut room, levelled("B", "N9")).unwrap_err();
    assert_eq!((unknown.field.as_str(), unknown.allowed.to_string()), ("lines[1].level", "N1, N2".to_owned()));

    // Own work of group 2 that nobody did: 18 · 4 of (18 + 38) · 4, a quantity of 9/28.
    let own = room.act(false, Payload::AssignWork(vec![levelled("", "N2")])).unwrap();
    let own = shared::ids::LineId::new(own, 0);
    submit(&mut room, stated(proposed())).unwrap();
    let quantity =
        |room: &Room, side| room.state().outcome(&room.key, side).unwrap().unwrap().components["a"].exact.to_string();
    assert_eq!(quantity(&room, Side::SelfScored), "9/28");
    let registered = room.state().card(&room.key).unwrap().own_work_confirmed(&room.key, &[person(5)]);
    let setting = |level: &str, reason: &str| {
        let reported = registered[&own].clone();
        let plan = PlanReview { level: Some(level.to_owned()), ..reported.plan.clone().unwrap() };
        let review = LineReview { plan: Some(plan), reason: reason.to_owned(), ..reported };
        let explanation = "Việc tự ghi chưa làm".to_owned();
        Appraisal { lines: [(own, review)].into(), explanation, ..found(stated(proposed())) }
    };
    appraise(&mut room, setting("N2", "")).unwrap();
    let field = format!("lines.{own}.reason");
    assert_eq!(refused(appraise(&mut room, setting("N1", ""))), (RefusalCode::ReasonRequired, field));
    assert_eq!(refused(appraise(&mut room, setting("N7", "x"))).0, RefusalCode::Unknown);
    appraise(&mut room, setting("N1", "Việc thường ngày")).unwrap();
    assert_eq!(quantity(&room, Side::Appraised), "1/2");
}

/// The position multiplies all work alike; it is recorded, and another one has a reason.
#[test]
fn the_position_is_stated_and_another_one_has_a_reason() {
    let mut room = room();
    let with = |id: &str, reason: &str| Stated { position: position(id, reason), ..stated(proposed()) };
    assert_eq!(refused(submit(&mut room, with("9", ""))), (RefusalCode::Unknown, "position".to_owned()));
    let without = Stated { position: None, ..stated(proposed()) };
    assert_eq!(refused(submit(&mut room, without.clone())).1, "subject.position");
    submit(&mut room, with("2", "")).unwrap();
    assert_eq!(refused(appraise(&mut room, found(without))), needs_reason("position.reason"));
    assert_eq!(refused(appraise(&mut room, found(with("1", "")))), needs_reason("position.reason"));
    appraise(&mut room, found(with("1", "QĐ 7 về vị trí việc làm"))).unwrap();
    let read = |side| room.state().input(&room.key, side).unwrap().subject.position;
    assert_eq!((read(Side::SelfScored).as_deref(), read(Side::Appraised).as_deref()), (Some("2"), Some("1")));
    let seen = side_by_side(room.state(), person(4), &room.key).unwrap();
    assert!(seen.position.unwrap().differs());
}

/// Five points apart, as 03-HD/TVĐU has it: whoever marks explains it in writing, and the person reads it.
#[test]
fn results_far_apart_are_explained() {
    let mut room = room();
    submit(&mut room, stated(proposed())).unwrap();
    let lower = |value: &str, explanation: &str| {
        let mut given = found(stated(proposed()));
        let mark = Mark { value: number(value), reason: "Biên bản 4".to_owned() };
        given.marks.insert("II.1".to_owned(), mark);
        Appraisal { explanation: explanation.to_owned(), ..given }
    };
    appraise(&mut room, lower("9", "")).unwrap();
    for (mark, why) in [("8", "84.6 is another class than 86.6"), ("5", "exactly five points")] {
        assert_eq!(refused(appraise(&mut room, lower(mark, " "))).1, "self.explanation", "{why}");
    }
    assert_eq!(refused(appraise(&mut room, lower("5", &"x".repeat(NOTE_CHARS_MAX + 1)))).1, "explanation");
    appraise(&mut room, lower("5", "Hai lần vắng họp")).unwrap();
    let input = room.state().input(&room.key, Side::Appraised).unwrap();
    let compared = input.self_score.as_ref().unwrap();
    assert_eq!((compared.total.to_string(), compared.explanation.as_str()), ("433/5".to_owned(), "Hai lần vắng họp"));
    assert_eq!(side_by_side(room.state(), person(4), &room.key).unwrap().explanation, "Hai lần vắng họp");
}

/// A card without a self-score has nothing to compare with, and every product has its reason.
#[test]
fn without_a_self_score_the_superior_states_the_products() {
    let mut room = room();
    let mut marks = marks();
    marks.values_mut().for_each(|mark| mark.reason = "Không tự chấm".to_owned());
    let alone = |reason: &str| {
        let products = proposed().into_iter().map(|(number, one)| (number, because(reason, one))).collect();
        Appraisal { marks: marks.clone(), ..found(stated(products)) }
    };
    assert_eq!(refused(appraise(&mut room, alone(""))), needs_reason("products.1.reason"));
    appraise(&mut room, alone("Không tự chấm")).unwrap();
    assert_eq!(room.total(Side::Appraised), "433/5");
}

/// A draft keeps a product, and refuses a text that is too long.
#[test]
fn a_draft_keeps_a_product() {
    let mut room = room();
    let save = |room: &mut Room, product: ProductStated| {
        let value = DraftValue { product: Some(product), ..DraftValue::default() };
        room.act(false, Payload::SaveDraft { appraisal: false, fields: [("product/1".to_owned(), value)].into() })
    };
    let half = ProductStated { name: "Đề án".to_owned(), ..ProductStated::default() };
    save(&mut room, half.clone()).unwrap();
    let card = room.official.replica.view().card(&room.key).unwrap();
    assert_eq!(card.draft(false)["product/1"].product.as_ref(), Some(&half));
    let long = || "x".repeat(NOTE_CHARS_MAX + 1);
    for long in [ProductStated { name: long(), ..half.clone() }, because(&long(), half.clone())] {
        assert_eq!(save(&mut room, long).unwrap_err().code, RefusalCode::OverLimit);
    }
}

/// Of a team, a product is as most members state it, with the mean of their marks.
#[test]
fn a_team_weighs_products_as_most_of_it_does() {
    let slot = |weights: [&str; 2], mark: &str| {
        let mut products = proposed();
        for (product, weight) in products.values_mut().zip(weights) {
            product.weight = number(weight);
            product.marks.insert("B".to_owned(), number(mark));
            product.reason = format!("điểm {mark}");
        }
        Appraisal { explanation: "Chậm".to_owned(), ..found(stated(products)) }
    };
    let slots = [slot(["18", "12"], "60"), slot(["20", "10"], "90"), slot(["18", "12"], "75")];
    let members = [3, 4, 6].map(person).to_vec();
    let filled = members.iter().copied().zip(&slots).collect();
    let step = rules().step("appraise").unwrap();
    let panel = Panel { step, closers: members.clone(), members, filled };
    let result = panel.result(&found(stated(proposed())), "Trung bình của 3 thành viên");
    let first = &result.stated.products[&ProductNumber(1)];
    assert_eq!((&first.weight, &first.marks["B"]), (&number("18"), &number("75")));
    assert_eq!((first.reason.as_str(), result.explanation.as_str()), ("Trung bình của 3 thành viên", "Chậm"));
    assert_eq!(result.stated.position, position("2", ""));
}
