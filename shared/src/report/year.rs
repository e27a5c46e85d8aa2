//! A person's year under each regulation that scored the person in it: the decided periods, and the longer ones that the
//! pack makes of them. What one regulation scored never enters what is made under another.

use serde::Serialize;

use super::Result as Scored;
use crate::card::{Card, Side};
use crate::ids::{PackHash, PersonId, Subject};
use crate::num::Exact;
use crate::op::{CardKey, Document, Reckoned, Stage};
use crate::pack::{self, Pack, RollUp, Span};
use crate::score::{self, CardInput, Fact, InputError, PeriodResult, RollUpInput, RollUpOutcome, roll_up};
use crate::sorted_map::Map;
use crate::state::State;
use crate::time::Period;
use crate::work::AbsenceCause;

/// One scored period of a person's year.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PeriodOfYear {
    /// The period.
    pub period: Period,
    /// The card; none for someone who held no post in the period, or was not scored by the regulation.
    pub card: Option<CardKey>,
    /// Whether the person held a post in it.
    pub served: bool,
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
    /// What followed from the marks, where the decider set another result, with the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reckoned: Option<Reckoned>,
    /// The document by which an authority outside decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
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

/// The year of a person or a unit under one regulation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PersonYear {
    /// Who or what is scored.
    #[serde(flatten)]
    pub subject: Subject,
    /// Name as on paper.
    pub name: String,
    /// The year.
    pub year: u16,
    /// The regulation, by id.
    pub regulation: String,
    /// Its text on the last card of the year.
    pub pack: PackHash,
    /// The role on that card.
    pub role: String,
    /// All periods of the lengths that were scored: twelve months, four quarters. In order, shorter ones first.
    pub periods: Vec<PeriodOfYear>,
    /// Quarters, halves and the year, as the pack makes them.
    pub longer: Vec<Longer>,
}

/// Folds a person's year as far as `reader` may know it, once for each regulation that scored the person in it. First comes
/// the regulation that stands beside none. Empty for someone without a card in the year.
#[must_use]
pub fn person_years(state: &State, reader: PersonId, subject: impl Into<Subject>, year: u16) -> Vec<PersonYear> {
    years_of(state, reader, subject.into(), year)
}

fn years_of(state: &State, reader: PersonId, subject: Subject, year: u16) -> Vec<PersonYear> {
    let periods = Span::ALL.into_iter().flat_map(|span| Period::Year(year).parts(span));
    let keys: Vec<CardKey> = periods.flat_map(|period| state.card_keys(subject, period)).collect();
    let mut years: Vec<PersonYear> = Vec::new();
    for key in &keys {
        let Some(pack) = pack::pinned(&key.pack) else { continue };
        if years.iter().all(|known| known.regulation != pack.id) {
            years.extend(year_under(state, reader, &pack.id, year, &keys));
        }
    }
    years
}

/// A person's year under one regulation, of whose text there may be several versions.
fn year_under(state: &State, reader: PersonId, id: &str, year: u16, keys: &[CardKey]) -> Option<PersonYear> {
    let is_under = |key: &&CardKey| pack::pinned(&key.pack).is_some_and(|pack| pack.id == id);
    let own: Vec<&CardKey> = keys.iter().filter(is_under).collect();
    let last = *own.iter().max_by_key(|key| key.period.last_day())?;
    let spans = Span::ALL.into_iter().filter(|span| own.iter().any(|key| key.period.span() == *span));
    let periods = spans.flat_map(|span| Period::Year(year).parts(span));
    let of = |period| own.iter().find(|key| key.period == period).copied().cloned();
    let periods = periods.map(|period| period_of(state, reader, last.subject, period, of(period))).collect();
    let mut found = PersonYear {
        subject: last.subject,
        name: state.org.name_of(last.subject).to_owned(),
        year,
        regulation: id.to_owned(),
        pack: last.pack,
        role: state.role(last)?.to_owned(),
        periods,
        longer: Vec::new(),
    };
    found.longer = longer(pack::pinned(&last.pack)?, &found, state.options(last));
    Some(found)
}

fn period_of(state: &State, reader: PersonId, subject: Subject, period: Period, key: Option<CardKey>) -> PeriodOfYear {
    let card = key.as_ref().and_then(|key| state.card(key));
    let input = key.as_ref().and_then(|key| state.input(key, Side::Appraised));
    let recorded = card.and_then(Card::absence).map(|absence| absence.cause);
    let absent = key.as_ref().zip(input.as_ref()).is_some_and(|(key, input)| was_absent(key, input));
    let known = key.as_ref().map(|key| state.result_for(reader, key)).unwrap_or_default();
    PeriodOfYear {
        period,
        stage: card.map(Card::stage),
        served: key.is_some() || state.org.seat_in(subject, period).is_some(),
        worked: key.is_some() && !absent && recorded.is_none(),
        absence: recorded,
        result: known.result().filter(|_| recorded.is_none()).cloned(),
        decided: known.decided.is_some(),
        reckoned: known.decided.as_ref().and_then(|decided| decided.reckoned.clone()),
        document: known.decided.as_ref().and_then(|decided| decided.document.clone()),
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

/// Makes the longer periods, shorter ones first: a rule may build on the result of another. What is scored itself is not
/// made of shorter periods.
fn longer(pack: &Pack, year: &PersonYear, options: Map<String, String>) -> Vec<Longer> {
    let mut known: Vec<PeriodResult> = year.periods.iter().map(|part| as_part(part, pack)).collect();
    // Where several rules make one period, the readings in force choose. One request is enough.
    let other_way = |place: usize, rule: &RollUp| {
        pack.roll_ups.iter().take(place).any(|earlier| earlier.to == rule.to && earlier.from == rule.from)
    };
    let is_scored = |span: Span| year.periods.iter().any(|part| part.period.span() == span);
    let distinct = pack.roll_ups.iter().enumerate().filter(|(place, rule)| !other_way(*place, rule));
    let mut rules: Vec<_> = distinct.map(|(_, rule)| rule).filter(|rule| !is_scored(rule.to)).collect();
    rules.sort_by_key(|rule| rule.to);
    let mut made = Vec::new();
    for rule in rules {
        for period in Period::Year(year.year).parts(rule.to) {
            let parts = rule.parts_of(period);
            let periods: Vec<PeriodResult> = known.iter().filter(|one| parts.contains(&one.period)).cloned().collect();
            let worked = periods.iter().any(|part| part.worked);
            let input = RollUpInput {
                pack: pack.id.clone(),
                to: rule.to,
                periods,
                options: options.clone(),
                subject: score::Subject { role: year.role.clone(), position: None },
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

/// A scored period as a part of a longer one.
fn as_part(part: &PeriodOfYear, pack: &Pack) -> PeriodResult {
    // Facts under another text of the regulation do not count here.
    let same_text = part.card.as_ref().is_some_and(|card| card.pack == pack.hash);
    PeriodResult {
        period: part.period,
        total: part.result.as_ref().and_then(|result| result.total.clone()),
        worked: part.worked,
        absence: part.absence,
        class: part.result.as_ref().map(|result| result.class.clone()).filter(|class| !class.is_empty()),
        unit: None,
        facts: if same_text { part.facts.clone() } else { Map::new() },
    }
}

/// The total of a period, if none of its parts is missing.
fn whole_total(outcome: &RollUpOutcome) -> Option<Exact> {
    outcome.total.as_ref().filter(|_| outcome.missing.is_empty()).map(|total| total.exact.clone())
}
