//! Ordered maps and sets as sorted rows. Devices use them instead of the standard library's trees, because there each
//! kind of key and value costs two to three kilobytes of code. Names and order are those of the standard library.

mod encoding;
#[cfg(test)]
mod tests;

use std::borrow::Borrow;
use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::{slice, vec};

/// A map in the order of its keys.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Map<K, V> {
    keys: Set<K>,
    /// One value for each key, in the same order.
    values: Vec<V>,
}

/// A set in order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set<K>(Vec<K>);

/// The entry of one key of a map, with or without a value.
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

    /// The number of keys.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps the keys for which `stays` is true.
    pub fn retain(&mut self, stays: impl FnMut(&K) -> bool) {
        self.0.retain(stays);
    }

    /// All keys in order.
    pub fn iter(&self) -> slice::Iter<'_, K> {
        self.0.iter()
    }

    /// The lowest key.
    #[must_use]
    pub fn first(&self) -> Option<&K> {
        self.0.first()
    }

    /// The highest key.
    #[must_use]
    pub fn last(&self) -> Option<&K> {
        self.0.last()
    }

    /// Removes all keys.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl<K: Ord> Set<K> {
    /// The position of a key, or the position where it would be inserted.
    #[inline(never)]
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|held| held.borrow().cmp(key))
    }

    /// Whether the set has the key.
    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Adds a key. Returns whether it is new.
    pub fn insert(&mut self, key: K) -> bool {
        match self.place(&key) {
            Ok(_) => false,
            Err(free) => {
                self.0.insert(free, key);
                true
            }
        }
    }

    /// Removes a key. Returns whether it was present.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).map(|place| self.0.remove(place)).is_ok()
    }

    /// Whether the other set has all keys of this one.
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

    /// The number of entries.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// All entries in the order of their keys.
    pub fn iter(&self) -> Pairs<'_, K, V> {
        self.keys.iter().zip(&self.values)
    }

    /// All entries in the order of their keys, with mutable values.
    pub fn iter_mut(&mut self) -> PairsMut<'_, K, V> {
        self.keys.iter().zip(&mut self.values)
    }

    /// All keys.
    pub fn keys(&self) -> slice::Iter<'_, K> {
        self.keys.iter()
    }

    /// All values in the order of their keys.
    pub fn values(&self) -> slice::Iter<'_, V> {
        self.values.iter()
    }

    /// All values in the order of their keys, mutable.
    pub fn values_mut(&mut self) -> slice::IterMut<'_, V> {
        self.values.iter_mut()
    }

    /// All keys, by value.
    pub fn into_keys(self) -> vec::IntoIter<K> {
        self.keys.0.into_iter()
    }

    /// All values, by value.
    pub fn into_values(self) -> vec::IntoIter<V> {
        self.values.into_iter()
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.values.clear();
    }

    /// The entry with the lowest key.
    #[must_use]
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.keys.first().zip(self.values.first())
    }

    /// The entry with the highest key.
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

    /// The value of a key, mutable.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.values.get_mut(self.keys.place(key).ok()?)
    }

    /// Whether the map has the key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.keys.contains(key)
    }

    /// Sets the value of a key and returns the earlier one.
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

    /// Removes the entry of a key and returns its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.keys.place(key).ok()?;
        self.keys.0.remove(place);
        Some(self.values.remove(place))
    }

    /// The entry of a key.
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

    /// Keeps the entries for which `stays` is true.
    pub fn retain(&mut self, mut stays: impl FnMut(&K, &mut V) -> bool) {
        for (key, mut value) in std::mem::take(self) {
            if stays(&key, &mut value) {
                // The keys come in order, so each goes to the end.
                self.keys.0.push(key);
                self.values.push(value);
            }
        }
    }

    /// Moves all entries of another map into this one. For a key that both have, the other's value stays.
    pub fn append(&mut self, other: &mut Self) {
        self.extend(std::mem::take(other));
    }
}

impl<'a, K: Ord, V> Entry<'a, K, V> {
    /// The present value, or a new one.
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

    /// The present value, or this one.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// The present value, or an empty one.
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
