//! Password hashes with Argon2id, at the costs written into each hash.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::anyhow;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use tokio::sync::Semaphore;

/// Memory of one hash.
const MEMORY_KIB: u32 = 19_456;
/// Passes over the memory.
const PASSES: u32 = 2;
/// How many hashes are computed at a time. Each takes [`MEMORY_KIB`] and a core.
const CONCURRENT_MAX: usize = 2;
/// The longest password in bytes. Hashing longer ones would be wasted work.
pub(crate) const PASSWORD_BYTES_MAX: usize = 1024;
/// Bytes of a hash and of its salt.
const HASH_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

fn params() -> anyhow::Result<Params> {
    Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| anyhow!("argon2 parameters: {error}"))
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params()?))
}

/// The memory in which one hash is computed.
type Memory = Vec<Block>;

fn hash_in(memory: &mut Memory, password: &str) -> anyhow::Result<String> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(|error| anyhow!("random numbers: {error}"))?;
    let mut hash = [0; HASH_BYTES];
    let failed = |error: &dyn std::fmt::Display| anyhow!("argon2: {error}");
    argon2()?
        .hash_password_into_with_memory(password.as_bytes(), &salt, &mut hash, memory)
        .map_err(|error| failed(&error))?;
    let written = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params()?).map_err(|error| failed(&error))?,
        salt: Some(Salt::new(&salt).map_err(|error| failed(&error))?),
        hash: Some(Output::new(&hash).map_err(|error| failed(&error))?),
    };
    Ok(written.to_string())
}

fn matches_in(memory: &mut Memory, password: &str, kept: &str) -> bool {
    try_matches_in(memory, password, kept).unwrap_or(false)
}

/// Compares a password with a kept hash. None when what is kept is not a hash made here.
fn try_matches_in(memory: &mut Memory, password: &str, kept: &str) -> Option<bool> {
    let kept = PasswordHash::new(kept).ok()?;
    let (salt, expected) = (kept.salt?, kept.hash?);
    let params = Params::try_from(&kept).ok()?;
    if kept.algorithm != ARGON2ID_IDENT || params.block_count() > memory.len() {
        return None;
    }
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut found = [0; Output::MAX_LENGTH];
    let found = found.get_mut(..expected.len())?;
    argon2.hash_password_into_with_memory(password.as_bytes(), salt.as_ref(), found, memory).ok()?;
    // Compared in constant time.
    Some(Output::new(found).ok()? == expected)
}

/// Hashes many passwords on all cores, each with its own salt.
///
/// # Errors
/// When no random numbers or no memory are available.
pub fn hash_all(passwords: &[String]) -> anyhow::Result<Vec<String>> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = passwords.len().div_ceil(workers).max(1);
    let blocks = params()?.block_count();
    std::thread::scope(|scope| {
        let hash_part = move |part: &[String]| {
            let mut memory = vec![Block::default(); blocks];
            part.iter().map(|password| hash_in(&mut memory, password)).collect::<anyhow::Result<Vec<_>>>()
        };
        let threads: Vec<_> = passwords.chunks(share).map(|part| scope.spawn(move || hash_part(part))).collect();
        let mut hashes = Vec::with_capacity(passwords.len());
        for thread in threads {
            hashes.extend(thread.join().map_err(|_| anyhow!("a hashing thread ended early"))??);
        }
        Ok(hashes)
    })
}

/// Makes and checks hashes on threads that do not serve requests. It reuses its memory, because the allocator would
/// keep some for every thread that ever made a hash.
#[derive(Clone, Debug)]
pub struct Hasher {
    permits: Arc<Semaphore>,
    memories: Arc<Mutex<Vec<Memory>>>,
    blocks: usize,
    /// Checked for names that do not exist, so that the time of an answer says nothing about them.
    decoy: Arc<str>,
}

impl Hasher {
    /// Makes the decoy hash.
    ///
    /// # Errors
    /// When no random numbers or no memory are available.
    pub fn new() -> anyhow::Result<Self> {
        let blocks = params()?.block_count();
        let mut memory = vec![Block::default(); blocks];
        let decoy = hash_in(&mut memory, "no account has this password")?.into();
        let memories = Arc::new(Mutex::new(vec![memory]));
        Ok(Self { permits: Arc::new(Semaphore::new(CONCURRENT_MAX)), memories, blocks, decoy })
    }

    /// Whether `password` belongs to `stored`. It takes as long when there is no account.
    pub async fn verify(&self, password: String, stored: Option<String>) -> bool {
        let decoy = Arc::clone(&self.decoy);
        let check = move |memory: &mut Memory| {
            let right = matches_in(memory, &password, stored.as_deref().unwrap_or(&decoy));
            right && stored.is_some()
        };
        self.work(check).await.unwrap_or(false)
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// When no random numbers are available.
    pub async fn hash(&self, password: String) -> anyhow::Result<String> {
        let hash = self.work(move |memory| hash_in(memory, &password)).await;
        hash.unwrap_or_else(|| Err(anyhow!("the hashing thread ended early")))
    }

    /// Runs work in borrowed memory. The permit belongs to the work, not to the request: a caller who stops waiting
    /// does not let more work begin.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Option<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok()?;
        let (memories, blocks) = (Arc::clone(&self.memories), self.blocks);
        let working = tokio::task::spawn_blocking(move || {
            let borrowed = memories.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut memory = borrowed.unwrap_or_else(|| vec![Block::default(); blocks]);
            let done = work(&mut memory);
            memories.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            drop(permit);
            done
        });
        working.await.ok()
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
        let made = hasher.hash("bốn".into()).await.unwrap();
        assert!(made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{made}");
        assert!(hasher.verify("bốn".into(), Some(made.clone())).await && !hasher.verify("ba".into(), Some(made)).await);
    }

    #[tokio::test]
    async fn dearer_hashes_than_ours_are_not_made() {
        let hasher = Hasher::new().unwrap();
        let dear = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(!hasher.verify("a".into(), Some(dear.into())).await);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn d6_many_at_once_use_the_same_memory() {
        let hasher = Hasher::new().unwrap();
        let checks: Vec<_> = (0..12)
            .map(|n| {
                let hasher = hasher.clone();
                let check = tokio::spawn(async move { hasher.verify("a".into(), None).await });
                // Some callers stop waiting, like a browser that is closed.
                if n % 3 == 0 {
                    check.abort();
                }
                check
            })
            .collect();
        for check in checks {
            let _ = check.await;
        }
        assert!(!hasher.verify("a".into(), None).await);
        assert!(hasher.memories.lock().unwrap().len() <= CONCURRENT_MAX);
    }
}
