//! The sync engine. One request gets one answer. `messages` holds the messages of `POST /v1/sync`, `replica` the
//! device's half of the exchange and `log_state` the server's half. Both halves are without IO, so that a simulation
//! can run them against each other.

mod compacted;
mod fate;
mod log_state;
mod messages;
mod replica;

pub use compacted::{Compacted, CompactedReader};
pub use fate::{Attention, CardSync, OwnOperation};
pub use log_state::{Contact, Decision, KeyCheck, LogState, Page, PageRow, Place, Window};
pub use messages::{LogEntry, OwnChain, PROTOCOL, SyncRequest, SyncResponse};
pub use replica::{Absorbed, Meta, Replica, Stored, SyncError, stored_entry, stored_receipt};
