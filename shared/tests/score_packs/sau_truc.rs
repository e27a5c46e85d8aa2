//! Test cases for the six axes. The 30 common points, the 15, 10 and 10 for the axes without a maximum, and the scale
//! of 100 are the test's own.

use serde_json::{Value, json};
use shared::num::Exact;
use shared::pack::{self, Pack};

use super::completed::{class, completed, full, give, put, refused, stories};

pub(super) fn six_axes() -> Pack {
    completed("sau-truc", |pack| {
        give(pack, "TC", &[30]);
        pack.scale_max = Exact::from_int(100);
        let own = [("T1", 15), ("T2", 10), ("T3", 10), ("total", 100)];
        for component in &mut pack.components {
            let Some((_, points)) = own.iter().find(|(id, _)| *id == component.id) else { continue };
            match &mut component.rule {
                pack::Rule::Products { max, .. } | pack::Rule::Sum { max, .. } => *max = Exact::from_int(*points),
                _ => panic!("{} has no maximum", component.id),
            }
        }
    })
}

pub(super) fn axis_product(
    axis: &str,
    standard: &str,
    difficulty: &str,
    done: &str,
    late_days: u32,
    quality: i64,
) -> Value {
    json!({
        "code": format!("{axis}-{standard}"),
        "frame": "chung",
        "axis": axis,
        "standard": standard,
        "difficulty": difficulty,

        "assigned": 1, "completed": done, "late_days": late_days, "marks": { "CL": quality } })
}

#[test]
fn products_have_points_by_kind_difficulty_and_days_late() {
    let pack = six_axes();
    let one = |product: Value| json!({ "products": [product] });
    let mut card = full(&pack, "leader");
    put(&mut card, &json!({ "facts": { "tasks_early_share": "0.31" } }));
    let points = |exact: &str| json!({ "components": { "T4": { "exact": exact } } });
    stories(
        &pack,
        &card,
        &[
            ("10 points, nothing wrong", one(axis_product("T4", "regular", "1", "1", 0, 100)), points("10")),
            ("12 points × 1.2", one(axis_product("T4", "ad_hoc", "3", "1", 0, 100)), points("72/5")),
            // SL = TĐ = CL = 0.8, so LĐ = 0.8: 10 · 1.1 · 0.8
            (
                "0.10·SL + 0.20·TĐ + 0.60·CL + 0.10·LĐ",
                one(axis_product("T4", "regular", "2", "0.8", 2, 80)),
                points("44/5"),
            ),
            // late 0 %: 0.1 + 0 + 0.6 + 0.1 · 2/3
            ("more than 5 days late", one(axis_product("T4", "regular", "1", "1", 6, 100)), points("23/3")),
            // late 60 %: 0.1 + 0.12 + 0.6 + 0.1 · 2.6/3
            ("4–5 days late", one(axis_product("T4", "regular", "1", "1", 4, 100)), points("136/15")),
            (
                "axis 6 ends at 5",
                one(axis_product("T6", "regular", "1", "1", 0, 100)),
                json!({ "components": { "T6": { "exact": "5" } }, "excess": { "T6": { "exact": "5" } } }),
            ),
            (
                "a product belongs to an axis",
                one(json!({
                    "code": "x",
                    "frame": "chung",
                    "standard": "regular",
                    "difficulty": "1",
                    "assigned": 1,
                    "completed": 1,
                    "marks": { "CL": 100 },
                })),
                refused("products[0].axis", "missing"),
            ),
            (
                "a known kind",
                one(axis_product("T4", "huge", "1", "1", 0, 100)),
                refused("products[0].standard", "unknown"),
            ),
        ],
    );
}

#[test]
fn six_axes_have_thresholds_of_their_own() {
    let pack = six_axes();
    let every = |axes: &[(&str, usize)]| -> Value {
        axes.iter()
            .flat_map(|(axis, count)| (0..*count).map(|_| axis_product(axis, "regular", "1", "1", 0, 100)))
            .collect()
    };
    let all = [("T1", 2), ("T2", 1), ("T3", 1), ("T4", 2), ("T5", 1), ("T6", 1)];
    let mut card = full(&pack, "leader");
    put(&mut card, &json!({ "facts": { "tasks_early_share": "0.31" }, "products": every(&all) }));
    // 30 + 10 + 10 + 20 + 5: without T1 and T5
    let seventy_five = || json!({ "products": every(&[("T2", 1), ("T3", 1), ("T4", 2), ("T6", 1)]) });
    let with = |mut change: Value, more: Value| {
        put(&mut change, &more);
        change
    };
    stories(
        &pack,
        &card,
        &[
            ("everything", json!({}), json!({ "total": { "exact": "100" }, "class": { "code": "HTXS" } })),
            (
                "exactly 30 % ahead is not more than 30 %",
                json!({ "facts": { "tasks_early_share": "0.3" } }),
                class("HTT"),
            ),
            (
                "90/80/60: 75 is completed",
                seventy_five(),
                json!({ "total": { "exact": "75" }, "class": { "code": "HTNV" } }),
            ),
            (
                "§12 #19, 90/70/50: 75 is good",
                with(seventy_five(), json!({ "options": { "thresholds": "90_70_50" } })),
                class("HTT"),
            ),
        ],
    );
}
