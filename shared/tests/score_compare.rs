//! Scores the same evidence under several packs: whose class changes, by which clause, and what a pack does not read.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use serde_json::{Value, json};
use shared::pack::{self, Pack};
use shared::score::{CardInput, compare, compare_json, evaluate, known_part, read_input};

/// Everything done, but too few tasks exceeded for the highest class where the gates are on.
fn card() -> Value {
    json!({
        "criteria": {"I.1": 5, "I.2": 5, "II.1": "2.5", "II.2": "2.5", "II.3": "2.5", "II.4": "2.5",
                     "III.1": "2.5", "III.2": "2.5", "III.3": "2.5", "III.4": "2.5"},
        "work": [{"code": "X", "coefficient": 1, "assigned": 10, "completed": 10}],
        "options": {"gates": "on"},
        "facts": {"tasks_done_share": 1, "tasks_on_time_share": 1, "tasks_exceeded_share": "0.29", "defects_fixed_share": 1}
    })
}

fn decree() -> &'static Pack {
    pack::find("nd335-congchuc").unwrap()
}

/// The decree with its highest class for everyone who has the points.
fn without_gates() -> Pack {
    let mut pack = decree().clone();
    pack.id = "without-gates".into();
    pack.classes.iter_mut().for_each(|class| class.gates.clear());
    pack
}

fn compared(packs: &[&Pack]) -> Value {
    serde_json::from_str(&compare_json(packs, &card().to_string()).unwrap()).unwrap()
}

#[test]
fn another_class_is_told_with_the_clauses_that_made_it() {
    let found = compared(&[decree(), &without_gates(), decree()]);
    let gate =
        decree().classes[0].gates.iter().find(|gate| gate.fact.as_deref() == Some("tasks_exceeded_share")).unwrap();
    let (points, gate) = (decree().classes[0].clause.as_str(), gate.clause.as_str());
    let own = json!({"pack": "nd335-congchuc", "status": "scored", "class": "HTT", "clauses": [points, gate],
                     "left_out": [], "total": found["results"][0]["total"]});
    let other = json!({"pack": "without-gates", "status": "scored", "class": "HTXS", "clauses": [points],
                       "left_out": [], "total": found["results"][0]["total"]});
    assert_eq!(found["results"], json!([own, other, own]));
    assert_eq!(found["results"][0]["total"]["exact"], "100");
    let change = json!({"from": ["nd335-congchuc", "HTT"], "to": ["without-gates", "HTXS"], "clauses": [points]});
    assert_eq!(found["changes"], json!([change]), "the same class again is no change");
}

#[test]
fn a_pack_that_refuses_says_why_and_changes_nothing() {
    let template = pack::find("hatinh-1000").unwrap();
    let found = compared(&[decree(), template]);
    let refused = &found["results"][1];
    assert_eq!((&refused["status"], &refused["class"], &refused["total"]), (&Value::Null, &Value::Null, &Value::Null));
    let input = read_input(&card().to_string()).unwrap();
    let errors = evaluate(template, &known_part(template, &input).0).unwrap_err();
    assert_eq!(refused["errors"], json!(errors.iter().map(ToString::to_string).collect::<Vec<_>>()));
    assert_eq!(found["changes"], json!([]));
    assert_eq!(compare(&[], &input).results, []);
    assert_eq!(compare_json(&[decree()], "{").unwrap_err().len(), 1);
}

/// A leader's card with an entry in every list.
fn full() -> CardInput {
    let text = json!({
        "subject": {"role": "leader"},
        "options": {"cap": "line", "gates": "sometimes", "weather": "rain"},
        "criteria": {"I.1": 5, "IX": 1},
        "not_applicable": ["I.2", "X"],
        "reasons": {"I.1": "vì", "IX": "vì"},
        "work": [{"code": "X", "coefficient": 1, "assigned": 1, "completed": 1}],
        "products": [{"code": "P", "frame": "A"}],
        "leadership": {"unit": 1, "luck": 1},
        "subordinates": [{"id": "a", "total": 80}],
        "events": [{"code": "rain", "count": 1}],
        "facts": {"disciplined": true, "sunny": true},
        "sources": {"facts.disciplined": "VB 1", "facts.sunny": "VB 2", "leadership.unit": "VB 3", "leadership.luck": "VB 4"}
    });
    read_input(&text.to_string()).unwrap()
}

#[test]
fn what_a_pack_does_not_read_is_left_out_and_named() {
    let (known, left_out) = known_part(decree(), &full());
    let wanted = [
        "options.gates",
        "options.weather",
        "criteria.IX",
        "leadership.luck",
        "facts.sunny",
        "events.rain",
        "not_applicable.X",
        "products",
    ];
    assert_eq!(left_out, wanted);
    let mut expected = full();
    expected.options.retain(|id, _| id == "cap");
    expected.criteria.retain(|code, _| code == "I.1");
    expected.not_applicable.retain(|code| code == "I.2");
    expected.reasons.retain(|code, _| code == "I.1");
    expected.leadership.retain(|id, _| id == "unit");
    expected.facts.retain(|id, _| id == "disciplined");
    expected.sources.retain(|field, _| field == "facts.disciplined" || field == "leadership.unit");
    expected.events.clear();
    expected.products.clear();
    assert_eq!(known, expected);
}

#[test]
fn whole_lists_are_left_out_where_a_pack_reads_none() {
    let events = pack::find("hatinh-1000").unwrap();
    let mut card = full();
    card.events[0].code = events.events[0].code.clone();
    let read = card.events.clone();
    card.events.extend(full().events);
    let (known, left_out) = known_part(events, &card);
    assert_eq!(known.events, read);
    assert!(left_out.iter().any(|out| out == "events.rain"), "{left_out:?}");
    assert!(
        ["work", "products", "subordinates"].iter().all(|list| left_out.iter().any(|out| out == list)),
        "{left_out:?}"
    );
    assert!(known.work.is_empty() && known.products.is_empty() && known.subordinates.is_empty());
    let empty = CardInput { subject: card.subject, ..CardInput::default() };
    assert_eq!(known_part(events, &empty), (empty.clone(), Vec::new()), "what is empty is not left out");
}
