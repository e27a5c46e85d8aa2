//! Whether what is received can be kept. A disk that is full or damaged is told to whoever watches the server before people find out.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use shared::time::Millis;
use tokio::sync::Mutex as Turn;

use crate::clock;
use crate::store::{Store, StoreError, Trouble};

/// Free bytes below which the storage counts as full: a day of a province's work, and what the database needs to tidy up.
const FREE_BYTES_MIN: u64 = 32 * 1024 * 1024;
/// How long a write that failed counts.
const FAILING_MS: u64 = 60_000;
/// How long what was found is told again. A look writes to the disk, and anybody may ask for one.
const FOUND_LASTS_MS: u64 = 2_000;
/// Key of the meta value that is written to see whether anything can be.
const PROBE: &str = "probe";

/// How far the log goes; else the code of what stands in the way.
pub(crate) type Readiness = Result<u64, &'static str>;

/// How the storage stands; cheap to clone.
#[derive(Clone, Debug)]
pub struct Health {
    folder: Arc<Path>,
    /// The last trouble that a request met, and when.
    met: Arc<Mutex<Option<(Trouble, Millis)>>>,
    /// What the last look found, and when.
    found: Arc<Turn<Option<(Readiness, Millis)>>>,
}

impl Health {
    /// Watches the disk of a folder.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self { folder: PathBuf::from(folder).into(), met: Arc::default(), found: Arc::default() }
    }

    /// What a look finds, or found a moment ago. Whoever asks meanwhile waits for the same look, and whoever has gone away does not
    /// end it: else asking and hanging up would begin one after another.
    pub(crate) async fn found(&self, look: impl Future<Output = Readiness> + Send + 'static) -> Readiness {
        let mut found = Arc::clone(&self.found).lock_owned().await;
        if let Some((readiness, at)) = *found
            && clock::now().0.abs_diff(at.0) < FOUND_LASTS_MS
        {
            return readiness;
        }
        let looking = tokio::spawn(async move {
            let readiness = look.await;
            *found = Some((readiness, clock::now()));
            readiness
        });
        looking.await.unwrap_or(Err("internal"))
    }

    /// What is wrong, by a look at the disk and a write to the database.
    ///
    /// # Errors
    /// When the store fails in a way that is no trouble of the storage.
    pub async fn look(&self, store: &dyn Store) -> Result<Option<Trouble>, StoreError> {
        if free_bytes(&self.folder).is_some_and(|free| free < FREE_BYTES_MIN) {
            return Ok(Some(Trouble::Full));
        }
        // Another value each time: what is there already would not be written.
        let written = store.put_meta(PROBE, &clock::now().0.to_be_bytes()).await;
        match written.as_ref().err().map(StoreError::trouble) {
            None => {}
            Some(Some(trouble)) => return Ok(Some(trouble)),
            Some(None) => return written.map(|()| None),
        }
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        *met = met.filter(|(trouble, at)| lasts(*trouble, *at, clock::now()));
        Ok(met.map(|(trouble, _)| trouble))
    }

    fn note(&self, trouble: Trouble) {
        *self.met.lock().unwrap_or_else(PoisonError::into_inner) = Some((trouble, clock::now()));
    }
}

/// Whether a trouble that was met counts although something could be written since: room comes back, a damaged page does not, and of a
/// disk that fails now and then one small write proves little.
const fn lasts(trouble: Trouble, met_at: Millis, now: Millis) -> bool {
    match trouble {
        Trouble::Full => false,
        Trouble::Damaged => true,
        Trouble::Failing => now.0.saturating_sub(met_at.0) < FAILING_MS,
    }
}

/// Bytes left on the disk of a folder; none where the system does not say.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_frsize.checked_mul(disk.f_bavail)
}

/// Elsewhere only the write tells that no room is left.
#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

/// Notes what trouble requests meet.
pub(crate) async fn watch(State(health): State<Health>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if let Some(trouble) = response.extensions().get::<Trouble>() {
        health.note(*trouble);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn who_asks_in_a_loop_or_hangs_up_makes_nobody_look_more_often() {
        let health = Health::of(Path::new("."));
        let looks = Arc::new(AtomicU64::new(0));
        let ask = || {
            let (health, looks) = (health.clone(), Arc::clone(&looks));
            let look = async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Ok(looks.fetch_add(1, Ordering::Relaxed) + 1)
            };
            async move { health.found(look).await }
        };
        let gone = tokio::spawn(ask());
        tokio::time::sleep(Duration::from_millis(10)).await;
        gone.abort();
        let asking: Vec<_> = (0..100).map(|_| tokio::spawn(ask())).collect();
        for answer in asking {
            assert_eq!(answer.await.unwrap(), Ok(1), "one look for everybody");
        }
        tokio::time::sleep(Duration::from_millis(FOUND_LASTS_MS)).await;
        assert_eq!(ask().await, Ok(2), "what was found is not told for ever");
    }
}
