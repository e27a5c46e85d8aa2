//! Ed25519 of our own, for browsers that have none. It is a separate file, because it is large and most browsers need
//! not fetch it.

use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use leptos::wasm_split::SplitLoaderError;

use super::PublicKey;

/// A task for the key code.
enum Task<'a> {
    PublicHalf,
    Sign(&'a [u8]),
    Verify(&'a [u8], &'a [u8]),
}

/// The public half of the key made from `seed`.
///
/// # Errors
/// When the file could not be fetched.
pub(super) async fn public_half(seed: [u8; 32]) -> Result<PublicKey, String> {
    let public = ask(&seed, &Task::PublicHalf).await?;
    public.try_into().map_err(|_| "public key: not 32 bytes".to_owned())
}

/// Signs.
///
/// # Errors
/// When the file could not be fetched.
pub(super) async fn sign(seed: [u8; 32], message: &[u8]) -> Result<Vec<u8>, String> {
    ask(&seed, &Task::Sign(message)).await
}

/// Whether the owner of `public` signed `message`; `false` when that cannot be found out.
pub(super) async fn verifies(public: PublicKey, message: &[u8], signature: &[u8]) -> bool {
    ask(&public, &Task::Verify(message, signature)).await.is_ok_and(|yes| !yes.is_empty())
}

async fn ask(key: &[u8; 32], task: &Task<'_>) -> Result<Vec<u8>, String> {
    let answer = border::answerer().await.map_err(|error| error.to_string())?;
    Ok(answer(key, task))
}

fn answer(key: &[u8; 32], task: &Task<'_>) -> Vec<u8> {
    match task {
        Task::PublicHalf => SigningKey::from_bytes(key).verifying_key().to_bytes().to_vec(),
        Task::Sign(message) => SigningKey::from_bytes(key).sign(message).to_bytes().to_vec(),
        Task::Verify(message, signature) => {
            let signed = VerifyingKey::from_bytes(key)
                .and_then(|key| key.verify(message, &Signature::from_slice(signature)?))
                .is_ok();
            if signed { vec![1] } else { Vec::new() }
        }
    }
}

#[allow(unsafe_code, reason = "the macro declares the border between the two files; see DESIGN.md")]
mod border {
    use super::{SplitLoaderError, Task, answer};

    type Answer = fn(&[u8; 32], &Task<'_>) -> Vec<u8>;

    #[leptos::wasm_split::wasm_split(own_keys, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn answerer() -> Result<Answer, SplitLoaderError> {
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_key_signs_its_public_half_verifies_and_nothing_else() {
        let seed = [7; 32];
        let public: PublicKey = answer(&seed, &Task::PublicHalf).try_into().unwrap();
        let signature = answer(&seed, &Task::Sign(b"October"));
        assert!(!answer(&public, &Task::Verify(b"October", &signature)).is_empty());
        assert!(answer(&public, &Task::Verify(b"November", &signature)).is_empty());
        assert!(answer(&public, &Task::Verify(b"October", b"short")).is_empty());
    }
}
