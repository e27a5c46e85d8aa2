//! Switches that change the points: sums and limits, rounding, coefficients, marks.

use serde_json::{Value, json};

use super::Row;
use super::cards::*;
use super::ways::*;

pub(super) fn arithmetic() -> Vec<Row> {
    let pack = "nd335-congchuc";
    vec![
        Row {
            number: 1,
            clause: "NĐ 335 Đ.14, Đ.15(1); Thanh Hóa",
            pack,
            option: "denominator",
            way: scored,
            input: card(json!([with(line("X", 1, 10, "5"), json!({"failed_reviews": 1}))]), json!({})),
            answers: &[("assigned", "745/12 HTNV scored"), ("completed", "165/2 HTT scored")],
        },
        Row {
            number: 2,
            clause: "NĐ 335 Đ.15(2); handbook; 6 axes",
            pack,
            option: "late_unit",
            way: scored,
            input: card(json!([with(line("X", 1, 10, "10"), json!({"late_times": 1, "late_days": 4}))]), json!({})),
            answers: &[
                ("occurrence", "565/6 HTXS scored"),
                ("day", "230/3 HTT scored"),
                ("bands", "272/3 HTXS scored"),
            ],
        },
        Row {
            number: 3,
            clause: "NĐ 335 Đ.12(3), Đ.18(1)d",
            pack,
            option: "cap",
            way: scored,
            input: card(
                json!([
                    line("X", 1, 10, "15"),
                    line("X", 1, 10, "5"),
                    with(line("Y", 1, 10, "24"), json!({"failed_reviews": 4})),
                    line("Z", 1, 10, "2")
                ]),
                json!({}),
            ),
            answers: &[
                ("line", "857/12 HTT scored"),
                ("indicator", "481/6 HTT scored"),
                ("component", "179/2 HTT scored"),
                ("total", "193/2 HTXS scored"),
            ],
        },
        coefficients(),
        Row {
            number: 14,
            clause: "CV 427/TKT-TCHC",
            pack: "thongke-hungyen",
            option: "position_multiplier",
            way: scored,
            input: coefficients().input,
            // A factor of the person's position is in both numerator and denominator: it is required, and changes no
            // share.
            answers: &[("on", "refused: subject.position"), ("off", "1185/29 KHT scored")],
        },
    ]
}

pub(super) fn rounding() -> Vec<Row> {
    vec![
        Row {
            number: 8,
            clause: "NĐ 335 (no “làm tròn” in the text); HD 03",
            pack: "nd335-congchuc",
            option: "rounding",
            way: scored,
            input: card(json!([line("X", 1, 70, "47.567")]), json!({})),
            answers: &[
                ("none", "77567/1000 HTT scored"),
                ("tenth", "388/5 HTT scored"),
                ("half", "155/2 HTT scored"),
                ("cut_hundredth", "1939/25 HTT scored"),
            ],
        },
        Row {
            number: 8,
            clause: "HD 03-HD/TVĐU: each product half up to 0.1",
            pack: "hd03-abcd",
            option: "rounding",
            way: scored,
            input: products(),
            // 30 plus products of 13.44, 10.08 and 10.29 points, or of 13.4, 10.1 and 10.3.
            answers: &[("none", "6381/100 HTNV scored"), ("tenth_product", "319/5 HTNV scored")],
        },
    ]
}

/// A leader with full common marks and three products whose points are not whole tenths.
pub(super) fn products() -> Value {
    let product = |code: &str, weight: u32, main: bool, mark: u32| {
        let marks = json!({"A": mark, "B": mark, "C": mark, "D": mark});
        json!({"code": code, "frame": "projects", "weight": weight, "main": main, "marks": marks})
    };
    json!({
        "subject": {"role": "leader"}, "criteria": full("hd03-abcd", "leader"), "work": [],
        "products": [product("A", 28, true, 48), product("B", 21, false, 48), product("C", 21, false, 49)],
        "facts": {
            "training_months": 0, "months_since_first_appointment": 12, "sick_or_maternity_months": 0,
            "under_inspection": false,
        },
    })
}

pub(super) fn coefficients() -> Row {
    let lines = json!([
        with(line("X", 1, 10, "10"), json!({"difficulty": "N1"})),
        with(line("Y", 2, 10, "0"), json!({"difficulty": "N5"}))
    ]);
    Row {
        number: 14,
        clause: "NĐ 335 Đ.13; CV 427/TKT-TCHC",
        pack: "thongke-hungyen",
        option: "coefficient",
        way: scored,
        input: json!({
            "subject": {"role": "staff"}, "criteria": full("thongke-hungyen", "staff"), "work": lines,
            "options": {"position_multiplier": "off"}, "facts": {"quarter_done_share": 1},
        }),
        answers: &[
            ("product", "160/3 HTNV scored"),
            ("level", "1185/29 KHT scored"),
            ("product_level", "3840/107 KHT scored"),
        ],
    }
}

pub(super) fn marks() -> Vec<Row> {
    let mut graded = perfect(json!({}));
    graded["criteria"]["I.1"] = json!(3);
    let mut levels = products();
    levels["options"] = json!({"reason_below_max": "off", "rounding": "none"});
    levels["criteria"]["1.1"] = json!("1.7");
    vec![
        Row {
            number: 7,
            clause: "NĐ 335 Mẫu 01; QĐ 366 forms",
            pack: "nd335-congchuc",
            option: "common",
            way: scored,
            input: graded,
            answers: &[("graded", "98 HTXS scored"), ("binary", "refused: criteria.I.1")],
        },
        Row {
            number: 7,
            clause: "HD 03-HD/TVĐU, bands",
            pack: "hd03-abcd",
            option: "common",
            way: levelled,
            input: levels,
            answers: &[
                ("graded", "6351/100 HTNV scored -"),
                ("binary", "refused: criteria.1.1 -"),
                ("bands", "6351/100 HTNV scored 80_90"),
            ],
        },
        Row {
            number: 15,
            clause: "QĐ 366 forms: a criterion that does not apply",
            pack: "qd366",
            option: "not_applicable",
            way: scored,
            input: left_out(),
            answers: &[
                ("refuse", "refused: not_applicable"),
                ("rescale", "91 HTXS scored"),
                ("grant", "92 HTXS scored"),
            ],
        },
        Row {
            number: 16,
            clause: "Thanh Hóa, “điểm trừ”",
            pack: "thanhhoa-1053",
            option: "discipline",
            way: scored,
            input: disciplined(),
            answers: &[("class", "refused: sources.facts.disciplined"), ("class_and_points", "95 D scored")],
        },
    ]
}
