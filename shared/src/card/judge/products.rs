//! Judges the weighted products and the position that a person states on the own card, and those that count because
//! whoever marks states them. Weights, frames and marks are the engine's to judge.
//!
//! The screens of devices ask for all of this before they sign. Without these checks their first download is smaller; the
//! server makes them all.

#[cfg(feature = "author")]
pub(super) use whole::named;

#[cfg(not(feature = "author"))]
mod lean {
    use crate::card::Card;
    use crate::card::judge::{CardPolicy, Judgement};
    use crate::ids::{ProductNumber, StepPlace};
    use crate::op::{PositionStated, ProductStated};
    use crate::sorted_map::Map;

    pub(in crate::card::judge) const fn named(_: &Map<ProductNumber, ProductStated>) -> Judgement {
        Ok(())
    }

    #[allow(clippy::unused_self, reason = "as the server's")]
    impl CardPolicy<'_> {
        pub(in crate::card::judge) const fn found_products(
            &self,
            _: &Card,
            _: StepPlace,
            _: &Map<ProductNumber, ProductStated>,
        ) -> Judgement {
            Ok(())
        }

        pub(in crate::card::judge) const fn position(&self, _: Option<&PositionStated>) -> Judgement {
            Ok(())
        }

        pub(in crate::card::judge) const fn found_position(
            &self,
            _: &Card,
            _: StepPlace,
            _: Option<&PositionStated>,
        ) -> Judgement {
            Ok(())
        }
    }
}

#[cfg(not(feature = "author"))]
pub(super) use lean::named;

#[cfg(feature = "author")]
mod whole {
    use crate::card::Card;
    use crate::card::judge::contents::{note, required, within};
    use crate::card::judge::weights::known;
    use crate::card::judge::{CardPolicy, Judgement, reject};
    use crate::ids::{ProductNumber, StepPlace};
    use crate::limits::{NAME_CHARS_MAX, PRODUCTS_PER_CARD_MAX};
    use crate::op::{PositionStated, ProductStated, RefusalCode};
    use crate::sorted_map::Map;

    type Products = Map<ProductNumber, ProductStated>;

    /// Products say what they are, and their texts keep their limits.
    pub(in crate::card::judge) fn named(products: &Products) -> Judgement {
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
        pub(in crate::card::judge) fn found_products(
            &self,
            card: &Card,
            place: StepPlace,
            products: &Products,
        ) -> Judgement {
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

        /// The position that a person states, or whoever marks.
        pub(in crate::card::judge) fn position(&self, position: Option<&PositionStated>) -> Judgement {
            let positions = self.pack.work.as_ref().map_or(&[][..], |work| &work.positions);
            position.map_or(Ok(()), |position| known(positions, &position.id, "position"))
        }

        /// The position as whoever marks states it: another one than was stated before needs a reason, and none is passed over.
        pub(in crate::card::judge) fn found_position(
            &self,
            card: &Card,
            place: StepPlace,
            position: Option<&PositionStated>,
        ) -> Judgement {
            self.position(position)?;
            let before = self.asked().stated_before(card, place).position;
            let field = "position.reason";
            match (position, &before) {
                (None, None) => Ok(()),
                (None, Some(_)) => Err(reject(RefusalCode::ReasonRequired, field)),
                (Some(position), Some(before)) if position.id != before.id => required(&position.reason, field),
                (Some(position), _) => note(&position.reason, field),
            }
        }
    }
}
