//! B1: what was confirmed in a month holds for the year (Đ.11(3)a, Đ.20(4)b-d of Decree 335/2025: "trong năm đánh
//! giá").

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on must stop")]
use serde_json::{Value, json};
use shared::score::roll_up_json;

/// Twelve months of 80 points. The given months have facts of their own.
fn year_of(facts: &[(u32, Value)], rest: Value) -> Value {
    let months = (1..=12).map(|month| {
        let own = facts.iter().find(|(own, _)| *own == month).map_or_else(|| json!({}), |(_, facts)| facts.clone());
        json!({ "period": format!("2026-{month:02}"), "total": 80, "facts": own })
    });
    let mut input = json!({ "pack": "nd335-congchuc", "to": "year", "periods": months.collect::<Vec<_>>() });
    for (key, value) in rest.as_object().into_iter().flatten() {
        input[key] = value.clone();
    }
    input
}

fn rolled(input: &Value) -> Value {
    serde_json::from_str(&roll_up_json(&input.to_string()).unwrap()).unwrap()
}

fn step<'a>(outcome: &'a Value, name: &str) -> Option<&'a Value> {
    outcome["explanation"].as_array().unwrap().iter().find(|step| step["step"] == name)
}

/// Đ.20(4)c: "bị kỷ luật bằng hình thức từ khiển trách trở lên trong năm đánh giá".
#[test]
fn b1_discipline_of_one_month_is_of_the_year() {
    let clean = rolled(&year_of(&[], json!({})));
    assert_eq!(clean["class"]["code"], "HTT");
    let outcome = rolled(&year_of(&[(12, json!({ "disciplined": true }))], json!({})));
    assert_eq!((&outcome["class"]["by_points"], &outcome["class"]["code"]), (&json!("HTT"), &json!("KHT")));
    assert_eq!(
        outcome["carried"],
        json!([{ "fact": "disciplined", "periods": ["2026-12"], "clause": "Đ.20(4)c, Đ.11(3)" }])
    );
    let told = step(&outcome, "carried.disciplined").unwrap();
    assert_eq!((&told["formula"], &told["value"]), (&json!("2026-12"), &json!("true")));
    assert_eq!(step(&outcome, "knock_out.disciplined").unwrap()["value"], "false");
    let assumed = outcome["assumed"].as_array().unwrap();
    assert!(assumed.iter().all(|fact| fact["fact"] != "disciplined"), "what a month states is not taken as absent");
}

/// Đ.20(4)b and d: degradation, and the corruption of the unit led, in two months each.
#[test]
fn b1_degradation_and_corruption_are_carried_likewise_and_every_month_is_named() {
    let facts = [(3, json!({ "degradation_concluded": true })), (9, json!({ "degradation_concluded": true }))];
    let outcome = rolled(&year_of(&facts, json!({})));
    assert_eq!(outcome["class"]["code"], "KHT");
    assert_eq!(outcome["carried"][0]["periods"], json!(["2026-03", "2026-09"]));
    let leader = json!({ "subject": { "role": "leader" } });
    let outcome = rolled(&year_of(&[(5, json!({ "unit_corruption": true }))], leader));
    assert_eq!(outcome["class"]["code"], "KHT");
}

/// Đ.11(3)a, c: what counted in another year or belongs to the old unit does not count here. An excuse applies to its
/// own month only.
#[test]
fn b1_an_excuse_confirmed_in_one_month_excuses_no_other() {
    let excused = json!({ "disciplined": true, "fault_at_old_unit": true });
    let outcome = rolled(&year_of(&[(2, excused.clone())], json!({})));
    assert_eq!(outcome["class"]["code"], "HTT");
    assert_eq!(outcome["carried"][0]["excused"], json!([{ "period": "2026-02", "by": "fault_at_old_unit" }]));
    assert_eq!(step(&outcome, "excused.disciplined").unwrap()["inputs"], json!({ "2026-02": "fault_at_old_unit" }));
    let outcome = rolled(&year_of(&[(2, excused), (7, json!({ "disciplined": true }))], json!({})));
    assert_eq!(outcome["class"]["code"], "KHT");
    assert_eq!(outcome["carried"][0]["periods"], json!(["2026-07"]));
}

/// A person who led a unit in March and is staff in December is still responsible for that March (Đ.20(4)d).
#[test]
fn b1_what_was_asked_of_a_leader_holds_for_whoever_leads_no_more() {
    let outcome =
        rolled(&year_of(&[(3, json!({ "unit_corruption": true }))], json!({ "subject": { "role": "staff" } })));
    assert_eq!(outcome["class"]["code"], "KHT");
    assert_eq!(outcome["limits"][0]["periods"], json!(["2026-03"]));
}

/// The year's own facts have the same effect as before. A month not worked may also carry a disciplinary measure.
#[test]
fn b1_the_years_own_facts_and_months_not_worked() {
    let outcome = rolled(&year_of(&[], json!({ "facts": { "disciplined": true } })));
    assert_eq!((&outcome["class"]["code"], outcome.get("carried")), (&json!("KHT"), None));
    let mut input = year_of(&[(6, json!({ "disciplined": true }))], json!({}));
    input["periods"][5]["worked"] = json!(false);
    assert_eq!(rolled(&input)["class"]["code"], "KHT");
    let quarter = json!({ "pack": "nd335-congchuc", "to": "quarter", "periods": [
        { "period": "2026-01", "total": 90 }, { "period": "2026-02", "total": 90, "facts": { "disciplined": true } },
        { "period": "2026-03", "total": 90 }] });
    assert_eq!(rolled(&quarter)["class"]["code"], "KHT");
}

#[test]
fn b1_facts_of_months_are_checked_like_all_facts() {
    let refused = |facts: Value| roll_up_json(&year_of(&[(4, facts)], json!({})).to_string()).unwrap_err();
    let fields = |facts| refused(facts).into_iter().map(|error| error.field).collect::<Vec<_>>();
    assert_eq!(fields(json!({ "unheard_of": true })), ["periods[3].facts.unheard_of"]);
    assert_eq!(fields(json!({ "disciplined": 2 })), ["periods[3].facts.disciplined"]);
}
