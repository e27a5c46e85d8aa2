//! The steps of work: what each line weighs and counts, and the sums over all lines.

use super::steps::{Input, LineInputs, LineStep, Steps};
use super::{Inputs, cases, factor, step};
use crate::num::Exact;
use crate::pack::{Cap, Coefficient, LateUnit, PositionMultiplier};
use crate::pack::{Component, Measure, Rule};
use crate::score::input::WorkLine;
use crate::score::outcome::Step;
use crate::score::plan::{Kept, Op};
use crate::score::run::{by_completed, line_done, parts};
use crate::score::sheet::{best_first, is_same_product, weight_of};
use crate::score::{Card, Judged};
use crate::work::Cause;

/// The steps for the lines of a measure, and Σ over them as the regulation writes it, with both sums as inputs.
pub(super) fn work(
    judged: &Judged<'_>,
    place: usize,
    component: &Component,
    measure: Measure,
    steps: &mut impl Steps,
) -> (String, Inputs) {
    let card = &judged.card;
    let lines = &card.input.work;
    let plain = (0..lines.len()).all(|line| is_plain(judged, line, measure));
    if !is_work_before(judged, place) {
        weight_steps(card, &component.clause, steps);
    }
    line_steps(judged, component, measure, plain, steps);
    let Some(sums) = parts(judged.plan, measure, &judged.low.work) else { return Default::default() };
    let done = if plain { "k·h" } else { done_formula(card.switches.cap) };
    let waived = lines.iter().any(|line| is_waived(line, measure));
    let above = match kept_formula(card, measure) {
        // An excused line has another formula than the rest.
        Some(_) if waived => format!("{}.i", component.id),
        Some(kept) => format!("{done}·{kept}"),
        None => done.to_owned(),
    };
    let below = match by_completed(measure, card.switches) {
        false => "k·g".to_owned(),
        // What counts of a product differs by measure. In the divisor, completed work counts as it does for quantity.
        true if card.switches.cap == Cap::Indicator => format!("{}.i", quantity_id(judged)),
        true => done.to_owned(),
    };
    let inputs = [("numerator", sums.numerator), ("denominator", sums.denominator)];
    let inputs = inputs.map(|(name, value)| (name.to_owned(), value.to_string())).into();
    if sums.denominator.is_zero() {
        return (format!("[Σ {below} = 0: 0; Σ {above} / Σ {below}]"), inputs);
    }
    (format!("Σ {above} / Σ {below}"), inputs)
}

/// The component that measures quantity.
fn quantity_id<'j>(judged: &'j Judged<'_>) -> &'j str {
    let is_quantity = |(component, _): &&(&Component, Op<Exact>)| component.rule == Rule::Work(Measure::Quantity);
    judged.plan.components.iter().find(is_quantity).map_or("a", |(component, _)| component.id.as_str())
}

/// Whether a component before this place explains the lines of work, too.
fn is_work_before(judged: &Judged<'_>, place: usize) -> bool {
    let explained = |place: usize| {
        let is_work = judged.plan.components.get(place).is_some_and(|(_, op)| matches!(op, Op::Work(_)));
        is_work && judged.known(place).is_some()
    };
    (0..place).any(explained)
}

/// The weights of lines, where more than the product's coefficient matters.
fn weight_steps(card: &Card<'_>, clause: &str, steps: &mut impl Steps) {
    let by_coefficient = card.switches.coefficient == Coefficient::Product
        && card.switches.position_multiplier == PositionMultiplier::Off;
    for (index, line) in card.input.work.iter().enumerate() {
        if by_coefficient && line.share == Exact::one() {
            continue;
        }
        let (formula, inputs) = weight_formula(card, line);
        if formula != "coefficient" {
            steps.take(step(&format!("k.{}", index + 1), formula, inputs, weight_of(card, line), clause));
        }
    }
}

fn weight_formula(card: &Card<'_>, line: &WorkLine) -> (String, Inputs) {
    let work = card.pack.work.as_ref();
    let mut inputs = Inputs::new();
    let mut terms = Vec::new();
    if card.switches.coefficient != Coefficient::Level {
        inputs.insert("coefficient".to_owned(), line.coefficient.to_string());
        terms.push("coefficient");
    }
    let by_level = card.switches.coefficient != Coefficient::Product;
    let multiplied = card.switches.position_multiplier == PositionMultiplier::On;
    let position = card.input.subject.position.as_ref();
    for (key, counts, factors, id) in [
        ("difficulty", by_level, work.map(|work| &work.difficulties), line.difficulty.as_ref()),
        ("position", multiplied, work.map(|work| &work.positions), position),
    ] {
        let Some(id) = id.filter(|_| counts) else { continue };
        inputs.insert(key.to_owned(), factor(factors.map_or(&[][..], |factors| factors), Some(id)).to_string());
        inputs.insert(format!("{key}_id"), id.clone());
        terms.push(key);
    }
    if line.share != Exact::one() {
        inputs.insert("share".to_owned(), line.share.to_string());
        terms.push("share");
    }
    // A pack without levels or positions has no such weights.
    (if terms.is_empty() { "1".to_owned() } else { terms.join("·") }, inputs)
}

