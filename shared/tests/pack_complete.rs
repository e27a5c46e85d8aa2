//! Tests that no pack is complete while a place of it says that its text is still to be entered, or a number is
//! missing.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

#[path = "common/written.rs"]
mod written;

use std::collections::BTreeSet;
use std::fs;

use shared::pack::{self, PackStatus};
use shared::score::score_json;

fn source(id: &str) -> String {
    fs::read_to_string(format!("{}/packs/{id}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A template in which only the status is changed to complete.
fn complete_by_one_word(id: &str) -> String {
    source(id).replacen("status = \"template\"", "status = \"complete\"", 1)
}

/// What each template still lacks: numbers, or only words and conditions.
#[test]
fn a_template_that_claims_to_be_complete_is_asked_for_every_number() {
    let lacking = |id: &str| {
        let written = written::written(pack::find(id).unwrap());
        let findings = pack::findings(&pack::Pack { status: PackStatus::Complete, ..written });
        findings.into_iter().map(|finding| finding.field).collect::<Vec<_>>()
    };
    for id in ["hd02-quy", "hd03-abcd", "hanoi-3814", "nd90-2020", "qd366", "thongke-hungyen"] {
        assert!(lacking(id).is_empty(), "{id} lacks {:?}", lacking(id));
    }
    assert_eq!(lacking("thanhhoa-1053"), ["events[0].points"]);
    // Without the 30 common points nobody could reach 90.
    assert_eq!(lacking("kontum-1923"), ["groups[0].criteria[0].max", "classes[0].min"]);
    let axes = ["groups[0].criteria[0].max", "components[1].rule.products.max", "components[2].rule.products.max"];
    let six = lacking("sau-truc");
    assert!(axes.iter().all(|field| six.contains(&(*field).to_owned())), "{six:?}");
    for id in ["hatinh-1000", "hanoi-1841", "longbien", "nd335-tochuc", "phutho-tttt", "quanba-monthly"] {
        assert!(lacking(id).iter().any(|field| field.ends_with(".max")), "{id} lacks {:?}", lacking(id));
    }
}

/// Changing one word does not make a template complete: every place that still says that its text is to be entered is
/// named, and the pack scores nobody. Words are counted in the file itself, apart from comments.
#[test]
fn a_template_complete_by_one_word_is_told_every_place_still_to_be_entered() {
    let templates = pack::all().filter(|pack| pack.status == PackStatus::Template);
    let mut checked = 0;
    for template in templates {
        let text = complete_by_one_word(&template.id);
        let says = |row: &str| {
            let row = row.to_lowercase();
            !row.starts_with('#') && (row.contains("cần nhập theo văn bản") || row.contains("entered from the text"))
        };
        let lines: Vec<usize> = (1..).zip(text.lines()).filter(|(_, row)| says(row)).map(|(line, _)| line).collect();
        assert!(!lines.is_empty(), "{}", template.id);
        let found: Vec<pack::Finding> = pack::check(&text);
        let gaps: Vec<&pack::Finding> = found.iter().filter(|finding| finding.message.contains('“')).collect();
        let told: BTreeSet<Option<usize>> = gaps.iter().map(|finding| finding.line).collect();
        let missed: Vec<&usize> = lines.iter().filter(|line| !told.contains(&Some(**line))).collect();
        assert!(missed.is_empty(), "{}: nothing about lines {missed:?}", template.id);
        let answer = score_json(&text, r#"{"criteria": {}, "work": []}"#);
        assert!(answer.starts_with("{\"error\":{\"field\":\"pack\""), "{}: {answer}", template.id);
        checked += 1;
    }
    assert!(checked >= 15, "only {checked} templates");
}

#[test]
fn a_class_that_only_holds_the_place_is_no_class() {
    for id in ["longbien", "quanba-monthly", "phutho-tttt"] {
        // Somebody replaced the words and left the code.
        let text = complete_by_one_word(id).replace("cần nhập theo văn bản", "xem văn bản");
        let found = pack::check(&text);
        let class = found.iter().find(|finding| finding.field == "classes[0].code");
        assert!(class.is_some_and(|finding| finding.message.contains("\"CHUA\"")), "{id}: {found:?}");
        let template = pack::find(id).unwrap();
        assert_eq!(pack::findings(template), [], "{id}: as a template it may hold the place");
    }
}

/// Where the words of one language say that something is missing, those of the other language do, too.
#[test]
fn both_languages_say_what_is_still_to_be_entered() {
    fn texts(value: &serde_json::Value, said: &mut Vec<(String, String)>) {
        match value {
            serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, said)),
            serde_json::Value::Object(fields) => {
                let words = |language: &str| Some(fields.get(language)?.as_str()?.to_owned());
                said.extend(words("vi").zip(words("en")));
                fields.values().for_each(|field| texts(field, said));
            }
            _ => {}
        }
    }
    let mut said = Vec::new();
    for pack in pack::all() {
        texts(&serde_json::to_value(pack).unwrap(), &mut said);
    }
    assert!(said.len() > 1000, "only {} texts", said.len());
    // One note says in English that the text must be compared, and in Vietnamese also that it must be entered.
    let says = |(vi, en): &&(String, String)| {
        let english = pack::unwritten(en).is_some() || en.contains("must be checked against the text");
        pack::unwritten(en).is_some_and(|_| pack::unwritten(vi).is_none()) || pack::unwritten(vi).is_some() && !english
    };
    let one: Vec<&(String, String)> = said.iter().filter(says).collect();
    assert!(one.is_empty(), "{one:#?}");
}
