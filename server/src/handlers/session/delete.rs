//! `DELETE /v1/session`: sign out.

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;

use crate::app::App;
use crate::auth::{COOKIE, CurrentPerson};
use crate::errors::ApiError;

/// Ends the session here and now, not only in the browser.
pub(crate) async fn delete(
    State(app): State<App>,
    current: CurrentPerson,
    jar: CookieJar,
) -> Result<(CookieJar, StatusCode), ApiError> {
    app.store.delete_session(&current.token.hash()).await?;
    tracing::info!(person = %current.person, "signed out");
    Ok((jar.remove(Cookie::build(COOKIE).path("/")), StatusCode::NO_CONTENT))
}
