//! Lines of work and weighted products.

use super::super::Card;
use super::super::error::{Allowed, ErrorCode, InputError};
use super::super::input::{Product, WorkLine};
use super::super::switches::{Coefficient, PositionMultiplier};
use super::{check_fineness, check_range, check_text, decimal, one_of};
use crate::limits::{CODE_CHARS_MAX, LINES_PER_CARD_MAX, QUANTITY_MAX};
use crate::num::Exact;
use crate::pack::{DimensionSource, Factor, ProductRule, Rule};

pub(super) fn check_lines(card: &Card<'_>, errors: &mut Vec<InputError>) {
    let lines = &card.input.work;
    if !lines.is_empty() && !card.pack.counts_work(card.role) {
        let found = format!("{} lines", lines.len());
        errors.push(InputError::new(ErrorCode::Unknown, "work", found, Allowed::Nothing));
        return;
    }
    if lines.len() > LINES_PER_CARD_MAX {
        errors.push(InputError::new(ErrorCode::TooMany, "work", lines.len(), Allowed::AtMost(LINES_PER_CARD_MAX)));
        return;
    }
    for (index, line) in lines.iter().enumerate() {
        check_line(line, &format!("work[{index}]"), errors);
        check_weights(card, line, &format!("work[{index}]"), errors);
    }
}

fn check_line(line: &WorkLine, path: &str, errors: &mut Vec<InputError>) {
    let largest = Exact::from_int(QUANTITY_MAX);
    check_text(&line.code, format!("{path}.code"), CODE_CHARS_MAX, errors);
    if line.coefficient <= Exact::zero() || line.coefficient > largest {
        let allowed = Allowed::PositiveUpTo(decimal(&largest));
        let found = decimal(&line.coefficient);
        errors.push(InputError::new(ErrorCode::OutOfRange, format!("{path}.coefficient"), found, allowed));
    }
    check_fineness(&line.coefficient, || format!("{path}.coefficient"), errors);
    let assigned = line.assigned.clone().max(Exact::zero());
    let kept = (&assigned - &line.handed_over).max(Exact::zero());
    let handed = !line.handed_over.is_zero();
    let quantities = [
        ("assigned", &line.assigned, &largest),
        ("handed_over", &line.handed_over, &assigned),
        // What was handed over is done by someone else and can never count as done here.
        ("completed", &line.completed, if handed { &kept } else { &largest }),
        ("extra", &line.extra, &largest),
    ];
    for (name, quantity, highest) in quantities {
        check_range(quantity, highest, || format!("{path}.{name}"), errors);
    }
    let counts =
        [("failed_reviews", line.failed_reviews), ("late_times", line.late_times), ("late_days", line.late_days)];
    for (name, count) in counts {
        check_range(&Exact::from(count), &largest, || format!("{path}.{name}"), errors);
    }
}

/// What weighs a line besides its coefficient: level, position, share.
fn check_weights(card: &Card<'_>, line: &WorkLine, path: &str, errors: &mut Vec<InputError>) {
    let work = card.pack.work.as_ref();
    let by_level = card.switches.coefficient != Coefficient::Product;
    let levels = work.filter(|_| by_level).map_or(&[][..], |work| &work.difficulties);
    check_named(levels, line.difficulty.as_ref(), format!("{path}.difficulty"), errors);
    let multiplied = card.switches.position_multiplier == PositionMultiplier::On;
    let positions = work.filter(|_| multiplied).map_or(&[][..], |work| &work.positions);
    // One position for the whole card: said once, not at every line.
    if path == "work[0]" {
        check_named(positions, card.input.subject.position.as_ref(), "subject.position".to_owned(), errors);
    }
    if line.share <= Exact::zero() || line.share > Exact::one() {
        let allowed = Allowed::PositiveUpTo("1".to_owned());
        errors.push(InputError::new(ErrorCode::OutOfRange, format!("{path}.share"), decimal(&line.share), allowed));
    }
    check_fineness(&line.share, || format!("{path}.share"), errors);
}

/// One of some factors where there are any, and nothing where there are none.
fn check_named(factors: &[Factor], found: Option<&String>, field: String, errors: &mut Vec<InputError>) {
    let ids = || one_of(factors.iter().map(|factor| factor.id.clone()).collect());
    match found {
        None if factors.is_empty() => {}
        None => errors.push(InputError::missing(field, ids())),
        Some(id) if factors.iter().any(|factor| factor.id == *id) => {}
        Some(id) => errors.push(InputError::new(ErrorCode::Unknown, field, id, ids())),
    }
}

pub(super) fn check_products(card: &Card<'_>, errors: &mut Vec<InputError>) {
    let products = &card.input.products;
    let counted = card.pack.components_for(card.role).any(|component| matches!(component.rule, Rule::Products { .. }));
    let Some(rule) = card.pack.products.as_ref().filter(|_| counted) else {
        if !products.is_empty() {
            let found = format!("{} products", products.len());
            errors.push(InputError::new(ErrorCode::Unknown, "products", found, Allowed::Nothing));
        }
        return;
    };
    let count = u32::try_from(products.len()).unwrap_or(u32::MAX);
    let (least, most) = (rule.count_min.unwrap_or(0), rule.count_max.unwrap_or(LINES_PER_CARD_MAX as u32));
    if !(least..=most).contains(&count) {
        let allowed = Allowed::Range(least.to_string(), most.to_string());
        errors.push(InputError::new(ErrorCode::OutOfRange, "products", count, allowed));
        return;
    }
    for (index, product) in products.iter().enumerate() {
        check_product(rule, product, &format!("products[{index}]"), errors);
    }
    check_sums(rule, products, errors);
}

