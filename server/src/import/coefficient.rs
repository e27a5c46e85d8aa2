//! Reads the points of the standard product, and the coefficient k = points / standard points.

use shared::num::Exact;
use shared::text::fold;

use super::cells::{in_range, positive_number};
use super::fault::{Fault, Problem, ProductProblem, TableProblem};
use super::limits::HEADING_ROWS_MAX;
use super::sheet::{Cell, Place, Sheet, Value, number_text};

/// Decimal places that `ROUND` may ask for.
const ROUND_PLACES_MAX: u32 = 15;

/// The points of the standard product: as `given`, or as a heading says ("Sản phẩm chuẩn = 5 điểm = hệ số 1,00").
///
/// Two different statements are a fault, because every k of the list depends on it.
#[must_use]
pub fn standard_points(sheets: &[Sheet], given: Option<&Exact>) -> (Option<Exact>, Vec<Fault>) {
    let mut standard = given.cloned();
    let mut faults = Vec::new();
    for sheet in sheets {
        for (row, cells) in sheet.rows.iter().take(HEADING_ROWS_MAX) {
            for (column, cell) in cells {
                let Some(found) = standard_in(&cell.text()) else { continue };
                let allowed = standard.get_or_insert_with(|| found.clone());
                if *allowed != found {
                    let place = Place::sheet(sheet).at_row(*row).at_column(*column, &cell.quote());
                    let (found, allowed) = (number_text(&found), number_text(allowed));
                    faults.push(Fault::new(place, TableProblem::StandardConflict { found, allowed }));
                }
            }
        }
    }
    if standard.is_none() {
        faults.push(Fault::new(Place::file(), TableProblem::StandardMissing));
    }
    (standard, faults)
}

fn standard_in(text: &str) -> Option<Exact> {
    let folded = fold(text);
    let (_, rest) = folded.split_once("san pham chuan")?;
    let number_starts = rest.find(|letter: char| letter.is_ascii_digit())?;
    let (between, rest) = rest.split_at_checked(number_starts)?;
    let is_said_of_it = between.chars().all(|letter| letter.is_whitespace() || "=:(".contains(letter));
    let number_ends = rest.find(|letter: char| !letter.is_ascii_digit() && letter != ',' && letter != '.')?;
    let (number, rest) = rest.split_at_checked(number_ends)?;
    if !is_said_of_it || !rest.trim_start().starts_with("diem") {
        return None;
    }
    in_range(&Exact::parse(&number.replace(',', ".")).ok()?).ok()
}

/// The coefficient k of a row, from its value and its formula. Both must be exactly points over standard points.
///
/// A file from a program that does not compute holds formulas without values. The usual formula is computed here.
///
/// # Errors
/// A problem of the cell, or [`ProductProblem::CoefficientMismatch`].
pub fn read_coefficient(cell: &Cell, points: &Exact, points_cell: &str, standard: &Exact) -> Result<Exact, Problem> {
    let computed = cell.formula.as_ref().and_then(|formula| evaluate(formula, points_cell, points));
    let stored = match (&cell.value, &computed) {
        (Value::Empty, Some(_)) => None,
        // Programs that write formulas without computing them store 0.
        (Value::Number(stored), Some(_)) if stored.is_zero() => None,
        _ => Some(positive_number(cell)?),
    };
    let Some(allowed) = points.checked_div(standard) else {
        return Err(TableProblem::StandardMissing.into());
    };
    match stored.into_iter().chain(computed).find(|value| *value != allowed) {
        None => Ok(allowed),
        Some(found) => Err(ProductProblem::CoefficientMismatch {
            found: number_text(&found),
            allowed: number_text(&allowed),
            points: number_text(points),
            standard_points: number_text(standard),
        }
        .into()),
    }
}

/// The value of `H5/5` or `ROUND(H5/5,2)`, where `H5` is the row's own cell of points. None for any other formula.
fn evaluate(formula: &str, points_cell: &str, points: &Exact) -> Option<Exact> {
    let formula: String = formula.chars().filter(|letter| !letter.is_whitespace() && *letter != '$').collect();
    let formula = formula.to_ascii_uppercase();
    let formula = formula.strip_prefix('=').unwrap_or(&formula);
    let (quotient, places) = match formula.strip_prefix("ROUND(").and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => {
            let (quotient, places) = inner.split_once([',', ';'])?;
            (quotient, Some(places.parse::<u32>().ok().filter(|places| *places <= ROUND_PLACES_MAX)?))
        }
        None => (formula, None),
    };
    let divisor = quotient.strip_prefix(points_cell)?.strip_prefix('/')?;
    let value = points.checked_div(&Exact::parse(divisor).ok()?)?;
    match places {
        Some(places) => Exact::parse(&value.to_decimal(places)).ok(),
        None => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn the_standard_is_read_where_it_is_said() {
        for (text, points) in [
            ("Sản phẩm chuẩn = 5 điểm = hệ số 1,00", Some("5")),
            ("SẢN PHẨM CHUẨN: 2,5 ĐIỂM", Some("2.5")),
            ("Sản phẩm chuẩn = 0 điểm", None),
            ("Sản phẩm chuẩn của 3 phòng", None),
            ("Sản phẩm chuẩn là văn bản 5 điểm", None),
            ("Điểm chấm", None),
        ] {
            assert_eq!(standard_in(text), points.map(exact), "{text}");
        }
    }

    #[test]
    fn only_the_usual_formula_of_the_own_row_is_computed() {
        for (formula, value) in [
            ("ROUND(H5/5,2)", Some("1.4")),
            ("=round( $H$5 / 5 ; 0 )", Some("1")),
            ("H5/5", Some("1.4")),
            ("H5/3", Some("7/3")),
            ("ROUND(H5/3,2)", Some("2.33")),
            ("H6/5", None),
            ("H5/0", None),
            ("H55/5", None),
            ("SUM(H5:H6)", None),
            ("ROUND(H5/5,99)", None),
        ] {
            assert_eq!(evaluate(formula, "H5", &exact("7")), value.map(exact), "{formula}");
        }
    }
}
