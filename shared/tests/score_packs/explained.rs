//! Every step of some cards, word by word, so that a reader can compute each line again from its formula and the
//! numbers beside it.

use std::fmt::Write as _;

use serde_json::{Value, json};
use shared::pack::{self, FactKind, Pack};
use shared::sorted_map::Map;

use super::completed::{completed, full, number, put, score};
use super::hd03_abcd::{hd03_card, three};
use super::sau_truc::{axis_product, six_axes};
use super::thanhhoa_1053::{thanh_hoa, thanh_hoa_card};
use super::thongke_hungyen::hung_yen;

/// `step: formula = value {values of the names} [clause]`.
fn steps(pack: &Pack, card: &Value) -> String {
    let outcome = score(pack, card);
    let steps = outcome["explanation"].as_array().unwrap_or_else(|| panic!("{outcome}"));
    let mut text = String::new();
    for step in steps {
        let word = |name: &str| step[name].as_str().unwrap().to_owned();
        let inputs = &step["inputs"];
        writeln!(text, "{}: {} = {} {inputs} [{}]", word("step"), word("formula"), word("value"), word("clause"))
            .unwrap();
    }
    text
}

fn changed(mut card: Value, changes: &[Value]) -> Value {
    changes.iter().for_each(|change| put(&mut card, change));
    card
}

