//! Weighted products in words: how many, what is judged, and how it is weighed.

use leptos::prelude::*;
use shared::pack::{Dimension, DimensionSource, Frame, Pack, ProductRule};

use super::row::{factors, points, row, words};
use crate::i18n::{language, mark, t};

/// One row for the rule as a whole, then one for each frame.
pub(super) fn rows(pack: &Pack, rule: &ProductRule) -> Vec<AnyView> {
    let number = |count: Option<u32>| count.map_or_else(|| "–".to_owned(), |count| count.to_string());
    let counted = (rule.count_min.is_some() || rule.count_max.is_some())
        .then(|| t::rules::products_count(&number(rule.count_min), &number(rule.count_max)));
    let bound = |value: &Option<_>| value.as_ref().map_or_else(|| "–".to_owned(), mark);
    let main = (rule.main_min.is_some() || rule.main_max.is_some())
        .then(|| t::rules::main_weight(&bound(&rule.main_min), &bound(&rule.main_max)));
    let sum = rule.weights_sum.as_ref().map(|sum| t::rules::weights_sum(&mark(sum)));
    let shift = (!rule.shift_max.is_zero()).then(|| t::rules::shift(&mark(&rule.shift_max)));
    let kinds = [factors(&rule.standards), factors(&rule.difficulties)].into_iter().flatten();
    let how: Vec<String> = [counted, sum, main, shift].into_iter().flatten().chain(kinds).collect();
    let looked_at: Vec<String> = rule.dimensions.iter().map(dimension).collect();
    let whole = row(
        pack,
        t::rules::dimensions().to_owned(),
        format!("{}. {}", looked_at.join("; "), how.join(" ")),
        &rule.clause,
    );
    [whole].into_iter().chain(rule.frames.iter().map(|one| frame(pack, rule, one))).collect()
}

fn dimension(one: &Dimension) -> String {
    let source = match &one.source {
        DimensionSource::Mark => t::rules::source_mark().to_owned(),
        DimensionSource::Done => t::rules::source_done().to_owned(),
        DimensionSource::Late => t::rules::source_late().to_owned(),
        DimensionSource::Mean(of) => t::rules::source_mean(&of.join(", ")),
    };
    format!("{}. {} ({source})", one.id, one.title.get(language()))
}

fn frame(pack: &Pack, rule: &ProductRule, frame: &Frame) -> AnyView {
    let weight = |(dimension, weight): (&Dimension, &_)| format!("{} {}", dimension.id, points(weight));
    let weights: Vec<String> = rule.dimensions.iter().zip(&frame.weights).map(weight).collect();
    row(pack, words(&frame.title), weights.join(", "), &frame.clause)
}
