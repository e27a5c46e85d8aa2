//! From points and facts to a class.

use super::compute::Computed;
use super::error::InputError;
use super::input::Fact;
use super::outcome::GateOutcome;
use super::switches::GateFailure;
use super::{Card, applies, check};
use crate::num::Exact;
use crate::pack::{Class, Eligibility, FactKind, Gate};

/// How the class came about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Decision<'a> {
    /// The class that the points alone give.
    pub(super) by_points: &'a Class,
    /// The class decided.
    pub(super) class: &'a Class,
    /// Conditions looked at, in order.
    pub(super) gates: Vec<GateOutcome>,
    /// Whether the authority still has to decide.
    pub(super) open: bool,
    /// The rule by which the person is not classified at all.
    pub(super) ineligible: Option<&'a Eligibility>,
}

/// Classifies a total.
///
/// # Errors
/// A fact that a gate needs and nobody stated.
pub(super) fn classify<'a>(card: &Card<'a>, computed: &Computed) -> Result<Decision<'a>, Vec<InputError>> {
    let total = computed.total().cloned().unwrap_or_default();
    let reached = || card.pack.classes.iter().filter(|class| class.min <= total);
    let lowest = card.pack.classes.last().ok_or_else(|| vec![InputError::template(&card.pack.id)])?;
    let by_points = reached().next().unwrap_or(lowest);
    let mut gates = Vec::new();
    let mut decided = knock_out(card, &mut gates);
    let knocked_out = decided.is_some();
    for class in reached() {
        if decided.is_none() && all_gates_hold(card, class, &mut gates)? {
            decided = Some(class);
        }
    }
    let class = decided.unwrap_or(lowest);
    let open = !knocked_out && class.code != by_points.code && card.switches.gate_failure == GateFailure::Authority;
    Ok(Decision { by_points, class, gates, open, ineligible: ineligible(card)? })
}

/// The lowest class that a stated knock-out leads to. Every knock-out is recorded, stated or not.
fn knock_out<'a>(card: &Card<'a>, gates: &mut Vec<GateOutcome>) -> Option<&'a Class> {
    let mut decided: Option<&Class> = None;
    for rule in &card.pack.knock_outs {
        if !card.pack.facts_for(card.role).any(|fact| fact.id == rule.fact) {
            continue;
        }
        let stated = card.input.facts.get(&rule.fact) == Some(&Fact::Flag(true));
        gates.push(GateOutcome {
            code: rule.fact.clone(),
            holds: !stated,
            class: rule.class.clone(),
            clause: rule.clause.clone(),
        });
        let class = card.pack.class(&rule.class).filter(|_| stated);
        if let Some(class) = class
            && decided.is_none_or(|lowest| class.min < lowest.min)
        {
            decided = Some(class);
        }
    }
    decided
}

fn all_gates_hold(card: &Card<'_>, class: &Class, gates: &mut Vec<GateOutcome>) -> Result<bool, Vec<InputError>> {
    let mut all = true;
    let mut errors = Vec::new();
    for gate in class.gates.iter().filter(|gate| applies(&gate.when, &card.options)) {
        match stated_quantity(card, &gate.fact) {
            Ok(value) => {
                let holds = holds(gate, value);
                all &= holds;
                let (code, clause) = (gate.code.clone(), gate.clause.clone());
                gates.push(GateOutcome { code, holds, class: class.code.clone(), clause });
            }
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(all) } else { Err(errors) }
}

/// Whether a value passes a gate.
fn holds(gate: &Gate, value: &Exact) -> bool {
    gate.at_least.as_ref().is_none_or(|lowest| value >= lowest)
        && gate.at_most.as_ref().is_none_or(|highest| value <= highest)
}

fn stated_quantity<'a>(card: &Card<'a>, id: &str) -> Result<&'a Exact, InputError> {
    match card.input.facts.get(id) {
        Some(Fact::Quantity(value)) => Ok(value),
        _ => Err(InputError::missing(format!("facts.{id}"), check::fact_allowed(FactKind::Share))),
    }
}

/// The rule that leaves the person unclassified. Presence not stated counts as full, and the result says so.
fn ineligible<'a>(card: &Card<'a>) -> Result<Option<&'a Eligibility>, Vec<InputError>> {
    for rule in card.pack.eligibility.iter().filter(|rule| applies(&rule.when, &card.options)) {
        if !card.input.facts.contains_key(&rule.days) {
            continue;
        }
        let days = stated_quantity(card, &rule.days).map_err(|error| vec![error])?;
        let of_days = stated_quantity(card, &rule.of_days).map_err(|error| vec![error])?;
        if *days < of_days * &rule.at_least {
            return Ok(Some(rule));
        }
    }
    Ok(None)
}
