//! Time: longer periods made of shorter ones, and the stages of a card.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Text;
use crate::sorted_map::Map;

/// How results of shorter periods become one of a longer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct RollUp {
    /// `quarter`, `half_year`, `year`.
    #[n(0)]
    pub to: Span,
    /// The kind of period it is made of.
    #[n(1)]
    pub from: Span,
    /// How the total comes about.
    #[n(2)]
    pub rule: RollUpRule,
    /// Fewest periods worked; with less nobody is classified. Absent where the text sets none.
    #[serde(default)]
    #[n(3)]
    pub worked_min: Option<u32>,
    /// Causes of absence whose periods count for `worked_min` as if they had been worked, though they have no points: `sick`,
    /// `maternity`.
    #[serde(default)]
    #[n(4)]
    pub served: Vec<String>,
    /// How many of its periods have a result of their own, counted from the first; none: all.
    #[serde(default)]
    #[n(5)]
    pub parts: Option<u32>,
    /// A class of a shorter period after which the longer one's class is limited.
    #[serde(default)]
    #[n(6)]
    pub limits: Vec<RollUpLimit>,
    /// Flags that hold for the longer period as soon as one of the shorter ones has them: a discipline of any month is one of
    /// the year.
    #[serde(default)]
    #[n(7)]
    pub carries: Vec<String>,
    /// Option values under which the rule counts; empty: always.
    #[serde(default)]
    #[n(8)]
    pub when: Map<String, String>,
    /// Where the text says so.
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
    /// In how many periods one after the other; once where nothing is said.
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
    /// Where the text says so.
    #[n(7)]
    pub clause: String,
}

/// How long a period is.
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
    /// Months in it.
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

/// How a longer period's total comes about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum RollUpRule {
    /// The mean of the periods worked.
    #[n(0)]
    MeanOfWorked,
    /// The authority decides by its own scoring of the longer period; the periods are shown, not averaged.
    #[n(1)]
    Decided,
}

/// A step of a card through people's hands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// `assign`, `report`, `self_score`, `appraise`, `approve`, `publish`.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// Who acts: `subject`, `direct_head`, `agency_head`, `personnel`, `team`.
    #[n(2)]
    pub scorer: String,
    /// Last day of the month for it, where the text gives one; with `deadline_before` the day that is too late.
    #[serde(default)]
    #[n(3)]
    pub deadline_day: Option<u8>,
    /// Months after the period's last that the day lies in; 0 where nothing is said.
    #[serde(default)]
    #[n(4)]
    pub deadline_months_after: u8,
    /// The day in a period that ends in December, where the text gives another.
    #[serde(default)]
    #[n(5)]
    pub deadline_day_december: Option<u8>,
    /// Whether the text says “before” those days (“trước ngày”), not “by” them (“chậm nhất ngày”).
    #[serde(default)]
    #[n(6)]
    pub deadline_before: bool,
    /// First day of the period's last month on which it may be done; where nothing is said, any day of the period, and for
    /// `approve` [`crate::limits::DECIDE_FROM_DAY`].
    #[serde(default)]
    #[n(7)]
    pub opens_day: Option<u8>,
    /// The day in a period that ends in December, where it is another.
    #[serde(default)]
    #[n(8)]
    pub opens_day_december: Option<u8>,
    /// Where the text says so.
    #[n(9)]
    pub clause: String,
}
