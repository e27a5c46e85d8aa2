//! Finding the columns of a table by the text of their headings.

use std::collections::BTreeMap;

use super::fault::{Fault, TableProblem};
use super::limits::HEADING_ROWS_MAX;
use super::sheet::{Cells, Column, Merge, Place, Row, Sheet, heading_key, quote};

/// A heading that an import knows.
#[derive(Debug)]
pub struct Heading<F: 'static> {
    /// What the column holds.
    pub field: F,
    /// Its usual wording, for messages and templates.
    pub label: &'static str,
    /// Wordings recognised, as [`heading_key`]s; one that ends in `*` stands for all that begin so.
    pub keys: &'static [&'static str],
    /// Whether a table without it is refused.
    pub required: bool,
}

impl<F> Heading<F> {
    fn matches(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known.strip_suffix('*').map_or(*known == key, |start| key.starts_with(start)))
    }
}

/// The columns of a table on a sheet.
#[derive(Debug)]
pub struct Table<F> {
    /// The row of the headings; data follows.
    pub heading_row: Row,
    columns: BTreeMap<F, (Column, String)>,
    /// What is wrong with the headings.
    pub faults: Vec<Fault>,
}

impl<F: Copy + Ord> Table<F> {
    /// The column of `field`, if the table has it.
    #[must_use]
    pub fn column(&self, field: F) -> Option<Column> {
        self.columns.get(&field).map(|(column, _)| *column)
    }

    /// How many of the known headings were found.
    #[must_use]
    pub fn matched(&self) -> usize {
        self.columns.len()
    }

    /// Each row of data that is merged with another row: whose the value is would be a guess.
    #[must_use]
    pub fn merged_rows(&self, sheet: &Sheet) -> Vec<Fault> {
        let mut merged: BTreeMap<Row, &Merge> = BTreeMap::new();
        let areas = sheet.merges.iter().filter(|area| area.start.0 > self.heading_row && area.start.0 < area.end.0);
        for area in areas {
            for (row, _) in sheet.rows.range(area.start.0..=area.end.0) {
                merged.entry(*row).or_insert(area);
            }
        }
        merged
            .into_iter()
            .map(|(row, area)| {
                let place = Place::sheet(sheet).at_row(row).at_column(area.start.1, "");
                Fault::new(place, TableProblem::CellsMerged { area: area.to_string() })
            })
            .collect()
    }

    /// The place of a field's cell in `row`.
    #[must_use]
    pub fn place(&self, sheet: &Sheet, row: Row, field: F) -> Place {
        let place = Place::sheet(sheet).at_row(row);
        match self.columns.get(&field) {
            Some((column, heading)) => place.at_column(*column, heading),
            None => place,
        }
    }
}

/// The table whose headings are in the row that has most of `known`; none when no row has `matched_min` of them.
///
/// Rows above the headings are titles. Faults with the headings are in the table, for the report.
#[must_use]
pub fn find_table<F: Copy + Ord>(sheet: &Sheet, known: &[Heading<F>], matched_min: usize) -> Option<Table<F>> {
    let rows = sheet.rows.iter().take(HEADING_ROWS_MAX);
    let best = rows.map(|(row, cells)| (matched_in(cells, known), std::cmp::Reverse(*row))).max()?;
    let (matched, std::cmp::Reverse(heading_row)) = best;
    if matched < matched_min {
        return None;
    }
    let mut table = Table { heading_row, columns: BTreeMap::new(), faults: merged_headings(sheet, heading_row) };
    for (column, cell) in sheet.rows.get(&heading_row)? {
        let text = cell.text();
        let key = heading_key(&text);
        let Some(heading) = known.iter().find(|heading| heading.matches(&key)) else { continue };
        if let Some((other, _)) = table.columns.get(&heading.field) {
            let place = Place::sheet(sheet).at_row(heading_row).at_column(*column, &text);
            table.faults.push(Fault::new(place, TableProblem::HeadingTwice { other_column: other.to_string() }));
        } else {
            table.columns.insert(heading.field, (*column, quote(&text)));
        }
    }
    let missing = missing_headings(sheet, &table, known);
    table.faults.extend(missing);
    Some(table)
}

/// How many of `known` occur in a row.
pub(super) fn matched_in<F: Ord + Copy>(cells: &Cells, known: &[Heading<F>]) -> usize {
    let keys: Vec<String> = cells.values().map(|cell| heading_key(&cell.text())).collect();
    known.iter().filter(|heading| keys.iter().any(|key| heading.matches(key))).count()
}

fn merged_headings(sheet: &Sheet, heading_row: Row) -> Vec<Fault> {
    let merged = sheet.merges.iter().filter(|merge| merge.touches(heading_row));
    merged
        .map(|merge: &Merge| {
            let cells = sheet.rows.get(&merge.start.0);
            let text = cells.and_then(|cells| cells.get(&merge.start.1)).map(|cell| cell.quote()).unwrap_or_default();
            let place = Place::sheet(sheet).at_row(heading_row).at_column(merge.start.1, &text);
            Fault::new(place, TableProblem::HeadingMerged { area: merge.to_string() })
        })
        .collect()
}

fn missing_headings<F: Copy + Ord>(sheet: &Sheet, table: &Table<F>, known: &[Heading<F>]) -> Vec<Fault> {
    let place = Place::sheet(sheet).at_row(table.heading_row);
    let found: Vec<String> =
        sheet.rows.get(&table.heading_row).into_iter().flat_map(Cells::values).map(|cell| cell.quote()).collect();
    let missing = known.iter().filter(|heading| heading.required && !table.columns.contains_key(&heading.field));
    missing
        .map(|heading| {
            let problem = TableProblem::HeadingMissing {
                missing: heading.label.to_owned(),
                seen: seen_elsewhere(sheet, table.heading_row, heading),
                found: found.clone(),
            };
            Fault::new(place.clone(), problem)
        })
        .collect()
}

/// The cell that has the heading in another row: two lines of headings are the usual reason why one is missing.
fn seen_elsewhere<F>(sheet: &Sheet, heading_row: Row, heading: &Heading<F>) -> Option<String> {
    let rows = sheet.rows.iter().take(HEADING_ROWS_MAX).filter(|(row, _)| **row != heading_row);
    let mut cells = rows.flat_map(|(row, cells)| cells.iter().map(move |(column, cell)| (row, column, cell)));
    cells
        .find(|(_, _, cell)| heading.matches(&heading_key(&cell.text())))
        .map(|(row, column, _)| format!("{column}{}", row.number()))
}
