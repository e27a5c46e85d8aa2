//! The office of Công Tâm: what the binary `congtam` is made of.

pub mod import;
