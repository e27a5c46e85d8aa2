//! Turns bytes into a [`Workbook`] without trusting the bytes.
//!
//! The unpacked sizes are measured before the spreadsheet library sees the file. The library believes what the file
//! says about itself, and a file of 100 kB can claim or unpack to more than any memory holds.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError, XlsxFormulaMetadata};
use shared::num::Exact;
use shared::time::Day;
use zip::ZipArchive;

use super::fault::{Counted, FileKind, FileProblem};
use super::hidden::{hidden_of, sheet_parts};
use super::legacy::encoding_of;
use super::limits::{
    CELLS_MAX, FILE_BYTES_MAX, MERGES_MAX, PART_BYTES_MAX, PARTS_MAX, ROWS_MAX, SHEETS_MAX, TEXT_BYTES_MAX,
    UNPACKED_BYTES_MAX,
};
use super::sheet::{Cell, Cells, Column, LegacyText, Merge, Row, Sheet, Value, Workbook};
use crate::names::clean;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads an `.xlsx` workbook.
///
/// # Errors
/// [`FileProblem`] when it is not a workbook, is broken, or goes over a limit of [`super::limits`].
pub fn read_workbook(bytes: &[u8]) -> Result<Workbook, FileProblem> {
    let mut archive = check_container(bytes)?;
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(FileProblem::damaged)?;
    let known = book.sheets_metadata().to_vec();
    if known.len() > SHEETS_MAX {
        return Err(too_much(Counted::Sheets, SHEETS_MAX));
    }
    let parts = sheet_parts(&mut archive)?;
    let mut budget = Budget::default();
    let mut sheets = Vec::new();
    for (place, known) in known.iter().enumerate().filter(|(_, known)| known.typ == SheetType::WorkSheet) {
        let mut sheet = read_sheet(&mut book, &known.name, &mut budget)?;
        sheet.is_hidden = known.visible != SheetVisible::Visible;
        if let Some(part) = parts.get(place) {
            sheet.hidden = hidden_of(&mut archive, part, |row| sheet.rows.contains_key(&row))?;
        }
        sheets.push(sheet);
    }
    Ok(Workbook { sheets })
}

fn check_container(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, FileProblem> {
    if bytes.is_empty() {
        return Err(FileProblem::FileEmpty);
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(FileProblem::FileTooLarge { found_bytes: bytes.len(), allowed_bytes: FILE_BYTES_MAX });
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Err(FileProblem::NotASpreadsheet { found: kind_of_bytes(bytes) });
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(FileProblem::damaged)?;
    if archive.len() > PARTS_MAX {
        return Err(too_much(Counted::Parts, PARTS_MAX));
    }
    if let Some(found) = kind_of_archive(&archive) {
        return Err(FileProblem::NotASpreadsheet { found });
    }
    measure(&mut archive)?;
    Ok(archive)
}

fn kind_of_bytes(bytes: &[u8]) -> FileKind {
    let head = bytes.get(..bytes.len().min(4_096)).unwrap_or_default();
    if bytes.starts_with(b"%PDF") {
        FileKind::Pdf
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        FileKind::OldOrLockedExcel
    } else if !head.contains(&0) && head.iter().filter(|byte| byte.is_ascii_control()).all(u8::is_ascii_whitespace) {
        FileKind::Text
    } else {
        FileKind::Unknown
    }
}

/// The kind of an archive that is no workbook.
fn kind_of_archive(archive: &ZipArchive<Cursor<&[u8]>>) -> Option<FileKind> {
    let has = |start: &str| archive.file_names().flatten().any(|name| name.to_ascii_lowercase().starts_with(start));
    if has("xl/") {
        None
    } else if has("word/") {
        Some(FileKind::Word)
    } else if has("mimetype") && has("content.xml") {
        Some(FileKind::OpenDocument)
    } else if has("[content_types].xml") {
        None
    } else {
        Some(FileKind::Archive)
    }
}

/// Unpacks every part without keeping it, to measure its true size.
fn measure(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), FileProblem> {
    let mut left_bytes = UNPACKED_BYTES_MAX;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(FileProblem::damaged)?;
        let name = part.name().map_err(FileProblem::damaged)?.to_ascii_lowercase();
        let is_strings = name.ends_with("sharedstrings.xml");
        let part_bytes_max = if name.contains("worksheets/") { left_bytes } else { left_bytes.min(PART_BYTES_MAX) };
        let mut unpacked = Vec::new();
        let mut counted = part.take(part_bytes_max.saturating_add(1));
        let part_bytes = if is_strings {
            counted.read_to_end(&mut unpacked).map(|bytes| bytes as u64)
        } else {
            std::io::copy(&mut counted, &mut std::io::sink())
        };
        let part_bytes = part_bytes.map_err(FileProblem::damaged)?;
        if part_bytes > part_bytes_max {
            let allowed_bytes = if part_bytes_max == left_bytes { UNPACKED_BYTES_MAX } else { PART_BYTES_MAX };
            return Err(FileProblem::UnpackedTooLarge { allowed_bytes });
        }
        left_bytes = left_bytes.saturating_sub(part_bytes);
        check_string_count(&unpacked)?;
    }
    Ok(())
}

/// Checks the number of texts. The library reserves room for as many texts as the file claims, and a file cannot have
/// more texts than bytes.
fn check_string_count(strings: &[u8]) -> Result<(), FileProblem> {
    const CLAIM: &[u8] = b"uniqueCount=";
    let claims = strings.windows(CLAIM.len()).enumerate().filter(|(_, window)| *window == CLAIM);
    for (at, _) in claims {
        let claimed = strings.iter().skip(at + CLAIM.len() + 1).take_while(|byte| byte.is_ascii_digit());
        let claimed = claimed.fold(0_usize, |number, digit| {
            number.saturating_mul(10).saturating_add(usize::from(digit.saturating_sub(b'0')))
        });
        if claimed > strings.len() {
            return Err(FileProblem::damaged(format!("{claimed} texts claimed in {} bytes", strings.len())));
        }
    }
    Ok(())
}

const fn too_much(what: Counted, allowed: usize) -> FileProblem {
    FileProblem::TooMuch { what, allowed }
}

/// The counts so far, over all sheets.
#[derive(Default)]
struct Budget {
    rows: usize,
    cells: usize,
    text_bytes: usize,
}

impl Budget {
    fn spend(&mut self, is_new_row: bool, cell: &Cell) -> Result<(), FileProblem> {
        self.rows += usize::from(is_new_row);
        self.cells += 1;
        if let Value::Text(text) = &cell.value {
            self.text_bytes += text.len();
        }
        if self.rows > ROWS_MAX {
            Err(too_much(Counted::Rows, ROWS_MAX))
        } else if self.cells > CELLS_MAX {
            Err(too_much(Counted::Cells, CELLS_MAX))
        } else if self.text_bytes > TEXT_BYTES_MAX {
            Err(too_much(Counted::TextBytes, TEXT_BYTES_MAX))
        } else {
            Ok(())
        }
    }
}

fn read_sheet(book: &mut Book<'_>, name: &str, budget: &mut Budget) -> Result<Sheet, FileProblem> {
    let (rows, legacy) = read_rows(book, name, budget)?;
    let merges = book.merge_cells_by_sheet_name(name).map_err(FileProblem::damaged)?;
    if merges.len() > MERGES_MAX {
        return Err(too_much(Counted::Merges, MERGES_MAX));
    }
    let merges = merges.into_iter().map(merge_of).collect();
    Ok(Sheet { name: name.to_owned(), rows, merges, legacy, ..Sheet::default() })
}

type Rows = BTreeMap<Row, Cells>;

fn read_rows(book: &mut Book<'_>, name: &str, budget: &mut Budget) -> Result<(Rows, Option<LegacyText>), FileProblem> {
    let (mut rows, mut legacy) = (Rows::new(), None);
    let mut reader = match book.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        // A sheet without any cell may lack the element that holds them.
        Err(XlsxError::XmlEof("worksheet")) => return Ok((rows, legacy)),
        Err(error) => return Err(FileProblem::damaged(error)),
    };
    // This call never expands shared formulas. The library would reserve memory by their index.
    while let Some(record) = reader.next_cell_with_formula_metadata().map_err(FileProblem::damaged)? {
        let cell = Cell { value: value_of(&record.value), formula: record.formula.and_then(formula_of) };
        if !cell.is_empty() {
            let (row, column) = (Row(record.pos.0), Column(record.pos.1));
            budget.spend(!rows.contains_key(&row), &cell)?;
            note_legacy(&record.value, (row, column), &mut legacy);
            rows.entry(row).or_default().insert(column, cell);
        }
    }
    Ok((rows, legacy))
}

