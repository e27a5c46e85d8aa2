//! Sign-in, passwords and keys at the server: `/v1/session`, `/v1/password`, `/v1/devices`.

use shared::ids::{DeviceId, PersonId};
use wasm_bindgen::JsValue;

use super::{PublicKey, owe_session_end, owes_session_end, set_session_person};
use crate::platform::{Answer, Call, Method, Unreachable, from_json, get, object, send, to_json, words};

/// Enough for a request of a few bytes on a bad link.
const TIMEOUT_MS: u32 = 30_000;
const JSON: &str = "application/json";

/// The server's answer to a successful sign-in.
pub struct SignedIn {
    /// The person's id.
    pub person: PersonId,
    /// The name as shown.
    pub name: String,
    /// The key that signs the server's receipts.
    pub server_key: PublicKey,
}

/// The result of a sign-in at the server.
pub enum SignInAnswer {
    /// The sign-in succeeded.
    Welcome(SignedIn),
    /// Username or password is wrong.
    Wrong,
    /// Too many attempts.
    TooMany,
    /// The password is right, but the account is closed.
    Closed {
        /// Whether every post of the person is over; else somebody closed the account.
        no_post: bool,
    },
    /// No answer, or none that we understand.
    Unreachable,
}

/// `POST /v1/session`.
pub async fn open_session(username: &str, password: &str) -> SignInAnswer {
    let Ok(answer) = post("/v1/session", &[("username", &username.into()), ("password", &password.into())]).await
    else {
        return SignInAnswer::Unreachable;
    };
    match answer.status {
        200 => read_welcome(&answer.body).map_or(SignInAnswer::Unreachable, SignInAnswer::Welcome),
        400 | 401 | 413 | 422 => SignInAnswer::Wrong,
        403 => SignInAnswer::Closed { no_post: refusal(&answer.body, "found").as_deref() == Some("no_post") },
        429 => SignInAnswer::TooMany,
        _ => SignInAnswer::Unreachable,
    }
}

fn read_welcome(body: &[u8]) -> Option<SignedIn> {
    let who = from_json(core::str::from_utf8(body).ok()?)?;
    let server_key = read_key(&words(&who, "server_key")?)?;
    Some(SignedIn { person: words(&who, "person")?.parse().ok()?, name: words(&who, "name")?, server_key })
}

/// `GET /v1/session`: the person of the cookie; `None` when it belongs to nobody.
///
/// # Errors
/// When the server does not answer.
pub async fn ask_session() -> Result<Option<PersonId>, Unreachable> {
    let answer = send(&bodiless(Method::GET)).await?;
    match answer.status {
        200 => read_welcome(&answer.body).map(|who| Some(who.person)).ok_or(Unreachable),
        401 => Ok(None),
        _ => Err(Unreachable),
    }
}

/// Ends the session of a person who signed out, if one is still to be ended.
///
/// # Errors
/// When the server does not confirm the end; the session is then ended later.
pub async fn settle_session() -> Result<(), Unreachable> {
    if !owes_session_end().await {
        return Ok(());
    }
    end_session().await?;
    set_session_person(None);
    owe_session_end(false).await.map_err(|_| Unreachable)
}

/// `DELETE /v1/session`.
async fn end_session() -> Result<(), Unreachable> {
    let answer = send(&bodiless(Method::DELETE)).await?;
    // The session may have ended before.
    if matches!(answer.status, 204 | 401) { Ok(()) } else { Err(Unreachable) }
}

/// The result of a change of password.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PasswordAnswer {
    /// The new password is in force.
    Changed,
    /// The old password is wrong.
    Wrong,
    /// The new password is refused.
    Weak(Weak),
    /// Too many attempts.
    TooMany,
    /// The session has ended.
    SignInNeeded,
    /// No answer: the password may have been changed or not.
    Unreachable,
}

/// Why a password is refused.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Weak {
    /// Too few characters.
    Short,
    /// One of the passwords that are guessed first.
    Common,
    /// It is the person's own name.
    Name,
    /// It is the old password.
    Same,
}

