//! Opening a data directory, to serve it or to work on it from the command line.

use std::sync::Arc;

use anyhow::Context as _;
use shared::ids::{DeviceId, PersonId};
use shared::op::{ChainHead, ChainKey, Payload, Target};
use shared::sync::Office as Folded;

use crate::clock;
use crate::data_dir::{DataDir, WriterLock};
use crate::ingest::{self, Author, Ingest, Intake};
use crate::store::{DeviceKey, Registration, Sqlite, Store};

/// Key of the meta value that holds the office's own device id.
const OFFICE_DEVICE: &str = "office_device";
/// The office signs in the first life of its store only: a copied data directory is the same office.
const OFFICE_EPOCH: u32 = 1;

/// A data directory opened for writing.
#[derive(Debug)]
pub struct Office {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// The way in.
    pub ingest: Ingest,
    dir: DataDir,
    _lock: WriterLock,
}

impl Office {
    /// Opens or creates a data directory and folds its log.
    ///
    /// # Errors
    /// When it is in use, damaged, or cannot be written.
    pub async fn open(dir: &DataDir) -> anyhow::Result<Self> {
        dir.create()?;
        let lock = dir.lock()?;
        let key = dir.signing_key()?;
        let store = open_store(dir).await?;
        let ingest = Ingest::open(Arc::clone(&store), key).await.context("folding the log")?;
        Ok(Self { store, ingest, dir: dir.clone(), _lock: lock })
    }

    /// The office itself as an author: imports and administration are operations like any other.
    ///
    /// # Errors
    /// When its chain cannot be read or its key not be registered.
    pub async fn author(&self) -> anyhow::Result<Author> {
        let device = self.device().await?;
        let chain = ChainKey { actor: PersonId::OFFICE, device, epoch: OFFICE_EPOCH };
        let end = self.store.chain_end(&chain).await?;
        let head = end.map_or_else(ChainHead::default, |(seq, last)| ChainHead { seq, last: Some(last) });
        let author = Author::new(PersonId::OFFICE, device, self.dir.signing_key()?, head);
        let key = DeviceKey { chain: author.chain(), public_key: author.public_key(), label: "office".to_owned() };
        match self.store.register_device(&key, clock::now()).await? {
            Registration::Registered => Ok(author),
            Registration::Taken { .. } => {
                anyhow::bail!("server key: is not the one this database knows; put the matching server.key beside it")
            }
        }
    }

    /// Signs intents of the office and takes them all, or none when one is refused. Tells how many operations there were.
    ///
    /// # Errors
    /// When one is refused or the store fails; nothing has changed then.
    pub async fn write(&self, intents: Vec<(Target, Payload)>) -> anyhow::Result<usize> {
        let count = intents.len();
        self.judged(intents).await?.commit().await?;
        Ok(count)
    }

    /// Signs intents of the office and has them judged; they are kept once the intake is committed.
    ///
    /// # Errors
    /// When one is refused or the store fails; nothing has changed then.
    pub async fn judged(&self, intents: Vec<(Target, Payload)>) -> anyhow::Result<Intake> {
        let mut author = self.author().await?;
        let mut intake = self.ingest.intake().await?;
        for (target, payload) in intents {
            let now = clock::now();
            let operation = author.sign(intake.state(), target, &payload, now);
            let key = self.ingest.check(&operation).await?;
            let receipt = intake.receive(operation, key, now).await?.decode()?;
            if let Some(refusal) = receipt.verdict.refusal() {
                anyhow::bail!("refused, nothing has changed: {refusal}");
            }
        }
        Ok(intake)
    }

    async fn device(&self) -> anyhow::Result<DeviceId> {
        if let Some(bytes) = self.store.meta(OFFICE_DEVICE).await?
            && let Ok(bytes) = <[u8; 16]>::try_from(bytes.as_slice())
        {
            return Ok(DeviceId::from_bytes(bytes));
        }
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("random numbers: {error}"))?;
        self.store.put_meta(OFFICE_DEVICE, &bytes).await?;
        Ok(DeviceId::from_bytes(bytes))
    }
}

/// Folds what a data directory holds, to read only: also while a server runs on it.
///
/// # Errors
/// When there is no database or it cannot be read.
pub async fn fold(dir: &DataDir) -> anyhow::Result<Folded> {
    let file = dir.database();
    anyhow::ensure!(file.exists(), "data: found no database in {}", dir.path().display());
    let store = open_to_read(dir).await?;
    let folded = ingest::replay(store.as_ref()).await.context("folding the log")?;
    store.close().await;
    Ok(folded)
}

/// Opens the database of a data directory.
///
/// # Errors
/// When it cannot be opened.
pub async fn open_store(dir: &DataDir) -> anyhow::Result<Arc<dyn Store>> {
    let file = dir.database();
    let store = Sqlite::open(&file).await.with_context(|| format!("database {}", file.display()))?;
    Ok(Arc::new(store))
}

/// Opens the database of a data directory to read it, also while a server runs on it.
///
/// # Errors
/// When there is none or it cannot be read.
pub async fn open_to_read(dir: &DataDir) -> anyhow::Result<Arc<dyn Store>> {
    let file = dir.database();
    let store = Sqlite::open_to_read(&file).await.with_context(|| format!("database {}", file.display()))?;
    Ok(Arc::new(store))
}
