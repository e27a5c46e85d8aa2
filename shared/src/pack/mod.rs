//! Rule packs: every regulation is data. Their files are TOML; what a tablet carries is the same data in a
//! compact form, with the SHA-256 of the file, so that a card can name for ever the rules it was scored under.

#[cfg(feature = "author")]
mod author;
mod check;
mod clause;
#[allow(dead_code, reason = "the build script writes what this crate reads")]
mod compact;
#[cfg(feature = "author")]
mod convert;
mod library;
mod lookup;
#[cfg(feature = "author")]
mod mend;
mod model;
mod span;

use std::fmt;
use std::sync::OnceLock;

#[cfg(feature = "author")]
pub use author::{check, is_toml, read_checked_in, read_toml, read_toml_in};
pub use check::{Finding, findings, findings_in, unwritten};
pub use clause::cited;
pub use library::read_library;
#[cfg(feature = "author")]
pub use library::{library, library_of};
pub use lookup::concerns;
pub use model::*;

use crate::ids::PackHash;
use crate::limits::PACK_BYTES_MAX;
use compact::{Compact as _, Remarks};

include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// A pack that comes with the program.
#[derive(Clone, Copy, Debug)]
pub struct BuiltinPack {
    /// Name of the pack.
    pub id: &'static str,
    /// SHA-256 of its TOML file.
    pub hash: PackHash,
    /// The rules, field after field.
    pub data: &'static [u8],
}

/// Why a text is no pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackError {
    /// Path of the field; empty when the text is no data at all.
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

/// Bytes of a pack as JSON, which says everything in more words than TOML.
const JSON_BYTES_MAX: usize = 4 * PACK_BYTES_MAX;

/// The packs that come with the program, by id.
#[must_use]
pub fn builtin() -> &'static [BuiltinPack] {
    TABLE
}

/// Rules in both languages, by the pack's id.
pub type Bilingual = &'static [(&'static str, &'static [u8])];

/// The rules of [`builtin`] packs in both languages, which a tablet fetches only when someone chooses English.
#[must_use]
pub fn bilingual() -> Bilingual {
    BILINGUAL
}

/// Reads the packs in both languages from now on.
pub fn learn_english(rules: Bilingual) {
    // Said twice, it is the same.
    let _ = ENGLISH.set(rules);
}

static ENGLISH: OnceLock<Bilingual> = OnceLock::new();

/// The rules of a pack, in as many languages as are here.
fn rules(builtin: &BuiltinPack) -> &'static [u8] {
    let both = ENGLISH.get().and_then(|rules| rules.iter().find(|(id, _)| *id == builtin.id));
    both.map_or(builtin.data, |(_, rules)| rules)
}

/// All packs that come with the program, read once in each set of languages.
pub fn all() -> &'static [Pack] {
    static PACKS: [OnceLock<Vec<Pack>>; 2] = [OnceLock::new(), OnceLock::new()];
    let [first, both] = &PACKS;
    let packs = if ENGLISH.get().is_some() { both } else { first };
    packs.get_or_init(|| TABLE.iter().filter_map(read_builtin).collect())
}

/// Tablets read the rules of their cards only; the build script sees to it that nothing else is needed for a score.
#[cfg(not(feature = "author"))]
fn read_builtin(builtin: &BuiltinPack) -> Option<Pack> {
    Some(Pack { hash: builtin.hash, ..Pack::read(&mut rules(builtin))? })
}

#[cfg(feature = "author")]
fn read_builtin(builtin: &BuiltinPack) -> Option<Pack> {
    find_with_remarks(builtin.id)
}

/// A pack that comes with the program with its notes, reasons and roll-ups. On tablets the others lack them.
#[must_use]
pub fn find_with_remarks(id: &str) -> Option<Pack> {
    let builtin = TABLE.iter().find(|builtin| builtin.id == id)?;
    // Read anew: copying would cost a tablet more code than it saves time.
    let mut pack = Pack { hash: builtin.hash, ..Pack::read(&mut rules(builtin))? };
    let (_, remarks) = REMARKS.iter().find(|(of, _)| *of == id)?;
    Remarks::read(&mut &**remarks)?.put_into(&mut pack);
    Some(pack)
}

/// A pack that comes with the program.
#[must_use]
pub fn find(id: &str) -> Option<&'static Pack> {
    all().iter().find(|pack| pack.id == id)
}

/// A pack that comes with the program, by the hash of its file, or of an earlier version that judges alike.
#[must_use]
pub fn find_by_hash(hash: &PackHash) -> Option<&'static Pack> {
    all().iter().find(|pack| pack.judges_as(hash))
}

/// Reads a pack from JSON, without the static check.
///
/// # Errors
/// The field that is missing, unknown or of the wrong kind.
pub fn read_json(json: &str) -> Result<Pack, PackError> {
    too_long(json)?;
    crate::score::door::open();
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

/// Reads a pack from JSON and checks it; its hash is that of the text.
///
/// # Errors
/// Everything found wrong, each with its field.
pub fn read_checked(json: &str) -> Result<Pack, Vec<Finding>> {
    let pack =
        read_json(json).map_err(|error| vec![Finding { line: None, field: error.field, message: error.message }])?;
    let found = findings(&pack);
    if found.is_empty() { Ok(Pack { hash: PackHash::of(json.as_bytes()), ..pack }) } else { Err(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_build_script_wrote_reads_as_the_file_does() {
        for builtin in builtin() {
            let pack = Pack::read(&mut &*builtin.data).unwrap();
            let mut again = Vec::new();
            pack.write(&mut again);
            assert_eq!(again, builtin.data, "{}", builtin.id);
            for cut in 0..builtin.data.len() {
                assert!(
                    Pack::read(&mut builtin.data.get(..cut).unwrap()).is_none(),
                    "{}: {cut} bytes are no pack",
                    builtin.id
                );
            }
        }
    }
}
