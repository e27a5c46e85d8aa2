//! Encodes rows in CBOR and JSON, in the same format as the standard library's trees.

use std::fmt;
use std::marker::PhantomData;

use minicbor::decode::{Decode, Decoder, Error as DecodeError};
use minicbor::encode::{Encode, Encoder, Error as EncodeError, Write};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Map, Set};

impl<C, K: Encode<C>, V: Encode<C>> Encode<C> for Map<K, V> {
    fn encode<W: Write>(&self, out: &mut Encoder<W>, context: &mut C) -> Result<(), EncodeError<W::Error>> {
        out.map(self.len() as u64)?;
        for (key, value) in self {
            key.encode(out, context)?;
            value.encode(out, context)?;
        }
        Ok(())
    }
}

impl<'b, C, K: Decode<'b, C> + Ord, V: Decode<'b, C>> Decode<'b, C> for Map<K, V> {
    fn decode(input: &mut Decoder<'b>, context: &mut C) -> Result<Self, DecodeError> {
        let mut map = Self::new();
        let count = input.map()?;
        let mut read = 0;
        while more(input, count, &mut read)? {
            let key = K::decode(input, context)?;
            let value = V::decode(input, context)?;
            map.insert(key, value);
        }
        Ok(map)
    }
}

impl<C, K: Encode<C>> Encode<C> for Set<K> {
    fn encode<W: Write>(&self, out: &mut Encoder<W>, context: &mut C) -> Result<(), EncodeError<W::Error>> {
        out.array(self.len() as u64)?;
        self.iter().try_for_each(|key| key.encode(out, context))
    }
}

impl<'b, C, K: Decode<'b, C> + Ord> Decode<'b, C> for Set<K> {
    fn decode(input: &mut Decoder<'b>, context: &mut C) -> Result<Self, DecodeError> {
        let mut set = Self::new();
        let count = input.array()?;
        let mut read = 0;
        while more(input, count, &mut read)? {
            set.insert(K::decode(input, context)?);
        }
        Ok(set)
    }
}

/// Whether another entry follows, in a row of known length or in one with an end mark.
#[inline(never)]
fn more(input: &mut Decoder<'_>, count: Option<u64>, read: &mut u64) -> Result<bool, DecodeError> {
    let follows = match count {
        Some(count) => *read < count,
        None if input.datatype()? == minicbor::data::Type::Break => {
            input.skip()?;
            false
        }
        None => true,
    };
    *read = read.saturating_add(1);
    Ok(follows)
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<K: Serialize> Serialize for Set<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Deserialize<'de> for Map<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<K, V>(PhantomData<(K, V)>);
        impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for Entries<K, V> {
            type Value = Map<K, V>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut map = Map::new();
                while let Some((key, value)) = entries.next_entry()? {
                    map.insert(key, value);
                }
                Ok(map)
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

impl<'de, K: Deserialize<'de> + Ord> Deserialize<'de> for Set<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys<K>(PhantomData<K>);
        impl<'de, K: Deserialize<'de> + Ord> Visitor<'de> for Keys<K> {
            type Value = Set<K>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut keys: A) -> Result<Self::Value, A::Error> {
                let mut set = Set::new();
                while let Some(key) = keys.next_element()? {
                    set.insert(key);
                }
                Ok(set)
            }
        }
        deserializer.deserialize_seq(Keys(PhantomData))
    }
}
