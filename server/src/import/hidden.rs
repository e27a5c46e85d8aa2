//! Finds the hidden parts of a workbook. The spreadsheet library reads hidden and filtered rows like any other and does
//! not mark them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::fault::FileProblem;
use super::limits::HIDDEN_AREAS_MAX;
use super::sheet::{Column, Hidden, Row};

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The parts of the file that hold the sheets, in the order of the workbook.
pub(super) fn sheet_parts(archive: &mut Archive<'_>) -> Result<Vec<String>, FileProblem> {
    let targets = relations(archive)?;
    let mut parts = Vec::new();
    each_element(archive, "xl/workbook.xml", |element| {
        if element.local_name().as_ref() == "sheet" {
            let relation = attribute(element, "id").unwrap_or_default();
            parts.push(targets.get(&relation).cloned().unwrap_or_default());
        }
        true
    })?;
    Ok(parts)
}

/// The target of each relation of the workbook.
fn relations(archive: &mut Archive<'_>) -> Result<BTreeMap<String, String>, FileProblem> {
    let mut targets = BTreeMap::new();
    each_element(archive, "xl/_rels/workbook.xml.rels", |element| {
        if let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target")) {
            let target = target.trim_start_matches('/');
            let below = target.to_ascii_lowercase().starts_with("xl/");
            targets.insert(id, if below { target.to_owned() } else { format!("xl/{target}") });
        }
        true
    })?;
    Ok(targets)
}

/// The hidden parts of a sheet. It reports only rows that `has` content.
pub(super) fn hidden_of(
    archive: &mut Archive<'_>,
    part: &str,
    has: impl Fn(Row) -> bool,
) -> Result<Hidden, FileProblem> {
    let mut hidden = Hidden::default();
    let mut next = Row(0);
    each_element(archive, part, |element| {
        let is_hidden = || matches!(attribute(element, "hidden").as_deref(), Some("1" | "true"));
        let number = |name: &str| attribute(element, name).and_then(|text| text.parse::<u32>().ok()?.checked_sub(1));
        match element.local_name().as_ref() {
            "col" if is_hidden() => {
                if let (Some(first), Some(last)) = (number("min"), number("max")) {
                    hidden.columns.push((Column(first), Column(last)));
                }
            }
            "row" => {
                let row = number("r").map_or(next, Row);
                next = Row(row.number());
                if is_hidden() && has(row) {
                    hidden.rows.insert(row);
                }
            }
            "mergeCells" => return false,
            _ => {}
        }
        hidden.columns.len() <= HIDDEN_AREAS_MAX
    })?;
    Ok(hidden)
}

/// Calls `look` for every element that begins in a part, until there are no more or `look` has seen enough.
fn each_element(
    archive: &mut Archive<'_>,
    part: &str,
    mut look: impl FnMut(&BytesStart<'_>) -> bool,
) -> Result<(), FileProblem> {
    let mut names = archive.file_names().flatten();
    let found = names.find(|name| name.eq_ignore_ascii_case(part)).map(|name| name.into_owned());
    drop(names);
    let Some(name) = found else { return Ok(()) };
    let mut reader = Reader::from_reader(BufReader::new(archive.by_name(&name).map_err(FileProblem::damaged)?));
    reader.config_mut().check_end_names = false;
    let mut bytes = Vec::new();
    while let Some(go_on) = next_element(&mut reader, &mut bytes, &mut look)? {
        if !go_on {
            break;
        }
    }
    Ok(())
}

fn next_element(
    reader: &mut Reader<impl BufRead>,
    bytes: &mut Vec<u8>,
    look: &mut impl FnMut(&BytesStart<'_>) -> bool,
) -> Result<Option<bool>, FileProblem> {
    bytes.clear();
    Ok(match reader.read_event_into(bytes).map_err(FileProblem::damaged)? {
        Event::Start(element) | Event::Empty(element) => Some(look(&element)),
        Event::Eof => None,
        _ => Some(true),
    })
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.value.into_owned())
}
