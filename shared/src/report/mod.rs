//! Read models: tables that device and server fold from the same state.

mod beside;
mod csv;
mod opening;
mod panel;
mod pressure;
mod quota;
mod reporting;
mod simulate;
mod voices;
mod year;

use crate::sorted_map::Map;

pub use beside::{
    Beside, EventBeside, FactBeside, LineBeside, MarkBeside, PositionBeside, ProductBeside, side_by_side,
};
pub use csv::csv_line;
pub use opening::{opening_period, reachable, waiting_period};
pub use panel::{PanelMarks, panels};
pub use pressure::{Pressure, pressures};
pub use quota::{Counted, GroupOfMonth, QuotaOfMonth, unit_quota};
pub use reporting::{Answer, Report, Reporting, reported_periods, reportings};
pub use simulate::{Changed, Simulation, simulate};
pub use voices::{Heard, Objection, Said, ToSay, heard, objection, to_say};
pub use year::{Longer, PeriodOfYear, PersonYear, person_years};

use serde::Serialize;

use crate::ids::{PackHash, PersonId, Subject, UnitId};
use crate::op::{Absence, CardKey, Document, Reckoned, Stage};
use crate::pack;
use crate::state::State;
pub use crate::state::{Scored as Result, from_outcome};
use crate::time::Period;

/// One card of a unit's month.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Row {
    /// Who or what is scored.
    pub subject: Subject,
    /// Name as on paper.
    pub name: String,
    /// Title of the post under which the person is scored.
    pub title: String,
    /// Name of that post's unit.
    pub unit: String,
    /// Short name of the regulation.
    pub regulation: String,
    /// Whether the person has other cards in the period. Lists then name the regulation of each.
    pub several: bool,
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
    /// What followed from the marks, where the decider set another result, with the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reckoned: Option<Reckoned>,
    /// The document by which an authority outside decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
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
    /// The cards of everyone who stands there in the period, the unit's own people first.
    pub rows: Vec<Row>,
}

impl UnitMonth {
    /// The packs of the cards, in the order in which they come.
    #[must_use]
    pub fn packs(&self) -> Vec<PackHash> {
        let mut found = Vec::new();
        for row in &self.rows {
            if !found.contains(&row.card.pack) {
                found.push(row.card.pack);
            }
        }
        found
    }

    /// The number of people in each class of a pack: as decided, else as appraised, else as self-scored. The second number
    /// counts those that are decided.
    #[must_use]
    pub fn distribution(&self, pack: &PackHash) -> Map<&str, (usize, usize)> {
        let mut counts: Map<&str, (usize, usize)> = Map::new();
        for row in self.rows.iter().filter(|row| row.card.pack == *pack && row.absence.is_none()) {
            let Some(result) = row.approved.as_ref().or(row.appraised.as_ref()).or(row.own.as_ref()) else { continue };
            let count = counts.entry(result.class.as_str()).or_default();
            count.0 += 1;
            count.1 += usize::from(row.approved.is_some());
        }
        counts
    }

    /// The number of cards of people who are not assessed.
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
        subject: key.subject,
        name: state.org.name_of(key.subject).to_owned(),
        title: seat.title.to_owned(),
        unit: state.org.unit(seat.unit).map(|unit| unit.name.clone()).unwrap_or_default(),
        regulation: pack::pinned(&key.pack).map(|pack| pack.short_name().to_owned()).unwrap_or_default(),
        several: state.is_one_of_several(&key),
        stage: card.map_or(Stage::Working, |card| card.stage()),
        lines: lines.len(),
        lines_done: done.count(),
        own: known.own,
        appraised: known.found,
        reckoned: known.decided.as_ref().and_then(|decided| decided.reckoned.clone()),
        document: known.decided.as_ref().and_then(|decided| decided.document.clone()),
        approved: known.decided.map(|decided| decided.result),
        withheld: known.withheld,
        absence: card.and_then(|card| card.absence().cloned()),
        contested: card.is_some_and(|card| !card.contested().is_empty()),
        card: key,
    })
}
