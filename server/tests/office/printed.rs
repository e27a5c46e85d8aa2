//! Tests that every number printed on a form is the value of a step, with its clause: in the month's table, on paper,
//! in the exported cards, in quotas and longer periods.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use server::data_directory::DataDirectory;
use server::open_directory;
use shared::card::Side;
use shared::ids::PersonId;
use shared::num::Exact;
use shared::op::CardKey;
use shared::org::UnitKind;
use shared::pack::{self, Language, Measure, Pack, Rule};
use shared::report::{Row, UnitMonth, unit_month, unit_quota};
use shared::score::{Outcome, Step};
use shared::sync::LogState;
use shared::time::Period;

use crate::harness::{Demo, binary, demo_copy};

/// A published month of the demo commune.
const MONTH: &str = "2026-10";

/// The source of a column's numbers.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// No number.
    Words,
    /// The number of steps of the work lines: all, and those done whole.
    Lines(fn(&Step) -> bool),
    /// The last step of the total, rounded for reading.
    Total(Side),
    /// The same, not rounded.
    ExactTotal(Side),
    /// The last step of the class.
    Class(Side),
}

fn any(_: &Step) -> bool {
    true
}

/// Whether the accepted work, with what arose outside the plan, covers the assigned work.
fn is_done(step: &Step) -> bool {
    input(step, "g") <= input(step, "h") + input(step, "x")
}

/// The table's columns. The approved points are what the superior scored: nobody types a total.
const COLUMNS: [(&str, &str, Source); 17] = [
    ("Họ và tên", "Name", Source::Words),
    ("Chức vụ", "Post", Source::Words),
    ("Đơn vị", "Unit", Source::Words),
    ("Kỳ", "Period", Source::Words),
    ("Quy định", "Regulation", Source::Words),
    ("Trạng thái", "State", Source::Words),
    ("Số việc", "Work lines", Source::Lines(any)),
    ("Số việc xong", "Lines done", Source::Lines(is_done)),
    ("Tự chấm", "Self-score", Source::Total(Side::SelfScored)),
    ("Mức tự chấm", "Self class", Source::Class(Side::SelfScored)),
    ("Cấp trên chấm", "Appraised", Source::Total(Side::Appraised)),
    ("Mức cấp trên chấm", "Appraised class", Source::Class(Side::Appraised)),
    ("Đã duyệt", "Approved", Source::Total(Side::Appraised)),
    ("Mức đã duyệt", "Approved class", Source::Class(Side::Appraised)),
    ("Điểm chính xác", "Exact points", Source::ExactTotal(Side::Appraised)),
    ("Lý do quyết định khác điểm tính", "Why decided otherwise", Source::Words),
    ("Văn bản ngoài hệ thống", "Document from outside", Source::Words),
];

fn exact(text: &str) -> Exact {
    Exact::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error:?}"))
}

fn input(step: &Step, key: &str) -> Exact {
    step.inputs.get(key).map(|text| exact(text)).unwrap_or_default()
}

/// A step that has its clause, or the reason why a form must not be printed.
fn with_clause(step: &Step) -> &Step {
    assert!(!step.clause.trim().is_empty(), "{step:?} names no clause");
    step
}

fn step<'a>(steps: &'a [Step], names: &[&str]) -> &'a Step {
    let found = steps.iter().rev().find(|step| names.contains(&step.step.as_str()));
    with_clause(found.unwrap_or_else(|| panic!("no step {names:?} in {steps:#?}")))
}

/// The value of the step that made the total: its sum, or the rounding after it.
fn total(outcome: &Outcome) -> Exact {
    exact(&step(&outcome.explanation, &["total", "rounding"]).value)
}

fn class(outcome: &Outcome) -> &str {
    &step(&outcome.explanation, &["class", "class.decided"]).value
}

/// The steps of the work lines.
fn lines<'a>(pack: &Pack, outcome: &'a Outcome, measure: Measure) -> Vec<&'a Step> {
    let of = pack.components.iter().filter(|one| matches!(&one.rule, Rule::Work(own) if *own == measure));
    let ids: Vec<String> = of.map(|component| format!("{}.", component.id)).collect();
    let is_line =
        |step: &&Step| ids.iter().any(|id| step.step.strip_prefix(id).is_some_and(|n| n.parse::<u32>().is_ok()));
    outcome.explanation.iter().filter(is_line).map(with_clause).collect()
}

