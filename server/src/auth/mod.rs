//! Finds out who asks: passwords, sessions, and the limits on guessing.

mod attempt;
mod browser;
mod choice;
mod current;
mod password;
mod throttle;
mod token;

pub(crate) use attempt::{Attempt, check, open_session};
pub use browser::KnownBrowsers;
pub use choice::{Weak, weakness};
pub use current::CurrentPerson;
pub(crate) use password::PASSWORD_BYTES_MAX;
pub use password::{Hasher, hash_all};
pub use throttle::{Client, Throttle};
pub use token::{Token, cookie_name};
