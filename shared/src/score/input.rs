//! The input of a score: what happened in a person's month.

use crate::sorted_map::{Map, Set};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::num::Exact;
use crate::pack::Pack;
use crate::time::Day;
use crate::work::Cause;

/// One person's month as evidence.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardInput {
    /// Readings chosen, by option; the pack's defaults apply to the rest.
    #[serde(default, deserialize_with = "unique")]
    pub options: Map<String, String>,
    /// The person who is scored.
    #[serde(default)]
    pub subject: Subject,
    /// Marks by criterion.
    #[serde(deserialize_with = "unique")]
    pub criteria: Map<String, Exact>,
    /// Criteria that do not apply to this person, where the pack has a reading for it.
    #[serde(default, skip_serializing_if = "Set::is_empty")]
    pub not_applicable: Set<String>,
    /// Reasons by criterion: some packs ask for one below the maximum.
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Map::is_empty")]
    pub reasons: Map<String, String>,
    /// Lines of work.
    pub work: Vec<WorkLine>,
    /// Weighted products.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Product>,
    /// Shares stated about a leader.
    #[serde(default, deserialize_with = "unique")]
    pub leadership: Map<String, Exact>,
    /// Results of the people led, from which a share may follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subordinates: Vec<Subordinate>,
    /// Deductions and bonuses the pack defines.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Facts that gates, knock-outs and eligibility read.
    #[serde(default, deserialize_with = "unique")]
    pub facts: Map<String, Fact>,
    /// Where stated facts and shares are recorded, by field: `facts.disciplined`. What one document records counts
    /// once.
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Map::is_empty")]
    pub sources: Map<String, String>,
    /// The outcome of the person's own score, where the pack compares it with the appraisal.
    #[serde(default, rename = "self", skip_serializing_if = "Option::is_none")]
    pub self_score: Option<SelfScore>,
}

impl CardInput {
    /// Leaves out rows of the form. One that has a mark all the same is refused.
    pub(crate) fn leave_out(&mut self, rows: &Map<String, String>) {
        self.not_applicable = rows.keys().cloned().collect();
    }

    /// Removes the lines of work where the role is marked without any. Lines written for somebody else's role, or by a
    /// device with older rules, must not keep anybody from being scored.
    #[must_use]
    pub fn as_counted(mut self, pack: &Pack) -> Self {
        if !pack.counts_work(&self.subject.role) {
            self.work.clear();
        }
        self
    }
}

/// The outcome of a self-score, with the reason why the appraisal differs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfScore {
    /// Its total.
    pub total: Exact,
    /// Its class, where the pack compares classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The written explanation. A blank one counts as none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub explanation: String,
}

/// The person who is scored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The role in the pack.
    pub role: String,
    /// The position, where the pack multiplies by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
}

impl Default for Subject {
    fn default() -> Self {
        Self { role: "staff".to_owned(), position: None }
    }
}

/// Work on one product in the period.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkLine {
    /// Code of the product; empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// A description of the work for the explanation. It does not affect the result.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Conversion coefficient k.
    pub coefficient: Exact,
    /// Quantity assigned, including what was handed over later.
    pub assigned: Exact,
    /// Quantity accepted as done.
    pub completed: Exact,
    /// Reviews failed.
    #[serde(default)]
    pub failed_reviews: u32,
    /// Times late.
    #[serde(default)]
    pub late_times: u32,
    /// Days late.
    #[serde(default)]
    pub late_days: u32,
    /// Penalties waived by a confirmed objective cause.
    #[serde(default)]
    pub objective_cause: Set<Cause>,
    /// The day someone entitled confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause_confirmed: Option<Day>,
    /// Quantity done beyond the plan: taken over from a colleague, or new.
    #[serde(default)]
    pub extra: Exact,
    /// The part of the quantity assigned that was handed over to a colleague.
    #[serde(default)]
    pub handed_over: Exact,
    /// Level of difficulty, where the pack weighs work by levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difficulty: Option<String>,
    /// Share of a product made together, above 0 and at most 1. The shares of all people in it add up to at most 1.
    #[serde(default = "Exact::one", skip_serializing_if = "is_one")]
    pub share: Exact,
}

