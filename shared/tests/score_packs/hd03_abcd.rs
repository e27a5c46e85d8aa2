//! Test cases for HD 03-HD/TVĐU: products with weights. No number is missing for persons.

use serde_json::{Value, json};
use shared::pack::{Language, Pack};
use shared::score::{Batch, Numbers, Trace, Verdict, known_part, read_input, text};

use super::completed::{class, completed, full, put, refused, score, step, stories, total};

fn product(code: &str, frame: &str, weight: i64, main: bool, marks: [i64; 4]) -> Value {
    let [a, b, c, d] = marks;
    json!({ "code": code, "frame": frame, "weight": weight, "main": main, "marks": { "A": a, "B": b, "C": c, "D": d } })
}

/// The main product with weight 30, and two others with 25 and 15.
pub(super) fn three(main: [i64; 4]) -> Value {
    json!([
        product("SP1", "management", 30, true, main),
        product("SP2", "technical", 25, false, [100; 4]),
        product("SP3", "innovation", 15, false, [100; 4]),
    ])
}

pub(super) fn hd03_card(pack: &Pack) -> Value {
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

/// The appraised card has 957/10 points and HTXS.
fn appraised(pack: &Pack) -> Value {
    let mut card = hd03_card(pack);
    put(&mut card, &json!({ "products": three([80, 90, 100, 70]) }));
    card
}

fn stated(total: &str, class: &str, explanation: &str) -> Value {
    json!({ "self": { "total": total, "class": class, "explanation": explanation } })
}

#[test]
fn five_points_between_self_score_and_appraisal_or_another_class_need_an_explanation() {
    let pack = completed("hd03-abcd", |_| {});
    let refused = || {
        json!({ "error": { "field": "self.explanation", "code": "missing",
            "message": "self.explanation: missing; allowed: a text" } })
    };
    let accepted = || total("957/10");
    stories(
        &pack,
        &appraised(&pack),
        &[
            ("nothing stated, nothing asked", json!({}), accepted()),
            ("the same", stated("95.7", "HTXS", ""), accepted()),
            ("4.999… below", stated("90.700001", "HTXS", ""), accepted()),
            ("exactly 5 below", stated("90.7", "HTXS", ""), refused()),
            ("4.999… above", stated("100", "HTXS", ""), accepted()),
            ("exactly 5, explained", stated("90.7", "HTXS", "Biên bản 09/2026"), accepted()),
            ("blank is no explanation", stated("90.7", "HTXS", " \t\n"), refused()),
            ("another class, fewer points", stated("95", "HTT", ""), refused()),
            ("another class, explained", stated("95", "HTT", "Chưa nêu phần vượt mức"), accepted()),
        ],
    );
    // 1/3 is not a decimal: 5 − 1/300000 is below 5, and only exact arithmetic shows it.
    let mut card = appraised(&pack);
    put(&mut card, &json!({ "options": { "rounding": "none" } }));
    // 1913/20 − 5 = 1813/20; a fraction just above it.
    stories(
        &pack,
        &card,
        &[
            ("exactly 5", stated("1813/20", "HTXS", ""), refused()),
            ("a hair less", stated("27195001/300000", "HTXS", ""), total("1913/20")),
        ],
    );
}

#[test]
fn the_appraisal_may_be_the_higher_or_the_lower_of_the_two() {
    let pack = completed("hd03-abcd", |_| {});
    let mut card = appraised(&pack);
    // Without a third of its marks: 957/10 − 10.
    let below = json!({ "criteria": { "1.1": 0, "1.2": 0, "1.3": 0, "1.4": 0, "1.5": 0 },
        "reasons": { "1.1": "x", "1.2": "x", "1.3": "x", "1.4": "x", "1.5": "x" } });
    put(&mut card, &below);
    stories(
        &pack,
        &card,
        &[
            ("5 higher", stated("90.7", "HTT", ""), refused("self.explanation", "missing")),
            ("4.9 higher", stated("90.6", "HTT", ""), total("857/10")),
        ],
    );
}

#[test]
fn what_is_stated_of_a_self_score_must_be_of_the_pack() {
    let pack = completed("hd03-abcd", |_| {});
    let own = |change: Value| {
        let mut own = json!({ "total": 95, "class": "HTXS" });
        put(&mut own, &change);
        json!({ "self": own })
    };
    stories(
        &pack,
        &appraised(&pack),
        &[
            (
                "a total of the scale",
                own(json!({ "total": 101 })),
                json!({ "error": { "field": "self.total", "found": "101", "allowed": "0 to 100" } }),
            ),
            ("no less than 0", own(json!({ "total": -1 })), refused("self.total", "out_of_range")),
            (
                "its class",
                own(json!({ "class": null })),
                json!({ "error": { "field": "self.class", "code": "missing", "allowed": "HTXS, HTT, HTNV, KHT" } }),
            ),
            ("a class of the pack", own(json!({ "class": "A" })), refused("self.class", "unknown")),
            ("its total", own(json!({ "total": null })), refused("self.total", "missing")),
            ("nothing else", own(json!({ "points": 1 })), refused("self.points", "unknown")),
            (
                "an explanation of a page, not of a book",
                own(json!({ "explanation": "x".repeat(2001) })),
                refused("self.explanation", "too_many"),
            ),
        ],
    );
    // Where classes are not compared, none has to be stated.
    let points_only = completed("hd03-abcd", |pack| {
        if let Some(rule) = &mut pack.appraisal_gap {
            rule.class = false;
        }
    });
    stories(
        &points_only,
        &appraised(&points_only),
        &[
            ("no class needed", own(json!({ "class": null })), total("957/10")),
            ("another class is no gap", own(json!({ "class": "KHT" })), total("957/10")),
        ],
    );
}

#[test]
fn nobody_is_asked_to_explain_what_nobody_compares() {
    let without = completed("hd03-abcd", |pack| pack.appraisal_gap = None);
    stories(
        &without,
        &appraised(&without),
        &[(
            "a pack without the rule",
            stated("95.7", "HTXS", "x"),
            json!({ "error": { "field": "self", "code": "unknown", "found": "95.7", "allowed": "nothing here" } }),
        )],
    );
    let pack = completed("hd03-abcd", |_| {});
    let not_classified = json!({ "facts": { "under_inspection": true } });
    let open = json!({ "options": { "gate_failure": "authority" }, "facts": { "unit_done_share": "0.9" } });
    let with = |change: &Value, own: Value| {
        let mut both = change.clone();
        put(&mut both, &own);
        both
    };
    stories(
        &pack,
        &appraised(&pack),
        &[
            (
                "without a class only points are compared",
                with(&not_classified, stated("95", "HTT", "")),
                json!({ "status": "not_classified", "total": { "exact": "957/10" } }),
            ),
            (
                "and they still are",
                with(&not_classified, stated("90", "HTT", "")),
                refused("self.explanation", "missing"),
            ),
            (
                "a class that the authority still has to decide is not compared",
                with(&open, stated("95", "HTXS", "")),
                json!({ "status": "provisional", "total": { "exact": "957/10" } }),
            ),
        ],
    );
}

#[test]
fn the_step_says_both_totals_both_classes_and_the_words() {
    let pack = completed("hd03-abcd", |_| {});
    let mut card = appraised(&pack);
    put(&mut card, &stated("90.7", "HTT", "Biên bản 09/2026"));
    let outcome = score(&pack, &card);
    let told = step(&outcome, "appraisal_gap");
    assert_eq!(told["value"], "5");
    assert_eq!(told["formula"], "|total − self.total|");
    let inputs = json!({ "total": "957/10", "self.total": "907/10", "class": "HTXS", "self.class": "HTT", "points": "5",
        "explanation": "Biên bản 09/2026" });
    assert_eq!(told["inputs"], inputs);
    assert!(told["clause"].as_str().unwrap().starts_with("HD 03-HD/TVĐU"), "{told}");
    let explained = shared::score::explained(&pack, &read_input(&card.to_string()).unwrap()).unwrap();
    let told = explained.explanation.iter().find(|step| step.step == "appraisal_gap").unwrap();
    assert_eq!(
        text(&pack, "leader", told, Language::Vi, Numbers::Exact),
        format!(
            "Tự chấm 90,7 (HTT), thẩm định 95,7 (HTXS): chênh lệch 5 điểm, phải giải trình từ 5 điểm hoặc khi khác mức; \
             giải trình: Biên bản 09/2026. Căn cứ {}.",
            told.clause
        )
    );
    assert!(
        text(&pack, "leader", told, Language::En, Numbers::Exact).starts_with(
            "Self-score 90.7 (HTT), appraised 95.7 (HTXS): 5 points apart, explained from 5 points on or for another class; \
             explanation: Biên bản 09/2026."
        ),
        "{}",
        text(&pack, "leader", told, Language::En, Numbers::Exact)
    );
    let near = {
        put(&mut card, &stated("95", "HTXS", ""));
        score(&pack, &card)
    };
    assert_eq!(step(&near, "appraisal_gap")["value"], "7/10", "the gap is told where it needs no words, too");
    assert_eq!(step(&near, "appraisal_gap")["inputs"].get("explanation"), None);
    let silent = score(&pack, &appraised(&pack));
    assert!(silent["explanation"].as_array().unwrap().iter().all(|step| step["step"] != "appraisal_gap"));
}

#[test]
fn a_batch_scores_no_card_that_lacks_its_explanation_and_comparing_leaves_out_what_is_not_compared() {
    let pack = completed("hd03-abcd", |_| {});
    let read = |own: Value| {
        let mut card = appraised(&pack);
        put(&mut card, &own);
        read_input(&card.to_string()).unwrap()
    };
    let batch = Batch::new(&pack, "leader", &read(json!({})).options).unwrap();
    let run = |own: Value| batch.run(&batch.accept(&read(own)).unwrap(), &mut Trace::default());
    assert_eq!(run(stated("90.7", "HTXS", "")), Verdict::Other);
    let explained = run(stated("90.7", "HTXS", "Biên bản"));
    assert!(matches!(explained, Verdict::Scored { class: 0, .. }), "{explained:?}");

    let card = read(stated("90.7", "HTXS", "Biên bản"));
    assert_eq!(known_part(&pack, &card), (card.clone(), Vec::new()));
    let without = completed("hd03-abcd", |pack| pack.appraisal_gap = None);
    let (known, left_out) = known_part(&without, &card);
    assert_eq!((known.self_score, left_out), (None, vec!["self".to_owned()]));
    let (known, left_out) = known_part(&pack, &read(stated("90.7", "A", "Biên bản")));
    assert_eq!((known.self_score, left_out), (None, vec!["self".to_owned()]));
    assert_eq!(known_part(&without, &read(json!({}))).1, Vec::<String>::new());
}
