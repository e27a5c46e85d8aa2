//! The sync engine: when to contact the server, and what is done in a contact.

mod backoff;
mod blobs;
mod download_progress;
mod engine;
mod exchange;

pub use backoff::{Backoff, Outcome};
pub use engine::run;
