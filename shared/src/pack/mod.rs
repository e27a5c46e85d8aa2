//! Rule packs: every regulation is data. The files are TOML. A device has the same packs encoded, each with the SHA-256
//! of its file, so that a card can always name the rules it was scored under.

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
mod span;
mod switches;

use std::fmt;
use std::sync::OnceLock;

#[cfg(feature = "author")]
pub use author::{check, is_toml, read_checked_in, read_toml, read_toml_in};
pub use check::{Finding, findings, findings_in, unwritten};
pub use clause::cited;
pub use library::{read_library, write_library};
pub use lookup::concerns;
pub use model::*;
pub use switches::{
    Cap, Coefficient, Denominator, DoublePenalty, EventCount, GateFailure, LateUnit, Marking, NotApplicable,
    PositionMultiplier, ReasonBelowMax, Rounding, Switches, TotalFloor,
};

use crate::ids::PackHash;
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

/// The packs that a device carries.
static CARRIED: OnceLock<Vec<Pack>> = OnceLock::new();

/// Makes the packs of a library available. Called once, at the start of a program without the files. Returns whether
/// the library could be read.
pub fn carry(library: &[u8]) -> bool {
    read_library(library).is_some_and(|packs| CARRIED.set(packs).is_ok())
}

fn carried() -> impl Iterator<Item = &'static Pack> {
    CARRIED.get().into_iter().flatten()
}

/// The available packs: regulations by id, then samples. The server and authors have every file; a device has what it carries.
pub fn all() -> impl Iterator<Item = &'static Pack> {
    #[cfg(feature = "author")]
    return files::all().chain(carried());
    #[cfg(not(feature = "author"))]
    carried()
}

/// An available pack, by id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Pack> {
    #[cfg(feature = "author")]
    if let Some(pack) = files::find(id) {
        return Some(pack);
    }
    carried().find(|pack| pack.id == id)
}

/// An available pack, by the hash of its file or of an earlier version that judges alike.
#[must_use]
pub fn find_by_hash(hash: &PackHash) -> Option<&'static Pack> {
    all().find(|pack| pack.judges_as(hash))
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

/// Reads a pack from JSON and checks it. Its hash is that of the text.
///
/// # Errors
/// All findings, each with its field.
pub fn read_checked(json: &str) -> Result<Pack, Vec<Finding>> {
    let pack =
        read_json(json).map_err(|error| vec![Finding { line: None, field: error.field, message: error.message }])?;
    let found = findings(&pack);
    if found.is_empty() { Ok(Pack { hash: PackHash::of(json.as_bytes()), ..pack }) } else { Err(found) }
}
