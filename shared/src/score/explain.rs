//! Every step by which a result came about, so that a third party can recompute it by hand: the formula of a step with the inputs
//! beside it gives its value, and every input is evidence or the value of a step before it.
//!
//! Formulas are written in names and numbers with `+ − · /`, `min`, `max`, `|x|`, `⌊x⌋`, comparisons, `not`, `∧`, `∨`, sums `Σ` over
//! the lines of work (`a.i`: the value of each), and cases `[condition: value; …; value]`, of which the first that holds counts.
//! A fact that is `assumed` counts as no or nothing, one that is `unstated` as nothing at all.

use crate::order::Map;

use super::classify::{Condition, Decision};
use super::input::{Product, WorkLine};
use super::outcome::Step;
use super::plan::{Kept, Op, Plan, Subject};
use super::products::Measured;
use super::run::{Values, by_completed, group_sum, line_done, parts, product_points};
use super::sheet::{Sheet, best_first, factor, from_subordinates, is_same_product, points_each, times, weight_of};
use super::switches::{Cap, Coefficient, EventCount, LateUnit, Marking, NotApplicable, PositionMultiplier, Rounding};
use super::{Card, Judged, TOTAL};
use crate::num::Exact;
use crate::order::map_of;
use crate::pack::{
    Band, Component, Dimension, DimensionSource, EventRule, Gate, LateBand, Measure, ProductRule, Rule, Statement, Term,
};
use crate::work::Cause;

type Inputs = Map<String, String>;

/// The value of [`decided_step`] where no class follows from the text.
pub(super) const UNDECIDED: &str = "undecided";
/// An input that counts as no or nothing, as the pack says.
pub(super) const ASSUMED: &str = "assumed";
/// An input that nobody stated, and that nothing is taken for.
pub(super) const UNSTATED: &str = "unstated";
/// The input that says how classes follow each other, the highest first.
pub(super) const ORDER: &str = "order";

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
        Rule::Work(measure) => work(judged, component, *measure, steps),
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
        steps.push(rounding_step(card.switches.rounding, unrounded, value, &component.clause));
    }
}

/// The rounding of a total.
pub(super) fn rounding_step(rounding: Rounding, unrounded: &Exact, value: &Exact, clause: &str) -> Step {
    step("rounding", rounding_formula(rounding).to_owned(), given(TOTAL, Some(unrounded)), value, clause)
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
    // Rules that judge by conditions alone have no points.
    if terms.is_empty() { "0".to_owned() } else { terms.iter().map(one).collect::<Vec<_>>().join(" + ") }
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
                // Where nothing of a group applies, nothing of it can be lost.
                let stretched = format!("({formula}) · {} / {}", group.group.max, divisor(&rest));
                formula = if rest.is_zero() { group.group.max.to_string() } else { stretched };
            }
        }
        let Some(sum) = group_sum(plan, &judged.sheet, group) else { continue };
        sums.insert(group.group.id.clone(), sum.to_string());
        steps.push(step(&group.group.id, formula, inputs, sum, &group.group.clause));
    }
    (groups.iter().filter(|id| sums.contains_key(*id)).cloned().collect::<Vec<_>>().join(" + "), sums)
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
    format!("{} ≤ {code} / {} {end} {}", band.from, divisor(max), band.to)
}

/// What stands under a stroke: a fraction in parentheses.
fn divisor(value: &Exact) -> String {
    if value.is_integer() { value.to_string() } else { format!("({value})") }
}

