//! Reports whether the server is alive, and whether it can work.

mod live;
mod ready;

pub(crate) use live::live;
pub(crate) use ready::ready;
