//! Weighted products: the few things for which a person is responsible, each marked by several aspects.

use super::Card;
use super::input::Product;
use super::plan::{factor, kept_after_days};
use crate::num::Exact;
use crate::pack::{DimensionSource, ProductRule, WorkRule};

/// A product with its result.
pub(super) struct Measured {
    /// Place of its axis.
    pub(super) axis: Option<usize>,
    /// Its points for a perfect result.
    pub(super) base: Exact,
    /// Share reached and weight, both from 0 to 1, in the order of the dimensions.
    pub(super) dimensions: Vec<(Exact, Exact)>,
}

/// The products of a card.
pub(super) fn measured(card: &Card<'_>) -> Vec<Measured> {
    let Some(rule) = &card.pack.products else { return Vec::new() };
    card.input.products.iter().map(|product| measure(card.pack.work.as_ref(), rule, product)).collect()
}

fn measure(work: Option<&WorkRule>, rule: &ProductRule, product: &Product) -> Measured {
    let axis = product.axis.as_ref().and_then(|id| rule.axes.iter().position(|axis| axis.id == *id));
    Measured { axis, base: base_of(rule, product), dimensions: dimensions_of(work, rule, product) }
}

/// The points of a product for a perfect result: its weight, or its kind times its difficulty.
fn base_of(rule: &ProductRule, product: &Product) -> Exact {
    if rule.standards.is_empty() {
        return product.weight.clone();
    }
    factor(&rule.standards, product.standard.as_ref()) * factor(&rule.difficulties, product.difficulty.as_ref())
}

/// Share reached and weight, both from 0 to 1, in the order of the dimensions.
fn dimensions_of(work: Option<&WorkRule>, rule: &ProductRule, product: &Product) -> Vec<(Exact, Exact)> {
    let hundred = Exact::from_int(100);
    let of_hundred = |value: &Exact| value.checked_div(&hundred).unwrap_or_default();
    let given = |source: &DimensionSource, id: &String| match source {
        DimensionSource::Mark => product.marks.get(id).map(of_hundred).unwrap_or_default(),
        DimensionSource::Done => product.completed.checked_div(&product.assigned).unwrap_or_default().min(Exact::one()),
        DimensionSource::Late => work.map(|work| kept_after_days(work, product.late_days)).unwrap_or_default(),
        DimensionSource::Mean(_) => Exact::zero(),
    };
    let share = |id: &String| {
        let dimension = rule.dimensions.iter().find(|dimension| dimension.id == *id);
        dimension.map(|dimension| given(&dimension.source, id)).unwrap_or_default()
    };
    let weights = match rule.frames.iter().find(|frame| frame.id == product.frame) {
        Some(frame) if product.frame_weights.is_empty() => &frame.weights,
        _ => &product.frame_weights,
    };
    let one = |(dimension, weight): (&crate::pack::Dimension, &Exact)| {
        let reached = match &dimension.source {
            DimensionSource::Mean(of) => {
                let count = Exact::from_int(i64::try_from(of.len()).unwrap_or(1));
                of.iter().map(share).sum::<Exact>().checked_div(&count).unwrap_or_default()
            }
            _ => share(&dimension.id),
        };
        (reached, of_hundred(weight))
    };
    rule.dimensions.iter().zip(weights).map(one).collect()
}
