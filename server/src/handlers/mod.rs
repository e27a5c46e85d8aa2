//! One folder per noun, one file per verb. A handler reads, acts and answers; rules live in `shared`.

pub(crate) mod blob;
pub(crate) mod body;
pub(crate) mod device;
pub(crate) mod health;
pub(crate) mod password;
pub(crate) mod session;
pub(crate) mod sync;
