//! The work rules of a pack: how lines are converted, what reduces them, and weighted products.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Text;
use crate::num::Exact;

/// A named factor: a level of difficulty, a position, a kind of product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Word in files.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// The factor; for a standard product, its points. Absent in a template whose text gives none.
    #[serde(default)]
    #[n(2)]
    pub factor: Exact,
}

/// How weighted products are scored: `weight × Σ share of a frame × mark` for each product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct ProductRule {
    /// The required sum of the weights; none where a product's points come from its kind and difficulty.
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
    /// The aspects by which a product is marked: quantity, quality, progress, …
    #[n(5)]
    pub dimensions: Vec<Dimension>,
    /// The weights of the dimensions, by kind of task.
    #[n(6)]
    pub frames: Vec<Frame>,
    /// By how many points of a hundred a person may change a weight of the frame.
    #[serde(default)]
    #[n(7)]
    pub shift_max: Exact,
    /// Points of a product by its kind, where they do not come from its weight.
    #[serde(default)]
    #[n(8)]
    pub standards: Vec<Factor>,
    /// The factors of difficulty.
    #[serde(default)]
    #[n(9)]
    pub difficulties: Vec<Factor>,
    /// The axes that products belong to, where the text groups them.
    #[serde(default)]
    #[n(10)]
    pub axes: Vec<Axis>,
    /// The clause that says so.
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

/// One aspect of a product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Key of the mark: `A`.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// The source of its share of 100.
    #[n(2)]
    pub source: DimensionSource,
}

/// The source of a dimension's mark.
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
    /// The clause that says so.
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
    /// Shares kept by days late, for the reading by bands. Ascending; the last one has no end.
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
    /// The clause that says so.
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
