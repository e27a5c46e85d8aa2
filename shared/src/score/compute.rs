//! The arithmetic of a card: its components in the pack's order, exact, without a word of explanation.

use crate::order::Map;

use super::error::InputError;
use super::switches::{EventCount, Rounding};
use super::work::Sums;
use super::{Card, TOTAL, check};
use crate::num::Exact;
use crate::pack::{Component, Measure, Rule, Statement, Term};

/// Which value stands in for a statement that is not made yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    Lowest,
    Highest,
}

/// Every number of a card.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Computed {
    /// Components; without those that nothing was assigned for.
    pub(super) values: Map<String, Exact>,
    /// What limits took from components that were above them.
    pub(super) excess: Map<String, Exact>,
    /// Sums behind the components made of work.
    pub(super) sums: Map<Measure, Sums>,
    /// The total before rounding.
    pub(super) unrounded: Option<Exact>,
}

impl Computed {
    pub(super) fn total(&self) -> Option<&Exact> {
        self.values.get(TOTAL)
    }
}

/// The statements a card still needs.
pub(super) fn missing_statements<'a>(card: &Card<'a>) -> Vec<&'a Statement> {
    let needed = |id: &str| {
        card.pack
            .components_for(card.role)
            .any(|component| matches!(&component.rule, Rule::Stated { statement } if statement == id))
    };
    card.pack
        .statements_for(card.role)
        .filter(|statement| needed(&statement.id) && !card.input.leadership.contains_key(&statement.id))
        .collect()
}

/// Computes every component of the card's role.
///
/// # Errors
/// A mark the form asks for that is not there; accepted inputs have them all.
pub(super) fn compute(card: &Card<'_>, fill: Fill) -> Result<Computed, Vec<InputError>> {
    let mut computed = Computed::default();
    for component in card.pack.components_for(card.role) {
        if let Some(value) = value_of(card, component, fill, &mut computed).map_err(|error| vec![error])? {
            computed.values.insert(component.id.clone(), value);
        }
    }
    if let Some(total) = computed.values.get_mut(TOTAL) {
        computed.unrounded = Some(total.clone());
        *total = rounded(total, card.switches.rounding);
    }
    Ok(computed)
}

fn value_of(
    card: &Card<'_>,
    component: &Component,
    fill: Fill,
    computed: &mut Computed,
) -> Result<Option<Exact>, InputError> {
    match &component.rule {
        Rule::Marks { groups } => marks(card, groups).map(Some),
        Rule::Share { criterion } => share(card, criterion).map(Some),
        Rule::Work(measure) => Ok(work(card, component, *measure, computed)),
        Rule::Stated { statement } => Ok(stated(card, statement, fill)),
        Rule::Events { of, min, max } => {
            let points = events(card, of);
            Ok(Some(bounded(component, points, min.as_ref(), max.as_ref(), computed)))
        }
        Rule::Mean { of, max } => Ok(mean(of, computed).map(|value| limited(component, value, max, computed))),
        Rule::Sum { terms, max } => Ok(sum(terms, computed).map(|value| limited(component, value, max, computed))),
    }
}

fn mark(card: &Card<'_>, code: &str) -> Result<Exact, InputError> {
    let missing = || InputError::missing(format!("criteria.{code}"), check::fact_allowed(crate::pack::FactKind::Share));
    card.input.criteria.get(code).cloned().ok_or_else(missing)
}

fn marks(card: &Card<'_>, groups: &[String]) -> Result<Exact, InputError> {
    let wanted = card.pack.groups_for(card.role).filter(|group| groups.contains(&group.id));
    wanted.flat_map(|group| &group.criteria).map(|criterion| mark(card, &criterion.code)).sum()
}

fn share(card: &Card<'_>, code: &str) -> Result<Exact, InputError> {
    let max = card.pack.criteria_for(card.role).find(|criterion| criterion.code == code).map(|found| &found.max);
    let mark = mark(card, code)?;
    Ok(max.and_then(|max| mark.checked_div(max)).unwrap_or_default())
}

fn work(card: &Card<'_>, component: &Component, measure: Measure, computed: &mut Computed) -> Option<Exact> {
    let sums = Sums::of(&card.input.work, card.pack.work.as_ref()?, measure, card.switches);
    let ratio = sums.ratio(card.switches.cap);
    computed.sums.insert(measure, sums);
    let (value, excess) = ratio?;
    if !excess.is_zero() {
        computed.excess.insert(component.id.clone(), excess);
    }
    Some(value)
}

fn stated(card: &Card<'_>, id: &str, fill: Fill) -> Option<Exact> {
    if let Some(value) = card.input.leadership.get(id) {
        return Some(value.clone());
    }
    let statement = card.pack.statements_for(card.role).find(|statement| statement.id == id)?;
    let values = statement.values.iter().map(|allowed| &allowed.value);
    match fill {
        Fill::Lowest => values.min().cloned(),
        Fill::Highest => values.max().cloned(),
    }
}

fn mean(of: &[String], computed: &Computed) -> Option<Exact> {
    let parts: Option<Vec<&Exact>> = of.iter().map(|id| computed.values.get(id)).collect();
    let count = i64::try_from(of.len()).ok()?;
    parts?.into_iter().sum::<Exact>().checked_div(&Exact::from_int(count))
}

fn sum(terms: &[Term], computed: &Computed) -> Option<Exact> {
    terms.iter().map(|term| Some(computed.values.get(&term.component)? * &term.weight)).sum()
}

/// How often an event counts, by the reading chosen.
pub(super) fn times(card: &Card<'_>, code: &str) -> u32 {
    let count = card.input.events.iter().find(|event| event.code == code).map_or(0, |event| event.count);
    match card.switches.event_count {
        EventCount::Each => count,
        EventCount::Once => count.min(1),
    }
}

fn events(card: &Card<'_>, of: &[String]) -> Exact {
    let counted = card.pack.events_for(card.role).filter(|rule| of.contains(&rule.code));
    counted.map(|rule| &rule.points * Exact::from(times(card, &rule.code))).sum()
}

fn bounded(
    component: &Component,
    value: Exact,
    min: Option<&Exact>,
    max: Option<&Exact>,
    computed: &mut Computed,
) -> Exact {
    let within = match (min, max) {
        (Some(min), _) if value < *min => min.clone(),
        (_, Some(max)) if value > *max => max.clone(),
        _ => return value,
    };
    computed.excess.insert(component.id.clone(), &value - &within);
    within
}

fn limited(component: &Component, value: Exact, max: &Exact, computed: &mut Computed) -> Exact {
    if value <= *max {
        return value;
    }
    computed.excess.insert(component.id.clone(), &value - max);
    max.clone()
}

/// The total as an authority rounds it.
pub(super) fn rounded(total: &Exact, rounding: Rounding) -> Exact {
    let to_unit = |text: String, per_unit: i64| {
        Exact::parse(&text).ok().and_then(|units| units.checked_div(&Exact::from_int(per_unit)))
    };
    let rounded = match rounding {
        Rounding::None => None,
        Rounding::Tenth => to_unit(total.to_decimal(1), 1),
        Rounding::Half => to_unit((total * Exact::from_int(2)).to_decimal(0), 2),
        Rounding::CutHundredth => to_unit((total * Exact::from_int(100)).floor().to_string(), 100),
    };
    rounded.unwrap_or_else(|| total.clone())
}
