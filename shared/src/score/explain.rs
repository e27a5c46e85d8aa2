//! The steps of a result, so that a third party can recompute it by hand. The formula of a step, with its inputs, gives
//! its value. Every input is evidence or the value of an earlier step.
//!
//! Formulas are written in names and numbers with `+ − · /`, `min`, `max`, `|x|`, `⌊x⌋`, comparisons, `not`, `∧`, `∨`,
//! sums `Σ` over the lines of work (`a.i`: the value of each), and cases `[condition: value; …; value]`, of which the
//! first that holds counts. A fact that is `assumed` counts as no or nothing; one that is `unstated` counts as nothing
//! at all.

mod class;
mod steps;
mod work;

use crate::sorted_map::Map;

use super::input::Product;
use super::outcome::Step;
use super::plan::{Op, factor};
use super::products::Measured;
use super::run::{group_sum, product_points};
use super::sheet::{from_subordinates, points_each, times};
use super::{Card, Judged, TOTAL};
use crate::num::Exact;
use crate::pack::{
    Band, Component, Dimension, DimensionSource, EventRule, LateBand, ProductRule, Rule, Statement, Term,
};
use crate::pack::{EventCount, Marking, NotApplicable, Rounding};

pub(super) use class::{Decided, order};
pub(super) use steps::{Steps, Written};
use work::work;

type Inputs = Map<String, String>;

/// The value of the final class step where no class follows from the text.
pub(super) const UNDECIDED: &str = "undecided";
/// An input that counts as no or nothing by a rule of the pack.
pub(super) const ASSUMED: &str = "assumed";
/// An input that nobody stated and for which nothing is assumed.
pub(super) const UNSTATED: &str = "unstated";
/// The input that gives the order of the classes, the highest first.
pub(super) const ORDER: &str = "order";

/// The steps of the components that are known, in the order of computation.
pub(super) fn components(judged: &Judged<'_>, steps: &mut impl Steps) {
    for (place, (component, op)) in judged.plan.components.iter().enumerate() {
        if let Some(value) = judged.known(place) {
            component_steps(judged, place, component, op, value, steps);
        }
    }
}

fn component_steps(
    judged: &Judged<'_>,
    place: usize,
    component: &Component,
    op: &Op<Exact>,
    value: &Exact,
    steps: &mut impl Steps,
) {
    let card = &judged.card;
    let (formula, inputs) = match &component.rule {
        Rule::Marks { groups } => marks(judged, groups, steps),
        Rule::Share { criterion } => share(card, criterion),
        Rule::Work(measure) => work(judged, place, component, *measure, steps),
        Rule::Products { axis, .. } => products(judged, component, axis.as_ref(), steps),
        Rule::Stated { statement } => stated(card, statement),
        Rule::Events { of, .. } => events(card, of, steps),
        Rule::Mean { of, .. } => (format!("({}) / {}", of.join(" + "), of.len()), values(judged, of.iter())),
        Rule::Sum { terms, .. } => (weighted(terms), values(judged, terms.iter().map(|term| &term.component))),
    };
    let formula = match judged.low.excess(place) {
        // Only a total that deductions made negative is limited at its lower end.
        Some(excess) if place == judged.plan.total && excess.is_negative() => format!("max(0, {formula})"),
        Some(_) => limited(&formula, op, judged.plan.is_open_above()),
        None => formula,
    };
    let before = judged.low.unrounded.as_ref().filter(|unrounded| place == judged.plan.total && *unrounded != value);
    steps.take(step(&component.id, formula, inputs, before.unwrap_or(value), &component.clause));
    if let Some(unrounded) = before {
        steps.take(rounding_step(card.switches.rounding, unrounded, value, &component.clause));
    }
}

/// The step that rounds a total.
pub(super) fn rounding_step(rounding: Rounding, unrounded: &Exact, value: &Exact, clause: &str) -> Step {
    step("rounding", rounding_formula(rounding).to_owned(), given(TOTAL, Some(unrounded)), value, clause)
}

