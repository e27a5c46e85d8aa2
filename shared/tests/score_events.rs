//! Deductions by event: the 1000-point scheme of Hà Tĩnh, completed with points of this test's own, because its text
//! gives none.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

#[path = "common/written.rs"]
mod written;

use shared::num::Exact;
use shared::pack::{self, Language, Pack, PackStatus};
use shared::score::{CardInput, Numbers, evaluate, explained, text};

const FILE: &str = include_str!("../packs/hatinh-1000.toml");

/// The template as an authority would complete it: 200 points for each of five criteria, classes at 900, 700 and 500.
fn completed() -> Pack {
    let mut pack = written::written(&pack::read_toml(FILE).unwrap());
    pack.status = PackStatus::Complete;
    for group in &mut pack.groups {
        group.max = Exact::from_int(200);
        group.criteria.iter_mut().for_each(|criterion| criterion.max = Exact::from_int(200));
    }
    for (class, min) in pack.classes.iter_mut().zip([900, 700, 500, 0]) {
        class.min = Exact::from_int(min);
    }
    assert_eq!(pack::findings(&pack), []);
    pack
}

fn card(events: &str) -> CardInput {
    let text = format!(
        r#"{{"subject":{{"role":"leader"}},"criteria":{{"1":200,"2":200,"3":200,"4":200,"5":200}},"work":[],"events":{events}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_template_itself_scores_nobody() {
    let errors = evaluate(&pack::read_toml(FILE).unwrap(), &card("[]")).unwrap_err();
    assert_eq!(errors[0].field, "pack");
}

#[test]
fn each_event_costs_what_the_text_says() {
    // Báo Hà Tĩnh: −15 for harassment, −10 for fire or loss, −5 for discipline, −5 for slow dossiers, −10 for waste.
    let pack = completed();
    let points: Vec<String> = pack.events.iter().map(|event| event.points.to_string()).collect();
    assert_eq!(points, ["-15", "-10", "-5", "-5", "-10"]);
    let outcome = explained(&pack, &card(r#"[{"code":"late-dossier","count":2,"evidence":"VB 12/2026"}]"#)).unwrap();
    assert_eq!(outcome.total.unwrap().decimal, "990");
    let step = outcome.explanation.iter().find(|step| step.step == "event.late-dossier").unwrap();
    assert_eq!((step.formula.as_str(), step.value.as_str()), ("-5·times", "-10"));
    assert_eq!((step.inputs["times"].as_str(), step.inputs["evidence"].as_str()), ("2", "VB 12/2026"));
}

#[test]
fn the_reading_by_period_counts_an_event_once() {
    let mut card = card(r#"[{"code":"late-dossier","count":30},{"code":"harassment","count":1}]"#);
    assert_eq!(evaluate(&completed(), &card).unwrap().total.unwrap().decimal, "835");
    card.options.insert("event_count".into(), "once".into());
    assert_eq!(evaluate(&completed(), &card).unwrap().total.unwrap().decimal, "980");
}

#[test]
fn more_events_never_raise_the_total_and_none_is_none() {
    let pack = completed();
    let total = |count: u32| {
        let events = format!(r#"[{{"code":"harassment","count":{count}}}]"#);
        evaluate(&pack, &card(&events)).unwrap().total.unwrap().exact
    };
    assert!((0..40).all(|count| total(count + 1) < total(count)));
    assert_eq!(total(0), evaluate(&pack, &card("[]")).unwrap().total.unwrap().exact);
}

#[test]
fn unknown_and_doubled_events_are_refused_by_name() {
    let events = r#"[{"code":"late-dossier","count":1},{"code":"late-dossier","count":1},{"code":"rain","count":1}]"#;
    let errors = evaluate(&completed(), &card(events)).unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["events[1].code", "events[2].code"]);
}

#[test]
fn every_pack_without_published_points_is_a_template_that_says_so() {
    let templates: Vec<&Pack> = pack::all().filter(|pack| pack.status == PackStatus::Template).collect();
    assert!(templates.len() >= 9, "found {}", templates.len());
    for template in templates {
        let says = template.notes.iter().any(|note| note.vi.contains("cần nhập theo văn bản"));
        assert!(says, "{}: no note says that something is to be entered from the text", template.id);
    }
}

/// The source gives no highest deduction: where the total ends is a reading of the authority.
#[test]
fn the_total_ends_at_nothing_or_where_the_deductions_end() {
    let mut card = card(r#"[{"code":"harassment","count":100}]"#);
    let floored = explained(&completed(), &card).unwrap();
    assert_eq!(floored.total.unwrap().decimal, "0");
    assert_eq!(floored.excess["total"].decimal, "-500");
    let step = floored.explanation.iter().find(|step| step.step == "total").unwrap();
    assert_eq!(step.formula, "max(0, criteria + deductions)");
    let event = floored.explanation.iter().find(|step| step.step == "event.harassment").unwrap();
    let said = text(&completed(), "staff", event, Language::Vi, Numbers::Exact);
    assert!(said.contains("số lần (100)") && !said.contains("event."), "{said}");
    card.options.insert("total_floor".into(), "none".into());
    assert_eq!(evaluate(&completed(), &card).unwrap().total.unwrap().decimal, "-500");
}
