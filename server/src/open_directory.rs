//! Opens a data directory, to serve it or to work on it from the command line.

use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use shared::ids::{DeviceId, PersonId};
use shared::op::{ChainHead, ChainKey, Payload, Target};
use shared::org::Org;
use shared::sync::LogState;

use crate::clock;
use crate::data_directory::{DataDirectory, WriterLock, make_private};
use crate::database::DatabaseUrl;
use crate::ingest::{self, ATTEMPTS_MAX, Author, Ingest, Intake};
use crate::store::{DeviceKey, Postgres, Registration, Sqlite, Store, StoreError};
use crate::words::said;

/// Key of the meta value that holds the office's own device id.
const OFFICE_DEVICE: &str = "office_device";
/// The epoch of the office's own chain. It is always the first, because a copied data directory is the same office.
const OFFICE_EPOCH: u32 = 1;

/// A data directory opened for writing.
#[derive(Debug)]
pub struct OpenDirectory {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Where operations come in.
    pub ingest: Ingest,
    dir: DataDirectory,
    /// The lock, needed because a database file has only one server. A database server allows many processes and keeps
    /// them apart itself.
    _lock: Option<WriterLock>,
}

impl OpenDirectory {
    /// Opens the data directory of an office to serve it, and folds its log.
    ///
    /// # Errors
    /// When there is none, its key or its database is missing, it is served already, damaged, or cannot be written.
    pub async fn open(dir: &DataDirectory) -> anyhow::Result<Self> {
        ensure!(holds_data(dir).await?, other_than_asked(dir, false));
        Self::open_whole(dir).await
    }

    /// Makes a new office in a data directory without one, and opens it.
    ///
    /// # Errors
    /// When there is one already, or a part of one, or it cannot be written.
    pub async fn found(dir: &DataDirectory) -> anyhow::Result<Self> {
        ensure!(!holds_data(dir).await?, other_than_asked(dir, true));
        dir.create()?;
        let lock = dir.wait_for_lock()?;
        // Another process may have been faster.
        if !dir.key().exists() {
            dir.draw_key()?;
            make_database(dir).await?;
        }
        drop(lock);
        Self::open_whole(dir).await
    }

    async fn open_whole(dir: &DataDirectory) -> anyhow::Result<Self> {
        dir.close_to_others()?;
        // A database server allows many processes and keeps them apart itself.
        let lock = if dir.server().is_some() { None } else { Some(dir.lock()?) };
        Self::of(dir, open_store(dir).await?, lock).await
    }

    /// Opens the data directory of an office to write to it from the command line, even while a server runs on it. What
    /// each writes is judged after everything that the other has written.
    ///
    /// # Errors
    /// When there is none, it is damaged, of another version than the server that runs on it, or cannot be written.
    pub async fn open_beside(dir: &DataDirectory) -> anyhow::Result<Self> {
        ensure!(holds_data(dir).await?, other_than_asked(dir, false));
        dir.close_to_others()?;
        Self::of(dir, open_to_administer(dir).await?, None).await
    }

    async fn of(dir: &DataDirectory, store: Arc<dyn Store>, lock: Option<WriterLock>) -> anyhow::Result<Self> {
        let opened = Self::folded(dir, Arc::clone(&store), lock).await;
        if opened.is_err() {
            // Otherwise SQLite's side files may stay in a folder that was refused.
            store.close().await;
        }
        opened
    }

    async fn folded(dir: &DataDirectory, store: Arc<dyn Store>, lock: Option<WriterLock>) -> anyhow::Result<Self> {
        let ingest = Ingest::open(Arc::clone(&store), dir.signing_key()?)
            .await
            .context(said("tính lại sổ thao tác", "folding the log"))?;
        let office = Self { store, ingest, dir: dir.clone(), _lock: lock };
        // With a key of another office, every device would refuse the receipts.
        office.author().await?;
        Ok(office)
    }

    /// The office itself as an author: imports and administration are operations like any other.
    ///
    /// # Errors
    /// When its chain cannot be read or its key not be registered.
    pub async fn author(&self) -> anyhow::Result<Author> {
        let device = self.device().await?;
        let chain = ChainKey { actor: PersonId::SYSTEM, device, epoch: OFFICE_EPOCH };
        let end = self.store.chain_end(&chain).await?;
        let head = end.map_or_else(ChainHead::default, |(seq, last)| ChainHead { seq, last: Some(last) });
        let author = Author::new(PersonId::SYSTEM, device, self.dir.signing_key()?, head);
        let key = DeviceKey { chain: author.chain(), public_key: author.public_key(), label: "office".to_owned() };
        match self.store.register_device(&key, clock::now()).await? {
            Registration::Registered => Ok(author),
            Registration::Taken { .. } => {
                anyhow::bail!(said(
                    "khóa của máy chủ: không phải khóa mà cơ sở dữ liệu này biết; hãy đặt đúng server.key bên cạnh",
                    "server key: is not the one this database knows; put the matching server.key beside it",
                ))
            }
        }
    }

