//! The English texts: a file of their own, fetched when someone chooses English.

use leptos::wasm_split::SplitLoaderError;

use super::Table;

include!(concat!(env!("OUT_DIR"), "/english.rs"));

pub(super) const TABLE: Table = &ENGLISH;

#[allow(unsafe_code, reason = "the macro declares the border between the two files; see DESIGN.md")]
mod border {
    use shared::pack::{Bilingual, bilingual};

    use super::{SplitLoaderError, TABLE, Table};

    #[leptos::wasm_split::wasm_split(english, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn texts() -> Result<(Table, Bilingual), SplitLoaderError> {
        Ok((TABLE, bilingual()))
    }
}

/// The texts in the order of the catalogue; the rule packs speak English, too, from then on.
///
/// # Errors
/// When they could not be fetched.
pub(super) async fn table() -> Result<Table, SplitLoaderError> {
    let (table, rules) = border::texts().await?;
    shared::pack::learn_english(rules);
    Ok(table)
}
