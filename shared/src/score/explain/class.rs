//! The steps from the total to the class: points, knock-outs, gates, caps, eligibility.

use super::{ASSUMED, Inputs, ORDER, UNDECIDED, UNSTATED, given, step};
use crate::num::Exact;
use crate::pack::{Eligibility, Gate};
use crate::score::classify::{Condition, Decision};
use crate::score::outcome::Step;
use crate::score::plan::{Plan, Subject};
use crate::score::run::{Values, group_sum};
use crate::score::sheet::Sheet;
use crate::score::{Card, TOTAL};

/// A class with everything that was checked for it.
pub(in crate::score) struct Decided<'j, 'p> {
    pub(in crate::score) card: &'j Card<'p>,
    pub(in crate::score) plan: &'j Plan<'p, Exact>,
    pub(in crate::score) sheet: &'j Sheet<Exact>,
    pub(in crate::score) values: &'j Values<Exact>,
    pub(in crate::score) decision: &'j Decision,
    pub(in crate::score) conditions: &'j [(Condition, bool)],
}

impl Decided<'_, '_> {
    /// The steps from the total to the class: points, knock-outs, gates, caps, eligibility, and the final class.
    pub(in crate::score) fn steps(&self, total: Option<&Exact>) -> Vec<Step> {
        let Self { card, plan, decision, conditions, .. } = self;
        let Some(class) = plan.classes.get(decision.by_points) else { return Vec::new() };
        let above = plan.classes.iter().rev().find(|other| other.min > class.min);
        let upper = above.map(|above| format!(" < {}", above.min)).unwrap_or_default();
        // A total below the scale has the lowest class.
        let below = total.is_some_and(|total| *total < class.min);
        let formula = if below { format!("total{upper}") } else { format!("{} ≤ total{upper}", class.min) };
        let mut steps = vec![step("class", formula, given(TOTAL, total), &class.class.code, class.clause)];
        steps.extend(conditions.iter().filter_map(|(condition, holds)| self.condition_step(*condition, *holds)));
        if let Some(rule) = decision.ineligible.and_then(|place| plan.eligibility.get(place)) {
            steps.push(eligibility_step(card, rule.rule));
        }
        steps.extend(self.decided_step().filter(|step| step.value != class.class.code));
        steps
    }

    /// The step with the final class, or with the statement that the text gives none. The steps before it state which
    /// classes were tried and whether their conditions hold.
    fn decided_step(&self) -> Option<Step> {
        let Self { plan, decision, conditions, .. } = self;
        let by_points = &plan.classes.get(decision.by_points)?.class.code;
        let mut inputs = Inputs::from([("by_points".to_owned(), by_points.clone()), order(plan)]);
        if plan.classes.last()?.class.otherwise {
            inputs.insert("otherwise".to_owned(), "true".to_owned());
        }
        let formula = if decision.open { "authority" } else { "conditions" }.to_owned();
        let Some(class) = decision.class else {
            // If there is an excuse, its clause leaves the case to the authority. Otherwise the clause is the list of
            // cases, which does not contain this one.
            let excused = decision.excused.and_then(|place| clause_of(plan, Condition::KnockOut(place)));
            let listed = paragraph_of(&plan.classes.last()?.class.clause);
            return Some(step("class.decided", formula, inputs, UNDECIDED, excused.unwrap_or(listed)));
        };
        let class = plan.classes.get(class)?.class;
        let reason = conditions.iter().find(|(_, holds)| !holds).and_then(|(condition, _)| clause_of(plan, *condition));
        Some(step("class.decided", formula, inputs, &class.code, reason.unwrap_or(&class.clause)))
    }

