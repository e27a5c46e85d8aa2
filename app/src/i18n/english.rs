//! The English texts, in a file of their own that is fetched when someone chooses English.

use leptos::wasm_split::SplitLoaderError;

use super::Table;

include!(concat!(env!("OUT_DIR"), "/english.rs"));

pub(super) const TABLE: Table = &ENGLISH;

#[allow(unsafe_code, reason = "the macro declares the border between the two files; see DESIGN.md")]
mod border {
    use super::{SplitLoaderError, TABLE, Table};

    #[leptos::wasm_split::wasm_split(english, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn texts() -> Result<Table, SplitLoaderError> {
        Ok(TABLE)
    }
}

/// The texts in the order of the catalogue.
///
/// # Errors
/// When the file could not be fetched.
pub(super) async fn table() -> Result<Table, SplitLoaderError> {
    border::texts().await
}
