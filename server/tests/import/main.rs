//! Imports: real spreadsheets whole, bad ones refused with words that help and without any change.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets the unexpected shall stop"
)]

mod books;
mod hostile_files;
mod people;
mod real_list;
mod work_list;
