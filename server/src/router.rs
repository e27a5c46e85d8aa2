//! The routes of the server.

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::Request;
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post, put};
use shared::limits::BLOB_PART_BYTES_MAX;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

use crate::app::App;
use crate::assets::Assets;
use crate::caller::{self, TrustedProxies};
use crate::errors::ApiError;
use crate::guard::{self, BODY_BYTES_MAX, Guard};
use crate::handlers::{blob, device, health, password, session, sync};

/// The level out of brotli's 11 and gzip's 9.
const COMPRESSION_QUALITY: i32 = 7;

/// The routes, with all limits, headers and logging.
pub fn router(app: App, assets: Assets, guard: Guard, trusted: TrustedProxies) -> Router {
    let files = files(assets, &guard);
    // Readiness checks have their own turns. A monitor still gets an answer from a busy server, and a client that asks
    // in a loop takes no turns of other requests.
    let ready = Router::new()
        .route("/ready", get(health::ready))
        .layer(middleware::from_fn_with_state(guard.apart(), guard::limit));
    let sign_in_guard = guard.for_sign_ins();
    let sign_ins = Router::new()
        .route("/session", post(session::create))
        .route("/password", put(password::change))
        .layer(middleware::from_fn_with_state(sign_in_guard.clone(), guard::limit))
        .layer(middleware::from_fn_with_state(sign_in_guard, guard::gather));
    // Blobs are not packed on the way: a download that was cut goes on at a byte of the blob.
    let blobs = Router::new()
        .route("/blobs/{hash}", get(blob::show).put(blob::put))
        .layer(DefaultBodyLimit::max(BLOB_PART_BYTES_MAX))
        .layer(middleware::from_fn_with_state(guard.clone(), guard::limit));
    let api = Router::new()
        .route("/session", get(session::show).delete(session::delete))
        .route("/devices", post(device::register))
        .route("/sync", post(sync::exchange))
        // Counted after unpacking, so that a small packet cannot unfold into a large one.
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(RequestDecompressionLayer::new())
        // A link of 50 kbit/s needs more time for a byte than a processor needs to save one.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(COMPRESSION_QUALITY)))
        .layer(middleware::from_fn_with_state(guard, guard::limit));
    // The liveness check must answer even while all turns are taken.
    let live = Router::new().route("/health", get(health::live));
    let api = api
        .merge(sign_ins)
        .merge(blobs)
        .merge(ready)
        .merge(live)
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(app.health.clone(), crate::health::watch))
        .layer(middleware::from_fn(guard::mark));
    Router::new()
        .nest("/v1", api)
        .fallback_service(files)
        .layer(middleware::from_fn(guard::secure))
        .layer(middleware::from_fn_with_state(trusted, caller::identify))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .with_state(app)
}

/// The app's files, with their own turns. Neither they nor the API can take all turns of the other.
fn files(assets: Assets, guard: &Guard) -> Router {
    Router::new()
        .fallback(async move |request: Request<Body>| assets.clone().serve(request).await)
        .layer(middleware::from_fn_with_state(guard.apart(), guard::limit))
}

/// Names the request in every line logged for it. Paths of the API contain no names of people.
fn span(request: &Request<Body>) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature the layer asks for")]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let cause = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    ApiError::Internal(format!("a handler panicked: {cause}")).into_response()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::StatusCode;
    use tower::ServiceExt as _;

    use super::*;

    async fn status(requests_max: usize) -> StatusCode {
        let folder = tempfile::TempDir::new().unwrap();
        std::fs::write(folder.path().join("index.html"), "app").unwrap();
        let guard = Guard::new(requests_max, Duration::from_secs(60), Duration::from_secs(20));
        let files = files(Assets::new(Some(folder.path())), &guard);
        files.oneshot(Request::new(Body::empty())).await.unwrap().status()
    }

    #[tokio::test]
    async fn files_stand_behind_the_guard_too() {
        assert_eq!(status(1).await, StatusCode::OK);
        assert_eq!(status(0).await, StatusCode::SERVICE_UNAVAILABLE);
    }
}
