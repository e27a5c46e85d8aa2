//! The form: criteria and their marks, events, what is stated about leaders.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::num::Exact;

/// A part of a form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Number on the form.
    pub id: String,
    /// Official name.
    pub title: Text,
    /// Sum of the maxima of its criteria; absent in a template whose text gives none.
    #[serde(default)]
    pub max: Exact,
    /// Lowest sum with which a class above the lowest can be reached; none where the text sets none.
    #[serde(default)]
    pub min: Option<Exact>,
    /// Where the text says so.
    pub clause: String,
    /// Roles marked by it; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// What is marked.
    pub criteria: Vec<Criterion>,
}

/// One row of a form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Code in files: `I.1`.
    pub code: String,
    /// Official name.
    pub title: Text,
    /// Highest mark, in points (or percent where the group says so); absent in a template whose text gives none.
    #[serde(default)]
    pub max: Exact,
    /// Step a screen offers. A convenience: any mark from 0 to the maximum is valid.
    #[serde(default)]
    pub step: Option<Exact>,
    /// How it is marked; as the pack or its option `common` says where nothing is said here.
    #[serde(default)]
    pub marking: Option<MarkingRule>,
}

/// How one criterion is marked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkingRule {
    /// Any mark from 0 to the maximum.
    Graded,
    /// 0 or the maximum.
    Binary,
}

/// A level of a mark: which share of the maximum it takes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Word in results.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Lowest share of it, included.
    pub from: Exact,
    /// Highest share of it, not included but in the highest level.
    pub to: Exact,
    /// Where the text says so.
    pub clause: String,
}

/// Something that costs or brings points, by the time it happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// Code in files: `harassment`.
    pub code: String,
    /// Words for people.
    pub title: Text,
    /// Points each time, negative for a deduction; absent in a template whose text gives none.
    #[serde(default)]
    pub points: Exact,
    /// Where the approver states the points: the lowest and highest that may be stated each time.
    #[serde(default)]
    pub stated: Option<StatedPoints>,
    /// Most times that count in a period; none: every time.
    #[serde(default)]
    pub times_max: Option<u32>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Where the text says so.
    pub clause: String,
}

/// Points that whoever approves states each time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedPoints {
    /// Lowest.
    pub min: Exact,
    /// Highest.
    pub max: Exact,
}

/// A share stated about a leader by those entitled to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Key in the input: `unit`, `organising`, `cohesion`.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Roles it is stated for.
    pub roles: Vec<String>,
    /// The total below which no subordinate may be, where the share follows from theirs: the highest share if all reach
    /// it, the lowest if one does not.
    #[serde(default)]
    pub subordinates_min: Option<Exact>,
    /// Allowed shares, each with its condition.
    pub values: Vec<StatementValue>,
    /// Where the text says so.
    pub clause: String,
}

/// One allowed share.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementValue {
    /// The share, 0 to 1.
    pub value: Exact,
    /// When it applies.
    pub when: Text,
}
