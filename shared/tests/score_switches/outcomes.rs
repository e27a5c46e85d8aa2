//! Switches that change what follows from the points: records, classes, quotas, years.

use serde_json::{Value, json};

use super::Row;
use super::cards::*;
use super::ways::*;

/// How a fact or a file was understood. This is kept with the result.
pub(super) fn records() -> Vec<Row> {
    vec![
        Row {
            number: 9,
            clause: "QĐ 366 Đ.11: what “vượt mức” means",
            pack: "nd335-congchuc",
            option: "exceeded",
            way: recorded,
            input: perfect(json!({})),
            answers: &[
                ("quantity", "100 HTXS scored quantity"),
                ("early", "100 HTXS scored early"),
                ("declared", "100 HTXS scored declared"),
            ],
        },
        Row {
            number: 20,
            clause: "QĐ 366: one person, two posts",
            pack: "qd366",
            option: "two_posts",
            way: recorded,
            input: result(70),
            answers: &[
                ("upper", "100 HTXS scored quantity upper"),
                ("main_post", "100 HTXS scored quantity main_post"),
            ],
        },
    ]
}

pub(super) fn classes() -> Vec<Row> {
    let pack = "nd335-congchuc";
    let facts = json!({
        "tasks_done_share": 1, "tasks_on_time_share": 1, "tasks_exceeded_share": "0.2", "defects_fixed_share": 1,
    });
    let gated = || with(perfect(facts.clone()), json!({"options": {"gates": "on"}}));
    vec![
        Row {
            number: 10,
            clause: "HD 02-HD/BTCTW; not in NĐ 335",
            pack,
            option: "undone_in_quarter",
            way: scored,
            input: perfect(json!({"undone_subjective": true})),
            answers: &[("off", "100 HTXS scored"), ("on", "100 KHT scored")],
        },
        Row {
            number: 11,
            clause: "NĐ 335 Đ.20 beside QĐ 366 Đ.11",
            pack,
            option: "gates",
            way: scored,
            input: perfect(facts.clone()),
            answers: &[("off", "100 HTXS scored"), ("on", "100 HTT scored")],
        },
        Row {
            number: 12,
            clause: "QĐ 366 Đ.11: points suffice, a condition fails",
            pack,
            option: "gate_failure",
            way: scored,
            input: gated(),
            answers: &[("drop", "100 HTT scored"), ("authority", "100 HTT provisional")],
        },
        Row {
            number: 18,
            clause: "Thanh Hóa: less than half of the month's working days",
            pack,
            option: "presence",
            way: scored,
            input: perfect(json!({"worked_days": 10, "working_days": 22})),
            answers: &[("none", "100 HTXS scored"), ("half_month", "100 - not_classified")],
        },
        Row {
            number: 19,
            clause: "QĐ 366 Đ.11; “Cách 3” of a city",
            pack: "qd366",
            option: "thresholds",
            way: scored,
            input: result(45),
            answers: &[("90_70_50", "75 HTT scored"), ("90_80_60", "75 HTNV scored")],
        },
    ]
}

pub(super) fn units() -> Vec<Row> {
    let pack = "nd335-congchuc";
    let group = |name: &str, members: Vec<Value>| json!({"name": name, "members": members});
    let both = |good: usize, best: usize, prefix: &str| {
        let total = if prefix == "a" { 95 } else { 94 };
        [members(&format!("{prefix}g"), "HTT", 80, good), members(&format!("{prefix}x"), "HTXS", total, best)].concat()
    };
    let mut headed = both(4, 1, "a");
    headed[4]["head"] = json!(true);
    vec![
        Row {
            number: 4,
            clause: "NĐ 335 Đ.20(5); CV 694",
            pack,
            option: "quota_base",
            way: limited,
            input: json!({"pack": pack, "groups": [group("A", both(10, 5, "a"))]}),
            answers: &[("good", "2 allowed, 3 over, 0 left out"), ("good_and_above", "3 allowed, 2 over, 0 left out")],
        },
        Row {
            number: 5,
            clause: "NĐ 335 Đ.20(5): 20 % of 13",
            pack,
            option: "quota_rounding",
            way: limited,
            input: json!({"pack": pack, "groups": [group("A", both(13, 3, "a"))]}),
            answers: &[("floor", "2 allowed, 1 over, 0 left out"), ("half_up", "3 allowed, 0 over, 0 left out")],
        },
        Row {
            number: 6,
            clause: "NĐ 335 Đ.20(5): one agency, similar duty",
            pack,
            option: "quota_scope",
            way: limited,
            input: json!({"pack": pack, "groups": [group("A", headed), group("B", both(4, 1, "b"))]}),
            answers: &[
                ("similar_duty", "0 allowed, 1 over, 0 left out; 0 allowed, 1 over, 0 left out"),
                ("agency", "1 allowed, 1 over, 0 left out"),
                ("without_heads", "0 allowed, 0 over, 1 left out; 0 allowed, 1 over, 0 left out"),
            ],
        },
    ]
}

pub(super) fn years() -> Vec<Row> {
    let pack = "nd335-congchuc";
    let quarters: Vec<Value> = [(1, 95), (2, 40), (3, 95)]
        .map(|(quarter, total)| json!({"period": format!("2026-Q{quarter}"), "total": total}))
        .into();
    let months: Vec<Value> = (1..=12).map(|month| json!({"period": format!("2026-{month:02}"), "total": 80})).collect();
    vec![
        Row {
            number: 13,
            clause: "HD 02-HD/BTCTW: one quarter “not completed”",
            pack: "hd02-quy",
            option: "kht_quarter",
            way: rolled_up,
            input: json!({
                "pack": "hd02-quy", "to": "year", "periods": quarters, "total": 95, "subject": {"role": "staff"},
                "options": {"gates": "off", "undone_in_quarter": "off"},
            }),
            answers: &[("managers", "95 HTXS scored"), ("all", "95 HTT scored")],
        },
        Row {
            number: 17,
            clause: "NĐ 335 Đ.17(3); HD 02-HD/BTCTW",
            pack,
            option: "year_rule",
            way: rolled_up,
            input: json!({"pack": pack, "to": "year", "periods": months}),
            answers: &[("mean", "80 HTT scored"), ("decided", "- - provisional")],
        },
        Row {
            number: 17,
            clause: "NĐ 335 Đ.17(3); HD 02-HD/BTCTW: the authority's own total",
            pack,
            option: "year_rule",
            way: rolled_up,
            input: json!({"pack": pack, "to": "year", "periods": months, "total": 95}),
            answers: &[("mean", "refused: total"), ("decided", "95 HTXS scored")],
        },
    ]
}
