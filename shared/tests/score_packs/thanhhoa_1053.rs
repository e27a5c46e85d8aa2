//! Test cases for Thanh Hóa. The bounds of the approver's deduction, 0 to 10 points, are the test's own.

use serde_json::{Value, json};
use shared::pack::{self, Pack};

use super::completed::{class, completed, full, number, put, refused, stories, total};

pub(super) fn thanh_hoa() -> Pack {
    completed("thanhhoa-1053", |pack| {
        pack.events[0].stated = Some(pack::StatedPoints { min: number("-10"), max: number("0") });
    })
}

pub(super) fn thanh_hoa_card(pack: &Pack, role: &str) -> Value {
    let mut card = full(pack, role);
    put(&mut card, &json!({ "work": [{ "code": "X", "coefficient": 1, "assigned": 10, "completed": 10 }] }));
    put(&mut card, &json!({ "facts": { "tasks_done_share": 1, "tasks_exceeded_share": "0.3" } }));
    if role == "leader" {
        put(&mut card, &json!({ "leadership": { "organising": 1, "cohesion": 1 } }));
    }
    card
}

#[test]
fn the_approver_states_a_deduction_within_bounds() {
    let pack = thanh_hoa();
    let event = |points: Value| {
        json!({
            "events": [{ "code": "diem_tru", "count": 1, "points": points, "evidence": "QĐ 12" }],
        })
    };
    let with = |mut change: Value, more: Value| {
        put(&mut change, &more);
        change
    };
    let disciplined = || {
        json!({
            "facts": { "disciplined": true, "tasks_failed_share": 0, "tasks_done_share": 1, "tasks_exceeded_share": 1 },
            "options": { "gates": "on" },
        })
    };
    let both =
        || with(with(event(json!("-2.5")), disciplined()), json!({ "sources": { "facts.disciplined": "qđ 12 " } }));
    stories(
        &pack,
        &thanh_hoa_card(&pack, "staff"),
        &[
            ("no deduction", json!({}), total("100")),
            ("−2.5 stated", event(json!("-2.5")), total("195/2")),
            (
                "below the lowest",
                event(json!("-10.5")),
                json!({ "error": { "field": "events[0].points", "allowed": "-10 to 0" } }),
            ),
            ("a bonus is none", event(json!(1)), refused("events[0].points", "out_of_range")),
            ("points not stated", event(json!(null)), refused("events[0].points", "missing")),
            ("Đ.8 of the tool: disciplined", disciplined(), class("D")),
            ("gates off", json!({ "facts": { "disciplined": true } }), class("A")),
            ("§12 #16: one matter counts once", both(), refused("sources.facts.disciplined", "doubled")),
            (
                "§12 #16: class and points",
                with(both(), json!({ "options": { "discipline": "class_and_points" } })),
                json!({ "total": { "exact": "195/2" }, "class": { "code": "D" } }),
            ),
            (
                "another matter",
                with(both(), json!({ "sources": { "facts.disciplined": "QĐ 13" } })),
                json!({ "class": { "code": "D" } }),
            ),
            (
                "Đ.6(7): below half of the days",
                json!({ "facts": { "worked_days": 10, "working_days": 21 } }),
                json!({ "status": "not_classified" }),
            ),
        ],
    );
}

fn failed(share: &str) -> Value {
    json!({
        "options": { "gates": "on" },
        "facts": { "tasks_failed_share": share, "tasks_done_share": 1, "tasks_exceeded_share": 1 },
    })
}

#[test]
fn failed_tasks_weigh_more_for_leaders_and_their_share_follows_from_the_people_led() {
    let pack = thanh_hoa();
    let led = |totals: &[Value]| -> Value {
        let one = |(place, total): (usize, &Value)| json!({ "id": format!("p{place}"), "total": total });
        json!({ "subordinates": totals.iter().enumerate().map(one).collect::<Vec<_>>() })
    };
    stories(
        &pack,
        &thanh_hoa_card(&pack, "staff"),
        &[
            ("50 % failed", failed("0.5"), class("A")),
            ("more than 50 % failed", failed("0.51"), class("D")),
            (
                "Đ.6(6): for objective reasons",
                {
                    let mut change = failed("0.51");
                    put(&mut change, &json!({ "facts": { "objective_reasons": true } }));
                    change
                },
                class("A"),
            ),
        ],
    );
    let mut leader = thanh_hoa_card(&pack, "leader");
    stories(
        &pack,
        &leader,
        &[
            (
                "NĐ 335 Đ.15(3)a: nobody's result known",
                json!({}),
                json!({ "status": "provisional", "missing": ["leadership.unit"] }),
            ),
            (
                "all at least 50",
                led(&[json!(50), json!(90)]),
                json!({ "total": { "exact": "100" }, "components": { "d": { "exact": "1" } } }),
            ),
            // 30 + 70 · (5 + ½) / 6
            (
                "one below 50",
                led(&[json!(90), json!("49.99")]),
                json!({ "total": { "exact": "565/6" }, "components": { "d": { "exact": "1/2" } } }),
            ),
            (
                "one still to come",
                led(&[json!(90), json!(null)]),
                json!({
                    "status": "provisional",
                    "missing": ["subordinates[1].total"],
                    "range": { "low": { "exact": "565/6" }, "high": { "exact": "100" } },
                }),
            ),
            ("one below 50 decides at once", led(&[json!(10), json!(null)]), total("565/6")),
        ],
    );
    put(&mut leader, &led(&[json!(60)]));
    stories(
        &pack,
        &leader,
        &[
            ("30 % failed", failed("0.3"), class("A")),
            ("more than 30 % failed", failed("0.31"), class("D")),
            (
                "what follows is nobody's to state otherwise",
                json!({ "leadership": { "unit": "0.5" } }),
                refused("leadership.unit", "not_allowed"),
            ),
        ],
    );
}

/// The plan in the draft's own file (p. 20, II.2): all tasks done, and 30 % of the volume exceeded or a product of
/// innovation.
#[test]
fn class_a_asks_for_what_the_plan_says() {
    let pack = thanh_hoa();
    let facts = |done: &str, exceeded: &str, more: Value| {
        let mut facts = json!({ "facts": { "tasks_done_share": done, "tasks_exceeded_share": exceeded } });
        put(&mut facts, &more);
        facts
    };
    let innovation = || json!({ "facts": { "innovation_product": true } });
    stories(
        &pack,
        &thanh_hoa_card(&pack, "staff"),
        &[
            ("all done, 30 % exceeded", facts("1", "0.3", json!({})), class("A")),
            ("29 % exceeded", facts("1", "0.29", json!({})), class("B")),
            ("a product of innovation", facts("1", "0", innovation()), class("A")),
            ("a product of innovation, not all done", facts("0.99", "0", innovation()), class("B")),
            (
                "the plan's conditions not applied",
                json!({ "options": { "plan_conditions": "off" }, "facts": null }),
                class("A"),
            ),
        ],
    );
}
