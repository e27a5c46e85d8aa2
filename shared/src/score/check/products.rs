//! Checks products as a pack asks for them: known names, and weights and marks within their bounds.

use super::super::Card;
use super::super::input::Product;
use super::check_named;
use super::refusals::{Refusals, decimal, one_of, range};
use crate::input_error::{Allowed, ErrorCode};
use crate::limits::{CODE_CHARS_MAX, LINES_PER_CARD_MAX, QUANTITY_MAX};
use crate::num::Exact;
use crate::pack::{DimensionSource, ProductRule, Rule};

/// Refuses products that the pack does not know or defines otherwise.
pub(super) fn check(card: &Card<'_>, refusals: &mut Refusals) {
    let products = &card.input.products;
    let counted = card.pack.components_for(card.role).any(|component| matches!(component.rule, Rule::Products { .. }));
    match card.pack.products.as_ref().filter(|_| counted) {
        Some(rule) => check_all(card, rule, refusals),
        None if products.is_empty() => {}
        None => refusals.add(ErrorCode::Unknown, format_args!("products"), &products.len(), Allowed::Nothing),
    }
}

fn check_all(card: &Card<'_>, rule: &ProductRule, refusals: &mut Refusals) {
    let products = &card.input.products;
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

/// Checks that a person's own weights stay near the frame's and still add up to a hundred.
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
        refusals.add(
            ErrorCode::NotAllowed,
            field,
            &found,
            Allowed::words_of(format!("{wanted} trọng số"), format!("{wanted} weights")),
        );
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
