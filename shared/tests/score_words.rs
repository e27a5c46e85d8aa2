//! The refusals, word by word, in both languages. They tell a reader the field, what was found, and what is allowed.
#![cfg(feature = "author")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use shared::pack::{self, Language};
use shared::score::{InputError, error_json_in, quota_json, roll_up_json, score_under, unit_json};

type Door = fn(&str) -> Result<String, Vec<InputError>>;

/// The card of the decree with one text replaced by another.
fn card(from: &str, to: &str) -> String {
    let whole = r#"{"criteria": {"I.1": 5, "I.2": 5, "II.1": 2.5, "II.2": 2.5, "II.3": 2.5, "II.4": 2.5, "III.1": 2.5, "III.2": 2.5, "III.3": 2.5, "III.4": 2.5}, "work": [{"code": "A", "coefficient": 1, "assigned": 4, "completed": 3}]}"#;
    assert!(whole.contains(from), "{from}");
    whole.replacen(from, to, 1)
}

fn score(input: &str) -> Result<String, Vec<InputError>> {
    score_under(pack::find("nd335-congchuc").unwrap(), input)
}

fn sentences(door: Door, input: &str, language: Language) -> Vec<String> {
    let errors = door(input).unwrap_err();
    errors.iter().map(|error| error.sentence(language)).collect()
}

/// The text to replace on the card, its replacement, and the sentence in English and in Vietnamese.
const CARDS: &[(&str, &str, &str, &str)] = &[
    (
        "\"coefficient\": 1",
        "\"coefficient\": \"1e400\"",
        "work[0].coefficient: found \"1e400\"; allowed: powers of ten from -30 to 30",
        "work[0].coefficient: đang là \"1e400\"; cho phép: lũy thừa của 10 từ -30 đến 30",
    ),
    (
        "\"I.1\": 5",
        "\"I.1\": \"5/0\"",
        "criteria.I.1: found \"5/0\"; allowed: a denominator above 0",
        "criteria.I.1: đang là \"5/0\"; cho phép: mẫu số lớn hơn 0",
    ),
    (
        "\"I.1\": 5",
        "\"I.1\": \"2,5\"",
        "criteria.I.1: found \"2,5\"; allowed: an integer, a decimal such as 2.5, or a fraction such as 2699/30",
        "criteria.I.1: đang là \"2,5\"; cho phép: số nguyên, số thập phân như 2.5, hoặc phân số như 2699/30",
    ),
    (
        "\"I.1\": 5",
        "\"I.1\": NaN",
        "criteria.I.1: found NaN at line 1, column 22; allowed: a number, a text in quotation marks, true, false, null, a list [ ] or an object { }",
        "criteria.I.1: đang là NaN ở dòng 1, cột 22; cho phép: số, chữ trong dấu ngoặc kép, true, false, null, danh sách [ ] hoặc đối tượng { }",
    ),
    (
        "{\"criteria\"",
        "\u{feff}{\"criteria\"",
        "JSON: found a byte order mark (BOM) at the beginning; allowed: UTF-8 without it",
        "JSON: đang là dấu BOM (byte order mark) ở đầu; cho phép: UTF-8 không có dấu đó",
    ),
    (
        "\"completed\": 3",
        "\"completed\": 3, \"completed\": 4",
        "work[0].completed: found completed twice; allowed: once",
        "work[0].completed: completed có hai lần; cho phép: một lần",
    ),
    (
        "\"work\": [",
        "\"criteria\": {}, \"work\": [",
        "criteria: found criteria twice; allowed: once",
        "criteria: criteria có hai lần; cho phép: một lần",
    ),
    (
        "\"I.1\": 5",
        "\"I.1\": 5, \"I.1\": 4",
        "criteria.I.1: found I.1 twice; allowed: once",
        "criteria.I.1: I.1 có hai lần; cho phép: một lần",
    ),
    (
        "{\"criteria\"",
        "{\"facts\": {\"disciplined\": true, \"disciplined\": false}, \"criteria\"",
        "facts.disciplined: found disciplined twice; allowed: once",
        "facts.disciplined: disciplined có hai lần; cho phép: một lần",
    ),
    (
        "{\"criteria\"",
        "{\"facts\": {\"disciplined\": \"true\"}, \"criteria\"",
        "facts.disciplined: found \"true\" (text); allowed: true, false",
        "facts.disciplined: đang là \"true\" (chữ); cho phép: true, false",
    ),
    (
        "\"assigned\": 4, ",
        "",
        "work[0].assigned: missing; allowed: an integer, a decimal such as 2.5, or a fraction such as 2699/30",
        "work[0].assigned: chưa có; cho phép: số nguyên, số thập phân như 2.5, hoặc phân số như 2699/30",
    ),
    (
        "\"completed\": 3",
        "\"completed\": 3, \"objective_cause\": [\"weather\"]",
        "work[0].objective_cause[0]: found weather; allowed: quality, progress",
        "work[0].objective_cause[0]: đang là weather; cho phép: quality, progress",
    ),
    (
        "\"code\": \"A\"",
        "\"code\": 7",
        "work[0].code: found 7; allowed: a text",
        "work[0].code: đang là 7; cho phép: một đoạn chữ",
    ),
    (
        "\"completed\": 3}]}",
        "\"completed\": 3}]",
        "JSON: found the end of the text at line 1, column 215; allowed: a JSON object { }",
        "JSON: đang là hết chữ ở dòng 1, cột 215; cho phép: một đối tượng JSON { }",
    ),
    (
        "\"completed\": 3}]}",
        "\"completed\": 3}]} und",
        "JSON: found und at line 1, column 218; allowed: nothing after the JSON object",
        "JSON: đang là und ở dòng 1, cột 218; cho phép: không có gì sau đối tượng JSON",
    ),
];

