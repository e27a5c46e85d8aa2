//! Determines the class from points and facts.

use std::cmp::Ordering;

use super::number::Number;
use super::plan::{EligibilityPlan, GatePlan, KnockOutPlan, Plan, Subject};
use super::run::{Values, group_sum};
use super::sheet::{FactState, Sheet};
use crate::pack::Assumption;
use crate::pack::GateFailure;

/// A condition that was checked, by its place in the plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Condition {
    KnockOut(usize),
    /// A gate of a class: the places of the class and the gate.
    Gate(usize, usize),
    /// A group of marks with a lowest sum: the places of the class and the group.
    GroupMin(usize, usize),
    Cap(usize),
}

/// How the class was determined. Classes are given by place; the highest comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Decision {
    /// The class that the points alone give.
    pub(super) by_points: usize,
    /// The class decided. None where the text leaves a gap: the points suffice for a class above the lowest, no such
    /// class has all its conditions met, and the text gives the lowest class only to cases that it lists.
    pub(super) class: Option<usize>,
    /// The class before caps were applied.
    pub(super) uncapped: Option<usize>,
    /// Whether the authority still has to decide.
    pub(super) open: bool,
    /// A knock-out whose case is present but does not count: force majeure, another year.
    pub(super) excused: Option<usize>,
    /// The rule because of which the person is not classified at all.
    pub(super) ineligible: Option<usize>,
}

/// Why there is no class.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Unclear {
    /// A fact that a condition needs and nobody stated, by its place.
    Fact(usize),
    /// A number that does not fit the machine words in use.
    TooLarge,
}

/// A card with everything that is needed to classify it.
pub(super) struct Classifier<'c, 'p, N: Number> {
    pub(super) plan: &'c Plan<'p, N>,
    pub(super) sheet: &'c Sheet<N>,
    pub(super) values: &'c Values<N>,
}

impl<N: Number> Classifier<'_, '_, N> {
    /// Classifies the total. `note` receives every condition checked, and whether it holds.
    pub(super) fn classify(&self, note: &mut impl FnMut(Condition, bool)) -> Result<Decision, Vec<Unclear>> {
        let lowest = self.plan.classes.len().saturating_sub(1);
        let total = self.values.components.get(self.plan.total).and_then(Option::as_ref);
        let reached = |place: &usize| {
            let class = self.plan.classes.get(*place);
            total.zip(class).is_some_and(|(total, class)| class.min.order(total) != Ordering::Greater)
        };
        let by_points = (0..lowest).find(reached).unwrap_or(lowest);
        let (knocked_out, excused) = self.knock_out(note)?;
        let mut class = knocked_out;
        let mut open = false;
        if knocked_out.is_none() {
            class = self.by_conditions((by_points..lowest).filter(reached), note)?;
            let lowered = class != Some(by_points) && self.plan.switches.gate_failure == GateFailure::Authority;
            open = class.is_none() || lowered;
        }
        let highest = self.highest_left(class, note);
        let uncapped = class;
        class = match class {
            Some(class) => Some(class.max(highest)),
            None => (highest == lowest).then_some(lowest),
        };
        // Where only the lowest class is left, nobody has to decide any more.
        open &= highest < lowest;
        Ok(Decision { by_points, class, uncapped, open, excused, ineligible: self.ineligible()? })
    }

    /// The highest class that the points reach and whose conditions hold. Without one it is the lowest class, if the
    /// points give it, a group of marks is too low, or the text gives it to all others. Otherwise there is none.
    fn by_conditions(
        &self,
        reached: impl Iterator<Item = usize>,
        note: &mut impl FnMut(Condition, bool),
    ) -> Result<Option<usize>, Vec<Unclear>> {
        let lowest = self.plan.classes.len().saturating_sub(1);
        let mut failed_gates_only = false;
        for place in reached {
            let (gates, groups) = (self.gates_hold(place, note), self.groups_suffice(place, note)?);
            if gates? && groups {
                return Ok(Some(place));
            }
            failed_gates_only = groups;
        }
        let otherwise = self.plan.classes.get(lowest).is_some_and(|class| class.class.otherwise);
        Ok((!failed_gates_only || otherwise).then_some(lowest))
    }