/// The formula with the limits that reduced its value.
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
    value.into_iter().map(|value| (name.to_owned(), value.to_string())).collect()
}

fn values<'a>(judged: &Judged<'_>, ids: impl Iterator<Item = &'a String>) -> Inputs {
    let value = |id: &String| {
        let place = judged.plan.components.iter().position(|(component, _)| component.id == *id)?;
        Some((id.clone(), judged.known(place)?.to_string()))
    };
    ids.filter_map(value).collect()
}

fn weighted(terms: &[Term]) -> String {
    let one = |term: &Term| match &term.weight {
        weight if *weight == Exact::one() => term.component.clone(),
        weight => format!("{weight}·{}", term.component),
    };
    // Rules that use only conditions have no points.
    if terms.is_empty() { "0".to_owned() } else { terms.iter().map(one).collect::<Vec<_>>().join(" + ") }
}

fn marks(judged: &Judged<'_>, groups: &[String], steps: &mut impl Steps) -> (String, Inputs) {
    let (card, plan) = (&judged.card, judged.plan);
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
                // If nothing of a group applies, the group has its maximum.
                let stretched = format!("({formula}) · {} / {}", group.group.max, divisor(&rest));
                formula = if rest.is_zero() { group.group.max.to_string() } else { stretched };
            }
        }
        let Some(sum) = group_sum(plan, &judged.sheet, group) else { continue };
        sums.insert(group.group.id.clone(), sum.to_string());
        steps.take(step(&group.group.id, formula, inputs, sum, &group.group.clause));
    }
    (groups.iter().filter(|id| sums.contains_key(*id)).cloned().collect::<Vec<_>>().join(" + "), sums)
}

/// Adds the level of a mark, where marks have levels.
fn level_step(card: &Card<'_>, code: &str, max: &Exact, steps: &mut impl Steps) {
    let mark = card.input.criteria.get(code).filter(|_| card.switches.marking == Marking::Bands);
    let Some(share) = mark.and_then(|mark| mark.checked_div(max)) else { return };
    if let Some(band) = card.pack.bands.iter().find(|band| band.from <= share) {
        steps.take(step(
            &format!("level.{code}"),
            band_formula(code, max, band),
            given(code, mark),
            &band.id,
            &band.clause,
        ));
    }
}

fn band_formula(code: &str, max: &Exact, band: &Band) -> String {
    // The highest band includes the full mark.
    let end = if band.to == Exact::one() { "≤" } else { "<" };
    format!("{} ≤ {code} / {} {end} {}", band.from, divisor(max), band.to)
}

/// A number as a divisor: a fraction is put in parentheses.
fn divisor(value: &Exact) -> String {
    if value.is_integer() { value.to_string() } else { format!("({value})") }
}

/// A share as it was stated, or as it follows from the people led: the highest if all reach the required total, the
/// lowest if one does not.
fn stated(card: &Card<'_>, id: &String) -> (String, Inputs) {
    let statement = card.pack.statements_for(card.role).find(|statement| statement.id == *id);
    let follows = |statement: &&Statement| from_subordinates(card, statement).is_some();
    let Some(statement) = statement.filter(follows) else {
        let stated = card.input.leadership.get(id);
        // The share is neither stated nor known yet from everyone led. The result is provisional and uses the lowest
        // share.
        let lowest = || statement?.values.iter().map(|value| &value.value).min();
        let formula = lowest().filter(|_| stated.is_none()).map_or_else(|| id.clone(), ToString::to_string);
        return (formula, given(id, stated));
    };
    let least = statement.subordinates_min.clone().unwrap_or_default();
    let shares = || statement.values.iter().map(|value| &value.value);
    let (all, one) = (shares().max().cloned().unwrap_or_default(), shares().min().cloned().unwrap_or_default());
    let led = &card.input.subordinates;
    let is_only = |name: &str| led.iter().filter(|other| other.name == name).count() == 1;
    // People are named where the name is unique; people with the same name also get their ids.
    let who = |one: &super::input::Subordinate| match one.name.as_str() {
        "" => one.id.clone(),
        name if is_only(name) => name.to_owned(),
        name => format!("{name} ({})", one.id),
    };
    let totals = led.iter().filter_map(|one| Some((who(one), one.total.as_ref()?.to_string()))).collect();
    (format!("[∀ subordinates ≥ {least}: {all}; {one}]"), totals)
}

