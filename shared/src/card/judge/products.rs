//! Judges the weighted products that a person states on the own card, and those that count because whoever marks states
//! them. Weights, frames and marks are the engine's to judge.

use super::contents::{note, required, within};
use super::{CardPolicy, Judgement, reject};
use crate::card::Card;
use crate::ids::{ProductNumber, StepPlace};
use crate::limits::{NAME_CHARS_MAX, PRODUCTS_PER_CARD_MAX};
use crate::op::{ProductStated, RefusalCode};
use crate::sorted_map::Map;

type Products = Map<ProductNumber, ProductStated>;

/// Products say what they are, and their texts keep their limits.
pub(super) fn named(products: &Products) -> Judgement {
    within("products", products.len(), PRODUCTS_PER_CARD_MAX)?;
    products.iter().try_for_each(|(number, product)| {
        let field = format!("products.{number}");
        if product.name.trim().is_empty() {
            return Err(reject(RefusalCode::Missing, &format!("{field}.name")));
        }
        within(&format!("{field}.name"), product.name.chars().count(), NAME_CHARS_MAX)?;
        note(&product.evidence, &format!("{field}.evidence"))?;
        note(&product.reason, &format!("{field}.reason"))
    })
}

impl CardPolicy<'_> {
    /// Products as whoever marks states them. What differs from the statement it builds on needs a reason: another weight
    /// or mark, a product added or struck out. No product that was stated is passed over.
    pub(super) fn found_products(&self, card: &Card, place: StepPlace, products: &Products) -> Judgement {
        named(products)?;
        let before = self.asked().stated_before(card, place).products;
        for (number, product) in products {
            if !product.says_as(before.get(number)) {
                required(&product.reason, &format!("products.{number}.reason"))?;
            }
        }
        match before.iter().find(|(number, product)| !product.struck && !products.contains_key(number)) {
            Some((number, _)) => Err(reject(RefusalCode::ReasonRequired, &format!("products.{number}.reason"))),
            None => Ok(()),
        }
    }
}
