//! The heart of Công Tâm.

pub mod num;
pub mod text;
