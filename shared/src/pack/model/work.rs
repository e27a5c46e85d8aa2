//! Work: how lines are converted and lose, and weighted products.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Text;
use crate::num::Exact;

/// A factor by name: a level of difficulty, a position, a kind of product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Word in files.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// The factor; of a standard product its points. Absent in a template whose text gives none.
    #[serde(default)]
    #[n(2)]
    pub factor: Exact,
}

/// How weighted products are scored: `weight × Σ share of a frame × mark`, product by product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct ProductRule {
    /// What the weights add up to; none where a product's points come from its kind and difficulty.
    #[serde(default)]
    #[n(0)]
    pub weights_sum: Option<Exact>,
    /// Fewest products.
    #[serde(default)]
    #[n(1)]
    pub count_min: Option<u32>,
    /// Most products.
    #[serde(default)]
    #[n(2)]
    pub count_max: Option<u32>,
    /// Lowest sum of the weights of the main products, where the text sets one.
    #[serde(default)]
    #[n(3)]
    pub main_min: Option<Exact>,
    /// Highest sum of the weights of the main products, where the text sets one.
    #[serde(default)]
    #[n(4)]
    pub main_max: Option<Exact>,
    /// What a product is looked at for: quantity, quality, progress, …
    #[n(5)]
    pub dimensions: Vec<Dimension>,
    /// How the dimensions are weighed against each other, by kind of task.
    #[n(6)]
    pub frames: Vec<Frame>,
    /// By how many points of a hundred a person's frame may move a weight.
    #[serde(default)]
    #[n(7)]
    pub shift_max: Exact,
    /// Points of a product by its kind, where they do not come from its weight.
    #[serde(default)]
    #[n(8)]
    pub standards: Vec<Factor>,
    /// Factors of difficulty.
    #[serde(default)]
    #[n(9)]
    pub difficulties: Vec<Factor>,
    /// The axes that products belong to, where the text groups them.
    #[serde(default)]
    #[n(10)]
    pub axes: Vec<Axis>,
    /// Where the text says so.
    #[n(11)]
    pub clause: String,
}

/// A field of work that products belong to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// Word in files.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
}

/// One view of a product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Key of the mark: `A`.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// Where its share of 100 comes from.
    #[n(2)]
    pub source: DimensionSource,
}

/// Where a dimension's mark comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum DimensionSource {
    /// A mark from 0 to 100.
    #[n(0)]
    Mark,
    /// Quantity done over quantity assigned, at most 1.
    #[n(1)]
    Done,
    /// The share kept by days late, by the pack's bands.
    #[n(2)]
    Late,
    /// The mean of other dimensions.
    #[n(3)]
    Mean(#[n(0)] Vec<String>),
}

/// Weights of the dimensions for a kind of task.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// Word in files.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// Points of a hundred, in the order of the dimensions.
    #[n(2)]
    pub weights: Vec<Exact>,
    /// Where the text says so.
    #[n(3)]
    pub clause: String,
}

/// How failed reviews and lateness lower a line of work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct WorkRule {
    /// Share of a line's quality lost by each failed review.
    #[n(0)]
    pub failed_review_loss: Exact,
    /// Share of a line's progress lost by each lateness (or day late).
    #[n(1)]
    pub late_loss: Exact,
    /// Shares kept by days late, for the reading by bands; ascending, last one without an end.
    #[serde(default)]
    #[n(2)]
    pub late_bands: Vec<LateBand>,
    /// Levels of difficulty, for the readings that weigh work by them.
    #[serde(default)]
    #[n(3)]
    pub difficulties: Vec<Factor>,
    /// Factors by position, for the reading that multiplies by them.
    #[serde(default)]
    #[n(4)]
    pub positions: Vec<Factor>,
    /// Where the text says so.
    #[n(5)]
    pub clause: String,
}

/// Share of progress kept up to a number of days late.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct LateBand {
    /// Last day of the band; none for the last band.
    #[serde(default)]
    #[n(0)]
    pub to_days: Option<u32>,
    /// Share kept, 0 to 1.
    #[n(1)]
    pub kept: Exact,
}
