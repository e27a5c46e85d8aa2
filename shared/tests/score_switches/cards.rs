//! Small cards, and the people of a unit, for the tests of switches.

use serde_json::{Value, json};

use super::ways::pack;

/// Every mark at its maximum.
pub(super) fn full(id: &str, role: &str) -> Value {
    let pack = pack(id);
    Value::Object(pack.criteria_for(role).map(|one| (one.code.clone(), json!(one.max))).collect())
}

/// A card of a civil servant with full common marks.
pub(super) fn card(work: Value, facts: Value) -> Value {
    json!({"subject": {"role": "staff"}, "criteria": full("nd335-congchuc", "staff"), "work": work, "facts": facts})
}

pub(super) fn line(code: &str, coefficient: u32, assigned: u32, completed: &str) -> Value {
    json!({"code": code, "coefficient": coefficient, "assigned": assigned, "completed": completed})
}

/// A line with additional fields.
pub(super) fn with(mut line: Value, more: Value) -> Value {
    line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    line
}

pub(super) fn perfect(facts: Value) -> Value {
    card(json!([line("X", 1, 10, "10")]), facts)
}

/// People of one class, no two with the same total.
pub(super) fn members(prefix: &str, class: &str, total: u32, count: usize) -> Vec<Value> {
    let one = |place| json!({"id": format!("{prefix}{place}"), "class": class, "total": format!("{total}.{place:02}")});
    (0..count).map(one).collect()
}

/// A leader with so many points of 70 who meets every condition on tasks.
pub(super) fn result(points: u32) -> Value {
    let mut marks = full("qd366", "leader");
    marks["KQ.0"] = json!(points);
    json!({
        "subject": {"role": "leader"}, "criteria": marks, "work": [], "options": {"reason_below_max": "off"},
        "facts": {
            "tasks_done_share": 1, "tasks_on_time_share": 1, "tasks_late_share": 0, "tasks_exceeded_share": "0.3",
            "defects_fixed_share": 1,
        },
    })
}

/// Of nine criteria of 2 points one does not apply, four are met and four are not: 8 of 16.
pub(super) fn left_out() -> Value {
    let mut card = result(70);
    card["criteria"].as_object_mut().unwrap().remove("1.1");
    for code in ["1.6", "1.7", "1.8", "1.9"] {
        card["criteria"][code] = json!(0);
    }
    with(card, json!({"not_applicable": ["1.1"]}))
}

/// One decision, named as the basis of a deduction and of the class.
pub(super) fn disciplined() -> Value {
    json!({
        "subject": {"role": "staff"}, "criteria": full("thanhhoa-1053", "staff"), "work": [line("X", 1, 10, "10")],
        "options": {"gates": "on"}, "events": [{"code": "diem_tru", "count": 1, "evidence": "QĐ 5/2026"}],
        "facts": {"disciplined": true, "tasks_failed_share": 0},
        "sources": {"facts.disciplined": "QĐ 5/2026"},
    })
}
