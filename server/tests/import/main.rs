//! Tests of imports: real spreadsheets are taken whole, bad ones are refused with helpful messages and without any
//! change.

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