/// A share as it was stated, or as it follows from the people led: the highest if all reach the least, the lowest if one does not.
fn stated(card: &Card<'_>, id: &String) -> (String, Inputs) {
    let statement = card.pack.statements_for(card.role).find(|statement| statement.id == *id);
    let follows = |statement: &&Statement| from_subordinates(card, statement).is_some();
    let Some(statement) = statement.filter(follows) else {
        let stated = card.input.leadership.get(id);
        // Neither stated nor known yet of everyone led: the result is provisional, and the lowest share is what is sure.
        let lowest = || statement?.values.iter().map(|value| &value.value).min();
        let formula = lowest().filter(|_| stated.is_none()).map_or_else(|| id.clone(), ToString::to_string);
        return (formula, given(id, stated));
    };
    let least = statement.subordinates_min.clone().unwrap_or_default();
    let shares = || statement.values.iter().map(|value| &value.value);
    let (all, one) = (shares().max().cloned().unwrap_or_default(), shares().min().cloned().unwrap_or_default());
    let led = &card.input.subordinates;
    let is_only = |name: &str| led.iter().filter(|other| other.name == name).count() == 1;
    // By name where that says who; people of one name have their ids, too.
    let who = |one: &super::input::Subordinate| match one.name.as_str() {
        "" => one.id.clone(),
        name if is_only(name) => name.to_owned(),
        name => format!("{name} ({})", one.id),
    };
    let totals = map_of(led.iter().filter_map(|one| Some((who(one), one.total.as_ref()?.to_string()))));
    (format!("[∀ subordinates ≥ {least}: {all}; {one}]"), totals)
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
    let mut names = Vec::new();
    let measured = super::products::measured(&judged.card).unwrap_or_default();
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
        steps.push(step(&name, formula, inputs, value, &rule.clause));
        names.push(name);
    }
    (if names.is_empty() { "0".to_owned() } else { names.join(" + ") }, points)
}

/// What a product is looked at for, each from what was entered; and its highest points, where they come from its kind.
fn product_parts(
    card: &Card<'_>,
    rule: &ProductRule,
    product: &Product,
    measured: &Measured,
    name: &str,
    steps: &mut Vec<Step>,
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
        steps.push(step(&format!("{name}.points_max"), terms.join("·"), inputs, &measured.base, &rule.clause));
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
                ("min(1, completed / assigned)".to_owned(), map_of(inputs))
            }
            DimensionSource::Late => {
                let bands = card.pack.work.as_ref().map(|work| cases(&work.late_bands)).unwrap_or_default();
                (bands, Inputs::from([("l".to_owned(), product.late_days.to_string())]))
            }
            DimensionSource::Mean(of) => {
                (format!("({}) / {}", of.join(" + "), of.len()), map_of(of.iter().filter_map(reached)))
            }
        };
        steps.push(step(&format!("{name}.{}", dimension.id), formula, inputs, share, &rule.clause));
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

/// A step for each event that happened, and their sum.
fn events(card: &Card<'_>, of: &[String], steps: &mut Vec<Step>) -> (String, Inputs) {
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
        steps.push(step(&format!("event.{}", rule.code), formula, inputs, value, &rule.clause));
    }
    (if names.is_empty() { "0".to_owned() } else { names.join(" + ") }, points)
}

/// How often an event counts, with the limit that takes something from it.
fn counted_times(card: &Card<'_>, rule: &EventRule, happened: u32) -> String {
    let once = (card.switches.event_count == EventCount::Once).then_some(1);
    let most = rule.times_max.into_iter().chain(once).min().filter(|most| *most < happened);
    most.map_or_else(|| "times".to_owned(), |most| format!("min(times, {most})"))
}

fn within(formula: &str, min: Option<&Exact>, max: Option<&Exact>) -> String {
    let lowest = min.map(|min| format!("max({min}, {formula})")).unwrap_or_else(|| formula.to_owned());
    max.map(|max| format!("min({max}, {lowest})")).unwrap_or(lowest)
}

/// A mark over its maximum; of what does not apply nothing can be lost.
fn share(card: &Card<'_>, code: &str) -> (String, Inputs) {
    let max = card.pack.criteria_for(card.role).find(|criterion| criterion.code == code).map(|found| &found.max);
    let max = max.cloned().unwrap_or_default();
    match card.input.criteria.get(code) {
        Some(mark) => (format!("{code} / {}", divisor(&max)), given(code, Some(mark))),
        None => ("1".to_owned(), Inputs::from([("not_applicable".to_owned(), code.to_owned())])),
    }
}

