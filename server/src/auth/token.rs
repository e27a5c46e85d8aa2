//! The random token in the session cookie.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// The name of the session cookie. A cookie for encrypted connections only has another name, which browsers accept from
/// nobody else. Somebody else on the network, or a page of a similar name, cannot put a cookie of its own in its place.
#[must_use]
pub const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-congtam_session" } else { "congtam_session" }
}

/// A token of 32 random bytes. Only the browser keeps it; the store has its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// Draws a token.
    ///
    /// # Errors
    /// When no random numbers are available.
    pub fn draw() -> anyhow::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("random numbers: {error}"))?;
        Ok(Self(bytes))
    }

    /// The hash that the store keeps.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// The cookie's value.
    #[must_use]
    pub fn reveal(&self) -> String {
        hex::encode(self.0)
    }
}

impl FromStr for Token {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
