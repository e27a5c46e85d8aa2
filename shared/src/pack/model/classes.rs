//! The rules of a pack from points to a class: facts, thresholds, conditions, eligibility, quotas.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Text;
use crate::num::Exact;
use crate::sorted_map::Map;

/// The kind of value that a fact has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "lowercase")]
#[cbor(index_only)]
pub enum FactKind {
    /// Yes or no.
    #[n(0)]
    Flag,
    /// A share from 0 to 1.
    #[n(1)]
    Share,
    /// A number of days.
    #[n(2)]
    Days,
    /// A whole number: of months, of votes, of tasks.
    #[n(3)]
    Count,
    /// A class of this pack that something else has: the unit led.
    #[n(4)]
    Class,
}

/// The value that counts when a fact is not stated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "lowercase")]
#[cbor(index_only)]
pub enum Assumption {
    /// A flag counts as "no". The result states this assumption.
    #[n(0)]
    Absent,
    /// Presence, or another number that has to be large enough, counts as full. The result states this assumption.
    #[n(1)]
    Full,
}

/// A fact the pack reads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct FactRule {
    /// Key in the input.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// Flag, share or days.
    #[n(2)]
    pub kind: FactKind,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    #[n(3)]
    pub roles: Vec<String>,
    /// The value that counts when it is not stated; none: a rule that needs it is an error.
    #[serde(default)]
    #[n(4)]
    pub assume: Option<Assumption>,
    /// The clause that says so.
    #[n(5)]
    pub clause: String,
}

/// A class of the result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Code in files: `HTXS`.
    #[n(0)]
    pub code: String,
    /// Official name.
    #[n(1)]
    pub title: Text,
    /// Lowest total; absent in a template whose text gives none.
    #[serde(default)]
    #[n(2)]
    pub min: Exact,
    /// Lowest totals under readings that set others.
    #[serde(default)]
    #[n(3)]
    pub min_when: Vec<ClassMin>,
    /// The clause that says so.
    #[n(4)]
    pub clause: String,
    /// What must hold besides the points.
    #[serde(default)]
    #[n(5)]
    pub gates: Vec<Gate>,
    /// For the last class: whether the text gives it to everyone who fits no class above. Where the text only lists its
    /// cases, only points and knock-outs lead to it, and the authority decides on people who fit no class.
    #[serde(default)]
    #[n(6)]
    pub otherwise: bool,
}

/// The lowest total of a class under some readings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct ClassMin {
    /// Lowest total.
    #[n(0)]
    pub min: Exact,
    /// Option values under which it counts.
    #[n(1)]
    pub when: Map<String, String>,
    /// The clause that says so.
    #[n(2)]
    pub clause: String,
}

/// A condition on a fact or on a part of the result, besides points.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Code in the result.
    #[n(0)]
    pub code: String,
    /// Words for people.
    #[n(1)]
    pub title: Text,
    /// Fact compared.
    #[serde(default)]
    #[n(2)]
    pub fact: Option<String>,
    /// Component compared, in place of a fact.
    #[serde(default)]
    #[n(3)]
    pub component: Option<String>,
    /// What a flag must be.
    #[serde(default)]
    #[n(4)]
    pub is: Option<bool>,
    /// Lowest value that passes.
    #[serde(default)]
    #[n(5)]
    pub at_least: Option<Exact>,
    /// Highest value that passes.
    #[serde(default)]
    #[n(6)]
    pub at_most: Option<Exact>,
    /// Value that must be exceeded.
    #[serde(default)]
    #[n(7)]
    pub above: Option<Exact>,
    /// Flags that pass in its place.
    #[serde(default)]
    #[n(8)]
    pub unless: Vec<String>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    #[n(9)]
    pub roles: Vec<String>,
    /// Option values under which the gate counts; empty: always.
    #[serde(default)]
    #[n(10)]
    pub when: Map<String, String>,
    /// The clause that says so.
    #[n(11)]
    pub clause: String,
}

/// A fact that alone decides the class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct KnockOut {
    /// A flag; or a quantity, with one of the bounds below.
    #[n(0)]
    pub fact: String,
    /// A quantity below this decides.
    #[serde(default)]
    #[n(1)]
    pub below: Option<Exact>,
    /// A quantity above this decides.
    #[serde(default)]
    #[n(2)]
    pub above: Option<Exact>,
    /// The class it leads to.
    #[n(3)]
    pub class: String,
    /// Flags under which it does not count here, because it counted in another year or at another unit.
    #[serde(default)]
    #[n(4)]
    pub unless: Vec<String>,
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

/// The class that a person's class may not exceed: that of the unit led, while the fact is stated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct ClassCap {
    /// Code in the result.
    #[n(0)]
    pub code: String,
    /// Words for people.
    #[n(1)]
    pub title: Text,
    /// The fact that caps: a class, which is then the highest one left; or a flag, which leaves `class_max`.
    #[n(2)]
    pub fact: String,
    /// Highest class that a flag leaves.
    #[serde(default)]
    #[n(3)]
    pub class_max: Option<String>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    #[n(4)]
    pub roles: Vec<String>,
    /// Option values under which it counts; empty: always.
    #[serde(default)]
    #[n(5)]
    pub when: Map<String, String>,
    /// The clause that says so.
    #[n(6)]
    pub clause: String,
}

/// A condition for being classified at all.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// Code in the result.
    #[n(0)]
    pub code: String,
    /// Words for people.
    #[n(1)]
    pub title: Text,
    /// The fact compared: days, months, a flag.
    #[n(2)]
    pub fact: String,
    /// Fact that it is measured against: days of the period.
    #[serde(default)]
    #[n(3)]
    pub of: Option<String>,
    /// Lowest value, or lowest share of `of`.
    #[serde(default)]
    #[n(4)]
    pub at_least: Option<Exact>,
    /// Value that must not be reached, or share of `of`.
    #[serde(default)]
    #[n(5)]
    pub below: Option<Exact>,
    /// What a flag must be.
    #[serde(default)]
    #[n(6)]
    pub is: Option<bool>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    #[n(7)]
    pub roles: Vec<String>,
    /// Option values under which it counts; empty: always.
    #[serde(default)]
    #[n(8)]
    pub when: Map<String, String>,
    /// The clause that says so.
    #[n(9)]
    pub clause: String,
}

/// How many may reach a class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// The class that is limited.
    #[n(0)]
    pub class: String,
    /// The class whose number is the base.
    #[n(1)]
    pub of_class: String,
    /// Whether the base is everyone classified instead.
    #[serde(default)]
    #[n(2)]
    pub of_all: bool,
    /// Highest share.
    #[n(3)]
    pub share: Exact,
    /// Highest share where the organisation is outstanding and the authority so decides.
    #[n(4)]
    pub outstanding_share: Exact,
    /// The rules between people with equal totals, in order. Where none decides, the authority does.
    #[serde(default)]
    #[n(5)]
    pub tie_breaks: Vec<TieBreak>,
    /// The clause that says so.
    #[n(6)]
    pub clause: String,
}

/// A rule between people with the same total.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct TieBreak {
    /// Key of the number: a component, or something counted, such as quarters in the highest class. The higher number
    /// goes first.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// The clause that says so.
    #[n(2)]
    pub clause: String,
}

/// When a self-score and the appraisal differ so much that somebody must give an explanation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct AppraisalGap {
    /// Points between the two totals from which an explanation is needed.
    #[n(0)]
    pub points: Exact,
    /// Whether a different class needs one, too.
    #[serde(default)]
    #[n(1)]
    pub class: bool,
    /// The clause that says so.
    #[n(2)]
    pub clause: String,
}
