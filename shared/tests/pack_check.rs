//! Tests of the static check of packs: every mistake is named with its line and field.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;

use shared::pack::{self, PackStatus};
use shared::score::{CardInput, ErrorCode, evaluate, score_json};

fn source(id: &str) -> String {
    fs::read_to_string(format!("{}/packs/{id}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The findings after replacing the first `from` by `to`, with the line of the replacement to compare.
fn after(id: &str, from: &str, to: &str) -> (usize, Vec<pack::Finding>) {
    let text = source(id);
    let at = text.find(from).unwrap_or_else(|| panic!("{from:?} is not in the pack"));
    let line = text[..at].matches('\n').count() + 1;
    (line, pack::check(&text.replacen(from, to, 1)))
}

#[test]
fn packs_that_come_with_the_program_are_faultless_and_the_same_from_toml() {
    for pack in pack::all() {
        let text = source(&pack.id);
        let read = pack::read_toml(&text).unwrap_or_else(|findings| panic!("{}: {findings:#?}", pack.id));
        assert_eq!(read, *pack);
        assert_eq!(pack::pinned(&pack.hash).map(|found| &found.id), Some(&pack.id));
    }
}

#[test]
fn every_fault_is_named_with_its_line_and_field() {
    let table = [
        ("max = 10\nclause = \"Đ.12(2)a", "max = 11\nclause = \"Đ.12(2)a", "groups[0].max", "sum of its criteria, 10"),
        ("max = \"2.5\"", "max = 2.5", "groups[1].criteria[0].max", "float 2.5"),
        ("max = \"2.5\"", "max = \"2,5\"", "groups[1].criteria[0].max", "found \"2,5\"; allowed: \"2.5\""),
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
        ("assume = \"absent\"\n", "", "facts[0].assume", "nobody states counts as absent"),
        ("title.en = \"Excellent\"", "title.en = \"\"", "classes[0].title.en", "both languages"),
        (
            "by = [{ head = \"agency\" }]",
            "by = [{ head = \"boss\" }]",
            "steps[4].by[0].head",
            "own_unit, parent, agency, region, bound",
        ),
        ("effective_from = \"2026-01-01\"", "effective_from = \"1/2026\"", "effective_from", "2026-01-01"),
        ("effective_from = \"2026-01-01\"", "effective_from = 2026-01-01", "effective_from", "allowed is a text"),
        ("to_days = 5", "to_days = 2", "work.late_bands[1].to_days", "must follow by days"),
        ("code = \"I.2\"", "code = \"I.1\"", "groups[0].criteria[1].code", "twice"),
        ("roles = [\"support\"]", "roles = [\"driver\"]", "groups[3].roles[0]", "staff, leader, deputy, support"),
        ("share = \"0.2\"", "share = 20", "quota.share", "from 0 to 1"),
        ("status = \"complete\"", "status = \"done\"", "status", "complete"),
        ("scale_max = 100", "scale_max = 100\nbonus = 10", "bonus", "found bonus; allowed: id, title"),
        ("clause = \"Đ.17(1)\"\n\n# Classes", "\n\n# Classes", "components[13].clause", "missing; allowed: a text"),
    ];
    for (from, to, field, words) in table {
        expect("nd335-congchuc", (from, to), field, words);
    }
}

/// One mistake put into a pack is found, and named by its field and a line near it.
fn expect(id: &str, (from, to): (&str, &str), field: &str, words: &str) {
    let (line, findings) = after(id, from, to);
    let found = findings.iter().find(|finding| finding.field.starts_with(field) && finding.message.contains(words));
    let found = found.unwrap_or_else(|| panic!("{to:?}: expected {field} … {words}, found {findings:#?}"));
    let near = found.line.unwrap_or_default().abs_diff(line);
    // A rule about a whole table names the table's line, which is a little above.
    assert!(near <= 20, "{to:?}: the fault is on line {line}, found {found}");
}

/// A pack, the text to replace and its replacement, the field named, and words of the message.
type Fault = (&'static str, &'static str, &'static str, &'static str, &'static str);

const SUMS: &[Fault] = &[
    ("hd02-quy", "max = 18", "max = 19", "groups[0].max", "sum of its criteria, 18"),
    ("kontum-1923", "min = 5\n", "min = -1\n", "groups[0].min", "from 0 to the group's maximum"),
    (
        "nd335-congchuc",
        "weight = 70 }]",
        "weight = 50 }]",
        "classes[0].min",
        "found 90, which nobody can reach: the components end at 80",
    ),
    ("nd335-congchuc", "id = \"III\"\n", "id = \"IV\"\n", "groups[2].id", "found \"IV\", which no component reads"),
    ("qd366", "{ min = 80,", "{ min = 95,", "classes[1].min_when[0].min", "under the same reading is below 90"),
    ("qd366", "{ min = 80,", "{ min = 60,", "classes[1].min_when[0].min", "under the same reading is above 60"),
    ("qd366", "{ min = 80,", "{ min = 180,", "classes[1].min_when[0].min", "no total reaches"),
    (
        "qd366",
        "{ min = 80, when = { thresholds = \"90_80_60\" }",
        "{ min = 80, when = { thresholds = \"90_80_61\" }",
        "classes[1].min_when[0].when.thresholds",
        "one of its values",
    ),
    (
        "qd366",
        "{ min = 80, when = { thresholds = \"90_80_60\" }",
        "{ min = 80, when = {}",
        "classes[1].min_when[0].when",
        "found none",
    ),
    ("hd03-abcd", "to = \"0.95\"", "to = \"0.96\"", "bands[1].to", "overlaps with the level above"),
    ("hd03-abcd", "to = \"0.95\"", "to = \"0.94\"", "bands[1].to", "leaves a gap below the level above"),
    ("hd03-abcd", "from = \"0.9\"\n", "from = \"0.97\"\n", "bands[1].from", "allowed is below"),
    ("hd03-abcd", "from = 0\n", "from = \"0.1\"\n", "bands[5].from", "must start at 0"),
    (
        "hd03-abcd",
        "[25, 35, 20, 20]",
        "[25, 35, 20, 21]",
        "products.frames[0].weights",
        "found a sum of 101, allowed is 100",
    ),
    ("hd03-abcd", "[25, 35, 20, 20]", "[45, 35, 20]", "products.frames[0].weights", "one for each of the 4 dimensions"),
    ("sau-truc", "to_days = 3", "to_days = 5", "work.late_bands[1].to_days", "must follow by days"),
    ("sau-truc", "kept = \"0.6\"", "kept = \"1.6\"", "work.late_bands[2].kept", "from 0 to 1"),
    ("thongke-hungyen", "factor = 18", "factor = -18", "work.difficulties[0].factor", "allowed is above 0"),
];

#[test]
fn sums_thresholds_and_levels_that_do_not_fit_are_named() {
    for &(id, from, to, field, words) in SUMS {
        expect(id, (from, to), field, words);
    }
}

const NAMES: &[Fault] = &[
    (
        "nd335-congchuc",
        "fact = \"unit_class\"",
        "fact = \"unit_rank\"",
        "class_caps[0].fact",
        "allowed is a fact of kind class: unit_class",
    ),
    (
        "nd335-congchuc",
        "unless = [\"counted_in_another_year\"",
        "unless = [\"counted\"",
        "knock_outs[1].unless[0]",
        "of kind flag: degradation_concluded",
    ),
    (
        "hd02-quy",
        "fact = \"collective_below_70\"\nclass_max = \"HTT\"",
        "fact = \"collective_below_70\"",
        "class_caps[0].fact",
        "of kind class: the pack has none",
    ),
    (
        "hd02-quy",
        "fact = \"collective_below_70\"\nclass_max = \"HTT\"",
        "fact = \"collective_below_70\"\nclass_max = \"B\"",
        "class_caps[0].class_max",
        "HTXS, HTT, HTNV, KHT",
    ),
    ("hd02-quy", "after = \"KHT\"", "after = \"D\"", "roll_ups[0].limits[0].after", "HTXS, HTT, HTNV, KHT"),
    (
        "hd02-quy",
        "after = \"KHT\"\nclass_max = \"HTT\"",
        "after = \"KHT\"\nclass_max = \"B\"",
        "roll_ups[0].limits[0].class_max",
        "HTXS, HTT, HTNV, KHT",
    ),
    (
        "hd02-quy",
        "when = { kht_quarter = \"managers\" }",
        "when = { kht_quarter = \"heads\" }",
        "roll_ups[0].limits[0].when.kht_quarter",
        "one of its values",
    ),
    (
        "hd02-quy",
        "id = \"undone_in_quarter\"",
        "id = \"undone\"",
        "options[2].id",
        "found \"undone\", which no gate, threshold, knock-out",
    ),
    (
        "sau-truc",
        "source = { mean = [\"SL\", \"TĐ\", \"CL\"] }",
        "source = { mean = [\"SL\", \"XX\"] }",
        "products.dimensions[3].source.mean",
        "SL, TĐ, CL",
    ),
    ("sau-truc", "axis = \"T4\"", "axis = \"T9\"", "components[4].rule.products.axis", "T1, T2, T3, T4, T5, T6"),
    (
        "thanhhoa-1053",
        "of = [\"diem_tru\"]",
        "of = [\"diem_thuong\"]",
        "components[11].rule.events.of[0]",
        "allowed diem_tru",
    ),
    ("thanhhoa-1053", "code = \"diem_tru\"", "code = \"diem_cong\"", "events[0].code", "which no component reads"),
    (
        "thanhhoa-1053",
        "of = \"working_days\"",
        "of = \"days\"",
        "eligibility[0].of",
        "kind share or days or count: worked_days",
    ),
    (
        "qd366",
        "roles = [\"staff\"], clause",
        "roles = [\"clerk\"], clause",
        "classes[0].gates[1].roles[0]",
        "allowed leader, staff",
    ),
    ("nd90-2020", "class_max = \"HTNV\"", "class_max = \"C\"", "class_caps[0].class_max", "HTXS, HTT, HTNV, KHT"),
];

#[test]
fn names_that_nothing_has_are_named_with_those_there_are() {
    for &(id, from, to, field, words) in NAMES {
        expect(id, (from, to), field, words);
    }
}

const NEVER: &[Fault] = &[
    (
        "sau-truc",
        "above = \"0.3\"",
        "above = 1",
        "classes[0].gates[0]",
        "found a gate of HTXS that can never hold: it is from 0 to 1",
    ),
    ("nd335-tochuc", "at_most = 0,", "at_most = -1,", "classes[0].gates[3]", "can never hold"),
    (
        "nd335-tochuc",
        "below = \"0.7\"",
        "below = 0",
        "knock_outs[1]",
        "found a knock-out that can never happen: the fact is from 0 to 1",
    ),
    ("thanhhoa-1053", "above = \"0.3\"", "above = 1", "knock_outs[1]", "can never happen"),
    ("hd02-quy", "in_a_row = 2", "in_a_row = 4", "roll_ups[0].limits[2].in_a_row", "from 2 to 3"),
    ("hd02-quy", "parts = 3", "parts = 5", "roll_ups[0].parts", "from 1 to 4"),
    ("hd02-quy", "from = \"quarter\"", "from = \"year\"", "roll_ups[0].from", "shorter period"),
    (
        "hd02-quy",
        "when = { year_rule = \"mean\" }",
        "when = { year_rule = \"decided\" }",
        "roll_ups[1].to",
        "twice under the same readings",
    ),
    ("hd03-abcd", "weights_sum = 70\n", "", "products.weights_sum", "and not both"),
    ("hd03-abcd", "below = 2\n", "", "eligibility[0].fact", "of kind flag"),
    (
        "hanoi-3814",
        "id = \"tenth\"",
        "id = \"tenth_product\"",
        "options[1].values[1].id",
        "but the pack has no [products]",
    ),
    ("hanoi-3814", "id = \"binary\"", "id = \"bands\"", "options[0].values[1].id", "but the pack has no [[bands]]"),
    ("hatinh-1000", "id = \"event_count\"", "id = \"cap\"", "options[0].id", "but the pack has no [work]"),
    (
        "hatinh-1000",
        "id = \"event_count\"",
        "id = \"x\"\nscope = \"quota\"",
        "options[0].scope",
        "but the pack has no [quota]",
    ),
    (
        "thongke-hungyen",
        "{ id = \"product\", title",
        "{ id = \"kind\", title",
        "options[0].values[1].id",
        "product, level, product_level",
    ),
];

#[test]
fn rules_that_can_never_hold_or_count_are_named() {
    for &(id, from, to, field, words) in NEVER {
        expect(id, (from, to), field, words);
    }
}

#[test]
fn a_text_in_one_language_only_is_named_wherever_it_stands() {
    let table = [
        ("hd03-abcd", "title.en = \"from 95 to 100 %\"", "title.en = \"\"", "bands[0].title.en"),
        ("hd03-abcd", "title.en = \"management\"", "title.en = \" \"", "products.frames[0].title.en"),
        ("hd02-quy", "title.vi = \"Số quý được xếp loại xuất sắc\"", "title.vi = \"\"", "quota.tie_breaks[0].title.vi"),
        (
            "hd02-quy",
            "title.en = \"a quarter “not completed” bars the year's “excellent”\"",
            "title.en = \"\"",
            "roll_ups[0].limits[0].title.en",
        ),
        (
            "nd335-congchuc",
            "title.en = \"the head's class is not above the organisation's\"",
            "title.en = \"\"",
            "class_caps[0].title.en",
        ),
        ("sau-truc", "title.en = \"regular product\"", "title.en = \"\"", "products.standards[0].title.en"),
        (
            "thanhhoa-1053",
            "title.en = \"Deduction entered by the approver (points each time to be entered from the text)\"",
            "title.en = \"\"",
            "events[0].title.en",
        ),
    ];
    for (id, from, to, field) in table {
        expect(id, (from, to), field, "both languages");
    }
}

#[test]
fn points_the_approver_states_have_bounds_and_no_others() {
    let bounds = |points: &str| format!("code = \"diem_tru\"\n{points}");
    let table = [
        ("points = -2\nstated = { min = -10, max = 0 }", "no points of the event's own"),
        ("stated = { min = 0, max = -10 }", "a lowest below a highest"),
    ];
    for (points, words) in table {
        expect("thanhhoa-1053", ("code = \"diem_tru\"", &bounds(points)), "events[0].stated", words);
    }
    let (_, findings) = after("thanhhoa-1053", "code = \"diem_tru\"", &bounds("stated = { min = -10, max = 0 }"));
    assert_eq!(findings, []);
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

#[test]
fn a_gap_between_self_score_and_appraisal_lies_within_the_scale_and_has_its_clause() {
    let gap = "[appraisal_gap]\npoints = 5";
    let table = [
        (gap, "[appraisal_gap]\npoints = 0", "appraisal_gap.points", "allowed is above 0"),
        (gap, "[appraisal_gap]\npoints = -5", "appraisal_gap.points", "allowed is above 0"),
        (gap, "[appraisal_gap]\npoints = 101", "appraisal_gap.points", "the scale ends at 100"),
        (
            "clause = \"HD 03-HD/TVĐU (chênh lệch tự chấm và thẩm định: bắt buộc giải trình bằng văn bản; nguồn thứ cấp)\"",
            "clause = \" \"",
            "appraisal_gap.clause",
            "the place in the regulation",
        ),
    ];
    for (from, to, field, words) in table {
        expect("hd03-abcd", (from, to), field, words);
    }
    let (_, findings) = after("hd03-abcd", gap, "[appraisal_gap]\npoints = 100");
    assert_eq!(findings, [], "the whole scale is a gap");
}

/// D8: a text that would expand into more than a pack can need is refused before it is checked. The refusal names what
/// is allowed.
#[test]
fn d8_a_text_that_would_take_all_memory_or_time_is_refused_by_a_limit() {
    let long = "k".repeat(60_000);
    let nested =
        |open: &str, close: &str, times: usize| format!("a = {}1{}\n", open.repeat(times), close.repeat(times));
    for (name, text, words) in [
        ("too long", "# ".repeat(200_000), "bytes, allowed up to"),
        ("many tables", "[[x]]\n".repeat(40_000), "values, allowed up to"),
        ("many keys", (0..22_000).map(|n| format!("k{n}=1\n")).collect(), "values, allowed up to"),
        ("many elements", format!("a = [{}]\n", "1,".repeat(100_000)), "values, allowed up to"),
        ("a long name over many values", format!("{long} = [{}]\n", "1,".repeat(15_000)), "letters, allowed up to"),
        ("deep in names", format!("[{}]\n", vec!["a"; 40].join(".")), "deep, allowed up to"),
        ("deep in lists", nested("[", "]", 40), "deep, allowed up to"),
        ("deeper than a reader goes", nested("[", "]", 60_000), "recurs"),
        ("deep in tables", nested("{b=", "}", 50_000), "recurs"),
    ] {
        let found = pack::check(&text);
        assert!(found.len() <= 8, "{name}: {} findings", found.len());
        assert!(found.iter().any(|finding| finding.message.contains(words)), "{name}: {found:?}");
    }
    let deep = format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(pack::read_checked(&deep).is_err());
    assert!(
        pack::read_checked(&format!("{{\"id\":\"{}\"}}", "a".repeat(2_000_000))).unwrap_err()[0]
            .message
            .contains("bytes")
    );
}
