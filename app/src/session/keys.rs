//! The key that a device signs with. It is a WebCrypto key that cannot be taken out of the browser, or our own where
//! the browser has no Ed25519 (Chromium before 137, pages without a secure context).

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};

use super::own_keys;
use crate::platform::{Js, await_promise, call, describe, get, global, object, random};

const ALGORITHM: &str = "Ed25519";
const PRIVATE: &str = "private";
const PUBLIC: &str = "public";
const SEED: &str = "seed";

/// Bytes of an Ed25519 public key.
pub type PublicKey = [u8; 32];

/// A key pair of one person on one device in one epoch.
pub enum SigningPair {
    /// A key that the browser keeps.
    Browser {
        /// The private half, a `CryptoKey`.
        private: JsValue,
        /// The public half.
        public: PublicKey,
    },
    /// A key of our own.
    Own {
        /// The seed from which the private key is made.
        seed: [u8; 32],
        /// The public half.
        public: PublicKey,
    },
}

fn subtle() -> Js {
    get(&get(&global(), "crypto")?, "subtle")
}

fn bytes(array: &[u8]) -> JsValue {
    Uint8Array::from(array).into()
}

/// The first byte of a stored secret half that belongs to the browser.
const OF_BROWSER: u8 = 1;
/// The first byte of a stored secret half of our own.
const OF_OURS: u8 = 0;

impl SigningPair {
    /// Makes a new pair. Also returns the secret half as bytes, which the caller must encrypt and then forget.
    ///
    /// # Errors
    /// What the browser said when it has no random numbers.
    pub async fn generate() -> Result<(Self, Vec<u8>), String> {
        if let Ok(made) = generate_in_browser().await {
            return Ok(made);
        }
        let seed = random()?;
        let public = own_keys::public_half(seed).await?;
        Ok((Self::Own { seed, public }, [[OF_OURS].as_slice(), &public, &seed].concat()))
    }

    /// The pair from the decrypted bytes of its secret half.
    pub async fn from_secret(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        let (public, secret) = rest.split_first_chunk::<32>()?;
        match *kind {
            OF_OURS => Some(Self::Own { seed: secret.try_into().ok()?, public: *public }),
            OF_BROWSER => Some(Self::Browser { private: import_secret(secret).await.ok()?, public: *public }),
            _ => None,
        }
    }

    /// The form in which the database keeps it.
    pub fn to_stored(&self) -> JsValue {
        match self {
            Self::Browser { private, public } => object(&[(PRIVATE, private), (PUBLIC, &bytes(public))]),
            Self::Own { seed, public } => object(&[(SEED, &bytes(seed)), (PUBLIC, &bytes(public))]),
        }
    }

    /// Reads what [`Self::to_stored`] gave; `None` when it is not a key.
    pub fn from_stored(stored: &JsValue) -> Option<Self> {
        let read = |name: &str| -> Option<[u8; 32]> {
            let array = get(stored, name).ok()?.dyn_into::<Uint8Array>().ok()?;
            array.to_vec().try_into().ok()
        };
        let public = read(PUBLIC)?;
        if let Some(seed) = read(SEED) {
            return Some(Self::Own { seed, public });
        }
        let private = get(stored, PRIVATE).ok().filter(JsValue::is_object)?;
        Some(Self::Browser { private, public })
    }

    /// The public half.
    pub const fn public(&self) -> PublicKey {
        match self {
            Self::Browser { public, .. } | Self::Own { public, .. } => *public,
        }
    }

    /// Signs `message`.
    ///
    /// # Errors
    /// What the browser said when it refused.
    pub async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        match self {
            Self::Browser { private, .. } => sign_in_browser(private, message).await.map_err(|error| describe(&error)),
            Self::Own { seed, .. } => own_keys::sign(*seed, message).await,
        }
    }
}

async fn generate_in_browser() -> Js<(SigningPair, Vec<u8>)> {
    let subtle = subtle()?;
    let uses = Array::of2(&"sign".into(), &"verify".into());
    let pair = await_promise(call(&subtle, "generateKey", &[ALGORITHM.into(), JsValue::TRUE, uses.into()])?).await?;
    let export = async |format: &str, half: &str| -> Js<Vec<u8>> {
        let bytes = await_promise(call(&subtle, "exportKey", &[format.into(), get(&pair, half)?])?).await?;
        Ok(Uint8Array::new(&bytes).to_vec())
    };
    let public: PublicKey = export("raw", "publicKey").await?.try_into().map_err(|_| "public key: not 32 bytes")?;
    let secret = export("pkcs8", "privateKey").await?;
    // The key for use is one that the browser does not give out.
    let private = import_secret(&secret).await?;
    Ok((SigningPair::Browser { private, public }, [[OF_BROWSER].as_slice(), &public, &secret].concat()))
}

async fn import_secret(secret: &[u8]) -> Js {
    let uses = Array::of1(&"sign".into());
    let arguments = ["pkcs8".into(), bytes(secret), ALGORITHM.into(), JsValue::FALSE, uses.into()];
    await_promise(call(&subtle()?, "importKey", &arguments)?).await
}

async fn sign_in_browser(private: &JsValue, message: &[u8]) -> Js<Vec<u8>> {
    let signature = call(&subtle()?, "sign", &[ALGORITHM.into(), private.clone(), bytes(message)])?;
    Ok(Uint8Array::new(&await_promise(signature).await?).to_vec())
}

/// Checks the server's signatures.
pub struct ServerKey {
    public: PublicKey,
    /// The `CryptoKey`, where the browser has Ed25519.
    browser: Option<JsValue>,
}

impl ServerKey {
    /// Prepares for checking with `public`.
    pub async fn new(public: PublicKey) -> Self {
        Self { public, browser: import_in_browser(&public).await.ok() }
    }

    /// Whether the server signed `message`.
    pub async fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.browser {
            Some(key) => verify_in_browser(key, message, signature).await.unwrap_or(false),
            None => own_keys::verifies(self.public, message, signature).await,
        }
    }
}

async fn import_in_browser(public: &PublicKey) -> Js {
    let arguments = ["raw".into(), bytes(public), ALGORITHM.into(), JsValue::TRUE, Array::of1(&"verify".into()).into()];
    await_promise(call(&subtle()?, "importKey", &arguments)?).await
}

async fn verify_in_browser(key: &JsValue, message: &[u8], signature: &[u8]) -> Js<bool> {
    let arguments = [ALGORITHM.into(), key.clone(), bytes(signature), bytes(message)];
    Ok(await_promise(call(&subtle()?, "verify", &arguments)?).await?.is_truthy())
}
