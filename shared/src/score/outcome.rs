//! What follows: the output of a score.

use crate::sorted_map::Map;

use serde::Serialize;

use super::classify::{Condition, Decision};
use super::plan::Plan;
use super::run::Values;
use super::{Card, Judged, appraisal, explain};
use crate::num::Exact;
use crate::pack::{Assumption, FactKind, FactRule};

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
            (Some(decision), _) => self.complete(decision),
            (None, Some(high)) => self.provisional(high),
            (None, None) => self.base(Status::InsufficientData),
        }
    }

    /// The steps of what is known.
    pub(super) fn explanation(&self) -> Vec<Step> {
        let mut steps = explain::steps(self);
        match (&self.decision, &self.high) {
            (Some(decision), _) => {
                let Self { card, plan, sheet, low: values, conditions, .. } = self;
                let decided = explain::Decided { card, plan, sheet, values, decision, conditions };
                steps.extend(decided.steps(self.total()));
            }
            (None, Some(_)) => {}
            (None, None) => steps.extend(explain::insufficient_step(&self.card)),
        }
        steps.extend(appraisal::step(self));
        steps
    }

    /// A component, where nothing still missing can change it.
    pub(super) fn known(&self, place: usize) -> Option<&Exact> {
        let low = self.low.components.get(place)?.as_ref()?;
        let same = |high: &Values<Exact>| high.components.get(place).and_then(Option::as_ref) == Some(low);
        self.high.as_ref().is_none_or(same).then_some(low)
    }

    fn provisional(&self, high: &Values<Exact>) -> Outcome {
        let bound = |values: &Values<Exact>| values.components.get(self.plan.total)?.as_ref().map(Number::new);
        Outcome {
            range: bound(&self.low).zip(bound(high)).map(|(low, high)| Range { low, high }),
            missing: self.open_statements().flat_map(|place| self.missing(place)).collect(),
            total: None,
            ..self.base(Status::Provisional)
        }
    }

    /// What a statement still waits for: the results of people led, or whoever states it.
    fn missing(&self, place: usize) -> Vec<String> {
        let Some(statement) = self.plan.statements.get(place) else { return Vec::new() };
        let led = &self.card.input.subordinates;
        if statement.subordinates_min.is_none() || led.is_empty() {
            return vec![format!("leadership.{}", statement.id)];
        }
        let waiting = led.iter().enumerate().filter(|(_, one)| one.total.is_none());
        waiting.map(|(index, _)| format!("subordinates[{index}].total")).collect()
    }

    fn complete(&self, decision: &Decision) -> Outcome {
        let status = match decision {
            Decision { ineligible: Some(_), .. } => Status::NotClassified,
            Decision { open: true, .. } => Status::Provisional,
            _ => Status::Scored,
        };
        let class = class_outcome(&self.plan, decision, &self.conditions);
        Outcome { class: class.filter(|_| status != Status::NotClassified), ..self.base(status) }
    }

    fn base(&self, status: Status) -> Outcome {
        let named = |place: usize| self.plan.components.get(place).map(|(component, _)| component.id.clone());
        let known = (0..self.plan.components.len()).filter(|place| *place != self.plan.total);
        let excess = self.low.excess.iter();
        Outcome {
            pack: self.card.pack.id.clone(),
            pack_hash: format!("sha256:{}", self.card.pack.hash),
            options: self.card.options.clone(),
            status,
            total: self.total().map(Number::new),
            range: None,
            components: known.filter_map(|place| Some((named(place)?, Number::new(self.known(place)?)))).collect(),
            excess: excess.filter_map(|(place, excess)| Some((named(*place)?, Number::new(excess)))).collect(),
            class: None,
            missing: Vec::new(),
            assumed: assumed(&self.plan, &self.card),
            explanation: Vec::new(),
        }
    }
}

/// The class and the conditions looked at, in words; nothing where no class follows from the text.
pub(super) fn class_outcome(
    plan: &Plan<'_, Exact>,
    decision: &Decision,
    conditions: &[(Condition, bool)],
) -> Option<ClassOutcome> {
    let code = |place: usize| plan.classes.get(place).map(|class| class.class.code.clone());
    Some(ClassOutcome {
        code: code(decision.class?)?,
        by_points: code(decision.by_points)?,
        gates: conditions.iter().filter_map(|(condition, holds)| gate(plan, *condition, *holds)).collect(),
    })
}

fn gate(plan: &Plan<'_, Exact>, condition: Condition, holds: bool) -> Option<GateOutcome> {
    let of_class = |place: usize| plan.classes.get(place);
    let (code, class, clause) = match condition {
        Condition::KnockOut(place) => {
            let rule = plan.knock_outs.get(place)?.rule;
            (&rule.fact, &rule.class, &rule.clause)
        }
        Condition::Gate(class, place) => {
            let class = of_class(class)?;
            let gate = class.gates.get(place)?.gate;
            (&gate.code, &class.class.code, &gate.clause)
        }
        Condition::GroupMin(class, group) => {
            let group = plan.groups.get(group)?.group;
            (&group.id, &of_class(class)?.class.code, &group.clause)
        }
        Condition::Cap(place) => {
            let rule = plan.caps.get(place)?.0;
            (&rule.code, &plan.classes.first()?.class.code, &rule.clause)
        }
    };
    Some(GateOutcome { code: code.clone(), holds, class: class.clone(), clause: clause.clone() })
}

/// What was taken for facts nobody stated. A flag that no rule in force reads was not taken for anything.
pub(super) fn assumed(plan: &Plan<'_, Exact>, card: &Card<'_>) -> Vec<Assumed> {
    let taken = |(place, fact): (usize, &&FactRule)| {
        let counts = fact.kind != FactKind::Flag || plan.reads(place);
        let value = fact.assume.filter(|_| counts && !card.input.facts.contains_key(&fact.id))?;
        Some(Assumed { fact: fact.id.clone(), value, clause: fact.clause.clone() })
    };
    plan.facts.iter().enumerate().filter_map(taken).collect()
}
