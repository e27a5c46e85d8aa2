//! Encoded packs. One format serves the pack that a device carries and the file of all others, which the device fetches
//! when someone wants to read about them or compare.

use super::Pack;

/// Encodes whole packs, each with its hash.
#[must_use]
pub fn write_library<'a>(packs: impl IntoIterator<Item = &'a Pack>) -> Vec<u8> {
    let packs: Vec<&Pack> = packs.into_iter().collect();
    // Writing to memory does not fail.
    minicbor::to_vec(packs).unwrap_or_default()
}

/// The packs of a library; none when the bytes are not a library.
#[must_use]
pub fn read_library(bytes: &[u8]) -> Option<Vec<Pack>> {
    let mut input = minicbor::Decoder::new(bytes);
    let packs = input.decode().ok()?;
    (input.position() == bytes.len()).then_some(packs)
}

impl Pack {
    /// The pack as JSON for files, in the form that [`super::read_json`] reads.
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
    fn a_library_reads_as_the_packs_it_was_made_of() {
        let bytes = write_library(pack::all());
        let packs = read_library(&bytes).unwrap();
        assert!(packs.iter().eq(pack::all()));
        assert!(read_library(&[&*bytes, &[0]].concat()).is_none(), "a byte behind it");
    }

    #[test]
    fn a_library_that_was_cut_is_none() {
        let bytes = write_library(pack::find("longbien"));
        for cut in 0..bytes.len() {
            assert!(read_library(bytes.get(..cut).unwrap()).is_none(), "{cut} bytes");
        }
    }

    #[test]
    fn a_pack_reads_as_what_it_says_in_json() {
        for pack in pack::all() {
            let again = pack::read_json(&pack.to_json().unwrap()).unwrap();
            assert_eq!(Pack { hash: pack.hash, ..again }, *pack, "{}", pack.id);
        }
    }
}