#[test]
fn a_card_that_is_refused_is_told_why_in_both_languages() {
    for (from, to, english, vietnamese) in CARDS {
        let input = card(from, to);
        assert_eq!(sentences(score, &input, Language::En), [*english]);
        assert_eq!(sentences(score, &input, Language::Vi), [*vietnamese]);
    }
    let list = r#"{"criteria": [1, 2], "work": []}"#;
    assert_eq!(sentences(score, list, Language::En), ["criteria: found a list; allowed: a JSON object { }"]);
    assert_eq!(
        sentences(score, list, Language::Vi),
        ["criteria: đang là một danh sách; cho phép: một đối tượng JSON { }"]
    );
}

const OTHERS: &[(Door, &str, &str, &str)] = &[
    (
        roll_up_json,
        r#"{"pack": "nd335-congchuc", "to": "quarter", "periods": [{"period": "2026-13", "total": 90}]}"#,
        "periods[0].period: found \"2026-13\"; allowed: a period such as 2026-10, 2026-Q4, 2026-H2, 2026",
        "periods[0].period: đang là \"2026-13\"; cho phép: một kỳ như 2026-10, 2026-Q4, 2026-H2, 2026",
    ),
    (
        roll_up_json,
        r#"{"pack": "nd335-congchuc", "to": "month", "periods": [{"period": "2026-01", "total": 90}]}"#,
        "to: found month; allowed: quarter, half_year, year",
        "to: đang là month; cho phép: quarter, half_year, year",
    ),
    (
        roll_up_json,
        r#"{"pack": "nd335-congchuc", "periods": []}"#,
        "to: missing; allowed: quarter, half_year, year",
        "to: chưa có; cho phép: quarter, half_year, year",
    ),
    (
        roll_up_json,
        r#"{"pack": "nd335-congchuc", "to": "year", "periods": [], "facts": {"a": 1, "a": 2}}"#,
        "facts.a: found a twice; allowed: once",
        "facts.a: a có hai lần; cho phép: một lần",
    ),
    (
        quota_json,
        r#"{"pack": "nd335-congchuc"}"#,
        "groups: missing; allowed: a list [ ]",
        "groups: chưa có; cho phép: một danh sách [ ]",
    ),
    (
        quota_json,
        r#"{"pack": "hatinh-1000", "groups": []}"#,
        "pack: found hatinh-1000; allowed: a pack with a quota",
        "pack: đang là hatinh-1000; cho phép: một bộ quy định có giới hạn tỷ lệ",
    ),
    (
        unit_json,
        r#"{"pack": "nd335-congchuc", "members": [{"id": "a"}]}"#,
        "members[0].card: missing; allowed: a JSON object { }",
        "members[0].card: chưa có; cho phép: một đối tượng JSON { }",
    ),
];

#[test]
fn quotas_units_and_longer_periods_say_as_much() {
    for (door, input, english, vietnamese) in OTHERS {
        assert_eq!(sentences(*door, input, Language::En), [*english]);
        assert_eq!(sentences(*door, input, Language::Vi), [*vietnamese]);
    }
}

