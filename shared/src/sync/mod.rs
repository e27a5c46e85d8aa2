//! Sync: one request, one answer. `messages` is the wire of `POST /v1/sync`; `replica` is the tablet's half and `office`
//! the server's half of the exchange, both without IO, so that a simulation can run them against each other.

mod abridged;
mod fate;
mod messages;
mod office;
mod replica;

pub use abridged::{Abridged, Telling};
pub use fate::{Attention, CardSync, OwnOperation};
pub use messages::{LogEntry, OwnChain, PROTOCOL, SyncRequest, SyncResponse};
pub use office::{Contact, Decision, KeyCheck, Office, Page, PageRow, Place, Window};
pub use replica::{Absorbed, Meta, Replica, Stored, SyncError, stored_entry, stored_receipt};
