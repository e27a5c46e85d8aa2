//! `GET /v1/health`: the process answers.

use axum::Json;
use serde::Serialize;

/// The version that answers.
#[derive(Debug, Serialize)]
pub(crate) struct Health {
    status: &'static str,
    version: &'static str,
}

/// Says that the process lives.
pub(crate) async fn live() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
