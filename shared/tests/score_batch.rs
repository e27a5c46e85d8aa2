//! Scores many cards under one plan on machine words: the numbers equal those of one card's explanation, step by step.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use serde_json::{Value, json};
use shared::num::Exact;
use shared::pack::{self, Pack};
use shared::score::{Batch, CardInput, Trace, Traced, TracedStep, Verdict, explained, read_input};
use shared::sorted_map::Map;

fn decree() -> &'static Pack {
    pack::find("nd335-congchuc").unwrap()
}

/// A card with late work, failed reviews, and more than was asked for.
fn card(role: &str, options: &Value) -> CardInput {
    let card = json!({
        "subject": {"role": role},
        "options": options,
        "criteria": {"I.1": 5, "I.2": 5, "II.1": "2.5", "II.2": "2.5", "II.3": "2.5", "II.4": "2.5",
                     "III.1": "2.5", "III.2": "2.5", "III.3": "2.5", "III.4": "2.5"},
        "work": [{"code": "X", "coefficient": "1.5", "assigned": 4, "completed": 3, "failed_reviews": 1, "late_times": 2},
                 {"code": "Y", "coefficient": 1, "assigned": 2, "completed": 2, "extra": 7}]
    });
    read_input(&card.to_string()).unwrap()
}

fn readings(options: &Value) -> Map<String, String> {
    serde_json::from_value(options.clone()).unwrap()
}

#[test]
fn every_step_on_machine_words_is_the_one_that_is_explained() {
    let ids: Vec<String> = decree().components_for("staff").map(|component| component.id.clone()).collect();
    for options in [json!({}), json!({"cap": "total"}), json!({"cap": "component", "denominator": "completed"})] {
        let (batch, mut room) = (Batch::new(decree(), "staff", &readings(&options)).unwrap(), Trace::default());
        let input = card("staff", &options);
        let accepted = batch.accept(&input).unwrap();
        let verdict = batch.run_traced(&accepted, &mut room);
        assert_eq!(verdict, batch.run(&accepted, &mut Trace::default()));
        let outcome = explained(decree(), &input).unwrap();
        let Verdict::Scored { numerator, denominator, class } = verdict else { panic!("{verdict:?}") };
        assert_eq!(Exact::ratio(numerator, denominator), Some(outcome.total.as_ref().unwrap().exact.clone()));
        assert_eq!(decree().classes[usize::from(class)].code, outcome.class.as_ref().unwrap().code);
        let value = |step: &TracedStep| Exact::ratio(step.numerator, step.denominator).unwrap();
        let mut told = (0, 0, 0, Vec::new());
        for step in room.steps() {
            let explained = |name: String| {
                outcome.explanation.iter().find(|one| one.step == name).map(|one| Exact::parse(&one.value).unwrap())
            };
            match step.of {
                Traced::Line(part, line) => {
                    told.0 += 1;
                    let name = format!("{}.{}", ids[usize::from(part)], line + 1);
                    assert_eq!(Some(value(step)), explained(name.clone()), "{name}, {options}");
                }
                Traced::Component(part) => {
                    told.1 += 1;
                    let id = ids[usize::from(part)].clone();
                    assert_eq!(Some(value(step)), explained(id.clone()), "{id}, {options}");
                }
                Traced::Limit(part) => {
                    told.2 += 1;
                    assert_eq!(value(step), outcome.excess[&ids[usize::from(part)]].exact, "{options}");
                }
                Traced::Condition(_) => told.3.push(step.numerator == 1),
            }
        }
        let held: Vec<bool> = outcome.class.as_ref().unwrap().gates.iter().map(|gate| gate.holds).collect();
        assert_eq!(told, (6, ids.len(), outcome.excess.len(), held), "{options}");
    }
}

#[test]
fn a_batch_takes_cards_of_its_role_and_readings_only() {
    let batch = Batch::new(decree(), "staff", &Map::new()).unwrap();
    let refused = |input: &CardInput| batch.accept(input).err().map(|errors| errors[0].field.clone());
    assert_eq!(refused(&card("staff", &json!({}))), None);
    assert_eq!(refused(&card("staff", &json!({"cap": "line"}))), None, "the default, said aloud");
    assert!(refused(&card("staff", &json!({"cap": "total"}))).is_some());
    let mut leader = card("leader", &json!({}));
    leader.leadership =
        ["unit", "organising", "cohesion"].map(|id| (id.to_owned(), Exact::from_int(1))).into_iter().collect();
    assert!(refused(&leader).is_some());
    assert_eq!(Batch::new(decree(), "leader", &Map::new()).unwrap().accept(&leader).err(), None);
}

#[test]
fn a_card_that_waits_for_a_statement_is_left_to_exact_numbers() {
    let batch = Batch::new(decree(), "leader", &Map::new()).unwrap();
    let waiting = batch.accept(&card("leader", &json!({}))).unwrap();
    let mut room = Trace::default();
    assert_eq!(
        (batch.run(&waiting, &mut room), batch.run_traced(&waiting, &mut room)),
        (Verdict::Other, Verdict::Other)
    );
    assert_eq!(room.steps(), []);
    let words = |debug: String| debug.contains("machine words");
    assert!(!words(format!("{waiting:?}")));
    let staff = Batch::new(decree(), "staff", &Map::new()).unwrap();
    assert!(words(format!("{:?}", staff.accept(&card("staff", &json!({}))).unwrap())));
}
