//! Builds outcome and explanation from what was computed about a card.

use super::classify::{Condition, Decision};
use super::explain::Steps;
use super::outcome::{Assumed, ClassOutcome, GateOutcome, Number, Outcome, Range, Status, Step};
use super::plan::Plan;
use super::run::Values;
use super::{Card, Judged, appraisal, explain};
use crate::num::Exact;
use crate::pack::{FactKind, FactRule};
use crate::sorted_map::Map;

impl Judged<'_> {
    /// The outcome of the card, with its steps or what stands for them.
    pub(super) fn outcome<E>(&self, explanation: E) -> Outcome<E> {
        match (&self.decision, &self.high) {
            (Some(decision), _) => self.complete(decision, explanation),
            (None, Some(high)) => self.provisional(high, explanation),
            (None, None) => self.base(Status::InsufficientData, explanation),
        }
    }

    /// The steps of everything that is known.
    pub(super) fn explanation(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        self.explain(&mut steps);
        steps
    }

    /// The same steps, given away one after the other.
    pub(super) fn explain(&self, steps: &mut impl Steps) {
        explain::components(self, steps);
        match (&self.decision, &self.high) {
            (Some(decision), _) => {
                let Self { card, plan, sheet, low: values, conditions, .. } = self;
                let decided = explain::Decided { card, plan, sheet, values, decision, conditions };
                decided.steps(self.total()).into_iter().for_each(|step| steps.take(step));
            }
            (None, Some(_)) => {}
            (None, None) => explain::insufficient_step(&self.card).into_iter().for_each(|step| steps.take(step)),
        }
        appraisal::step(self).into_iter().for_each(|step| steps.take(step));
    }

    /// The value of a component, if nothing that is still missing can change it.
    pub(super) fn known(&self, place: usize) -> Option<&Exact> {
        let low = self.low.components.get(place)?.as_ref()?;
        let same = |high: &Values<Exact>| high.components.get(place).and_then(Option::as_ref) == Some(low);
        self.high.as_ref().is_none_or(same).then_some(low)
    }

    fn provisional<E>(&self, high: &Values<Exact>, explanation: E) -> Outcome<E> {
        let bound = |values: &Values<Exact>| values.components.get(self.plan.total)?.as_ref().map(Number::new);
        Outcome {
            range: bound(&self.low).zip(bound(high)).map(|(low, high)| Range { low, high }),
            missing: self.open_statements().flat_map(|place| self.missing(place)).collect(),
            total: None,
            ..self.base(Status::Provisional, explanation)
        }
    }

    /// The fields that a statement still needs: the results of people led, or the statement itself.
    fn missing(&self, place: usize) -> Vec<String> {
        let Some(statement) = self.plan.statements.get(place) else { return Vec::new() };
        let led = &self.card.input.subordinates;
        if statement.subordinates_min.is_none() || led.is_empty() {
            return vec![format!("leadership.{}", statement.id)];
        }
        let waiting = led.iter().enumerate().filter(|(_, one)| one.total.is_none());
        waiting.map(|(index, _)| format!("subordinates[{index}].total")).collect()
    }

    fn complete<E>(&self, decision: &Decision, explanation: E) -> Outcome<E> {
        let status = match decision {
            Decision { ineligible: Some(_), .. } => Status::NotClassified,
            Decision { open: true, .. } => Status::Provisional,
            _ => Status::Scored,
        };
        let class = class_outcome(self.plan, decision, &self.conditions);
        Outcome { class: class.filter(|_| status != Status::NotClassified), ..self.base(status, explanation) }
    }

    fn base<E>(&self, status: Status, explanation: E) -> Outcome<E> {
        let named = |place: usize| self.plan.components.get(place).map(|(component, _)| component.id.clone());
        let known = (0..self.plan.components.len()).filter(|place| *place != self.plan.total);
        let excess = self.low.excess.iter();
        Outcome {
            pack: self.card.pack.id.clone(),
            pack_hash: format!("sha256:{}", self.card.pack.hash),
            options: Map::clone(&self.card.options),
            status,
            total: self.total().map(Number::new),
            range: None,
            components: known.filter_map(|place| Some((named(place)?, Number::new(self.known(place)?)))).collect(),
            excess: excess.filter_map(|(place, excess)| Some((named(*place)?, Number::new(excess)))).collect(),
            class: None,
            missing: Vec::new(),
            assumed: assumed(self.plan, &self.card),
            explanation,
        }
    }
}

/// The class and its conditions, in words. None where no class follows from the text.
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

/// The assumptions made for facts that nobody stated. A flag that no rule in force reads is not listed.
pub(super) fn assumed(plan: &Plan<'_, Exact>, card: &Card<'_>) -> Vec<Assumed> {
    let taken = |(place, fact): (usize, &&FactRule)| {
        let counts = fact.kind != FactKind::Flag || plan.reads(place);
        let value = fact.assume.filter(|_| counts && !card.input.facts.contains_key(&fact.id))?;
        Some(Assumed { fact: fact.id.clone(), value, clause: fact.clause.clone() })
    };
    plan.facts.iter().enumerate().filter_map(taken).collect()
}
