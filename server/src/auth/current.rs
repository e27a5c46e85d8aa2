//! The signed-in person, as an extractor. A handler that takes one cannot run without a session.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use shared::ids::PersonId;

use super::attempt::has_left;
use super::{Token, cookie_name};
use crate::app::App;
use crate::caller::Caller;
use crate::clock;
use crate::errors::ApiError;

/// The person of the session.
#[derive(Clone, Debug)]
pub struct CurrentPerson {
    /// Their id.
    pub person: PersonId,
    /// The session's token, needed to end it.
    pub token: Token,
}

impl FromRequestParts<App> for CurrentPerson {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let jar = CookieJar::from_headers(&parts.headers);
        let token = Token::of(&jar, app.policy.is_secure(&caller)).ok_or(ApiError::NotSignedIn)?;
        let now = clock::now();
        let session = app.store.session(&token.hash(), now).await?.ok_or(ApiError::NotSignedIn)?;
        if has_left(app, session.person, now).await? {
            return Err(ApiError::NotSignedIn);
        }
        Ok(Self { person: session.person, token })
    }
}

impl Token {
    /// The token that a browser sends.
    #[must_use]
    pub fn of(jar: &CookieJar, secure: bool) -> Option<Self> {
        jar.get(cookie_name(secure)).and_then(|cookie| cookie.value().parse().ok())
    }
}
