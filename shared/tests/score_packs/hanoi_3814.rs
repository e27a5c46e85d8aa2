//! Test cases for Decision 3814 of Hà Nội. Only the sub-criteria are missing.

use serde_json::json;

use super::completed::{class, completed, full, refused, stories};

#[test]
fn twenty_seventy_and_ten_points() {
    let pack = completed("hanoi-3814", |_| {});
    stories(
        &pack,
        &full(&pack, "staff"),
        &[
            ("20 + 70 + 10", json!({}), json!({ "total": { "exact": "100" }, "class": { "code": "A" } })),
            ("90 without a bonus", json!({ "criteria": { "3": 0 } }), class("A")),
            ("below 90", json!({ "criteria": { "3": 0, "1": "19.99" } }), class("B")),
            ("70", json!({ "criteria": { "1": 0, "3": 0 } }), class("B")),
            (
                "49.5 rounded to 0.5 stays",
                json!({ "criteria": { "1": 0, "2": "49.7", "3": 0 }, "options": { "rounding": "half" } }),
                json!({ "total": { "exact": "99/2" }, "class": { "code": "D" } }),
            ),
            (
                "option common",
                json!({ "options": { "common": "binary" }, "criteria": { "2": 60 } }),
                refused("criteria.2", "not_allowed"),
            ),
        ],
    );
}
