//! Who is asking: passwords, sessions, and what slows down guessing.

mod current;
mod password;
mod throttle;
mod token;

pub use current::CurrentPerson;
pub(crate) use password::PASSWORD_BYTES_MAX;
pub use password::{Hasher, hash_all};
pub use throttle::Throttle;
pub use token::{COOKIE, Token};