    fn condition_step(&self, condition: Condition, holds: bool) -> Option<Step> {
        let (card, plan) = (self.card, self.plan);
        let clause = clause_of(plan, condition)?;
        let code = |place: usize| plan.classes.get(place).map(|class| class.class.code.clone());
        let (name, formula, inputs) = match condition {
            Condition::KnockOut(place) => {
                let rule = plan.knock_outs.get(place)?.rule;
                let bound = |sign, bound: &Option<Exact>| bound.as_ref().map(|bound| format!(" {sign} {bound}"));
                let bound = bound("<", &rule.below).or(bound(">", &rule.above)).unwrap_or_default();
                let formula = or_flags(format!("not {}{bound}", rule.fact), &rule.unless);
                let mut inputs = facts(card, [&rule.fact].into_iter().chain(&rule.unless));
                inputs.insert("leads_to".to_owned(), rule.class.clone());
                (format!("knock_out.{}", rule.fact), formula, inputs)
            }
            Condition::Gate(class, place) => {
                let gate = plan.classes.get(class)?.gates.get(place)?;
                let mut inputs = facts(card, gate.gate.fact.iter().chain(&gate.gate.unless));
                if let (Subject::Component(place), Some(id)) = (&gate.subject, &gate.gate.component) {
                    inputs.extend(given(id, self.values.components.get(*place).and_then(Option::as_ref)));
                }
                (format!("gate.{}.{}", code(class)?, gate.gate.code), gate_formula(gate.gate), inputs)
            }
            Condition::GroupMin(class, group) => {
                let group = plan.groups.get(group)?;
                let (id, sum) = (&group.group.id, group_sum(plan, self.sheet, group)?);
                let formula = format!("{id} ≥ {}", group.min.as_ref()?);
                (format!("group_min.{}.{id}", code(class)?), formula, given(id, Some(&sum)))
            }
            Condition::Cap(place) => {
                let (rule, _) = plan.caps.get(place)?;
                let highest = rule.class_max.as_ref().unwrap_or(&rule.fact);
                let mut inputs = facts(card, [&rule.fact]);
                inputs.extend([
                    order(plan),
                    ("class".to_owned(), self.decision.uncapped.and_then(code).unwrap_or_default()),
                ]);
                (format!("cap.{}", rule.code), format!("class ≤ {highest}"), inputs)
            }
        };
        Some(step(&name, formula, inputs, holds, clause))
    }
}

/// The order of the classes, as an input.
pub(in crate::score) fn order(plan: &Plan<'_, Exact>) -> (String, String) {
    let codes: Vec<&str> = plan.classes.iter().map(|class| class.class.code.as_str()).collect();
    (ORDER.to_owned(), codes.join(" > "))
}

/// The paragraph that contains a clause: `Đ.20(4)` for `Đ.20(4)a`.
fn paragraph_of(clause: &str) -> &str {
    let end = clause.rfind(')').and_then(|place| place.checked_add(1));
    end.and_then(|end| clause.get(..end)).unwrap_or(clause)
}

fn eligibility_step(card: &Card<'_>, rule: &Eligibility) -> Step {
    let of = rule.of.as_ref().map(|of| format!("·{of}")).unwrap_or_default();
    let lowest = rule.at_least.as_ref().map(|bound| format!("{} ≥ {bound}{of}", rule.fact));
    let highest = rule.below.as_ref().map(|bound| format!("{} < {bound}{of}", rule.fact));
    let flag = rule.is.map(|wanted| format!("{}{}", if wanted { "" } else { "not " }, rule.fact));
    let formula = lowest.into_iter().chain(highest).chain(flag).collect::<Vec<_>>().join(" ∧ ");
    let inputs = facts(card, [&rule.fact].into_iter().chain(&rule.of));
    step(&format!("eligibility.{}", rule.code), formula, inputs, false, &rule.clause)
}

fn clause_of<'p>(plan: &Plan<'p, Exact>, condition: Condition) -> Option<&'p str> {
    Some(match condition {
        Condition::KnockOut(place) => &plan.knock_outs.get(place)?.rule.clause,
        Condition::Gate(class, place) => &plan.classes.get(class)?.gates.get(place)?.gate.clause,
        Condition::GroupMin(_, group) => &plan.groups.get(group)?.group.clause,
        Condition::Cap(place) => &plan.caps.get(place)?.0.clause,
    })
}

fn gate_formula(gate: &Gate) -> String {
    let subject = gate.fact.as_ref().or(gate.component.as_ref()).map_or("", String::as_str);
    let bound = |sign, bound: &Option<Exact>| bound.as_ref().map(|bound| format!("{subject} {sign} {bound}"));
    let bounds = [bound("≥", &gate.at_least), bound("≤", &gate.at_most), bound(">", &gate.above)];
    let flag = gate.is.map(|wanted| format!("{}{subject}", if wanted { "" } else { "not " }));
    or_flags(bounds.into_iter().flatten().chain(flag).collect::<Vec<_>>().join(" ∧ "), &gate.unless)
}

fn or_flags(condition: String, flags: &[String]) -> String {
    flags.iter().fold(condition, |condition, flag| format!("{condition} ∨ {flag}"))
}

/// The stated facts. For the others: whether something was assumed.
fn facts<'a>(card: &Card<'_>, ids: impl IntoIterator<Item = &'a String>) -> Inputs {
    let value = |id: &String| {
        let assumed = || {
            let rule = card.pack.facts_for(card.role).find(|rule| rule.id == *id)?;
            rule.assume.is_some().then(|| ASSUMED.to_owned())
        };
        let stated = card.input.facts.get(id).map(ToString::to_string);
        stated.or_else(assumed).unwrap_or_else(|| UNSTATED.to_owned())
    };
    ids.into_iter().map(|id| (id.clone(), value(id))).collect()
}
