//! Checks whether the server can keep what it receives. So whoever watches the server learns of a full or damaged disk
//! before users do.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use shared::time::Millis;
use tokio::sync::Mutex as Turn;

use crate::clock;
use crate::store::{Store, StoreError, Trouble};

/// Below this many free bytes the storage counts as full. It is room for a day of a province's work, and for the
/// database to tidy up.
const FREE_BYTES_MIN: u64 = 32 * 1024 * 1024;
/// How long a failed write counts.
const FAILING_MS: u64 = 60_000;
/// How long a finding is repeated. A check writes to the disk, and anybody may ask for one.
const FOUND_LASTS_MS: u64 = 2_000;
/// Key of the meta value that is written to test whether writing works.
const PROBE: &str = "probe";

/// The length of the log, or the code of the problem.
pub(crate) type Readiness = Result<u64, &'static str>;

/// The state of the storage, cheap to clone.
#[derive(Clone, Debug)]
pub struct Health {
    folder: Arc<Path>,
    /// The last trouble that a request met, and when.
    met: Arc<Mutex<Option<(Trouble, Millis)>>>,
    /// The last finding, and when it was made.
    found: Arc<Turn<Option<(Readiness, Millis)>>>,
}

impl Health {
    /// Watches the disk of a folder.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self { folder: PathBuf::from(folder).into(), met: Arc::default(), found: Arc::default() }
    }

    /// The finding of a check, or of one a moment ago. Others who ask meanwhile wait for the same check, and one who
    /// goes away does not end it. Otherwise a client could start one check after another by asking and hanging up.
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

    /// Finds the trouble, by a look at the disk and a write to the database.
    ///
    /// # Errors
    /// When the store fails in a way that is no trouble of the storage.
    pub async fn look(&self, store: &dyn Store) -> Result<Option<Trouble>, StoreError> {
        if free_bytes(&self.folder).is_some_and(|free| free < FREE_BYTES_MIN) {
            return Ok(Some(Trouble::Full));
        }
        // Write another value each time: the database would not write an unchanged value.
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

/// Whether a trouble still counts although a write has succeeded since. Room can come back, but a damaged page does not
/// heal. For a disk that fails now and then, one small write proves little.
const fn lasts(trouble: Trouble, met_at: Millis, now: Millis) -> bool {
    match trouble {
        Trouble::Full => false,
        Trouble::Damaged => true,
        Trouble::Failing => now.0.saturating_sub(met_at.0) < FAILING_MS,
    }
}

/// Bytes left on the disk of a folder. None where the system does not say.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_frsize.checked_mul(disk.f_bavail)
}

/// On other systems only a failed write shows that no room is left.
#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

/// Notes the trouble that requests meet.
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
