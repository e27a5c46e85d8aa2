//! The twenty questions of the switch list (schemes.md §12), each having its effect on a small card: what regulations leave
//! open is a reading that an authority chooses, never something the program has decided.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};
use shared::num::Exact;
use shared::pack::{self, Pack, PackStatus};
use shared::score::{InputError, explained, quota, read_input, roll_up};

/// A question, where it is asked, what it is put to, and what follows from each answer.
struct Row {
    /// Number in §12.
    number: u8,
    /// The clause that raises it.
    clause: &'static str,
    pack: &'static str,
    option: &'static str,
    way: fn(&Pack, &Value) -> String,
    input: Value,
    answers: &'static [(&'static str, &'static str)],
}

/// The pack; a template completed with points of this test's own, where the text gives none.
fn pack(id: &str) -> Pack {
    let mut pack = pack::find_with_remarks(id).unwrap();
    pack.status = PackStatus::Complete;
    pack.events.iter_mut().filter(|event| event.points.is_zero()).for_each(|event| event.points = Exact::from_int(-5));
    assert_eq!(pack::findings(&pack), [], "{id}");
    pack
}

fn refused(errors: &[InputError]) -> String {
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    format!("refused: {}", fields.join(", "))
}

/// Total, class and status.
fn told(outcome: Result<impl Serialize, Vec<InputError>>) -> String {
    let outcome = match outcome {
        Ok(outcome) => serde_json::to_value(outcome).unwrap(),
        Err(errors) => return refused(&errors),
    };
    let class = outcome["class"]["code"].as_str().unwrap_or("-");
    format!("{} {class} {}", outcome["total"]["exact"].as_str().unwrap_or("-"), outcome["status"].as_str().unwrap())
}

/// Of a card.
fn scored(pack: &Pack, input: &Value) -> String {
    told(explained(pack, &read_input(&input.to_string()).unwrap()))
}

/// As [`scored`], with the level of the mark 1.1, where the reading names it.
fn levelled(pack: &Pack, input: &Value) -> String {
    let outcome = explained(pack, &read_input(&input.to_string()).unwrap());
    let steps = outcome.map(|outcome| outcome.explanation).unwrap_or_default();
    let level = steps.iter().find(|step| step.step == "level.1.1").map_or("-", |step| step.value.as_str());
    format!("{} {level}", scored(pack, input))
}

/// As [`scored`], with how a stated fact was understood: that is kept with the result and changes no number.
fn recorded(pack: &Pack, input: &Value) -> String {
    let outcome = explained(pack, &read_input(&input.to_string()).unwrap()).unwrap();
    let kept = ["exceeded", "two_posts"].map(|option| outcome.options.get(option).cloned().unwrap_or_default());
    format!("{} {}", scored(pack, input), kept.join(" ").trim())
}

/// How many may be in the highest class, group by group, and how many are left out of the count.
fn limited(pack: &Pack, input: &Value) -> String {
    let outcome = quota(pack, &serde_json::from_value(input.clone()).unwrap()).unwrap();
    let groups = outcome.groups.iter().map(|group| {
        format!("{} allowed, {} over, {} left out", group.allowed, group.over.len(), group.left_out.len())
    });
    groups.collect::<Vec<_>>().join("; ")
}

/// Of a year.
fn rolled_up(pack: &Pack, input: &Value) -> String {
    told(roll_up(pack, &serde_json::from_value(input.clone()).unwrap()))
}

/// Every mark at its maximum.
fn full(id: &str, role: &str) -> Value {
    let pack = pack(id);
    Value::Object(pack.criteria_for(role).map(|one| (one.code.clone(), json!(one.max))).collect())
}

/// A card of a civil servant with full common marks.
fn card(work: Value, facts: Value) -> Value {
    json!({"subject": {"role": "staff"}, "criteria": full("nd335-congchuc", "staff"), "work": work, "facts": facts})
}

fn line(code: &str, coefficient: u32, assigned: u32, completed: &str) -> Value {
    json!({"code": code, "coefficient": coefficient, "assigned": assigned, "completed": completed})
}