/// Adds a step for each product, and returns their sum.
fn products(
    judged: &Judged<'_>,
    component: &Component,
    axis: Option<&String>,
    steps: &mut impl Steps,
) -> (String, Inputs) {
    let Some(rule) = &judged.card.pack.products else { return Default::default() };
    let mut points = Inputs::new();
    let mut names = Vec::new();
    let measured = super::products::measured(&judged.card);
    let products = judged.card.input.products.iter().zip(&measured).zip(&judged.sheet.products);
    for (index, ((product, measured), sheet)) in products.enumerate() {
        if axis.is_some() && product.axis.as_ref() != axis {
            continue;
        }
        let Some(value) = product_points(sheet, judged.card.switches) else { continue };
        let name = format!("{}.{}", component.id, index + 1);
        product_parts(&judged.card, rule, product, measured, &name, steps);
        let (formula, inputs) = product_formula(&judged.card, rule, product, measured);
        points.insert(name.clone(), value.to_string());
        steps.take(step(&name, formula, inputs, value, &rule.clause));
        names.push(name);
    }
    (if names.is_empty() { "0".to_owned() } else { names.join(" + ") }, points)
}

/// Adds the steps for the dimensions of a product, each from what was entered, and for its highest points, where they
/// come from its kind.
fn product_parts(
    card: &Card<'_>,
    rule: &ProductRule,
    product: &Product,
    measured: &Measured,
    name: &str,
    steps: &mut impl Steps,
) {
    if !rule.standards.is_empty() {
        let mut inputs = Inputs::new();
        let mut terms = Vec::new();
        for (key, factors, id) in [
            ("standard", &rule.standards, product.standard.as_ref()),
            ("difficulty", &rule.difficulties, product.difficulty.as_ref()),
        ] {
            if let Some(id) = id.filter(|_| !factors.is_empty()) {
                inputs.insert(key.to_owned(), factor(factors, Some(id)).to_string());
                inputs.insert(format!("{key}_id"), id.clone());
                terms.push(key);
            }
        }
        steps.take(step(&format!("{name}.points_max"), terms.join("·"), inputs, &measured.base, &rule.clause));
    }
    let reached = |id: &String| {
        let place = rule.dimensions.iter().position(|dimension| dimension.id == *id)?;
        Some((id.clone(), measured.dimensions.get(place)?.0.to_string()))
    };
    for (dimension, (share, _)) in rule.dimensions.iter().zip(&measured.dimensions) {
        let number = |key: &str, value: &Exact| (key.to_owned(), value.to_string());
        let (formula, inputs) = match &dimension.source {
            DimensionSource::Mark => {
                let mark = product.marks.get(&dimension.id);
                ("mark / 100".to_owned(), given("mark", mark))
            }
            DimensionSource::Done => {
                let inputs = [number("completed", &product.completed), number("assigned", &product.assigned)];
                ("min(1, completed / assigned)".to_owned(), inputs.into())
            }
            DimensionSource::Late => {
                let bands = card.pack.work.as_ref().map(|work| cases(&work.late_bands)).unwrap_or_default();
                (bands, Inputs::from([("l".to_owned(), product.late_days.to_string())]))
            }
            DimensionSource::Mean(of) => {
                (format!("({}) / {}", of.join(" + "), of.len()), of.iter().filter_map(reached).collect())
            }
        };
        steps.take(step(&format!("{name}.{}", dimension.id), formula, inputs, share, &rule.clause));
    }
}

