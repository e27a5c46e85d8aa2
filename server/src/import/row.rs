//! Reads a row field by field and collects all its faults.

use super::fault::{Fault, Problem};
use super::headings::Table;
use super::sheet::{Cell, Cells, Column, Place, Row, Sheet};

/// A row of a table while it is being read.
#[derive(Debug)]
pub struct RowReader<'a, F> {
    sheet: &'a Sheet,
    table: &'a Table<F>,
    row: Row,
    cells: &'a Cells,
    /// The faults so far.
    pub faults: Vec<Fault>,
}

impl<'a, F: Copy + Ord> RowReader<'a, F> {
    /// Starts reading `row`.
    #[must_use]
    pub const fn new(sheet: &'a Sheet, table: &'a Table<F>, row: Row, cells: &'a Cells) -> Self {
        Self { sheet, table, row, cells, faults: Vec::new() }
    }

    /// The cell under a heading. Empty where the table has no such column.
    #[must_use]
    pub fn cell(&self, field: F) -> Cell {
        self.table.cell(self.cells, field)
    }

    /// Whether the cells under all these headings are empty.
    #[must_use]
    pub fn all_empty(&self, fields: &[F]) -> bool {
        fields.iter().all(|field| self.cell(*field).is_empty())
    }

    /// The address of a field's cell as formulas write it, such as `H5`.
    #[must_use]
    pub fn address(&self, field: F) -> String {
        self.table.column(field).map(|column: Column| format!("{column}{}", self.row.number())).unwrap_or_default()
    }

    /// The place of the row.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::sheet(self.sheet).at_row(self.row)
    }

    /// The place of a field's cell.
    #[must_use]
    pub fn place_of(&self, field: F) -> Place {
        self.table.place(self.sheet, self.row, field)
    }

    /// The value that `read` makes of a field's cell. A problem is noted and gives none.
    pub fn read<T, P: Into<Problem>>(&mut self, field: F, read: impl FnOnce(&Cell) -> Result<T, P>) -> Option<T> {
        match read(&self.cell(field)) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.fault(field, problem);
                None
            }
        }
    }

    /// Notes a problem with a field's cell.
    pub fn fault(&mut self, field: F, problem: impl Into<Problem>) {
        self.faults.push(Fault::new(self.place_of(field), problem));
    }
}
