//! A person's own password.

mod change;

pub(crate) use change::change;