/// Notes the first text in an encoding from before Unicode, and counts the others.
fn note_legacy(value: &DataRef<'_>, place: (Row, Column), legacy: &mut Option<LegacyText>) {
    let text = match value {
        DataRef::String(text) => text.as_str(),
        DataRef::SharedString(text) => text,
        _ => return,
    };
    let Some(encoding) = encoding_of(text) else { return };
    let first = || LegacyText { encoding, place, text: text.to_owned(), cells: 0 };
    legacy.get_or_insert_with(first).cells += 1;
}

const fn merge_of(area: Dimensions) -> Merge {
    Merge { start: (Row(area.start.0), Column(area.start.1)), end: (Row(area.end.0), Column(area.end.1)) }
}

fn formula_of(formula: XlsxFormulaMetadata) -> Option<String> {
    match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => Some(formula),
        // A filled-down formula. The file has its value, but not its own text.
        _ => None,
    }
}

fn value_of(value: &DataRef<'_>) -> Value {
    match value {
        DataRef::Empty => Value::Empty,
        DataRef::String(text) => text_value(text),
        DataRef::SharedString(text) => text_value(text),
        DataRef::Int(number) => Value::Number(Exact::from_int(*number)),
        DataRef::Float(number) => number_value(&number.to_string()),
        DataRef::Bool(truth) => Value::Truth(*truth),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            Day::from_civil(i32::from(year), month, day)
                .map_or_else(|| Value::Other(moment.as_f64().to_string()), Value::Date)
        }
        DataRef::DateTime(moment) => Value::Other(moment.as_f64().to_string()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            let day = text.split_once('T').map_or(text.as_str(), |(day, _)| day);
            Day::parse(day).map_or_else(|| Value::Other(text.clone()), Value::Date)
        }
        DataRef::Error(error) => Value::Other(error.to_string()),
    }
}

/// The shortest decimal with the stored binary value. It is what the author typed: 1.4, not 1.399999999999999911.
fn number_value(shortest: &str) -> Value {
    Exact::parse(shortest).map_or_else(|_| Value::Other(shortest.to_owned()), Value::Number)
}

fn text_value(text: &str) -> Value {
    let text = clean(text);
    if text.is_empty() { Value::Empty } else { Value::Text(text) }
}
