//! A pack prepared for one role under chosen readings: every name is looked up, and every number has the form in which
//! it is calculated.

use super::number::Number;
use super::{TOTAL, applies};
use crate::num::Exact;
use crate::pack::{Cap, LateUnit, Switches, TotalFloor};
use crate::pack::{
    Class, ClassCap, Component, Criterion, Eligibility, EventRule, FactRule, Factor, Gate, Group, KnockOut, Measure,
    Pack, Rule, Statement, WorkRule, concerns,
};
use crate::sorted_map::Map;

/// The most losses in a table of kept shares. The static check allows no finer loss.
pub(crate) const LOSSES_MAX: usize = 1_000;

/// A pack for one role under some readings.
pub(super) struct Plan<'a, N: Number> {
    pub(super) pack: &'a Pack,
    pub(super) switches: Switches,
    pub(super) criteria: Vec<&'a Criterion>,
    pub(super) groups: Vec<GroupPlan<'a, N>>,
    pub(super) statements: Vec<&'a Statement>,
    pub(super) events: Vec<&'a EventRule>,
    pub(super) facts: Vec<&'a FactRule>,
    pub(super) components: Vec<(&'a Component, Op<N>)>,
    /// Place of the component that is the result.
    pub(super) total: usize,
    pub(super) kept: Option<Kept<N>>,
    pub(super) classes: Vec<ClassPlan<'a, N>>,
    pub(super) knock_outs: Vec<KnockOutPlan<'a, N>>,
    pub(super) caps: Vec<(&'a ClassCap, usize)>,
    pub(super) eligibility: Vec<EligibilityPlan<'a, N>>,
}

/// A group of the form: its criteria and the sum that their marks must reach.
pub(super) struct GroupPlan<'a, N> {
    pub(super) group: &'a Group,
    /// The place of its first criterion, and the place after its last.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) max: N,
    pub(super) min: Option<N>,
}

/// The arithmetic of a component, by places instead of names.
pub(super) enum Op<N> {
    /// Groups summed.
    Marks(Vec<usize>),
    Share(usize, N),
    Work(Measure),
    Events(Vec<usize>, Option<N>, Option<N>),
    /// The axis summed, if not all.
    Products(Option<usize>, N),
    Stated(usize),
    /// The components, one divided by their number, and the limit.
    Mean(Vec<usize>, N, N),
    /// Weighted components, the floor where a reading sets one, and the limit.
    Sum(Vec<(usize, N)>, Option<N>, N),
}

/// Shares kept by number of failed reviews and by lateness, in units of `1/scale`.
pub(super) struct Kept<N: Number> {
    pub(super) scale: i64,
    /// Nothing lost: 1 in that unit.
    pub(super) whole: N::Amount,
    pub(super) quality: Table<N>,
    pub(super) progress: Table<N>,
}

/// A share for each number of losses, and one share for all higher numbers.
pub(super) struct Table<N: Number> {
    shares: Vec<N::Amount>,
    beyond: N::Amount,
}

impl<N: Number> Table<N> {
    #[inline]
    pub(super) fn get(&self, losses: u32) -> &N::Amount {
        self.shares.get(losses as usize).unwrap_or(&self.beyond)
    }
}

pub(super) struct ClassPlan<'a, N> {
    pub(super) class: &'a Class,
    pub(super) min: N,
    /// The clause of the threshold.
    pub(super) clause: &'a str,
    pub(super) gates: Vec<GatePlan<'a, N>>,
}

/// What a condition compares.
pub(super) enum Subject {
    Fact(usize),
    Component(usize),
}

pub(super) struct GatePlan<'a, N> {
    pub(super) gate: &'a Gate,
    pub(super) subject: Subject,
    pub(super) at_least: Option<N>,
    pub(super) at_most: Option<N>,
    pub(super) above: Option<N>,
    pub(super) unless: Vec<usize>,
}

pub(super) struct KnockOutPlan<'a, N> {
    pub(super) rule: &'a KnockOut,
    pub(super) fact: usize,
    pub(super) below: Option<N>,
    pub(super) above: Option<N>,
    pub(super) class: usize,
    pub(super) unless: Vec<usize>,
}

pub(super) struct EligibilityPlan<'a, N> {
    pub(super) rule: &'a Eligibility,
    pub(super) fact: usize,
    pub(super) of: Option<usize>,
    pub(super) at_least: Option<N>,
    pub(super) below: Option<N>,
}

fn maybe<N: Number>(bound: Option<&Exact>) -> Option<Option<N>> {
    bound.map_or(Some(None), |bound| N::of(bound).map(Some))
}