    /// The lowest class that a stated knock-out leads to, and a knock-out that is excused. Every knock-out is noted,
    /// stated or not.
    fn knock_out(
        &self,
        note: &mut impl FnMut(Condition, bool),
    ) -> Result<(Option<usize>, Option<usize>), Vec<Unclear>> {
        let (mut decided, mut excused) = (None, None);
        for (place, rule) in self.plan.knock_outs.iter().enumerate() {
            let stated = self.is_stated(rule).map_err(|error| vec![error])?;
            let counts = stated && !self.any_flag(&rule.unless);
            note(Condition::KnockOut(place), !counts);
            if counts {
                decided = Some(decided.map_or(rule.class, |lowest: usize| lowest.max(rule.class)));
            } else if stated {
                excused = excused.or(Some(place));
            }
        }
        Ok((decided, excused))
    }

    /// Whether the case of a knock-out is present.
    fn is_stated(&self, rule: &KnockOutPlan<'_, N>) -> Result<bool, Unclear> {
        Ok(match self.fact(rule.fact) {
            FactState::Flag(flag) => *flag,
            FactState::Number(value) => {
                rule.below.as_ref().is_some_and(|bound| value.order(bound) == Ordering::Less)
                    || rule.above.as_ref().is_some_and(|bound| value.order(bound) == Ordering::Greater)
            }
            FactState::Class(_) => false,
            FactState::Unstated if self.is_assumed(rule.fact) => false,
            FactState::Unstated => return Err(Unclear::Fact(rule.fact)),
        })
    }

    fn any_flag(&self, flags: &[usize]) -> bool {
        flags.iter().any(|flag| matches!(self.fact(*flag), FactState::Flag(true)))
    }

    /// Whether the fact counts as absent when nobody states it.
    fn is_assumed(&self, place: usize) -> bool {
        self.plan.facts.get(place).is_some_and(|fact| fact.assume == Some(Assumption::Absent))
    }

    fn fact(&self, place: usize) -> &FactState<N> {
        self.sheet.facts.get(place).unwrap_or(&FactState::Unstated)
    }

    fn gates_hold(&self, place: usize, note: &mut impl FnMut(Condition, bool)) -> Result<bool, Vec<Unclear>> {
        let (mut all, mut unclear) = (true, Vec::new());
        let gates = self.plan.classes.get(place).map_or(&[][..], |class| &class.gates);
        for (gate_place, gate) in gates.iter().enumerate() {
            match self.gate_holds(gate) {
                Ok(Some(holds)) => {
                    all &= holds;
                    note(Condition::Gate(place, gate_place), holds);
                }
                Ok(None) => {}
                Err(error) => unclear.push(error),
            }
        }
        if unclear.is_empty() { Ok(all) } else { Err(unclear) }
    }

    /// Whether every group of marks that is marked at all reaches its lowest sum.
    fn groups_suffice(&self, place: usize, note: &mut impl FnMut(Condition, bool)) -> Result<bool, Vec<Unclear>> {
        let mut all = true;
        for (group_place, group) in self.plan.groups.iter().enumerate() {
            let marks = || self.sheet.marks.get(group.from..group.to);
            let marked = |_: &&N| marks().is_some_and(|own| own.iter().any(Option::is_some));
            if let Some(min) = group.min.as_ref().filter(marked) {
                let sum = group_sum(self.plan, self.sheet, group).ok_or_else(|| vec![Unclear::TooLarge])?;
                let holds = sum.order(min) != Ordering::Less;
                all &= holds;
                note(Condition::GroupMin(place, group_place), holds);
            }
        }
        Ok(all)
    }

