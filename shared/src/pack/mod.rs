//! Rule packs: every regulation is data. The files are TOML. Cards, adoptions and devices know a pack by the SHA-256 of its
//! encoding, so that a card can always name the rules it was scored under.

mod adoption;
#[cfg(feature = "author")]
mod author;
mod check;
mod clause;
#[cfg(feature = "author")]
mod convert;
#[cfg(feature = "author")]
mod files;
mod library;
mod lookup;
#[cfg(feature = "author")]
mod mend;
mod model;
mod registry;
mod span;
mod switches;

use std::fmt;

pub use adoption::{Adoptions, PackAdoption};
#[cfg(feature = "author")]
pub use author::{check, is_toml, read_checked_in, read_toml, read_toml_in};
pub use check::{Finding, findings, findings_in, unwritten};
pub use clause::cited;
pub use library::{read_library, write_library};
pub use lookup::concerns;
pub use model::*;
pub use registry::{learn, pinned};
pub use switches::{
    Cap, Coefficient, Denominator, DoublePenalty, EventCount, GateFailure, LateUnit, Marking, NotApplicable,
    PositionMultiplier, ReasonBelowMax, Rounding, Switches, TotalFloor,
};

use crate::limits::PACK_BYTES_MAX;

/// Why a text is not a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackError {
    /// Path of the field; empty when the text is not data at all.
    pub field: String,
    /// What was found and what is allowed.
    pub message: String,
}

impl fmt::Display for PackError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.field, self.message)
    }
}

impl std::error::Error for PackError {}

/// The most bytes of a pack as JSON, which is longer than TOML.
const JSON_BYTES_MAX: usize = 4 * PACK_BYTES_MAX;

/// The available packs: regulations by id, then samples, then what was learned beside. The server and authors have every
/// file; a device has what arrived.
pub fn all() -> impl Iterator<Item = &'static Pack> {
    let learned = registry::all_learned().into_iter();
    #[cfg(feature = "author")]
    return files::all().chain(learned.filter(|pack| files::find(&pack.id).is_none_or(|file| file.hash != pack.hash)));
    #[cfg(not(feature = "author"))]
    learned
}

/// An available pack, by id: the file of that name, if there is one.
#[must_use]
pub fn find(id: &str) -> Option<&'static Pack> {
    #[cfg(feature = "author")]
    if let Some(pack) = files::find(id) {
        return Some(pack);
    }
    registry::all_learned().into_iter().find(|pack| pack.id == id)
}

/// Reads a pack from JSON, without the static check.
///
/// # Errors
/// The field that is missing, unknown or of the wrong kind.
pub fn read_json(json: &str) -> Result<Pack, PackError> {
    too_long(json)?;
    let mut reader = serde_json::Deserializer::from_str(json);
    let pack = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| PackError { field: error.path().to_string(), message: error.inner().to_string() })?;
    reader.end().map_err(|error| PackError { field: String::new(), message: error.to_string() })?;
    Ok(pack)
}

fn too_long(json: &str) -> Result<(), PackError> {
    let bytes = json.len();
    let message = || format!("found {bytes} bytes, allowed up to {JSON_BYTES_MAX}");
    if bytes > JSON_BYTES_MAX { Err(PackError { field: String::new(), message: message() }) } else { Ok(()) }
}

/// Reads a pack from JSON and checks it.
///
/// # Errors
/// All findings, each with its field.
pub fn read_checked(json: &str) -> Result<Pack, Vec<Finding>> {
    let pack =
        read_json(json).map_err(|error| vec![Finding { line: None, field: error.field, message: error.message }])?;
    let found = findings(&pack);
    if found.is_empty() { Ok(pack.hashed()) } else { Err(found) }
}
