//! Test cases for organisations under Decree 335. The 10 points for each common row and the split of the 70 are the
//! test's own.

use serde_json::{Value, json};

use super::completed::{class, completed, full, give, put, refused, score, step, stories, total};

#[test]
fn organisations_below_seventy_percent_unless_force_majeure() {
    let pack = completed("nd335-tochuc", |pack| {
        give(pack, "TC", &[10, 10, 10]);
        give(pack, "KQ", &[10, 20, 10, 5, 10, 5, 5, 5]);
    });
    let mut card = full(&pack, "unit");
    put(
        &mut card,
        &json!({
            "facts": {
                "tasks_done_share": 1, "tasks_on_time_share": 1, "tasks_late_share": 0,
                "tasks_exceeded_share": "0.3", "sub_units_failed_share": 0, "defects_fixed_share": 1,
            },
        }),
    );
    let done = |share: &str| json!({ "facts": { "tasks_done_share": share } });
    let mut excused = done("0.69");
    put(&mut excused, &json!({ "facts": { "force_majeure": true } }));
    let without = |reading: &str| {
        json!({
            "options": { "not_applicable": reading },
            "not_applicable": ["KQ.h"],
            "criteria": { "KQ.h": null, "KQ.b": 7 },
        })
    };
    stories(
        &pack,
        &card,
        &[
            ("Đ.8(1)", json!({}), class("HTXS")),
            ("Đ.8(1)b", json!({ "facts": { "sub_units_failed_share": "0.1" } }), class("HTT")),
            ("Đ.8(4)a", json!({ "facts": { "personnel_wrongdoing": true } }), class("KHT")),
            ("Đ.7(1) “nếu có”, refuse", without("refuse"), refused("not_applicable", "not_allowed")),
            // (65 − 13) · 70 / 65 = 56
            ("Đ.7(1) “nếu có”, rescale", without("rescale"), total("86")),
            ("Đ.7(1) “nếu có”, grant", without("grant"), total("87")),
        ],
    );
    // Đ.8(4)b: below 70 %. From 70 % on, and with force majeure, no paragraph of Article 8 gives a class: Đ.8(1)-(3)
    // require all tasks, and Đ.8(4) lists its cases. With force majeure the decree itself says that the authority
    // classifies.
    stories(&pack, &card, &[("Đ.8(4)b: 69 %", done("0.69"), class("KHT"))]);
    for (change, clause) in [(done("0.7"), "Đ.8(4)"), (done("0.95"), "Đ.8(4)"), (excused, "Đ.8(4)b")] {
        for reading in ["drop", "authority"] {
            let mut card = card.clone();
            put(&mut card, &change);
            put(&mut card, &json!({ "options": { "gate_failure": reading } }));
            let outcome = score(&pack, &card);
            let found = (&outcome["status"], &outcome["class"], &outcome["total"]["exact"]);
            assert_eq!(found, (&json!("provisional"), &Value::Null, &json!("100")), "{change}, {reading}");
            let decided = step(&outcome, "class.decided");
            assert_eq!((&decided["value"], &decided["clause"]), (&json!("undecided"), &json!(clause)), "{change}");
            assert_eq!(decided["inputs"]["by_points"], "HTXS", "{decided}");
        }
    }
}
