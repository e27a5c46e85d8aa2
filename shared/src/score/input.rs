//! What happened: the input of a score.

use crate::order::{Map, Set};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::num::Exact;
use crate::work::Cause;

/// One person's month as evidence.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardInput {
    /// Readings chosen, by option; the pack's defaults apply to the rest.
    #[serde(default, deserialize_with = "unique")]
    pub options: Map<String, String>,
    /// Who is scored.
    #[serde(default)]
    pub subject: Subject,
    /// Marks by criterion.
    #[serde(deserialize_with = "unique")]
    pub criteria: Map<String, Exact>,
    /// Lines of work.
    pub work: Vec<WorkLine>,
    /// Shares stated about a leader.
    #[serde(default, deserialize_with = "unique")]
    pub leadership: Map<String, Exact>,
    /// Deductions and bonuses the pack defines.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Facts that gates, knock-outs and eligibility read.
    #[serde(default, deserialize_with = "unique")]
    pub facts: Map<String, Fact>,
}

/// Who is scored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// A role of the pack.
    pub role: String,
}

impl Default for Subject {
    fn default() -> Self {
        Self { role: "staff".to_owned() }
    }
}

/// Work of one product in the period.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkLine {
    /// Code of the product.
    pub code: String,
    /// Conversion coefficient k.
    pub coefficient: Exact,
    /// Quantity assigned, what was handed over later included.
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
    /// Quantity done beyond the plan: taken over from a colleague, or new.
    #[serde(default)]
    pub extra: Exact,
    /// Of the quantity assigned, what was handed over to a colleague.
    #[serde(default)]
    pub handed_over: Exact,
}

/// Something that costs or brings points.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Code in the pack.
    pub code: String,
    /// How often.
    pub count: u32,
    /// Where it is recorded.
    #[serde(default)]
    pub evidence: String,
}

/// A stated fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// Yes or no.
    Flag(bool),
    /// A share or a number of days.
    Quantity(Exact),
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(out, "{flag}"),
            Self::Quantity(quantity) => write!(out, "{quantity}"),
        }
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Quantity(quantity) => quantity.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
        match raw.get() {
            "true" => Ok(Self::Flag(true)),
            "false" => Ok(Self::Flag(false)),
            number => serde_json::from_str(number).map(Self::Quantity).map_err(D::Error::custom),
        }
    }
}

/// A map in which no key comes twice: of two marks for one criterion, neither may win silently.
fn unique<'de, D: Deserializer<'de>, V: Deserialize<'de>>(deserializer: D) -> Result<Map<String, V>, D::Error> {
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
