//! The sync engine: when to contact the office, and what is done then.

mod backoff;
mod engine;
mod exchange;
mod reception;

pub use backoff::{Outcome, Pace};
pub use engine::run;
