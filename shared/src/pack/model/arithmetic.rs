//! The arithmetic of a pack: components and the rule by which each is computed.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Text;
use crate::num::Exact;

/// One number of the result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Key in the result: `common`, `a`, `task`, `total`.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// Roles it is computed for; empty for all.
    #[serde(default)]
    #[n(2)]
    pub roles: Vec<String>,
    /// The rule by which it is computed.
    #[n(3)]
    pub rule: Rule,
    /// The clause that says so.
    #[n(4)]
    pub clause: String,
}

/// The arithmetic of one component.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Sum of the marks of some groups.
    #[n(0)]
    Marks {
        /// Groups summed.
        #[n(0)]
        groups: Vec<String>,
    },
    /// One mark as a share of its maximum.
    #[n(1)]
    Share {
        /// Criterion read.
        #[n(0)]
        criterion: String,
    },
    /// Converted work done, over converted work assigned.
    #[n(2)]
    Work(#[n(0)] Measure),
    /// Σ points × times over the events, within bounds.
    #[n(3)]
    Events {
        /// Codes of the events summed.
        #[n(0)]
        of: Vec<String>,
        /// Lowest value; none if there is no lower bound.
        #[serde(default)]
        #[n(1)]
        min: Option<Exact>,
        /// Highest value; none if there is no upper bound.
        #[serde(default)]
        #[n(2)]
        max: Option<Exact>,
    },
    /// Σ points of weighted products.
    #[n(4)]
    Products {
        /// The axis summed; none: all.
        #[serde(default)]
        #[n(0)]
        axis: Option<String>,
        /// Highest value; absent in a template whose text gives none.
        #[serde(default)]
        #[n(1)]
        max: Exact,
    },
    /// A share stated about a leader.
    #[n(5)]
    Stated {
        /// Statement read.
        #[n(0)]
        statement: String,
    },
    /// Sum of earlier components over a number of parts, at most `max`.
    #[n(6)]
    Mean {
        /// The components summed. Their number is the divisor.
        #[n(0)]
        of: Vec<String>,
        /// Highest value.
        #[n(1)]
        max: Exact,
    },
    /// Σ weight × component, at most `max`.
    #[n(7)]
    Sum {
        /// Weighted components.
        #[n(0)]
        terms: Vec<Term>,
        /// Highest value; absent in a template whose text gives none.
        #[serde(default)]
        #[n(1)]
        max: Exact,
    },
}

/// Which part of a line of work counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Measure {
    /// What was completed.
    #[n(0)]
    Quantity,
    /// What was completed and passed review.
    #[n(1)]
    Quality,
    /// What was completed in time.
    #[n(2)]
    Progress,
}

/// One weighted component.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Component.
    #[n(0)]
    pub component: String,
    /// Weight.
    #[n(1)]
    pub weight: Exact,
}
