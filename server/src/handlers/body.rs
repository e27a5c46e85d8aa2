//! Reads request bodies and refuses them with typed errors.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, JsonRejection};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;
use shared::limits::BLOB_PART_BYTES_MAX;

use crate::errors::ApiError;
use crate::guard::BODY_BYTES_MAX;

const CBOR: &str = "application/cbor";
const OCTETS: &str = "application/octet-stream";
const JSON: &str = "application/json";
/// The longest that a body may take to arrive. Devices wait as long for an answer.
const BODY_TIME_MAX: Duration = Duration::from_secs(60);

/// A JSON body.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match in_time(Json::<T>::from_request(request, state)).await? {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(ApiError::WrongType { allowed: JSON }),
            Err(JsonRejection::BytesRejection(rejection)) => Err(too_large_or_cut(&rejection, BODY_BYTES_MAX)),
            Err(other) => Err(ApiError::invalid("body", other.body_text(), "the fields of this request as JSON")),
        }
    }
}

/// A CBOR body, still encoded.
#[derive(Debug)]
pub(crate) struct CborBody(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for CborBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        typed_bytes(request, state, CBOR, BODY_BYTES_MAX).await.map(Self)
    }
}

/// A part of a blob. Its route allows [`BLOB_PART_BYTES_MAX`].
#[derive(Debug)]
pub(crate) struct PartBody(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for PartBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        typed_bytes(request, state, OCTETS, BLOB_PART_BYTES_MAX).await.map(Self)
    }
}

/// The bytes of a body of the allowed type. `bytes_max` is the limit of the route, for the refusal.
async fn typed_bytes<S: Send + Sync>(
    request: Request,
    state: &S,
    allowed: &'static str,
    bytes_max: usize,
) -> Result<Bytes, ApiError> {
    let found = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if found.is_none_or(|found| found.split(';').next().unwrap_or_default().trim() != allowed) {
        return Err(ApiError::WrongType { allowed });
    }
    let body = in_time(Bytes::from_request(request, state)).await?;
    body.map_err(|rejection| too_large_or_cut(&rejection, bytes_max))
}

async fn in_time<T>(reading: impl Future<Output = T>) -> Result<T, ApiError> {
    let read = tokio::time::timeout(BODY_TIME_MAX, reading).await;
    read.map_err(|_| ApiError::TooSlow { seconds_max: BODY_TIME_MAX.as_secs() })
}

fn too_large_or_cut(rejection: &BytesRejection, bytes_max: usize) -> ApiError {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => ApiError::TooLarge { bytes_max },
        other => ApiError::invalid("body", other.body_text(), "a whole body"),
    }
}
