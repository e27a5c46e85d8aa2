//! The sync engine: when to contact the server, and what is done in a contact.

mod backoff;
mod blobs;
mod download_progress;
mod engine;
mod exchange;
mod send_packs;

pub use backoff::{Backoff, Outcome};
pub use engine::run;
pub use send_packs::{SendPacks, send_packs};
