//! Which keys speak for a person.

mod register;

pub(crate) use register::register;
