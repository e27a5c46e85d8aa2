//! All rule packs in one file, whole with notes, reasons and roll-ups: for tablets, which carry only the pack of their cards and
//! fetch the rest when someone wants to read about it or compare.

use super::Pack;
use super::compact::{Compact as _, Remarks};
use crate::ids::PackHash;

const HASH_BYTES: usize = 32;

/// Every pack that comes with the program, as the bytes that [`read_library`] reads in a program of the same build.
#[cfg(feature = "author")]
#[must_use]
pub fn library() -> Vec<u8> {
    super::TABLE.iter().flat_map(library_of).collect()
}

/// One pack of [`library`].
#[cfg(feature = "author")]
#[must_use]
pub fn library_of(builtin: &super::BuiltinPack) -> Vec<u8> {
    let remarks = super::REMARKS.iter().find(|(of, _)| *of == builtin.id);
    let remarks: &[u8] = remarks.map_or(&[], |(_, remarks)| remarks);
    [builtin.hash.as_bytes().as_slice(), builtin.data, remarks].concat()
}

/// The packs of a library; nothing when the bytes are something else, or of another build.
#[must_use]
pub fn read_library(bytes: &[u8]) -> Option<Vec<Pack>> {
    crate::score::door::open();
    let (mut packs, mut rest) = (Vec::new(), bytes);
    while !rest.is_empty() {
        let (hash, data) = rest.split_first_chunk::<HASH_BYTES>()?;
        rest = data;
        let mut pack = Pack { hash: PackHash::from_bytes(*hash), ..Pack::read(&mut rest)? };
        Remarks::read(&mut rest)?.put_into(&mut pack);
        packs.push(pack);
    }
    Some(packs)
}

impl Pack {
    /// As JSON, for files: what [`super::read_json`] reads.
    ///
    /// # Errors
    /// None that a pack can cause.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }
}

#[cfg(all(test, feature = "author"))]
mod tests {
    use super::*;
    use crate::pack;

    #[test]
    fn the_library_reads_as_the_packs_with_their_remarks() {
        let packs = read_library(&library()).unwrap();
        assert_eq!(packs.len(), pack::builtin().len());
        for pack in &packs {
            assert_eq!(Some(pack), pack::find_with_remarks(&pack.id).as_ref(), "{}", pack.id);
        }
        for pack in packs {
            let again = pack::read_json(&pack.to_json().unwrap()).unwrap();
            assert_eq!(Pack { hash: pack.hash, ..again }, pack, "{}", pack.id);
        }
        let bytes = library();
        assert!(read_library(bytes.get(..bytes.len() - 1).unwrap()).is_none(), "a cut file is none");
    }
}
