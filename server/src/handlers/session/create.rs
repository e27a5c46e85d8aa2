//! `POST /v1/session`: sign in.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use serde::Deserialize;
use shared::limits::NAME_CHARS_MAX;
use shared::time::Millis;

use super::WhoAmI;
use crate::app::App;
use crate::auth::{COOKIE, PASSWORD_BYTES_MAX, Token};
use crate::clock;
use crate::errors::ApiError;
use crate::handlers::body::JsonBody;
use crate::store::Session;

/// Name and password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    username: String,
    password: String,
}

/// Signs in and sets the session cookie.
pub(crate) async fn create(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
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
    let (address, now) = (address.ip(), clock::now());
    if let Some(seconds) = app.throttle.wait_seconds(&username, address, now) {
        return Err(ApiError::TooManyAttempts { seconds });
    }
    // Counted before the slow check: attempts sent side by side must not all slip through.
    app.throttle.failed(&username, address, now);
    let account = app.store.account(&username).await?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    if !app.hasher.verify(credentials.password, stored).await {
        return Err(ApiError::WrongCredentials);
    }
    let account = account.ok_or(ApiError::WrongCredentials)?;
    app.throttle.succeeded(&username, address);
    let token = Token::draw().map_err(|error| ApiError::Internal(error.to_string()))?;
    let life_ms = u64::try_from(app.policy.session.as_millis()).unwrap_or(u64::MAX);
    let expires_at = Millis(now.0.saturating_add(life_ms));
    let session = Session { token_hash: token.hash(), person: account.person, created_at: now, expires_at };
    app.store.create_session(&session).await?;
    tracing::info!(person = %account.person, "signed in");
    Ok((jar.add(session_cookie(&app, &token)), Json(WhoAmI::of(&app, account.person).await?)))
}

fn session_cookie(app: &App, token: &Token) -> Cookie<'static> {
    let seconds = i64::try_from(app.policy.session.as_secs()).unwrap_or(i64::MAX);
    Cookie::build((COOKIE, token.reveal()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.policy.secure_cookie)
        .max_age(time::Duration::seconds(seconds))
        .build()
}
