//! A person's year: the decided months, and the longer periods that the pack makes of them.

use serde::Serialize;

use super::Result as Scored;
use crate::card::{Card, Side};
use crate::ids::{PackHash, PersonId};
use crate::num::Exact;
use crate::op::{CardKey, Stage};
use crate::pack::{self, Pack, RollUp, Span};
use crate::score::{CardInput, Fact, InputError, PeriodResult, RollUpInput, RollUpOutcome, Subject, roll_up};
use crate::sorted_map::Map;
use crate::state::State;
use crate::time::Period;
use crate::work::AbsenceCause;

/// One month of a person's year.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MonthOfYear {
    /// The month.
    pub period: Period,
    /// The card; none for someone who held no post in the month.
    pub card: Option<CardKey>,
    /// The stage that the card has reached; none if nothing is written on it.
    pub stage: Option<Stage>,
    /// Whether the person worked in it: held a post, and nobody stated that no day was worked.
    pub worked: bool,
    /// Why the person was not assessed in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absence: Option<AbsenceCause>,
    /// The result as decided, or else as the superior scored, as far as the reader may know it. A person's claim is not
    /// a result yet.
    pub result: Option<Scored>,
    /// Whether it was decided.
    pub decided: bool,
    /// Whether there is a result that the reader learns only when it is published.
    pub withheld: bool,
    /// Facts on which the result rests, as the superior stated or confirmed them.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub facts: Map<String, Fact>,
}

/// A longer period made of the months, or why it cannot be made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Longer {
    /// The period.
    pub period: Period,
    /// The result of the roll-up.
    pub outcome: Option<RollUpOutcome>,
    /// Why there is no result.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<InputError>,
}

/// The year of one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PersonYear {
    /// The person.
    pub person: PersonId,
    /// Name as on paper.
    pub name: String,
    /// The year.
    pub year: u16,
    /// The pack of its last card.
    pub pack: PackHash,
    /// The role on that card.
    pub role: String,
    /// All twelve months.
    pub months: Vec<MonthOfYear>,
    /// Quarters, halves and the year, as the pack makes them.
    pub longer: Vec<Longer>,
}

/// Folds a person's year, as far as `reader` may know it. None for someone without a card in it.
#[must_use]
pub fn person_year(state: &State, reader: PersonId, person: PersonId, year: u16) -> Option<PersonYear> {
    let months: Vec<MonthOfYear> =
        Period::Year(year).parts(Span::Month).into_iter().map(|period| month(state, reader, person, period)).collect();
    let last = months.iter().rev().find_map(|month| month.card.clone())?;
    let pack = pack::pinned(&last.pack)?;
    let role = state.role(&last)?.to_owned();
    let longer = longer(pack, &role, state, &last, year, &months);
    let name = state.org.person(person).map(|person| person.name.clone()).unwrap_or_default();
    Some(PersonYear { person, name, year, pack: last.pack, role, months, longer })
}

fn month(state: &State, reader: PersonId, person: PersonId, period: Period) -> MonthOfYear {
    let key = state.card_key(person, period);
    let card = key.as_ref().and_then(|key| state.card(key));
    let input = key.as_ref().and_then(|key| state.input(key, Side::Appraised));
    let recorded = card.and_then(Card::absence).map(|absence| absence.cause);
    let absent = key.as_ref().zip(input.as_ref()).is_some_and(|(key, input)| was_absent(key, input));
    let known = key.as_ref().map(|key| state.result_for(reader, key)).unwrap_or_default();
    MonthOfYear {
        period,
        stage: card.map(Card::stage),
        worked: key.is_some() && !absent && recorded.is_none(),
        absence: recorded,
        result: known.result().filter(|_| recorded.is_none()).cloned(),
        decided: known.decided.is_some(),
        withheld: known.withheld,
        facts: input.filter(|_| !known.withheld).map(|input| input.facts).unwrap_or_default(),
        card: key,
    }
}

/// Whether it was stated that no day of the month was worked.
fn was_absent(key: &CardKey, input: &CardInput) -> bool {
    let none = |days: &String| matches!(input.facts.get(days), Some(Fact::Quantity(days)) if days.is_zero());
    pack::pinned(&key.pack)
        .is_some_and(|pack| pack.eligibility.iter().any(|rule| rule.of.is_some() && none(&rule.fact)))
}

/// Makes the longer periods, shorter ones first: a rule may build on the result of another.
fn longer(pack: &Pack, role: &str, state: &State, last: &CardKey, year: u16, months: &[MonthOfYear]) -> Vec<Longer> {
    let mut known: Vec<PeriodResult> = months
        .iter()
        .map(|month| PeriodResult {
            period: month.period,
            total: month.result.as_ref().map(|result| result.total.clone()),
            worked: month.worked,
            absence: month.absence,
            class: month.result.as_ref().map(|result| result.class.clone()).filter(|class| !class.is_empty()),
            unit: None,
            // Facts of another pack do not count here.
            facts: month
                .facts
                .clone()
                .into_iter()
                .filter(|_| month.card.as_ref().is_some_and(|card| card.pack == pack.hash))
                .collect(),
        })
        .collect();
    // Where several rules make one period, the readings in force choose. One request is enough.
    let other_way = |place: usize, rule: &RollUp| {
        pack.roll_ups.iter().take(place).any(|earlier| earlier.to == rule.to && earlier.from == rule.from)
    };
    let distinct = pack.roll_ups.iter().enumerate().filter(|(place, rule)| !other_way(*place, rule));
    let mut rules: Vec<_> = distinct.map(|(_, rule)| rule).collect();
    rules.sort_by_key(|rule| rule.to);
    let mut made = Vec::new();
    for rule in rules {
        for period in Period::Year(year).parts(rule.to) {
            let periods: Vec<PeriodResult> = known
                .iter()
                .filter(|one| one.period.span() == rule.from && one.period.within(rule.to) == period)
                .cloned()
                .collect();
            let worked = periods.iter().any(|part| part.worked);
            let input = RollUpInput {
                pack: pack.id.clone(),
                to: rule.to,
                periods,
                options: state.options(last),
                subject: Subject { role: role.to_owned(), position: None },
                total: None,
                facts: Map::new(),
            };
            let (outcome, errors) = match roll_up(pack, &input) {
                Ok(outcome) => (Some(outcome), Vec::new()),
                Err(errors) => (None, errors),
            };
            let class = outcome.as_ref().and_then(|made| Some(made.class.as_ref()?.code.clone()));
            let carried = outcome.iter().flat_map(|made| &made.carried).filter(|one| one.holds());
            let facts = carried.map(|one| (one.fact.clone(), Fact::Flag(true))).collect();
            known.push(PeriodResult {
                period,
                total: outcome.as_ref().and_then(whole_total),
                worked,
                absence: None,
                class,
                unit: None,
                facts,
            });
            made.push(Longer { period, outcome, errors });
        }
    }
    made
}

/// The total of a period, if none of its parts is missing.
fn whole_total(outcome: &RollUpOutcome) -> Option<Exact> {
    outcome.total.as_ref().filter(|_| outcome.missing.is_empty()).map(|total| total.exact.clone())
}
