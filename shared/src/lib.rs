//! The heart of Công Tâm.

pub mod ids;
pub mod limits;
pub mod num;
pub mod op;
pub mod org;
pub mod pack;
pub mod score;
pub mod sync;
pub mod text;
pub mod time;
pub mod work;