    /// Signs intents of the office and takes them all, or none when one is refused. Returns the number of operations.
    ///
    /// # Errors
    /// When one is refused or the store fails; nothing has changed then.
    pub async fn write(&self, intents: Vec<(Target, Payload)>) -> anyhow::Result<usize> {
        let count = intents.len();
        for _ in 1..ATTEMPTS_MAX {
            match self.judged(intents.clone()).await?.commit().await {
                Err(StoreError::Moved { .. }) => {}
                ended => return Ok(ended.map(|()| count)?),
            }
        }
        self.judged(intents).await?.commit().await?;
        Ok(count)
    }

    /// Signs intents of the office and has them judged. They are stored once the intake is committed.
    ///
    /// # Errors
    /// When one is refused or the store fails; nothing has changed then.
    pub async fn judged(&self, intents: Vec<(Target, Payload)>) -> anyhow::Result<Intake> {
        let judged = self.judged_if(|_| true, intents).await?;
        judged.context("judging was declined")
    }

    /// Like [`Self::judged`], but only if units and people are still as the maker of the intents believed.
    ///
    /// # Errors
    /// Like [`Self::judged`].
    pub async fn judged_if(
        &self,
        is_as_believed: impl Fn(&Org) -> bool,
        intents: Vec<(Target, Payload)>,
    ) -> anyhow::Result<Option<Intake>> {
        let mut author = self.author().await?;
        let mut intake = self.ingest.intake().await?;
        // Another process may have signed for the office since the author was made. Two operations for one place would
        // be a fork.
        author.go_on_from(intake.head(&author.chain()));
        if !is_as_believed(&intake.state().org) {
            return Ok(None);
        }
        for (target, payload) in intents {
            let now = clock::now();
            let operation = author.sign(intake.state(), target, &payload, now);
            let key = self.ingest.check(&operation).await?;
            let receipt = intake.receive(operation, key, now).await?.decode()?;
            if let Some(refusal) = receipt.verdict.refusal() {
                anyhow::bail!(said(
                    format!("bị từ chối, chưa có gì thay đổi: {refusal}"),
                    format!("refused, nothing has changed: {refusal}"),
                ));
            }
        }
        Ok(Some(intake))
    }

    async fn device(&self) -> anyhow::Result<DeviceId> {
        if let Some(bytes) = self.store.meta(OFFICE_DEVICE).await?
            && let Ok(bytes) = <[u8; 16]>::try_from(bytes.as_slice())
        {
            return Ok(DeviceId::from_bytes(bytes));
        }
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)
            .map_err(|error| anyhow::anyhow!("{}: {error}", said("số ngẫu nhiên", "random numbers")))?;
        self.store.put_meta(OFFICE_DEVICE, &bytes).await?;
        Ok(DeviceId::from_bytes(bytes))
    }
}

/// Folds what a data directory holds, for reading only. This also works while a server runs on it.
///
/// # Errors
/// When there is no database or it cannot be read.
pub async fn fold(dir: &DataDirectory) -> anyhow::Result<LogState> {
    let store = open_to_read(dir).await?;
    let folded = fold_of(store.as_ref()).await?;
    store.close().await;
    Ok(folded)
}

/// Folds what a database holds.
///
/// # Errors
/// When it cannot be read.
pub async fn fold_of(store: &dyn Store) -> anyhow::Result<LogState> {
    ingest::replay(store).await.context(said("tính lại sổ thao tác", "folding the log"))
}

/// Whether there is an office, with its key and its database.
///
/// # Errors
/// When one of the two exists without the other, or a database server does not answer.
pub async fn holds_data(dir: &DataDirectory) -> anyhow::Result<bool> {
    let (database, place) = match dir.server() {
        Some(server) => (is_office(server).await?, server.to_string()),
        None => (dir.database().exists(), dir.database().display().to_string()),
    };
    match (database, dir.key().exists()) {
        (true, false) => {
            let key = dir.key();
            let key = key.display();
            bail!(said(
                format!(
                    "khóa của máy chủ {key}: không có, bên cạnh cơ sở dữ liệu của một cơ quan; hãy đặt lại khóa của nó từ bản sao lưu"
                ),
                format!(
                    "server key {key}: found none, beside the database of an office; put back its own key, as a backup has it"
                ),
            ))
        }
        (false, true) => {
            let key = dir.key();
            let key = key.display();
            bail!(said(
                format!(
                    "cơ sở dữ liệu {place}: không có, bên cạnh khóa của một cơ quan; hãy đặt lại từ bản sao lưu, hoặc xóa {key} nếu chưa cơ quan nào dùng"
                ),
                format!(
                    "database {place}: found none, beside the key of an office; put it back as a backup has it, or remove {key} if no office ever used it"
                ),
            ))
        }
        (both, _) => Ok(both),
    }
}

