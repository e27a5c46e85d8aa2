//! `DELETE /v1/session`: signs out.

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;

use crate::app::App;
use crate::auth::Token;
use crate::caller::Caller;
use crate::errors::ApiError;

/// Ends the session at once, also for a person whose account is closed. The cookie stays with the browser. It opens
/// nothing any more, and removing it could hit the cookie of somebody who signed in while this answer was on its way.
pub(crate) async fn delete(State(app): State<App>, caller: Caller, jar: CookieJar) -> Result<StatusCode, ApiError> {
    let token = Token::of(&jar, app.policy.is_secure(&caller)).ok_or(ApiError::NotSignedIn)?;
    app.store.delete_session(&token.hash()).await?;
    tracing::info!(address = %caller.address, "signed out");
    Ok(StatusCode::NO_CONTENT)
}
