//! A turn at the slot. All waiting requests are received by the same fold and written in one transaction.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use shared::op::{SignedOperation, SignedReceipt};
use tokio::sync::{OwnedRwLockWriteGuard, oneshot};

use super::check::Checked;
use super::{ATTEMPTS_MAX, FoldSlot, Ingest, Intake};
use crate::clock;
use crate::store::StoreError;

/// Operations of one transaction. With more, the first of them would wait too long for its receipt.
const TOGETHER_MAX: usize = 4_096;

type Receipts = Result<Vec<SignedReceipt>, StoreError>;

/// A request that waits for its turn, with its signatures checked.
#[derive(Debug)]
struct Request {
    operations: Arc<Vec<Checked>>,
    answer: oneshot::Sender<Receipts>,
}

/// Requests that are enough for one turn.
const GATHERED_MAX: usize = 64;
/// How often a turn looks for requests that are about to join it. Each look lasts as long as the runtime has other
/// work.
const LOOKS_MAX: usize = 64;

/// The waiting requests, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    requests: Mutex<Vec<Request>>,
    /// Requests whose signatures are being checked.
    coming: AtomicUsize,
}

/// A request on its way to the slot.
struct Coming<'a>(&'a Waiting);

impl<'a> Coming<'a> {
    fn to(waiting: &'a Waiting) -> Self {
        waiting.coming.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Coming<'_> {
    fn drop(&mut self) {
        self.0.coming.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Waiting {
    fn join(&self, request: Request) {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    }

    fn len(&self) -> usize {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Waits for requests that are about to join. A transaction costs the disk the same for one as for all of them.
    async fn gather(&self) {
        for _ in 0..LOOKS_MAX {
            let before = self.len();
            tokio::task::yield_now().await;
            if before >= GATHERED_MAX || self.len() == before && self.coming.load(Ordering::Relaxed) == 0 {
                return;
            }
        }
    }

    /// The requests of the next turn. It is at least the first, if any waits.
    fn next(&self) -> Vec<Request> {
        let mut waiting = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let mut operations = 0_usize;
        let fits = |request: &&Request| {
            operations = operations.saturating_add(request.operations.len());
            operations <= TOGETHER_MAX
        };
        let count = waiting.iter().take_while(fits).count().max(1).min(waiting.len());
        waiting.drain(..count).collect()
    }
}

impl Ingest {
    /// Receives a batch. It returns one receipt for each operation, in the order given. One bad operation spoils no
    /// other. A caller that stops waiting for the receipts stops nothing else.
    ///
    /// # Errors
    /// When the store fails; then nothing of the batch is kept and no receipt exists.
    pub async fn receive(&self, operations: Vec<SignedOperation>) -> Receipts {
        if operations.is_empty() {
            return Ok(Vec::new());
        }
        let coming = Coming::to(&self.waiting);
        let checked = self.checker.check_all(self.store.as_ref(), operations).await?;
        let (answer, receipts) = oneshot::channel();
        self.waiting.join(Request { operations: Arc::new(checked), answer });
        drop(coming);
        // Every request starts a turn, although most find that an earlier turn has served theirs. So no request is
        // forgotten.
        tokio::spawn(self.clone().turn());
        receipts.await.unwrap_or_else(|_| Err(StoreError::Unanswered("the work stopped without an answer".to_owned())))
    }

    async fn turn(self) {
        let slot = Arc::clone(&self.slot).write_owned().await;
        if self.waiting.len() > 0 {
            self.waiting.gather().await;
        }
        let requests = self.waiting.next();
        if requests.is_empty() {
            return;
        }
        let batches: Vec<Arc<Vec<Checked>>> = requests.iter().map(|request| Arc::clone(&request.operations)).collect();
        let work = tokio::spawn(self.clone().receive_together(slot, batches));
        match work.await {
            Ok(Ok(receipts)) => {
                for (request, receipts) in requests.into_iter().zip(receipts) {
                    // A caller that has gone away will ask again and get the same receipts.
                    let _ = request.answer.send(Ok(receipts));
                }
            }
            Ok(Err(error)) => {
                let error = Arc::new(error);
                for request in requests {
                    let _ = request.answer.send(Err(StoreError::Together(Arc::clone(&error))));
                }
            }
            Err(stopped) => self.one_by_one(requests, &stopped.to_string()).await,
        }
    }

    /// One of the requests made the work stop. Each gets a turn alone, so that it spoils no other.
    async fn one_by_one(&self, requests: Vec<Request>, cause: &str) {
        tracing::error!(cause, requests = requests.len(), "receiving stopped");
        let alone = requests.len() == 1;
        for request in requests {
            if alone {
                let _ = request.answer.send(Err(StoreError::Unanswered(cause.to_owned())));
                continue;
            }
            let slot = Arc::clone(&self.slot).write_owned().await;
            let batches = vec![Arc::clone(&request.operations)];
            let received = tokio::spawn(self.clone().receive_together(slot, batches)).await;
            let receipts = match received {
                Ok(receipts) => receipts.map(|mut receipts| receipts.pop().unwrap_or_default()),
                Err(stopped) => Err(StoreError::Unanswered(stopped.to_string())),
            };
            let _ = request.answer.send(receipts);
        }
    }

    /// Judges all batches on one fold and writes them in one transaction. It starts again when another process was
    /// faster.
    async fn receive_together(
        self,
        slot: OwnedRwLockWriteGuard<FoldSlot>,
        batches: Vec<Arc<Vec<Checked>>>,
    ) -> Result<Vec<Vec<SignedReceipt>>, StoreError> {
        let mut intake = self.intake_at(slot).await?;
        for attempt in 1.. {
            let receipts = judge(&mut intake, &batches).await?;
            match intake.commit().await {
                Ok(()) => return Ok(receipts),
                Err(error @ StoreError::Moved { .. }) if attempt < ATTEMPTS_MAX => {
                    tracing::info!(cause = %error, attempt, "judging anew");
                    intake = self.intake().await?;
                }
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Unanswered("no attempt was made".to_owned()))
    }
}

async fn judge(intake: &mut Intake, batches: &[Arc<Vec<Checked>>]) -> Result<Vec<Vec<SignedReceipt>>, StoreError> {
    let mut all = Vec::with_capacity(batches.len());
    for batch in batches {
        let mut receipts = Vec::with_capacity(batch.len());
        for Checked { operation, key } in batch.iter() {
            receipts.push(intake.receive(operation.clone(), *key, clock::now()).await?);
        }
        all.push(receipts);
    }
    Ok(all)
}