/// A refusal in JSON keeps its names; the words for people are in the requested language.
#[test]
fn a_refusal_as_json_has_the_same_names_in_both_languages() {
    let errors = score(&card("\"I.1\": 5", "\"I.1\": 6")).unwrap_err();
    assert_eq!(
        error_json_in(&errors, Language::En),
        r#"{"field":"criteria.I.1","code":"out_of_range","found":"6","allowed":"0 to 5","message":"criteria.I.1: found 6; allowed: 0 to 5"}"#
    );
    assert_eq!(
        error_json_in(&errors, Language::Vi),
        r#"{"field":"criteria.I.1","code":"out_of_range","found":"6","allowed":"từ 0 đến 5","message":"criteria.I.1: đang là 6; cho phép: từ 0 đến 5"}"#
    );
}

/// By the contract all numbers of JSON are read, and exactly; the text on what is allowed says so.
#[test]
fn a_power_of_ten_is_a_number() {
    assert_eq!(score(&card("\"I.1\": 5", "\"I.1\": 5e0")), score(&card("", "")));
    assert_eq!(score(&card("\"I.1\": 5", "\"I.1\": \"50e-1\"")), score(&card("", "")));
}

/// A class is refused if the total is too low for it under every reading. A total that the scale does not have is
/// refused, too (Đ.20).
#[test]
fn a_class_that_its_total_contradicts_is_refused() {
    let quota = |total: &str, class: &str| {
        let member = format!(r#"{{"id": "a", "total": {total}, "class": "{class}"}}"#);
        quota_json(&format!(r#"{{"pack": "nd335-congchuc", "groups": [{{"name": "A", "members": [{member}]}}]}}"#))
    };
    for (total, field, english) in [
        ("-5", "total", "found -5; allowed: 0 to 100"),
        ("105", "total", "found 105; allowed: 0 to 100"),
        ("0", "class", "found HTXS with a total of 0; allowed: KHT"),
        ("60", "class", "found HTXS with a total of 60; allowed: HTNV, KHT"),
        ("\"2699/30\"", "class", "found HTXS with a total of 2699/30; allowed: HTT, HTNV, KHT"),
    ] {
        let errors = quota(total, "HTXS").unwrap_err();
        let said: Vec<String> = errors.iter().map(|error| error.sentence(Language::En)).collect();
        assert_eq!(said, [format!("groups[0].members[0].{field}: {english}")]);
    }
    // A gate, a knock-out or a limit may give a lower class than the points. That is not a contradiction.
    for (total, class) in [("90", "HTXS"), ("100", "HTT"), ("95", "KHT"), ("0", "KHT")] {
        assert!(quota(total, class).is_ok(), "{total} {class}");
    }
}

/// Of a product made together, nobody can have all of it and a part besides, whichever line comes first.
#[test]
fn the_whole_of_a_product_and_a_part_of_it_are_refused() {
    let line =
        |share: &str| format!(r#"{{"code": "A", "coefficient": 1, "assigned": 4, "completed": 3, "share": {share}}}"#);
    let one = r#"{"code": "A", "coefficient": 1, "assigned": 4, "completed": 3}"#;
    for (first, second) in [("1", "0.5"), ("0.5", "1"), ("0.6", "0.5")] {
        let errors = score(&card(one, &format!("{}, {}", line(first), line(second)))).unwrap_err();
        assert!(errors.iter().all(|error| error.field.ends_with(".share")) && errors.len() == 1, "{errors:?}");
    }
    for (first, second) in [("1", "1"), ("0.5", "0.5")] {
        assert!(score(&card(one, &format!("{}, {}", line(first), line(second)))).is_ok());
    }
}

/// By the contract `late_unit` decides which of the two is read, so neither needs the other.
#[test]
fn lateness_is_read_as_the_reading_says_and_the_other_figure_is_not_missed() {
    let line = |late: &str| card("\"completed\": 3", &format!("\"completed\": 3, {late}"));
    let by = |input: &str, unit: &str| input.replacen('{', &format!(r#"{{"options": {{"late_unit": "{unit}"}}, "#), 1);
    let total = |input: &str| -> String {
        let outcome: serde_json::Value = serde_json::from_str(&score(input).unwrap()).unwrap();
        outcome.pointer("/total/exact").unwrap().as_str().unwrap().to_owned()
    };
    let (days, times) = (line("\"late_days\": 1"), line("\"late_times\": 1"));
    assert_eq!(total(&by(&days, "day")), total(&by(&times, "occurrence")));
    assert_eq!(total(&by(&days, "occurrence")), total(&card("", "")));
}
