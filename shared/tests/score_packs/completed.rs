//! Helpers for the test cases of all schemes: a completed template, a card, and the expected result.

use std::fs;

use serde_json::{Value, json};
use shared::num::Exact;
use shared::pack::{self, Pack, PackStatus};
use shared::score::{error_json, score_under};

use super::expect::mismatch;
use super::written::written;

pub(crate) fn number(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

pub(crate) fn template(id: &str) -> Pack {
    let text = fs::read_to_string(format!("{}/packs/{id}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    pack::read_toml(&text).unwrap_or_else(|findings| panic!("{id}: {findings:#?}"))
}

/// The template as an authority would complete it.
pub(crate) fn completed(id: &str, complete: impl FnOnce(&mut Pack)) -> Pack {
    let mut pack = template(id);
    assert_eq!(pack.status, PackStatus::Template, "{id} needs no completing");
    complete(&mut pack);
    pack.status = PackStatus::Complete;
    assert_eq!(pack::findings(&written(&pack)), [], "{id}, completed");
    pack
}

/// Points of the test's own for the criteria of a group.
pub(crate) fn give(pack: &mut Pack, group: &str, points: &[i64]) {
    let group = pack.groups.iter_mut().find(|own| own.id == group).unwrap();
    assert_eq!(group.criteria.len(), points.len());
    for (criterion, points) in group.criteria.iter_mut().zip(points) {
        criterion.max = Exact::from_int(*points);
    }
    group.max = points.iter().map(|points| Exact::from_int(*points)).sum();
}

/// A card with every criterion of a role at its maximum.
pub(crate) fn full(pack: &Pack, role: &str) -> Value {
    let marks: serde_json::Map<String, Value> =
        pack.criteria_for(role).map(|criterion| (criterion.code.clone(), json!(criterion.max.to_string()))).collect();
    json!({ "subject": { "role": role }, "criteria": marks, "work": [] })
}

/// Changes a card as a test case says. A null removes the field.
pub(crate) fn put(card: &mut Value, change: &Value) {
    let (Value::Object(card), Value::Object(change)) = (card, change) else { panic!("{change} is no object") };
    for (key, value) in change {
        match (card.get_mut(key), value) {
            (_, Value::Null) => {
                card.remove(key);
            }
            (Some(inner @ Value::Object(_)), Value::Object(_)) => put(inner, value),
            _ => {
                card.insert(key.clone(), value.clone());
            }
        }
    }
}

pub(crate) fn score(pack: &Pack, card: &Value) -> Value {
    let text = score_under(pack, &card.to_string());
    let text = text.unwrap_or_else(|errors| format!("{{\"error\":{}}}", error_json(&errors)));
    serde_json::from_str(&text).unwrap()
}

/// A test case: what it cites, what it changes on the card, and what must follow.
pub(crate) type Story = (&'static str, Value, Value);

pub(crate) fn stories(pack: &Pack, card: &Value, stories: &[Story]) {
    let failures: Vec<String> = stories
        .iter()
        .filter_map(|(cites, change, expected)| {
            let mut card = card.clone();
            put(&mut card, change);
            mismatch(&format!("{}, {cites}", pack.id), expected, &score(pack, &card))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

pub(crate) fn class(code: &str) -> Value {
    json!({ "status": "scored", "class": { "code": code } })
}

/// Points without a class, because the text gives none.
pub(crate) fn gap() -> Value {
    json!({ "status": "provisional", "class": null })
}

pub(crate) fn total(exact: &str) -> Value {
    json!({ "status": "scored", "total": { "exact": exact } })
}

pub(crate) fn refused(field: &str, code: &str) -> Value {
    json!({ "error": { "field": field, "code": code } })
}

pub(crate) fn step<'a>(outcome: &'a Value, name: &str) -> &'a Value {
    let steps = outcome["explanation"].as_array().unwrap_or_else(|| panic!("{outcome}"));
    steps.iter().find(|step| step["step"] == name).unwrap_or_else(|| panic!("no step {name} in {steps:#?}"))
}
