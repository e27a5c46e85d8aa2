//! The last value that is accepted and the first that is refused, and what decides between two adjacent classes.

use serde_json::{Value, json};
use shared::pack::{self, Pack, Rule};

use super::completed::{completed, full, number, put, refused, score, step, stories, total};
use super::hd03_abcd::hd03_card;
use super::sau_truc::{axis_product, six_axes};
use super::thongke_hungyen::hung_yen;

fn decree() -> &'static Pack {
    pack::find("nd335-congchuc").unwrap()
}

fn line(code: &str) -> Value {
    json!({ "code": code, "coefficient": 1, "assigned": 1, "completed": 1 })
}

/// The code with which a field is refused, if it is.
fn code(outcome: &Value, field: &str) -> Option<String> {
    let error = outcome.get("error")?;
    let others = error["others"].as_array().cloned().unwrap_or_default();
    let found = std::iter::once(error.clone()).chain(others).find(|error| error["field"] == field)?;
    found["code"].as_str().map(ToOwned::to_owned)
}

#[test]
fn lists_and_texts_may_be_so_long_and_no_longer() {
    let marked = full(decree(), "leader");
    let longest = |change: Value, field: &str| {
        let mut card = marked.clone();
        put(&mut card, &change);
        code(&score(decree(), &card), field)
    };
    let lines = |count: usize| json!({ "work": vec![line("X"); count] });
    let events = |count: usize| json!({ "events": vec![json!({ "code": "x", "count": 1 }); count] });
    let coded = |chars: usize| json!({ "work": [line(&"đ".repeat(chars))] });
    let reason = |chars: usize| json!({ "reasons": { "I.1": "đ".repeat(chars) } });
    let fine = |denominator: u32| json!({ "work": [put_in(line("X"), "assigned", &format!("1/{denominator}"))] });
    let rows: [(Value, Value, Value, &str, &str); 5] = [
        (lines(200), lines(201), lines(202), "work", "too_many"),
        (events(200), events(201), events(202), "events", "too_many"),
        (coded(40), coded(41), coded(42), "work[0].code", "too_many"),
        (reason(2_000), reason(2_001), reason(2_002), "reasons.I.1", "too_many"),
        (fine(1_000_000), fine(1_000_001), fine(1_000_003), "work[0].assigned", "out_of_range"),
    ];
    for (last, first, next, field, wanted) in rows {
        assert_eq!(longest(last, field), None, "{field}");
        assert_eq!(
            (longest(first, field), longest(next, field)),
            (Some(wanted.into()), Some(wanted.into())),
            "{field}"
        );
    }
}

fn put_in(mut line: Value, field: &str, value: &str) -> Value {
    line[field] = json!(value);
    line
}

#[test]
fn a_position_is_asked_for_once_on_a_card_of_one_line_too() {
    let (pack, mut card) = hung_yen();
    card["work"].as_array_mut().unwrap().truncate(1);
    put(&mut card, &json!({ "subject": { "position": null } }));
    let found = score(&pack, &card);
    assert_eq!(
        (code(&found, "subject.position"), found["error"].get("others")),
        (Some("missing".into()), None),
        "{found}"
    );
}

#[test]
fn a_count_is_whole_an_axis_known_and_a_main_product_large_enough() {
    let pack = completed("hd03-abcd", |_| {});
    let half = json!({ "facts": { "key_tasks_level_2_3": "0.5" } });
    stories(&pack, &hd03_card(&pack), &[("half a task", half, refused("facts.key_tasks_level_2_3", "malformed"))]);
    // One bound alone is enough to check the main products: 30 of 70.
    for (least, most, wanted) in [(None, Some("29"), true), (Some("31"), None, true), (Some("30"), Some("30"), false)] {
        let mut pack = pack.clone();
        let rule = pack.products.as_mut().unwrap();
        (rule.main_min, rule.main_max) = (least.map(number), most.map(number));
        let found = code(&score(&pack, &hd03_card(&pack)), "products.main");
        assert_eq!(found.is_some(), wanted, "{least:?} to {most:?}");
    }
    let pack = six_axes();
    let product = json!({ "products": [axis_product("T9", "regular", "1", "1", 0, 100)] });
    stories(&pack, &full(&pack, "leader"), &[("an unknown axis", product, refused("products[0].axis", "unknown"))]);
}

