//! Test cases for Guidance 02-HD/BTCTW. No number is missing, only names and the way from work to A, B, C and D.

use serde_json::{Value, json};
use shared::pack::Pack;

use super::completed::{class, completed, full, gap, put, refused, stories, total};

fn hd02_card(pack: &Pack, role: &str) -> Value {
    let mut card = full(pack, role);
    let facts = json!({ "facts": {
        "tasks_done_share": 1, "tasks_on_time_share": 1, "tasks_late_share": 0,
        "tasks_exceeded_share": "0.3", "defects_fixed_share": 1,
    } });
    put(&mut card, &facts);
    card
}

#[test]
fn quarters_of_leaders_follow_the_mean_of_four_shares() {
    let pack = completed("hd02-quy", |_| {});
    let marks = |a: i64, b: i64, c: i64, d: i64| json!({ "KPI.A": a, "KPI.B": b, "KPI.C": c, "KPI.D": d });
    stories(
        &pack,
        &hd02_card(&pack, "leader"),
        &[
            ("30 + 70 · (1+1+1+1)/4", json!({}), json!({ "total": { "exact": "100" }, "class": { "code": "HTXS" } })),
            // (0.8 + 0.9 + 0.7 + 0.6) / 4 = 0.75; 30 + 52.5
            (
                "KPI = (A+B+C+D)/4",
                json!({ "criteria": marks(80, 90, 70, 60) }),
                json!({
                    "total": { "exact": "165/2" },
                    "components": { "kpi": { "exact": "3/4" } },
                    "class": { "code": "HTT" },
                }),
            ),
            (
                "Mẫu quý: Đảm bảo hoặc không",
                json!({ "criteria": { "1.1": 1 } }),
                refused("criteria.1.1", "not_allowed"),
            ),
            ("option common", json!({ "options": { "common": "graded" }, "criteria": { "1.1": 1 } }), total("99")),
            (
                "option reason_below_max",
                json!({ "options": { "reason_below_max": "on" }, "criteria": { "2.1": 0 } }),
                refused("reasons.2.1", "missing"),
            ),
            (
                "a reason given",
                json!({
                    "options": { "reason_below_max": "on" },
                    "criteria": { "2.1": 0 },
                    "reasons": { "2.1": "Biên bản 05" },
                }),
                total("99"),
            ),
            (
                "option rounding",
                json!({ "options": { "rounding": "half" }, "criteria": marks(80, 90, 71, 60) }),
                total("165/2"),
            ),
        ],
    );
}

#[test]
fn a_quarter_undone_for_subjective_reasons_is_not_completed() {
    let pack = completed("hd02-quy", |_| {});
    let undone = |more: Value| {
        let mut facts = json!({ "facts": { "tasks_done_share": "0.95" } });
        put(&mut facts, &more);
        facts
    };
    let off = || json!({ "options": { "undone_in_quarter": "off" } });
    stories(
        &pack,
        &hd02_card(&pack, "leader"),
        &[
            ("§12 #10 on", undone(json!({})), json!({ "class": { "code": "KHT", "by_points": "HTXS" } })),
            // Regulation 366 requires all tasks for every class, and lists the cases of "not completed".
            ("§12 #10 off", undone(off()), gap()),
            (
                "§12 #10 and #11 off",
                undone(json!({ "options": { "undone_in_quarter": "off", "gates": "off" } })),
                class("HTXS"),
            ),
            ("objective reasons", undone(json!({ "facts": { "objective_reasons": true } })), gap()),
            (
                "objective reasons, gates off",
                undone(json!({ "facts": { "objective_reasons": true }, "options": { "gates": "off" } })),
                class("HTXS"),
            ),
            ("not confirmed as objective", undone(json!({ "facts": { "objective_reasons": false } })), class("KHT")),
            ("all done, and nothing to excuse", json!({ "facts": { "objective_reasons": true } }), class("HTXS")),
            (
                "the share is never guessed",
                json!({ "options": { "gates": "off" }, "facts": { "tasks_done_share": null } }),
                refused("facts.tasks_done_share", "missing"),
            ),
            (
                "what would contradict the share is no fact of its own",
                json!({ "facts": { "quarter_undone": false } }),
                refused("facts.quarter_undone", "unknown"),
            ),
            ("collective < 70 %: the head", json!({ "facts": { "collective_below_70": true } }), class("KHT")),
        ],
    );
    for (role, class_left) in [("deputy", "HTT"), ("member", "HTT"), ("leader", "KHT")] {
        let cited = "HD 02: tập thể dưới 70 %";
        let expected = json!({ "total": { "exact": "100" }, "class": { "code": class_left, "by_points": "HTXS" } });
        stories(
            &pack,
            &hd02_card(&pack, role),
            &[(cited, json!({ "facts": { "collective_below_70": true } }), expected)],
        );
    }
}

#[test]
fn conditions_of_regulation_366_differ_by_role_in_the_quarter() {
    let pack = completed("hd02-quy", |_| {});
    let late = || json!({ "facts": { "tasks_on_time_share": "0.9", "tasks_late_share": "0.1" } });
    stories(
        &pack,
        &hd02_card(&pack, "leader"),
        &[
            ("Đ.11: leaders, timeliness not at the highest class", late(), class("HTXS")),
            ("Đ.11: exceeded", json!({ "facts": { "tasks_exceeded_share": "0.29" } }), class("HTT")),
            (
                "a share that a condition needs is not guessed",
                json!({ "facts": { "tasks_exceeded_share": null } }),
                refused("facts.tasks_exceeded_share", "missing"),
            ),
            (
                "option gates off",
                json!({ "options": { "gates": "off", "undone_in_quarter": "off" }, "facts": null }),
                class("HTXS"),
            ),
            (
                "option gate_failure",
                json!({ "options": { "gate_failure": "authority" }, "facts": { "defects_fixed_share": 0 } }),
                json!({ "status": "provisional", "class": { "code": "HTT", "by_points": "HTXS" } }),
            ),
        ],
    );
    stories(
        &pack,
        &hd02_card(&pack, "staff"),
        &[
            ("Đ.11: others, timeliness at the highest class and at good", late(), class("HTNV")),
            (
                "Đ.11: more than 20 % late",
                json!({ "facts": { "tasks_on_time_share": "0.7", "tasks_late_share": "0.3" } }),
                gap(),
            ),
        ],
    );
}
