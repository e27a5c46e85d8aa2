//! Maps and sets in the order of their keys: the standard library's trees natively, sorted rows in WebAssembly, where each tree
//! of another type is two to three kilobytes of code.

#[cfg(any(test, target_family = "wasm"))]
mod rows;

/// A map in the order of its keys: on tablets rows that cost little code, elsewhere a tree that stays quick when it is large.
#[cfg(target_family = "wasm")]
pub use rows::Map;
/// A set in order, likewise.
#[cfg(target_family = "wasm")]
pub use rows::Set;
/// A map in the order of its keys: on tablets rows that cost little code, elsewhere a tree that stays quick when it is large.
#[cfg(not(target_family = "wasm"))]
pub use std::collections::BTreeMap as Map;
/// A set in order, likewise.
#[cfg(not(target_family = "wasm"))]
pub use std::collections::BTreeSet as Set;
