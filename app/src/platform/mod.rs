//! The browser, thinly wrapped: besides `db` and `journal` the only place that touches it.

use shared::time::Millis;

mod clock;

pub use clock::now;

/// A fresh identifier, ordered by time.
pub fn fresh_uuid() -> uuid::Uuid {
    let Millis(ms) = now();
    uuid::Builder::from_unix_timestamp_millis(ms, &random()).into_uuid()
}

/// Random bytes from the browser's generator.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}
