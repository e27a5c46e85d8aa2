//! The office of Công Tâm: what the binary `congtam` is made of.

pub mod cli;
pub mod import;