impl<'a, N: Number> Plan<'a, N> {
    /// Prepares a pack. None when one of its numbers does not fit, or when it names something that it does not have.
    pub(super) fn new(pack: &'a Pack, role: &'a str, options: &Map<String, String>) -> Option<Self> {
        let mut plan = Self {
            pack,
            switches: Switches::chosen(options),
            criteria: pack.criteria_for(role).collect(),
            groups: Vec::new(),
            statements: pack.statements_for(role).collect(),
            events: pack.events_for(role).collect(),
            facts: pack.facts_for(role).collect(),
            components: Vec::new(),
            total: 0,
            kept: None,
            classes: Vec::new(),
            knock_outs: Vec::new(),
            caps: Vec::new(),
            eligibility: Vec::new(),
        };
        plan.kept = match &pack.work {
            Some(work) => Some(Kept::of(work, plan.switches.late_unit)?),
            None => None,
        };
        plan.add_groups(role)?;
        for component in pack.components_for(role) {
            let op = plan.op(component)?;
            plan.components.push((component, op));
        }
        plan.total = plan.component(TOTAL)?;
        plan.add_classes(role, options)?;
        plan.add_conditions(role, options)?;
        Some(plan)
    }

    fn add_groups(&mut self, role: &'a str) -> Option<()> {
        let mut from = 0_usize;
        for group in self.pack.groups_for(role) {
            let to = from.checked_add(group.criteria.len())?;
            let (max, min) = (N::of(&group.max)?, maybe(group.min.as_ref())?);
            self.groups.push(GroupPlan { group, from, to, max, min });
            from = to;
        }
        Some(())
    }

    fn component(&self, id: &str) -> Option<usize> {
        self.components.iter().position(|(component, _)| component.id == id)
    }

    pub(super) fn fact(&self, id: &str) -> Option<usize> {
        self.facts.iter().position(|fact| fact.id == id)
    }

    pub(super) fn class(&self, code: &str) -> Option<usize> {
        self.classes.iter().position(|class| class.class.code == code)
    }

    fn op(&self, component: &'a Component) -> Option<Op<N>> {
        Some(match &component.rule {
            Rule::Marks { groups } => {
                let named = |group: &GroupPlan<'_, N>| groups.contains(&group.group.id);
                Op::Marks((0..self.groups.len()).filter(|place| self.groups.get(*place).is_some_and(named)).collect())
            }
            Rule::Share { criterion } => {
                let place = self.criteria.iter().position(|own| own.code == *criterion)?;
                Op::Share(place, N::of(&inverse(&self.criteria.get(place)?.max)?)?)
            }
            Rule::Work(measure) => Op::Work(*measure),
            Rule::Events { of, min, max } => {
                let named = |place: &usize| self.events.get(*place).is_some_and(|event| of.contains(&event.code));
                let places = (0..self.events.len()).filter(named).collect();
                Op::Events(places, maybe(min.as_ref())?, maybe(max.as_ref())?)
            }
            Rule::Products { axis, max } => {
                let place = |id: &String| self.pack.products.as_ref()?.axes.iter().position(|axis| axis.id == *id);
                let axis = match axis {
                    Some(id) => Some(place(id)?),
                    None => None,
                };
                Op::Products(axis, N::of(max)?)
            }
            Rule::Stated { statement } => Op::Stated(self.statements.iter().position(|own| own.id == *statement)?),
            Rule::Mean { of, max } => {
                let places: Option<Vec<usize>> = of.iter().map(|id| self.component(id)).collect();
                let count = Exact::from_int(i64::try_from(of.len()).ok()?);
                Op::Mean(places?, N::of(&inverse(&count)?)?, N::of(max)?)
            }
            Rule::Sum { terms, max } => {
                let term = |term: &crate::pack::Term| Some((self.component(&term.component)?, N::of(&term.weight)?));
                let floored = component.id == TOTAL && self.switches.total_floor == TotalFloor::Zero;
                let min = if floored { Some(N::zero()?) } else { None };
                Op::Sum(terms.iter().map(term).collect::<Option<_>>()?, min, N::of(max)?)
            }
        })
    }

    fn add_classes(&mut self, role: &str, options: &Map<String, String>) -> Option<()> {
        for class in &self.pack.classes {
            let other = class.min_when.iter().find(|other| applies(&other.when, options));
            let (min, clause) = other.map_or((&class.min, &class.clause), |other| (&other.min, &other.clause));
            let mut gates = Vec::new();
            for gate in class.gates.iter().filter(|gate| concerns(&gate.roles, role) && applies(&gate.when, options)) {
                // A gate on a component that the role does not have cannot keep the role from a class.
                let Some(subject) = self.subject(gate) else { continue };
                let bound = |bound: &Option<Exact>| maybe(bound.as_ref());
                let (at_least, at_most, above) = (bound(&gate.at_least)?, bound(&gate.at_most)?, bound(&gate.above)?);
                let unless = gate.unless.iter().filter_map(|flag| self.fact(flag)).collect();
                gates.push(GatePlan { gate, subject, at_least, at_most, above, unless });
            }
            self.classes.push(ClassPlan { class, min: N::of(min)?, clause, gates });
        }
        Some(())
    }

