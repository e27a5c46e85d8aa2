//! The keys that sign for a person.

mod register;

pub(crate) use register::register;
