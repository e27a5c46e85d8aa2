//! Turns a name and a password into a session.

use axum_extra::extract::cookie::{Cookie, SameSite};
use shared::ids::PersonId;
use shared::time::Millis;

use super::{Client, Token, cookie_name};
use crate::app::App;
use crate::caller::Caller;
use crate::clock;
use crate::errors::{ApiError, Closed};
use crate::store::{AccountStatus, Session};

/// An attempt to sign in: the name given, and where it comes from.
pub(crate) struct Attempt<'a> {
    pub(crate) username: &'a str,
    pub(crate) password: String,
    pub(crate) client: Client,
    pub(crate) caller: Caller,
}

/// Checks a password within the limits of guessing, and whether the account is open.
pub(crate) async fn check(app: &App, attempt: Attempt<'_>) -> Result<AccountStatus, ApiError> {
    let Attempt { username, password, client, caller } = attempt;
    let now = clock::now();
    if let Err(seconds) = app.throttle.admit(username, client, now) {
        tracing::warn!(address = %caller.address, seconds, "sign-in refused: too many attempts");
        return Err(ApiError::TooManyAttempts { seconds });
    }
    let status = app.store.account(username).await?;
    let stored = status.as_ref().map(|status| status.account.password_hash.clone());
    let right = app.hasher.verify(password, stored).await;
    let Some(status) = status else {
        // Never log the name: people type their password there by mistake.
        tracing::warn!(address = %caller.address, "sign-in failed: no such account");
        return Err(ApiError::WrongCredentials);
    };
    let person = status.account.person;
    if !right {
        tracing::warn!(address = %caller.address, %person, "sign-in failed: wrong password");
        return Err(ApiError::WrongCredentials);
    }
    app.throttle.succeeded(username, client);
    if let Some(why) = closed(app, &status, now).await? {
        tracing::warn!(address = %caller.address, %person, why = why.code(), "sign-in refused: the account is closed");
        return Err(ApiError::AccountClosed(why));
    }
    Ok(status)
}

async fn closed(app: &App, status: &AccountStatus, now: Millis) -> Result<Option<Closed>, ApiError> {
    if status.disabled_at.is_some() {
        return Ok(Some(Closed::Disabled));
    }
    Ok(has_left(app, status.account.person, now).await?.then_some(Closed::NoPost))
}

/// Whether every post of a person has ended by today.
pub(super) async fn has_left(app: &App, person: PersonId, now: Millis) -> Result<bool, ApiError> {
    Ok(app.ingest.log_state().await?.state().org.has_left(person, now.day()))
}

/// Opens a session in place of the one that the browser had, whoever that was for.
pub(crate) async fn open_session(
    app: &App,
    status: &AccountStatus,
    caller: &Caller,
    instead: Option<&Token>,
) -> Result<Cookie<'static>, ApiError> {
    let token = Token::draw().map_err(|error| ApiError::Internal(error.to_string()))?;
    let (now, life_ms) = (clock::now(), u64::try_from(app.policy.session.as_millis()).unwrap_or(u64::MAX));
    let session = Session {
        token_hash: token.hash(),
        person: status.account.person,
        created_at: now,
        expires_at: Millis(now.0.saturating_add(life_ms)),
        address: Some(caller.address),
    };
    let before = instead.map(Token::hash);
    if !app.store.create_session(&session, &status.account.password_hash, before.as_ref()).await? {
        // The password was replaced or the account closed during this check.
        return Err(ApiError::WrongCredentials);
    }
    Ok(session_cookie(app, caller, &token))
}

fn session_cookie(app: &App, caller: &Caller, token: &Token) -> Cookie<'static> {
    let seconds = i64::try_from(app.policy.session.as_secs()).unwrap_or(i64::MAX);
    let secure = app.policy.is_secure(caller);
    Cookie::build((cookie_name(secure), token.reveal()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(secure)
        .max_age(time::Duration::seconds(seconds))
        .build()
}
