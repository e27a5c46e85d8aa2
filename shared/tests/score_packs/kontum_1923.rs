//! Test cases for the Kon Tum college. The 30 points for the one common group are the test's own.

use serde_json::json;

use super::completed::{completed, full, give, put, refused, score, step, stories, total};

#[test]
fn indicators_take_the_share_done_and_groups_have_a_minimum() {
    let pack = completed("kontum-1923", |pack| give(pack, "TC", &[30]));
    let indicator = |weight: i64, completed: i64| {
        json!({
            "code": format!("CS{weight}"),
            "frame": "indicator",
            "weight": weight,
            "assigned": 10,
            "completed": completed,
        })
    };
    let mut card = full(&pack, "staff");
    put(&mut card, &json!({ "products": [indicator(40, 10), indicator(30, 10)] }));
    stories(
        &pack,
        &card,
        &[
            ("30 + 70", json!({}), json!({ "total": { "exact": "100" }, "class": { "code": "HTXS" } })),
            // min(100 %, 8/10) · 40 + min(100 %, 12/10) · 30 = 32 + 30
            ("min(100 %, done) × max", json!({ "products": [indicator(40, 8), indicator(30, 12)] }), total("92")),
            (
                "group ≥ 5: met",
                json!({ "criteria": { "TC.1": 5 } }),
                json!({ "total": { "exact": "75" }, "class": { "code": "HTT" } }),
            ),
            (
                "group ≥ 5: not met",
                json!({ "criteria": { "TC.1": "4.9" } }),
                json!({ "class": { "code": "KHT", "by_points": "HTT" } }),
            ),
            (
                "nothing assigned",
                json!({ "products": [indicator(40, 8), { "code": "CS", "frame": "indicator", "weight": 30 }] }),
                refused("products[1].assigned", "out_of_range"),
            ),
            (
                "indicators come to 70",
                json!({ "products": [indicator(40, 8)] }),
                refused("products.weight", "not_allowed"),
            ),
        ],
    );
    for (mark, level) in [("30", "1"), ("27", "1"), ("26.9", "2"), ("21", "2"), ("15", "3"), ("14", "4")] {
        let mut card = card.clone();
        put(&mut card, &json!({ "criteria": { "TC.1": mark } }));
        assert_eq!(step(&score(&pack, &card), "level.TC.1")["value"], level, "{mark} of 30");
    }
}
