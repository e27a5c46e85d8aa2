//! `GET /v1/blobs/{hash}`: a blob, or what is left of it after a download that was cut.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::{AddressedBlob, may_read};
use crate::app::App;
use crate::auth::CurrentPerson;
use crate::errors::ApiError;
use crate::store::BlobRange;

/// What is named by its hash never changes. Only the browser of this session may keep it.
const ALWAYS: [(HeaderName, &str); 4] = [
    (header::CONTENT_TYPE, "application/octet-stream"),
    (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
    (header::VARY, "cookie"),
    (header::ACCEPT_RANGES, "bytes"),
];

/// Answers the blob, or the range that was asked for. What somebody may not read is not found.
pub(crate) async fn show(
    State(app): State<App>,
    current: CurrentPerson,
    AddressedBlob(hash): AddressedBlob,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if !may_read(current.person, hash) {
        return Err(ApiError::NotFound);
    }
    let asked = headers.get(header::RANGE).and_then(|range| read_range(range.to_str().ok()?));
    let (from, length) = asked.unwrap_or((0, usize::MAX));
    let found = app.store.blob_range(hash, from, length).await?.ok_or(ApiError::NotFound)?;
    let BlobRange { bytes, size } = found;
    let tag = [(header::ETAG, format!("\"{hash}\""))];
    if asked.is_none() {
        return Ok((ALWAYS, tag, bytes).into_response());
    }
    let Some(last) = (bytes.len() as u64).checked_sub(1).map(|more| from.saturating_add(more)) else {
        return Err(ApiError::OutOfRange { found: from, size });
    };
    let range = [(header::CONTENT_RANGE, format!("bytes {from}-{last}/{size}"))];
    Ok((StatusCode::PARTIAL_CONTENT, ALWAYS, tag, range, bytes).into_response())
}

/// The first byte and the number of bytes of a range. Other forms are answered with the whole blob, as HTTP allows.
fn read_range(text: &str) -> Option<(u64, usize)> {
    let (from, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let from: u64 = from.parse().ok()?;
    if last.is_empty() {
        return Some((from, usize::MAX));
    }
    let more = last.parse::<u64>().ok()?.checked_sub(from)?;
    Some((from, usize::try_from(more).unwrap_or(usize::MAX).saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::read_range;

    #[test]
    fn a_range_is_read_or_ignored() {
        assert_eq!(read_range("bytes=5-"), Some((5, usize::MAX)));
        assert_eq!(read_range("bytes=5-5"), Some((5, 1)));
        assert_eq!(read_range("bytes=0-18446744073709551615"), Some((0, usize::MAX)));
        for ignored in ["bytes=-5", "bytes=6-5", "bytes=0-1,4-5", "lines=0-1", "bytes=", "bytes=a-b"] {
            assert_eq!(read_range(ignored), None, "{ignored}");
        }
    }
}
