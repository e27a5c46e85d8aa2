//! Ordered maps and sets as sorted rows: what tablets use in place of the standard library's trees, of which each kind of key
//! and value costs two to three kilobytes of code. The words are the standard library's, and so is the order.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};
use std::{slice, vec};

use minicbor::decode::{Decode, Decoder, Error as DecodeError};
use minicbor::encode::{Encode, Encoder, Error as EncodeError, Write};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A map in the order of its keys.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Map<K, V> {
    keys: Set<K>,
    /// As many as keys, in their order.
    values: Vec<V>,
}

/// A set in order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set<K>(Vec<K>);

/// The place of one key of a map, taken or free.
#[derive(Debug)]
pub struct Entry<'a, K, V> {
    map: &'a mut Map<K, V>,
    key: K,
    place: Result<usize, usize>,
}

type Pairs<'a, K, V> = std::iter::Zip<slice::Iter<'a, K>, slice::Iter<'a, V>>;
type PairsMut<'a, K, V> = std::iter::Zip<slice::Iter<'a, K>, slice::IterMut<'a, V>>;
type IntoPairs<K, V> = std::iter::Zip<vec::IntoIter<K>, vec::IntoIter<V>>;

impl<K> Default for Set<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K> Set<K> {
    /// An empty set.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps those that are to stay.
    pub fn retain(&mut self, stays: impl FnMut(&K) -> bool) {
        self.0.retain(stays);
    }

    /// All in order.
    pub fn iter(&self) -> slice::Iter<'_, K> {
        self.0.iter()
    }

    /// The least.
    #[must_use]
    pub fn first(&self) -> Option<&K> {
        self.0.first()
    }

    /// The greatest.
    #[must_use]
    pub fn last(&self) -> Option<&K> {
        self.0.last()
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl<K: Ord> Set<K> {
    /// Where a key is, or where it would go.
    #[inline(never)]
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|held| held.borrow().cmp(key))
    }

    /// Whether it is in.
    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Puts it in; whether it was not there before.
    pub fn insert(&mut self, key: K) -> bool {
        match self.place(&key) {
            Ok(_) => false,
            Err(free) => {
                self.0.insert(free, key);
                true
            }
        }
    }

    /// Takes it out; whether it was there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).map(|place| self.0.remove(place)).is_ok()
    }

    /// Whether all of these are in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|key| other.contains(key))
    }

    fn bounds<Q: Ord + ?Sized>(&self, range: impl RangeBounds<Q>) -> (usize, usize)
    where
        K: Borrow<Q>,
    {
        let after = |key: &Q| self.place(key).map_or_else(|free| free, |place| place.saturating_add(1));
        let at = |key: &Q| self.place(key).unwrap_or_else(|free| free);
        let start = match range.start_bound() {
            Bound::Included(key) => at(key),
            Bound::Excluded(key) => after(key),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(key) => after(key),
            Bound::Excluded(key) => at(key),
            Bound::Unbounded => self.len(),
        };
        (start, end.max(start))
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Map<K, V> {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self { keys: Set::new(), values: Vec::new() }
    }

    /// How many entries there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// All entries by key.
    pub fn iter(&self) -> Pairs<'_, K, V> {
        self.keys.iter().zip(&self.values)
    }

    /// All entries by key, the values to be changed.
    pub fn iter_mut(&mut self) -> PairsMut<'_, K, V> {
        self.keys.iter().zip(&mut self.values)
    }

    /// All keys.
    pub fn keys(&self) -> slice::Iter<'_, K> {
        self.keys.iter()
    }

    /// All values by key.
    pub fn values(&self) -> slice::Iter<'_, V> {
        self.values.iter()
    }

    /// All values by key, to be changed.
    pub fn values_mut(&mut self) -> slice::IterMut<'_, V> {
        self.values.iter_mut()
    }

    /// All keys, taken out.
    pub fn into_keys(self) -> vec::IntoIter<K> {
        self.keys.0.into_iter()
    }

    /// All values, taken out.
    pub fn into_values(self) -> vec::IntoIter<V> {
        self.values.into_iter()
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.values.clear();
    }

    /// The entry with the least key.
    #[must_use]
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.keys.first().zip(self.values.first())
    }

    /// The entry with the greatest key.
    #[must_use]
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.keys.last().zip(self.values.last())
    }
}

