//! Tests of the sorted rows against the standard library's trees.

use minicbor::decode::Decoder;
use minicbor::encode::Encode;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// An act on a map.
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
        let (mut rows, mut tree) = (Map::new(), BTreeMap::new());
        for act in acts {
            match act {
                Act::Insert(key, value) => prop_assert_eq!(rows.insert(key, value), tree.insert(key, value)),
                Act::Remove(key) => prop_assert_eq!(rows.remove(&key), tree.remove(&key)),
                Act::Entry(key, value) => {
                    *rows.entry(key).or_default() ^= value;
                    *tree.entry(key).or_default() ^= value;
                }
                Act::Append(entries) => {
                    rows.append(&mut entries.iter().copied().collect());
                    tree.append(&mut entries.into_iter().collect());
                }
                Act::RetainBelow(limit) => {
                    rows.retain(|key, _| *key < limit);
                    tree.retain(|key, _| *key < limit);
                }
            }
            prop_assert!(rows.iter().eq(tree.iter()));
            prop_assert_eq!(rows.first_key_value(), tree.first_key_value());
            prop_assert_eq!(rows.last_key_value(), tree.last_key_value());
        }
        if low <= high {
            prop_assert!(rows.range(low..high).eq(tree.range(low..high)));
            prop_assert!(rows.range(low..=high).eq(tree.range(low..=high)));
        }
        prop_assert!(rows.range(..=high).eq(tree.range(..=high)));
        prop_assert_eq!(written(&rows), written(&tree));
        prop_assert_eq!(minicbor::decode::<Map<u8, u16>>(&written(&tree)).unwrap(), rows.clone());
        let text = serde_json::to_string(&tree).unwrap();
        prop_assert_eq!(serde_json::to_string(&rows).unwrap(), text.clone());
        prop_assert_eq!(serde_json::from_str::<Map<u8, u16>>(&text).unwrap(), rows);
    }

    #[test]
    fn a_flat_set_is_told_from_a_tree_by_nothing(keys in prop::collection::vec(any::<u8>(), 0..60)) {
        let (rows, tree): (Set<u8>, BTreeSet<u8>) = (keys.iter().copied().collect(), keys.iter().copied().collect());
        prop_assert!(rows.iter().eq(tree.iter()));
        prop_assert_eq!(written(&rows), written(&tree));
        prop_assert_eq!(minicbor::decode::<Set<u8>>(&written(&tree)).unwrap(), rows.clone());
        prop_assert!((0..=u8::MAX).all(|key| rows.contains(&key) == tree.contains(&key)));
    }
}

#[test]
fn a_map_that_says_itself_where_it_ends_is_read_to_its_end() {
    // {_ 1: 2, 1: 3} and one more byte. If a key comes twice, the later value stays, as in a tree.
    let bytes = [0xBF, 1, 2, 1, 3, 0xFF, 7];
    let mut input = Decoder::new(&bytes);
    assert_eq!(input.decode::<Map<u8, u8>>().unwrap(), Map::from([(1, 3)]));
    assert_eq!(input.position(), 6);
}