/// `PUT /v1/password`.
pub async fn change_password(old: &str, new: &str) -> PasswordAnswer {
    let content = [("old", &old.into()), ("new", &new.into())];
    let Ok(answer) = send_json(Method::PUT, "/v1/password", &content).await else { return PasswordAnswer::Unreachable };
    let code = |field| refusal(&answer.body, field).unwrap_or_default();
    match answer.status {
        204 => PasswordAnswer::Changed,
        401 if code("code") == "wrong_credentials" => PasswordAnswer::Wrong,
        401 | 403 => PasswordAnswer::SignInNeeded,
        422 => PasswordAnswer::Weak(match code("found").as_str() {
            "short" => Weak::Short,
            "name" => Weak::Name,
            "same" => Weak::Same,
            _ => Weak::Common,
        }),
        413 => PasswordAnswer::Wrong,
        429 => PasswordAnswer::TooMany,
        _ => PasswordAnswer::Unreachable,
    }
}

/// A field of a refusal's body.
fn refusal(body: &[u8], field: &str) -> Option<String> {
    let refusal = from_json(core::str::from_utf8(body).ok()?)?;
    words(&get(&refusal, "error").ok()?, field)
}

const fn bodiless(method: Method) -> Call<'static> {
    Call {
        method,
        path: "/v1/session",
        content_type: JSON,
        content_encoding: None,
        range: None,
        body: None,
        timeout_ms: TIMEOUT_MS,
    }
}

/// A key to register at the server.
#[derive(Clone, Copy)]
pub struct Registration {
    /// The device of the key.
    pub device: DeviceId,
    /// The epoch of the key.
    pub epoch: u32,
    /// The public key.
    pub public: PublicKey,
}

/// The result of a registration.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub enum Registered {
    /// The server knows the key.
    Known,
    /// Another key is known for that epoch.
    EpochTaken {
        /// The highest epoch the server knows.
        epoch_max: u32,
    },
    /// The session has ended.
    SignInNeeded,
    /// The server refused for another reason, or could not be reached.
    NotNow,
}

/// `POST /v1/devices`.
pub async fn register_device(registration: Registration) -> Registered {
    let Registration { device, epoch, public } = registration;
    let request = [
        ("device", &device.to_string().into()),
        ("epoch", &epoch.into()),
        ("public_key", &write_key(&public).into()),
        ("label", &"".into()),
    ];
    match post("/v1/devices", &request).await {
        Ok(answer) => registered(answer.status, epoch_max(&answer.body)),
        Err(Unreachable) => Registered::NotNow,
    }
}

fn registered(status: u16, epoch_max: Option<u32>) -> Registered {
    match (status, epoch_max) {
        (200 | 201 | 204, _) => Registered::Known,
        (401, _) => Registered::SignInNeeded,
        (409, Some(epoch_max)) => Registered::EpochTaken { epoch_max },
        _ => Registered::NotNow,
    }
}

/// The highest epoch that a refusal names.
fn epoch_max(body: &[u8]) -> Option<u32> {
    let refusal = from_json(core::str::from_utf8(body).ok()?)?;
    let epoch = get(&get(&refusal, "error").ok()?, "epoch_max").ok()?.as_f64()?;
    // A number too large for an epoch is cut off by the cast; no key has that epoch then.
    Some(epoch as u32)
}

async fn post(path: &str, content: &[(&str, &JsValue)]) -> Result<Answer, Unreachable> {
    send_json(Method::POST, path, content).await
}

async fn send_json(method: Method, path: &str, content: &[(&str, &JsValue)]) -> Result<Answer, Unreachable> {
    let body = to_json(&object(content)).into_bytes();
    let body = Some(body);
    send(&Call { method, path, content_type: JSON, content_encoding: None, range: None, body, timeout_ms: TIMEOUT_MS })
        .await
}

fn write_key(key: &PublicKey) -> String {
    use core::fmt::Write as _;
    key.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn read_key(text: &str) -> Option<PublicKey> {
    let pairs = text.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = pairs.0.iter().map(byte).collect();
    bytes.filter(|_| pairs.1.is_empty())?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_hexadecimal() {
        let key: PublicKey = core::array::from_fn(|place| u8::try_from(place * 7).unwrap());
        assert_eq!(read_key(&write_key(&key)), Some(key));
        assert_eq!(read_key("abc"), None);
        assert_eq!(read_key(&"0".repeat(66)), None);
        assert_eq!(read_key(&"zz".repeat(32)), None);
    }

    #[test]
    fn a_taken_epoch_names_the_highest() {
        assert_eq!(registered(409, Some(4)), Registered::EpochTaken { epoch_max: 4 });
        assert_eq!(registered(409, None), Registered::NotNow);
        assert_eq!(registered(401, None), Registered::SignInNeeded);
        assert_eq!(registered(503, None), Registered::NotNow);
    }
}
