//! Every step by which a result came about, so that a third party can recompute it by hand.

use crate::order::Map;

use super::classify::{Condition, Decision};
use super::input::{Product, WorkLine};
use super::outcome::Step;
use super::plan::{Kept, Op, Plan, Subject};
use super::products::Measured;
use super::run::{by_completed, group_sum, line_done, parts, product_points};
use super::sheet::{from_subordinates, points_each, times, weight_of};
use super::switches::{Cap, LateUnit, Marking, NotApplicable, Rounding};
use super::{Card, Judged, TOTAL};
use crate::num::Exact;
use crate::order::map_of;
use crate::pack::{Band, Component, Gate, Measure, ProductRule, Rule, Statement, Term};
use crate::work::Cause;

type Inputs = Map<String, String>;

/// The steps of the components that are known, in the order of computation.
pub(super) fn steps(judged: &Judged<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for (place, (component, op)) in judged.plan.components.iter().enumerate() {
        if let Some(value) = judged.known(place) {
            component_steps(judged, place, component, op, value, &mut steps);
        }
    }
    steps
}

fn component_steps(
    judged: &Judged<'_>,
    place: usize,
    component: &Component,
    op: &Op<Exact>,
    value: &Exact,
    steps: &mut Vec<Step>,
) {
    let card = &judged.card;
    let (formula, inputs) = match &component.rule {
        Rule::Marks { groups } => marks(judged, groups, steps),
        Rule::Share { criterion } => share(card, criterion),
        Rule::Work(measure) => {
            line_steps(judged, component, *measure, steps);
            work(judged, *measure)
        }
        Rule::Products { axis, .. } => products(judged, component, axis.as_ref(), steps),
        Rule::Stated { statement } => stated(card, statement),
        Rule::Events { of, .. } => events(card, of, steps),
        Rule::Mean { of, .. } => (format!("({}) / {}", of.join(" + "), of.len()), values(judged, of.iter())),
        Rule::Sum { terms, .. } => (weighted(terms), values(judged, terms.iter().map(|term| &term.component))),
    };
    let formula = match judged.low.excess(place) {
        // Only a total that deductions brought below 0 lacks something at its lower end.
        Some(excess) if place == judged.plan.total && excess.is_negative() => format!("max(0, {formula})"),
        Some(_) => limited(&formula, op, judged.plan.is_open_above()),
        None => formula,
    };
    let before = judged.low.unrounded.as_ref().filter(|unrounded| place == judged.plan.total && *unrounded != value);
    steps.push(step(&component.id, formula, inputs, before.unwrap_or(value), &component.clause));
    if let Some(unrounded) = before {
        let inputs = given(TOTAL, Some(unrounded));
        let formula = rounding_formula(card.switches.rounding).to_owned();
        steps.push(step("rounding", formula, inputs, value, &component.clause));
    }
}

/// The formula with the limits that took something from it.
fn limited(formula: &str, op: &Op<Exact>, open_above: bool) -> String {
    match op {
        Op::Events(_, min, max) => within(formula, min.as_ref(), max.as_ref()),
        Op::Mean(.., max) | Op::Sum(.., max) | Op::Products(_, max) => within(formula, None, Some(max)),
        Op::Work(_) if open_above => formula.to_owned(),
        _ => within(formula, None, Some(&Exact::one())),
    }
}

pub(super) fn step(name: &str, formula: String, inputs: Inputs, value: impl ToString, clause: &str) -> Step {
    Step { step: name.to_owned(), formula, inputs, value: value.to_string(), clause: clause.to_owned() }
}

fn given(name: &str, value: Option<&Exact>) -> Inputs {
    map_of(value.map(|value| (name.to_owned(), value.to_string())))
}

fn values<'a>(judged: &Judged<'_>, ids: impl Iterator<Item = &'a String>) -> Inputs {
    let value = |id: &String| {
        let place = judged.plan.components.iter().position(|(component, _)| component.id == *id)?;
        Some((id.clone(), judged.known(place)?.to_string()))
    };
    map_of(ids.filter_map(value))
}

fn weighted(terms: &[Term]) -> String {
    let one = |term: &Term| match &term.weight {
        weight if *weight == Exact::one() => term.component.clone(),
        weight => format!("{weight}·{}", term.component),
    };
    terms.iter().map(one).collect::<Vec<_>>().join(" + ")
}

