//! Every scheme that is still a template, completed with numbers of this test's own where its text gives none, and scored
//! by figures a reader can check by hand. Each story names the clause or source it shows.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;

use serde_json::{Value, json};
use shared::num::Exact;
use shared::pack::{self, Pack, PackStatus};
use shared::score::{error_json, quota, roll_up, score_under};

fn number(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

fn template(id: &str) -> Pack {
    let text = fs::read_to_string(format!("{}/packs/{id}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    pack::read_toml(&text).unwrap_or_else(|findings| panic!("{id}: {findings:#?}"))
}

/// The template as an authority would complete it.
fn completed(id: &str, complete: impl FnOnce(&mut Pack)) -> Pack {
    let mut pack = template(id);
    assert_eq!(pack.status, PackStatus::Template, "{id} needs no completing");
    complete(&mut pack);
    pack.status = PackStatus::Complete;
    assert_eq!(pack::findings(&pack), [], "{id}, completed");
    pack
}

/// Points of the test's own for the criteria of a group.
fn give(pack: &mut Pack, group: &str, points: &[i64]) {
    let group = pack.groups.iter_mut().find(|own| own.id == group).unwrap();
    assert_eq!(group.criteria.len(), points.len());
    for (criterion, points) in group.criteria.iter_mut().zip(points) {
        criterion.max = Exact::from_int(*points);
    }
    group.max = points.iter().map(|points| Exact::from_int(*points)).sum();
}

/// A card with every criterion of a role at its maximum.
fn full(pack: &Pack, role: &str) -> Value {
    let marks: serde_json::Map<String, Value> =
        pack.criteria_for(role).map(|criterion| (criterion.code.clone(), json!(criterion.max.to_string()))).collect();
    json!({ "subject": { "role": role }, "criteria": marks, "work": [] })
}

/// Puts what a story says over a card; what is null is taken away.
fn put(card: &mut Value, change: &Value) {
    let (Value::Object(card), Value::Object(change)) = (card, change) else { panic!("{change} is no object") };
    for (key, value) in change {
        match (card.get_mut(key), value) {
            (_, Value::Null) => {
                card.remove(key);
            }
            (Some(inner @ Value::Object(_)), Value::Object(_)) => put(inner, value),
            _ => {
                card.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Everything expected must be there; what a story does not mention may be anything.
fn mismatch(path: &str, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .find_map(|(key, value)| mismatch(&format!("{path}.{key}"), value, found.get(key).unwrap_or(&Value::Null))),
        _ if expected == found => None,
        _ => Some(format!("{path}: expected {expected}, found {found}")),
    }
}

fn score(pack: &Pack, card: &Value) -> Value {
    let text = score_under(pack, &card.to_string());
    let text = text.unwrap_or_else(|errors| format!("{{\"error\":{}}}", error_json(&errors)));
    serde_json::from_str(&text).unwrap()
}

/// What a story cites, what it changes on the card, what must follow.
type Story = (&'static str, Value, Value);

fn stories(pack: &Pack, card: &Value, stories: &[Story]) {
    let failures: Vec<String> = stories
        .iter()
        .filter_map(|(cites, change, expected)| {
            let mut card = card.clone();
            put(&mut card, change);
            mismatch(&format!("{}, {cites}", pack.id), expected, &score(pack, &card))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn class(code: &str) -> Value {
    json!({ "status": "scored", "class": { "code": code } })
}

fn total(exact: &str) -> Value {
    json!({ "status": "scored", "total": { "exact": exact } })
}

fn refused(field: &str, code: &str) -> Value {
    json!({ "error": { "field": field, "code": code } })
}

fn step<'a>(outcome: &'a Value, name: &str) -> &'a Value {
    let steps = outcome["explanation"].as_array().unwrap_or_else(|| panic!("{outcome}"));
    steps.iter().find(|step| step["step"] == name).unwrap_or_else(|| panic!("no step {name} in {steps:#?}"))
}

#[test]
fn every_template_refuses_to_score_until_it_is_completed() {
    let templates: Vec<&Pack> = pack::all().iter().filter(|pack| pack.status == PackStatus::Template).collect();
    assert!(templates.len() >= 15, "found {}", templates.len());
    for template in templates {
        let role = &template.roles[0].id;
        let found = score(template, &full(template, role));
        assert_eq!(mismatch(&template.id, &refused("pack", "template"), &found), None);
    }
}

// Guidance 02-HD/BTCTW: no number is missing, only names and the way from work to A, B, C and D.

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
        let mut facts = json!({ "facts": { "quarter_undone": true } });
        put(&mut facts, &more);
        facts
    };
    stories(
        &pack,
        &hd02_card(&pack, "leader"),
        &[
            ("§12 #10 on", undone(json!({})), json!({ "class": { "code": "KHT", "by_points": "HTXS" } })),
            ("§12 #10 off", undone(json!({ "options": { "undone_in_quarter": "off" } })), class("HTXS")),
            ("objective reasons", undone(json!({ "facts": { "objective_reasons": true } })), class("HTXS")),
            ("not confirmed as objective", undone(json!({ "facts": { "objective_reasons": false } })), class("KHT")),
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
            ("option gates off", json!({ "options": { "gates": "off" }, "facts": null }), class("HTXS")),
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
                class("KHT"),
            ),
        ],
    );
}

// HD 03-HD/TVĐU: products with weights. No number is missing for persons.

fn product(code: &str, frame: &str, weight: i64, main: bool, marks: [i64; 4]) -> Value {
    let [a, b, c, d] = marks;
    json!({ "code": code, "frame": frame, "weight": weight, "main": main, "marks": { "A": a, "B": b, "C": c, "D": d } })
}

/// Main product 30, two others 25 and 15.
fn three(main: [i64; 4]) -> Value {
    json!([
        product("SP1", "management", 30, true, main),
        product("SP2", "technical", 25, false, [100; 4]),
        product("SP3", "innovation", 15, false, [100; 4]),
    ])
}

fn hd03_card(pack: &Pack) -> Value {
    let mut card = full(pack, "leader");
    let rest = json!({ "products": three([100; 4]), "facts": {
        "tasks_done_share": 1, "unit_done_share": 1, "tasks_exceeded_share": "0.3", "defects_fixed_share": 1,
        "key_tasks_level_2_3": 0,
    } });
    put(&mut card, &rest);
    card
}

#[test]
fn products_are_weighed_by_their_frames() {
    let pack = completed("hd03-abcd", |_| {});
    let products = |products: Value| json!({ "products": products });
    // Frame 1: 0.25·80 + 0.35·90 + 0.20·100 + 0.20·70 = 85.5 %; of weight 30: 25.65, to a tenth 25.7; 30 + 25.7 + 40.
    let main = [80, 90, 100, 70];
    let with = |options: Value| json!({ "products": three(main), "options": options });
    // 0.35·80 + 0.25·90 + 0.20·100 + 0.20·70 = 84.5 %; of 30: 25.35, to a tenth 25.4.
    let mut own = three(main);
    put(&mut own[0], &json!({ "frame_weights": [35, 25, 20, 20] }));
    stories(
        &pack,
        &hd03_card(&pack),
        &[
            ("30 + 70", json!({}), json!({ "total": { "exact": "100" }, "class": { "code": "HTXS" } })),
            (
                "each product to 0.1, as in the example",
                with(json!({})),
                json!({ "total": { "exact": "957/10" }, "components": { "task": { "exact": "657/10" } } }),
            ),
            ("option rounding none", with(json!({ "rounding": "none" })), total("1913/20")),
            ("option rounding half", with(json!({ "rounding": "half" })), total("191/2")),
            ("option rounding tenth", with(json!({ "rounding": "tenth" })), total("957/10")),
            ("option rounding cut_hundredth", with(json!({ "rounding": "cut_hundredth" })), total("1913/20")),
            ("own weights within ±10", products(own), total("477/5")),
        ],
    );
}

#[test]
fn products_outside_the_rules_are_refused_by_name() {
    let pack = completed("hd03-abcd", |_| {});
    let change = |index: usize, change: Value| {
        let mut products = three([100; 4]);
        put(&mut products[index], &change);
        json!({ "products": products })
    };
    let weights = |a: i64, b: i64, c: i64| {
        let mut products = three([100; 4]);
        for (index, weight) in [a, b, c].into_iter().enumerate() {
            put(&mut products[index], &json!({ "weight": weight }));
        }
        json!({ "products": products })
    };
    let eight: Vec<Value> =
        (0..8).map(|place| product(&format!("SP{place}"), "projects", 1, false, [100; 4])).collect();
    stories(
        &pack,
        &hd03_card(&pack),
        &[
            (
                "3–7 products",
                json!({ "products": [product("SP1", "management", 70, true, [100; 4])] }),
                json!({ "error": { "field": "products", "found": "1", "allowed": "3 to 7" } }),
            ),
            ("3–7 products", json!({ "products": eight }), json!({ "error": { "field": "products", "found": "8" } })),
            (
                "weights come to 70",
                weights(30, 25, 14),
                json!({ "error": { "field": "products.weight", "found": "69", "allowed": "70" } }),
            ),
            (
                "main axis from 28",
                weights(27, 28, 15),
                json!({ "error": { "field": "products.main", "found": "27", "allowed": "28 to 35" } }),
            ),
            ("main axis to 35", weights(36, 19, 15), refused("products.main", "out_of_range")),
            ("28 and 35 are allowed", weights(28, 27, 15), total("100")),
            ("28 and 35 are allowed", weights(35, 20, 15), total("100")),
            (
                "±10",
                change(0, json!({ "frame_weights": [36, 24, 20, 20] })),
                json!({ "error": { "field": "products[0].frame_weights[0]", "found": "36", "allowed": "15 to 35" } }),
            ),
            (
                "own weights come to 100",
                change(0, json!({ "frame_weights": [30, 35, 20, 20] })),
                json!({ "error": { "field": "products[0].frame_weights", "found": "105", "allowed": "100" } }),
            ),
            ("a frame of the text", change(1, json!({ "frame": "sales" })), refused("products[1].frame", "unknown")),
            (
                "every dimension is marked",
                change(2, json!({ "marks": { "D": null } })),
                refused("products[2].marks.D", "missing"),
            ),
            (
                "a mark in percent",
                change(2, json!({ "marks": { "D": 101 } })),
                refused("products[2].marks.D", "out_of_range"),
            ),
        ],
    );
}

#[test]
fn the_highest_class_needs_every_condition_of_the_guidance() {
    let pack = completed("hd03-abcd", |_| {});
    let fact = |id: &str, value: Value| json!({ "facts": { id: value } });
    stories(
        &pack,
        &hd03_card(&pack),
        &[
            ("unit 100 %", fact("unit_done_share", json!("0.99")), class("HTT")),
            ("no key task at level 2 or 3", fact("key_tasks_level_2_3", json!(1)), class("HTT")),
            ("class not limited", fact("class_limited", json!(true)), class("HTT")),
            (
                "training ≥ 2 months",
                fact("training_months", json!(2)),
                json!({ "status": "not_classified", "class": null }),
            ),
            ("training 1 month", fact("training_months", json!(1)), class("HTXS")),
            (
                "first appointment < 1 month",
                fact("months_since_first_appointment", json!(0)),
                json!({ "status": "not_classified" }),
            ),
            ("leave ≥ 2 months", fact("sick_or_maternity_months", json!(3)), json!({ "status": "not_classified" })),
            ("under inspection", fact("under_inspection", json!(true)), json!({ "status": "not_classified" })),
            (
                "§12 #20 is only recorded",
                json!({ "options": { "two_posts": "main_post" } }),
                json!({ "options": { "two_posts": "main_post" }, "class": { "code": "HTXS" } }),
            ),
        ],
    );
}

#[test]
fn a_criterion_that_does_not_apply_follows_the_reading() {
    let pack = completed("hd03-abcd", |_| {});
    let without = |reading: &str| {
        json!({
            "options": { "not_applicable": reading },
            "not_applicable": ["3.3"],
            "criteria": { "3.3": null, "3.1": 0 },
            "reasons": { "3.1": "Kết luận 07" },
        })
    };
    stories(
        &pack,
        &hd03_card(&pack),
        &[
            ("§12 #15 refuse", without("refuse"), refused("not_applicable", "not_allowed")),
            // 0 + 2 + 2 of 6, stretched to 8: 16/3 in place of 8.
            ("§12 #15 rescale", without("rescale"), total("292/3")),
            ("§12 #15 grant", without("grant"), total("98")),
            ("a ground below the maximum", json!({ "criteria": { "3.1": 0 } }), refused("reasons.3.1", "missing")),
            (
                "all or nothing",
                json!({ "criteria": { "1.1": 1 }, "reasons": { "1.1": "x" } }),
                refused("criteria.1.1", "not_allowed"),
            ),
        ],
    );
    let mut card = hd03_card(&pack);
    put(
        &mut card,
        &json!({
            "options": { "common": "bands" },
            "criteria": { "1.1": "1.8", "1.2": "1.2" },
            "reasons": { "1.1": "x", "1.2": "y" },
        }),
    );
    let outcome = score(&pack, &card);
    assert_eq!(step(&outcome, "level.1.1")["value"], "90_95");
    assert_eq!(step(&outcome, "level.1.2")["value"], "50_65");
    assert_eq!(step(&outcome, "level.1.3")["value"], "95_100");
}

#[test]
fn a_collective_has_a_form_of_its_own() {
    let pack = completed("hd03-abcd", |_| {});
    stories(
        &pack,
        &full(&pack, "unit"),
        &[
            ("QĐ 366 PL 1: 30 + 50 + 20", json!({}), total("100")),
            (
                "the 70 points take any mark",
                json!({ "criteria": { "KQ.1": "41.5" }, "reasons": { "KQ.1": "x" } }),
                total("183/2"),
            ),
            ("no products of its own", json!({ "products": three([100; 4]) }), refused("products", "unknown")),
        ],
    );
}

// Kon Tum college: 30 points for the one common group are the test's own.

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

// Six axes: 30 common points, 15, 10 and 10 for the axes without a maximum and the scale of 100 are the test's own.

fn six_axes() -> Pack {
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

fn axis_product(axis: &str, standard: &str, difficulty: &str, done: &str, late_days: u32, quality: i64) -> Value {
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

// Decree 90/2020: conditions alone. Those of good and completed are left empty here, too.

#[test]
fn old_years_are_classified_by_conditions_alone() {
    let pack = completed("nd90-2020", |_| {});
    let mut staff = full(&pack, "staff");
    put(&mut staff, &json!({ "facts": { "tasks_on_time_share": 1, "tasks_exceeded_share": "0.5" } }));
    stories(
        &pack,
        &staff,
        &[
            (
                "100 % in time, 50 % exceeded",
                json!({}),
                json!({ "total": { "exact": "0" }, "class": { "code": "HTXS" } }),
            ),
            ("49 % exceeded", json!({ "facts": { "tasks_exceeded_share": "0.49" } }), class("HTT")),
            (
                "absent 3–<6 months",
                json!({ "facts": { "absent_3_to_6_months": true } }),
                json!({ "class": { "code": "HTNV", "by_points": "HTXS" } }),
            ),
            ("worked < 6 months", json!({ "facts": { "months_worked": 5 } }), json!({ "status": "not_classified" })),
            ("worked 6 months", json!({ "facts": { "months_worked": 6 } }), class("HTXS")),
            ("no form", json!({ "criteria": { "I.1": 5 } }), refused("criteria.I.1", "unknown")),
            (
                "a manager's share is not staff's",
                json!({ "facts": { "unit_targets_share": 1 } }),
                refused("facts.unit_targets_share", "unknown"),
            ),
        ],
    );
    let mut manager = full(&pack, "manager");
    put(
        &mut manager,
        &json!({
            "facts": {
                "unit_targets_share": 1, "tasks_exceeded_share": "0.5", "sub_units_completed_share": 1,
                "sub_units_good_share": "0.7",
            },
        }),
    );
    stories(
        &pack,
        &manager,
        &[
            ("all sub-units completed, 70 % good", json!({}), class("HTXS")),
            ("69 % good", json!({ "facts": { "sub_units_good_share": "0.69" } }), class("HTT")),
            ("one sub-unit not completed", json!({ "facts": { "sub_units_completed_share": "0.9" } }), class("HTT")),
        ],
    );
}

// Statistics office of Hưng Yên: only the names of the positions are missing.

fn hung_yen_line(level: &str, coefficient: i64, assigned: i64, done: i64) -> Value {
    json!({
        "code": level,
        "coefficient": coefficient,
        "difficulty": level,
        "assigned": assigned,
        "completed": done,
    })
}

fn hung_yen() -> (Pack, Value) {
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
            (
                "a level where none is read",
                options(json!({ "coefficient": "product" })),
                refused("work[0].difficulty", "unknown"),
            ),
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

// Regulation 366: only names and the split of two groups are missing.

#[test]
fn persons_under_regulation_366() {
    let pack = completed("qd366", |_| {});
    let facts = json!({
        "facts": {
            "tasks_done_share": 1, "tasks_on_time_share": "0.9", "tasks_late_share": "0.1",
            "tasks_exceeded_share": "0.3", "defects_fixed_share": 1,
        },
    });
    let seventy_five =
        || json!({ "criteria": { "KQ.0": 45 }, "reasons": { "KQ.0": "x" }, "facts": { "tasks_on_time_share": 1 } });
    let with = |mut change: Value, more: Value| {
        put(&mut change, &more);
        change
    };
    let (mut leader, mut staff) = (full(&pack, "leader"), full(&pack, "staff"));
    put(&mut leader, &facts);
    put(&mut staff, &facts);
    stories(
        &pack,
        &leader,
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
    stories(
        &pack,
        &staff,
        &[
            ("Đ.11: timeliness binds others at both", json!({}), class("HTNV")),
            ("in time", json!({ "facts": { "tasks_on_time_share": 1 } }), class("HTXS")),
            ("more than half of the tasks failed", json!({ "facts": { "half_tasks_failed": true } }), class("KHT")),
            (
                "a leader's fact",
                json!({ "facts": { "low_confidence": true } }),
                refused("facts.low_confidence", "unknown"),
            ),
        ],
    );
}

// Organisations under Decree 335: 10 points for each common row and the split of the 70 are the test's own.

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
    let knocked_out = |outcome: &Value| {
        let gates = outcome["class"]["gates"].as_array().unwrap();
        gates.iter().any(|gate| gate["clause"] == "Đ.8(4)b" && gate["holds"] == false)
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
    for (change, expected) in [(done("0.69"), true), (done("0.7"), false), (excused, false)] {
        let mut card = card.clone();
        put(&mut card, &change);
        let outcome = score(&pack, &card);
        assert_eq!(knocked_out(&outcome), expected, "Đ.8(4)b: {change}, {outcome}");
        // Đ.8(3) asks for all tasks all the same.
        assert_eq!(outcome["class"]["code"], "KHT");
    }
}

// Thanh Hóa: the bounds of the approver's deduction, 0 to 10 points, are the test's own.

fn thanh_hoa() -> Pack {
    completed("thanhhoa-1053", |pack| {
        pack.events[0].stated = Some(pack::StatedPoints { min: number("-10"), max: number("0") });
    })
}

fn thanh_hoa_card(pack: &Pack, role: &str) -> Value {
    let mut card = full(pack, role);
    put(&mut card, &json!({ "work": [{ "code": "X", "coefficient": 1, "assigned": 10, "completed": 10 }] }));
    if role == "leader" {
        put(&mut card, &json!({ "leadership": { "organising": 1, "cohesion": 1 } }));
    }
    card
}

#[test]
fn the_approver_states_a_deduction_within_bounds() {
    let pack = thanh_hoa();
    let event = |points: Value| {
        json!({
            "events": [{ "code": "diem_tru", "count": 1, "points": points, "evidence": "QĐ 12" }],
        })
    };
    let with = |mut change: Value, more: Value| {
        put(&mut change, &more);
        change
    };
    let disciplined = || {
        json!({
            "facts": { "disciplined": true, "tasks_failed_share": 0, "tasks_done_share": 1, "tasks_exceeded_share": 1 },
            "options": { "gates": "on" },
        })
    };
    let both =
        || with(with(event(json!("-2.5")), disciplined()), json!({ "sources": { "facts.disciplined": "qđ 12 " } }));
    stories(
        &pack,
        &thanh_hoa_card(&pack, "staff"),
        &[
            ("no deduction", json!({}), total("100")),
            ("−2.5 stated", event(json!("-2.5")), total("195/2")),
            (
                "below the lowest",
                event(json!("-10.5")),
                json!({ "error": { "field": "events[0].points", "allowed": "-10 to 0" } }),
            ),
            ("a bonus is none", event(json!(1)), refused("events[0].points", "out_of_range")),
            ("points not stated", event(json!(null)), refused("events[0].points", "missing")),
            ("Đ.8 of the tool: disciplined", disciplined(), class("D")),
            ("gates off", json!({ "facts": { "disciplined": true } }), class("A")),
            ("§12 #16: one matter counts once", both(), refused("sources.facts.disciplined", "doubled")),
            (
                "§12 #16: class and points",
                with(both(), json!({ "options": { "discipline": "class_and_points" } })),
                json!({ "total": { "exact": "195/2" }, "class": { "code": "D" } }),
            ),
            (
                "another matter",
                with(both(), json!({ "sources": { "facts.disciplined": "QĐ 13" } })),
                json!({ "class": { "code": "D" } }),
            ),
            (
                "Đ.6(7): below half of the days",
                json!({ "facts": { "worked_days": 10, "working_days": 21 } }),
                json!({ "status": "not_classified" }),
            ),
        ],
    );
}

#[test]
fn failed_tasks_weigh_more_for_leaders_and_their_share_follows_from_the_people_led() {
    let pack = thanh_hoa();
    let failed = |share: &str| {
        json!({
            "options": { "gates": "on" },
            "facts": { "tasks_failed_share": share, "tasks_done_share": 1, "tasks_exceeded_share": 1 },
        })
    };
    let led = |totals: &[Value]| -> Value {
        let one = |(place, total): (usize, &Value)| json!({ "id": format!("p{place}"), "total": total });
        json!({ "subordinates": totals.iter().enumerate().map(one).collect::<Vec<_>>() })
    };
    stories(
        &pack,
        &thanh_hoa_card(&pack, "staff"),
        &[("50 % failed", failed("0.5"), class("A")), ("more than 50 % failed", failed("0.51"), class("D"))],
    );
    let mut leader = thanh_hoa_card(&pack, "leader");
    stories(
        &pack,
        &leader,
        &[
            (
                "NĐ 335 Đ.15(3)a: nobody's result known",
                json!({}),
                json!({ "status": "provisional", "missing": ["leadership.unit"] }),
            ),
            (
                "all at least 50",
                led(&[json!(50), json!(90)]),
                json!({ "total": { "exact": "100" }, "components": { "d": { "exact": "1" } } }),
            ),
            // 30 + 70 · (5 + ½) / 6
            (
                "one below 50",
                led(&[json!(90), json!("49.99")]),
                json!({ "total": { "exact": "565/6" }, "components": { "d": { "exact": "1/2" } } }),
            ),
            (
                "one still to come",
                led(&[json!(90), json!(null)]),
                json!({
                    "status": "provisional",
                    "missing": ["subordinates[1].total"],
                    "range": { "low": { "exact": "565/6" }, "high": { "exact": "100" } },
                }),
            ),
            ("one below 50 decides at once", led(&[json!(10), json!(null)]), total("565/6")),
        ],
    );
    put(&mut leader, &led(&[json!(60)]));
    stories(
        &pack,
        &leader,
        &[
            ("30 % failed", failed("0.3"), class("A")),
            ("more than 30 % failed", failed("0.31"), class("D")),
            (
                "what follows is nobody's to state otherwise",
                json!({ "leadership": { "unit": "0.5" } }),
                refused("leadership.unit", "not_allowed"),
            ),
        ],
    );
}

// Decision 3814 of Hà Nội: only the sub-criteria are missing.

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

// Longer periods and the quota, where a guidance limits the year by its quarters.

fn year_of(pack: &Pack, change: Value) -> Value {
    let quarter = |(place, class): (usize, &str)| {
        let total = if class == "KHT" { 40 } else { 95 };
        json!({ "period": format!("2026-Q{}", place + 1), "total": total, "class": class })
    };
    let quarters: Vec<Value> = change["quarters"].as_str().unwrap().split(' ').enumerate().map(quarter).collect();
    let mut input = json!({
        "pack": pack.id,
        "to": "year",
        "periods": quarters,
        "total": 92,
        "subject": { "role": "leader" },
        "facts": {
            "tasks_done_share": 1, "tasks_on_time_share": 1, "tasks_late_share": 0,
            "tasks_exceeded_share": "0.3", "defects_fixed_share": 1,
        },
    });
    put(&mut input, &change);
    put(&mut input, &json!({ "quarters": null }));
    let outcome = roll_up(pack, &serde_json::from_value(input).unwrap());
    serde_json::to_value(outcome.unwrap_or_else(|errors| panic!("{}", error_json(&errors)))).unwrap()
}

#[test]
fn a_quarter_not_completed_bars_the_years_highest_class() {
    let pack = completed("hd02-quy", |_| {});
    let limit = |code: &str| json!({ "code": code });
    let none = json!(null);
    let (one, two) = (limit("one_quarter_failed"), limit("two_quarters_failed"));
    let staff = |more: Value| {
        let mut change = json!({ "quarters": "KHT HTXS HTXS", "subject": { "role": "staff" } });
        put(&mut change, &more);
        change
    };
    let every = json!({ "options": { "kht_quarter": "all" } });
    let table = [
        ("quarter IV is part of the year", json!({ "quarters": "HTXS HTXS HTXS" }), "HTXS", [&none, &none]),
        ("§12 #13: a leader", json!({ "quarters": "HTXS KHT HTXS" }), "HTT", [&one, &none]),
        ("§12 #13: others, managers only", staff(json!({})), "HTXS", [&none, &none]),
        ("§12 #13: others, all", staff(every), "HTT", [&one, &none]),
        ("two, not in a row", json!({ "quarters": "KHT HTXS KHT" }), "HTT", [&one, &none]),
        ("two in a row", json!({ "quarters": "HTXS KHT KHT" }), "HTT", [&one, &two]),
    ];
    for (cites, change, class, limits) in table {
        let outcome = year_of(&pack, change);
        assert_eq!((&outcome["status"], &outcome["missing"]), (&json!("scored"), &json!([])), "{cites}: {outcome}");
        assert_eq!(outcome["class"]["code"], class, "{cites}: {outcome}");
        for (place, expected) in limits.into_iter().enumerate() {
            let found = &outcome["limits"][place];
            assert_eq!(mismatch(cites, expected, found).filter(|_| !expected.is_null()), None, "{outcome}");
            assert_eq!(expected.is_null(), found.is_null(), "{cites}: {outcome}");
        }
    }
}

#[test]
fn the_year_is_decided_or_a_mean_by_the_reading() {
    let pack = completed("hd02-quy", |_| {});
    let decided = year_of(&pack, json!({ "quarters": "HTXS HTXS KHT" }));
    assert_eq!(decided["total"]["exact"], "92", "HD 02: no mechanical mean");
    // (95 + 95 + 40) / 3
    let mean = json!({ "quarters": "HTXS HTXS KHT", "options": { "year_rule": "mean" }, "total": null });
    assert_eq!(year_of(&pack, mean)["total"]["exact"], "230/3", "§12 #17");
    let waiting = year_of(&pack, json!({ "quarters": "HTXS HTXS", "total": null }));
    assert_eq!((&waiting["status"], &waiting["missing"]), (&json!("provisional"), &json!(["2026-Q3"])));
}

#[test]
fn more_excellent_quarters_go_first_among_equals() {
    let pack = completed("hd02-quy", |_| {});
    let member = |id: &str, class: &str, quarters: i64| {
        json!({
            "id": id,
            "total": if class == "HTXS" { 95 } else { 80 },
            "class": class,
            "tie_breaks": { "excellent_quarters": quarters },
        })
    };
    let mut members: Vec<Value> = (0..5).map(|place| member(&format!("g{place}"), "HTT", 0)).collect();
    members.extend([member("one", "HTXS", 1), member("three", "HTXS", 3)]);
    let input = json!({ "pack": pack.id, "groups": [{ "name": "heads", "members": members }] });
    let outcome = quota(&pack, &serde_json::from_value(input).unwrap()).unwrap();
    assert_eq!(
        (&outcome.groups[0].fits, &outcome.groups[0].over),
        (&vec!["three".to_owned()], &vec!["one".to_owned()])
    );
}