fn product_formula(card: &Card<'_>, rule: &ProductRule, product: &Product, measured: &Measured) -> (String, Inputs) {
    let mut inputs = Inputs::from([("code".to_owned(), product.code.clone())]);
    inputs.insert("points_max".to_owned(), measured.base.to_string());
    let mut terms = Vec::new();
    let weigh = |(dimension, (share, weight)): (&Dimension, &(Exact, Exact))| {
        inputs.insert(dimension.id.clone(), share.to_string());
        terms.push(format!("{weight}·{}", dimension.id));
    };
    rule.dimensions.iter().zip(&measured.dimensions).for_each(weigh);
    let formula = format!("points_max·({})", terms.join(" + "));
    let rounds = card.switches.rounding == Rounding::TenthProduct;
    (if rounds { format!("⌊10·{formula} + 1/2⌋ / 10") } else { formula }, inputs)
}

/// Adds a step for each event that happened, and returns their sum.
fn events(card: &Card<'_>, of: &[String], steps: &mut impl Steps) -> (String, Inputs) {
    let mut points = Inputs::new();
    let mut names = Vec::new();
    for rule in card.pack.events_for(card.role).filter(|rule| of.contains(&rule.code)) {
        let counted = times(card, &rule.code);
        let Some(event) = card.input.events.iter().find(|event| event.code == rule.code && counted > 0) else {
            continue;
        };
        let each = points_each(card, &rule.code).unwrap_or_default();
        let value = &each * Exact::from(counted);
        let inputs = Inputs::from([
            ("times".to_owned(), event.count.to_string()),
            ("evidence".to_owned(), event.evidence.clone()),
        ]);
        points.insert(rule.code.clone(), value.to_string());
        names.push(rule.code.clone());
        let formula = format!("{each}·{}", counted_times(card, rule, event.count));
        steps.take(step(&format!("event.{}", rule.code), formula, inputs, value, &rule.clause));
    }
    (if names.is_empty() { "0".to_owned() } else { names.join(" + ") }, points)
}

/// How often an event counts, with the limit that reduces it.
fn counted_times(card: &Card<'_>, rule: &EventRule, happened: u32) -> String {
    let once = (card.switches.event_count == EventCount::Once).then_some(1);
    let most = rule.times_max.into_iter().chain(once).min().filter(|most| *most < happened);
    most.map_or_else(|| "times".to_owned(), |most| format!("min(times, {most})"))
}

fn within(formula: &str, min: Option<&Exact>, max: Option<&Exact>) -> String {
    let lowest = min.map(|min| format!("max({min}, {formula})")).unwrap_or_else(|| formula.to_owned());
    max.map(|max| format!("min({max}, {lowest})")).unwrap_or(lowest)
}

/// A mark divided by its maximum. A criterion that does not apply has the full share.
fn share(card: &Card<'_>, code: &str) -> (String, Inputs) {
    let max = card.pack.criteria_for(card.role).find(|criterion| criterion.code == code).map(|found| &found.max);
    let max = max.cloned().unwrap_or_default();
    match card.input.criteria.get(code) {
        Some(mark) => (format!("{code} / {}", divisor(&max)), given(code, Some(mark))),
        None => ("1".to_owned(), Inputs::from([("not_applicable".to_owned(), code.to_owned())])),
    }
}

/// The shares kept by days late, as cases.
fn cases(bands: &[LateBand]) -> String {
    let band = |band: &LateBand| match band.to_days {
        Some(last) => format!("l ≤ {last}: {}", band.kept),
        None => format!("{}", band.kept),
    };
    format!("[{}]", bands.iter().map(band).collect::<Vec<_>>().join("; "))
}

const fn rounding_formula(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::None | Rounding::TenthProduct => "total",
        Rounding::Tenth => "⌊10·total + 1/2⌋ / 10",
        Rounding::Half => "⌊2·total + 1/2⌋ / 2",
        Rounding::CutHundredth => "⌊100·total⌋ / 100",
    }
}

/// The step for a card without enough data to judge.
pub(super) fn insufficient_step(card: &Card<'_>) -> Option<Step> {
    let inputs = Inputs::from([("Σ k·g".to_owned(), "0".to_owned())]);
    let clause = &card.pack.work.as_ref()?.clause;
    Some(step("insufficient_data", "Σ k·g > 0".to_owned(), inputs, false, clause))
}
