//! The server's clock. Only this module asks the operating system for the time.

use std::time::{SystemTime, UNIX_EPOCH};

use shared::time::Millis;

/// The current time of this computer.
#[must_use]
pub fn now() -> Millis {
    #[expect(clippy::disallowed_methods, reason = "this is the server's clock")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
