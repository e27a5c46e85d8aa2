//! From points to a class: facts, thresholds, conditions, who is classified, quotas.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::num::Exact;
use crate::order::Map;

/// What kind of thing a fact states.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactKind {
    /// Yes or no.
    Flag,
    /// A share from 0 to 1.
    Share,
    /// A number of days.
    Days,
    /// A whole number: of months, of votes, of tasks.
    Count,
    /// A class of this pack, of something else: the unit led.
    Class,
}

/// What counts when a fact is not stated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Assumption {
    /// A flag counts as "no", and the result says that this was assumed.
    Absent,
    /// Presence, or another number that has to be large enough, counts as full, and the result says that this was assumed.
    Full,
}

/// A fact the pack reads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactRule {
    /// Key in the input.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Flag, share or days.
    pub kind: FactKind,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// What counts when it is not stated; none: a rule that needs it is an error.
    #[serde(default)]
    pub assume: Option<Assumption>,
    /// Where the text says so.
    pub clause: String,
}

/// A class of the result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Code in files: `HTXS`.
    pub code: String,
    /// Official name.
    pub title: Text,
    /// Lowest total; absent in a template whose text gives none.
    #[serde(default)]
    pub min: Exact,
    /// Lowest totals under readings that set others.
    #[serde(default)]
    pub min_when: Vec<ClassMin>,
    /// Where the text says so.
    pub clause: String,
    /// What must hold besides the points.
    #[serde(default)]
    pub gates: Vec<Gate>,
    /// Of the last class: whether the text gives it to everyone whom no class above takes. Where it only lists its cases, points
    /// and knock-outs alone lead to it, and whoever fits no class is the authority's to decide on.
    #[serde(default)]
    pub otherwise: bool,
}

/// The lowest total of a class under some readings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassMin {
    /// Lowest total.
    pub min: Exact,
    /// Option values under which it counts.
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// A condition on a fact or on a part of the result, besides points.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Code in the result.
    pub code: String,
    /// Words for people.
    pub title: Text,
    /// Fact compared.
    #[serde(default)]
    pub fact: Option<String>,
    /// Component compared, in place of a fact.
    #[serde(default)]
    pub component: Option<String>,
    /// What a flag must be.
    #[serde(default)]
    pub is: Option<bool>,
    /// Lowest value that passes.
    #[serde(default)]
    pub at_least: Option<Exact>,
    /// Highest value that passes.
    #[serde(default)]
    pub at_most: Option<Exact>,
    /// Value that must be exceeded.
    #[serde(default)]
    pub above: Option<Exact>,
    /// Flags that pass in its place.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Option values under which the gate counts; empty: always.
    #[serde(default)]
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// A fact that decides the class alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnockOut {
    /// A flag; or a quantity, with one of the bounds below.
    pub fact: String,
    /// A quantity below this decides.
    #[serde(default)]
    pub below: Option<Exact>,
    /// A quantity above this decides.
    #[serde(default)]
    pub above: Option<Exact>,
    /// The class it leads to.
    pub class: String,
    /// Flags under which it does not count here: it counted in another year, or at another unit.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Option values under which it counts; empty: always.
    #[serde(default)]
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// A class that one's own may not be above: the unit led, while the fact is stated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassCap {
    /// Code in the result.
    pub code: String,
    /// Words for people.
    pub title: Text,
    /// Fact: a class, which is the highest that is left; or a flag, which leaves `class_max`.
    pub fact: String,
    /// Highest class that a flag leaves.
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

/// What must hold for anybody to be classified.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// Code in the result.
    pub code: String,
    /// Words for people.
    pub title: Text,
    /// Fact looked at: days, months, a flag.
    pub fact: String,
    /// Fact that it is measured against: days of the period.
    #[serde(default)]
    pub of: Option<String>,
    /// Lowest value, or lowest share of `of`.
    #[serde(default)]
    pub at_least: Option<Exact>,
    /// Value that must not be reached, or share of `of`.
    #[serde(default)]
    pub below: Option<Exact>,
    /// What a flag must be.
    #[serde(default)]
    pub is: Option<bool>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Option values under which it counts; empty: always.
    #[serde(default)]
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// How many may reach a class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// The class that is limited.
    pub class: String,
    /// The class whose number is the base.
    pub of_class: String,
    /// Whether the base is everyone classified instead.
    #[serde(default)]
    pub of_all: bool,
    /// Highest share.
    pub share: Exact,
    /// Highest share where the organisation is outstanding and the authority so decides.
    pub outstanding_share: Exact,
    /// What decides between equals, first things first; where nothing does, the authority.
    #[serde(default)]
    pub tie_breaks: Vec<TieBreak>,
    /// Where the text says so.
    pub clause: String,
}

/// What decides between people with the same total.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TieBreak {
    /// Key of the number: a component, or something counted, such as quarters in the highest class. More goes first.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Where the text says so.
    pub clause: String,
}

/// When a self-score and the appraisal are so far apart that somebody has to say why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppraisalGap {
    /// Points between the two totals from which an explanation is needed.
    pub points: Exact,
    /// Whether another class needs one, too.
    #[serde(default)]
    pub class: bool,
    /// Where the text says so.
    pub clause: String,
}
