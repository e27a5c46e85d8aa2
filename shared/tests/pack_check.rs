//! The static check of packs: what is wrong is named with its line and field.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;

use shared::pack::{self, PackStatus};
use shared::score::{CardInput, ErrorCode, evaluate, score_json};

fn source(id: &str) -> String {
    fs::read_to_string(format!("{}/packs/{id}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The findings after replacing the first `from` by `to`, with the line of the replacement to compare.
fn after(from: &str, to: &str) -> (usize, Vec<pack::Finding>) {
    let text = source("nd335-congchuc");
    let at = text.find(from).unwrap_or_else(|| panic!("{from:?} is not in the pack"));
    let line = text[..at].matches('\n').count() + 1;
    (line, pack::check(&text.replacen(from, to, 1)))
}

#[test]
fn packs_that_come_with_the_program_are_faultless_and_the_same_from_toml() {
    for builtin in pack::builtin() {
        let text = source(builtin.id);
        let read = pack::read_toml(&text).unwrap_or_else(|findings| panic!("{}: {findings:#?}", builtin.id));
        assert_eq!(read.id, builtin.id, "a pack's file is named by its id");
        assert_eq!(Some(read), pack::find_with_remarks(builtin.id));
        assert_eq!(pack::find_by_hash(&builtin.hash).map(|pack| pack.id.as_str()), Some(builtin.id));
    }
    assert_eq!(pack::builtin().len(), pack::all().len());
}

#[test]
fn every_fault_is_named_with_its_line_and_field() {
    let table = [
        ("max = 10\nclause = \"Đ.12(2)a", "max = 11\nclause = \"Đ.12(2)a", "groups[0].max", "sum of its criteria, 10"),
        ("max = \"2.5\"", "max = 2.5", "groups[1].criteria[0].max", "float 2.5"),
        ("max = \"2.5\"", "max = \"2,5\"", "groups[1].criteria[0].max", "2,5"),
        ("default = \"occurrence\"", "default = \"week\"", "options[0].default", "occurrence, day, bands"),
        ("{ id = \"day\", title.vi", "{ id = \"days\", title.vi", "options[0].values[1].id", "occurrence, day, bands"),
        ("min = 70", "min = 95", "classes[0].min", "allowed is above the next class's 95"),
        ("min = 90", "min = 101", "classes[0].min", "no total reaches"),
        ("min = 0", "min = 10", "classes[3].min", "must start at 0"),
        ("at_least = \"0.3\"", "at_least = \"1.3\"", "classes[0].gates[2]", "can never hold"),
        (
            "fact = \"tasks_exceeded_share\"",
            "fact = \"tasks_beaten\"",
            "classes[0].gates[2].fact",
            "tasks_exceeded_share",
        ),
        (
            "when = { gates = \"on\" }",
            "when = { gates = \"yes\" }",
            "classes[0].gates[0].when.gates",
            "allowed is an option",
        ),
        ("id = \"gates\"", "id = \"gatez\"", "options[5].id", "which no gate"),
        ("of = [\"a\", \"b\", \"c\"]", "of = [\"a\", \"b\", \"z\"]", "components[10].rule.mean.of[2]", "found \"z\""),
        ("work = \"quantity\"", "work = \"amount\"", "components[1].rule", "amount"),
        ("statement = \"unit\"", "statement = \"units\"", "components[7].rule.stated.statement", "unit, organising"),
        ("fact = \"disciplined\"", "fact = \"late\"", "knock_outs[1].fact", "disciplined"),
        ("title.en = \"Excellent\"", "title.en = \"\"", "classes[0].title.en", "both languages"),
        (
            "scorer = \"agency_head\"",
            "scorer = \"boss\"",
            "stages[4].scorer",
            "subject, direct_head, agency_head, personnel",
        ),
        ("effective_from = \"2026-01-01\"", "effective_from = \"1/2026\"", "effective_from", "2026-01-01"),
        ("effective_from = \"2026-01-01\"", "effective_from = 2026-01-01", "effective_from", "allowed is a text"),
        ("to_days = 5", "to_days = 2", "work.late_bands[1].to_days", "must follow by days"),
        ("code = \"I.2\"", "code = \"I.1\"", "groups[0].criteria[1].code", "twice"),
        ("roles = [\"support\"]", "roles = [\"driver\"]", "groups[3].roles[0]", "staff, leader, deputy, support"),
        ("share = \"0.2\"", "share = 20", "quota.share", "from 0 to 1"),
        ("status = \"complete\"", "status = \"done\"", "status", "complete"),
        ("scale_max = 100", "scale_max = 100\nbonus = 10", "bonus", "unknown field"),
        ("clause = \"Đ.17(1)\"\n\n# Classes", "\n\n# Classes", "components[13]", "missing field `clause`"),
    ];
    for (from, to, field, words) in table {
        let (line, findings) = after(from, to);
        let found = findings.iter().find(|finding| finding.field.starts_with(field) && finding.message.contains(words));
        let found = found.unwrap_or_else(|| panic!("{to:?}: expected {field} … {words}, found {findings:#?}"));
        let near = found.line.unwrap_or_default().abs_diff(line);
        // A rule about a whole table names the table's line, which is a little above.
        assert!(near <= 20, "{to:?}: the fault is on line {line}, found {found}");
    }
}

#[test]
fn a_text_that_is_no_toml_is_named_by_its_line() {
    let findings = pack::check("id = \"x\"\ntitle = \n");
    assert_eq!(findings.first().and_then(|finding| finding.line), Some(2), "{findings:?}");
    assert!(!pack::check("").is_empty());
}

#[test]
fn no_cut_of_a_pack_breaks_the_checker() {
    let text = source("nd335-congchuc");
    let cuts = text.char_indices().map(|(at, _)| at).step_by(397);
    let whole = cuts.filter(|at| pack::check(&text[..*at]).is_empty()).count();
    assert_eq!(whole, 0, "a pack cut short passed the check");
}

#[test]
fn a_template_loads_and_refuses_to_score() {
    let text = source("nd335-congchuc").replacen("status = \"complete\"", "status = \"template\"", 1);
    let pack = pack::read_toml(&text).unwrap();
    assert_eq!(pack.status, PackStatus::Template);
    let errors = evaluate(&pack, &CardInput::default()).unwrap_err();
    assert_eq!(errors.first().map(|error| error.code), Some(ErrorCode::Template));
}

#[test]
fn a_pack_given_by_its_own_text_scores_the_same() {
    let card = fs::read_to_string(format!("{}/../tests/golden/score/handbook-day.json", env!("CARGO_MANIFEST_DIR")));
    let vector: serde_json::Value = serde_json::from_str(&card.unwrap()).unwrap();
    let input = vector["input"].to_string();
    assert_eq!(score_json(&source("nd335-congchuc"), &input), score_json("nd335-congchuc", &input));
    assert!(score_json("no-such-pack", &input).contains("nd335-congchuc"));
}
