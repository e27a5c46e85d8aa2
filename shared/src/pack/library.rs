//! Encoded packs: what a hash is the hash of, and the file of all packs, from which a device shows and compares them.

use minicbor::bytes::ByteVec;

use super::Pack;
use crate::ids::PackHash;

/// Encodes whole packs.
#[must_use]
pub fn write_library<'a>(packs: impl IntoIterator<Item = &'a Pack>) -> Vec<u8> {
    let packs: Vec<ByteVec> = packs.into_iter().map(|pack| pack.to_bytes().into()).collect();
    encode(&packs)
}

/// The packs of a library; none when the bytes are not a library.
#[must_use]
pub fn read_library(bytes: &[u8]) -> Option<Vec<Pack>> {
    let packs: Vec<ByteVec> = whole(bytes)?;
    packs.iter().map(|bytes| Pack::from_bytes(bytes)).collect()
}

impl Pack {
    /// The encoded pack, by whose hash it is known.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads what [`Self::to_bytes`] wrote, also by an earlier version of the program. The hash is that of the bytes.
    /// None when the bytes are not a pack.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        whole(bytes).map(|pack| Self { hash: PackHash::of(bytes), ..pack })
    }

    /// The pack with the hash of what it says.
    pub(super) fn hashed(self) -> Self {
        Self { hash: PackHash::of(&self.to_bytes()), ..self }
    }

    /// The pack as JSON for files, in the form that [`super::read_json`] reads.
    ///
    /// # Errors
    /// None that a pack can cause.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }
}

/// Writing to memory does not fail.
fn encode<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}

/// Decodes and takes no byte behind.
fn whole<'b, T: minicbor::Decode<'b, ()>>(bytes: &'b [u8]) -> Option<T> {
    let mut input = minicbor::Decoder::new(bytes);
    let read = input.decode().ok()?;
    (input.position() == bytes.len()).then_some(read)
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
            let again = pack::read_json(&pack.to_json().unwrap()).unwrap().hashed();
            assert_eq!(again, *pack, "{}", pack.id);
        }
    }
}
