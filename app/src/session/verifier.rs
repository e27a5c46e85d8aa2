//! Passwords without a network. A slow, salted hash of the password recognises the person, and a key from the same run
//! encrypts the signing key while nobody is signed in.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;

use crate::platform::{Js, await_promise, call, describe, get, global, object, random};

/// Rounds of PBKDF2-HMAC-SHA-256; about one second on an old device.
const ITERATIONS: u32 = 210_000;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
const HASH_BITS: u32 = 256;
/// Bytes of the AES-GCM nonce, drawn anew each time.
const NONCE_BYTES: usize = 12;

/// What recognises a password: salt, rounds, hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    salt: [u8; SALT_BYTES],
    iterations: u32,
    hash: Vec<u8>,
}

impl Verifier {
    /// The form in which it is kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.salt.as_slice(), &self.iterations.to_le_bytes(), &self.hash].concat()
    }

    /// Reads what [`Self::to_bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (salt, rest) = bytes.split_first_chunk::<SALT_BYTES>()?;
        let (iterations, hash) = rest.split_first_chunk::<4>()?;
        let iterations = u32::from_le_bytes(*iterations);
        let sound = iterations >= ITERATIONS && hash.len() == HASH_BYTES;
        sound.then(|| Self { salt: *salt, iterations, hash: hash.to_vec() })
    }

    /// The secret of `password`, if the password is right.
    pub async fn recognise(&self, password: &str) -> Option<Secret> {
        let secret = Secret::derive(password, self.salt, self.iterations).await.ok()?;
        let pairs = secret.verifier.hash.iter().zip(&self.hash);
        let differing = pairs.fold(0, |sum, (found, kept)| sum | (found ^ kept));
        (differing == 0).then_some(secret)
    }
}

/// What is derived from a password. It exists only while somebody signs in.
pub struct Secret {
    verifier: Verifier,
    /// An AES key that the browser does not give out.
    lock: JsValue,
}

impl Secret {
    /// The secret of a password that the server has accepted, with a salt of its own.
    ///
    /// # Errors
    /// What the browser said when it cannot hash, such as on pages without a secure context.
    pub async fn of(password: &str) -> Result<Self, String> {
        let salt = random()?;
        Self::derive(password, salt, ITERATIONS).await.map_err(|error| describe(&error))
    }

    /// The verifier that recognises the password next time.
    pub fn verifier(&self) -> Verifier {
        self.verifier.clone()
    }

    /// Encrypts bytes.
    ///
    /// # Errors
    /// What the browser said when it refused.
    pub async fn seal(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let nonce: [u8; NONCE_BYTES] = random()?;
        let sealed = self.crypt("encrypt", &nonce, bytes).await.map_err(|error| describe(&error))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts bytes that were encrypted with the same password and salt.
    pub async fn unseal(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        self.crypt("decrypt", nonce, sealed).await.ok()
    }

    async fn crypt(&self, way: &str, nonce: &[u8], bytes: &[u8]) -> Js<Vec<u8>> {
        let manner = object(&[("name", &"AES-GCM".into()), ("iv", &Uint8Array::from(nonce).into())]);
        let result = call(&subtle()?, way, &[manner, self.lock.clone(), Uint8Array::from(bytes).into()])?;
        Ok(Uint8Array::new(&await_promise(result).await?).to_vec())
    }

    async fn derive(password: &str, salt: [u8; SALT_BYTES], iterations: u32) -> Js<Self> {
        let slow = object(&[
            ("name", &"PBKDF2".into()),
            ("hash", &"SHA-256".into()),
            ("salt", &Uint8Array::from(salt.as_slice()).into()),
            ("iterations", &iterations.into()),
        ]);
        let secret = bits("PBKDF2", password.as_bytes(), slow, HASH_BITS).await?;
        // One slow run serves for both; neither half reveals anything about the other.
        let apart = object(&[
            ("name", &"HKDF".into()),
            ("hash", &"SHA-256".into()),
            ("salt", &Uint8Array::new_with_length(0).into()),
            ("info", &Uint8Array::from(b"congtam".as_slice()).into()),
        ]);
        let halves = bits("HKDF", &secret, apart, 2 * HASH_BITS).await?;
        let (hash, lock) = halves.split_at_checked(HASH_BYTES).ok_or("too few bits")?;
        let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
        let import = ["raw".into(), Uint8Array::from(lock).into(), "AES-GCM".into(), JsValue::FALSE, uses.into()];
        let lock = await_promise(call(&subtle()?, "importKey", &import)?).await?;
        Ok(Self { verifier: Verifier { salt, iterations, hash: hash.to_vec() }, lock })
    }
}

fn subtle() -> Js {
    get(&get(&global(), "crypto")?, "subtle")
}

/// Derives bits from a secret.
async fn bits(algorithm: &str, secret: &[u8], manner: JsValue, length: u32) -> Js<Vec<u8>> {
    let uses = Array::of1(&"deriveBits".into());
    let import = ["raw".into(), Uint8Array::from(secret).into(), algorithm.into(), JsValue::FALSE, uses.into()];
    let key = await_promise(call(&subtle()?, "importKey", &import)?).await?;
    let bits = await_promise(call(&subtle()?, "deriveBits", &[manner, key, length.into()])?).await?;
    Ok(Uint8Array::new(&bits).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_reads_itself_and_nothing_weaker() {
        let kept = Verifier { salt: [7; SALT_BYTES], iterations: ITERATIONS, hash: vec![9; HASH_BYTES] };
        assert!(Verifier::from_bytes(&kept.to_bytes()) == Some(kept.clone()));
        let weak = Verifier { iterations: 1_000, ..kept.clone() };
        assert!(Verifier::from_bytes(&weak.to_bytes()).is_none());
        let short = Verifier { hash: Vec::new(), ..kept };
        assert!(Verifier::from_bytes(&short.to_bytes()).is_none());
        assert!(Verifier::from_bytes(&[]).is_none(), "taken back");
    }
}
