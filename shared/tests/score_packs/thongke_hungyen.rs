//! Test cases for the statistics office of Hưng Yên. Only the names of the positions are missing.

use serde_json::{Value, json};
use shared::pack::Pack;

use super::completed::{class, completed, full, put, refused, stories};

fn hung_yen_line(level: &str, coefficient: i64, assigned: i64, done: i64) -> Value {
    json!({
        "code": level,
        "coefficient": coefficient,
        "difficulty": level,
        "assigned": assigned,
        "completed": done,
    })
}

pub(super) fn hung_yen() -> (Pack, Value) {
    let pack = completed("thongke-hungyen", |_| {});
    let mut card = full(&pack, "staff");
    let rest = json!({
        "subject": { "position": "3" },
        "work": [hung_yen_line("N1", 2, 10, 10), hung_yen_line("N5", 1, 1, 0)],
        "facts": { "quarter_done_share": 1 },
    });
    put(&mut card, &rest);
    (pack, card)
}

fn quantity(exact: &str) -> Value {
    json!({ "status": "scored", "components": { "a": { "exact": exact } } })
}

#[test]
fn work_is_weighed_by_level_and_position() {
    let (pack, card) = hung_yen();
    let options = |options: Value| json!({ "options": options });
    let position = |position: Value| json!({ "subject": { "position": position } });
    let product = json!({
        "options": { "coefficient": "product" },
        "work": [
            { "code": "P", "coefficient": 2, "assigned": 10, "completed": 10 },
            { "code": "Q", "coefficient": 1, "assigned": 1, "completed": 0 },
        ],
    });
    let unlevelled = json!({ "code": "P", "coefficient": 2, "assigned": 10, "completed": 10 });
    let unknown = hung_yen_line("N9", 1, 1, 1);
    let mut alone = options(json!({ "position_multiplier": "off" }));
    put(&mut alone, &position(json!(null)));
    stories(
        &pack,
        &card,
        &[
            ("coefficients 18 and 98: 180 / (180 + 98)", json!({}), quantity("90/139")),
            ("one position weighs all lines alike", position(json!("1")), quantity("90/139")),
            ("position_multiplier needs one", position(json!(null)), refused("subject.position", "missing")),
            ("an unknown position", position(json!("9")), refused("subject.position", "unknown")),
            ("position_multiplier off", alone, quantity("90/139")),
            ("coefficient product: 20 / (20 + 1)", product, quantity("20/21")),
            // The same card under another reading: the level stays on the card and is not read.
            ("a level where none is read", options(json!({ "coefficient": "product" })), quantity("20/21")),
            ("a level is needed", json!({ "work": [unlevelled] }), refused("work[0].difficulty", "missing")),
            ("an unknown level", json!({ "work": [unknown] }), refused("work[0].difficulty", "unknown")),
            (
                "coefficient product_level: 360 / (360 + 98)",
                options(json!({ "coefficient": "product_level" })),
                quantity("180/229"),
            ),
        ],
    );
}

#[test]
fn a_product_made_together_counts_by_its_share_and_a_quarter_is_done_whole() {
    let (pack, card) = hung_yen();
    let shared_line = |share: &str| {
        let mut line = hung_yen_line("N1", 2, 10, 10);
        put(&mut line, &json!({ "share": share }));
        json!({ "work": [line, hung_yen_line("N5", 1, 1, 0)] })
    };
    let off = json!({ "options": { "undone_in_quarter": "off" }, "facts": null });
    stories(
        &pack,
        &card,
        &[
            ("half of a product: 90 / (90 + 98)", shared_line("0.5"), quantity("45/94")),
            ("a share above 1", shared_line("1.5"), refused("work[0].share", "out_of_range")),
            ("< 100 % of the quarter", json!({ "facts": { "quarter_done_share": "0.99" } }), class("KHT")),
            ("undone_in_quarter needs it", json!({ "facts": null }), refused("facts.quarter_done_share", "missing")),
            ("undone_in_quarter off", off, quantity("90/139")),
        ],
    );
}
