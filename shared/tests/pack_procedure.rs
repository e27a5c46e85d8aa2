//! The procedure of packs: each fault that the static check must refuse, and what it says.
#![cfg(feature = "author")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;

use shared::pack::{self, Actor, Finding, Place};

/// The text to replace, its replacement, the field named, and words of the message.
type Fault = (&'static str, &'static str, &'static str, &'static str);

fn example() -> String {
    fs::read_to_string(format!("{}/../docs/example-pack.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn findings_after((from, to, ..): &Fault) -> Vec<Finding> {
    let text = example();
    assert!(text.contains(from), "the example has no {from:?}");
    pack::check(&text.replacen(from, to, 1))
}

const APPRAISE_BY: &str = "by = [{ head = \"own_unit\" }]";

const OPINION_BEFORE_SELF_SCORE: &str = "[[steps]]
id = \"opine\"
verb = \"opine\"
title.vi = \"Tập thể góp ý\"
title.en = \"Colleagues give an opinion\"
after = [\"self_score\"]
by = [\"appointed\"]
clause = \"Đ.8\"

[[steps]]
id = \"self_score\"";

const MARK_AT_THE_SAME_TIME: &str = "[[steps]]
id = \"second\"
verb = \"mark\"
title.vi = \"Cấp trên chấm\"
title.en = \"The level above marks\"
after = [\"self_score\"]
by = [{ head = \"parent\" }]
clause = \"Đ.8\"

[[steps]]
id = \"approve\"";

const MARK_AFTER_THE_DECISION: &str = "[[steps]]
id = \"again\"
verb = \"mark\"
title.vi = \"Chấm lại\"
title.en = \"Mark once more\"
after = [\"approve\"]
by = [{ head = \"parent\" }]
clause = \"Đ.8\"

[[steps]]
id = \"publish\"";

const FAULTS: &[Fault] = &[
    // A step nobody can do.
    (APPRAISE_BY, "by = []", "steps[2].by", "found nobody who may do it"),
    (APPRAISE_BY, "by = [{ any_of = [] }]", "steps[2].by[0]", "found none"),
    (APPRAISE_BY, "by = [{ member = \"team\" }]", "steps[2].by[0].member", "the pack has none"),
    (APPRAISE_BY, "by = [{ position = { id = \"chair\", at = \"agency\" } }]", "steps[2].by[0].position.id", "none"),
    // An actor that does not parse.
    (APPRAISE_BY, "by = [\"boss\"]", "steps[2].by[0]", "found boss"),
    (APPRAISE_BY, "by = [{ head = \"moon\" }]", "steps[2].by[0].head", "own_unit, parent, agency, region, bound"),
    // An unreachable end.
    ("after = [\"approve\"]", "after = [\"appraise\"]", "steps[3].verb", "nothing follows this step"),
    ("verb = \"notify\"", "verb = \"decide\"", "steps", "reaches no end"),
    ("verb = \"notify\"", "verb = \"object\"", "steps", "reaches no end"),
    ("verb = \"notify\"", "verb = \"collect\"", "steps", "reaches no end"),
    ("after = [\"approve\"]", "after = [\"self_score\"]", "steps", "nobody else judges before the end"),
    ("by = [{ head = \"agency\" }]", "by = [\"subject\"]", "steps[3].by", "nobody decides on themselves"),
    ("id = \"publish\"\nverb", "id = \"publish\"\nroles = [\"head\"]\nverb", "steps[4].roles[0]", "staff"),
    ("after = [\"report\"]", "after = [\"report\", \"approve\"]", "steps[1].after", "waits for itself"),
    ("after = [\"report\"]", "after = [\"plan\"]", "steps[1].after[0]", "found \"plan\""),
    ("after = [\"report\"]", "after = [\"self_score\"]", "steps[1].after[0]", "found \"self_score\""),
    // The word for a step.
    ("id = \"appraise\"", "id = \"\"", "steps[2].id", "found nothing, allowed is a word"),
    ("id = \"appraise\"", "id = \"Appraise\"", "steps[2].id", "small letters from a to z and _"),
    ("id = \"appraise\"", "id = \"appraise-2\"", "steps[2].id", "found \"appraise-2\""),
    // A step that people read before the one it waits for.
    (
        "[[steps]]\nid = \"self_score\"",
        OPINION_BEFORE_SELF_SCORE,
        "steps[1].after[0]",
        "step \"opine\" stands before \"self_score\", for which it waits",
    ),
    // Steps that keep each other from being done.
    ("[[steps]]\nid = \"approve\"", MARK_AT_THE_SAME_TIME, "steps[3].after", "\"second\" does not follow \"appraise\""),
    ("[[steps]]\nid = \"publish\"", MARK_AFTER_THE_DECISION, "steps[4].after", "\"again\" does not follow \"approve\""),
    // An end that one reading takes away.
    (
        "id = \"publish\"\nverb",
        "id = \"publish\"\nwhen = { late_unit = \"day\" }\nverb",
        "steps",
        "role \"staff\" reaches no end",
    ),
    // A due day after the next one's.
    ("due = { by = 24, december = 15 }", "due = { by = 27 }", "steps[2].due", "before \"self_score\" at 2026-01-27"),
    ("due = { by = 28, december = 15 }", "due = { by = 28, december = 12 }", "steps[3].due", "2026-12"),
    ("due = { by = 26, december = 15 }", "opens = { from = 28 }\ndue = { by = 26 }", "steps[2].due", "before it opens"),
    ("due = { by = 24, december = 15 }", "due = { december = 15 }", "steps[1].due", "exactly one of by and before"),
    ("due = { by = 24, december = 15 }", "due = { by = 32 }", "steps[1].due.by", "from 1 to 31"),
    ("due = { by = 24, december = 15 }", "opens = { from = 0 }", "steps[1].opens.from", "from 1 to 31"),
    // A tally above one.
    (
        APPRAISE_BY,
        "by = [\"subject\"]\nper = \"actor\"\ntally = \"mean\"\nquorum = \"1.5\"",
        "steps[2].quorum",
        "up to 1",
    ),
    (APPRAISE_BY, "by = [\"subject\"]\nper = \"actor\"\ntally = \"mean\"\nquorum = 0", "steps[2].quorum", "above 0"),
    (APPRAISE_BY, "by = [\"subject\"]\nper = \"actor\"", "steps[2].tally", "mean, agreed"),
    (APPRAISE_BY, "by = [\"subject\"]\nblind = true", "steps[2].blind", "only with per"),
    // Marks that build on nothing.
    ("builds_on = \"self_score\"", "builds_on = \"approve\"", "steps[2].builds_on", "self_score"),
    ("builds_on = \"self_score\"\n", "", "steps[2].reason_when", "only together with builds_on"),
    // Roles.
    ("who = [{ rank = \"staff\" }]", "who = []", "roles[0].who", "at least one condition"),
    ("who = [{ rank = \"staff\" }]", "who = [{ position = \"chair\" }]", "roles[0].who[0].position", "none"),
    (
        "who = [{ rank = \"staff\" }]",
        "who = [{ rank = \"boss\" }]",
        "roles[0].who[0].rank",
        "head, deputy, staff, support",
    ),
    (
        "who = [{ rank = \"staff\" }]",
        "subject = \"unit\"\nwho = [{ rank = \"staff\" }]",
        "roles[0].who[0]",
        "unit_kind only",
    ),
];

/// Issue: `pack check` refuses a step nobody can do, an unreachable end, a due day after the next one's, a tally above
/// one, an actor that does not parse.
#[test]
fn each_fault_of_a_procedure_is_named() {
    assert_eq!(pack::check(&example()), []);
    for fault in FAULTS {
        let (_, to, field, words) = fault;
        let found = findings_after(fault);
        let named = found.iter().any(|finding| finding.field == *field && finding.message.contains(words));
        assert!(named, "{to:?}: expected {field} … {words}, found {found:#?}");
    }
}

/// The mean of 0 and the maximum would be a mark that the row does not have.
#[test]
fn a_row_marked_all_or_nothing_has_no_mean() {
    let text =
        example().replacen("title.en = \"Working hours\"", "title.en = \"Working hours\"\nmarking = \"binary\"", 1);
    let by = |tally: &str| format!("by = [\"subject\"]\nper = \"actor\"\ntally = \"{tally}\"");
    let found = |tally| pack::check(&text.replacen(APPRAISE_BY, &by(tally), 1));
    assert!(found("mean").iter().any(|one| one.field == "steps[2].tally" && one.message.contains("I.1")));
    assert!(found("agreed").iter().all(|one| one.field != "steps[2].tally"), "{:?}", found("agreed"));
}

/// Where the pack's own reading marks every row all or nothing, a team could never close.
#[test]
fn a_reading_by_which_all_rows_are_all_or_nothing_leaves_no_mean() {
    let value = |id: &str| format!("{{ id = \"{id}\", title.vi = \"Mức\", title.en = \"Level\" }}");
    let common = |default: &str| {
        let values = format!("{}, {}", value("graded"), value("binary"));
        format!(
            "[[options]]\nid = \"common\"\ntitle.vi = \"Cách chấm\"\ntitle.en = \"Marking\"\ndefault = \"{default}\"\n\
             clause = \"Đ.2\"\nreason.vi = \"Không rõ.\"\nreason.en = \"Unclear.\"\nvalues = [{values}]\n\n"
        )
    };
    let found = |default: &str| {
        let text = example().replacen(APPRAISE_BY, "by = [\"subject\"]\nper = \"actor\"\ntally = \"mean\"", 1);
        let text = text.replacen("[[steps]]", &format!("{}[[steps]]", common(default)), 1);
        pack::check(&text).into_iter().map(|one| one.field).collect::<Vec<_>>()
    };
    assert_eq!(found("binary"), ["steps[2].tally"]);
    assert_eq!(found("graded"), [""; 0]);
}

#[test]
fn a_finding_names_the_line() {
    let fault = (APPRAISE_BY, "by = []", "", "");
    let found = findings_after(&fault);
    let line = example().lines().position(|line| line == APPRAISE_BY).unwrap() + 1;
    assert_eq!(found.first().and_then(|finding| finding.line), Some(line), "{found:#?}");
}

/// Đ.10(1) of Decree 335/2025: the head of the own unit scores, the head of the agency decides.
#[test]
fn the_decrees_month_is_done_by_heads() {
    let pack = pack::find("nd335-congchuc").unwrap();
    let by = |id: &str| pack.step(id).unwrap().by.clone();
    assert_eq!(by("self_score"), [Actor::Subject]);
    assert_eq!(by("appraise"), [Actor::Head(Place::OwnUnit)]);
    assert_eq!(by("approve"), [Actor::Head(Place::Agency)]);
}

/// Every regulation says who acts, and everybody it scores reaches an end.
#[test]
fn every_pack_has_a_procedure_without_findings() {
    let mut steps = 0;
    for pack in pack::all() {
        assert_eq!(pack::findings(pack), [], "{}", pack.id);
        steps += pack.steps.len();
    }
    assert!(steps >= 18 * 3, "{steps}");
}
