//! The heart of Công Tâm.

pub mod num;
