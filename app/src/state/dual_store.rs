//! Journal and database as one store. The journal is written first, then the database.

use std::cell::{Cell, RefCell};

use crate::db::{Store, StoreError};
use crate::journal::{Journal, JournalError};
use shared::device_store::Record;

use super::ActError;

/// Keeps every record twice.
pub struct DualStore {
    store: Store,
    /// Absent in a tab that may not write.
    journal: Option<Journal>,
    /// Records that are in the journal but not yet in the database, because the database refused them.
    owed: RefCell<Vec<Record>>,
    behind: Cell<bool>,
}

impl From<JournalError> for ActError {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Full => Self::Full,
            JournalError::Busy => Self::ReadOnly(super::ReadOnly::OtherTab),
            JournalError::Unsupported => Self::ReadOnly(super::ReadOnly::NoJournal),
            JournalError::Device(said) => Self::Device(said),
        }
    }
}

impl From<StoreError> for ActError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            StoreError::Unsupported => Self::ReadOnly(super::ReadOnly::NoJournal),
            StoreError::Device(said) => Self::Device(said),
        }
    }
}

impl DualStore {
    /// Combines the two.
    pub const fn new(store: Store, journal: Option<Journal>) -> Self {
        Self { store, journal, owed: RefCell::new(Vec::new()), behind: Cell::new(false) }
    }

    /// The database.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Whether the database lacks something that the journal has.
    pub fn database_behind(&self) -> bool {
        self.behind.get()
    }

    /// Writes a batch. When it returns, the records are flushed in the journal and, unless the database refuses,
    /// committed there. What the database refused is tried again with the next batch and mended at the next start.
    ///
    /// # Errors
    /// Then nothing of the batch counts as kept.
    pub async fn write(&self, batch: Vec<Record>) -> Result<(), ActError> {
        let Some(journal) = &self.journal else {
            return Ok(self.store.write(&batch).await?);
        };
        if let Err(error) = journal.append(&batch).await {
            settle(journal, &batch, error).await?;
        }
        if batch.contains(&Record::ForgetLog) {
            shred(journal, &batch).await;
        }
        let whole: Vec<Record> = self.owed.borrow_mut().drain(..).chain(batch).collect();
        let written = self.store.write(&whole).await;
        self.behind.set(written.is_err());
        if written.is_err() {
            // Nothing was added meanwhile: batches are written one after the other.
            *self.owed.borrow_mut() = whole;
        }
        Ok(())
    }

    /// Closes both.
    pub async fn close(&self) {
        if let Some(journal) = &self.journal {
            journal.close().await;
        }
        self.store.close();
    }
}

/// Rewrites the journal, so that what the server took back does not stay in the file. If that fails, the next start
/// does it.
async fn shred(journal: &Journal, batch: &[Record]) {
    if let Ok(found) = journal.reopen().await
        && found.condition.is_to_be_shredded()
        && batch.iter().all(|record| found.records.holds(record))
    {
        let _ = journal.rewrite(&found.records.all()).await;
    }
}

/// After a refused append, finds out whether the batch is in the file. Only then may the person be told that it is
/// saved or not.
async fn settle(journal: &Journal, batch: &[Record], error: JournalError) -> Result<(), ActError> {
    let JournalError::Device(_) = error else { return Err(error.into()) };
    let found = journal.reopen().await.map_err(|_| error.clone())?;
    if batch.iter().all(|record| found.records.holds(record)) {
        return Ok(());
    }
    // The file is open again and sound at its end, so one more attempt makes sense.
    journal.append(batch).await.map_err(ActError::from)
}
