//! Random numbers from the browser's generator.

use super::clock::now;
use super::javascript::describe;

/// A fresh identifier. Identifiers sort by time.
///
/// # Errors
/// What the browser said when it has no generator.
pub fn fresh_uuid() -> Result<uuid::Uuid, String> {
    Ok(uuid::Builder::from_unix_timestamp_millis(now().0, &random()?).into_uuid())
}

/// Random bytes that are good enough for keys.
///
/// # Errors
/// What the browser said when it has no generator. Predictable bytes would be worse than none.
pub fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    let window = web_sys::window().ok_or("no window")?;
    let crypto = window.crypto().map_err(|error| describe(&error))?;
    crypto.get_random_values_with_u8_array(&mut bytes).map_err(|error| describe(&error))?;
    Ok(bytes)
}