impl Default for WorkLine {
    fn default() -> Self {
        Self {
            code: String::new(),
            name: String::new(),
            coefficient: Exact::zero(),
            assigned: Exact::zero(),
            completed: Exact::zero(),
            failed_reviews: 0,
            late_times: 0,
            late_days: 0,
            objective_cause: Set::new(),
            cause_confirmed: None,
            extra: Exact::zero(),
            handed_over: Exact::zero(),
            difficulty: None,
            share: Exact::one(),
        }
    }
}

fn is_one(share: &Exact) -> bool {
    *share == Exact::one()
}

/// One of the few products for which a person is responsible, with its weight.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Name or code.
    pub code: String,
    /// The frame that weighs its dimensions.
    pub frame: String,
    /// The person's own weights in place of the frame's, in the order of the dimensions; empty means the frame's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frame_weights: Vec<Exact>,
    /// Its weight, where the pack weighs products.
    #[serde(default)]
    pub weight: Exact,
    /// Its kind, where the pack gives points by kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
    /// Its difficulty, where the pack multiplies by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difficulty: Option<String>,
    /// The axis it belongs to, where the pack has axes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axis: Option<String>,
    /// Whether it belongs to the main axis.
    #[serde(default)]
    pub main: bool,
    /// Marks by dimension, 0 to 100.
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Map::is_empty")]
    pub marks: Map<String, Exact>,
    /// Quantity assigned, where a dimension reads it.
    #[serde(default)]
    pub assigned: Exact,
    /// Quantity done.
    #[serde(default)]
    pub completed: Exact,
    /// Days late.
    #[serde(default)]
    pub late_days: u32,
}

/// The result of a person led.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subordinate {
    /// The person's id.
    pub id: String,
    /// Their name, for the explanation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The exact total; absent if there is none yet.
    #[serde(default)]
    pub total: Option<Exact>,
}

/// An event that costs or brings points.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Code in the pack.
    pub code: String,
    /// How often it happened.
    pub count: u32,
    /// Where it is recorded.
    #[serde(default)]
    pub evidence: String,
    /// Points each time, where the approver states them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Exact>,
}

/// A stated fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// Yes or no.
    Flag(bool),
    /// A share or a number.
    Quantity(Exact),
    /// A class.
    Class(String),
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(out, "{flag}"),
            Self::Quantity(quantity) => write!(out, "{quantity}"),
            Self::Class(class) => out.write_str(class),
        }
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Quantity(quantity) => quantity.serialize(serializer),
            Self::Class(class) => serializer.serialize_str(class),
        }
    }
}

impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
        match raw.get() {
            "true" => Ok(Self::Flag(true)),
            "false" => Ok(Self::Flag(false)),
            // A word that begins with a letter is a class. Everything else is read, and if necessary refused, as a
            // number.
            text => match serde_json::from_str::<String>(text) {
                Ok(word) if word.starts_with(char::is_alphabetic) => Ok(Self::Class(word)),
                _ => serde_json::from_str(text).map(Self::Quantity).map_err(D::Error::custom),
            },
        }
    }
}

/// Reads a map in which no key may occur twice: of two marks for one criterion, neither may silently replace the other.
pub(super) fn unique<'de, D: Deserializer<'de>, V: Deserialize<'de>>(
    deserializer: D,
) -> Result<Map<String, V>, D::Error> {
    struct Unique<V>(PhantomData<V>);
    impl<'de, V: Deserialize<'de>> Visitor<'de> for Unique<V> {
        type Value = Map<String, V>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut map = Map::new();
            while let Some((key, value)) = entries.next_entry::<String, V>()? {
                if map.contains_key(&key) {
                    return Err(A::Error::custom(format_args!("doubled `{key}`")));
                }
                map.insert(key, value);
            }
            Ok(map)
        }
    }
    deserializer.deserialize_map(Unique(PhantomData))
}
