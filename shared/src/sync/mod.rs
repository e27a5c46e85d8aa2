//! Sync: one request, one answer. `messages` is the wire of `POST /v1/sync`; `replica` is the tablet's half and `office`
//! the server's half of the exchange, both without IO, so that a simulation can run them against each other.

mod messages;

pub use messages::{LogEntry, OwnChain, PROTOCOL, SyncRequest, SyncResponse};
