//! `POST /v1/session`: signs in.

use axum::Json;
use axum::extract::State;
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use shared::limits::NAME_CHARS_MAX;

use super::WhoAmI;
use crate::app::App;
use crate::auth::{Attempt, Client, PASSWORD_BYTES_MAX, Token, check, open_session};
use crate::caller::Caller;
use crate::errors::ApiError;
use crate::handlers::body::JsonBody;

/// Name and password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    username: String,
    password: String,
}

/// Signs in and sets the session cookie. The browser's previous session ends, whoever it was for.
pub(crate) async fn create(
    State(app): State<App>,
    caller: Caller,
    jar: CookieJar,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<(CookieJar, Json<WhoAmI>), ApiError> {
    let username = credentials.username.trim().to_lowercase();
    if username.is_empty() || username.chars().count() > NAME_CHARS_MAX {
        return Err(ApiError::invalid(
            "username",
            username.chars().count(),
            format!("1 … {NAME_CHARS_MAX} characters"),
        ));
    }
    if credentials.password.len() > PASSWORD_BYTES_MAX {
        return Err(ApiError::TooLarge { bytes_max: PASSWORD_BYTES_MAX });
    }
    let secure = app.policy.is_secure(&caller);
    let browser = app.browsers.vouched(&jar, secure, &username).map(Client::Browser);
    let client = browser.unwrap_or_else(|| Client::Address(caller.network()));
    let attempt = Attempt { username: &username, password: credentials.password, client, caller };
    let status = check(&app, attempt).await?;
    let session = open_session(&app, &status, &caller, Token::of(&jar, secure).as_ref()).await?;
    let known =
        app.browsers.remember(&jar, secure, &username).map_err(|error| ApiError::Internal(error.to_string()))?;
    let person = status.account.person;
    tracing::info!(%person, address = %caller.address, "signed in");
    Ok((jar.add(session).add(known), Json(WhoAmI::of(&app, person).await?)))
}
