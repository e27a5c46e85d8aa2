//! The sentences of the faults, in Vietnamese and English. They say what was found, what is allowed and what to do.

mod cell;
mod file;
mod people;
pub mod question;
mod table;
mod work_list;

use super::fault::Problem;
use super::sheet::{Place, quote};
use crate::lang::Lang;

/// The fault in a sentence.
#[must_use]
pub fn sentence(problem: &Problem, lang: Lang) -> String {
    let (vi, en) = match problem {
        Problem::File(problem) => file::of_file(problem),
        Problem::Table(problem) => table::of_table(problem),
        Problem::Cell(problem) => cell::of_cell(problem),
        Problem::Product(problem) => work_list::of_product(problem),
        Problem::Criterion(problem) => work_list::of_criterion(problem),
        Problem::Person(problem) => people::of_person(problem),
        Problem::Question(question) => question::sentences(question),
    };
    lang.pick(vi, en)
}

/// The place of a fault in words: the sheet, the row, the column with its heading.
#[must_use]
pub fn describe_place(place: &Place, lang: Lang) -> String {
    let mut parts = Vec::new();
    if place.sheet.is_empty() {
        parts.push(lang.pick("cả tệp", "the file").to_owned());
    } else {
        parts.push(format!("{} “{}”", lang.pick("trang", "sheet"), quote(&place.sheet)));
    }
    if let Some(row) = place.row {
        parts.push(format!("{} {row}", lang.pick("dòng", "row")));
    }
    if let Some(column) = &place.column {
        let heading = place.heading.as_ref().map(|heading| format!(" “{heading}”")).unwrap_or_default();
        parts.push(format!("{} {column}{heading}", lang.pick("cột", "column")));
    }
    parts.join(", ")
}

fn both(place: &Place) -> (String, String) {
    (describe_place(place, Lang::Vi), describe_place(place, Lang::En))
}