fn marks(judged: &Judged<'_>, groups: &[String], steps: &mut Vec<Step>) -> (String, Inputs) {
    let (card, plan) = (&judged.card, &judged.plan);
    let mut sums = Inputs::new();
    for group in plan.groups.iter().filter(|group| groups.contains(&group.group.id)) {
        let criteria = plan.criteria.get(group.from..group.to).unwrap_or_default();
        let applies = |code: &str| !card.input.not_applicable.contains(code);
        let granted = card.switches.not_applicable == NotApplicable::Grant;
        let mut inputs = Inputs::new();
        for criterion in criteria {
            let mark = card.input.criteria.get(&criterion.code).or(granted.then_some(&criterion.max));
            inputs.extend(mark.map(|mark| (criterion.code.clone(), mark.to_string())));
            level_step(card, &criterion.code, &criterion.max, steps);
        }
        let without: Vec<&str> = criteria.iter().map(|own| own.code.as_str()).filter(|code| !applies(code)).collect();
        let mut formula = inputs.keys().map(String::as_str).collect::<Vec<_>>().join(" + ");
        let rest: Exact = criteria.iter().filter(|own| applies(&own.code)).map(|own| &own.max).sum();
        if !without.is_empty() {
            inputs.insert("not_applicable".to_owned(), without.join(", "));
            if !granted {
                formula = format!("({formula}) · {} / {rest}", group.group.max);
            }
        }
        let Some(sum) = group_sum(plan, &judged.sheet, group) else { continue };
        sums.insert(group.group.id.clone(), sum.to_string());
        steps.push(step(&group.group.id, formula, inputs, sum, &group.group.clause));
    }
    (groups.join(" + "), sums)
}

/// The level a mark falls into, where marks are given by levels.
fn level_step(card: &Card<'_>, code: &str, max: &Exact, steps: &mut Vec<Step>) {
    let mark = card.input.criteria.get(code).filter(|_| card.switches.marking == Marking::Bands);
    let Some(share) = mark.and_then(|mark| mark.checked_div(max)) else { return };
    if let Some(band) = card.pack.bands.iter().find(|band| band.from <= share) {
        steps.push(step(
            &format!("level.{code}"),
            band_formula(code, max, band),
            given(code, mark),
            &band.id,
            &band.clause,
        ));
    }
}

fn band_formula(code: &str, max: &Exact, band: &Band) -> String {
    // The highest band ends with the full mark, which is in it.
    let end = if band.to == Exact::one() { "≤" } else { "<" };
    format!("{} ≤ {code} / {max} {end} {}", band.from, band.to)
}

/// A share as it was stated, or as it follows from the people led.
fn stated(card: &Card<'_>, id: &String) -> (String, Inputs) {
    let statement = card.pack.statements_for(card.role).find(|statement| statement.id == *id);
    let follows = |statement: &&Statement| from_subordinates(card, statement).is_some();
    let Some(statement) = statement.filter(follows) else {
        return (id.clone(), given(id, card.input.leadership.get(id)));
    };
    let least = statement.subordinates_min.clone().unwrap_or_default();
    let total = |one: &super::input::Subordinate| Some((one.id.clone(), one.total.as_ref()?.to_string()));
    (format!("∀ subordinates ≥ {least}"), map_of(card.input.subordinates.iter().filter_map(total)))
}

/// A step for each product, and their sum.
fn products(
    judged: &Judged<'_>,
    component: &Component,
    axis: Option<&String>,
    steps: &mut Vec<Step>,
) -> (String, Inputs) {
    let Some(rule) = &judged.card.pack.products else { return Default::default() };
    let mut points = Inputs::new();
    let measured = super::products::measured(&judged.card).unwrap_or_default();
    let products = judged.card.input.products.iter().zip(&measured).zip(&judged.sheet.products);
    for (index, ((product, measured), sheet)) in products.enumerate() {
        if axis.is_some() && product.axis.as_ref() != axis {
            continue;
        }
        let Some(value) = product_points(sheet, judged.card.switches) else { continue };
        let name = format!("{}.{}", component.id, index + 1);
        let (formula, inputs) = product_formula(&judged.card, rule, product, measured);
        points.insert(name.clone(), value.to_string());
        steps.push(step(&name, formula, inputs, value, &rule.clause));
    }
    (points.keys().map(String::as_str).collect::<Vec<_>>().join(" + "), points)
}

