//! Tests properties that must hold for every card under every pack. Templates are completed with plausible points.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must stop")]

use std::collections::BTreeSet;

use shared::num::Exact;
use shared::pack::{self, Pack, Rule};
use shared::score::{CardInput, ErrorCode, Event, Outcome, WorkLine, evaluate, explained, score_under};
use shared::sorted_map::Map;
use shared::work::Cause;
use tests::random::{Draw, card, completed};
use tests::scoring::Engine;

/// Ways in which each template is completed.
const COMPLETIONS: u64 = 3;
/// Cards of each completed pack.
const CARDS: u64 = 120;

/// Calls `story` with cards of every pack, except those that the pack refuses.
fn for_every_card(word: &str, mut story: impl FnMut(&Pack, &CardInput, &Outcome, &mut Draw)) {
    assert!(pack::all().count() >= 10, "found {} packs", pack::all().count());
    for original in pack::all() {
        let mut told = 0;
        for seed in 0..COMPLETIONS {
            let pack = completed(&original.id, seed).unwrap();
            for index in 0..CARDS {
                let mut draw = Draw::at(seed, &format!("{word} {}", original.id), index);
                let input = card(&pack, &mut draw);
                if let Ok(outcome) = evaluate(&pack, &input) {
                    story(&pack, &input, &outcome, &mut draw);
                    told += 1;
                }
            }
        }
        assert!(told * 2 > COMPLETIONS * CARDS, "{}: only {told} cards were accepted", original.id);
    }
}

fn json(input: &CardInput) -> String {
    serde_json::to_string(input).unwrap()
}

fn total(outcome: &Outcome) -> Option<&Exact> {
    outcome.total.as_ref().map(|total| &total.exact)
}

/// The place of the class, with 0 for the highest.
fn place(pack: &Pack, outcome: &Outcome) -> Option<usize> {
    let code = &outcome.class.as_ref()?.code;
    pack.classes.iter().position(|class| class.code == *code)
}

/// Checks that an improvement never lowers the total or the class. The facts that gates read stay unchanged.
fn assert_no_loss(pack: &Pack, input: &CardInput, before: &Outcome, what: &str, edit: impl FnOnce(&mut CardInput)) {
    let mut better = input.clone();
    edit(&mut better);
    let after = match evaluate(pack, &better) {
        Ok(after) => after,
        // A higher class may require facts that the lower one did not need.
        Err(errors) if errors.iter().all(|error| error.code == ErrorCode::Missing) => return,
        Err(errors) => panic!("{}: {what}: {errors:?}", json(&better)),
    };
    let context = || format!("{}: {what} costs\nbefore {}\nafter {}", pack.id, json(input), json(&better));
    if let (Some(before), Some(after)) = (total(before), total(&after)) {
        assert!(after >= before, "{}\n{before} {after}", context());
    }
    if let (Some(before), Some(after)) = (&before.range, &after.range) {
        assert!(after.low.exact >= before.low.exact && after.high.exact >= before.high.exact, "{}", context());
    }
    if let (Some(before), Some(after)) = (place(pack, before), place(pack, &after)) {
        assert!(after <= before, "{}", context());
    }
}

fn divides_by_assigned(input: &CardInput) -> bool {
    input.options.get("denominator").is_none_or(|word| word == "assigned")
}

#[test]
fn doing_more_and_better_never_costs() {
    let mut edits = 0;
    for_every_card("work", |pack, input, before, draw| {
        if input.work.is_empty() || !divides_by_assigned(input) {
            return;
        }
        let at = draw.below(input.work.len());
        let more = Exact::ratio(draw.between(1, 12), 4).unwrap();
        let lose = |what: &str, edit: &dyn Fn(&mut WorkLine)| {
            assert_no_loss(pack, input, before, what, |card| edit(&mut card.work[at]));
        };
        let room = Exact::from_int(99_000);
        let line = &input.work[at];
        if line.handed_over.is_zero() && line.completed < room && is_coarse(&line.completed) {
            lose("more done", &|line| line.completed = &line.completed + &more);
        }
        if is_coarse(&line.extra) {
            lose("more extra", &|line| line.extra = &line.extra + &more);
        }
        lose("a review less failed", &|line| line.failed_reviews = line.failed_reviews.saturating_sub(1));
        lose("once less late", &|line| line.late_times = line.late_times.saturating_sub(1));
        lose("a day less late", &|line| line.late_days = line.late_days.saturating_sub(1));
        edits += 1;
    });
    assert!(edits > 300, "only {edits} cards had work");
}

/// Whether a number increased by a quarter is still no finer than allowed.
fn is_coarse(number: &Exact) -> bool {
    number.as_small().is_some_and(|(_, denominator)| denominator <= 100_000)
}

#[test]
fn more_good_marks_and_statements_never_cost() {
    for_every_card("marks", |pack, input, before, draw| {
        let rows: Vec<_> = pack.criteria_for(&input.subject.role).collect();
        // Packs that judge by conditions alone have no form.
        if let Some(row) = draw.pick(&rows) {
            assert_no_loss(pack, input, before, "the highest mark", |card| {
                card.not_applicable.remove(&row.code);
                card.criteria.insert(row.code.clone(), row.max.clone());
            });
        }
        for statement in pack.statements_for(&input.subject.role) {
            let best = statement.values.iter().map(|allowed| &allowed.value).max().unwrap();
            if input.leadership.contains_key(&statement.id) {
                assert_no_loss(pack, input, before, "the best statement", |card| {
                    card.leadership.insert(statement.id.clone(), best.clone());
                });
            }
        }
    });
}

