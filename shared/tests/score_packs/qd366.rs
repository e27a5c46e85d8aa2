//! Test cases for Regulation 366. Only names and the split of two groups are missing.

use serde_json::{Value, json};

use super::completed::{class, completed, full, gap, put, refused, stories, total};

/// A full card of regulation 366 with a tenth of the tasks late.
fn card(pack: &shared::pack::Pack, role: &str) -> Value {
    let mut card = full(pack, role);
    let facts = json!({
        "facts": {
            "tasks_done_share": 1, "tasks_on_time_share": "0.9", "tasks_late_share": "0.1",
            "tasks_exceeded_share": "0.3", "defects_fixed_share": 1,
        },
    });
    put(&mut card, &facts);
    card
}

#[test]
fn leaders_under_regulation_366() {
    let pack = completed("qd366", |_| {});
    let seventy_five =
        || json!({ "criteria": { "KQ.0": 45 }, "reasons": { "KQ.0": "x" }, "facts": { "tasks_on_time_share": 1 } });
    let with = |mut change: Value, more: Value| {
        put(&mut change, &more);
        change
    };
    stories(
        &pack,
        &card(&pack, "leader"),
        &[
            ("Đ.11: timeliness binds leaders at good only", json!({}), class("HTXS")),
            (
                "18 + 4 + 8, all or nothing",
                json!({ "criteria": { "1.1": 1 }, "reasons": { "1.1": "x" } }),
                refused("criteria.1.1", "not_allowed"),
            ),
            ("a reason below the maximum", json!({ "criteria": { "1.1": 0 } }), refused("reasons.1.1", "missing")),
            ("a reason given", json!({ "criteria": { "1.1": 0 }, "reasons": { "1.1": "Kết luận 12" } }), total("98")),
            (
                "reason_below_max off",
                json!({ "options": { "reason_below_max": "off" }, "criteria": { "1.1": 0 } }),
                total("98"),
            ),
            ("below 70 % of the units' tasks", json!({ "facts": { "tasks_done_share": "0.69" } }), class("KHT")),
            ("70 % of them", json!({ "facts": { "tasks_done_share": "0.7" } }), gap()),
            ("90 % of them", json!({ "facts": { "tasks_done_share": "0.9" } }), gap()),
            ("corruption in the unit", json!({ "facts": { "unit_corruption": true } }), class("KHT")),
            (
                "found and mended by oneself",
                json!({ "facts": { "unit_corruption": true, "corruption_mitigated": true } }),
                class("HTXS"),
            ),
            ("90/70/50", seventy_five(), json!({ "total": { "exact": "75" }, "class": { "code": "HTT" } })),
            (
                "§12 #19: 90/80/60",
                with(seventy_five(), json!({ "options": { "thresholds": "90_80_60" } })),
                class("HTNV"),
            ),
            (
                "not_applicable grant",
                json!({
                    "options": { "not_applicable": "grant" },
                    "not_applicable": ["2.1"],
                    "criteria": { "2.1": null },
                }),
                total("100"),
            ),
        ],
    );
}

#[test]
fn others_under_regulation_366() {
    let pack = completed("qd366", |_| {});
    stories(
        &pack,
        &card(&pack, "staff"),
        &[
            ("Đ.11: timeliness binds others at both", json!({}), class("HTNV")),
            ("in time", json!({ "facts": { "tasks_on_time_share": 1 } }), class("HTXS")),
            // Đ.11: more than half not done. The text gives no class to those who did at least 50 % and not all.
            ("49 % done", json!({ "facts": { "tasks_done_share": "0.49" } }), class("KHT")),
            ("half done", json!({ "facts": { "tasks_done_share": "0.5" } }), gap()),
            ("60 % done", json!({ "facts": { "tasks_done_share": "0.6" } }), gap()),
            ("more than 20 % late", json!({ "facts": { "tasks_late_share": "0.21" } }), gap()),
            (
                "a leader's fact",
                json!({ "facts": { "low_confidence": true } }),
                refused("facts.low_confidence", "unknown"),
            ),
        ],
    );
}
