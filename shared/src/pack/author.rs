//! Reads packs from their files, with line numbers. For authors and the command line, not for devices.

use std::collections::BTreeMap;

use super::check::{Finding, findings_in};
use super::{Language, Pack, convert, mend, too_long};
use crate::num::Exact;

/// Reads a pack from TOML and checks it.
///
/// # Errors
/// All findings, each with line and field.
pub fn read_toml(text: &str) -> Result<Pack, Vec<Finding>> {
    read_toml_in(text, Language::En)
}

/// The same as [`read_toml`], with words in the requested language.
///
/// # Errors
/// As [`read_toml`].
pub fn read_toml_in(text: &str, language: Language) -> Result<Pack, Vec<Finding>> {
    let told = |refused: Vec<convert::Refused>| {
        let message = |one: &convert::Refused| one.message.get(language).to_owned();
        let finding = |one: convert::Refused| Finding { line: Some(one.line), message: message(&one), field: one.path };
        refused.into_iter().map(finding).collect::<Vec<_>>()
    };
    let converted = convert::to_json(text).map_err(told)?;
    let mut found = told(converted.refused);
    let (pack, more) = read_whole(&converted.json, language);
    let place = |finding: Finding| Finding { line: line_of(&converted.path_lines, &finding.field), ..finding };
    found.extend(more.into_iter().map(place));
    found.sort_by_key(|finding| finding.line);
    match pack {
        Some(pack) if found.is_empty() => Ok(pack.hashed()),
        _ => Err(found),
    }
}

/// Whether every line is valid TOML. If not, [`read_toml_in`] reports only the invalid lines and does not check the
/// rest.
#[must_use]
pub fn is_toml(text: &str) -> bool {
    toml::de::DeTable::parse(text).is_ok()
}

/// Reads a pack from JSON and checks it, as [`read_toml_in`] does.
///
/// # Errors
/// All findings, each with its field.
pub fn read_checked_in(json: &str, language: Language) -> Result<Pack, Vec<Finding>> {
    too_long(json).map_err(|error| vec![Finding { line: None, field: error.field, message: error.message }])?;
    match read_whole(json, language) {
        (Some(pack), found) if found.is_empty() => Ok(pack.hashed()),
        (_, found) => Err(found),
    }
}

/// The pack, as far as it could be read, and all findings.
fn read_whole(json: &str, language: Language) -> (Option<Pack>, Vec<Finding>) {
    let read = mend::read(json);
    let told = |error: &crate::input_error::InputError| Finding {
        line: None,
        field: error.field.clone(),
        message: error.without_field(language),
    };
    let mut found: Vec<Finding> = read.wrong.iter().map(told).collect();
    if let Some(pack) = &read.pack {
        let follows = |finding: &Finding| read.unknown.iter().any(|field| follows_from(&finding.field, field));
        let more = findings_in(pack, language).into_iter().chain(sums(pack, language));
        found.extend(more.filter(|finding| !follows(finding)));
    }
    (read.pack, found)
}

/// Whether a finding about a field may follow from another field whose value is not known. The field then is inside the
/// unknown one, or beside it, as a sum is.
fn follows_from(field: &str, unknown: &str) -> bool {
    let beside = field.rsplit_once('.').map_or(field, |(table, _)| table);
    field.starts_with(unknown) || unknown.starts_with(beside)
}

/// Findings for the sums that a template leaves out together with the points of their rows. They are reported together
/// with the points, not only in a second round.
fn sums(pack: &Pack, language: Language) -> Vec<Finding> {
    let lacks = |sum: &Exact| pack.status.scores() && sum.is_zero();
    let groups = pack
        .groups
        .iter()
        .enumerate()
        .filter(|(_, group)| lacks(&group.max) && group.criteria.iter().all(|criterion| criterion.max.is_zero()));
    let message = match language {
        Language::Vi => "chưa có; cho phép: tổng các tiêu chí của nhóm",
        Language::En => "found nothing, allowed is the sum of its criteria",
    };
    let finding =
        |(index, _)| Finding { line: None, field: format!("groups[{index}].max"), message: message.to_owned() };
    groups.map(finding).collect()
}

/// The static check of a pack's text. Empty when there are no findings.
#[must_use]
pub fn check(text: &str) -> Vec<Finding> {
    read_toml(text).err().unwrap_or_default()
}

/// The line of a field, or of the nearest enclosing field that has one.
fn line_of(lines: &BTreeMap<String, usize>, field: &str) -> Option<usize> {
    let mut path = field;
    loop {
        if let Some(line) = lines.get(path) {
            return Some(*line);
        }
        if path.is_empty() {
            return None;
        }
        path = path.rfind(['.', '[']).and_then(|cut| path.get(..cut)).unwrap_or("");
    }
}
