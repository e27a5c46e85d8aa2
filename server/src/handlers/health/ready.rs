//! `GET /v1/ready`: the database answers and the log is folded.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::app::App;
use crate::errors::ApiError;

/// How far the log goes.
#[derive(Debug, Serialize)]
pub(crate) struct Readiness {
    status: &'static str,
    log_end: u64,
}

/// Says that requests can be served.
pub(crate) async fn ready(State(app): State<App>) -> Result<Json<Readiness>, ApiError> {
    app.store.ping().await?;
    let log_end = app.ingest.office().await?.log_end();
    Ok(Json(Readiness { status: "ready", log_end }))
}