    fn subject(&self, gate: &Gate) -> Option<Subject> {
        match (&gate.fact, &gate.component) {
            (Some(fact), _) => self.fact(fact).map(Subject::Fact),
            (None, Some(component)) => self.component(component).map(Subject::Component),
            (None, None) => None,
        }
    }

    fn add_conditions(&mut self, role: &str, options: &Map<String, String>) -> Option<()> {
        let counts = |roles: &[String], when| concerns(roles, role) && applies(when, options);
        for rule in self.pack.knock_outs.iter().filter(|rule| counts(&rule.roles, &rule.when)) {
            let Some(fact) = self.fact(&rule.fact) else { continue };
            let unless = rule.unless.iter().filter_map(|flag| self.fact(flag)).collect();
            let (below, above) = (maybe(rule.below.as_ref())?, maybe(rule.above.as_ref())?);
            self.knock_outs.push(KnockOutPlan { rule, fact, below, above, class: self.class(&rule.class)?, unless });
        }
        for rule in self.pack.class_caps.iter().filter(|rule| counts(&rule.roles, &rule.when)) {
            self.caps.extend(self.fact(&rule.fact).map(|fact| (rule, fact)));
        }
        for rule in self.pack.eligibility.iter().filter(|rule| counts(&rule.roles, &rule.when)) {
            let Some(fact) = self.fact(&rule.fact) else { continue };
            let of = rule.of.as_ref().and_then(|of| self.fact(of));
            let (at_least, below) = (maybe(rule.at_least.as_ref())?, maybe(rule.below.as_ref())?);
            self.eligibility.push(EligibilityPlan { rule, fact, of, at_least, below });
        }
        Some(())
    }

    /// Whether a rule in force reads a fact.
    pub(super) fn reads(&self, fact: usize) -> bool {
        let gated = |gate: &GatePlan<'_, N>| {
            gate.unless.contains(&fact) || matches!(gate.subject, Subject::Fact(place) if place == fact)
        };
        self.knock_outs.iter().any(|rule| rule.fact == fact || rule.unless.contains(&fact))
            || self.caps.iter().any(|(_, place)| *place == fact)
            || self.eligibility.iter().any(|rule| rule.fact == fact)
            || self.classes.iter().any(|class| class.gates.iter().any(gated))
    }

    /// Whether a component may exceed everything that was assigned.
    pub(super) fn is_open_above(&self) -> bool {
        self.switches.cap == Cap::Total
    }
}

fn inverse(value: &Exact) -> Option<Exact> {
    Exact::one().checked_div(value)
}

impl<N: Number> Kept<N> {
    fn of(work: &WorkRule, unit: LateUnit) -> Option<Self> {
        let quality = after_losses(&work.failed_review_loss);
        let progress = match unit {
            LateUnit::Bands => by_bands(work),
            LateUnit::Occurrence | LateUnit::Day => after_losses(&work.late_loss),
        };
        let scale = N::scale(quality.iter().chain(&progress)).filter(|scale| *scale <= LOSSES_MAX as i64)?;
        let whole = N::amount(&Exact::one(), scale)?;
        Some(Self { scale, whole, quality: Table::of(&quality, scale)?, progress: Table::of(&progress, scale)? })
    }
}

impl<N: Number> Table<N> {
    /// Builds a table. The last share is the one for all higher numbers.
    fn of(shares: &[Exact], scale: i64) -> Option<Self> {
        let mut shares = shares.iter().map(|share| N::amount(share, scale)).collect::<Option<Vec<_>>>()?;
        let beyond = shares.pop()?;
        Some(Self { shares, beyond })
    }
}

/// The shares 1, 1 − loss, 1 − 2·loss, … down to 0.
fn after_losses(loss: &Exact) -> Vec<Exact> {
    let mut shares = vec![Exact::one()];
    let mut kept = Exact::one() - loss;
    while !loss.is_zero() && !kept.is_negative() && shares.len() < LOSSES_MAX {
        shares.push(kept.clone());
        kept -= loss;
    }
    if !loss.is_zero() && shares.last().is_some_and(|last| !last.is_zero()) {
        shares.push(Exact::zero());
    }
    shares
}

fn by_bands(work: &WorkRule) -> Vec<Exact> {
    let mut shares = Vec::new();
    for band in &work.late_bands {
        let days = band.to_days.map_or(shares.len().saturating_add(1), |last| last as usize + 1).min(LOSSES_MAX);
        shares.resize(days.max(shares.len()), band.kept.clone());
    }
    shares
}

/// The share kept after so many days late, by the bands.
pub(super) fn kept_after_days(work: &WorkRule, days: u32) -> Exact {
    let band = work.late_bands.iter().find(|band| band.to_days.is_none_or(|last| days <= last));
    band.map(|band| band.kept.clone()).unwrap_or_default()
}

/// The factor with a name; 1 where no factor has it.
pub(super) fn factor(factors: &[Factor], id: Option<&String>) -> Exact {
    let named = factors.iter().find(|factor| Some(&factor.id) == id);
    named.map_or_else(Exact::one, |named| named.factor.clone())
}