fn product_formula(card: &Card<'_>, rule: &ProductRule, product: &Product, measured: &Measured) -> (String, Inputs) {
    let mut inputs = Inputs::from([("code".to_owned(), product.code.clone())]);
    inputs.insert("points_max".to_owned(), measured.base.to_string());
    let mut terms = Vec::new();
    for (dimension, (share, weight)) in rule.dimensions.iter().zip(&measured.dimensions) {
        inputs.insert(dimension.id.clone(), share.to_string());
        terms.push(format!("{weight}·{}", dimension.id));
    }
    let formula = format!("points_max·({})", terms.join(" + "));
    let rounds = card.switches.rounding == Rounding::TenthProduct;
    (if rounds { format!("⌊10·{formula} + 1/2⌋ / 10") } else { formula }, inputs)
}

/// A step for each event that happened, and their sum.
fn events(card: &Card<'_>, of: &[String], steps: &mut Vec<Step>) -> (String, Inputs) {
    let mut points = Inputs::new();
    for rule in card.pack.events_for(card.role).filter(|rule| of.contains(&rule.code)) {
        let times = times(card, &rule.code);
        if times == 0 {
            continue;
        }
        let each = points_each(card, &rule.code).unwrap_or_default();
        let value = &each * Exact::from(times);
        let mut inputs = Inputs::from([("times".to_owned(), times.to_string())]);
        if let Some(event) = card.input.events.iter().find(|event| event.code == rule.code) {
            inputs.insert("evidence".to_owned(), event.evidence.clone());
        }
        points.insert(rule.code.clone(), value.to_string());
        steps.push(step(&format!("event.{}", rule.code), format!("{each}·times"), inputs, value, &rule.clause));
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
fn work(judged: &Judged<'_>, measure: Measure) -> (String, Inputs) {
    let card = &judged.card;
    let plain = (0..card.input.work.len()).all(|line| is_plain(judged, line, measure));
    let done = if plain { "k·h" } else { done_formula(card.switches.cap) };
    let assigned = if by_completed(measure, card.switches) { done } else { "k·g" };
    let Some(sums) = parts(&judged.plan, measure, &judged.low.work) else { return Default::default() };
    let factor = kept_formula(card, measure).map(|kept| format!("·{kept}")).unwrap_or_default();
    let inputs = [("numerator", sums.numerator), ("denominator", sums.denominator)];
    let inputs = map_of(inputs.map(|(name, value)| (name.to_owned(), value.to_string())));
    (format!("Σ {done}{factor} / Σ {assigned}"), inputs)
}

fn line_steps(judged: &Judged<'_>, component: &Component, measure: Measure, steps: &mut Vec<Step>) {
    let (card, kept): (_, Option<&Kept<Exact>>) = (&judged.card, judged.plan.kept.as_ref());
    let Some(kept) = kept else { return };
    for (index, line) in card.input.work.iter().enumerate() {
        let done = if is_plain(judged, index, measure) { "k·h" } else { done_formula(card.switches.cap) };
        let waived = waiver(measure).is_some_and(|cause| line.objective_cause.contains(&cause));
        let factor = kept_formula(card, measure).filter(|_| !waived);
        let formula = factor.map_or_else(|| done.to_owned(), |factor| format!("{done}·{factor}"));
        let Some(value) = line_done(kept, &judged.sheet, index, measure, card.switches.cap) else { continue };
        let name = format!("{}.{}", component.id, index + 1);
        let mut inputs = line_inputs(card, line, measure, waived);
        let own = judged.sheet.by_product.get(index).and_then(|counts| counts.get(measure as usize));
        inputs.extend(own.map(|own| ("h′".to_owned(), own.to_string())));
        steps.push(step(&name, formula, inputs, value, &component.clause));
    }
}

/// The cause that waives a measure's loss.
const fn waiver(measure: Measure) -> Option<Cause> {
    match measure {
        Measure::Quantity => None,
        Measure::Quality => Some(Cause::Quality),
        Measure::Progress => Some(Cause::Progress),
    }
}

/// Whether the simple formula is the whole truth about what a line counts.
fn is_plain(judged: &Judged<'_>, place: usize, measure: Measure) -> bool {
    let Some(line) = judged.card.input.work.get(place) else { return true };
    let limited = judged.sheet.by_product.get(place).and_then(|counts| counts.get(measure as usize));
    line.extra.is_zero() && limited.map_or(line.completed <= line.assigned, |own| *own == line.completed)
}

const fn done_formula(cap: Cap) -> &'static str {
    match cap {
        Cap::Line => "k·(min(h, g) + x)",
        // h′: of all lines of one product the best first, until what was assigned of it is full.
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
        ("k".to_owned(), weight_of(card, line).to_string()),
        ("g".to_owned(), line.assigned.to_string()),
        ("h".to_owned(), line.completed.to_string()),
    ]);
    let late = if card.switches.late_unit == LateUnit::Occurrence { line.late_times } else { line.late_days };
    match measure {
        Measure::Quantity => None,
        Measure::Quality => inputs.insert("q".to_owned(), line.failed_reviews.to_string()),
        Measure::Progress => inputs.insert("l".to_owned(), late.to_string()),
    };
    weight_inputs(card, line, &mut inputs);
    if !line.extra.is_zero() {
        inputs.insert("x".to_owned(), line.extra.to_string());
    }
    if !line.handed_over.is_zero() {
        inputs.insert("handed_over".to_owned(), line.handed_over.to_string());
    }
    if waived {
        let confirmed = line.cause_confirmed.map_or_else(|| "true".to_owned(), |day| day.to_string());
        inputs.insert("objective_cause".to_owned(), confirmed);
    }
    inputs
}

