//! Pieces used by several screens.

mod frame;

pub use frame::Frame;
