//! The device's clock.

use shared::time::Millis;

/// The current time by the device's clock.
pub fn now() -> Millis {
    // A whole number of milliseconds below 2^53, so the conversion is exact.
    Millis(js_sys::Date::now() as u64)
}

/// Waits for `ms` milliseconds.
pub async fn sleep(ms: u32) {
    gloo_timers::future::TimeoutFuture::new(ms).await;
}