impl<K: Ord, V> Map<K, V> {
    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.values.get(self.keys.place(key).ok()?)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.values.get_mut(self.keys.place(key).ok()?)
    }

    /// Whether the key is in.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.keys.contains(key)
    }

    /// Puts a value in and gives the one that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.keys.place(&key) {
            Ok(place) => self.values.get_mut(place).map(|held| std::mem::replace(held, value)),
            Err(free) => {
                self.keys.0.insert(free, key);
                self.values.insert(free, value);
                None
            }
        }
    }

    /// Takes an entry out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.keys.place(key).ok()?;
        self.keys.0.remove(place);
        Some(self.values.remove(place))
    }

    /// The place of a key.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        let place = self.keys.place(&key);
        Entry { map: self, key, place }
    }

    /// The entries of a range of keys.
    pub fn range<Q: Ord + ?Sized>(&self, range: impl RangeBounds<Q>) -> Pairs<'_, K, V>
    where
        K: Borrow<Q>,
    {
        let (start, end) = self.keys.bounds(range);
        let keys = self.keys.0.get(start..end).unwrap_or_default();
        keys.iter().zip(self.values.get(start..end).unwrap_or_default())
    }

    /// Keeps the entries that are to stay.
    pub fn retain(&mut self, mut stays: impl FnMut(&K, &mut V) -> bool) {
        for (key, mut value) in std::mem::take(self) {
            if stays(&key, &mut value) {
                // In order, so at the end.
                self.keys.0.push(key);
                self.values.push(value);
            }
        }
    }

    /// Moves all entries of another map here; of two with one key the other's stays.
    pub fn append(&mut self, other: &mut Self) {
        self.extend(std::mem::take(other));
    }
}

impl<'a, K: Ord, V> Entry<'a, K, V> {
    /// The value there, or a new one.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'a mut V {
        let place = match self.place {
            Ok(place) => place,
            Err(free) => {
                self.map.keys.0.insert(free, self.key);
                self.map.values.insert(free, make());
                free
            }
        };
        self.map.values.get_mut(place).unwrap_or_else(|| unreachable!())
    }

    /// The value there, or this one.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// The value there, or an empty one.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord> Extend<K> for Set<K> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, keys: I) {
        for key in keys {
            self.insert(key);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord> FromIterator<K> for Set<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut set = Self::new();
        set.extend(keys);
        set
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Ord, const N: usize> From<[K; N]> for Set<K> {
    fn from(keys: [K; N]) -> Self {
        keys.into_iter().collect()
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = IntoPairs<K, V>;

    fn into_iter(self) -> IntoPairs<K, V> {
        self.keys.0.into_iter().zip(self.values)
    }
}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Pairs<'a, K, V>;

    fn into_iter(self) -> Pairs<'a, K, V> {
        self.iter()
    }
}

impl<'a, K, V> IntoIterator for &'a mut Map<K, V> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = PairsMut<'a, K, V>;

    fn into_iter(self) -> PairsMut<'a, K, V> {
        self.iter_mut()
    }
}

impl<K> IntoIterator for Set<K> {
    type Item = K;
    type IntoIter = vec::IntoIter<K>;

    fn into_iter(self) -> vec::IntoIter<K> {
        self.0.into_iter()
    }
}

impl<'a, K> IntoIterator for &'a Set<K> {
    type Item = &'a K;
    type IntoIter = slice::Iter<'a, K>;

    fn into_iter(self) -> slice::Iter<'a, K> {
        self.iter()
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self).finish()
    }
}

impl<K: fmt::Debug> fmt::Debug for Set<K> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self).finish()
    }
}

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

