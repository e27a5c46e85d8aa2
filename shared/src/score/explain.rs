//! Every step by which a result came about, so that a third party can recompute it by hand.

use crate::order::Map;

use super::classify::Decision;
use super::compute::{Computed, times};
use super::input::WorkLine;
use super::outcome::{GateOutcome, Step};
use super::switches::{Cap, LateUnit, Rounding};
use super::work::{by_completed, counted, kept_share, waiver};
use super::{Card, TOTAL, applies};
use crate::num::Exact;
use crate::order::map_of;
use crate::pack::{Component, Gate, Measure, Rule, Term};

type Inputs = Map<String, String>;

/// The steps of the components that are known, in the order of computation.
pub(super) fn steps(card: &Card<'_>, computed: &Computed) -> Vec<Step> {
    let mut steps = Vec::new();
    for component in card.pack.components_for(card.role) {
        if let Some(value) = computed.values.get(&component.id) {
            component_steps(card, computed, component, value, &mut steps);
        }
    }
    steps
}

fn component_steps(card: &Card<'_>, computed: &Computed, component: &Component, value: &Exact, steps: &mut Vec<Step>) {
    let (formula, inputs) = match &component.rule {
        Rule::Marks { groups } => marks(card, groups, steps),
        Rule::Share { criterion } => share(card, criterion),
        Rule::Work(measure) => {
            line_steps(card, component, *measure, steps);
            work(card, computed, *measure)
        }
        Rule::Stated { statement } => (statement.clone(), given(statement, card.input.leadership.get(statement))),
        Rule::Events { of, .. } => events(card, of, steps),
        Rule::Mean { of, .. } => (format!("({}) / {}", of.join(" + "), of.len()), values(of.iter(), computed)),
        Rule::Sum { terms, .. } => (weighted(terms), values(terms.iter().map(|term| &term.component), computed)),
    };
    let limited = computed.excess.contains_key(&component.id) && is_limited(card, &component.rule);
    let formula = match &component.rule {
        Rule::Events { min, max, .. } if limited => within(&formula, min.as_ref(), max.as_ref()),
        rule if limited => format!("min({}, {formula})", limit(rule)),
        _ => formula,
    };
    let before = computed.unrounded.as_ref().filter(|unrounded| component.id == TOTAL && *unrounded != value);
    steps.push(step(&component.id, formula, inputs, before.unwrap_or(value), &component.clause));
    if let Some(unrounded) = before {
        let inputs = given(TOTAL, Some(unrounded));
        let formula = rounding_formula(card.switches.rounding).to_owned();
        steps.push(step("rounding", formula, inputs, value, &component.clause));
    }
}

pub(super) fn step(name: &str, formula: String, inputs: Inputs, value: impl ToString, clause: &str) -> Step {
    Step { step: name.to_owned(), formula, inputs, value: value.to_string(), clause: clause.to_owned() }
}

fn given(name: &str, value: Option<&Exact>) -> Inputs {
    map_of(value.map(|value| (name.to_owned(), value.to_string())))
}

fn values<'a>(ids: impl Iterator<Item = &'a String>, computed: &Computed) -> Inputs {
    map_of(ids.filter_map(|id| Some((id.clone(), computed.values.get(id)?.to_string()))))
}

fn weighted(terms: &[Term]) -> String {
    let one = |term: &Term| match &term.weight {
        weight if *weight == Exact::one() => term.component.clone(),
        weight => format!("{weight}·{}", term.component),
    };
    terms.iter().map(one).collect::<Vec<_>>().join(" + ")
}

/// Whether a limit is applied to the component itself, rather than to the lines under it.
fn is_limited(card: &Card<'_>, rule: &Rule) -> bool {
    !matches!(rule, Rule::Work(_)) || card.switches.cap != Cap::Total
}

fn limit(rule: &Rule) -> Exact {
    match rule {
        Rule::Mean { max, .. } | Rule::Sum { max, .. } => max.clone(),
        _ => Exact::one(),
    }
}

fn marks(card: &Card<'_>, groups: &[String], steps: &mut Vec<Step>) -> (String, Inputs) {
    let mut sums = Inputs::new();
    for group in card.pack.groups_for(card.role).filter(|group| groups.contains(&group.id)) {
        let codes: Vec<&str> = group.criteria.iter().map(|criterion| criterion.code.as_str()).collect();
        let mark = |code: &&str| Some(((*code).to_owned(), card.input.criteria.get(*code)?.to_string()));
        let inputs = map_of(codes.iter().filter_map(mark));
        let sum: Exact = codes.iter().filter_map(|code| card.input.criteria.get(*code)).sum();
        sums.insert(group.id.clone(), sum.to_string());
        steps.push(step(&group.id, codes.join(" + "), inputs, sum, &group.clause));
    }
    (groups.join(" + "), sums)
}