fn check_product(rule: &ProductRule, product: &Product, path: &str, errors: &mut Vec<InputError>) {
    let hundred = Exact::from_int(100);
    check_text(&product.code, format!("{path}.code"), CODE_CHARS_MAX, errors);
    check_frame(rule, product, path, errors);
    check_named(&rule.standards, product.standard.as_ref(), format!("{path}.standard"), errors);
    check_named(&rule.difficulties, product.difficulty.as_ref(), format!("{path}.difficulty"), errors);
    let axes: Vec<String> = rule.axes.iter().map(|axis| axis.id.clone()).collect();
    match &product.axis {
        None if axes.is_empty() => {}
        None => errors.push(InputError::missing(format!("{path}.axis"), one_of(axes))),
        Some(axis) if axes.contains(axis) => {}
        Some(axis) => errors.push(InputError::new(ErrorCode::Unknown, format!("{path}.axis"), axis, one_of(axes))),
    }
    let highest = rule.weights_sum.clone().unwrap_or_default();
    check_range(&product.weight, &highest, || format!("{path}.weight"), errors);
    let marked = |id: &str| rule.dimensions.iter().any(|own| own.id == *id && own.source == DimensionSource::Mark);
    for dimension in rule.dimensions.iter().filter(|dimension| marked(&dimension.id)) {
        let field = || format!("{path}.marks.{}", dimension.id);
        match product.marks.get(&dimension.id) {
            None => errors.push(InputError::missing(field(), Allowed::Range("0".to_owned(), decimal(&hundred)))),
            Some(mark) => check_range(mark, &hundred, field, errors),
        }
    }
    for id in product.marks.keys().filter(|id| !marked(id)) {
        let known = rule.dimensions.iter().filter(|own| marked(&own.id)).map(|own| own.id.clone()).collect();
        errors.push(InputError::new(ErrorCode::Unknown, format!("{path}.marks.{id}"), id, one_of(known)));
    }
    let largest = Exact::from_int(QUANTITY_MAX);
    check_range(&product.assigned, &largest, || format!("{path}.assigned"), errors);
    check_range(&product.completed, &largest, || format!("{path}.completed"), errors);
    let by_quantity = rule.dimensions.iter().any(|own| own.source == DimensionSource::Done);
    if by_quantity && product.assigned.is_zero() {
        let allowed = Allowed::PositiveUpTo(decimal(&largest));
        errors.push(InputError::new(ErrorCode::OutOfRange, format!("{path}.assigned"), "0", allowed));
    }
}

/// A person's own weights stay near the frame's and still come to a hundred.
fn check_frame(rule: &ProductRule, product: &Product, path: &str, errors: &mut Vec<InputError>) {
    let Some(frame) = rule.frames.iter().find(|frame| frame.id == product.frame) else {
        let known = rule.frames.iter().map(|frame| frame.id.clone()).collect();
        let field = format!("{path}.frame");
        errors.push(InputError::new(ErrorCode::Unknown, field, &product.frame, one_of(known)));
        return;
    };
    if product.frame_weights.is_empty() {
        return;
    }
    let field = format!("{path}.frame_weights");
    if product.frame_weights.len() != frame.weights.len() {
        let allowed = Allowed::Words(format!("{} weights", frame.weights.len()));
        errors.push(InputError::new(ErrorCode::NotAllowed, field, product.frame_weights.len(), allowed));
        return;
    }
    for (index, (own, given)) in product.frame_weights.iter().zip(&frame.weights).enumerate() {
        let (low, high) = ((given - &rule.shift_max).max(Exact::zero()), given + &rule.shift_max);
        if *own < low || *own > high {
            let allowed = Allowed::Range(decimal(&low), decimal(&high));
            errors.push(InputError::new(ErrorCode::OutOfRange, format!("{field}[{index}]"), decimal(own), allowed));
        }
        check_fineness(own, || format!("{field}[{index}]"), errors);
    }
    let sum: Exact = product.frame_weights.iter().sum();
    if sum != Exact::from_int(100) {
        errors.push(InputError::new(
            ErrorCode::NotAllowed,
            field,
            decimal(&sum),
            Allowed::OneOf(vec!["100".to_owned()]),
        ));
    }
}

fn check_sums(rule: &ProductRule, products: &[Product], errors: &mut Vec<InputError>) {
    let sum: Exact = products.iter().map(|product| &product.weight).sum();
    if let Some(wanted) = rule.weights_sum.as_ref().filter(|wanted| **wanted != sum) {
        let allowed = Allowed::OneOf(vec![decimal(wanted)]);
        errors.push(InputError::new(ErrorCode::NotAllowed, "products.weight", decimal(&sum), allowed));
    }
    if rule.main_min.is_none() && rule.main_max.is_none() {
        return;
    }
    let main: Exact = products.iter().filter(|product| product.main).map(|product| &product.weight).sum();
    let low = rule.main_min.clone().unwrap_or_default();
    let high = rule.main_max.clone().or_else(|| rule.weights_sum.clone()).unwrap_or_default();
    if main < low || main > high {
        let allowed = Allowed::Range(decimal(&low), decimal(&high));
        errors.push(InputError::new(ErrorCode::OutOfRange, "products.main", decimal(&main), allowed));
    }
}
