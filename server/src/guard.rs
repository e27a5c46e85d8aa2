//! Limits on time and number around every request, and the headers that every answer carries.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use shared::limits::BATCH_BYTES_MAX;
use tokio::sync::Semaphore;

use crate::assets::{SECURITY_HEADERS, STRICT_TRANSPORT};
use crate::caller::Caller;
use crate::errors::ApiError;

/// Bytes of an unpacked request body: a batch, and room for what surrounds it. The protocol fixes this number, so it is
/// not a setting.
pub const BODY_BYTES_MAX: usize = BATCH_BYTES_MAX + 8 * 1024;
/// Bytes of a sign-in: a name and two passwords of the greatest length, with each letter as long as JSON can make it.
pub const CREDENTIALS_BYTES_MAX: usize = 16 * 1024;
/// Sign-ins that have their turn at a time. Two of them are being checked; the others come next.
const SIGN_INS_MAX: usize = 32;
/// The longest that a request waits for its turn before it is told to come again. Devices wait 30 seconds for the
/// answer to a sign-in and 60 for the answer to an exchange. Work for a client that has gone away would delay all
/// others.
const TURN_WAIT_MAX: Duration = Duration::from_secs(25);
/// A request may wait for its turn this part of its time.
const TURN_WAIT_PART: u32 = 4;
/// How many may wait for each request that has its turn. A waiting request costs a connection and its head, about ten
/// kilobytes. Its body is not read before its turn.
const WAITING_PER_TURN: usize = 16;
/// The header that tells our answers from those of a captive portal.
const OURS: HeaderName = HeaderName::from_static("congtam");

/// The limits on requests.
#[derive(Clone, Debug)]
pub struct Guard {
    turns: Arc<Semaphore>,
    /// Places for requests that have their turn and for those that wait.
    places: Arc<Semaphore>,
    requests_max: usize,
    time_max: Duration,
    /// The time limit for a request's head, and for a sign-in, which is no longer.
    head_time_max: Duration,
}

impl Guard {
    /// At most `requests_max` at a time, each for at most `time_max`. A sign-in must arrive within `head_time_max`.
    #[must_use]
    pub fn new(requests_max: usize, time_max: Duration, head_time_max: Duration) -> Self {
        let places = requests_max.saturating_mul(1 + WAITING_PER_TURN).min(Semaphore::MAX_PERMITS);
        let turns = Arc::new(Semaphore::new(requests_max));
        let places = Arc::new(Semaphore::new(places));
        Self { turns, places, requests_max, time_max, head_time_max }
    }

    /// Turns for sign-ins. They cost most and anybody may ask for them, so they do not use the turns of other requests.
    #[must_use]
    pub fn for_sign_ins(&self) -> Self {
        Self::new(self.requests_max.min(SIGN_INS_MAX), self.time_max, self.head_time_max)
    }

    /// The same limits, with as many turns of its own.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self::new(self.requests_max, self.time_max, self.head_time_max)
    }
}

/// Lets a request through at its turn, and ends it when its time is over.
pub(crate) async fn limit(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let Ok(_place) = guard.places.try_acquire() else { return ApiError::Busy.into_response() };
    let wait = TURN_WAIT_MAX.min(guard.time_max / TURN_WAIT_PART);
    let Ok(Ok(_turn)) = tokio::time::timeout(wait, guard.turns.acquire()).await else {
        return ApiError::Busy.into_response();
    };
    match tokio::time::timeout(guard.time_max, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::TooSlow { seconds_max: guard.time_max.as_secs() }.into_response(),
    }
}

/// Reads the whole sign-in before it takes a turn, so that a client that sends byte by byte keeps nobody waiting.
pub(crate) async fn gather(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let reading = axum::body::to_bytes(body, CREDENTIALS_BYTES_MAX);
    let gathered = tokio::time::timeout(guard.head_time_max, reading).await;
    match gathered {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(_)) => ApiError::TooLarge { bytes_max: CREDENTIALS_BYTES_MAX }.into_response(),
        Err(_) => ApiError::TooSlow { seconds_max: guard.head_time_max.as_secs() }.into_response(),
    }
}

/// Marks answers of the API as ours, and forbids everything on the way to keep them, unless the handler allowed it.
pub(crate) async fn mark(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(OURS, HeaderValue::from_static("1"));
    let kept = response.headers_mut().entry(axum::http::header::CACHE_CONTROL);
    kept.or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Adds the headers that stop a browser from doing what the app never needs.
pub(crate) async fn secure(request: Request, next: Next) -> Response {
    let encrypted = request.extensions().get::<Caller>().is_some_and(|caller| caller.encrypted);
    let mut response = next.run(request).await;
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if encrypted {
        let (name, value) = STRICT_TRANSPORT;
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
