//! The form of a pack: criteria and their marks, events, statements about leaders.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Text;
use crate::num::Exact;

/// A part of a form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Number on the form.
    #[n(0)]
    pub id: String,
    /// Official name.
    #[n(1)]
    pub title: Text,
    /// Sum of the maxima of its criteria; absent in a template whose text gives none.
    #[serde(default)]
    #[n(2)]
    pub max: Exact,
    /// Lowest sum for a class above the lowest; none where the text sets none.
    #[serde(default)]
    #[n(3)]
    pub min: Option<Exact>,
    /// The clause that says so.
    #[n(4)]
    pub clause: String,
    /// Roles that it marks; empty for all.
    #[serde(default)]
    #[n(5)]
    pub roles: Vec<String>,
    /// The criteria marked.
    #[n(6)]
    pub criteria: Vec<Criterion>,
}

/// One row of a form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Code in files: `I.1`.
    #[n(0)]
    pub code: String,
    /// Official name.
    #[n(1)]
    pub title: Text,
    /// Highest mark, in points (or percent where the group says so); absent in a template whose text gives none.
    #[serde(default)]
    #[n(2)]
    pub max: Exact,
    /// The step that a screen offers. It is a convenience: any mark from 0 to the maximum is valid.
    #[serde(default)]
    #[n(3)]
    pub step: Option<Exact>,
    /// How it is marked. If absent, the pack or its option `common` decides.
    #[serde(default)]
    #[n(4)]
    pub marking: Option<MarkingRule>,
}

impl Criterion {
    /// Whether a mark lies between 0 and the criterion's maximum. The screen builds its bounds from the same maximum
    /// (`app/src/pages/form.rs`).
    #[must_use]
    pub fn admits(&self, mark: &Exact) -> bool {
        !mark.is_negative() && *mark <= self.max
    }
}

/// How one criterion is marked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "lowercase")]
#[cbor(index_only)]
pub enum MarkingRule {
    /// Any mark from 0 to the maximum.
    #[n(0)]
    Graded,
    /// 0 or the maximum.
    #[n(1)]
    Binary,
}

/// A level of a mark: a range of shares of the maximum.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Word in results.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// Lowest share in the level, included.
    #[n(2)]
    pub from: Exact,
    /// Highest share in the level; included only in the highest level.
    #[n(3)]
    pub to: Exact,
    /// The clause that says so.
    #[n(4)]
    pub clause: String,
}

/// An event that costs or brings points each time it happens.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// Code in files: `harassment`.
    #[n(0)]
    pub code: String,
    /// Words for people.
    #[n(1)]
    pub title: Text,
    /// Points each time, negative for a deduction; absent in a template whose text gives none.
    #[serde(default)]
    #[n(2)]
    pub points: Exact,
    /// The lowest and highest points that may be stated each time, where the approver states them.
    #[serde(default)]
    #[n(3)]
    pub stated: Option<StatedPoints>,
    /// Most times that count in a period; none: every time.
    #[serde(default)]
    #[n(4)]
    pub times_max: Option<u32>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    #[n(5)]
    pub roles: Vec<String>,
    /// The clause that says so.
    #[n(6)]
    pub clause: String,
    /// What it costs where it is found after a result was decided; none where it then costs nothing.
    #[serde(default)]
    #[n(7)]
    pub found_later: Option<FoundLater>,
}

/// Which period and whom a fault costs that is found after the result of its period was decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct FoundLater {
    /// The period.
    #[n(0)]
    pub costs: Costs,
    /// The people.
    #[serde(default = "subject_only")]
    #[n(1)]
    pub whom: Vec<Bearer>,
}

fn subject_only() -> Vec<Bearer> {
    vec![Bearer::Subject]
}

/// The period that a fault costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Costs {
    /// The one in which it is found. The earlier result stands.
    #[n(0)]
    PeriodFound,
    /// The one in which it happened. Its result is set aside and made anew; the earlier one stays readable.
    #[n(1)]
    PeriodHappened,
}

/// Whom a fault costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Bearer {
    /// The person or unit on whose card it is.
    #[n(0)]
    Subject,
    /// The head under whom it happened.
    #[n(1)]
    Head,
}

/// The bounds of the points that the approver states each time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct StatedPoints {
    /// Lowest points.
    #[n(0)]
    pub min: Exact,
    /// Highest points.
    #[n(1)]
    pub max: Exact,
}

/// A share stated about a leader by those who are entitled to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Key in the input: `unit`, `organising`, `cohesion`.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// Roles it is stated for.
    #[n(2)]
    pub roles: Vec<String>,
    /// The total that every subordinate must reach, where the share follows from their totals. The highest share
    /// applies if all reach it, the lowest if one does not.
    #[serde(default)]
    #[n(3)]
    pub subordinates_min: Option<Exact>,
    /// Allowed shares, each with its condition.
    #[n(4)]
    pub values: Vec<StatementValue>,
    /// The clause that says so.
    #[n(5)]
    pub clause: String,
}

/// One allowed share.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct StatementValue {
    /// The share, 0 to 1.
    #[n(0)]
    pub value: Exact,
    /// The condition under which it applies.
    #[n(1)]
    pub when: Text,
}
