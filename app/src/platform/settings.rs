//! Small settings in localStorage, never records. They are plain texts, because a JSON parser adds kilobytes to the
//! download.

use gloo_storage::{LocalStorage, Storage as _};

/// The setting `key`, if there is one.
pub fn read_setting(key: &str) -> Option<String> {
    LocalStorage::raw().get_item(key).ok().flatten()
}

/// Stores the setting `key`. If the browser refuses, the setting holds only until the app is closed.
pub fn write_setting(key: &str, value: &str) {
    let _ = LocalStorage::raw().set_item(key, value);
}
