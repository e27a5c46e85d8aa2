//! Reading one cell as what its column needs, or saying why not.

use shared::limits::QUANTITY_MAX;
use shared::num::Exact;
use shared::time::Day;

use super::fault::CellProblem;
use super::sheet::{Cell, Value, number_text, quote};

/// Text of at most `allowed_chars`; empty text is allowed.
///
/// # Errors
/// [`CellProblem::TextTooLong`].
pub fn optional_text(cell: &Cell, allowed_chars: usize) -> Result<String, CellProblem> {
    let text = cell.text();
    let found_chars = text.chars().count();
    if found_chars > allowed_chars { Err(CellProblem::TextTooLong { found_chars, allowed_chars }) } else { Ok(text) }
}

/// Text of 1 to `allowed_chars` characters.
///
/// # Errors
/// [`CellProblem::CellEmpty`], [`CellProblem::TextTooLong`].
pub fn required_text(cell: &Cell, allowed_chars: usize) -> Result<String, CellProblem> {
    let text = optional_text(cell, allowed_chars)?;
    if text.is_empty() { Err(CellProblem::CellEmpty) } else { Ok(text) }
}

/// A number above 0 and at most [`QUANTITY_MAX`].
///
/// # Errors
/// [`CellProblem`] when the cell is empty, holds anything but a number, or a number out of range.
pub fn positive_number(cell: &Cell) -> Result<Exact, CellProblem> {
    match &cell.value {
        Value::Number(number) => in_range(number),
        Value::Empty => Err(match &cell.formula {
            Some(formula) => CellProblem::FormulaWithoutValue { found: quote(formula) },
            None => CellProblem::CellEmpty,
        }),
        Value::Text(text) => Err(CellProblem::TextInNumberCell { found: quote(text) }),
        Value::Date(_) | Value::Other(_) => Err(CellProblem::NotANumber { found: cell.quote() }),
    }
}

/// `number` when it is above 0 and at most [`QUANTITY_MAX`].
///
/// # Errors
/// [`CellProblem::NumberOutOfRange`].
pub fn in_range(number: &Exact) -> Result<Exact, CellProblem> {
    let (allowed_above, allowed_max) = (Exact::zero(), Exact::from_int(QUANTITY_MAX));
    if *number > allowed_above && *number <= allowed_max {
        Ok(number.clone())
    } else {
        Err(CellProblem::NumberOutOfRange {
            found: number_text(number),
            allowed_above: number_text(&allowed_above),
            allowed_max: number_text(&allowed_max),
        })
    }
}

/// A day: a date cell, or text such as `25/10/2026`.
///
/// # Errors
/// [`CellProblem::CellEmpty`], [`CellProblem::NotADay`].
pub fn day(cell: &Cell) -> Result<Day, CellProblem> {
    match &cell.value {
        Value::Date(day) => Ok(*day),
        Value::Empty => Err(CellProblem::CellEmpty),
        _ => Day::parse(&cell.text()).ok_or_else(|| CellProblem::NotADay { found: cell.quote() }),
    }
}
