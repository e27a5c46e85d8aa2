//! The exchange with tablets.

mod exchange;

pub(crate) use exchange::exchange;
