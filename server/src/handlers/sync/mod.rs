//! The exchange with devices.

mod exchange;

pub(crate) use exchange::exchange;