/// The text that the column must have for a card.
fn expected(source: Source, folded: &LogState, key: &CardKey) -> Option<String> {
    let outcome = |side| folded.state().explained(key, side).unwrap().unwrap();
    Some(match source {
        Source::Words => return None,
        Source::Lines(counts) => {
            let (pack, own) = (pack::pinned(&key.pack).unwrap(), outcome(Side::SelfScored));
            lines(pack, &own, Measure::Quantity).into_iter().filter(|step| counts(step)).count().to_string()
        }
        Source::Total(side) => total(&outcome(side)).to_decimal(6),
        Source::ExactTotal(side) => total(&outcome(side)).to_string(),
        Source::Class(side) => class(&outcome(side)).to_owned(),
    })
}

fn output(data: &Path, arguments: &[&str]) -> String {
    let output = binary().args(arguments).arg("--data").arg(data).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

async fn demo_month() -> (Demo, LogState, UnitMonth) {
    let data = demo_copy().await;
    let folded = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let commune = folded.state().org.units().find(|unit| unit.kind == UnitKind::Agency).unwrap().id;
    let month = unit_month(folded.state(), commune, MONTH.parse().unwrap(), PersonId::SYSTEM);
    assert_eq!(month.rows.len(), 40);
    (data, folded, month)
}

#[tokio::test]
async fn every_number_of_the_months_table_is_the_value_of_a_step() {
    let (data, folded, month) = demo_month().await;
    for (language, separator, mark) in [("vi", ';', ','), ("en", ',', '.')] {
        let table = output(data.path(), &["export", "month", "--period", MONTH, "--lang", language]);
        let table = table.strip_prefix('\u{feff}').unwrap();
        assert!(!table.contains('"'), "no cell of the demo needs quotes");
        let mut rows = table.lines().map(|line| line.split(separator).collect::<Vec<_>>());
        let headings = COLUMNS.map(|(vi, en, _)| if language == "vi" { vi } else { en });
        assert_eq!(rows.next().unwrap(), headings, "a new column needs a step that its numbers come from");
        let rows: Vec<Vec<&str>> = rows.collect();
        assert_eq!(rows.len(), month.rows.len());
        for (cells, row) in rows.iter().zip(&month.rows) {
            assert_eq!(cells.len(), COLUMNS.len());
            for (cell, (heading, _, source)) in cells.iter().zip(COLUMNS) {
                let cell = cell.replace(mark, ".");
                match expected(source, &folded, &row.card) {
                    Some(value) => assert_eq!(cell, value, "{heading} of {}", row.name),
                    None => assert!(Exact::parse(&cell).is_err(), "{heading} of {} is a number: {cell}", row.name),
                }
            }
        }
    }
}

/// The columns of the table on paper, by their texts in the catalogue, and the column of the file with the same
/// numbers.
const ON_PAPER: [(&str, &[&str]); 8] = [
    ("name", &["Name", "Post"]),
    ("state", &["State"]),
    ("approved", &["Approved"]),
    ("class", &["Approved class"]),
    ("appraised", &["Appraised"]),
    ("own", &["Self-score"]),
    ("work", &["Lines done", "Work lines"]),
    ("unit", &["Unit"]),
];

#[tokio::test]
async fn the_table_on_paper_has_no_number_that_the_file_has_not() {
    let source = include_str!("../../../app/src/pages/unit_month/table.rs");
    let heads = source.split("<th scope=\"col\"").skip(1).map(|rest| rest.split("t::unit::").nth(1).unwrap());
    let heads: Vec<&str> = heads.map(|rest| rest.split('(').next().unwrap()).collect();
    assert_eq!(heads, ON_PAPER.map(|(head, _)| head), "a new column needs a step that its numbers come from");
    for column in ON_PAPER.iter().flat_map(|(_, columns)| *columns) {
        assert!(COLUMNS.iter().any(|(_, heading, _)| heading == column), "{column}");
    }
}

/// The lines below the table count classes, which steps decided, and states.
#[tokio::test]
async fn the_counts_below_the_table_are_those_of_classes_that_steps_decided() {
    let (_data, folded, month) = demo_month().await;
    let decided = |row: &Row| class(&folded.state().explained(&row.card, Side::Appraised).unwrap().unwrap()).to_owned();
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for row in &month.rows {
        let count = counts.entry(decided(row)).or_default();
        count.0 += 1;
        count.1 += usize::from(row.approved.is_some());
    }
    let told: BTreeMap<String, (usize, usize)> =
        month.distribution(&month.rows[0].card.pack).iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
    assert_eq!(told, counts);
    assert_eq!(month.stages().values().sum::<usize>(), month.rows.len(), "everyone is in one state");
}

/// The parts of an exported outcome. A new part needs an entry below that says where its numbers come from.
const OUTCOME: [&str; 12] = [
    "assumed",
    "class",
    "components",
    "excess",
    "explanation",
    "missing",
    "options",
    "pack",
    "pack_hash",
    "range",
    "status",
    "total",
];

#[tokio::test]
async fn every_number_of_the_exported_cards_is_the_value_of_a_step() {
    let data = demo_copy().await;
    let (mut numbers, mut limits) = (0, 0);
    for line in output(data.path(), &["export", "cards", "--period", MONTH]).lines() {
        let card: Value = serde_json::from_str(line).unwrap();
        let name = card["name"].as_str().unwrap();
        let pack = pack::find(card["pack"].as_str().unwrap()).unwrap();
        for side in ["self", "appraised"] {
            let scored = &card[side];
            let outcome = scored["outcome"].as_object().unwrap();
            for key in outcome.keys() {
                assert!(OUTCOME.contains(&key.as_str()), "{name}: nothing says where {key} comes from");
            }
            let steps: Vec<Step> = steps_of(&scored["outcome"]["explanation"]);
            let is_value = |number: &Value, names: &[&str]| {
                let value = exact(&step(&steps, names).value);
                assert_eq!(number["exact"], value.to_string(), "{name}, {side}: {names:?}");
                assert_eq!(number["decimal"], value.to_decimal(6), "{name}, {side}: {names:?}");
            };
            is_value(&outcome["total"], &["total", "rounding"]);
            for (id, number) in outcome["components"].as_object().unwrap() {
                is_value(number, &[id]);
                numbers += 1;
            }
            for (id, number) in outcome.get("excess").and_then(Value::as_object).into_iter().flatten() {
                assert_eq!(number["exact"], beyond_limits(&steps, id).to_string(), "{name}, {side}: excess of {id}");
                limits += 1;
            }
            assert_eq!(outcome["class"]["code"], step(&steps, &["class", "class.decided"]).value);
            assert_eq!(outcome["class"]["by_points"], step(&steps, &["class"]).value);
            assert_eq!(outcome.get("range"), None, "a published card is open no more");
            evidence_is_told(name, &scored["input"], &steps);
            let sentences = scored["sentences"].as_array().unwrap();
            assert_eq!(sentences.len(), steps.len());
            for (sentence, step) in sentences.iter().zip(&steps) {
                let cited = pack::cited(pack, &with_clause(step).clause, Language::Vi);
                assert!(sentence.as_str().unwrap().contains(&cited), "{sentence}");
            }
        }
    }
    println!("{numbers} components, {limits} of them beyond a limit");
    assert!(numbers > 400 && limits > 0, "{numbers} components, {limits} of them beyond a limit");
}

fn steps_of(explanation: &Value) -> Vec<Step> {
    let text = |step: &Value, key: &str| step[key].as_str().unwrap().to_owned();
    let inputs = |step: &Value| {
        let inputs = step["inputs"].as_object().unwrap().iter();
        inputs.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect()
    };
    let steps = explanation.as_array().unwrap().iter();
    let read = |step: &Value| Step {
        step: text(step, "step"),
        formula: text(step, "formula"),
        inputs: inputs(step),
        value: text(step, "value"),
        clause: text(step, "clause"),
    };
    steps.map(read).collect()
}

/// What limits took from a component of work, from its own steps: each line without its limit, over the same
/// denominator, minus the component's value.
fn beyond_limits(steps: &[Step], id: &str) -> Exact {
    let component = step(steps, &[id]);
    let is_line = |step: &&Step| step.step.strip_prefix(&format!("{id}.")).is_some_and(|n| n.parse::<u32>().is_ok());
    let unlimited = |line: &Step| {
        let (g, h, x) = (input(line, "g"), input(line, "h"), input(line, "x"));
        let counted = g.min(h.clone()) + &x;
        let factor = exact(&line.value).checked_div(&counted).unwrap_or_default();
        factor * (h + x)
    };
    let all: Exact = steps.iter().filter(is_line).map(with_clause).map(unlimited).sum();
    all.checked_div(&input(component, "denominator")).unwrap() - exact(&component.value)
}

/// Checks that marks, shares and lines as entered are among the inputs of a step or are its value.
fn evidence_is_told(name: &str, evidence: &Value, steps: &[Step]) {
    let told = |key: &str, number: &Value| {
        let value = exact(number.as_str().unwrap_or(&number.to_string()));
        let has = |step: &&Step| step.inputs.get(key).is_some_and(|text| Exact::parse(text).as_ref() == Ok(&value));
        let found =
            steps.iter().find(|step| has(step) || (step.step == key && Exact::parse(&step.value) == Ok(value.clone())));
        with_clause(found.unwrap_or_else(|| panic!("{name}: {key} = {value} is told in no step")));
    };
    for part in ["criteria", "leadership"] {
        evidence[part].as_object().unwrap().iter().for_each(|(key, number)| told(key, number));
    }
    for line in evidence["work"].as_array().unwrap() {
        [("k", "coefficient"), ("g", "assigned"), ("h", "completed")]
            .into_iter()
            .for_each(|(key, part)| told(key, &line[part]));
        [("q", "failed_reviews")].into_iter().for_each(|(key, part)| told(key, &line[part]));
    }
}

/// The allowed number appears with its formula and clause. The base of its share was counted from classes that steps
/// decided.
#[tokio::test]
async fn the_figures_of_a_quota_say_how_they_came_about() {
    let (_data, folded, month) = demo_month().await;
    let quotas = unit_quota(folded.state(), &month, false).unwrap();
    assert_eq!(quotas.len(), 1);
    for quota in &quotas {
        let rule = pack::find(&quota.pack).unwrap().quota.as_ref().unwrap();
        assert!(!quota.clause.trim().is_empty());
        assert_eq!(quota.clause, rule.clause);
        for group in &quota.groups {
            let outcome = |member: &CardKey| folded.state().explained(member, Side::Appraised).unwrap().unwrap();
            for member in &group.members {
                let outcome = outcome(&member.card);
                assert_eq!(
                    (&member.total, member.class.as_str()),
                    (&Some(total(&outcome)), class(&outcome)),
                    "{}",
                    member.name
                );
            }
            let base = group.members.iter().filter(|member| member.class == rule.of_class).count();
            let share = &rule.share * &Exact::from_int(i64::try_from(base).unwrap());
            assert_eq!(group.outcome.share_of_base.exact, share, "{}", group.outcome.name);
            assert_eq!(share.floor(), Exact::from_int(i64::try_from(group.outcome.allowed).unwrap()));
            let told = format!("⌊{} · {base}⌋ = {}", rule.share, group.outcome.allowed);
            assert_eq!(group.outcome.formula, told, "{}", group.outcome.name);
        }
    }
}

/// The year's total is the value of a step. Its inputs are the totals of months, which are values of steps of their
/// cards.
#[tokio::test]
async fn the_totals_of_a_year_are_values_of_steps_down_to_the_cards() {
    let (data, folded, month) = demo_month().await;
    let mut made = 0;
    for line in output(data.path(), &["rollup", "--year", "2026"]).lines() {
        let year: Value = serde_json::from_str(line).unwrap();
        let row = month.rows.iter().find(|row| year["person"] == row.subject.to_string()).unwrap();
        for own in year["periods"].as_array().unwrap().iter().filter(|own| !own["result"].is_null()) {
            let period: Period = own["period"].as_str().unwrap().parse().unwrap();
            let key = CardKey { period, ..row.card.clone() };
            let outcome = folded.state().explained(&key, Side::Appraised).unwrap().unwrap();
            assert_eq!(own["result"]["total"], total(&outcome).to_string(), "{}, {period}", row.name);
        }
        for longer in year["longer"].as_array().unwrap().iter().map(|longer| &longer["outcome"]) {
            if longer["total"].is_null() {
                continue;
            }
            let steps = steps_of(&longer["explanation"]);
            let whole = step(&steps, &["total", "rounding"]);
            assert_eq!(longer["total"]["exact"], whole.value, "{}", row.name);
            made += 1;
        }
    }
    assert!(made >= 40, "{made} longer periods with a total");
}
