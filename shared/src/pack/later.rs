//! A part of a pack that is decoded when it is first read.

use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use minicbor::encode::{self, Write};
use minicbor::{Decode, Decoder, Encode, Encoder, decode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A part of a pack that no screen of the first download reads. Tablets keep the bytes it came in, so that the code that
/// reads them comes with the screens that ask. Its encoding is that of the part. Offices and authors decode it at once, so
/// that no pack passes them whose parts are not readable.
#[derive(Clone, Debug, Default)]
pub struct Later<T> {
    /// What came; empty where the part was made here. Once the part is decoded, nobody reads them.
    bytes: Vec<u8>,
    part: OnceLock<T>,
}

impl<T> From<T> for Later<T> {
    fn from(part: T) -> Self {
        Self { bytes: Vec::new(), part: OnceLock::from(part) }
    }
}

impl<T: Default + for<'b> Decode<'b, ()>> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // Whoever issued the pack has decoded it, and its hash is known: it is readable, or empty.
        self.part.get_or_init(|| decode(&self.bytes).unwrap_or_default())
    }
}

impl<T: Default + for<'b> Decode<'b, ()>> DerefMut for Later<T> {
    fn deref_mut(&mut self) -> &mut T {
        let _ = self.deref();
        self.part.get_mut().unwrap_or_else(|| unreachable!())
    }
}

impl<T: PartialEq + Default + for<'b> Decode<'b, ()>> PartialEq for Later<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq + Default + for<'b> Decode<'b, ()>> Eq for Later<T> {}

impl<C, T: Encode<C> + Default + for<'b> Decode<'b, ()>> Encode<C> for Later<T> {
    fn encode<W: Write>(&self, encoder: &mut Encoder<W>, context: &mut C) -> Result<(), encode::Error<W::Error>> {
        self.deref().encode(encoder, context)
    }

    fn is_nil(&self) -> bool {
        self.deref().is_nil()
    }
}

impl<'b, C, T: Decode<'b, C>> Decode<'b, C> for Later<T> {
    #[cfg(feature = "author")]
    fn decode(decoder: &mut Decoder<'b>, context: &mut C) -> Result<Self, decode::Error> {
        T::decode(decoder, context).map(Self::from)
    }

    #[cfg(not(feature = "author"))]
    fn decode(decoder: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let start = decoder.position();
        decoder.skip()?;
        let bytes = decoder.input().get(start..decoder.position()).unwrap_or_default().to_vec();
        Ok(Self { bytes, part: OnceLock::new() })
    }

    fn nil() -> Option<Self> {
        T::nil().map(Self::from)
    }
}

impl<T: Serialize + Default + for<'b> Decode<'b, ()>> Serialize for Later<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.deref().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Later<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}
