//! Maps and sets in the order of their keys. Native programs use the standard library's trees. WebAssembly uses sorted
//! rows, because there each further tree type adds two to three kilobytes of code.

#[cfg(any(test, target_family = "wasm"))]
mod rows;

/// A map in the order of its keys. On devices it is a sorted row, which needs little code; elsewhere a tree, which
/// stays fast when it is large.
#[cfg(target_family = "wasm")]
pub use rows::Map;
/// A set in order. On devices it is a sorted row, elsewhere a tree.
#[cfg(target_family = "wasm")]
pub use rows::Set;
/// A map in the order of its keys. On devices it is a sorted row, which needs little code; elsewhere a tree, which
/// stays fast when it is large.
#[cfg(not(target_family = "wasm"))]
pub use std::collections::BTreeMap as Map;
/// A set in order. On devices it is a sorted row, elsewhere a tree.
#[cfg(not(target_family = "wasm"))]
pub use std::collections::BTreeSet as Set;