#[test]
fn a_paper_counts_for_what_costs_something_only() {
    let mut card = full(decree(), "leader");
    put(&mut card, &json!({ "work": [line("X")], "leadership": { "unit": 1, "organising": 1, "cohesion": "0.5" } }));
    let paper = "QĐ 15";
    let with = |field: &str, facts: Value| json!({ "facts": facts, "sources": { "leadership.cohesion": paper, field: paper } });
    let twice = refused("sources.leadership.cohesion", "doubled");
    stories(
        decree(),
        &card,
        &[
            ("a fact and a share", with("facts.disciplined", json!({ "disciplined": true })), twice),
            (
                "a fact that is not so",
                with("facts.disciplined", json!({ "disciplined": false })),
                json!({ "status": "scored" }),
            ),
            ("a whole share", with("leadership.organising", json!({})), json!({ "status": "scored" })),
            (
                "a fact nobody stated",
                with("facts.unit_corruption", json!({})),
                refused("sources.facts.unit_corruption", "unknown"),
            ),
        ],
    );
}

#[test]
fn a_cap_is_told_as_met_where_the_class_is_not_above_it() {
    let mut card = full(decree(), "leader");
    put(&mut card, &json!({ "work": [line("X")], "leadership": { "unit": 1, "organising": 1, "cohesion": 1 } }));
    for (unit, holds) in [("HTXS", "true"), ("HTT", "false")] {
        put(&mut card, &json!({ "facts": { "unit_class": unit } }));
        let outcome = score(decree(), &card);
        assert_eq!(
            (&step(&outcome, "cap.not_above_unit")["value"], &outcome["class"]["code"]),
            (&json!(holds), &json!(unit))
        );
    }
}

#[test]
fn what_nobody_takes_for_granted_must_be_stated() {
    let mut pack = completed("hd03-abcd", |_| {});
    let card = hd03_card(&pack);
    let status = |status: &str| json!({ "status": status });
    // Somebody who must be under inspection to be classified, and for whom nobody states it.
    pack.eligibility.iter_mut().filter(|rule| rule.code == "inspection").for_each(|rule| rule.is = Some(true));
    stories(
        &pack,
        &card,
        &[
            ("nothing stated", json!({}), status("not_classified")),
            ("stated", json!({ "facts": { "under_inspection": true } }), status("scored")),
        ],
    );
    let mut pack = completed("hd03-abcd", |_| {});
    pack.facts.iter_mut().filter(|fact| fact.id == "class_limited").for_each(|fact| fact.assume = None);
    stories(&pack, &card, &[("a gate's flag", json!({}), refused("facts.class_limited", "missing"))]);
}

/// 1, 0.7, 0.4, 0.1, and nothing from the fourth on. Where a loss is 0, nothing is ever lost.
#[test]
fn losses_go_down_to_nothing_and_not_below() {
    for (loss, failed, exact) in [("0.3", 3, "1/10"), ("0.3", 4, "0"), ("0.3", 9, "0"), ("0", 9, "1"), ("0.5", 2, "0")]
    {
        let mut pack = decree().clone();
        pack.work.as_mut().unwrap().failed_review_loss = number(loss);
        let mut card = full(&pack, "staff");
        let mut failing = line("X");
        failing["failed_reviews"] = json!(failed);
        put(&mut card, &json!({ "work": [failing] }));
        let expected = json!({ "components": { "b": { "exact": exact } } });
        stories(&pack, &card, &[("Đ.14(2)b", json!({}), expected)]);
    }
}

#[test]
fn a_share_of_a_row_is_of_that_rows_maximum() {
    let mut pack = decree().clone();
    let row = pack.groups.iter_mut().flat_map(|group| &mut group.criteria).find(|row| row.code == "KQ.b").unwrap();
    row.max = number("50");
    assert!(pack.components.iter().any(|part| matches!(&part.rule, Rule::Share { criterion } if criterion == "KQ.b")));
    let mut card = full(&pack, "support");
    put(&mut card, &json!({ "criteria": { "KQ.b": 25 } }));
    let outcome = score(&pack, &card);
    assert_eq!((&step(&outcome, "b")["formula"], &step(&outcome, "b")["value"]), (&json!("KQ.b / 50"), &json!("1/2")));
    stories(&pack, &card, &[("30 + 70 · 5/6", json!({}), total("265/3"))]);
}
