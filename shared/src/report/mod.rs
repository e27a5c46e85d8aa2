//! Read models: tables folded from the same state on a tablet and on the server.

mod beside;
mod csv;
mod opening;
mod pressure;
mod quota;
mod year;

use crate::sorted_map::Map;

pub use beside::{Beside, FactBeside, LineBeside, MarkBeside, side_by_side};
pub use csv::csv_line;
pub use opening::{opening_period, reachable};
pub use pressure::{Pressure, pressures};
pub use quota::{Counted, GroupOfMonth, QuotaOfMonth, unit_quota};
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
    /// Who.
    pub person: PersonId,
    /// Name as on paper.
    pub name: String,
    /// Title of the post under which the person is scored.
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
    /// Why the person is not assessed in the period.
    pub absence: Option<Absence>,
    /// There is more, which the reader is told of when it is published: their own card.
    pub withheld: bool,
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
    /// Everyone who stands there in it, the unit's own people first.
    pub rows: Vec<Row>,
}

impl UnitMonth {
    /// How many stand in each class: as decided where decided, else as appraised, else as self-scored. The second number
    /// counts those decided.
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

    /// How many are not assessed.
    #[must_use]
    pub fn absent(&self) -> usize {
        self.rows.iter().filter(|row| row.absence.is_some()).count()
    }

    /// How many cards stand at each stage, of those who are assessed.
    #[must_use]
    pub fn stages(&self) -> Map<Stage, usize> {
        let mut counts = Map::new();
        for row in self.rows.iter().filter(|row| row.absence.is_none()) {
            *counts.entry(row.stage).or_default() += 1;
        }
        counts
    }
}

/// Folds the month of `unit` and everything below it, as far as `reader` may know it.
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
