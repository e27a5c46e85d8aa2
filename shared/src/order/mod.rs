//! Sorting and gathering that cost a tablet little code. The standard library's sort is made anew, at some five kilobytes,
//! for every type sorted, and gathering into a map sorts; here the sort is made once, for places, and the rest follows it.

use std::cmp::Ordering;

#[cfg(any(test, target_family = "wasm"))]
mod flat;

/// A map in the order of its keys: on tablets rows that cost little code, elsewhere a tree that stays quick when it is large.
#[cfg(target_family = "wasm")]
pub use flat::Map;
/// A set in order, likewise.
#[cfg(target_family = "wasm")]
pub use flat::Set;
/// A map in the order of its keys: on tablets rows that cost little code, elsewhere a tree that stays quick when it is large.
#[cfg(not(target_family = "wasm"))]
pub use std::collections::BTreeMap as Map;
/// A set in order, likewise.
#[cfg(not(target_family = "wasm"))]
pub use std::collections::BTreeSet as Set;

/// Sorts by a key; what has equal keys keeps its order. The key is computed once per item.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl FnMut(&T) -> K) {
    if items.len() < 2 {
        return;
    }
    let keys: Vec<K> = items.iter().map(key).collect();
    let order = sorted_places(keys.len(), &|left, right| keys.get(left).cmp(&keys.get(right)));
    let mut waiting: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|place| waiting.get_mut(place).and_then(Option::take)));
}

/// Gathers entries into a map; of two with one key the later stays.
#[must_use]
pub fn map_of<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> Map<K, V> {
    let mut map = Map::new();
    for (key, value) in entries {
        map.insert(key, value);
    }
    map
}

fn sorted_places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|left, right| compare(*left, *right));
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorting_is_that_of_the_standard_library(items in prop::collection::vec((0_u8..9, any::<u16>()), 0..80)) {
            let (mut here, mut there) = (items.clone(), items);
            sort_by_key(&mut here, |item| item.0);
            there.sort_by_key(|item| item.0);
            prop_assert_eq!(here, there);
        }

        #[test]
        fn gathering_is_that_of_the_standard_library(entries in prop::collection::vec((0_u8..9, any::<u16>()), 0..40)) {
            prop_assert_eq!(map_of(entries.clone()), entries.into_iter().collect::<Map<_, _>>());
        }
    }
}
