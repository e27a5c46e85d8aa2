//! Reads one cell as what its column needs, or says why that is not possible.

use shared::limits::QUANTITY_MAX;
use shared::num::Exact;
use shared::time::Day;

use super::fault::CellProblem;
use super::limits::YEARS;
use super::sheet::{Cell, Value, number_text, quote};

/// The content of a cell as text: nothing, text or a number. A day, a truth value or an error is no text, whatever it
/// looks like.
///
/// # Errors
/// [`CellProblem::NotText`], [`CellProblem::FormulaWithoutValue`].
pub fn text(cell: &Cell) -> Result<String, CellProblem> {
    match (&cell.value, &cell.formula) {
        (Value::Empty, Some(formula)) => Err(CellProblem::FormulaWithoutValue { found: quote(formula) }),
        (Value::Date(_) | Value::Truth(_) | Value::Other(_), _) => Err(CellProblem::NotText { found: cell.quote() }),
        (Value::Empty | Value::Text(_) | Value::Number(_), _) => Ok(cell.text()),
    }
}

/// Text of at most `allowed_chars`; empty text is allowed.
///
/// # Errors
/// As [`text`], and [`CellProblem::TextTooLong`].
pub fn optional_text(cell: &Cell, allowed_chars: usize) -> Result<String, CellProblem> {
    let text = text(cell)?;
    let found_chars = text.chars().count();
    if found_chars > allowed_chars { Err(CellProblem::TextTooLong { found_chars, allowed_chars }) } else { Ok(text) }
}

/// Text of 1 to `allowed_chars` characters.
///
/// # Errors
/// As [`optional_text`], and [`CellProblem::CellEmpty`].
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
        Value::Date(_) | Value::Truth(_) | Value::Other(_) => Err(CellProblem::NotANumber { found: cell.quote() }),
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

/// A day: a date cell, or text such as `25/10/2026`. The year has four digits and is one in which a post may begin or
/// end.
///
/// # Errors
/// [`CellProblem::CellEmpty`], [`CellProblem::NotADay`], [`CellProblem::YearOfTwoDigits`],
/// [`CellProblem::YearImpossible`], and [`CellProblem::FormulaWithoutValue`].
pub fn day(cell: &Cell) -> Result<Day, CellProblem> {
    let day = match (&cell.value, &cell.formula) {
        (Value::Date(day), _) => *day,
        (Value::Empty, Some(formula)) => return Err(CellProblem::FormulaWithoutValue { found: quote(formula) }),
        (Value::Empty, None) => return Err(CellProblem::CellEmpty),
        (Value::Text(text), _) => Day::parse(text).ok_or_else(|| CellProblem::NotADay { found: cell.quote() })?,
        _ => return Err(CellProblem::NotADay { found: cell.quote() }),
    };
    let (year, ..) = day.civil();
    match year {
        year if YEARS.contains(&year) => Ok(day),
        0..=99 => Err(CellProblem::YearOfTwoDigits { found: cell.quote() }),
        _ => Err(CellProblem::YearImpossible {
            found: cell.quote(),
            allowed_min: *YEARS.start(),
            allowed_max: *YEARS.end(),
        }),
    }
}
