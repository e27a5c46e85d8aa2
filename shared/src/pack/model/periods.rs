//! Periods of a pack, and how longer ones are made of shorter ones.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Text;
use crate::sorted_map::Map;

/// How the results of shorter periods become the result of a longer one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct RollUp {
    /// `quarter`, `half_year`, `year`.
    #[n(0)]
    pub to: Span,
    /// The kind of period it is made of.
    #[n(1)]
    pub from: Span,
    /// The rule that gives the total.
    #[n(2)]
    pub rule: RollUpRule,
    /// Fewest periods worked; with fewer nobody is classified. Absent where the text sets none.
    #[serde(default)]
    #[n(3)]
    pub worked_min: Option<u32>,
    /// Causes of absence whose periods count for `worked_min` as if they had been worked, although they have no points:
    /// `sick`, `maternity`.
    #[serde(default)]
    #[n(4)]
    pub served: Vec<String>,
    /// How many of its periods have a result of their own, counted from the first; none means all.
    #[serde(default)]
    #[n(5)]
    pub parts: Option<u32>,
    /// Limits on the class of the longer period that follow from a class of a shorter one.
    #[serde(default)]
    #[n(6)]
    pub limits: Vec<RollUpLimit>,
    /// Flags that hold for the longer period as soon as one of the shorter ones has them. For example, a disciplinary
    /// measure in any month is one of the year.
    #[serde(default)]
    #[n(7)]
    pub carries: Vec<String>,
    /// Option values under which the rule counts; empty: always.
    #[serde(default)]
    #[n(8)]
    pub when: Map<String, String>,
    /// The clause that says so.
    #[n(9)]
    pub clause: String,
}

/// A class of a shorter period that limits the class of the longer one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct RollUpLimit {
    /// Code in the result.
    #[n(0)]
    pub code: String,
    /// Words for people.
    #[n(1)]
    pub title: Text,
    /// The class of the shorter period.
    #[n(2)]
    pub after: String,
    /// In how many consecutive periods; one if absent.
    #[serde(default)]
    #[n(3)]
    pub in_a_row: Option<u32>,
    /// Highest class that is left; none where the authority only has to consider something.
    #[serde(default)]
    #[n(4)]
    pub class_max: Option<String>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    #[n(5)]
    pub roles: Vec<String>,
    /// Option values under which it counts; empty: always.
    #[serde(default)]
    #[n(6)]
    pub when: Map<String, String>,
    /// The clause that says so.
    #[n(7)]
    pub clause: String,
}

/// The length of a period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Span {
    /// A month.
    #[n(0)]
    Month,
    /// Three months.
    #[n(1)]
    Quarter,
    /// Six months.
    #[n(2)]
    HalfYear,
    /// Twelve months.
    #[n(3)]
    Year,
}

impl Span {
    /// The number of months in it.
    #[must_use]
    pub const fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }
}

/// The rule that gives the total of a longer period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum RollUpRule {
    /// The mean of the periods worked.
    #[n(0)]
    MeanOfWorked,
    /// The authority decides by its own scoring of the longer period. The shorter periods are shown, not averaged.
    #[n(1)]
    Decided,
}
