//! `GET /v1/health`: reports that the process answers.

use axum::Json;
use serde::Serialize;

/// The version of the program that answers.
#[derive(Debug, Serialize)]
pub(crate) struct Health {
    status: &'static str,
    version: &'static str,
}

/// Reports that the process is alive.
pub(crate) async fn live() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
