//! Selects the sheets of a workbook that are read. Sheets with unreadable text are left out, and hidden parts are read
//! only when somebody said what to do.

use clap::ValueEnum;

use super::fault::{Fault, TableProblem};
use super::report::{ImportReport, SheetKind, SheetReport};
use super::sheet::{Column, Place, Sheet, Workbook, ranges};

/// What to do with hidden sheets, rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum HiddenParts {
    /// Name them and take nothing
    #[default]
    Ask,
    /// Read them like the rest
    Read,
    /// Pass over them
    Skip,
}

/// The sheets with content that are to be read. The report has the faults of the others, and what was skipped.
#[must_use]
pub fn readable_sheets(workbook: Workbook, hidden: HiddenParts, report: &mut ImportReport) -> Vec<Sheet> {
    let sheets = workbook.sheets.into_iter().filter(|sheet| !sheet.rows.is_empty());
    sheets.filter_map(|sheet| readable(sheet, hidden, report)).collect()
}

fn readable(mut sheet: Sheet, hidden: HiddenParts, report: &mut ImportReport) -> Option<Sheet> {
    let mut faults = Vec::new();
    if hidden == HiddenParts::Ask {
        faults.extend(hidden_parts(&sheet));
    }
    if let Some(legacy) = sheet.legacy.take() {
        let problem =
            TableProblem::LegacyEncoding { encoding: legacy.encoding, found: legacy.text, cells: legacy.cells };
        faults.push(Fault::new(Place::sheet(&sheet).at_row(legacy.place.0).at_column(legacy.place.1, ""), problem));
    }
    let is_skipped = hidden == HiddenParts::Skip && sheet.is_hidden;
    if is_skipped || !faults.is_empty() {
        let kind = if faults.is_empty() { SheetKind::Hidden } else { SheetKind::NotRead };
        report.sheets.push(SheetReport::new(&sheet.name, kind));
        report.add_faults(faults);
        return None;
    }
    if hidden == HiddenParts::Skip {
        for row in &sheet.hidden.rows {
            sheet.rows.remove(row);
        }
        for cells in sheet.rows.values_mut() {
            cells.retain(|column, _| !sheet.hidden.has_column(*column));
        }
    }
    Some(sheet)
}

fn hidden_parts(sheet: &Sheet) -> Vec<Fault> {
    if sheet.is_hidden {
        return vec![Fault::new(Place::sheet(sheet), TableProblem::SheetHidden)];
    }
    let mut faults = Vec::new();
    let rows = &sheet.hidden.rows;
    if let Some(first) = rows.first() {
        let problem = TableProblem::RowsHidden { found: ranges(rows.iter().copied()), rows: rows.len() };
        faults.push(Fault::new(Place::sheet(sheet).at_row(*first), problem));
    }
    let mut columns: Vec<Column> = sheet.rows.values().flat_map(|cells| cells.keys().copied()).collect();
    columns.sort_unstable();
    columns.dedup();
    let hidden: Vec<String> = columns
        .into_iter()
        .filter(|column| sheet.hidden.has_column(*column))
        .map(|column| column.to_string())
        .collect();
    if !hidden.is_empty() {
        let problem = TableProblem::ColumnsHidden { found: hidden.join(", ") };
        faults.push(Fault::new(Place::sheet(sheet), problem));
    }
    faults
}
