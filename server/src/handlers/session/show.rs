//! `GET /v1/session`: shows who is signed in.

use axum::Json;
use axum::extract::State;

use super::WhoAmI;
use crate::app::App;
use crate::auth::CurrentPerson;
use crate::errors::ApiError;

/// Returns the signed-in person.
pub(crate) async fn show(State(app): State<App>, current: CurrentPerson) -> Result<Json<WhoAmI>, ApiError> {
    Ok(Json(WhoAmI::of(&app, current.person).await?))
}
