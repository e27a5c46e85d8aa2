//! Finds the columns of a table by the text of their headings.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Bound;

use serde::Serialize;

use super::fault::{Fault, Looked, TableProblem};
use super::limits::{HEADING_ROWS_MAX, HEADINGS_NAMED_MAX};
use super::sheet::{Cell, Cells, Column, Merge, Place, Row, Sheet, Value, heading_key, quote};

/// A heading that an import knows.
#[derive(Debug)]
pub struct Heading<F: 'static> {
    /// What the column holds.
    pub field: F,
    /// Its usual wording, for messages and templates.
    pub label: &'static str,
    /// The wordings recognised, as [`heading_key`]s. One that ends in `*` matches all that begin so.
    pub keys: &'static [&'static str],
    /// Whether a table without it is refused.
    pub required: bool,
}

impl<F> Heading<F> {
    fn matches(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known.strip_suffix('*').map_or(*known == key, |start| key.starts_with(start)))
    }
}

/// A heading that may span two columns, or be written as two headings, such as a full name in its two parts.
#[derive(Clone, Copy, Debug)]
pub struct InParts<F: 'static> {
    /// What the two columns hold together.
    pub field: F,
    /// Wordings of the first part's own heading.
    pub first: &'static [&'static str],
    /// Wordings of the second part's own heading.
    pub second: &'static [&'static str],
}

/// All known headings of a kind of table.
#[derive(Debug)]
pub struct Known<F: 'static> {
    /// The headings.
    pub headings: &'static [Heading<F>],
    /// The heading that may be in parts.
    pub in_parts: Option<InParts<F>>,
    /// A row with this many of them is the heading row of such a table.
    pub matched_min: usize,
}

impl<F> Known<F> {
    /// The headings without which a table is refused.
    #[must_use]
    pub fn needed(&self) -> Vec<String> {
        let needed = self.headings.iter().filter(|heading| heading.required);
        needed.map(|heading| heading.label.to_owned()).collect()
    }
}

/// The columns of a field.
#[derive(Clone, Debug)]
struct Columns {
    columns: Vec<Column>,
    heading: String,
    /// Whether the second column may repeat the end of the first: a full name, and the given name once more.
    repeats: bool,
}

/// A heading found on a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeenHeading {
    /// Its column.
    pub column: String,
    /// Its wording.
    pub text: String,
    /// Whether the import reads the column.
    pub is_read: bool,
}

/// The columns of a table on a sheet.
#[derive(Debug)]
pub struct Table<F> {
    /// The row of the headings.
    pub heading_row: Row,
    /// The last of the heading rows. Data follows.
    last_row: Row,
    columns: BTreeMap<F, Columns>,
    /// Every heading, in the order of the columns.
    pub seen: Vec<SeenHeading>,
    /// What is wrong with the headings.
    pub faults: Vec<Fault>,
}

impl<F: Copy + Ord> Table<F> {
    /// Whether the table has a column for `field`.
    #[must_use]
    pub fn has(&self, field: F) -> bool {
        self.columns.contains_key(&field)
    }

    /// The first column of `field`, if the table has it.
    #[must_use]
    pub fn column(&self, field: F) -> Option<Column> {
        self.columns.get(&field)?.columns.first().copied()
    }

    /// The rows under the headings.
    pub fn data_rows<'a>(&self, sheet: &'a Sheet) -> impl Iterator<Item = (&'a Row, &'a Cells)> {
        sheet.rows.range((Bound::Excluded(self.last_row), Bound::Unbounded))
    }

    /// The cell of `field` in a row. For one column it is the cell itself. For two columns it is the cell that spoils
    /// the whole, or else both together.
    #[must_use]
    pub fn cell(&self, cells: &Cells, field: F) -> Cell {
        let of = |column: &Column| cells.get(column).cloned().unwrap_or_default();
        let Some(Columns { columns, repeats, .. }) = self.columns.get(&field) else { return Cell::default() };
        let parts: Vec<Cell> = columns.iter().map(of).collect();
        match parts.as_slice() {
            [first, second] if second.is_empty() && *repeats => first.clone(),
            [first, second] if !first.is_empty() || !second.is_empty() => match (&first.value, &second.value) {
                (Value::Text(first), Value::Text(last)) => {
                    let repeated = *repeats && (first == last || first.ends_with(&format!(" {last}")));
                    let whole = if repeated { first.clone() } else { format!("{first} {last}") };
                    Cell { value: Value::Text(whole), formula: None }
                }
                _ => parts.get(self.spoiling(cells, field)).cloned().unwrap_or_default(),
            },
            [first, ..] => first.clone(),
            [] => Cell::default(),
        }
    }

    /// Which of a field's columns spoils it: the first with something other than text, else the first empty one, else
    /// the first.
    fn spoiling(&self, cells: &Cells, field: F) -> usize {
        let columns = self.columns.get(&field).map(|found| found.columns.as_slice()).unwrap_or_default();
        let value = |column: &Column| cells.get(column).map_or(&Value::Empty, |cell| &cell.value);
        let other = columns.iter().position(|column| !matches!(value(column), Value::Text(_) | Value::Empty));
        other.or_else(|| columns.iter().position(|column| *value(column) == Value::Empty)).unwrap_or_default()
    }

    /// Each row of data that is merged with another row. It would be unclear whose value it is.
    #[must_use]
    pub fn merged_rows(&self, sheet: &Sheet) -> Vec<Fault> {
        let mut merged: BTreeMap<Row, &Merge> = BTreeMap::new();
        let areas = sheet.merges.iter().filter(|area| area.start.0 > self.last_row && area.start.0 < area.end.0);
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

    /// The place of a field's cell in a row. For two columns it is the one that spoils the whole.
    #[must_use]
    pub fn place(&self, sheet: &Sheet, row: Row, field: F) -> Place {
        let place = Place::sheet(sheet).at_row(row);
        let Some(found) = self.columns.get(&field) else { return place };
        let spoiling = sheet.rows.get(&row).map_or(0, |cells| self.spoiling(cells, field));
        let column = if found.columns.len() > 1 { found.columns.get(spoiling) } else { found.columns.first() };
        column.map_or_else(|| place.clone(), |column| place.at_column(*column, &found.heading))
    }
}

