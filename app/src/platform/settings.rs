//! Small settings in localStorage: never records. Plain words, because a reader of JSON costs a tablet kilobytes.

use gloo_storage::{LocalStorage, Storage as _};

/// The setting `key`, when it is there.
pub fn read_setting(key: &str) -> Option<String> {
    LocalStorage::raw().get_item(key).ok().flatten()
}

/// Keeps the setting `key`. A tablet that refuses goes on with the setting until it is closed.
pub fn write_setting(key: &str, value: &str) {
    let _ = LocalStorage::raw().set_item(key, value);
}