/// A step for each event that happened, and their sum.
fn events(card: &Card<'_>, of: &[String], steps: &mut Vec<Step>) -> (String, Inputs) {
    let mut points = Inputs::new();
    for rule in card.pack.events_for(card.role).filter(|rule| of.contains(&rule.code)) {
        let times = times(card, &rule.code);
        if times == 0 {
            continue;
        }
        let value = &rule.points * Exact::from(times);
        let mut inputs = Inputs::from([("times".to_owned(), times.to_string())]);
        if let Some(event) = card.input.events.iter().find(|event| event.code == rule.code) {
            inputs.insert("evidence".to_owned(), event.evidence.clone());
        }
        points.insert(rule.code.clone(), value.to_string());
        steps.push(step(
            &format!("event.{}", rule.code),
            format!("{}·times", rule.points),
            inputs,
            value,
            &rule.clause,
        ));
    }
    let names: Vec<&str> = points.keys().map(String::as_str).collect();
    (if names.is_empty() { "0".to_owned() } else { names.join(" + ") }, points)
}

fn within(formula: &str, min: Option<&Exact>, max: Option<&Exact>) -> String {
    let lowest = min.map(|min| format!("max({min}, {formula})")).unwrap_or_else(|| formula.to_owned());
    max.map(|max| format!("min({max}, {lowest})")).unwrap_or(lowest)
}

fn share(card: &Card<'_>, code: &str) -> (String, Inputs) {
    let max = card.pack.criteria_for(card.role).find(|criterion| criterion.code == code).map(|found| &found.max);
    let max = max.cloned().unwrap_or_default();
    (format!("{code} / {max}"), given(code, card.input.criteria.get(code)))
}

/// Σ over the lines, as the regulation writes it, with both sums as inputs.
fn work(card: &Card<'_>, computed: &Computed, measure: Measure) -> (String, Inputs) {
    let plain = card.input.work.iter().all(is_plain);
    let done = if plain { "k·h" } else { done_formula(card.switches.cap) };
    let assigned = if by_completed(measure, card.switches) { done } else { "k·g" };
    let Some(sums) = computed.sums.get(&measure) else { return Default::default() };
    let factor = kept_formula(card, measure).map(|kept| format!("·{kept}")).unwrap_or_default();
    let inputs = [("numerator", &sums.numerator), ("denominator", &sums.denominator)];
    let inputs = map_of(inputs.map(|(name, value)| (name.to_owned(), value.to_string())));
    (format!("Σ {done}{factor} / Σ {assigned}"), inputs)
}

fn line_steps(card: &Card<'_>, component: &Component, measure: Measure, steps: &mut Vec<Step>) {
    let Some(rule) = &card.pack.work else { return };
    for (index, line) in card.input.work.iter().enumerate() {
        let done = if is_plain(line) { "k·h" } else { done_formula(card.switches.cap) };
        let kept = kept_share(line, rule, measure, card.switches.late_unit);
        let waived = waiver(measure).is_some_and(|cause| line.objective_cause.contains(&cause));
        let factor = kept_formula(card, measure).filter(|_| !waived);
        let formula = factor.map_or_else(|| done.to_owned(), |factor| format!("{done}·{factor}"));
        let value = &line.coefficient * counted(line, card.switches.cap) * &kept;
        let name = format!("{}.{}", component.id, index + 1);
        steps.push(step(&name, formula, line_inputs(card, line, measure, waived), value, &component.clause));
    }
}

/// Whether the simple formula is the whole truth about what a line counts.
fn is_plain(line: &WorkLine) -> bool {
    line.extra.is_zero() && line.completed <= line.assigned
}

const fn done_formula(cap: Cap) -> &'static str {
    match cap {
        Cap::Line => "k·(min(h, g) + x)",
        Cap::Component | Cap::Total => "k·(h + x)",
    }
}

/// The factor by which failed reviews (q) or lateness (l) lower a line; none for quantity.
fn kept_formula(card: &Card<'_>, measure: Measure) -> Option<String> {
    let rule = card.pack.work.as_ref()?;
    match (measure, card.switches.late_unit) {
        (Measure::Quantity, _) => None,
        (Measure::Quality, _) => Some(format!("max(0, 1 − {}·q)", rule.failed_review_loss)),
        (Measure::Progress, LateUnit::Bands) => {
            let band = |band: &crate::pack::LateBand| match band.to_days {
                Some(last) => format!("l ≤ {last}: {}", band.kept),
                None => format!("{}", band.kept),
            };
            Some(format!("[{}]", rule.late_bands.iter().map(band).collect::<Vec<_>>().join("; ")))
        }
        (Measure::Progress, _) => Some(format!("max(0, 1 − {}·l)", rule.late_loss)),
    }
}

