//! The texts that people read: explanations and refusals, word by word.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;

use serde_json::Value;
use shared::pack::{self, Language};
use shared::score::{self, CardInput, Numbers, Step, evaluate, explained, read_input};

fn vector(name: &str) -> (Value, CardInput) {
    let path = format!("{}/../tests/golden/score/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let vector: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let input = read_input(&vector["input"].to_string()).unwrap();
    (vector, input)
}

fn sentences(name: &str, language: Language) -> String {
    let (vector, input) = vector(name);
    let pack = pack::find(vector["pack"].as_str().unwrap()).unwrap();
    let outcome = explained(pack, &input).unwrap();
    let lines: Vec<String> = outcome
        .explanation
        .iter()
        .map(|step| score::text(pack, &input.subject.role, step, language, Numbers::Exact))
        .collect();
    lines.join("\n")
}

#[test]
fn the_handbook_explained_in_vietnamese() {
    insta::assert_snapshot!(sentences("handbook-day", Language::Vi));
}

#[test]
fn a_leader_explained_in_english() {
    insta::assert_snapshot!(sentences("handbook-leader-by-the-text", Language::En));
}

#[test]
fn gates_rounding_and_waivers_explained() {
    let names = [
        "gates-on-not-exceeded",
        "presence-half-month",
        "rounding-half",
        "objective-cause-both",
        "extra-cap-line",
        "nothing-assigned",
        "gates-on-authority",
        "knock-out-disciplined",
    ];
    let without_common = |text: String| {
        let kept =
            text.lines().skip_while(|line| !line.starts_with("Điểm tiêu chí chung:")).skip(1).map(ToOwned::to_owned);
        kept.collect::<Vec<_>>().join("\n")
    };
    let texts = names.map(|name| format!("## {name}\n{}", without_common(sentences(name, Language::Vi))));
    insta::assert_snapshot!(texts.join("\n\n"));
}

#[test]
fn on_screens_points_have_two_decimals_and_never_reach_a_class_that_they_do_not() {
    let pack = pack::find("nd335-congchuc").unwrap();
    let step = |value: &str| Step {
        step: "total".into(),
        formula: "common + 70·task".into(),
        inputs: [("common", "30"), ("task", "22499/26250")].map(|(key, value)| (key.into(), value.into())).into(),
        value: value.into(),
        clause: "Đ.17(1)".into(),
    };
    for (value, shown) in [
        ("89.996", "≈ 89,99"),
        ("2699/30", "≈ 89,96"),
        ("90", "= 90"),
        ("85.8", "= 85,8"),
        ("599/10", "= 59,9"),
        ("5990001/100000", "≈ 59,90"),
    ] {
        let said = score::text(pack, "staff", &step(value), Language::Vi, Numbers::Short);
        let wanted = format!(
            "Điểm theo dõi, đánh giá: Điểm tiêu chí chung (30) + 70 × Tỷ lệ kết quả thực hiện nhiệm vụ (≈ 0,857105) {shown}. \
             Căn cứ khoản 1 Điều 17 Nghị định 335/2025/NĐ-CP."
        );
        assert_eq!(said, wanted);
    }
}

#[test]
fn refusals_name_field_found_and_allowed() {
    let cards = [
        r#"{"criteria": {"I.1": 6, "IX": 1}, "work": [], "options": {"cap": "sky"}}"#,
        r#"{"criteria": {}, "work": [{"code": "A", "coefficient": 0, "assigned": -1, "completed": 1e9}]}"#,
        r#"{"criteria": {"I.1": "abc"}, "work": []}"#,
        r#"{"criteria": {"I.1": 1, "I.1": 2}, "work": []}"#,
        r#"{"criteria": {}, "work": [{"code": "A"}]}"#,
        r#"{"criteria": {}, "work": [], "wrok": []}"#,
        r#"{"criteria": {}, "work": [{"code": "A", "coefficient": 1, "assigned": 1, "completed": 1, "late_days": 1.5}]}"#,
        r#"{"criteria": {}, "work": [], "facts": {"disciplined": "maybe"}}"#,
        r#"{"criteria": {}, "work": []"#,
        r#"[]"#,
        "",
    ];
    let pack = pack::find("nd335-congchuc").unwrap();
    let mut text = String::new();
    for card in cards {
        let errors = read_input(card).and_then(|input| evaluate(pack, &input)).unwrap_err();
        text.push_str(card);
        for error in
            errors.iter().filter(|error| error.field == "criteria.I.1" || !error.field.starts_with("criteria.I"))
        {
            text.push_str(&format!("\n  {}\n  {}", error.sentence(Language::En), error.sentence(Language::Vi)));
        }
        text.push_str("\n\n");
    }
    insta::assert_snapshot!(text);
}
