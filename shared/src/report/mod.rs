//! Read models: tables folded from the same state on a tablet and on the server.

mod csv;
mod quota;
mod year;

use crate::order::Map;

pub use quota::{Counted, GroupOfMonth, QuotaOfMonth, unit_quota};
pub use year::{Longer, MonthOfYear, PersonYear, person_year};

use serde::Serialize;

use crate::card::Side;
use crate::ids::{PersonId, UnitId};
use crate::num::Exact;
use crate::op::{CardKey, Stage};
use crate::score::Outcome;
use crate::state::State;
use crate::time::Period;

/// A total with its class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Result {
    /// Exact.
    pub total: Exact,
    /// Class code; empty when not classified.
    pub class: String,
}

/// One person's month.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Row {
    /// Who.
    pub person: PersonId,
    /// Name as on paper.
    pub name: String,
    /// Title of the post held on the last day of the period.
    pub title: String,
    /// Name of that post's unit.
    pub unit: String,
    /// The card; present though nothing is written on it yet.
    pub card: CardKey,
    /// Where it stands.
    pub stage: Stage,
    /// Lines of work on it.
    pub lines: usize,
    /// Lines done whole.
    pub lines_done: usize,
    /// By the person's own score.
    pub own: Option<Result>,
    /// By the superior's.
    pub appraised: Option<Result>,
    /// As decided.
    pub approved: Option<Result>,
    /// Something on the card has two versions.
    pub contested: bool,
}

/// The month of a unit and everything below it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct UnitMonth {
    /// Which unit.
    pub unit: UnitId,
    /// Which period.
    pub period: Period,
    /// Everyone with a post there on its last day, the unit's own people first.
    pub rows: Vec<Row>,
}

impl UnitMonth {
    /// How many stand in each class: as decided where decided, else as appraised, else as self-scored. The second number
    /// counts those decided.
    #[must_use]
    pub fn distribution(&self) -> Map<&str, (usize, usize)> {
        let mut counts: Map<&str, (usize, usize)> = Map::new();
        for row in &self.rows {
            let Some(result) = row.approved.as_ref().or(row.appraised.as_ref()).or(row.own.as_ref()) else { continue };
            let count = counts.entry(result.class.as_str()).or_default();
            count.0 += 1;
            count.1 += usize::from(row.approved.is_some());
        }
        counts
    }

    /// How many cards stand at each stage.
    #[must_use]
    pub fn stages(&self) -> Map<Stage, usize> {
        let mut counts = Map::new();
        for row in &self.rows {
            *counts.entry(row.stage).or_default() += 1;
        }
        counts
    }
}

/// Folds the month of `unit` and everything below it, of the people `may_see` lets through.
#[must_use]
pub fn unit_month(state: &State, unit: UnitId, period: Period, may_see: impl Fn(PersonId) -> bool) -> UnitMonth {
    let people = state.org.people_under(unit, period.last_day());
    let rows =
        people.into_iter().filter(|person| may_see(*person)).filter_map(|person| row(state, person, period)).collect();
    UnitMonth { unit, period, rows }
}

fn row(state: &State, person: PersonId, period: Period) -> Option<Row> {
    let key = state.card_key(person, period)?;
    let post = state.org.main_post(person, period.last_day())?;
    let card = state.card(&key);
    let lines = card.map(|card| card.lines()).unwrap_or_default();
    let done =
        lines.iter().filter(|line| line.progress.is_some_and(|progress| progress.completed >= line.plan.assigned));
    Some(Row {
        person,
        name: state.org.person(person).map(|person| person.name.clone()).unwrap_or_default(),
        title: post.title.clone(),
        unit: state.org.unit(post.unit).map(|unit| unit.name.clone()).unwrap_or_default(),
        stage: card.map_or(Stage::Working, |card| card.stage()),
        lines: lines.len(),
        lines_done: done.count(),
        own: result(state, &key, Side::SelfScored),
        appraised: result(state, &key, Side::Appraised),
        approved: card
            .and_then(|card| card.approval())
            .map(|approval| Result { total: approval.total.clone(), class: approval.class.clone() }),
        contested: card.is_some_and(|card| !card.contested().is_empty()),
        card: key,
    })
}

fn result(state: &State, key: &CardKey, side: Side) -> Option<Result> {
    from_outcome(&state.outcome(key, side)?.ok()?)
}

/// Total and class of an outcome; none where there is no total.
#[must_use]
pub fn from_outcome(outcome: &Outcome) -> Option<Result> {
    let total = outcome.total.as_ref()?.exact.clone();
    Some(Result { total, class: outcome.class.as_ref().map(|class| class.code.clone()).unwrap_or_default() })
}