#[test]
fn products_and_levels() {
    let pack = completed("hd03-abcd", |_| {});
    let change = json!({ "products": three([80, 90, 100, 70]), "criteria": { "1.1": "1.7" } });
    let bands = json!({ "options": { "common": "bands", "reason_below_max": "off" } });
    let rounded = changed(hd03_card(&pack), &[change, bands]);
    let plain = changed(rounded.clone(), &[json!({ "options": { "rounding": "none" } })]);
    // Only the level that lies between two bounds is shown; the others are all the highest.
    let told = |card: &Value| {
        let text = steps(&pack, card);
        let lines = text.lines().filter(|line| !line.starts_with("level.") || line.starts_with("level.1.1"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let texts = [told(&rounded), told(&plain)];
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn products_of_several_axes() {
    let pack = six_axes();
    let products = [("T4", "0.8", 2, 80), ("T6", "1", 0, 100), ("T4", "1", 4, 100)];
    let products = products.map(|(axis, done, late, quality)| axis_product(axis, "regular", "2", done, late, quality));
    let change = json!({ "products": products, "facts": { "tasks_early_share": "0.31" } });
    insta::assert_snapshot!(steps(&pack, &changed(full(&pack, "leader"), &[change])));
}

#[test]
fn work_weighed_by_level_and_position() {
    let (pack, card) = hung_yen();
    insta::assert_snapshot!(steps(&pack, &card));
}

#[test]
fn deductions_gates_and_the_people_led() {
    let mut pack = thanh_hoa();
    let deductions = pack.components.iter_mut().find(|component| component.id == "deductions").unwrap();
    let pack::Rule::Events { min, .. } = &mut deductions.rule else { panic!("{deductions:?}") };
    // A lower bound of the test's own.
    *min = Some(number("-5"));
    let led = json!([{ "id": "p0", "total": 90 }, { "id": "p1", "total": "49.99" }]);
    let facts = json!({ "tasks_failed_share": "0.3", "tasks_done_share": 1, "tasks_exceeded_share": 1 });
    let change = json!({ "subordinates": led, "options": { "gates": "on" }, "facts": facts,
                         "events": [{ "code": "diem_tru", "count": 1, "points": -8, "evidence": "QĐ 12" }] });
    insta::assert_snapshot!(steps(&pack, &changed(thanh_hoa_card(&pack, "leader"), &[change])));
}

#[test]
fn support_staff_and_what_covers_more_than_the_plan() {
    let pack = pack::find("nd335-congchuc").unwrap();
    let rows = json!({ "criteria": { "KQ.a": 90, "KQ.b": 80, "KQ.c": 100 } });
    let line = json!({ "code": "X", "coefficient": 2, "assigned": 4, "completed": 6, "extra": 1, "failed_reviews": 1,
                       "late_times": 1, "late_days": 2, "objective_cause": ["quality"], "share": "0.5" });
    let other = json!({ "code": "Y", "coefficient": 1, "assigned": 3, "completed": 1, "handed_over": 1 });
    let work = json!({ "work": [line, other] });
    let read =
        |options: Value| steps(pack, &changed(full(pack, "staff"), &[work.clone(), json!({ "options": options })]));
    let texts = [
        steps(pack, &changed(full(pack, "support"), &[rows])),
        read(json!({})),
        read(json!({ "cap": "total", "late_unit": "bands" })),
        read(json!({ "cap": "component", "late_unit": "day", "denominator": "completed" })),
    ];
    insta::assert_snapshot!(texts.join("\n"));
}

/// The formula of one step.
fn formula(pack: &Pack, card: &Value, step: &str) -> String {
    let outcome = score(pack, card);
    let steps = outcome["explanation"].as_array().unwrap_or_else(|| panic!("{outcome}"));
    let found = steps.iter().find(|found| found["step"] == step).unwrap_or_else(|| panic!("no step {step}"));
    found["formula"].as_str().unwrap().to_owned()
}

#[test]
fn a_formula_says_where_the_limit_of_100_percent_stands() {
    let pack = pack::find("nd335-congchuc").unwrap();
    let line =
        |code: &str, completed: u8| json!({ "code": code, "coefficient": 1, "assigned": 2, "completed": completed });
    let card = changed(full(pack, "staff"), &[json!({ "work": [line("A", 2), line("B", 3)] })]);
    for (cap, own, sum, whole) in [
        ("line", "k·(min(h, g) + x)", "min(1, Σ k·(min(h, g) + x) / Σ k·g)", "(a + b + c) / 3"),
        ("indicator", "k·(h′ + x)", "min(1, Σ k·(h′ + x) / Σ k·g)", "(a + b + c) / 3"),
        ("component", "k·(h + x)", "min(1, Σ k·(h + x) / Σ k·g)", "(a + b + c) / 3"),
        // Đ.18(1)d under the reading that limits only the whole result to 100 %, and not its parts.
        ("total", "k·(h + x)", "Σ k·(h + x) / Σ k·g", "min(1, (a + b + c) / 3)"),
    ] {
        let card = changed(card.clone(), &[json!({ "options": { "cap": cap } })]);
        let told = ["a.1", "a.2", "a", "task"].map(|step| formula(pack, &card, step));
        assert_eq!(told, [own, own, sum, whole], "{cap}");
    }
}

#[test]
fn what_does_not_apply_is_told_as_it_counts() {
    let pack = completed("hd03-abcd", |_| {});
    let without = json!({ "not_applicable": ["3.3"], "criteria": { "3.3": null } });
    let told = |reading: &str| {
        let reading = json!({ "options": { "not_applicable": reading } });
        let text = steps(&pack, &changed(hd03_card(&pack), &[without.clone(), reading]));
        text.lines()
            .find(|line| line.contains("\"not_applicable\":\"3.3\""))
            .unwrap_or_else(|| panic!("{text}"))
            .to_owned()
    };
    let (rescaled, granted) = (told("rescale"), told("grant"));
    assert!(rescaled.contains(" / ") && !rescaled.contains("\"3.3\":"), "what applies is stretched: {rescaled}");
    assert!(!granted.contains(" / ") && granted.contains("\"3.3\":"), "its highest mark counts: {granted}");
}

#[test]
fn a_self_score_is_asked_only_for_flags_that_a_rule_in_force_reads() {
    let with = |pack: &Pack, role: &str, options: &Map<String, String>| -> Vec<String> {
        shared::score::facts_asked(pack, role, options, FactKind::Flag).iter().map(|fact| fact.id.clone()).collect()
    };
    let asked = |pack: &Pack, role: &str| with(pack, role, &Map::new());
    // Đ.20(4)b–d, Đ.11(3) of Decree 335/2025: a penalty counts once; leaders answer for corruption in their unit.
    let decree = pack::find("nd335-congchuc").unwrap();
    let penalties = ["counted_in_another_year", "degradation_counted_in_another_year", "fault_at_old_unit"];
    assert_eq!(asked(decree, "staff"), [&["degradation_concluded", "disciplined"], &penalties[..]].concat());
    let half_month = Map::from([("presence".to_owned(), "half_month".to_owned())]);
    assert_eq!(with(decree, "staff", &half_month), asked(decree, "staff"), "days worked are no flag");
    assert_eq!(
        asked(decree, "leader"),
        [&["degradation_concluded", "disciplined", "unit_corruption"], &penalties[..]].concat()
    );
    for (id, role, flags) in [
        ("hd03-abcd", "leader", &["class_limited", "under_inspection"][..]),
        ("hd02-quy", "staff", &["objective_reasons"][..]),
        ("nd90-2020", "staff", &["absent_3_to_6_months"][..]),
    ] {
        assert_eq!(asked(&completed(id, |_| {}), role), flags, "{id}");
    }
}