#[test]
fn a_bonus_never_costs_and_a_deduction_never_pays() {
    let mut edits = 0;
    for_every_card("events", |pack, input, before, draw| {
        let rules: Vec<_> = pack.events_for(&input.subject.role).collect();
        let Some(rule) = draw.pick(&rules) else { return };
        let count =
            |card: &CardInput| card.events.iter().find(|event| event.code == rule.code).map_or(0, |found| found.count);
        let better = if rule.points.is_negative() { count(input) / 2 } else { (count(input) + 1).min(100_000) };
        assert_no_loss(pack, input, before, "an event for the better", |card| {
            card.events.retain(|event| event.code != rule.code);
            card.events.push(Event { code: rule.code.clone(), count: better, evidence: String::new(), points: None });
        });
        edits += 1;
    });
    assert!(edits > 100, "only {edits} cards could have events");
}

#[test]
fn an_objective_cause_never_hurts() {
    for_every_card("cause", |pack, input, before, draw| {
        let causes = [Cause::Quality, Cause::Progress];
        for at in 0..input.work.len() {
            let cause = *draw.pick(&causes).unwrap();
            assert_no_loss(pack, input, before, "an objective cause", |card| {
                card.work[at].objective_cause.insert(cause);
            });
        }
        assert_no_loss(pack, input, before, "objective causes everywhere", |card| {
            card.work.iter_mut().for_each(|line| line.objective_cause.extend(causes));
        });
    });
}

#[test]
fn a_total_stays_within_the_scale() {
    for_every_card("bounds", |pack, input, outcome, _| {
        let range = outcome.range.as_ref().map(|range| [&range.low.exact, &range.high.exact]);
        for total in total(outcome).into_iter().chain(range.into_iter().flatten()) {
            assert!(*total <= pack.scale_max, "{}: {total} of {}", json(input), pack.scale_max);
            assert!(!total.is_negative() || deducts_without_floor(pack, input), "{}: {total}", json(input));
        }
    });
}

/// Whether deductions have no floor under the chosen readings. A total below 0 is then what the text says.
fn deducts_without_floor(pack: &Pack, input: &CardInput) -> bool {
    let floor = pack.option("total_floor").map(|option| &option.default);
    let floored = input.options.get("total_floor").or(floor).is_some_and(|word| word == "zero");
    !floored
        && pack.components.iter().any(|component| match &component.rule {
            Rule::Events { of, min: None, .. } => {
                pack.events.iter().any(|event| of.contains(&event.code) && event.points.is_negative())
            }
            _ => false,
        })
}

#[test]
fn the_order_of_lines_and_events_is_no_matter() {
    for_every_card("order", |pack, input, before, draw| {
        let mut turned = input.clone();
        let by = draw.below(turned.work.len().max(1));
        turned.work.rotate_left(by);
        turned.work.reverse();
        turned.events.reverse();
        assert_eq!(evaluate(pack, &turned).as_ref(), Ok(before), "{}", json(input));
    });
}

#[test]
fn scoring_again_gives_the_same_bytes() {
    for_every_card("again", |pack, input, before, _| {
        let text = json(input);
        let first = score_under(pack, &text).unwrap();
        let again: CardInput = serde_json::from_str(&text).unwrap();
        assert_eq!(again, *input);
        assert_eq!(score_under(pack, &json(&again)).unwrap(), first);
        let explained = explained(pack, input).unwrap();
        assert_eq!(serde_json::to_string(&explained).unwrap(), first);
        // The explanation changes nothing about the numbers.
        assert_eq!(Outcome { explanation: Vec::new(), ..explained }, *before);
    });
}

#[test]
fn an_engine_made_once_finds_what_is_found_from_the_input() {
    for_every_card("engine", |pack, input, outcome, _| {
        let engine = Engine::new(pack, &input.subject.role, &input.options).unwrap();
        let accepted = engine.accept(input).unwrap();
        for verdict in [engine.run(&accepted), engine.run_traced(&accepted)] {
            assert_eq!(verdict.total().as_ref(), total(outcome), "{}", json(input));
            assert_eq!(verdict.class(), outcome.class.as_ref().map(|class| class.code.as_str()), "{}", json(input));
        }
        let _ = engine.run_traced(&accepted);
        assert!(engine.steps() > 0 || engine.is_beyond_words(&accepted));
    });
}

/// A pack must not be tested only under its own answers.
#[test]
fn every_answer_to_every_question_is_met() {
    let mut met: BTreeSet<(String, String, String)> = BTreeSet::new();
    for_every_card("options", |pack, input, _, _| {
        let chosen: &Map<String, String> = &input.options;
        met.extend(chosen.iter().map(|(id, value)| (pack.id.clone(), id.clone(), value.clone())));
    });
    for original in pack::all() {
        let pack = completed(&original.id, 0).unwrap();
        for option in &pack.options {
            for value in &option.values {
                let answer = (pack.id.clone(), option.id.clone(), value.id.clone());
                assert!(met.contains(&answer), "never met {answer:?}");
            }
        }
    }
}