/// A line with something more to say about it.
fn with(mut line: Value, more: Value) -> Value {
    line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    line
}

fn perfect(facts: Value) -> Value {
    card(json!([line("X", 1, 10, "10")]), facts)
}

/// People of one class, no two with the same total.
fn members(prefix: &str, class: &str, total: u32, count: usize) -> Vec<Value> {
    let one = |place| json!({"id": format!("{prefix}{place}"), "class": class, "total": format!("{total}.{place:02}")});
    (0..count).map(one).collect()
}

fn arithmetic() -> Vec<Row> {
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
            // A factor of the person's position stands above and below the line: it is asked for, and changes no share.
            answers: &[("on", "refused: subject.position"), ("off", "1185/29 KHT scored")],
        },
    ]
}

fn rounding() -> Vec<Row> {
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
            // 30 and products of 13.44, 10.08 and 10.29 points, beside 13.4, 10.1 and 10.3.
            answers: &[("none", "6381/100 HTNV scored"), ("tenth_product", "319/5 HTNV scored")],
        },
    ]
}

/// A leader with full common marks and three products whose points are no tenths.
fn products() -> Value {
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

fn coefficients() -> Row {
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

fn marks() -> Vec<Row> {
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

/// How a fact or a file was understood: kept with the result.
fn records() -> Vec<Row> {
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

/// A leader with so many points of 70, and every condition on tasks met.
fn result(points: u32) -> Value {
    let mut marks = full("qd366", "leader");
    marks["KQ.0"] = json!(points);
    json!({
        "subject": {"role": "leader"}, "criteria": marks, "work": [], "options": {"reason_below_max": "off"},
        "facts": {
            "tasks_done_share": 1, "tasks_on_time_share": 1, "tasks_late_share": 0, "tasks_exceeded_share": "0.3",
            "defects_fixed_share": 1,
        },
    })
}

/// Of nine criteria of 2 points one does not apply, four are met and four are not: 8 of 16.
fn left_out() -> Value {
    let mut card = result(70);
    card["criteria"].as_object_mut().unwrap().remove("1.1");
    for code in ["1.6", "1.7", "1.8", "1.9"] {
        card["criteria"][code] = json!(0);
    }
    with(card, json!({"not_applicable": ["1.1"]}))
}

/// One decision, named as the ground of a deduction and of the class.
fn disciplined() -> Value {
    json!({
        "subject": {"role": "staff"}, "criteria": full("thanhhoa-1053", "staff"), "work": [line("X", 1, 10, "10")],
        "options": {"gates": "on"}, "events": [{"code": "diem_tru", "count": 1, "evidence": "QĐ 5/2026"}],
        "facts": {"disciplined": true, "tasks_failed_share": 0},
        "sources": {"facts.disciplined": "QĐ 5/2026"},
    })
}

fn classes() -> Vec<Row> {
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

fn units() -> Vec<Row> {
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

fn years() -> Vec<Row> {
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

#[test]
fn each_of_the_twenty_switches_has_its_effect() {
    let parts = [arithmetic(), rounding(), marks(), records(), classes(), units(), years()];
    let rows: Vec<Row> = parts.into_iter().flatten().collect();
    let mut failures = Vec::new();
    for row in &rows {
        let pack = pack(row.pack);
        for (answer, expected) in row.answers {
            let mut input = row.input.clone();
            input["options"][row.option] = json!(answer);
            let found = (row.way)(&pack, &input);
            if found != *expected {
                failures.push(format!(
                    "§12 #{} ({}), {} = {answer}: found {found:?}, expected {expected:?}",
                    row.number, row.clause, row.option
                ));
            }
        }
        let effects: BTreeSet<&str> = row.answers.iter().map(|(_, effect)| *effect).collect();
        if effects.len() < row.answers.len() {
            failures.push(format!("§12 #{}, {}: two answers have the same effect", row.number, row.option));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
    let numbers: BTreeSet<u8> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=20).collect(), "questions of §12");
}
