//! `GET /v1/ready`: what is received can be kept, and the log is folded.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::app::App;
use crate::health::Readiness;
use crate::store::{StoreError, Trouble};

/// Whether requests can be served, and how far the log goes.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    status: &'static str,
    /// What stands in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_end: Option<u64>,
}

/// Says that requests can be served, or why not, as it was found within the last two seconds.
pub(crate) async fn ready(State(app): State<App>) -> (StatusCode, Json<Answer>) {
    let look = {
        let app = app.clone();
        async move { look(&app).await }
    };
    match app.health.found(look).await {
        Ok(log_end) => (StatusCode::OK, Json(Answer { status: "ready", cause: None, log_end: Some(log_end) })),
        Err(cause) => {
            let answer = Answer { status: "not_ready", cause: Some(cause), log_end: None };
            (StatusCode::SERVICE_UNAVAILABLE, Json(answer))
        }
    }
}

/// Looks, and says in the log what stands in the way: once for each look, however many ask.
async fn look(app: &App) -> Readiness {
    let cause = match try_look(app).await {
        Ok((None, log_end)) => return Ok(log_end),
        Ok((Some(trouble), _)) => trouble.code(),
        Err(error) => {
            tracing::error!(cause = %error, "not ready");
            error.trouble().map_or("internal", Trouble::code)
        }
    };
    tracing::warn!(cause, "not ready");
    Err(cause)
}

async fn try_look(app: &App) -> Result<(Option<Trouble>, u64), StoreError> {
    app.store.ping().await?;
    let log_end = app.ingest.office().await?.log_end();
    Ok((app.health.look(app.store.as_ref()).await?, log_end))
}
