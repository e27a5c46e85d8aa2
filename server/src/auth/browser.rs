//! Recognises a browser in which an account was signed in before. This way a stranger's failures elsewhere do not make
//! the account's owner wait. The cookie alone opens nothing: a password is still needed.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use sha2::{Digest as _, Sha256};

const COOKIE: &str = "congtam_known";
const COOKIE_SECURE: &str = "__Secure-congtam_known";
/// The cookie is sent with sign-ins only, which keeps every other request shorter.
const PATH: &str = "/v1/session";
/// The longest time that browsers keep anything.
const DAYS: i64 = 400;
/// The number of accounts of one shared device. The latest are kept.
const ACCOUNTS_MAX: usize = 12;

type Id = [u8; 16];
/// Proves that an account was signed in here. Only the server can have written it.
type Proof = [u8; 12];

/// Makes and checks proofs.
#[derive(Clone)]
pub struct KnownBrowsers([u8; 32]);

impl std::fmt::Debug for KnownBrowsers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KnownBrowsers(…)")
    }
}

/// What a browser sends: its id and its proofs.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Brought {
    id: Id,
    proofs: Vec<Proof>,
}

impl KnownBrowsers {
    /// Makes proofs with the server's key. All processes with this key accept one another's proofs.
    #[must_use]
    pub fn new(office_key: &[u8; 32]) -> Self {
        Self(Sha256::new().chain_update("congtam known browsers").chain_update(office_key).finalize().into())
    }

    /// The browser's id, if the account was signed in there before.
    #[must_use]
    pub fn vouched(&self, jar: &CookieJar, secure: bool, username: &str) -> Option<[u8; 16]> {
        let brought = Brought::read(jar.get(name(secure))?.value())?;
        brought.proofs.contains(&self.proof(&brought.id, username)).then_some(brought.id)
    }

    /// The cookie after `username` was signed in.
    ///
    /// # Errors
    /// When no random numbers are available.
    pub fn remember(&self, jar: &CookieJar, secure: bool, username: &str) -> anyhow::Result<Cookie<'static>> {
        let mut brought = match jar.get(name(secure)).and_then(|cookie| Brought::read(cookie.value())) {
            Some(brought) => brought,
            None => Brought::draw()?,
        };
        let proof = self.proof(&brought.id, username);
        brought.proofs.retain(|other| *other != proof);
        brought.proofs.insert(0, proof);
        brought.proofs.truncate(ACCOUNTS_MAX);
        let cookie = Cookie::build((name(secure), brought.write()))
            .path(PATH)
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(secure)
            .max_age(time::Duration::days(DAYS));
        Ok(cookie.build())
    }

    fn proof(&self, id: &Id, username: &str) -> Proof {
        // Hashed twice with the key, so that nobody can extend a shorter proof to a longer one.
        let inner = Sha256::new().chain_update(self.0).chain_update(id).chain_update(username).finalize();
        let outer: [u8; 32] = Sha256::new().chain_update(self.0).chain_update(inner).finalize().into();
        outer.first_chunk().copied().unwrap_or_default()
    }
}

const fn name(secure: bool) -> &'static str {
    if secure { COOKIE_SECURE } else { COOKIE }
}

impl Brought {
    fn draw() -> anyhow::Result<Self> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| anyhow::anyhow!("random numbers: {error}"))?;
        Ok(Self { id, proofs: Vec::new() })
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let mut id = [0; 16];
        hex::decode_to_slice(parts.next()?, &mut id).ok()?;
        let proof = |part: &str| {
            let mut proof = [0; 12];
            hex::decode_to_slice(part, &mut proof).ok().map(|()| proof)
        };
        Some(Self { id, proofs: parts.take(ACCOUNTS_MAX).map(proof).collect::<Option<_>>()? })
    }

    fn write(&self) -> String {
        let parts = std::iter::once(hex::encode(self.id)).chain(self.proofs.iter().map(hex::encode));
        parts.collect::<Vec<_>>().join(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_for_the_accounts_signed_in_there_and_for_no_other() {
        let known = KnownBrowsers::new(&[7; 32]);
        let jar = CookieJar::new();
        assert_eq!(known.vouched(&jar, false, "a"), None);
        let jar = jar.clone().add(known.remember(&jar, false, "a").unwrap());
        let id = known.vouched(&jar, false, "a").unwrap();
        assert_eq!(known.vouched(&jar, false, "b"), None);
        let jar = jar.clone().add(known.remember(&jar, false, "b").unwrap());
        assert_eq!((known.vouched(&jar, false, "a"), known.vouched(&jar, false, "b")), (Some(id), Some(id)));
        assert_eq!(KnownBrowsers::new(&[8; 32]).vouched(&jar, false, "a"), None, "another office's proofs");
        let many = (0..ACCOUNTS_MAX).fold(jar, |jar, n| {
            let cookie = known.remember(&jar, false, &format!("c{n}")).unwrap();
            jar.add(cookie)
        });
        assert_eq!(known.vouched(&many, false, "a"), None, "the oldest made room");
        assert!(many.get(COOKIE).unwrap().value().len() < 400);
    }

    #[test]
    fn what_is_no_proof_is_none() {
        let known = KnownBrowsers::new(&[7; 32]);
        for value in ["", "x", "00", &"0".repeat(32), &format!("{}.zz", "0".repeat(32))] {
            let jar = CookieJar::new().add(Cookie::new(COOKIE, value.to_owned()));
            assert_eq!(known.vouched(&jar, false, "a"), None, "{value}");
        }
    }
}
