//! `PUT /v1/blobs/{hash}`: takes a part of a blob. An upload that was cut goes on where the server is.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::Serialize;
use shared::ids::BlobHash;
use shared::limits::BLOB_BYTES_MAX;

use super::{AddressedBlob, FOUND_CHARS_MAX, may_read};
use crate::app::App;
use crate::auth::CurrentPerson;
use crate::clock;
use crate::errors::ApiError;
use crate::handlers::body::PartBody;
use crate::store::BlobPart;

/// How far the upload has come.
#[derive(Debug, Serialize)]
pub(crate) struct Progress {
    /// The bytes that the server has. The next part begins here.
    have: u64,
    /// Whether the blob is kept.
    whole: bool,
}

/// The place of a part: `bytes A-B/TOTAL`. With `bytes */TOTAL` the client only asks where to go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ContentRange {
    from: u64,
    length: u64,
    total: u64,
}

impl ContentRange {
    fn read(text: &str) -> Option<Self> {
        let (place, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        let total = total.parse().ok().filter(|total| *total > 0)?;
        if place == "*" {
            return Some(Self { from: 0, length: 0, total });
        }
        let (from, last) = place.split_once('-')?;
        let (from, last): (u64, u64) = (from.parse().ok()?, last.parse().ok()?);
        let length = last.checked_sub(from)?.checked_add(1)?;
        (last < total).then_some(Self { from, length, total })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ContentRange {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let found = parts.headers.get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self::read(found).ok_or_else(|| {
            let found: String = found.chars().take(FOUND_CHARS_MAX).collect();
            ApiError::invalid("content-range", found, "bytes A-B/TOTAL, or bytes */TOTAL to ask where to go on")
        })
    }
}

/// Takes a part that begins where this person's upload ends. Any other is answered with 409 and the place to go on.
/// When all bytes have come, they are kept if they have the hash, and forgotten if they have not.
pub(crate) async fn put(
    State(app): State<App>,
    current: CurrentPerson,
    AddressedBlob(hash): AddressedBlob,
    ContentRange { from, length, total }: ContentRange,
    PartBody(bytes): PartBody,
) -> Result<(StatusCode, Json<Progress>), ApiError> {
    if total > BLOB_BYTES_MAX as u64 {
        return Err(ApiError::TooLarge { bytes_max: BLOB_BYTES_MAX });
    }
    if length != bytes.len() as u64 {
        let allowed = format!("the {} bytes of the body", bytes.len());
        return Err(ApiError::invalid("content-range", format!("{length} bytes"), allowed));
    }
    let at = |status, have, whole| Ok((status, Json(Progress { have, whole })));
    // Whoever may not read a blob does not learn that it is here, and has to send all of it.
    if may_read(current.person, hash)
        && let Some(kept) = app.store.blob_range(hash, 0, 0).await?
    {
        return at(StatusCode::OK, kept.size, true);
    }
    let now = clock::now();
    app.blob_quota.take(current.person, usize::from(length > 0), bytes.len(), now).map_err(|exceeded| {
        tracing::warn!(person = %current.person, "sent too many bytes of blobs for one day");
        ApiError::TooManyAttempts { seconds: exceeded.seconds }
    })?;
    let part = BlobPart { hash, person: current.person, from, bytes: &bytes, total };
    let upload = app.store.add_blob_part(part, now).await?;
    let have = upload.bytes.len() as u64;
    if have < total {
        let status = if upload.added || length == 0 { StatusCode::OK } else { StatusCode::CONFLICT };
        return at(status, have, false);
    }
    // Also when nothing was added now: the server may have ended after the last part and before the blob was kept.
    let found = BlobHash::of(&upload.bytes);
    if found != hash {
        app.store.drop_blob_parts(hash, current.person).await?;
        return Err(ApiError::invalid("hash", found, hash));
    }
    app.store.put_blob(hash, &upload.bytes, now).await?;
    tracing::info!(person = %current.person, blob = %hash, bytes = have, "blob kept");
    at(StatusCode::OK, have, true)
}

#[cfg(test)]
mod tests {
    use super::ContentRange;

    #[test]
    fn a_place_is_read_or_refused() {
        assert_eq!(ContentRange::read("bytes 0-9/30"), Some(ContentRange { from: 0, length: 10, total: 30 }));
        assert_eq!(ContentRange::read("bytes 29-29/30"), Some(ContentRange { from: 29, length: 1, total: 30 }));
        assert_eq!(ContentRange::read("bytes */30"), Some(ContentRange { from: 0, length: 0, total: 30 }));
        let last = u64::MAX;
        for refused in ["", "bytes", "bytes 0-30/30", "bytes 9-0/30", "bytes */0", "bytes 0-9/*", "lines 0-9/30"] {
            assert_eq!(ContentRange::read(refused), None, "{refused}");
        }
        assert_eq!(ContentRange::read(&format!("bytes 0-{last}/{last}")), None);
    }
}