/// The lines of a measure, and Σ over them, as the regulation writes it, with both sums as inputs.
fn work(judged: &Judged<'_>, component: &Component, measure: Measure, steps: &mut Vec<Step>) -> (String, Inputs) {
    let card = &judged.card;
    let lines = &card.input.work;
    let plain = (0..lines.len()).all(|line| is_plain(judged, line, measure));
    weight_steps(card, &component.clause, steps);
    line_steps(judged, component, measure, plain, steps);
    let Some(sums) = parts(&judged.plan, measure, &judged.low.work) else { return Default::default() };
    let done = if plain { "k·h" } else { done_formula(card.switches.cap) };
    let waived = lines.iter().any(|line| waiver(measure).is_some_and(|cause| line.objective_cause.contains(&cause)));
    let above = match kept_formula(card, measure) {
        // A line that is excused has another formula than the rest.
        Some(_) if waived => format!("{}.i", component.id),
        Some(kept) => format!("{done}·{kept}"),
        None => done.to_owned(),
    };
    let below = match by_completed(measure, card.switches) {
        false => "k·g".to_owned(),
        // What counts of a product differs by measure: what was done counts as it does for quantity.
        true if card.switches.cap == Cap::Indicator => format!("{}.i", quantity_id(judged)),
        true => done.to_owned(),
    };
    let inputs = [("numerator", sums.numerator), ("denominator", sums.denominator)];
    let inputs = map_of(inputs.map(|(name, value)| (name.to_owned(), value.to_string())));
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

/// What lines weigh, where that is more than the product's coefficient; said once for all measures.
fn weight_steps(card: &Card<'_>, clause: &str, steps: &mut Vec<Step>) {
    for (index, line) in card.input.work.iter().enumerate() {
        let name = format!("k.{}", index + 1);
        let (formula, inputs) = weight_formula(card, line);
        if formula != "coefficient" && !steps.iter().any(|step| step.step == name) {
            steps.push(step(&name, formula, inputs, weight_of(card, line), clause));
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
    // A pack without levels or positions weighs nothing by them.
    (if terms.is_empty() { "1".to_owned() } else { terms.join("·") }, inputs)
}

fn line_steps(judged: &Judged<'_>, component: &Component, measure: Measure, all_plain: bool, steps: &mut Vec<Step>) {
    let (card, kept): (_, Option<&Kept<Exact>>) = (&judged.card, judged.plan.kept.as_ref());
    let Some(kept) = kept else { return };
    for (index, line) in card.input.work.iter().enumerate() {
        let Some(value) = line_done(kept, &judged.sheet, index, measure, card.switches.cap) else { continue };
        let done = if all_plain { "k·h" } else { done_formula(card.switches.cap) };
        let waived = waiver(measure).is_some_and(|cause| line.objective_cause.contains(&cause));
        let factor = kept_formula(card, measure).filter(|_| !waived);
        let formula = factor.map_or_else(|| done.to_owned(), |factor| format!("{done}·{factor}"));
        let name = format!("{}.{}", component.id, index + 1);
        let mut inputs = line_inputs(card, line, measure, waived);
        if !all_plain {
            inputs.insert("x".to_owned(), line.extra.to_string());
        }
        let own = judged.sheet.by_product.get(index).and_then(|counts| counts.get(measure as usize));
        if let Some(own) = own.filter(|_| !all_plain) {
            inputs.insert("h′".to_owned(), own.to_string());
            steps.push(counted_step(judged, kept, index, measure, &name, own, &component.clause));
        }
        steps.push(step(&name, formula, inputs, value, &component.clause));
    }
}

/// h′: of all lines of one product the best first, until what was assigned of it is full.
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
    step(&format!("h′.{name}"), "min(h, G − H)".to_owned(), map_of(inputs), own, clause)
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

/// Shares kept by days late.
fn cases(bands: &[LateBand]) -> String {
    let band = |band: &LateBand| match band.to_days {
        Some(last) => format!("l ≤ {last}: {}", band.kept),
        None => format!("{}", band.kept),
    };
    format!("[{}]", bands.iter().map(band).collect::<Vec<_>>().join("; "))
}

fn line_inputs(card: &Card<'_>, line: &WorkLine, measure: Measure, waived: bool) -> Inputs {
    let mut inputs = Inputs::from([
        ("k".to_owned(), weight_of(card, line).to_string()),
        ("g".to_owned(), line.assigned.to_string()),
        ("h".to_owned(), line.completed.to_string()),
    ]);
    for (key, word) in [("code", &line.code), ("name", &line.name)] {
        if !word.is_empty() {
            inputs.insert(key.to_owned(), word.clone());
        }
    }
    let late = if card.switches.late_unit == LateUnit::Occurrence { line.late_times } else { line.late_days };
    match measure {
        Measure::Quantity => None,
        Measure::Quality => inputs.insert("q".to_owned(), line.failed_reviews.to_string()),
        Measure::Progress => inputs.insert("l".to_owned(), late.to_string()),
    };
    if !line.handed_over.is_zero() {
        inputs.insert("handed_over".to_owned(), line.handed_over.to_string());
    }
    if waived {
        let confirmed = line.cause_confirmed.map_or_else(|| "true".to_owned(), |day| day.to_string());
        inputs.insert("objective_cause".to_owned(), confirmed);
    }
    inputs
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

/// A class with all that was looked at for it.
pub(super) struct Decided<'j, 'p> {
    pub(super) card: &'j Card<'p>,
    pub(super) plan: &'j Plan<'p, Exact>,
    pub(super) sheet: &'j Sheet<Exact>,
    pub(super) values: &'j Values<Exact>,
    pub(super) decision: &'j Decision,
    pub(super) conditions: &'j [(Condition, bool)],
}

impl Decided<'_, '_> {
    /// The steps from the total to the class: points, knock-outs, gates, caps, eligibility, and the class in the end.
    pub(super) fn steps(&self, total: Option<&Exact>) -> Vec<Step> {
        let Self { card, plan, decision, conditions, .. } = self;
        let Some(class) = plan.classes.get(decision.by_points) else { return Vec::new() };
        let above = plan.classes.iter().rev().find(|other| other.min > class.min);
        let upper = above.map(|above| format!(" < {}", above.min)).unwrap_or_default();
        // A total below the scale has the lowest class.
        let below = total.is_some_and(|total| *total < class.min);
        let formula = if below { format!("total{upper}") } else { format!("{} ≤ total{upper}", class.min) };
        let mut steps = vec![step("class", formula, given(TOTAL, total), &class.class.code, class.clause)];
        steps.extend(conditions.iter().filter_map(|(condition, holds)| self.condition_step(*condition, *holds)));
        if let Some(rule) = decision.ineligible.and_then(|place| plan.eligibility.get(place)) {
            steps.push(eligibility_step(card, rule.rule));
        }
        steps.extend(self.decided_step().filter(|step| step.value != class.class.code));
        steps
    }

    /// The class in the end, or that the text gives none. Which classes were tried, and whether their conditions hold, stands in
    /// the steps before.
    fn decided_step(&self) -> Option<Step> {
        let Self { plan, decision, conditions, .. } = self;
        let by_points = &plan.classes.get(decision.by_points)?.class.code;
        let mut inputs = Inputs::from([("by_points".to_owned(), by_points.clone()), order(plan)]);
        if plan.classes.last()?.class.otherwise {
            inputs.insert("otherwise".to_owned(), "true".to_owned());
        }
        let formula = if decision.open { "authority" } else { "conditions" }.to_owned();
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

    fn condition_step(&self, condition: Condition, holds: bool) -> Option<Step> {
        let (card, plan) = (self.card, self.plan);
        let clause = clause_of(plan, condition)?;
        let code = |place: usize| plan.classes.get(place).map(|class| class.class.code.clone());
        let (name, formula, inputs) = match condition {
            Condition::KnockOut(place) => {
                let rule = plan.knock_outs.get(place)?.rule;
                let bound = |sign, bound: &Option<Exact>| bound.as_ref().map(|bound| format!(" {sign} {bound}"));
                let bound = bound("<", &rule.below).or(bound(">", &rule.above)).unwrap_or_default();
                let formula = or_flags(format!("not {}{bound}", rule.fact), &rule.unless);
                let mut inputs = facts(card, [&rule.fact].into_iter().chain(&rule.unless));
                inputs.insert("leads_to".to_owned(), rule.class.clone());
                (format!("knock_out.{}", rule.fact), formula, inputs)
            }
            Condition::Gate(class, place) => {
                let gate = plan.classes.get(class)?.gates.get(place)?;
                let mut inputs = facts(card, gate.gate.fact.iter().chain(&gate.gate.unless));
                if let (Subject::Component(place), Some(id)) = (&gate.subject, &gate.gate.component) {
                    inputs.extend(given(id, self.values.components.get(*place).and_then(Option::as_ref)));
                }
                (format!("gate.{}.{}", code(class)?, gate.gate.code), gate_formula(gate.gate), inputs)
            }
            Condition::GroupMin(class, group) => {
                let group = plan.groups.get(group)?;
                let (id, sum) = (&group.group.id, group_sum(plan, self.sheet, group)?);
                let formula = format!("{id} ≥ {}", group.min.as_ref()?);
                (format!("group_min.{}.{id}", code(class)?), formula, given(id, Some(&sum)))
            }
            Condition::Cap(place) => {
                let (rule, _) = plan.caps.get(place)?;
                let highest = rule.class_max.as_ref().unwrap_or(&rule.fact);
                let mut inputs = facts(card, [&rule.fact]);
                inputs.extend([
                    order(plan),
                    ("class".to_owned(), self.decision.uncapped.and_then(code).unwrap_or_default()),
                ]);
                (format!("cap.{}", rule.code), format!("class ≤ {highest}"), inputs)
            }
        };
        Some(step(&name, formula, inputs, holds, clause))
    }
}

/// How classes follow each other.
pub(super) fn order(plan: &Plan<'_, Exact>) -> (String, String) {
    let codes: Vec<&str> = plan.classes.iter().map(|class| class.class.code.as_str()).collect();
    (ORDER.to_owned(), codes.join(" > "))
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

fn gate_formula(gate: &Gate) -> String {
    let subject = gate.fact.as_ref().or(gate.component.as_ref()).map_or("", String::as_str);
    let bound = |sign, bound: &Option<Exact>| bound.as_ref().map(|bound| format!("{subject} {sign} {bound}"));
    let bounds = [bound("≥", &gate.at_least), bound("≤", &gate.at_most), bound(">", &gate.above)];
    let flag = gate.is.map(|wanted| format!("{}{subject}", if wanted { "" } else { "not " }));
    or_flags(bounds.into_iter().flatten().chain(flag).collect::<Vec<_>>().join(" ∧ "), &gate.unless)
}

fn or_flags(condition: String, flags: &[String]) -> String {
    flags.iter().fold(condition, |condition, flag| format!("{condition} ∨ {flag}"))
}

/// Stated facts; of the others whether something was taken for them.
fn facts<'a>(card: &Card<'_>, ids: impl IntoIterator<Item = &'a String>) -> Inputs {
    let value = |id: &String| {
        let assumed = || {
            let rule = card.pack.facts_for(card.role).find(|rule| rule.id == *id)?;
            rule.assume.is_some().then(|| ASSUMED.to_owned())
        };
        let stated = card.input.facts.get(id).map(ToString::to_string);
        stated.or_else(assumed).unwrap_or_else(|| UNSTATED.to_owned())
    };
    map_of(ids.into_iter().map(|id| (id.clone(), value(id))))
}
