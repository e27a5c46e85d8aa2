//! The server. It receives operations from devices, judges them with the rules of `shared`, stores them, and gives each
//! person what that person is entitled to. It is thin on purpose: whatever both sides must agree on is in `shared`.
#![forbid(unsafe_code)]

pub mod app;
pub mod assets;
pub mod auth;
pub mod backup;
pub mod caller;
pub mod certificate;
pub mod cli;
pub mod clock;
pub mod data_directory;
pub mod database;
pub mod demo;
pub mod errors;
pub mod guard;
mod handlers;
pub mod health;
pub mod import;
pub mod ingest;
pub mod lang;
pub mod listen;
pub mod names;
pub mod open_directory;
pub mod packs;
pub mod router;
pub mod settings;
pub mod store;
mod table;
pub mod tls;
mod values;
pub mod words;
