//! Finds out who asks: passwords, sessions, and the limits on guessing.

mod browser;
mod choice;
mod current;
mod door;
mod password;
mod throttle;
mod token;

pub use browser::KnownBrowsers;
pub use choice::{Weak, weakness};
pub use current::CurrentPerson;
pub(crate) use door::{Attempt, check, open_session};
pub(crate) use password::PASSWORD_BYTES_MAX;
pub use password::{Hasher, hash_all};
pub use throttle::{Client, Throttle};
pub use token::{Token, cookie_name};
