//! Read models: tables that device and server fold from the same state.

mod beside;
mod csv;
mod opening;
mod panel;
mod pressure;
mod quota;
mod reporting;
mod year;

use crate::sorted_map::Map;

pub use beside::{Beside, EventBeside, FactBeside, LineBeside, MarkBeside, side_by_side};
pub use csv::csv_line;
pub use opening::{opening_period, reachable};
pub use panel::{PanelMarks, panels};
pub use pressure::{Pressure, pressures};
pub use quota::{Counted, GroupOfMonth, QuotaOfMonth, unit_quota};
pub use reporting::{Answer, Report, Reporting, reported_periods, reportings};
pub use year::{Longer, MonthOfYear, PersonYear, person_year};

use serde::Serialize;

use crate::ids::{PersonId, UnitId};
use crate::op::{Absence, CardKey, Stage};
use crate::state::State;
pub use crate::state::{Scored as Result, from_outcome};
use crate::time::Period;

/// One person's month.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Row {
    /// The person.
    pub person: PersonId,
    /// Name as on paper.
    pub name: String,
    /// Title of the post under which the person is scored.
    pub title: String,
    /// Name of that post's unit.
    pub unit: String,
    /// The card's key. It is present even if nothing is written on the card yet.
    pub card: CardKey,
    /// The stage that the card has reached.
    pub stage: Stage,
    /// Lines of work on it.
    pub lines: usize,
    /// Lines that are completely done.
    pub lines_done: usize,
    /// The result of the self-score.
    pub own: Option<Result>,
    /// The result of the appraisal.
    pub appraised: Option<Result>,
    /// The result of the decision.
    pub approved: Option<Result>,
    /// Why the person is not assessed in the period.
    pub absence: Option<Absence>,
    /// Whether there is a result that the reader learns only when it is published, because it is on their own card.
    pub withheld: bool,
    /// Whether something on the card has two versions.
    pub contested: bool,
}

/// The month of a unit and all units below it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct UnitMonth {
    /// The unit.
    pub unit: UnitId,
    /// The period.
    pub period: Period,
    /// Everyone who stands there in the period, the unit's own people first.
    pub rows: Vec<Row>,
}

impl UnitMonth {
    /// The number of people in each class: as decided, else as appraised, else as self-scored. The second number counts
    /// those that are decided.
    #[must_use]
    pub fn distribution(&self) -> Map<&str, (usize, usize)> {
        let mut counts: Map<&str, (usize, usize)> = Map::new();
        for row in self.rows.iter().filter(|row| row.absence.is_none()) {
            let Some(result) = row.approved.as_ref().or(row.appraised.as_ref()).or(row.own.as_ref()) else { continue };
            let count = counts.entry(result.class.as_str()).or_default();
            count.0 += 1;
            count.1 += usize::from(row.approved.is_some());
        }
        counts
    }

    /// The number of people who are not assessed.
    #[must_use]
    pub fn absent(&self) -> usize {
        self.rows.iter().filter(|row| row.absence.is_some()).count()
    }

    /// The number of cards at each stage, of the people who are assessed.
    #[must_use]
    pub fn stages(&self) -> Map<Stage, usize> {
        let mut counts = Map::new();
        for row in self.rows.iter().filter(|row| row.absence.is_none()) {
            *counts.entry(row.stage).or_default() += 1;
        }
        counts
    }
}

/// Folds the month of `unit` and all units below it, as far as `reader` may know it.
#[must_use]
pub fn unit_month(state: &State, unit: UnitId, period: Period, reader: PersonId) -> UnitMonth {
    let keys = state.cards_under(unit, period).into_iter().filter(|key| state.may_read_card(reader, key));
    UnitMonth { unit, period, rows: keys.filter_map(|key| row(state, reader, key)).collect() }
}

fn row(state: &State, reader: PersonId, key: CardKey) -> Option<Row> {
    let seat = state.seat(&key)?;
    let card = state.card(&key);
    let known = state.result_for(reader, &key);
    let lines = card.map(|card| card.lines()).unwrap_or_default();
    let done =
        lines.iter().filter(|line| line.progress.is_some_and(|progress| progress.completed >= line.plan.assigned));
    Some(Row {
        person: key.person,
        name: state.org.person(key.person).map(|person| person.name.clone()).unwrap_or_default(),
        title: seat.title.to_owned(),
        unit: state.org.unit(seat.unit).map(|unit| unit.name.clone()).unwrap_or_default(),
        stage: card.map_or(Stage::Working, |card| card.stage()),
        lines: lines.len(),
        lines_done: done.count(),
        own: known.own,
        appraised: known.found,
        approved: known.decided.map(|decided| decided.result),
        withheld: known.withheld,
        absence: card.and_then(|card| card.absence().cloned()),
        contested: card.is_some_and(|card| !card.contested().is_empty()),
        card: key,
    })
}