/// Whether an office ever kept its log on a database server.
async fn is_office(server: &DatabaseUrl) -> anyhow::Result<bool> {
    let store = match Postgres::open_to_read(&server.options()?).await {
        Ok(store) => store,
        Err(StoreError::OtherSchema { found, .. }) => return Ok(found > 0),
        Err(error) => return Err(error).with_context(|| format!("{} {server}", database())),
    };
    let there = store.meta(OFFICE_DEVICE).await?.is_some() || !store.entries_after(0, 1).await?.is_empty();
    store.close().await;
    Ok(there)
}

/// The error for an office that exists where a new one was to be made, or is missing where one was to be opened.
pub(crate) fn other_than_asked(dir: &DataDirectory, found: bool) -> String {
    let at = dir.server().map(|server| format!(" {} {server}", said("và", "and"))).unwrap_or_default();
    let place = format!("{}{at}", dir.path().display());
    if found {
        return said(
            format!("data: đã có cơ quan trong {place}; với --init chỉ cho phép thư mục chưa có cơ quan"),
            format!("data: found an office in {place}, allowed with --init only a folder without one"),
        );
    }
    said(
        format!(
            "data: không có cơ quan trong {place}; cho phép: thư mục của một cơ quan; `congtam serve --init` lập cơ quan mới ở đó"
        ),
        format!(
            "data: found no office in {place}, allowed the folder of one; `congtam serve --init` makes a new office there"
        ),
    )
}

fn database() -> &'static str {
    said("cơ sở dữ liệu", "database")
}

/// The error for a folder without the database of an office.
pub(crate) fn no_database(dir: &DataDirectory) -> String {
    let path = dir.path().display();
    said(
        format!("data: không có cơ sở dữ liệu trong {path}; cho phép: thư mục của một cơ quan"),
        format!("data: found no database in {path}, allowed the folder of an office"),
    )
}

/// Makes the database of a new office.
async fn make_database(dir: &DataDirectory) -> anyhow::Result<()> {
    if dir.server().is_none() {
        let file = dir.database();
        make_private(&file).with_context(|| format!("{} {}", database(), file.display()))?;
    }
    open_store(dir).await?.close().await;
    Ok(())
}

/// Opens the database of a data directory.
///
/// # Errors
/// When it cannot be opened.
pub async fn open_store(dir: &DataDirectory) -> anyhow::Result<Arc<dyn Store>> {
    if let Some(server) = dir.server() {
        let store = Postgres::open(&server.options()?).await.with_context(|| format!("{} {server}", database()))?;
        return Ok(Arc::new(store));
    }
    let file = dir.database();
    let store = Sqlite::open(&file).await.with_context(|| format!("{} {}", database(), file.display()))?;
    Ok(Arc::new(store))
}

/// Opens the database of a data directory to write to it from the command line, even while a server runs on it.
///
/// # Errors
/// When there is none, it is of another version than the server that runs on it, or cannot be written.
pub async fn open_to_administer(dir: &DataDirectory) -> anyhow::Result<Arc<dyn Store>> {
    if let Some(server) = dir.server() {
        // From here it is unknown whether servers of another version run on it.
        let store =
            Postgres::open_beside(&server.options()?).await.with_context(|| format!("{} {server}", database()))?;
        return Ok(Arc::new(store));
    }
    let file = dir.database();
    ensure!(file.exists(), no_database(dir));
    // Held only while the schema may be updated.
    if let Some(_lock) = dir.try_lock()? {
        return open_store(dir).await;
    }
    let store = Sqlite::open_beside(&file).await.with_context(|| format!("{} {}", database(), file.display()))?;
    Ok(Arc::new(store))
}

/// Opens the database of a data directory to read it, even while a server runs on it.
///
/// # Errors
/// When there is none or it cannot be read.
pub async fn open_to_read(dir: &DataDirectory) -> anyhow::Result<Arc<dyn Store>> {
    if let Some(server) = dir.server() {
        let store =
            Postgres::open_to_read(&server.options()?).await.with_context(|| format!("{} {server}", database()))?;
        return Ok(Arc::new(store));
    }
    let file = dir.database();
    anyhow::ensure!(file.exists(), no_database(dir));
    let store = Sqlite::open_to_read(&file).await.with_context(|| format!("{} {}", database(), file.display()))?;
    Ok(Arc::new(store))
}
