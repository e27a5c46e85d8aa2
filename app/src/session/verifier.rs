//! Recognising a person without a network: a salted, slow hash of the password, made at the last sign-in at the office.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;

use crate::platform::{Js, await_promise, call, describe, get, global, object, random};

/// Rounds of PBKDF2-HMAC-SHA-256; a second or so on an old tablet.
const ITERATIONS: u32 = 210_000;
const SALT_BYTES: usize = 16;
const HASH_BITS: u32 = 256;

/// What is kept: salt, rounds, hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    salt: [u8; SALT_BYTES],
    iterations: u32,
    hash: Vec<u8>,
}

impl Verifier {
    /// Makes one for `password`.
    ///
    /// # Errors
    /// What the browser says when it cannot hash: pages without a secure context.
    pub async fn make(password: &str) -> Result<Self, String> {
        let salt = random()?;
        let hash = derive(password, &salt, ITERATIONS).await.map_err(|error| describe(&error))?;
        Ok(Self { salt, iterations: ITERATIONS, hash })
    }

    /// Whether `password` is the one.
    pub async fn recognises(&self, password: &str) -> bool {
        let Ok(hash) = derive(password, &self.salt, self.iterations).await else { return false };
        let differing = hash.iter().zip(&self.hash).fold(0, |sum, (found, kept)| sum | (found ^ kept));
        differing == 0 && hash.len() == self.hash.len()
    }

    /// As kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.salt.as_slice(), &self.iterations.to_le_bytes(), &self.hash].concat()
    }

    /// Reads what [`Self::to_bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (salt, rest) = bytes.split_first_chunk::<SALT_BYTES>()?;
        let (iterations, hash) = rest.split_first_chunk::<4>()?;
        let iterations = u32::from_le_bytes(*iterations);
        (iterations >= ITERATIONS && hash.len() == 32).then(|| Self { salt: *salt, iterations, hash: hash.to_vec() })
    }
}

async fn derive(password: &str, salt: &[u8], iterations: u32) -> Js<Vec<u8>> {
    let subtle = get(&get(&global(), "crypto")?, "subtle")?;
    let secret: JsValue = Uint8Array::from(password.as_bytes()).into();
    let uses = Array::of1(&"deriveBits".into());
    let import = ["raw".into(), secret, "PBKDF2".into(), JsValue::FALSE, uses.into()];
    let key = await_promise(call(&subtle, "importKey", &import)?).await?;
    let way = object(&[
        ("name", &"PBKDF2".into()),
        ("hash", &"SHA-256".into()),
        ("salt", &Uint8Array::from(salt).into()),
        ("iterations", &iterations.into()),
    ]);
    let bits = await_promise(call(&subtle, "deriveBits", &[way, key, HASH_BITS.into()])?).await?;
    Ok(Uint8Array::new(&bits).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_reads_itself_and_nothing_weaker() {
        let kept = Verifier { salt: [7; SALT_BYTES], iterations: ITERATIONS, hash: vec![9; 32] };
        assert!(Verifier::from_bytes(&kept.to_bytes()) == Some(kept.clone()));
        let weak = Verifier { iterations: 1_000, ..kept.clone() };
        assert!(Verifier::from_bytes(&weak.to_bytes()).is_none());
        let short = Verifier { hash: Vec::new(), ..kept };
        assert!(Verifier::from_bytes(&short.to_bytes()).is_none());
    }
}
