//! The opaque token in the session cookie.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// Name of the session cookie. One that only comes over encrypted ways has another, which browsers take from nobody else: a
/// neighbour on the network, or a page of a neighbouring name, cannot put its own in its place.
#[must_use]
pub const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-congtam_session" } else { "congtam_session" }
}

/// 32 random bytes that only the browser keeps; the store has their hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// Draws a token.
    ///
    /// # Errors
    /// When random numbers are not to be had.
    pub fn draw() -> anyhow::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("random numbers: {error}"))?;
        Ok(Self(bytes))
    }

    /// What the store keeps.
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
