//! Samples: the text of a regulation without published points, with illustrative numbers. Each such number is marked,
//! and everybody whom the text scores can be scored.
#![cfg(feature = "author")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;

use serde_json::{Value, json};
use shared::num::Exact;
use shared::pack::{self, Finding, Language, Pack, PackStatus, Step};
use shared::score::{explained, read_input};

/// Each sample, with the template of the same text.
const SAMPLES: [(&str, &str); 6] = [
    ("hanoi-mau", "hanoi-1841"),
    ("hatinh-mau", "hatinh-1000"),
    ("hd02-mau", "hd02-quy"),
    ("longbien-mau", "longbien"),
    ("phutho-mau", "phutho-tttt"),
    ("quanba-mau", "quanba-monthly"),
];

fn named(id: &str) -> &'static Pack {
    pack::find(id).unwrap()
}

fn source(id: &str) -> String {
    fs::read_to_string(format!("{}/packs/{id}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A pack, the text to replace and its replacement, the field named, and words of the message in both languages.
type Fault = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const FAULTS: &[Fault] = &[
    // A place that is not there.
    (
        "longbien-mau",
        "\"groups[2].max\"",
        "\"groups[3].max\"",
        "illustrative[5]",
        "found \"groups[3].max\", which the pack does not have",
        "gói không có chỗ đó",
    ),
    (
        "longbien-mau",
        "\"scale_max\"",
        "\"bonus\"",
        "illustrative[0]",
        "found \"bonus\", which the pack does not have",
        "gói không có chỗ đó",
    ),
    ("longbien-mau", "\"scale_max\"", "\"\"", "illustrative[0]", "found \"\"", "gói không có chỗ đó"),
    ("longbien-mau", "\"scale_max\"", "\"groups[0]\"", "illustrative[0]", "found \"groups[0]\"", "gói không có chỗ đó"),
    // A place that holds no number.
    (
        "quanba-mau",
        "\"scale_max\"",
        "\"groups[0].id\"",
        "illustrative[0]",
        "found \"groups[0].id\", which holds \"1\" and no number",
        "không phải số",
    ),
    ("quanba-mau", "\"scale_max\"", "\"groups[0].criteria[0].code\"", "illustrative[0]", "no number", "không phải số"),
    ("quanba-mau", "\"scale_max\"", "\"title.vi\"", "illustrative[0]", "no number", "không phải số"),
    ("quanba-mau", "\"scale_max\"", "\"effective_to\"", "illustrative[0]", "no number", "không phải số"),
    // A place named twice.
    ("quanba-mau", "\"scale_max\"", "\"groups[0].max\"", "illustrative[1]", "twice, allowed is once", "có hai lần"),
    // Numbers that no text gives, and that nobody marked.
    (
        "longbien-mau",
        "  \"scale_max\",\n",
        "",
        "scale_max",
        "found 100, which the template longbien of the same text does not give",
        "khung longbien của cùng văn bản không ghi như vậy",
    ),
    (
        "longbien-mau",
        "  \"groups[1].criteria[0].max\",\n",
        "",
        "groups[1].criteria[0].max",
        "found 70, which the template longbien",
        "đang là 70",
    ),
    (
        "quanba-mau",
        "  \"classes[1].min\",\n",
        "",
        "classes[1].min",
        "found 70, which the template quanba-monthly",
        "đang là 70",
    ),
    (
        "quanba-mau",
        "title.vi = \"Tự chấm điểm\"",
        "due = { by = 25 }\ntitle.vi = \"Tự chấm điểm\"",
        "steps[1].due.by",
        "found 25, which the template quanba-monthly",
        "đang là 25",
    ),
    (
        "hatinh-mau",
        "  \"steps[1].quorum\",\n",
        "",
        "steps[1].quorum",
        "found 2/3, which the template hatinh-1000 of the same text does not give",
        "khung hatinh-1000 của cùng văn bản không ghi như vậy",
    ),
    // The points of a deduction are the article's: others would be a number that no text gives.
    (
        "hatinh-mau",
        "points = -15",
        "points = -20",
        "events[0].points",
        "found -20, which the template hatinh-1000",
        "đang là -20",
    ),
    // The status and the list belong together.
    (
        "longbien-mau",
        "status = \"sample\"",
        "status = \"template\"",
        "illustrative",
        "this pack is no sample",
        "gói này không phải bản mẫu",
    ),
    (
        "longbien-mau",
        "status = \"sample\"",
        "status = \"complete\"",
        "illustrative",
        "this pack is no sample",
        "gói này không phải bản mẫu",
    ),
    (
        "nd335-congchuc",
        "scale_max = 100",
        "scale_max = 100\nillustrative = [\"scale_max\"]",
        "illustrative",
        "this pack is no sample",
        "gói này không phải bản mẫu",
    ),
    (
        "nd335-congchuc",
        "status = \"complete\"",
        "status = \"sample\"",
        "illustrative",
        "at least one",
        "cần ít nhất một",
    ),
    // A sample can score: it lacks no number, and has classes.
    ("quanba-mau", "scale_max = 100\n", "", "scale_max", "allowed is above 0", "cho phép: lớn hơn 0"),
    ("quanba-mau", "code = \"KHT\"", "code = \"CHUA\"", "classes[3].code", "only holds the place", "chỉ giữ chỗ"),
    (
        "longbien-mau",
        "max = 70\nclause",
        "max = 60\nclause",
        "groups[1].max",
        "sum of its criteria, 70",
        "cho phép: tổng",
    ),
    ("longbien-mau", "min = 90", "min = 70", "classes[0].min", "above the next class's 70", "lớn hơn 70"),
];

#[test]
fn each_fault_of_a_sample_is_named_in_both_languages() {
    for (id, from, to, field, english, vietnamese) in FAULTS {
        let text = source(id);
        assert!(text.contains(from), "{id} has no {from:?}");
        let text = text.replacen(from, to, 1);
        for (language, words) in [(Language::En, english), (Language::Vi, vietnamese)] {
            let found: Vec<Finding> = pack::read_toml_in(&text, language).err().unwrap_or_default();
            let named = found.iter().find(|finding| finding.field == *field && finding.message.contains(words));
            let named = named.unwrap_or_else(|| panic!("{to:?}: expected {field} … {words}, found {found:#?}"));
            assert!(named.line.is_some(), "{to:?}: {named}");
        }
    }
}

/// An authority that has the text of the regulation marks fewer and fewer numbers, and at last none.
#[test]
fn a_copy_of_a_sample_is_completed_number_by_number() {
    let placeholder = "Quy định đánh giá hằng tháng của quận Long Biên (số hiệu: cần nhập theo văn bản)";
    let own = source("longbien-mau").replace(placeholder, "12/QĐ-UBND").replace("cần nhập theo văn bản", "văn bản ghi");
    let own = own.replace("enter from the text", "as the text says");
    let confirmed = own.replacen("  \"scale_max\",\n  \"groups[0].max\",\n", "", 1);
    assert_eq!(pack::check(&confirmed), []);
    let (before, rest) = own.split_once("illustrative = [").unwrap();
    let all = before.to_owned() + rest.split_once("]\n\n").unwrap().1;
    assert_eq!(pack::check(&all.replacen("status = \"sample\"", "status = \"complete\"", 1)), []);
}

#[test]
fn a_sample_has_the_procedure_of_its_template() {
    for (sample, template) in SAMPLES {
        let (sample, template) = (named(sample), named(template));
        assert_eq!((sample.status, template.status), (PackStatus::Sample, PackStatus::Template));
        assert_eq!(sample.roles, template.roles, "{}", sample.id);
        assert_eq!(sample.positions, template.positions, "{}", sample.id);
        assert_eq!(sample.bodies, template.bodies, "{}", sample.id);
        assert_eq!(without_illustrative_shares(sample), template.steps, "{}", sample.id);
        assert_eq!(sample.roll_ups, template.roll_ups, "{}", sample.id);
        assert_eq!((&sample.periods, &sample.instrument), (&template.periods, &template.instrument));
        assert!(sample.title.vi.ends_with("(bản mẫu, số minh họa)"), "{}", sample.title.vi);
        assert!(sample.title.en.ends_with("(sample, illustrative numbers)"), "{}", sample.title.en);
    }
}

/// The steps of a sample, without the shares of members that the sample itself calls illustrative.
fn without_illustrative_shares(sample: &Pack) -> Vec<Step> {
    let mut steps = sample.steps.clone();
    for (place, step) in steps.iter_mut().enumerate() {
        if sample.illustrative.contains(&format!("steps[{place}].quorum")) {
            step.quorum = None;
        }
    }
    steps
}

/// Total and class of a card.
fn scored(id: &str, role: &str, marks: Value) -> (String, String) {
    let card = json!({ "subject": { "role": role }, "criteria": marks, "work": [] });
    let outcome = explained(named(id), &read_input(&card.to_string()).unwrap()).unwrap();
    (outcome.total.unwrap().exact.to_string(), outcome.class.unwrap().code)
}

/// The total is the sum of discipline (up to 20), tasks (up to 70) and bonus (up to 10). A from 90, B from 70, C from 50.
#[test]
fn every_role_of_long_bien_is_scored_under_its_sample() {
    let table = [
        // 19 + 66.5 + 4.5 = 90: just in class A.
        ("staff", json!({ "1": 19, "2": "66.5", "3": "4.5" }), "90", "A"),
        // 18 + 56 + 0 = 74: without a bonus in class B.
        ("deputy", json!({ "1": 18, "2": 56, "3": 0 }), "74", "B"),
        // 15.5 + 34 + 0 = 49.5 = 99/2: half a point below class C.
        ("vice_chair", json!({ "1": "15.5", "2": 34, "3": 0 }), "99/2", "D"),
    ];
    let roles: Vec<&str> = table.iter().map(|(role, ..)| *role).collect();
    assert_eq!(roles, named("longbien-mau").roles.iter().map(|role| role.id.as_str()).collect::<Vec<_>>());
    for (role, marks, total, class) in table {
        assert_eq!(scored("longbien-mau", role, marks), (total.into(), class.into()), "{role}");
    }
}

/// Discipline (up to 20), the tasks as whoever gave them found them (up to 70) and a bonus (up to 10). A from 90, B from 70, C
/// from 50, D below.
#[test]
fn everybody_of_ha_noi_is_scored_under_its_sample() {
    let task = |done: &str, failed: u32| json!([{ "name": "Việc", "coefficient": 1, "assigned": 4, "completed": done, "failed_reviews": failed }]);
    let scored = |marks: Value, work: Value| {
        let card = json!({ "subject": { "role": "staff" }, "criteria": marks, "work": work });
        let outcome = explained(named("hanoi-mau"), &read_input(&card.to_string()).unwrap()).unwrap();
        (outcome.total.unwrap().exact.to_string(), outcome.class.unwrap().code)
    };
    let table = [
        // 20 + 70·1 + 0: everything done in time.
        (json!({ "1": 20, "3": 0 }), task("4", 0), "90", "A"),
        // Three of four: quantity, quality and progress are 3/4 each, 20 + 70·3/4 = 72.5 = 145/2.
        (json!({ "1": 20, "3": 0 }), task("3", 0), "145/2", "B"),
        // One failed review costs 25 % of the quality: 15 + 70·(1 + 3/4 + 1)/3 + 2 = 487/6.
        (json!({ "1": 15, "3": 2 }), task("4", 1), "487/6", "B"),
        // Half of it: 15 + 70/2 = 50, just in class C.
        (json!({ "1": 15, "3": 0 }), task("2", 0), "50", "C"),
        (json!({ "1": 14, "3": 0 }), task("2", 0), "49", "D"),
    ];
    for (marks, work, total, class) in table {
        assert_eq!(scored(marks, work), (total.into(), class.into()));
    }
}

/// Five groups for people; for units the results and a bonus, within the same 100 points. HTXS from 90, HTT from 70, HTNV
/// from 50.
#[test]
fn people_and_both_kinds_of_units_of_phu_tho_are_scored_under_its_sample() {
    let table = [
        // 17 + 13 + 24 + 9 + 10 + 10 + 6.5 = 89.5 = 179/2: half a point below HTXS.
        (
            "staff",
            json!({ "CC.1.1": 17, "CC.1.2": 13, "CC.2": 24, "CC.3.1": 9, "CC.3.2": 10, "CC.4": 10, "CC.5": "6.5" }),
            "179/2",
            "HTT",
        ),
        // 15 + 15 + 45 + 10 = 85, and a bonus of 4 + 1 + 0 points: just in HTXS.
        (
            "unit_culture_office",
            json!({ "VHTT.1.1": 15, "VHTT.1.2": 15, "VHTT.2": 45, "VHTT.3": 10, "VHTT.4.1": 4, "VHTT.4.2": 1, "VHTT.4.3": 0 }),
            "90",
            "HTXS",
        ),
        // 49 of 90 without a bonus.
        ("unit_media_centre", json!({ "TT.1": 49, "TT.2": 0 }), "49", "KHT"),
    ];
    let pack = named("phutho-mau");
    let roles: Vec<&str> = table.iter().map(|(role, ..)| *role).collect();
    assert_eq!(roles, pack.roles.iter().map(|role| role.id.as_str()).collect::<Vec<_>>());
    for (role, marks, total, class) in table {
        assert_eq!(scored("phutho-mau", role, marks), (total.into(), class.into()), "{role}");
        let highest = pack.criteria_for(role).map(|criterion| &criterion.max).sum::<Exact>();
        assert_eq!(highest, pack.scale_max, "{role}");
    }
}

/// The whole form is one mark of up to 100, which is the total. HTXS from 90, HTT from 70, HTNV from 50.
#[test]
fn every_role_of_quan_ba_is_scored_under_its_sample() {
    let table = [
        // The end of the scale.
        ("commune_secretary", json!({ "1": 100 }), "100", "HTXS"),
        // 89.5 = 179/2: half a point below HTXS.
        ("commune_party", json!({ "1": "89.5" }), "179/2", "HTT"),
        // 70 is just in HTT, 50 just in HTNV.
        ("district_staff", json!({ "1": 70 }), "70", "HTT"),
        ("commune_staff", json!({ "1": 50 }), "50", "HTNV"),
        // Below every threshold.
        ("head", json!({ "1": 0 }), "0", "KHT"),
    ];
    let roles: Vec<&str> = table.iter().map(|(role, ..)| *role).collect();
    assert_eq!(roles, named("quanba-mau").roles.iter().map(|role| role.id.as_str()).collect::<Vec<_>>());
    for (role, marks, total, class) in table {
        assert_eq!(scored("quanba-mau", role, marks), (total.into(), class.into()), "{role}");
    }
}

/// Báo Hà Tĩnh: 1,000 points, less 15, 10, 5, 5 and 10 for five faults. Classes at the illustrative 900, 700 and 500.
#[test]
fn every_role_of_ha_tinh_is_scored_under_its_sample() {
    let pack = named("hatinh-mau");
    let points: Vec<String> = pack.events.iter().map(|event| event.points.to_string()).collect();
    assert_eq!(points, ["-15", "-10", "-5", "-5", "-10"]);
    assert_eq!(pack.groups.iter().map(|group| &group.max).sum::<Exact>(), pack.scale_max);
    let codes: Vec<&str> = pack.groups.iter().flat_map(|group| &group.criteria).map(|one| one.code.as_str()).collect();
    // Marks: the highest of every criterion, some of them changed.
    let card = |role: &str, changed: &[(&str, u32)], events: Value| {
        let highest = pack.groups.iter().flat_map(|group| &group.criteria);
        let mut marks: serde_json::Map<String, Value> =
            highest.map(|one| (one.code.clone(), json!(one.max.to_string()))).collect();
        for (code, mark) in changed {
            assert!(codes.contains(code));
            marks.insert((*code).to_owned(), json!(mark));
        }
        let card = json!({ "subject": { "role": role }, "criteria": marks, "work": [], "events": events });
        let outcome = explained(pack, &read_input(&card.to_string()).unwrap()).unwrap();
        (outcome.total.unwrap().exact.to_string(), outcome.class.unwrap().code)
    };
    let fault = |code: &str, count: u32| json!([{ "code": code, "count": count, "evidence": "BB 07/2026" }]);
    let table = [
        // 1000 − 15: the best marks, and a reproof.
        (card("leader", &[], fault("harassment", 1)), "985", "HTXS"),
        // 910 − 2·5 = 900: just in HTXS.
        (card("party_leader", &[("5.1", 10)], fault("late-dossier", 2)), "900", "HTXS"),
        // 910 − 3·5 = 895: the third slow dossier costs the class.
        (card("party_leader", &[("5.1", 10)], fault("late-dossier", 3)), "895", "HTT"),
        // 700 − 10 = 690.
        (card("leader", &[("5.1", 0), ("5.2", 0), ("3.1", 0)], fault("waste", 1)), "690", "HTNV"),
        // 500 − 10 = 490.
        (
            card("leader", &[("5.1", 0), ("5.2", 0), ("3.1", 0), ("3.2", 0), ("1.1", 0)], fault("fire_or_loss", 1)),
            "490",
            "KHT",
        ),
    ];
    for ((total, class), expected_total, expected_class) in table {
        assert_eq!((total.as_str(), class.as_str()), (expected_total, expected_class));
    }
}

#[test]
fn there_are_sixteen_regulations_and_six_samples() {
    let (samples, regulations): (Vec<&Pack>, Vec<&Pack>) =
        pack::all().partition(|pack| pack.status == PackStatus::Sample);
    assert_eq!((regulations.len(), samples.len()), (16, 6));
    let ids: Vec<&str> = samples.iter().map(|pack| pack.id.as_str()).collect();
    assert_eq!(ids, SAMPLES.map(|(id, _)| id));
    assert!(pack::all().skip(16).all(|pack| pack.status == PackStatus::Sample), "samples come last");
}
