//! The tablet's clock.

use shared::time::Millis;

/// Now, as the tablet believes.
pub fn now() -> Millis {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "Date.now() is a whole number of milliseconds below 2^53"
    )]
    let ms = js_sys::Date::now() as u64;
    Millis(ms)
}
