//! The tablet.
fn main() {}
