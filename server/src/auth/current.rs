//! The signed-in person, as an extractor: a handler that asks for one cannot run without.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use shared::ids::PersonId;

use super::{COOKIE, Token};
use crate::app::App;
use crate::clock;
use crate::errors::ApiError;

/// The person of the session.
#[derive(Clone, Debug)]
pub struct CurrentPerson {
    /// Who.
    pub person: PersonId,
    /// The session's token, to end it.
    pub token: Token,
}

impl FromRequestParts<App> for CurrentPerson {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let jar = CookieJar::from_headers(&parts.headers);
        let token: Token =
            jar.get(COOKIE).and_then(|cookie| cookie.value().parse().ok()).ok_or(ApiError::NotSignedIn)?;
        let session = app.store.session(&token.hash(), clock::now()).await?.ok_or(ApiError::NotSignedIn)?;
        Ok(Self { person: session.person, token })
    }
}
