//! The output of a score.

use crate::sorted_map::Map;

use serde::Serialize;

use crate::num::Exact;
use crate::pack::Assumption;

/// Decimal places of the rounded value that stands beside an exact one.
pub const DECIMAL_PLACES: u32 = 6;

/// An exact number with a rounded decimal for reading.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Number {
    /// The value.
    pub exact: Exact,
    /// The same value, rounded half up to [`DECIMAL_PLACES`], for reading only.
    pub decimal: String,
}

impl Number {
    /// A number with its decimal.
    #[must_use]
    pub fn new(exact: &Exact) -> Self {
        Self { exact: exact.clone(), decimal: exact.to_decimal(DECIMAL_PLACES) }
    }
}

/// How complete a result is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Total and class are known.
    Scored,
    /// Nothing was assigned, so there is nothing to judge. This never counts as 100 %.
    InsufficientData,
    /// There are points but no class, by a rule named in the explanation.
    NotClassified,
    /// Something is still missing, or the authority has to decide.
    Provisional,
}

/// The bounds of a total that is not known yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Range {
    /// Lowest the total can become.
    pub low: Number,
    /// Highest the total can become.
    pub high: Number,
}

/// A condition that was checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct GateOutcome {
    /// Code of the gate, or the fact of a knock-out.
    pub code: String,
    /// Whether this condition holds.
    pub holds: bool,
    /// The class the condition is for, or the class a knock-out leads to.
    pub class: String,
    /// The clause that says so.
    pub clause: String,
}

/// The class and how it was determined.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ClassOutcome {
    /// The class.
    pub code: String,
    /// The class that the points alone give.
    pub by_points: String,
    /// Conditions besides points.
    pub gates: Vec<GateOutcome>,
}

/// A fact that nobody stated, with the assumption made for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Assumed {
    /// The fact.
    pub fact: String,
    /// The assumption: absent, or full.
    pub value: Assumption,
    /// The clause that says so.
    pub clause: String,
}

/// One step of the computation of a number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Step {
    /// What is computed: a component (`a`), a line of work under it (`a.1`), a group (`I`), `class`, `gate.…`.
    pub step: String,
    /// The formula.
    pub formula: String,
    /// The inputs of the formula.
    pub inputs: Map<String, String>,
    /// The result.
    pub value: String,
    /// The clause that says so.
    pub clause: String,
}

/// A card scored under a pack. `()` in place of the steps leaves the explanation out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Outcome<E = Vec<Step>> {
    /// The pack.
    pub pack: String,
    /// SHA-256 of its encoding, `sha256:…`.
    pub pack_hash: String,
    /// Readings used, defaults included.
    pub options: Map<String, String>,
    /// How complete the result is.
    pub status: Status,
    /// The total, once known.
    pub total: Option<Number>,
    /// Bounds of a total that is not known yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<Range>,
    /// The parts of the total that are known.
    pub components: Map<String, Number>,
    /// What limits took from components that exceeded them.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub excess: Map<String, Number>,
    /// The class, once known.
    pub class: Option<ClassOutcome>,
    /// Fields still needed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// The assumptions made for facts that nobody stated.
    pub assumed: Vec<Assumed>,
    /// Every step, if the steps were requested.
    #[serde(skip_serializing_if = "is_left_out")]
    pub explanation: E,
}

/// Only `()` takes no room.
const fn is_left_out<E>(_: &E) -> bool {
    size_of::<E>() == 0
}
