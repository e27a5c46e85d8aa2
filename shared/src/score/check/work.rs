//! Lines of work and weighted products.

use super::super::Card;
use super::super::error::{Allowed, ErrorCode};
use super::super::input::{Product, WorkLine};
use super::super::switches::{Coefficient, PositionMultiplier};
use super::refusals::{Refusals, decimal, one_of, range};
use crate::limits::{CODE_CHARS_MAX, LINES_PER_CARD_MAX, QUANTITY_MAX};
use crate::num::Exact;
use crate::pack::{DimensionSource, Factor, ProductRule, Rule};

pub(super) fn check_lines(card: &Card<'_>, refusals: &mut Refusals) {
    let lines = &card.input.work;
    let (field, count) = (format_args!("work"), lines.len());
    if !lines.is_empty() && !card.pack.counts_work(card.role) {
        refusals.add(ErrorCode::Unknown, field, &format_args!("{count} lines"), Allowed::Nothing);
    } else if count > LINES_PER_CARD_MAX {
        refusals.add(ErrorCode::TooMany, field, &count, Allowed::AtMost(LINES_PER_CARD_MAX));
    } else {
        for (index, line) in lines.iter().enumerate() {
            check_line(line, index, refusals);
            check_weights(card, line, index, refusals);
        }
    }
}

fn check_line(line: &WorkLine, index: usize, refusals: &mut Refusals) {
    let largest = Exact::from_int(QUANTITY_MAX);
    refusals.text(&line.code, CODE_CHARS_MAX, format_args!("work[{index}].code"));
    refusals.positive(&line.coefficient, &largest, format_args!("work[{index}].coefficient"));
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
        refusals.up_to(quantity, highest, format_args!("work[{index}].{name}"));
    }
    let counts =
        [("failed_reviews", line.failed_reviews), ("late_times", line.late_times), ("late_days", line.late_days)];
    for (name, count) in counts {
        refusals.up_to(&Exact::from(count), &largest, format_args!("work[{index}].{name}"));
    }
}

/// What weighs a line besides its coefficient: level, position, share.
fn check_weights(card: &Card<'_>, line: &WorkLine, index: usize, refusals: &mut Refusals) {
    let work = card.pack.work.as_ref();
    let by_level = card.switches.coefficient != Coefficient::Product;
    let levels = work.map_or(&[][..], |work| &work.difficulties);
    check_named(levels, by_level, line.difficulty.as_ref(), format_args!("work[{index}].difficulty"), refusals);
    let multiplied = card.switches.position_multiplier == PositionMultiplier::On;
    let (positions, position) = (work.map_or(&[][..], |work| &work.positions), card.input.subject.position.as_ref());
    // One position for the whole card: said once, not at every line.
    if index == 0 {
        check_named(positions, multiplied, position, format_args!("subject.position"), refusals);
    }
    refusals.positive(&line.share, &Exact::one(), format_args!("work[{index}].share"));
}

/// One of some factors; missing only where a reading needs it.
fn check_named(
    factors: &[Factor],
    needed: bool,
    found: Option<&String>,
    field: std::fmt::Arguments<'_>,
    refusals: &mut Refusals,
) {
    let ids = || factors.iter().map(|factor| factor.id.clone()).collect();
    match found {
        None if !needed || factors.is_empty() => {}
        None => refusals.missing(field, one_of(ids())),
        Some(id) if factors.iter().any(|factor| factor.id == *id) => {}
        Some(id) => refusals.unknown(field, id, ids()),
    }
}

pub(super) fn check_products(card: &Card<'_>, refusals: &mut Refusals) {
    let products = &card.input.products;
    let counted = card.pack.components_for(card.role).any(|component| matches!(component.rule, Rule::Products { .. }));
    let Some(rule) = card.pack.products.as_ref().filter(|_| counted) else {
        if !products.is_empty() {
            let found = format_args!("{} products", products.len());
            refusals.add(ErrorCode::Unknown, format_args!("products"), &found, Allowed::Nothing);
        }
        return;
    };
    let count = u32::try_from(products.len()).unwrap_or(u32::MAX);
    let (least, most) = (rule.count_min.unwrap_or(0), rule.count_max.unwrap_or(LINES_PER_CARD_MAX as u32));
    if !(least..=most).contains(&count) {
        let allowed = range(&Exact::from(least), &Exact::from(most));
        refusals.add(ErrorCode::OutOfRange, format_args!("products"), &count, allowed);
        return;
    }
    for (index, product) in products.iter().enumerate() {
        check_product(rule, product, index, refusals);
        check_frame(rule, product, index, refusals);
        check_marks(rule, product, index, refusals);
    }
    check_sums(rule, products, refusals);
}

