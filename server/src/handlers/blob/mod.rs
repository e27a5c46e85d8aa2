//! Bytes kept beside the log, named by their SHA-256.

mod put;
mod show;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use shared::ids::{BlobHash, PersonId};

pub(crate) use put::put;
pub(crate) use show::show;

use crate::errors::ApiError;

/// The most characters of an address that a refusal repeats.
const FOUND_CHARS_MAX: usize = 80;

/// Whether a person may read a blob. This is the one place that decides it.
///
/// So far every blob is a rule pack. A regulation is public, so whoever is signed in may read it. Evidence will be read
/// by those who may read the card that names it.
const fn may_read(_reader: PersonId, _hash: BlobHash) -> bool {
    true
}

/// The hash in the address.
#[derive(Debug)]
pub(crate) struct AddressedBlob(BlobHash);

impl<S: Send + Sync> FromRequestParts<S> for AddressedBlob {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let refused = |found: &str| {
            let found: String = found.chars().take(FOUND_CHARS_MAX).collect();
            ApiError::invalid("hash", found, "64 hexadecimal digits")
        };
        let Ok(Path(text)) = Path::<String>::from_request_parts(parts, state).await else { return Err(refused("")) };
        text.parse().map(Self).map_err(|_| refused(&text))
    }
}
