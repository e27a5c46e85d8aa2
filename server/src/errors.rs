//! The errors that clients receive.
//!
//! Policy:
//! - Every refusal is a typed answer: `{"error": {"code", "field", "found", "allowed"}}` with the fitting status. Codes
//!   are stable; sentences are the client's.
//! - A client's mistake (4xx) says what to change. It is logged at `debug`, because it is not our failure.
//! - Our own failure (5xx) reveals nothing of the inside. It is logged once, here, at `error`, with its causes.
//! - The refusal of an operation is no HTTP error. It is a verdict in a receipt of a 200 answer.
//! - Nothing about people but ids is ever logged.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::auth::Weak;
use crate::store::{StoreError, Trouble};

/// Why an account cannot sign in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Closed {
    /// Somebody closed it.
    Disabled,
    /// Every post of its person has ended.
    NoPost,
}

impl Closed {
    /// The code that clients translate.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::NoPost => "no_post",
        }
    }
}

/// A refusal or failure of a request.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// 400: a field of the request is not as allowed.
    #[error("{field}: found {found}, allowed {allowed}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What was found.
        found: String,
        /// What is allowed.
        allowed: String,
    },
    /// 401: no session, or one that has ended.
    #[error("not signed in")]
    NotSignedIn,
    /// 401: the name and password do not belong together. The answer does not say which of them is wrong.
    #[error("wrong name or password")]
    WrongCredentials,
    /// 403: the password is right, but the account is closed.
    #[error("account closed: {}", .0.code())]
    AccountClosed(Closed),
    /// 422: the password is one of those that are guessed first.
    #[error("new: found {}, allowed {} characters or more that nobody else would try", .0.code(), shared::limits::PASSWORD_CHARS_MIN)]
    WeakPassword(Weak),
    /// 403: signed in, but the thing belongs to somebody else.
    #[error("{field}: found {found}, allowed the signed-in person")]
    NotYours {
        /// Which field.
        field: &'static str,
        /// What was found.
        found: String,
    },
    /// 404: no such address.
    #[error("no such address")]
    NotFound,
    /// 405: the address exists, but not with this method.
    #[error("no such method at this address")]
    MethodNotAllowed,
    /// 408: the request did not arrive or was not answered in time.
    #[error("took longer than {seconds_max} seconds")]
    TooSlow {
        /// Seconds allowed.
        seconds_max: u64,
    },
    /// 409: the epoch has another key.
    #[error("epoch: taken by another key, allowed above {epoch_max}")]
    EpochTaken {
        /// Epochs up to this one are taken.
        epoch_max: u32,
    },
    /// 413: the body is over its limit.
    #[error("body: longer than {bytes_max} bytes")]
    TooLarge {
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// 416: the range begins behind the end.
    #[error("range: begins at {found}, allowed below {size}")]
    OutOfRange {
        /// Where it begins.
        found: u64,
        /// Bytes there are.
        size: u64,
    },
    /// 415: the body is of another type.
    #[error("content-type: allowed {allowed}")]
    WrongType {
        /// The type allowed.
        allowed: &'static str,
    },
    /// 429: too many attempts.
    #[error("too many attempts, again in {seconds} seconds")]
    TooManyAttempts {
        /// Seconds to wait.
        seconds: u64,
    },
    /// 503: as many requests as allowed are running.
    #[error("busy")]
    Busy,
    /// 503 if the storage is full, damaged or cannot be written. 500 if the store failed otherwise.
    #[error("store: {0}")]
    Store(#[from] StoreError),
    /// 500: any other failure of our own.
    #[error("{0}")]
    Internal(String),
}

/// The body of every refusal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The refusal.
    pub error: ErrorDetail,
}

/// Code and parameters of a refusal.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// The stable code.
    pub code: String,
    /// The field it is about, if it is about one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// What was found.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub found: String,
    /// What is allowed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub allowed: String,
    /// Epochs up to this one are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch_max: Option<u32>,
}

