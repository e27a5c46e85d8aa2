//! `GET /v1/ready`: reports whether the server can keep what it receives and has folded the log.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::app::App;
use crate::health::Readiness;
use crate::store::{StoreError, Trouble};

/// Whether the server can serve requests, and the length of the log.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    status: &'static str,
    /// The code of the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_end: Option<u64>,
}

/// Reports whether the server can serve requests, and why not, as found within the last two seconds.
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

/// Checks the server and logs the problem, once for each check, however many clients ask.
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
    let log_end = app.ingest.log_state().await?.log_end();
    Ok((app.health.look(app.store.as_ref()).await?, log_end))
}