    /// Whether a gate holds; none if the component it compares has no value here.
    fn gate_holds(&self, gate: &GatePlan<'_, N>) -> Result<Option<bool>, Unclear> {
        if self.any_flag(&gate.unless) {
            return Ok(Some(true));
        }
        let value = match gate.subject {
            Subject::Component(place) => match self.values.components.get(place) {
                Some(Some(value)) => value,
                _ => return Ok(None),
            },
            Subject::Fact(place) => match self.fact(place) {
                FactState::Number(value) => value,
                FactState::Flag(flag) => return Ok(Some(gate.gate.is.is_none_or(|wanted| wanted == *flag))),
                // A flag that counts as absent when nobody states it counts as "no" here, too.
                FactState::Unstated if gate.gate.is.is_some() && self.is_assumed(place) => {
                    return Ok(Some(gate.gate.is == Some(false)));
                }
                FactState::Class(_) | FactState::Unstated => return Err(Unclear::Fact(place)),
            },
        };
        let holds = gate.at_least.as_ref().is_none_or(|bound| value.order(bound) != Ordering::Less)
            && gate.at_most.as_ref().is_none_or(|bound| value.order(bound) != Ordering::Greater)
            && gate.above.as_ref().is_none_or(|bound| value.order(bound) == Ordering::Greater);
        Ok(Some(holds))
    }

    /// The highest class that the stated caps leave: the class of the unit led, or a cap by a flag.
    fn highest_left(&self, class: Option<usize>, note: &mut impl FnMut(Condition, bool)) -> usize {
        let lowest = self.plan.classes.len().saturating_sub(1);
        let mut left = 0;
        for (place, (rule, fact)) in self.plan.caps.iter().enumerate() {
            let highest = match (self.fact(*fact), &rule.class_max) {
                (FactState::Class(highest), _) => Some(*highest),
                (FactState::Flag(true), Some(code)) => self.plan.class(code),
                _ => None,
            };
            if let Some(highest) = highest {
                note(Condition::Cap(place), class.map_or(highest != lowest, |class| class >= highest));
                left = left.max(highest);
            }
        }
        left
    }

    /// The rule that leaves the person unclassified. One is enough, even if other facts are not known.
    fn ineligible(&self) -> Result<Option<usize>, Vec<Unclear>> {
        let mut unclear = Vec::new();
        for (place, rule) in self.plan.eligibility.iter().enumerate() {
            match self.is_eligible(rule) {
                Ok(false) => return Ok(Some(place)),
                Ok(true) => {}
                Err(Unclear::TooLarge) => return Err(vec![Unclear::TooLarge]),
                Err(error) => unclear.push(error),
            }
        }
        if unclear.is_empty() { Ok(None) } else { Err(unclear) }
    }

    fn is_eligible(&self, rule: &EligibilityPlan<'_, N>) -> Result<bool, Unclear> {
        let value = match self.fact(rule.fact) {
            FactState::Number(value) => value,
            FactState::Flag(flag) => return Ok(rule.rule.is.is_none_or(|wanted| wanted == *flag)),
            FactState::Class(_) => return Ok(true),
            // Where the pack allows it, presence counts as full, a flag as "no" and a number as 0. The result states
            // the assumption.
            FactState::Unstated => match self.plan.facts.get(rule.fact).and_then(|fact| fact.assume) {
                Some(Assumption::Full) => return Ok(true),
                Some(Assumption::Absent) => return Ok(rule.rule.is != Some(true) && rule.at_least.is_none()),
                None => return Err(Unclear::Fact(rule.fact)),
            },
        };
        let whole = match rule.of {
            None => None,
            Some(of) => match self.fact(of) {
                FactState::Number(whole) => Some(whole),
                _ => return Err(Unclear::Fact(of)),
            },
        };
        let bound = |share: &N| whole.map_or_else(|| Some(share.clone()), |whole| share.times(whole));
        let compared = |share: &Option<N>, passes: fn(Ordering) -> bool| match share {
            None => Ok(true),
            Some(share) => bound(share).map(|bound| passes(value.order(&bound))).ok_or(Unclear::TooLarge),
        };
        Ok(compared(&rule.at_least, |order| order != Ordering::Less)?
            && compared(&rule.below, |order| order == Ordering::Less)?)
    }
}
