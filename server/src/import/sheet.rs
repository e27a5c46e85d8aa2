//! A spreadsheet after it was read: rows of cells by place, and the merged cells.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use shared::num::Exact;
use shared::text::fold;
use shared::time::Day;

use super::legacy::Encoding;
use super::limits::{HEADINGS_NAMED_MAX, QUOTE_CHARS_MAX};

/// A column, counted from 0. It is written `A`, `B`, … `AA` as on the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column(pub u32);

impl fmt::Display for Column {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(before) = (self.0 / 26).checked_sub(1) {
            Self(before).fmt(out)?;
        }
        let letter = u8::try_from(self.0 % 26).unwrap_or_default();
        write!(out, "{}", char::from(b'A' + letter))
    }
}

/// A row, counted from 0. It is written from 1 as on the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row(pub u32);

impl Row {
    /// The number at the left edge of the sheet.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0.saturating_add(1)
    }
}

/// The content of a cell.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Value {
    /// Nothing, or only white space.
    #[default]
    Empty,
    /// Text, its white space reduced to single spaces.
    Text(String),
    /// A number, exactly as written in the file.
    Number(Exact),
    /// A day.
    Date(Day),
    /// A truth value.
    Truth(bool),
    /// An error such as `#DIV/0!`, or a duration. An import wants neither.
    Other(String),
}

/// A cell: its value, and its formula if there is one.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Cell {
    /// The value, as last computed by the spreadsheet program.
    pub value: Value,
    /// The formula without the leading `=`.
    pub formula: Option<String>,
}

impl Cell {
    /// Whether there is neither a value nor a formula.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value == Value::Empty && self.formula.is_none()
    }

    /// The text of the cell. A whole number in a text column is read as its digits.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.value {
            Value::Empty => String::new(),
            Value::Text(text) | Value::Other(text) => text.clone(),
            Value::Number(number) => number_text(number),
            Value::Date(day) => day.vietnamese(),
            Value::Truth(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        }
    }

    /// The cell as a message quotes it.
    #[must_use]
    pub fn quote(&self) -> String {
        quote(&self.text())
    }
}

/// `number` as people write it.
#[must_use]
pub fn number_text(number: &Exact) -> String {
    let decimal = number.to_decimal(15);
    if Exact::parse(&decimal).as_ref() == Ok(number) { decimal } else { number.to_string() }
}

/// `text`, cut to a readable length for a message.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut letters = text.chars();
    let mut short: String = letters.by_ref().take(QUOTE_CHARS_MAX).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

/// Cells merged into one, corners included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Upper left corner.
    pub start: (Row, Column),
    /// Lower right corner.
    pub end: (Row, Column),
}

impl Merge {
    /// How many columns it covers.
    #[must_use]
    pub const fn columns(&self) -> u32 {
        self.end.1.0.saturating_sub(self.start.1.0).saturating_add(1)
    }

    /// Whether it covers part of `row`.
    #[must_use]
    pub fn touches(&self, row: Row) -> bool {
        self.start.0 <= row && row <= self.end.0
    }
}

impl fmt::Display for Merge {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}:{}{}", self.start.1, self.start.0.number(), self.end.1, self.end.0.number())
    }
}

/// The non-empty cells of one row.
pub type Cells = BTreeMap<Column, Cell>;

/// One sheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The name on its tab.
    pub name: String,
    /// Rows with content.
    pub rows: BTreeMap<Row, Cells>,
    /// Merged cells.
    pub merges: Vec<Merge>,
    /// Whether its tab is hidden.
    pub is_hidden: bool,
    /// Rows and columns that are hidden.
    pub hidden: Hidden,
    /// The first text typed for a font from before Unicode.
    pub legacy: Option<LegacyText>,
}

/// Text typed for a font from before Unicode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyText {
    /// The encoding it seems to have.
    pub encoding: Encoding,
    /// Its place.
    pub place: (Row, Column),
    /// The text as it is in the cell.
    pub text: String,
    /// How many cells of the sheet have such text.
    pub cells: usize,
}

/// A workbook that was read.
#[derive(Clone, Debug, Default)]
pub struct Workbook {
    /// Its worksheets, in order.
    pub sheets: Vec<Sheet>,
}

/// The hidden rows and columns of a sheet, which its author does not see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Hidden by hand or by a filter.
    pub rows: BTreeSet<Row>,
    /// First and last column of each area.
    pub(super) columns: Vec<(Column, Column)>,
}

impl Hidden {
    /// Whether a column is hidden.
    #[must_use]
    pub fn has_column(&self, column: Column) -> bool {
        self.columns.iter().any(|(first, last)| *first <= column && column <= *last)
    }
}

/// A place in a workbook, with everything that a person needs to find the cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Name of the sheet. Empty for the file as a whole.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sheet: String,
    /// Row number as shown on the sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Column letter as shown on the sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Heading of the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
}

impl Place {
    /// The file as a whole.
    #[must_use]
    pub fn file() -> Self {
        Self::default()
    }

    /// A sheet as a whole.
    #[must_use]
    pub fn sheet(sheet: &Sheet) -> Self {
        Self { sheet: sheet.name.clone(), ..Self::default() }
    }

    /// A row of the same sheet.
    #[must_use]
    pub fn at_row(&self, row: Row) -> Self {
        Self { row: Some(row.number()), ..self.clone() }
    }

    /// A column of the same row.
    #[must_use]
    pub fn at_column(&self, column: Column, heading: &str) -> Self {
        let heading = (!heading.is_empty()).then(|| heading.to_owned());
        Self { column: Some(column.to_string()), heading, ..self.clone() }
    }
}

/// Row numbers in short form: `5, 7-9`.
#[must_use]
pub fn ranges(rows: impl Iterator<Item = Row>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for row in rows.map(Row::number) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => ranges.push((row, row)),
        }
    }
    let more = if ranges.len() > HEADINGS_NAMED_MAX { ", …" } else { "" };
    let named = ranges.iter().take(HEADINGS_NAMED_MAX);
    let named = named.map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") });
    named.collect::<Vec<_>>().join(", ") + more
}

/// The letters and digits of a heading, folded. `Hệ số  quy đổi:` and `HE SO QUY DOI` are one heading.
#[must_use]
pub fn heading_key(text: &str) -> String {
    fold(text).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_on_the_sheet() {
        for (index, letters) in [(0, "A"), (7, "H"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(Column(index).to_string(), letters);
        }
    }

    #[test]
    fn headings_match_whatever_their_spelling() {
        for text in
            ["Hệ số quy đổi", "HỆ SỐ\u{a0}QUY ĐỔI:", "he so quy doi", "He\u{323}\u{302} so\u{302}\u{301} quy đổi"]
        {
            assert_eq!(heading_key(text), "hesoquydoi", "{text}");
        }
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        for (number, text) in [("14", "14"), ("7/5", "1.4"), ("10/3", "10/3"), ("1e-20", "1/100000000000000000000")] {
            assert_eq!(number_text(&Exact::parse(number).unwrap()), text);
        }
    }
}