fn check_product(rule: &ProductRule, product: &Product, index: usize, refusals: &mut Refusals) {
    refusals.text(&product.code, CODE_CHARS_MAX, format_args!("products[{index}].code"));
    let standard = format_args!("products[{index}].standard");
    check_named(&rule.standards, true, product.standard.as_ref(), standard, refusals);
    let difficulty = format_args!("products[{index}].difficulty");
    check_named(&rule.difficulties, true, product.difficulty.as_ref(), difficulty, refusals);
    let axis = format_args!("products[{index}].axis");
    let axes = || rule.axes.iter().map(|axis| axis.id.clone()).collect();
    match &product.axis {
        None if rule.axes.is_empty() => {}
        None => refusals.missing(axis, one_of(axes())),
        Some(id) if rule.axes.iter().any(|axis| axis.id == *id) => {}
        Some(id) => refusals.unknown(axis, id, axes()),
    }
    let highest = rule.weights_sum.clone().unwrap_or_default();
    refusals.up_to(&product.weight, &highest, format_args!("products[{index}].weight"));
    let largest = Exact::from_int(QUANTITY_MAX);
    refusals.up_to(&product.completed, &largest, format_args!("products[{index}].completed"));
    let assigned = format_args!("products[{index}].assigned");
    if rule.dimensions.iter().any(|own| own.source == DimensionSource::Done) {
        refusals.positive(&product.assigned, &largest, assigned);
    } else {
        refusals.up_to(&product.assigned, &largest, assigned);
    }
}

fn check_marks(rule: &ProductRule, product: &Product, index: usize, refusals: &mut Refusals) {
    let hundred = Exact::from_int(100);
    let marked = || rule.dimensions.iter().filter(|own| own.source == DimensionSource::Mark);
    for dimension in marked() {
        let field = format_args!("products[{index}].marks.{}", dimension.id);
        match product.marks.get(&dimension.id) {
            None => refusals.missing(field, range(&Exact::zero(), &hundred)),
            Some(mark) => refusals.up_to(mark, &hundred, field),
        }
    }
    for id in product.marks.keys().filter(|id| !marked().any(|own| own.id == **id)) {
        let known = marked().map(|own| own.id.clone()).collect();
        refusals.unknown(format_args!("products[{index}].marks.{id}"), id, known);
    }
}

/// A person's own weights stay near the frame's and still come to a hundred.
fn check_frame(rule: &ProductRule, product: &Product, index: usize, refusals: &mut Refusals) {
    let Some(frame) = rule.frames.iter().find(|frame| frame.id == product.frame) else {
        let known = rule.frames.iter().map(|frame| frame.id.clone()).collect();
        refusals.unknown(format_args!("products[{index}].frame"), &product.frame, known);
        return;
    };
    if product.frame_weights.is_empty() {
        return;
    }
    let field = format_args!("products[{index}].frame_weights");
    let (found, wanted) = (product.frame_weights.len(), frame.weights.len());
    if found != wanted {
        refusals.add(ErrorCode::NotAllowed, field, &found, Allowed::Words(format!("{wanted} weights")));
        return;
    }
    for (place, (own, given)) in product.frame_weights.iter().zip(&frame.weights).enumerate() {
        let (low, high) = ((given - &rule.shift_max).max(Exact::zero()), given + &rule.shift_max);
        refusals.between(own, &low, &high, format_args!("{field}[{place}]"));
    }
    let sum: Exact = product.frame_weights.iter().sum();
    if sum != Exact::from_int(100) {
        refusals.add(ErrorCode::NotAllowed, field, &decimal(&sum), Allowed::OneOf(vec!["100".to_owned()]));
    }
}

fn check_sums(rule: &ProductRule, products: &[Product], refusals: &mut Refusals) {
    let sum: Exact = products.iter().map(|product| &product.weight).sum();
    if let Some(wanted) = rule.weights_sum.as_ref().filter(|wanted| **wanted != sum) {
        let allowed = Allowed::OneOf(vec![decimal(wanted)]);
        refusals.add(ErrorCode::NotAllowed, format_args!("products.weight"), &decimal(&sum), allowed);
    }
    if rule.main_min.is_some() || rule.main_max.is_some() {
        let main: Exact = products.iter().filter(|product| product.main).map(|product| &product.weight).sum();
        let low = rule.main_min.clone().unwrap_or_default();
        let high = rule.main_max.clone().or_else(|| rule.weights_sum.clone()).unwrap_or_default();
        refusals.between(&main, &low, &high, format_args!("products.main"));
    }
}
