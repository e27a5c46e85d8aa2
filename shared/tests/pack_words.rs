//! The messages of `congtam pack check`: all findings at once, in the author's language, with what to do about them.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;

use shared::pack::{self, Finding, Language};

fn source(id: &str) -> String {
    fs::read_to_string(format!("{}/packs/{id}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn found(text: &str, language: Language) -> Vec<Finding> {
    pack::read_toml_in(text, language).unwrap_err()
}

/// The pack with changes, each in the first place where its text is found.
fn changed(id: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(source(id), |text, (from, to)| {
        assert!(text.contains(from), "{from:?} is not in the pack");
        text.replacen(from, to, 1)
    })
}

/// Replacements for `max = "2.5"`, and the message about the line.
const NUMBERS: &[(&str, &str, &str)] = &[
    (
        "max = 2.5",
        "found the float 2.5; allowed is a whole number, or a number in quotation marks such as \"2.5\"",
        "đang là số 2.5 không có dấu ngoặc kép; cho phép: số nguyên, hoặc số trong dấu ngoặc kép như \"2.5\"",
    ),
    ("max = \"2,5\"", "found \"2,5\"; allowed: \"2.5\"", "đang là \"2,5\"; cho phép: \"2.5\""),
    ("max = \"250%\"", "found \"250%\"; allowed: \"2.5\"", "đang là \"250%\"; cho phép: \"2.5\""),
    (
        "max = 2,5",
        "found 2,5, allowed is a number in quotation marks, with a decimal point and without %: such as \"0.15\"",
        "đang là 2,5; cho phép: số trong dấu ngoặc kép, dấu chấm thập phân, không có %: như \"0.15\"",
    ),
    (
        "max = 250%",
        "found 250%, allowed is a number in quotation marks, with a decimal point and without %: such as \"0.15\"",
        "đang là 250%; cho phép: số trong dấu ngoặc kép, dấu chấm thập phân, không có %: như \"0.15\"",
    ),
    (
        "max = “2.5”",
        "found the curly quotation mark “, allowed is the straight one \" (word processors change it: use a plain text editor)",
        "đang là dấu ngoặc cong “; cho phép: dấu ngoặc kép thẳng \" (Word tự đổi dấu: hãy soạn bằng trình văn bản thuần)",
    ),
    (
        "max = \"1.000\"",
        "found \"1.000\", which can be 1000 or 1; allowed: \"1000\" or \"1\"",
        "đang là \"1.000\", có thể là 1000 hoặc 1; cho phép: \"1000\" hoặc \"1\"",
    ),
    (
        "max = \"1,000\"",
        "found \"1,000\"; allowed: an integer, a decimal such as 2.5, or a fraction such as 2699/30",
        "đang là \"1,000\"; cho phép: số nguyên, số thập phân như 2.5, hoặc phân số như 2699/30",
    ),
    (
        "max = \"hai rưỡi\"",
        "found \"hai rưỡi\"; allowed: an integer, a decimal such as 2.5, or a fraction such as 2699/30",
        "đang là \"hai rưỡi\"; cho phép: số nguyên, số thập phân như 2.5, hoặc phân số như 2699/30",
    ),
];

#[test]
fn numbers_as_office_programs_write_them_are_refused_with_their_line_and_what_to_write() {
    let line = source("nd335-congchuc").lines().position(|line| line == "max = \"2.5\"").unwrap() + 1;
    for (written, english, vietnamese) in NUMBERS {
        let text = changed("nd335-congchuc", &[("max = \"2.5\"", written)]);
        for (language, words) in [(Language::En, english), (Language::Vi, vietnamese)] {
            let found = found(&text, language);
            let told = found.iter().any(|finding| finding.line == Some(line) && finding.message == *words);
            assert!(told, "{written}: expected {words}\n{found:#?}");
        }
    }
    // A code may look like such a number, but is none.
    assert_eq!(pack::check(&changed("nd335-congchuc", &[("code = \"I.1\"", "code = \"1.001\"")])), []);
}

#[test]
fn a_code_has_no_spaces() {
    let found = found(&changed("nd335-congchuc", &[("code = \"I.1\"", "code = \"I 1\"")]), Language::En);
    let told: Vec<(&str, &str)> =
        found.iter().map(|finding| (finding.field.as_str(), finding.message.as_str())).collect();
    assert_eq!(told, [("groups[0].criteria[0].code", "found \"I 1\", allowed are letters and digits without spaces")]);
}

/// Wrong values, unknown and missing words, a float, and findings of the static check: one round reports all of them
/// and nothing else.
#[test]
fn everything_wrong_is_told_at_once() {
    let text = changed(
        "nd335-congchuc",
        &[
            ("max = \"2.5\"", "max = 2.5"),
            ("default = \"occurrence\"", "default = \"week\""),
            ("scale_max = 100", "scale_max = \"100,0\"\nbonus = 10"),
            ("share = \"0.2\"", "share = 20"),
            ("clause = \"Đ.17(1)\"\n\n# Classes", "\n\n# Classes"),
            ("by = [{ head = \"agency\" }]", "by = [{ head = \"boss\" }]"),
            ("periods = [\"month\"]", "periods = [\"week\"]"),
        ]
        .into_iter()
        .filter(|(from, _)| source("nd335-congchuc").contains(from))
        .collect::<Vec<_>>(),
    );
    let fields: Vec<String> = found(&text, Language::Vi).into_iter().map(|finding| finding.field).collect();
    for field in [
        "scale_max",
        "bonus",
        "options[0].default",
        "groups[1].criteria[0].max",
        "components[13].clause",
        "quota.share",
    ] {
        assert!(fields.iter().any(|found| found == field), "{field} is not among {fields:?}");
    }
    assert!(fields.iter().any(|field| field.starts_with("steps[")), "{fields:?}");
    assert!(fields.len() <= 8, "{fields:?}");
}

#[test]
fn sums_are_asked_for_with_the_points_they_are_the_sums_of() {
    let text = changed("hatinh-1000", &[("status = \"template\"", "status = \"complete\"")]);
    let fields: Vec<String> = pack::check(&text).into_iter().map(|finding| finding.field).collect();
    for group in 0..5 {
        for field in [format!("groups[{group}].max"), format!("groups[{group}].criteria[0].max")] {
            assert!(fields.contains(&field), "{field} is not among {fields:?}");
        }
    }
}

#[test]
fn a_template_completed_by_one_word_is_told_so_in_vietnamese() {
    let text = changed("longbien", &[("status = \"template\"", "status = \"complete\"")]);
    let found = found(&text, Language::Vi);
    let words = ["found", "allowed", "which", "the "];
    let english: Vec<&Finding> =
        found.iter().filter(|finding| words.iter().any(|word| finding.message.contains(word))).collect();
    let english: Vec<&&Finding> = english.iter().filter(|finding| !finding.message.contains('“')).collect();
    assert!(found.len() > 10 && english.is_empty(), "{english:#?}");
}