/// What a weight is made of, where it is not the coefficient alone.
fn weight_inputs(card: &Card<'_>, line: &WorkLine, inputs: &mut Inputs) {
    if weight_of(card, line) == line.coefficient {
        return;
    }
    inputs.insert("coefficient".to_owned(), line.coefficient.to_string());
    inputs.insert("share".to_owned(), line.share.to_string());
    inputs.extend(line.difficulty.clone().map(|level| ("difficulty".to_owned(), level)));
    inputs.extend(card.input.subject.position.clone().map(|position| ("position".to_owned(), position)));
}

const fn rounding_formula(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::None | Rounding::TenthProduct => "total",
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

/// The steps from the total to the class: points, knock-outs, gates, caps, eligibility.
pub(super) fn class_steps(
    card: &Card<'_>,
    plan: &Plan<'_, Exact>,
    total: Option<&Exact>,
    decision: &Decision,
    conditions: &[(Condition, bool)],
) -> Vec<Step> {
    let Some(class) = plan.classes.get(decision.by_points) else { return Vec::new() };
    let above = plan.classes.iter().rev().find(|other| other.min > class.min);
    let upper = above.map(|above| format!(" < {}", above.min)).unwrap_or_default();
    let formula = format!("{} ≤ total{upper}", class.min);
    let mut steps = vec![step("class", formula, given(TOTAL, total), &class.class.code, class.clause)];
    let told = |(condition, holds): &(Condition, bool)| condition_step(card, plan, *condition, *holds);
    steps.extend(conditions.iter().filter_map(told));
    if let Some(rule) = decision.ineligible.and_then(|place| plan.eligibility.get(place)) {
        steps.push(eligibility_step(card, rule.rule));
    }
    steps.extend(decided_step(plan, decision, conditions).filter(|step| step.value != class.class.code));
    steps
}

/// The value of [`decided_step`] where no class follows from the text.
pub(super) const UNDECIDED: &str = "undecided";

/// The class in the end, or that the text gives none.
fn decided_step(plan: &Plan<'_, Exact>, decision: &Decision, conditions: &[(Condition, bool)]) -> Option<Step> {
    let by_points = &plan.classes.get(decision.by_points)?.class.code;
    let inputs = Inputs::from([("by_points".to_owned(), by_points.clone())]);
    let formula = if decision.open { "authority" } else { "gates" }.to_owned();
    let Some(class) = decision.class else {
        // What excuses hands the case to the authority; else it is the list of cases that leaves this one out.
        let excused = decision.excused.and_then(|place| clause_of(plan, Condition::KnockOut(place)));
        let listed = paragraph_of(&plan.classes.last()?.class.clause);
        return Some(step("class.decided", formula, inputs, UNDECIDED, excused.unwrap_or(listed)));
    };
    let class = plan.classes.get(class)?.class;
    let reason = conditions.iter().find(|(_, holds)| !holds).and_then(|(condition, _)| clause_of(plan, *condition));
    Some(step("class.decided", formula, inputs, &class.code, reason.unwrap_or(&class.clause)))
}

/// The paragraph that a clause stands in: `Đ.20(4)` of `Đ.20(4)a`.
fn paragraph_of(clause: &str) -> &str {
    let end = clause.rfind(')').and_then(|place| place.checked_add(1));
    end.and_then(|end| clause.get(..end)).unwrap_or(clause)
}

fn eligibility_step(card: &Card<'_>, rule: &crate::pack::Eligibility) -> Step {
    let of = rule.of.as_ref().map(|of| format!("·{of}")).unwrap_or_default();
    let lowest = rule.at_least.as_ref().map(|bound| format!("{} ≥ {bound}{of}", rule.fact));
    let highest = rule.below.as_ref().map(|bound| format!("{} < {bound}{of}", rule.fact));
    let flag = rule.is.map(|wanted| format!("{}{}", if wanted { "" } else { "not " }, rule.fact));
    let formula = lowest.into_iter().chain(highest).chain(flag).collect::<Vec<_>>().join(" ∧ ");
    let inputs = facts(card, [&rule.fact].into_iter().chain(&rule.of));
    step(&format!("eligibility.{}", rule.code), formula, inputs, false, &rule.clause)
}

fn clause_of<'p>(plan: &Plan<'p, Exact>, condition: Condition) -> Option<&'p str> {
    Some(match condition {
        Condition::KnockOut(place) => &plan.knock_outs.get(place)?.rule.clause,
        Condition::Gate(class, place) => &plan.classes.get(class)?.gates.get(place)?.gate.clause,
        Condition::GroupMin(_, group) => &plan.groups.get(group)?.group.clause,
        Condition::Cap(place) => &plan.caps.get(place)?.0.clause,
    })
}

