//! Random weighted products under any pack that has them.

use shared::num::Exact;
use shared::pack::{DimensionSource, Pack, ProductRule, Rule};
use shared::score::Product;
use shared::sorted_map::Map;

use super::card::factor;
use super::draw::Draw;

/// Products of a card. Their weights add up to what the pack says, and the weights of the main ones are within its
/// bounds.
pub(super) fn products(pack: &Pack, role: &str, flawless: bool, draw: &mut Draw) -> Vec<Product> {
    let counted = pack.components_for(role).any(|component| matches!(component.rule, Rule::Products { .. }));
    let Some(rule) = pack.products.as_ref().filter(|_| counted) else { return Vec::new() };
    // Weights with a required sum need a product to carry them.
    let least = i64::from(rule.count_min.unwrap_or(0)).max(i64::from(rule.weights_sum.is_some()));
    let most = rule.count_max.map_or(8, i64::from);
    let count = draw.between(least, most);
    let mut products: Vec<Product> = (0..count).map(|index| product(rule, index, flawless, draw)).collect();
    weigh(rule, &mut products);
    products
}

fn product(rule: &ProductRule, index: i64, flawless: bool, draw: &mut Draw) -> Product {
    let frame = draw.pick(&rule.frames);
    let marked = rule.dimensions.iter().filter(|dimension| dimension.source == DimensionSource::Mark);
    let lowest = if flawless { 100 } else { 0 };
    let marks: Map<String, Exact> =
        marked.map(|one| (one.id.clone(), Exact::from_int(draw.between(lowest, 100)))).collect();
    let assigned = Exact::from_int(draw.between(1, 10));
    let done = Exact::ratio(draw.between(0, 40), 4).unwrap_or_default();
    let completed = if flawless { assigned.clone() } else { done };
    Product {
        code: format!("SP{index}"),
        frame: frame.map(|frame| frame.id.clone()).unwrap_or_default(),
        frame_weights: frame.map(|frame| shifted(&frame.weights, &rule.shift_max, draw)).unwrap_or_default(),
        weight: Exact::zero(),
        standard: factor(&rule.standards, draw),
        difficulty: factor(&rule.difficulties, draw),
        axis: draw.pick(&rule.axes).map(|axis| axis.id.clone()),
        main: false,
        marks,
        assigned,
        completed,
        late_days: if flawless { 0 } else { draw.few(7) },
    }
}

/// Sometimes a person has weights of their own: what one dimension loses another gains.
fn shifted(weights: &[Exact], most: &Exact, draw: &mut Draw) -> Vec<Exact> {
    if !draw.chance(30) || most.is_zero() || weights.len() < 2 {
        return Vec::new();
    }
    let mut own = weights.to_vec();
    let (from, to) = (draw.below(own.len()), draw.below(own.len()));
    let moved = most * &Exact::ratio(draw.between(0, 4), 4).unwrap_or_default();
    let moved = own.get(from).map_or_else(Exact::zero, |weight| weight.clone().min(moved));
    if let Some(weight) = own.get_mut(from) {
        *weight -= &moved;
    }
    if let Some(weight) = own.get_mut(to) {
        *weight += &moved;
    }
    own
}

/// The first product is the main one and carries the least that its axis must. The others share the rest, each taking
/// half of what is left.
fn weigh(rule: &ProductRule, products: &mut [Product]) {
    let Some(mut left) = rule.weights_sum.clone() else { return };
    let half = Exact::ratio(1, 2).unwrap_or_else(Exact::one);
    let last = products.len().saturating_sub(1);
    for (index, product) in products.iter_mut().enumerate() {
        product.main = index == 0 && rule.main_min.is_some();
        product.weight = match &rule.main_min {
            Some(least) if product.main => least.clone(),
            _ if index == last => left.clone(),
            _ => &left * &half,
        };
        left = &left - &product.weight;
    }
}
