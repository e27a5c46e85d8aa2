//! Facts of shorter periods that hold for the longer one. For example, a person disciplined in any month of a year was
//! disciplined in that year (Đ.11(3)a, Đ.20(4)c of Decree 335/2025).

use serde::Serialize;

use super::RollUpInput;
use crate::pack::{KnockOut, Pack, RollUp};
use crate::score::check::{Refusals, check_fact};
use crate::score::input::Fact;
use crate::score::outcome::Step;
use crate::score::{applies, explain};
use crate::sorted_map::Map;
use crate::time::Period;

/// A fact that shorter periods carry into the longer one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Carried {
    /// The fact.
    pub fact: String,
    /// The periods that have it.
    pub periods: Vec<Period>,
    /// Periods that have it together with a fact under which it does not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excused: Vec<Excused>,
    /// The clause that says so.
    pub clause: String,
}

/// A period whose fact does not count, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Excused {
    /// The period.
    pub period: Period,
    /// The fact that excuses it.
    pub by: String,
}

impl Carried {
    /// Whether it holds for the longer period.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.periods.is_empty()
    }

    /// The class it leads to, where the role of the longer period is not asked for the fact: a person who led a unit in
    /// March and no longer does in December is still responsible for that March.
    pub(super) fn class<'p>(&self, pack: &'p Pack, options: &Map<String, String>) -> Option<&'p String> {
        let mut rules = knock_outs(pack, &self.fact, options);
        self.holds().then(|| rules.next().map(|rule| &rule.class)).flatten()
    }

    /// The steps: the periods by name, and what excused others.
    pub(super) fn steps(&self) -> Vec<Step> {
        let names = |periods: &mut dyn Iterator<Item = Period>| {
            let names: Vec<String> = periods.map(|period| period.to_string()).collect();
            names.join(" ∨ ")
        };
        let mut steps = Vec::new();
        if self.holds() {
            let inputs = self.periods.iter().map(|period| (period.to_string(), "true".to_owned()));
            let formula = names(&mut self.periods.iter().copied());
            steps.push(explain::step(&format!("carried.{}", self.fact), formula, inputs.collect(), true, &self.clause));
        }
        if !self.excused.is_empty() {
            let inputs = self.excused.iter().map(|one| (one.period.to_string(), one.by.clone()));
            let formula = names(&mut self.excused.iter().map(|one| one.period));
            steps.push(explain::step(
                &format!("excused.{}", self.fact),
                formula,
                inputs.collect(),
                false,
                &self.clause,
            ));
        }
        steps
    }
}

fn knock_outs<'p>(pack: &'p Pack, fact: &str, options: &Map<String, String>) -> impl Iterator<Item = &'p KnockOut> {
    pack.knock_outs.iter().filter(move |rule| rule.fact == fact && applies(&rule.when, options))
}

/// The facts that the shorter periods carry, in the order of the pack and of time.
pub(super) fn carried(pack: &Pack, rule: &RollUp, input: &RollUpInput, options: &Map<String, String>) -> Vec<Carried> {
    let mut periods: Vec<_> = input.periods.iter().collect();
    periods.sort_by_key(|one| one.period);
    let one = |id: &String| {
        let fact = pack.facts.iter().find(|fact| fact.id == *id)?;
        let excuses: Vec<&String> = knock_outs(pack, id, options).flat_map(|rule| &rule.unless).collect();
        let mut carried =
            Carried { fact: id.clone(), periods: Vec::new(), excused: Vec::new(), clause: fact.clause.clone() };
        for part in &periods {
            let states = |id: &String| part.facts.get(id) == Some(&Fact::Flag(true));
            match excuses.iter().find(|excuse| states(excuse)) {
                _ if !states(id) => {}
                Some(excuse) => {
                    carried.excused.push(Excused { period: part.period, by: (*excuse).clone() });
                }
                None => carried.periods.push(part.period),
            }
        }
        (carried.holds() || !carried.excused.is_empty()).then_some(carried)
    };
    rule.carries.iter().filter_map(one).collect()
}

/// Refuses facts of shorter periods that the pack does not know. A period may have been scored in another role.
pub(super) fn check(pack: &Pack, input: &RollUpInput, refusals: &mut Refusals) {
    for (index, part) in input.periods.iter().enumerate() {
        for (id, fact) in &part.facts {
            let field = format_args!("periods[{index}].facts.{id}");
            match pack.facts.iter().find(|rule| rule.id == *id) {
                Some(rule) => check_fact(pack, rule, fact, field, refusals),
                None => refusals.unknown(field, id, pack.facts.iter().map(|rule| rule.id.clone()).collect()),
            }
        }
    }
}
