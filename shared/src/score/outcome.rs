//! What follows: the output of a score.

use crate::order::Map;

use serde::Serialize;

use super::classify::Decision;
use super::compute::{self, Computed};
use super::{Card, Judged, TOTAL, explain};
use crate::num::Exact;
use crate::order::map_of;
use crate::pack::{Assumption, FactRule};

/// Decimal places of the reading aid beside an exact value.
pub const DECIMAL_PLACES: u32 = 6;

/// An exact number with a decimal beside it for reading.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Number {
    /// The value.
    pub exact: Exact,
    /// The same, rounded half up to [`DECIMAL_PLACES`], for reading only.
    pub decimal: String,
}

impl Number {
    /// A number beside its decimal.
    #[must_use]
    pub fn new(exact: &Exact) -> Self {
        Self { exact: exact.clone(), decimal: exact.to_decimal(DECIMAL_PLACES) }
    }
}

/// How far a result has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Total and class are known.
    Scored,
    /// Nothing was assigned, so there is nothing to judge: never 100 %.
    InsufficientData,
    /// Points, but no class, by a rule named in the explanation.
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

/// A condition that was looked at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct GateOutcome {
    /// Code of the gate, or the fact of a knock-out.
    pub code: String,
    /// Whether the class stands as far as this condition goes.
    pub holds: bool,
    /// The class the condition is for, or the class a knock-out leads to.
    pub class: String,
    /// Where the text says so.
    pub clause: String,
}

/// The class and how it came about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ClassOutcome {
    /// The class.
    pub code: String,
    /// The class that the points alone give.
    pub by_points: String,
    /// Conditions besides points.
    pub gates: Vec<GateOutcome>,
}

/// Something not stated, and what was taken for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Assumed {
    /// The fact.
    pub fact: String,
    /// What was taken: absent, or full.
    pub value: Assumption,
    /// Where the text says so.
    pub clause: String,
}

/// One step by which a number came about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Step {
    /// What is computed: a component (`a`), a line of work under it (`a.1`), a group (`I`), `class`, `gate.…`.
    pub step: String,
    /// How.
    pub formula: String,
    /// From what.
    pub inputs: Map<String, String>,
    /// The result.
    pub value: String,
    /// Where the text says so.
    pub clause: String,
}

/// A card scored under a pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Outcome {
    /// The pack.
    pub pack: String,
    /// SHA-256 of its file, `sha256:…`.
    pub pack_hash: String,
    /// Readings used, defaults included.
    pub options: Map<String, String>,
    /// How far the result has come.
    pub status: Status,
    /// The total, once known.
    pub total: Option<Number>,
    /// Bounds of a total that is not known yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<Range>,
    /// The parts of the total that are known.
    pub components: Map<String, Number>,
    /// What limits took from components above them.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub excess: Map<String, Number>,
    /// The class, once known.
    pub class: Option<ClassOutcome>,
    /// Fields still needed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What was taken for facts nobody stated.
    pub assumed: Vec<Assumed>,
    /// Every step, where it was asked for.
    pub explanation: Vec<Step>,
}

impl Judged<'_> {
    /// What is said about the card, without the steps.
    pub(super) fn outcome(&self) -> Outcome {
        match (&self.decision, &self.high) {
            (Some(decision), _) => complete(&self.card, &self.low, decision),
            (None, Some(high)) => provisional(&self.card, &self.low, high),
            (None, None) => base(&self.card, &self.low, Status::InsufficientData),
        }
    }

    /// The steps of what is known.
    pub(super) fn explanation(&self) -> Vec<Step> {
        match (&self.decision, &self.high) {
            (Some(decision), _) => {
                let mut steps = explain::steps(&self.card, &self.low);
                steps.extend(explain::class_steps(&self.card, &self.low, decision));
                steps
            }
            (None, Some(high)) => explain::steps(&self.card, &known(&self.low, high)),
            (None, None) => {
                let mut steps = explain::steps(&self.card, &self.low);
                steps.extend(explain::insufficient_step(&self.card));
                steps
            }
        }
    }
}

/// What does not depend on statements still missing.
fn known(low: &Computed, high: &Computed) -> Computed {
    let mut known = low.clone();
    known.values.retain(|id, value| high.values.get(id) == Some(value));
    known
}

fn provisional(card: &Card<'_>, low: &Computed, high: &Computed) -> Outcome {
    let bound = |computed: &Computed| computed.total().map(Number::new);
    let missing = compute::missing_statements(card);
    Outcome {
        range: bound(low).zip(bound(high)).map(|(low, high)| Range { low, high }),
        missing: missing.iter().map(|statement| format!("leadership.{}", statement.id)).collect(),
        total: None,
        ..base(card, &known(low, high), Status::Provisional)
    }
}

fn complete(card: &Card<'_>, computed: &Computed, decision: &Decision<'_>) -> Outcome {
    let status = match decision {
        Decision { ineligible: Some(_), .. } => Status::NotClassified,
        Decision { open: true, .. } => Status::Provisional,
        _ => Status::Scored,
    };
    let class = ClassOutcome {
        code: decision.class.code.clone(),
        by_points: decision.by_points.code.clone(),
        gates: decision.gates.clone(),
    };
    Outcome { class: (status != Status::NotClassified).then_some(class), ..base(card, computed, status) }
}

fn base(card: &Card<'_>, computed: &Computed, status: Status) -> Outcome {
    let parts = computed.values.iter().filter(|(id, _)| *id != TOTAL);
    Outcome {
        pack: card.pack.id.clone(),
        pack_hash: format!("sha256:{}", card.pack.hash),
        options: card.options.clone(),
        status,
        total: computed.total().map(Number::new),
        range: None,
        components: map_of(parts.map(|(id, value)| (id.clone(), Number::new(value)))),
        excess: map_of(computed.excess.iter().map(|(id, value)| (id.clone(), Number::new(value)))),
        class: None,
        missing: Vec::new(),
        assumed: assumed(card),
        explanation: Vec::new(),
    }
}

pub(super) fn assumed(card: &Card<'_>) -> Vec<Assumed> {
    let unstated = |fact: &&FactRule| !card.input.facts.contains_key(&fact.id);
    let taken =
        |fact: &FactRule| Some(Assumed { fact: fact.id.clone(), value: fact.assume?, clause: fact.clause.clone() });
    card.pack.facts_for(card.role).filter(unstated).filter_map(taken).collect()
}