impl ApiError {
    /// A field that is not as allowed.
    pub fn invalid(field: &'static str, found: impl ToString, allowed: impl ToString) -> Self {
        Self::Invalid { field, found: found.to_string(), allowed: allowed.to_string() }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid { .. } => StatusCode::BAD_REQUEST,
            Self::NotSignedIn | Self::WrongCredentials => StatusCode::UNAUTHORIZED,
            Self::NotYours { .. } | Self::AccountClosed(_) => StatusCode::FORBIDDEN,
            Self::WeakPassword(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::EpochTaken { .. } => StatusCode::CONFLICT,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::OutOfRange { .. } => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(error) if error.trouble().is_some() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid",
            Self::NotSignedIn => "not_signed_in",
            Self::WrongCredentials => "wrong_credentials",
            Self::AccountClosed(_) => "account_closed",
            Self::WeakPassword(_) => "weak_password",
            Self::NotYours { .. } => "not_yours",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooSlow { .. } => "too_slow",
            Self::EpochTaken { .. } => "epoch_taken",
            Self::TooLarge { .. } => "too_large",
            Self::WrongType { .. } => "wrong_type",
            Self::OutOfRange { .. } => "out_of_range",
            Self::TooManyAttempts { .. } => "too_many_attempts",
            Self::Busy => "busy",
            Self::Store(error) => error.trouble().map_or("internal", Trouble::code),
            Self::Internal(_) => "internal",
        }
    }

    fn detail(&self) -> ErrorDetail {
        let base = ErrorDetail { code: self.code().to_owned(), ..ErrorDetail::default() };
        match self {
            Self::Invalid { field, found, allowed } => {
                ErrorDetail { field: (*field).to_owned(), found: found.clone(), allowed: allowed.clone(), ..base }
            }
            Self::NotYours { field, found } => ErrorDetail { field: (*field).to_owned(), found: found.clone(), ..base },
            Self::TooSlow { seconds_max } => {
                ErrorDetail { field: "time".to_owned(), allowed: format!("{seconds_max} s"), ..base }
            }
            Self::EpochTaken { epoch_max } => ErrorDetail {
                field: "epoch".to_owned(),
                allowed: format!("above {epoch_max}"),
                epoch_max: Some(*epoch_max),
                ..base
            },
            Self::TooLarge { bytes_max } => {
                ErrorDetail { field: "body".to_owned(), allowed: format!("{bytes_max} bytes"), ..base }
            }
            Self::WrongType { allowed } => {
                ErrorDetail { field: "content-type".to_owned(), allowed: (*allowed).to_owned(), ..base }
            }
            Self::OutOfRange { found, size } => ErrorDetail {
                field: "range".to_owned(),
                found: found.to_string(),
                allowed: format!("below {size}"),
                ..base
            },
            Self::AccountClosed(why) => {
                ErrorDetail { field: "username".to_owned(), found: why.code().to_owned(), ..base }
            }
            Self::WeakPassword(weak) => {
                let allowed = format!("{} characters or more", shared::limits::PASSWORD_CHARS_MIN);
                ErrorDetail { field: "new".to_owned(), found: weak.code().to_owned(), allowed, ..base }
            }
            Self::TooManyAttempts { seconds } => ErrorDetail { allowed: format!("again in {seconds} s"), ..base },
            _ => base,
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::TooManyAttempts { seconds } => Some(*seconds),
            Self::Busy => Some(5),
            Self::Store(error) if error.trouble().is_some() => Some(60),
            _ => None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(code = self.code(), cause = %self, "request failed");
        } else {
            tracing::debug!(code = self.code(), cause = %self, "request refused");
        }
        let mut response = (status, Json(ErrorBody { error: self.detail() })).into_response();
        if let Self::Store(error) = &self
            && let Some(trouble) = error.trouble()
        {
            // The health check of the storage reads this.
            response.extensions_mut().insert(trouble);
        }
        if let Self::OutOfRange { size, .. } = &self
            && let Ok(range) = HeaderValue::try_from(format!("bytes */{size}"))
        {
            response.headers_mut().insert(header::CONTENT_RANGE, range);
        }
        if let Some(seconds) = self.retry_after_seconds() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
