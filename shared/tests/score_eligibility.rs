//! Tests of who is classified at all: what a rule needs must be stated, unless the pack says what counts otherwise.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use serde_json::json;
use shared::pack::{self, Pack, PackStatus};
use shared::score::{ErrorCode, Outcome, Status, evaluate, read_input};

/// The pack without assumptions for the facts that eligibility reads.
fn assuming_nothing(mut pack: Pack) -> Pack {
    pack.status = PackStatus::Complete;
    for fact in &mut pack.facts {
        if pack.eligibility.iter().any(|rule| rule.fact == fact.id) {
            fact.assume = None;
        }
    }
    pack
}

/// A year under Decree 90, which has classes and no points.
fn year(facts: &serde_json::Value) -> Result<Outcome, Vec<shared::score::InputError>> {
    let pack = assuming_nothing(pack::find("nd90-2020").unwrap().clone());
    let card = json!({"subject": {"role": "staff"}, "criteria": {}, "work": [], "facts": facts});
    evaluate(&pack, &read_input(&card.to_string()).unwrap())
}

#[test]
fn months_worked_decide_and_are_not_guessed() {
    // NĐ 90/2020: less than six months worked, not classified.
    let facts = |months: u32| json!({"months_worked": months, "tasks_on_time_share": 1, "tasks_exceeded_share": "0.5"});
    assert_eq!(year(&facts(6)).unwrap().status, Status::Scored);
    assert_eq!(year(&facts(5)).unwrap().status, Status::NotClassified);
    let errors = year(&json!({"tasks_on_time_share": 1, "tasks_exceeded_share": "0.5"})).unwrap_err();
    assert_eq!((errors[0].field.as_str(), errors[0].code), ("facts.months_worked", ErrorCode::Missing));
}

#[test]
fn one_rule_that_denies_is_enough() {
    // HD 03-HD/TVĐU: two months of training leave a leader unclassified, and nothing else has to be stated.
    let pack = assuming_nothing(pack::find("hd03-abcd").unwrap().clone());
    let marks = pack.criteria_for("leader").map(|one| (one.code.clone(), json!(one.max)));
    let product = json!({"code": "SP", "frame": "projects", "marks": {"A": 50, "B": 50, "C": 50, "D": 50}});
    let products: Vec<serde_json::Value> = [("SP1", 30, true), ("SP2", 20, false), ("SP3", 20, false)]
        .map(|(code, weight, main)| {
            let mut own = product.clone();
            own["code"] = json!(code);
            own["weight"] = json!(weight);
            own["main"] = json!(main);
            own
        })
        .into();
    let mut card = json!({
        "subject": {"role": "leader"}, "criteria": marks.collect::<serde_json::Map<_, _>>(), "work": [],
        "products": products, "facts": {"training_months": 1},
    });
    let score = |card: &serde_json::Value| evaluate(&pack, &read_input(&card.to_string()).unwrap());
    let errors = score(&card).unwrap_err();
    let missing: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(
        missing,
        ["facts.months_since_first_appointment", "facts.sick_or_maternity_months", "facts.under_inspection"]
    );
    card["facts"]["training_months"] = json!(2);
    assert_eq!(score(&card).unwrap().status, Status::NotClassified);
}

/// Presence that nobody states counts as full where the pack says so, and the result lists it.
#[test]
fn presence_counts_as_full_where_the_pack_says_so() {
    let mut pack = pack::find("nd90-2020").unwrap().clone();
    pack.status = PackStatus::Complete;
    let card = r#"{"criteria":{},"work":[],"facts":{"tasks_on_time_share":1,"tasks_exceeded_share":"0.5"}}"#;
    let outcome = evaluate(&pack, &read_input(card).unwrap()).unwrap();
    assert_eq!(outcome.status, Status::Scored);
    assert!(outcome.assumed.iter().any(|assumed| assumed.fact == "months_worked"));
}