/// Whether another entry follows, in a row of known length or in one that says itself where it ends.
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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    /// What can be done to a map.
    #[derive(Clone, Debug)]
    enum Act {
        Insert(u8, u16),
        Remove(u8),
        Entry(u8, u16),
        Append(Vec<(u8, u16)>),
        RetainBelow(u8),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            4 => any::<(u8, u16)>().prop_map(|(key, value)| Act::Insert(key % 32, value)),
            2 => any::<u8>().prop_map(|key| Act::Remove(key % 32)),
            2 => any::<(u8, u16)>().prop_map(|(key, value)| Act::Entry(key % 32, value)),
            1 => prop::collection::vec((0_u8..32, any::<u16>()), 0..9).prop_map(Act::Append),
            1 => (0_u8..40).prop_map(Act::RetainBelow),
        ]
    }

    fn written<T: Encode<()>>(value: &T) -> Vec<u8> {
        minicbor::to_vec(value).unwrap()
    }

    proptest! {
        #[test]
        fn a_flat_map_is_told_from_a_tree_by_nothing(acts in prop::collection::vec(act(), 0..60), low in 0_u8..32, high in 0_u8..32) {
            let (mut flat, mut tree) = (Map::new(), BTreeMap::new());
            for act in acts {
                match act {
                    Act::Insert(key, value) => prop_assert_eq!(flat.insert(key, value), tree.insert(key, value)),
                    Act::Remove(key) => prop_assert_eq!(flat.remove(&key), tree.remove(&key)),
                    Act::Entry(key, value) => {
                        *flat.entry(key).or_default() ^= value;
                        *tree.entry(key).or_default() ^= value;
                    }
                    Act::Append(entries) => {
                        flat.append(&mut entries.iter().copied().collect());
                        tree.append(&mut entries.into_iter().collect());
                    }
                    Act::RetainBelow(limit) => {
                        flat.retain(|key, _| *key < limit);
                        tree.retain(|key, _| *key < limit);
                    }
                }
                prop_assert!(flat.iter().eq(tree.iter()));
                prop_assert_eq!(flat.first_key_value(), tree.first_key_value());
                prop_assert_eq!(flat.last_key_value(), tree.last_key_value());
            }
            if low <= high {
                prop_assert!(flat.range(low..high).eq(tree.range(low..high)));
                prop_assert!(flat.range(low..=high).eq(tree.range(low..=high)));
            }
            prop_assert!(flat.range(..=high).eq(tree.range(..=high)));
            prop_assert_eq!(written(&flat), written(&tree));
            prop_assert_eq!(minicbor::decode::<Map<u8, u16>>(&written(&tree)).unwrap(), flat.clone());
            let text = serde_json::to_string(&tree).unwrap();
            prop_assert_eq!(serde_json::to_string(&flat).unwrap(), text.clone());
            prop_assert_eq!(serde_json::from_str::<Map<u8, u16>>(&text).unwrap(), flat);
        }

        #[test]
        fn a_flat_set_is_told_from_a_tree_by_nothing(keys in prop::collection::vec(any::<u8>(), 0..60)) {
            let (flat, tree): (Set<u8>, BTreeSet<u8>) = (keys.iter().copied().collect(), keys.iter().copied().collect());
            prop_assert!(flat.iter().eq(tree.iter()));
            prop_assert_eq!(written(&flat), written(&tree));
            prop_assert_eq!(minicbor::decode::<Set<u8>>(&written(&tree)).unwrap(), flat.clone());
            prop_assert!((0..=u8::MAX).all(|key| flat.contains(&key) == tree.contains(&key)));
        }
    }

    #[test]
    fn a_map_that_says_itself_where_it_ends_is_read_to_its_end() {
        // {_ 1: 2, 1: 3} and one byte more: of one key twice the later stays, as in a tree.
        let bytes = [0xBF, 1, 2, 1, 3, 0xFF, 7];
        let mut input = Decoder::new(&bytes);
        assert_eq!(input.decode::<Map<u8, u8>>().unwrap(), Map::from([(1, 3)]));
        assert_eq!(input.position(), 6);
    }
}
