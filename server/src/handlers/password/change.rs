//! `PUT /v1/password`: changes the password of the signed-in person.

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use shared::ids::PersonId;

use crate::app::App;
use crate::auth::{Attempt, Client, CurrentPerson, PASSWORD_BYTES_MAX, check, open_session, weakness};
use crate::caller::Caller;
use crate::clock;
use crate::errors::{ApiError, Closed};
use crate::handlers::body::JsonBody;
use crate::store::{AccountStatus, NewPassword};

/// The old password and the new one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    old: String,
    new: String,
}

/// Replaces the password. All other sessions of the person end. This one continues under another token.
pub(crate) async fn change(
    State(app): State<App>,
    current: CurrentPerson,
    caller: Caller,
    jar: CookieJar,
    JsonBody(change): JsonBody<Change>,
) -> Result<(CookieJar, StatusCode), ApiError> {
    let Change { old, new } = change;
    if old.len().max(new.len()) > PASSWORD_BYTES_MAX {
        return Err(ApiError::TooLarge { bytes_max: PASSWORD_BYTES_MAX });
    }
    let account = app.store.account_of(current.person).await?.ok_or(ApiError::NotSignedIn)?.account;
    let token_hash = current.token.hash();
    let attempt =
        Attempt { username: &account.username, password: old.clone(), client: Client::Session(token_hash), caller };
    let status = check(&app, attempt).await?;
    let name = app.ingest.log_state().await?.state().org.person(current.person).map(|person| person.name.clone());
    if let Some(weak) = weakness(&new, &old, &account.username, &name.unwrap_or_default()) {
        return Err(ApiError::WeakPassword(weak));
    }
    let hash = app.hasher.hash(new).await.map_err(|error| ApiError::Internal(error.to_string()))?;
    let chosen = NewPassword {
        person: current.person,
        hash: &hash,
        chosen_at: Some(clock::now()),
        instead_of: Some(&status.account.password_hash),
        keep: Some(token_hash),
    };
    if !app.store.set_password(chosen).await? {
        tracing::warn!(person = %current.person, address = %caller.address, "password not changed: the account was meanwhile");
        return Err(overtaken(&app, current.person).await?);
    }
    let account = crate::store::Account { password_hash: hash, ..status.account };
    let session = open_session(&app, &AccountStatus { account, ..status }, &caller, Some(&current.token)).await?;
    tracing::info!(person = %current.person, address = %caller.address, "password changed");
    Ok((jar.add(session), StatusCode::NO_CONTENT))
}

/// The answer when somebody closed the account or gave it another password during this check. Either has ended the
/// session, too.
async fn overtaken(app: &App, person: PersonId) -> Result<ApiError, ApiError> {
    let status = app.store.account_of(person).await?;
    let is_closed = status.is_some_and(|status| status.disabled_at.is_some());
    Ok(if is_closed { ApiError::AccountClosed(Closed::Disabled) } else { ApiError::NotSignedIn })
}