/// The table whose headings are in the row with most known headings. None when no row has enough of them.
///
/// Rows above the headings are titles. Faults with the headings are in the table, for the report.
#[must_use]
pub fn find_table<F: Copy + Ord>(sheet: &Sheet, known: &Known<F>) -> Option<Table<F>> {
    let (matched, heading_row) = best_row(sheet, known.headings)?;
    if matched < known.matched_min {
        return None;
    }
    let mut table =
        Table { heading_row, last_row: heading_row, columns: BTreeMap::new(), seen: Vec::new(), faults: Vec::new() };
    let mut texts: BTreeMap<Column, String> =
        sheet.rows.get(&heading_row)?.iter().map(|(column, cell)| (*column, cell.text())).collect();
    let over_two = read_merges(sheet, known, &mut table, &mut texts);
    for (column, text) in &texts {
        let heading = known.headings.iter().find(|heading| heading.matches(&heading_key(text)));
        table.seen.push(SeenHeading { column: column.to_string(), text: quote(text), is_read: heading.is_some() });
        let Some(heading) = heading else { continue };
        if let Some(other) = table.column(heading.field) {
            let place = Place::sheet(sheet).at_row(heading_row).at_column(*column, text);
            table.faults.push(Fault::new(place, TableProblem::HeadingTwice { other_column: other.to_string() }));
        } else {
            let found = Columns { columns: vec![*column], heading: quote(text), repeats: false };
            table.columns.insert(heading.field, found);
        }
    }
    if let Some(in_parts) = &known.in_parts {
        find_parts(sheet, in_parts, over_two, &texts, &mut table);
    }
    let missing = missing_headings(sheet, &table, known.headings);
    table.faults.extend(missing);
    Some(table)
}

/// Where the table was looked for on a sheet that has none.
#[must_use]
pub fn looked<F: Copy + Ord>(sheet: &Sheet, known: &Known<F>) -> Looked {
    let fullest = || {
        let rows = sheet.rows.iter().take(HEADING_ROWS_MAX);
        rows.map(|(row, cells)| (cells.len(), Reverse(*row))).max().map(|(_, Reverse(row))| row)
    };
    let best = best_row(sheet, known.headings).filter(|(matched, _)| *matched > 0).map(|(_, row)| row).or_else(fullest);
    let cells = best.and_then(|row| sheet.rows.get(&row)).into_iter().flat_map(Cells::values);
    Looked {
        sheet: sheet.name.clone(),
        rows: HEADING_ROWS_MAX,
        row: best.map(Row::number),
        found: cells.take(HEADINGS_NAMED_MAX).map(Cell::quote).collect(),
    }
}

/// The row with most known headings, and their number. Of several such rows it is the first.
fn best_row<F: Copy + Ord>(sheet: &Sheet, known: &[Heading<F>]) -> Option<(usize, Row)> {
    let rows = sheet.rows.iter().take(HEADING_ROWS_MAX);
    let (matched, Reverse(row)) = rows.map(|(row, cells)| (matched_in(cells, known), Reverse(*row))).max()?;
    Some((matched, row))
}

/// How many of `known` occur in a row.
pub(super) fn matched_in<F: Ord + Copy>(cells: &Cells, known: &[Heading<F>]) -> usize {
    let keys: Vec<String> = cells.values().map(|cell| heading_key(&cell.text())).collect();
    known.iter().filter(|heading| keys.iter().any(|key| heading.matches(key))).count()
}

