//! Time: longer periods made of shorter ones, and the stages of a card.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::order::Map;

/// How results of shorter periods become one of a longer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollUp {
    /// `quarter`, `half_year`, `year`.
    pub to: Span,
    /// The kind of period it is made of.
    pub from: Span,
    /// How the total comes about.
    pub rule: RollUpRule,
    /// Fewest periods worked; with less nobody is classified. Absent where the text sets none.
    #[serde(default)]
    pub worked_min: Option<u32>,
    /// Causes of absence whose periods count for `worked_min` as if they had been worked, though they have no points: `sick`,
    /// `maternity`.
    #[serde(default)]
    pub served: Vec<String>,
    /// How many of its periods have a result of their own, counted from the first; none: all.
    #[serde(default)]
    pub parts: Option<u32>,
    /// A class of a shorter period after which the longer one's class is limited.
    #[serde(default)]
    pub limits: Vec<RollUpLimit>,
    /// Flags that hold for the longer period as soon as one of the shorter ones has them: a discipline of any month is one of
    /// the year.
    #[serde(default)]
    pub carries: Vec<String>,
    /// Option values under which the rule counts; empty: always.
    #[serde(default)]
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// A class of a shorter period that limits the class of the longer one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollUpLimit {
    /// Code in the result.
    pub code: String,
    /// Words for people.
    pub title: Text,
    /// The class of the shorter period.
    pub after: String,
    /// In how many periods one after the other; once where nothing is said.
    #[serde(default)]
    pub in_a_row: Option<u32>,
    /// Highest class that is left; none where the authority only has to consider something.
    #[serde(default)]
    pub class_max: Option<String>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Option values under which it counts; empty: always.
    #[serde(default)]
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// How long a period is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    HalfYear,
    /// Twelve months.
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
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollUpRule {
    /// The mean of the periods worked.
    MeanOfWorked,
    /// The authority decides by its own scoring of the longer period; the periods are shown, not averaged.
    Decided,
}

/// A step of a card through people's hands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// `assign`, `report`, `self_score`, `appraise`, `approve`, `publish`.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Who acts: `subject`, `direct_head`, `agency_head`, `personnel`, `team`.
    pub scorer: String,
    /// Last day of the month for it, where the text gives one; with `deadline_before` the day that is too late.
    #[serde(default)]
    pub deadline_day: Option<u8>,
    /// Months after the period's last that the day lies in; 0 where nothing is said.
    #[serde(default)]
    pub deadline_months_after: u8,
    /// The day in a period that ends in December, where the text gives another.
    #[serde(default)]
    pub deadline_day_december: Option<u8>,
    /// Whether the text says “before” those days (“trước ngày”), not “by” them (“chậm nhất ngày”).
    #[serde(default)]
    pub deadline_before: bool,
    /// First day of the period's last month on which it may be done; where nothing is said, any day of the period, and for
    /// `approve` [`crate::limits::DECIDE_FROM_DAY`].
    #[serde(default)]
    pub opens_day: Option<u8>,
    /// The day in a period that ends in December, where it is another.
    #[serde(default)]
    pub opens_day_december: Option<u8>,
    /// Where the text says so.
    pub clause: String,
}
