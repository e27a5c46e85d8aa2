//! Reading packs from TOML, with line numbers: for authors and the command line, not for tablets.

use std::collections::BTreeMap;

use super::check::{Finding, findings};
use super::{Pack, convert, read_json};
use crate::ids::PackHash;

/// Reads a pack from TOML and checks it.
///
/// # Errors
/// Everything found wrong, each with line and field.
pub fn read_toml(text: &str) -> Result<Pack, Vec<Finding>> {
    let converted = convert::to_json(text).map_err(|refused| {
        let finding = |one: convert::Refused| Finding { line: Some(one.line), field: one.path, message: one.message };
        refused.into_iter().map(finding).collect::<Vec<_>>()
    })?;
    let place = |mut finding: Finding| {
        finding.line = line_of(&converted.path_lines, &finding.field);
        finding
    };
    let pack = read_json(&converted.json).map_err(|error| {
        // The position that JSON errors end with is one in text that the author never sees.
        let message = error.message.split(" at line ").next().unwrap_or_default().to_owned();
        vec![place(Finding { line: None, field: error.field, message })]
    })?;
    let found: Vec<Finding> = findings(&pack).into_iter().map(place).collect();
    if found.is_empty() { Ok(Pack { hash: PackHash::of(text.as_bytes()), ..pack }) } else { Err(found) }
}

/// The static check of a pack's text: empty when nothing is wrong.
#[must_use]
pub fn check(text: &str) -> Vec<Finding> {
    read_toml(text).err().unwrap_or_default()
}

/// The line of a field, or of the nearest thing around it that has one.
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