fn condition_step(card: &Card<'_>, plan: &Plan<'_, Exact>, condition: Condition, holds: bool) -> Option<Step> {
    let clause = clause_of(plan, condition)?;
    let (name, formula, inputs) = match condition {
        Condition::KnockOut(place) => {
            let rule = plan.knock_outs.get(place)?.rule;
            let bound = |sign, bound: &Option<Exact>| bound.as_ref().map(|bound| format!(" {sign} {bound}"));
            let bound = bound("<", &rule.below).or(bound(">", &rule.above)).unwrap_or_default();
            let unless: String = rule.unless.iter().map(|flag| format!(" ∨ {flag}")).collect();
            let inputs = facts(card, [&rule.fact].into_iter().chain(stated_of(card, &rule.unless)));
            (format!("knock_out.{}", rule.fact), format!("not {}{bound}{unless}", rule.fact), inputs)
        }
        Condition::Gate(class, place) => {
            let class = plan.classes.get(class)?;
            let gate = class.gates.get(place)?;
            let inputs = match gate.subject {
                Subject::Fact(_) => facts(card, gate.gate.fact.iter().chain(stated_of(card, &gate.gate.unless))),
                Subject::Component(_) => Inputs::new(),
            };
            (format!("gate.{}.{}", class.class.code, gate.gate.code), gate_formula(gate.gate), inputs)
        }
        Condition::GroupMin(class, group) => {
            let (class, group) = (plan.classes.get(class)?, plan.groups.get(group)?);
            let formula = format!("{} ≥ {}", group.group.id, group.min.as_ref()?);
            (format!("group_min.{}.{}", class.class.code, group.group.id), formula, Inputs::new())
        }
        Condition::Cap(place) => {
            let (rule, _) = plan.caps.get(place)?;
            let highest = rule.class_max.as_ref().unwrap_or(&rule.fact);
            (format!("cap.{}", rule.code), format!("class ≤ {highest}"), facts(card, [&rule.fact]))
        }
    };
    Some(step(&name, formula, inputs, holds, clause))
}

fn gate_formula(gate: &Gate) -> String {
    let subject = gate.fact.as_ref().or(gate.component.as_ref()).map_or("", String::as_str);
    let bound = |sign, bound: &Option<Exact>| bound.as_ref().map(|bound| format!("{subject} {sign} {bound}"));
    let bounds = [bound("≥", &gate.at_least), bound("≤", &gate.at_most), bound(">", &gate.above)];
    let flag = gate.is.map(|wanted| format!("{}{subject}", if wanted { "" } else { "not " }));
    let holds = bounds.into_iter().flatten().chain(flag).collect::<Vec<_>>().join(" ∧ ");
    gate.unless.iter().fold(holds, |holds, flag| format!("{holds} ∨ {flag}"))
}

/// Of some facts those that are stated.
fn stated_of<'a>(card: &Card<'_>, ids: &'a [String]) -> impl Iterator<Item = &'a String> {
    ids.iter().filter(|id| card.input.facts.contains_key(*id))
}

/// Stated facts; what was assumed is told as such.
fn facts<'a>(card: &Card<'_>, ids: impl IntoIterator<Item = &'a String>) -> Inputs {
    let value = |id: &String| card.input.facts.get(id).map_or_else(|| "assumed".to_owned(), ToString::to_string);
    map_of(ids.into_iter().map(|id| (id.clone(), value(id))))
}
