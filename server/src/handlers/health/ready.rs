//! `GET /v1/ready`: what is received can be kept, and the log is folded.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::app::App;
use crate::store::{StoreError, Trouble};

/// Whether requests can be served, and how far the log goes.
#[derive(Debug, Serialize)]
pub(crate) struct Readiness {
    status: &'static str,
    /// What stands in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_end: Option<u64>,
}

/// Says that requests can be served, or why not.
pub(crate) async fn ready(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    match look(&app).await {
        Ok((None, log_end)) => {
            (StatusCode::OK, Json(Readiness { status: "ready", cause: None, log_end: Some(log_end) }))
        }
        Ok((Some(trouble), _)) => not_ready(trouble.code()),
        Err(error) => {
            tracing::error!(cause = %error, "not ready");
            not_ready(error.trouble().map_or("internal", Trouble::code))
        }
    }
}

async fn look(app: &App) -> Result<(Option<Trouble>, u64), StoreError> {
    app.store.ping().await?;
    let log_end = app.ingest.office().await?.log_end();
    Ok((app.health.look(app.store.as_ref()).await?, log_end))
}

fn not_ready(cause: &'static str) -> (StatusCode, Json<Readiness>) {
    tracing::warn!(cause, "not ready");
    (StatusCode::SERVICE_UNAVAILABLE, Json(Readiness { status: "not_ready", cause: Some(cause), log_end: None }))
}