fn line_steps(judged: &Judged<'_>, component: &Component, measure: Measure, all_plain: bool, steps: &mut impl Steps) {
    let (card, kept): (_, Option<&Kept<Exact>>) = (&judged.card, judged.plan.kept.as_ref());
    let Some(kept) = kept else { return };
    let done = if all_plain { "k·h" } else { done_formula(card.switches.cap) };
    let reduced = kept_formula(card, measure).map(|factor| format!("{done}·{factor}"));
    for (index, line) in card.input.work.iter().enumerate() {
        let Some(value) = line_done(kept, &judged.sheet, index, measure, card.switches.cap) else { continue };
        let formula = reduced.as_deref().filter(|_| !is_waived(line, measure)).unwrap_or(done);
        let own = judged.sheet.by_product.get(index).and_then(|counts| counts.get(measure as usize));
        let own = own.filter(|_| !all_plain);
        if let Some(own) = own {
            let name = format!("{}.{}", component.id, index + 1);
            steps.take(counted_step(judged, kept, index, measure, &name, own, &component.clause));
        }
        steps.take(LineStep {
            step: format_args!("{}.{}", component.id, index + 1),
            formula,
            inputs: line_inputs(judged, index, line, measure, all_plain, own),
            value: &value,
            clause: &component.clause,
        });
    }
}

/// h′: of all lines of one product the best are taken first, until the assigned quantity of the product is reached.
fn counted_step(
    judged: &Judged<'_>,
    kept: &Kept<Exact>,
    index: usize,
    measure: Measure,
    name: &str,
    own: &Exact,
    clause: &str,
) -> Step {
    let lines = &judged.card.input.work;
    let same = |place: &usize| is_same_product(lines, index, *place);
    let assigned: Exact = (0..lines.len()).filter(same).filter_map(|place| Some(&lines.get(place)?.assigned)).sum();
    let before = best_first(kept, &judged.sheet.lines, measure).into_iter().take_while(|place| *place != index);
    let counted = |place: usize| judged.sheet.by_product.get(place)?.get(measure as usize);
    let used: Exact = before.filter(same).filter_map(counted).sum();
    let done = lines.get(index).map(|line| line.completed.to_string()).unwrap_or_default();
    let inputs = [("h".to_owned(), done), ("G".to_owned(), assigned.to_string()), ("H".to_owned(), used.to_string())];
    step(&format!("h′.{name}"), "min(h, G − H)".to_owned(), inputs.into(), own, clause)
}

/// The cause that waives a measure's loss.
const fn waiver(measure: Measure) -> Option<Cause> {
    match measure {
        Measure::Quantity => None,
        Measure::Quality => Some(Cause::Quality),
        Measure::Progress => Some(Cause::Progress),
    }
}

/// Whether the simple formula fully describes what a line counts.
fn is_plain(judged: &Judged<'_>, place: usize, measure: Measure) -> bool {
    let Some(line) = judged.card.input.work.get(place) else { return true };
    let limited = judged.sheet.by_product.get(place).and_then(|counts| counts.get(measure as usize));
    line.extra.is_zero() && limited.map_or(line.completed <= line.assigned, |own| *own == line.completed)
}

const fn done_formula(cap: Cap) -> &'static str {
    match cap {
        Cap::Line => "k·(min(h, g) + x)",
        Cap::Indicator => "k·(h′ + x)",
        Cap::Component | Cap::Total => "k·(h + x)",
    }
}

/// The factor by which failed reviews (q) or lateness (l) lower a line; none for quantity.
fn kept_formula(card: &Card<'_>, measure: Measure) -> Option<String> {
    let rule = card.pack.work.as_ref()?;
    match (measure, card.switches.late_unit) {
        (Measure::Quantity, _) => None,
        (Measure::Quality, _) => Some(format!("max(0, 1 − {}·q)", rule.failed_review_loss)),
        (Measure::Progress, LateUnit::Bands) => Some(cases(&rule.late_bands)),
        (Measure::Progress, _) => Some(format!("max(0, 1 − {}·l)", rule.late_loss)),
    }
}

/// Whether a confirmed cause waives a measure's loss on a line.
fn is_waived(line: &WorkLine, measure: Measure) -> bool {
    waiver(measure).is_some_and(|cause| line.objective_cause.contains(&cause))
}

/// The inputs of a line. `own` is what counts of its own work where the limit applies to products.
fn line_inputs<'j>(
    judged: &'j Judged<'_>,
    index: usize,
    line: &'j WorkLine,
    measure: Measure,
    all_plain: bool,
    own: Option<&'j Exact>,
) -> LineInputs<'j> {
    let when = |present: bool, input: Input<'j>| present.then_some(input);
    let by_times = judged.card.switches.late_unit == LateUnit::Occurrence;
    let late = if by_times { line.late_times } else { line.late_days };
    LineInputs([
        ("code", when(!line.code.is_empty(), Input::Text(&line.code))),
        ("g", Some(Input::Number(&line.assigned))),
        ("h", Some(Input::Number(&line.completed))),
        ("handed_over", when(!line.handed_over.is_zero(), Input::Number(&line.handed_over))),
        ("h′", own.map(Input::Number)),
        ("k", judged.sheet.lines.get(index).map(|line| Input::Number(&line.k))),
        ("l", when(measure == Measure::Progress, Input::Count(late))),
        ("name", when(!line.name.is_empty(), Input::Text(&line.name))),
        (
            "objective_cause",
            when(is_waived(line, measure), line.cause_confirmed.map_or(Input::Text("true"), Input::Day)),
        ),
        ("q", when(measure == Measure::Quality, Input::Count(line.failed_reviews))),
        ("x", when(!all_plain, Input::Number(&line.extra))),
    ])
}
