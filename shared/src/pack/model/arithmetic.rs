//! The arithmetic: components and how each comes about.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::num::Exact;

/// One number of the result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Key in the result: `common`, `a`, `task`, `total`.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Roles it is computed for; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// How it comes about.
    pub rule: Rule,
    /// Where the text says so.
    pub clause: String,
}

/// The arithmetic of one component.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Sum of the marks of some groups.
    Marks {
        /// Groups summed.
        groups: Vec<String>,
    },
    /// One mark as a share of its maximum.
    Share {
        /// Criterion read.
        criterion: String,
    },
    /// Converted work done, over converted work assigned.
    Work(Measure),
    /// Σ points × times over what happened, within bounds.
    Events {
        /// Codes of the events summed.
        of: Vec<String>,
        /// Lowest value; none: as low as it goes.
        #[serde(default)]
        min: Option<Exact>,
        /// Highest value; none: as high as it goes.
        #[serde(default)]
        max: Option<Exact>,
    },
    /// Σ points of weighted products.
    Products {
        /// The axis summed; none: all.
        #[serde(default)]
        axis: Option<String>,
        /// Highest value; absent in a template whose text gives none.
        #[serde(default)]
        max: Exact,
    },
    /// A share stated about a leader.
    Stated {
        /// Statement read.
        statement: String,
    },
    /// Sum of earlier components over a number of parts, at most `max`.
    Mean {
        /// Components summed; their number divides.
        of: Vec<String>,
        /// Highest value.
        max: Exact,
    },
    /// Σ weight × component, at most `max`.
    Sum {
        /// Weighted components.
        terms: Vec<Term>,
        /// Highest value; absent in a template whose text gives none.
        #[serde(default)]
        max: Exact,
    },
}

/// What of a line of work counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// What was completed.
    Quantity,
    /// What was completed and passed review.
    Quality,
    /// What was completed in time.
    Progress,
}

/// One weighted component.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Component.
    pub component: String,
    /// Weight.
    pub weight: Exact,
}