fn line_inputs(card: &Card<'_>, line: &WorkLine, measure: Measure, waived: bool) -> Inputs {
    let mut inputs = Inputs::from([
        ("code".to_owned(), line.code.clone()),
        ("k".to_owned(), line.coefficient.to_string()),
        ("g".to_owned(), line.assigned.to_string()),
        ("h".to_owned(), line.completed.to_string()),
    ]);
    let late = if card.switches.late_unit == LateUnit::Occurrence { line.late_times } else { line.late_days };
    match measure {
        Measure::Quantity => None,
        Measure::Quality => inputs.insert("q".to_owned(), line.failed_reviews.to_string()),
        Measure::Progress => inputs.insert("l".to_owned(), late.to_string()),
    };
    if !line.extra.is_zero() {
        inputs.insert("x".to_owned(), line.extra.to_string());
    }
    if !line.handed_over.is_zero() {
        inputs.insert("handed_over".to_owned(), line.handed_over.to_string());
    }
    if waived {
        inputs.insert("objective_cause".to_owned(), "true".to_owned());
    }
    inputs
}

const fn rounding_formula(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::None => "total",
        Rounding::Tenth => "⌊10·total + 1/2⌋ / 10",
        Rounding::Half => "⌊2·total + 1/2⌋ / 2",
        Rounding::CutHundredth => "⌊100·total⌋ / 100",
    }
}

/// Why there is nothing to judge.
pub(super) fn insufficient_step(card: &Card<'_>) -> Option<Step> {
    let inputs = Inputs::from([("Σ k·g".to_owned(), "0".to_owned())]);
    let clause = &card.pack.work.as_ref()?.clause;
    Some(step("insufficient_data", "Σ k·g > 0".to_owned(), inputs, false, clause))
}

/// The steps from the total to the class: points, knock-outs, gates, eligibility.
pub(super) fn class_steps(card: &Card<'_>, computed: &Computed, decision: &Decision<'_>) -> Vec<Step> {
    let class = decision.by_points;
    let above = card.pack.classes.iter().rev().find(|other| other.min > class.min);
    let upper = above.map(|above| format!(" < {}", above.min)).unwrap_or_default();
    let formula = format!("{} ≤ total{upper}", class.min);
    let mut steps = vec![step("class", formula, given(TOTAL, computed.total()), &class.code, &class.clause)];
    steps.extend(decision.gates.iter().map(|gate| gate_step(card, gate)));
    if let Some(rule) = decision.ineligible {
        let formula = format!("{} ≥ {}·{}", rule.days, rule.at_least, rule.of_days);
        let inputs = facts(card, [&rule.days, &rule.of_days]);
        steps.push(step(&format!("eligibility.{}", rule.code), formula, inputs, false, &rule.clause));
    }
    if decision.class.code != class.code {
        let inputs = Inputs::from([("by_points".to_owned(), class.code.clone())]);
        let formula = if decision.open { "authority" } else { "gates" }.to_owned();
        let reason = decision.gates.iter().find(|gate| !gate.holds);
        let clause = reason.map_or(&decision.class.clause, |gate| &gate.clause);
        steps.push(step("class.decided", formula, inputs, &decision.class.code, clause));
    }
    steps
}

fn gate_step(card: &Card<'_>, outcome: &GateOutcome) -> Step {
    let of_class = card.pack.class(&outcome.class);
    let gate = of_class.and_then(|class| {
        class.gates.iter().find(|gate| gate.code == outcome.code && applies(&gate.when, &card.options))
    });
    let (name, formula, inputs) = match gate {
        Some(gate) => (format!("gate.{}.{}", outcome.class, gate.code), gate_formula(gate), facts(card, [&gate.fact])),
        None => (format!("knock_out.{}", outcome.code), format!("not {}", outcome.code), facts(card, [&outcome.code])),
    };
    step(&name, formula, inputs, outcome.holds, &outcome.clause)
}

fn gate_formula(gate: &Gate) -> String {
    let lowest = gate.at_least.as_ref().map(|lowest| format!("{} ≥ {lowest}", gate.fact));
    let highest = gate.at_most.as_ref().map(|highest| format!("{} ≤ {highest}", gate.fact));
    lowest.into_iter().chain(highest).collect::<Vec<_>>().join(" ∧ ")
}

/// Stated facts; what was assumed is told as such.
fn facts<'a>(card: &Card<'_>, ids: impl IntoIterator<Item = &'a String>) -> Inputs {
    let value = |id: &String| card.input.facts.get(id).map_or_else(|| "assumed".to_owned(), ToString::to_string);
    map_of(ids.into_iter().map(|id| (id.clone(), value(id))))
}
