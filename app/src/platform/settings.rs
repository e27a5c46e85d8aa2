//! Small settings in localStorage: never records.

use gloo_storage::{LocalStorage, Storage as _};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The setting `key`, when it is there and readable.
pub fn read_setting<T: DeserializeOwned>(key: &str) -> Option<T> {
    LocalStorage::get(key).ok()
}

/// Keeps the setting `key`. A tablet that refuses goes on with the setting until it is closed.
pub fn write_setting<T: Serialize>(key: &str, value: &T) {
    let _ = LocalStorage::set(key, value);
}
