//! Argon2id, at the costs written into each hash.

use std::sync::Arc;

use anyhow::anyhow;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// Memory of one hash.
const MEMORY_KIB: u32 = 19_456;
/// Passes over it.
const PASSES: u32 = 2;
/// Hashes computed at a time: each takes [`MEMORY_KIB`] and a core.
const CONCURRENT_MAX: usize = 2;
/// Bytes of a password; longer ones would be work for nothing.
pub(crate) const PASSWORD_BYTES_MAX: usize = 1024;

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| anyhow!("argon2 parameters: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> anyhow::Result<String> {
    let hash = argon2()?.hash_password(password.as_bytes()).map_err(|error| anyhow!("argon2: {error}"))?;
    Ok(hash.to_string())
}

fn matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Hashes many passwords on all cores, each with its own salt.
///
/// # Errors
/// When random numbers or memory are not to be had.
pub fn hash_all(passwords: &[String]) -> anyhow::Result<Vec<String>> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = passwords.len().div_ceil(workers).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = passwords
            .chunks(share)
            .map(|part| {
                scope.spawn(move || part.iter().map(|password| hash(password)).collect::<anyhow::Result<Vec<_>>>())
            })
            .collect();
        let mut hashes = Vec::with_capacity(passwords.len());
        for thread in threads {
            hashes.extend(thread.join().map_err(|_| anyhow!("a hashing thread ended early"))??);
        }
        Ok(hashes)
    })
}

/// Checks passwords away from the threads that serve requests.
#[derive(Clone, Debug)]
pub struct Hasher {
    permits: Arc<Semaphore>,
    /// Checked for names that do not exist, so that the time of an answer tells nothing about them.
    decoy: Arc<str>,
}

impl Hasher {
    /// Makes the decoy hash.
    ///
    /// # Errors
    /// When random numbers or memory are not to be had.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            permits: Arc::new(Semaphore::new(CONCURRENT_MAX)),
            decoy: hash("no account has this password")?.into(),
        })
    }

    /// Whether `password` belongs to `stored`; takes as long when there is no account.
    pub async fn verify(&self, password: String, stored: Option<String>) -> bool {
        let Ok(_permit) = self.permits.acquire().await else { return false };
        let decoy = Arc::clone(&self.decoy);
        let check = move || {
            let right = matches(&password, stored.as_deref().unwrap_or(&decoy));
            right && stored.is_some()
        };
        tokio::task::spawn_blocking(check).await.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_account_only() {
        let hasher = Hasher::new().unwrap();
        let hashes = hash_all(&["một".to_owned(), "hai".to_owned(), "ba".to_owned()]).unwrap();
        assert!(hashes.iter().all(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")));
        assert!(hasher.verify("hai".into(), hashes.get(1).cloned()).await);
        assert!(!hasher.verify("hai".into(), hashes.get(2).cloned()).await);
        assert!(!hasher.verify("no account has this password".into(), None).await);
        assert!(!hasher.verify("hai".into(), Some("not a hash".into())).await);
    }
}