/// Looks at the merged cells of the headings. A heading over several rows of its column is read. One over the two
/// columns of its parts is returned. Any other is a fault.
fn read_merges<F: Copy + Ord>(
    sheet: &Sheet,
    known: &Known<F>,
    table: &mut Table<F>,
    texts: &mut BTreeMap<Column, String>,
) -> Option<Merge> {
    let mut over_two = None;
    for merge in sheet.merges.iter().filter(|merge| merge.touches(table.heading_row)) {
        let top = sheet.rows.get(&merge.start.0).and_then(|cells| cells.get(&merge.start.1));
        let text = top.map(Cell::text).unwrap_or_default();
        let field = known.headings.iter().find(|heading| heading.matches(&heading_key(&text))).map(|found| found.field);
        let is_in_parts = known.in_parts.is_some_and(|parts| field == Some(parts.field));
        if merge.columns() == 1 {
            texts.entry(merge.start.1).or_insert(text);
        } else if is_in_parts && merge.columns() == 2 {
            over_two = Some(*merge);
        } else {
            let place = Place::sheet(sheet).at_row(table.heading_row).at_column(merge.start.1, &quote(&text));
            table.faults.push(Fault::new(place, TableProblem::HeadingMerged { area: merge.to_string() }));
            continue;
        }
        table.last_row = table.last_row.max(merge.end.0);
    }
    over_two
}

/// Finds the two columns of a field in parts: under one heading over both, under a heading each, or the whole and its
/// last part.
fn find_parts<F: Copy + Ord>(
    sheet: &Sheet,
    parts: &InParts<F>,
    over_two: Option<Merge>,
    texts: &BTreeMap<Column, String>,
    table: &mut Table<F>,
) {
    let has_key = |keys: &[&str], text: &str| keys.contains(&heading_key(text).as_str());
    let headed = |keys: &[&str]| texts.iter().find(|(_, text)| has_key(keys, text)).map(|(column, _)| *column);
    let (first, second) = (headed(parts.first), headed(parts.second));
    let whole = table.columns.get(&parts.field).cloned();
    let found = match (whole, first, second) {
        (Some(whole), ..) if over_two.is_some() => {
            let columns = over_two.iter().flat_map(|area| [area.start.1, area.end.1]).collect();
            Columns { columns, ..whole }
        }
        (Some(Columns { columns, heading, .. }), _, Some(second)) => {
            Columns { columns: columns.into_iter().chain([second]).collect(), heading, repeats: true }
        }
        (None, Some(first), Some(second)) => {
            let heading = [first, second].iter().filter_map(|column| texts.get(column)).cloned().collect::<Vec<_>>();
            Columns { columns: vec![first, second], heading: quote(&heading.join(" + ")), repeats: false }
        }
        (Some(whole), ..) => {
            table.faults.extend(unheaded_beside(sheet, table, &whole));
            return;
        }
        (None, ..) => return,
    };
    for seen in &mut table.seen {
        seen.is_read |= found.columns.iter().any(|column| column.to_string() == seen.column);
    }
    let below = Row(table.last_row.number());
    let repeated = |cells: &Cells| {
        found.columns.iter().all(|column| {
            let text = cells.get(column).map(Cell::text).unwrap_or_default();
            has_key(parts.first, &text) || has_key(parts.second, &text)
        })
    };
    if over_two.is_some() && sheet.rows.get(&below).is_some_and(repeated) {
        table.last_row = below;
    }
    table.columns.insert(parts.field, found);
}

/// A column of text without a heading next to the one that may be in parts. It holds the given names if the heading
/// only appears to span both.
fn unheaded_beside<F: Copy + Ord>(sheet: &Sheet, table: &Table<F>, whole: &Columns) -> Option<Fault> {
    let beside = Column(whole.columns.last()?.0.saturating_add(1));
    let has_heading = |row: &Row| sheet.rows.get(row).is_some_and(|cells| cells.contains_key(&beside));
    let is_text = |(_, cells): &(&Row, &Cells)| matches!(cells.get(&beside), Some(Cell { value: Value::Text(_), .. }));
    if (table.heading_row.0..=table.last_row.0).any(|row| has_heading(&Row(row))) {
        return None;
    }
    let (row, cells) = table.data_rows(sheet).find(is_text)?;
    let found = cells.get(&beside).map(Cell::quote).unwrap_or_default();
    let place = Place::sheet(sheet).at_row(*row).at_column(beside, "");
    Some(Fault::new(place, TableProblem::TextWithoutHeading { found, beside: whole.heading.clone() }))
}

fn missing_headings<F: Copy + Ord>(sheet: &Sheet, table: &Table<F>, known: &[Heading<F>]) -> Vec<Fault> {
    let place = Place::sheet(sheet).at_row(table.heading_row);
    let found: Vec<String> = table.seen.iter().map(|seen| seen.text.clone()).collect();
    let missing = known.iter().filter(|heading| heading.required && !table.has(heading.field));
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

/// The cell that has the heading in another row. Two lines of headings are the usual reason why one is missing.
fn seen_elsewhere<F>(sheet: &Sheet, heading_row: Row, heading: &Heading<F>) -> Option<String> {
    let rows = sheet.rows.iter().take(HEADING_ROWS_MAX).filter(|(row, _)| **row != heading_row);
    let mut cells = rows.flat_map(|(row, cells)| cells.iter().map(move |(column, cell)| (row, column, cell)));
    cells
        .find(|(_, _, cell)| heading.matches(&heading_key(&cell.text())))
        .map(|(row, column, _)| format!("{column}{}", row.number()))
}
