//! The database: a store on IndexedDB that writes whole batches, each in one strict transaction.

use std::cell::RefCell;

use indexed_db_futures::database::Database;
use indexed_db_futures::error::{DomException, Error, OpenDbError};
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use js_sys::{JsString, Uint8Array};
use shared::ids::OpId;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::platform;
use shared::device_store::{ChainPlace, Record, Records};

const OWN: &str = "own";
const LOG: &str = "log";
const RECEIPTS: &str = "receipts";
const FACTS: &str = "facts";
const BLOBS: &str = "blobs";
/// The store for the usable signing keys. They exist only while somebody is signed in. The private half cannot leave
/// the browser, so the journal has no copy.
const KEYS: &str = "keys";
/// The key under which the store notes that somebody is signed in. No epoch has this number.
const SIGNED_IN: u32 = 0;
const STORES: [&str; 6] = [OWN, LOG, RECEIPTS, FACTS, BLOBS, KEYS];

/// Why the database failed.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreError {
    /// The device is full; nothing of the batch was written.
    Full,
    /// The browser offers no database here: private mode of an old browser.
    Unsupported,
    /// The browser refused; the text is what it said. Nothing of the batch was written.
    Device(String),
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match error {
            Error::DomException(DomException::Other(exception)) if exception.name() == "QuotaExceededError" => {
                Self::Full
            }
            // The library loses the reason of an abort. The only abort without a programming error is a full device.
            Error::DomException(DomException::AbortError(_)) | Error::MissingData(_) => Self::Full,
            Error::DomException(error) => Self::Device(error.to_string()),
            Error::Unknown(error) => Self::Device(error.to_string()),
            // The library's own message would link the formatting of binary fractions, and would say no more.
            Error::Serialisation(_) => Self::Device("IndexedDB: unexpected value".to_owned()),
        }
    }
}

impl From<OpenDbError> for StoreError {
    fn from(error: OpenDbError) -> Self {
        match error {
            OpenDbError::UnsupportedEnvironment | OpenDbError::NullFactory => Self::Unsupported,
            OpenDbError::Base(error) => error.into(),
            OpenDbError::VersionZero => Self::Device("IndexedDB: version 0".to_owned()),
        }
    }
}

/// One person's database.
pub struct Store {
    name: String,
    database: RefCell<Database>,
}

impl Store {
    /// Opens the database `name`. The name carries the version of the layout: another layout has another name, so no
    /// tab can block an upgrade.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open(name: &str) -> Result<Self, StoreError> {
        Ok(Self { name: name.to_owned(), database: RefCell::new(connect(name).await?) })
    }

    /// Everything in the database, read in one transaction.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn load(&self) -> Result<Records, StoreError> {
        let database = self.connection();
        let transaction = database.transaction(STORES).build()?;
        let mut records = Records::default();
        for (key, bytes) in pairs(&transaction.object_store(OWN)?).await? {
            if let Some(place) = key.as_string().and_then(|key| read_place(&key)) {
                records.take(Record::Own { place, bytes });
            }
        }
        for (key, bytes) in pairs(&transaction.object_store(LOG)?).await? {
            if let Some(seq) = key.as_f64() {
                records.take(Record::Log { server_seq: seq as u64, bytes });
            }
        }
        for (key, bytes) in pairs(&transaction.object_store(RECEIPTS)?).await? {
            if let Some(op) = key.as_string().and_then(|key| key.parse::<OpId>().ok()) {
                records.take(Record::Receipt { op, bytes });
            }
        }
        for (key, bytes) in pairs(&transaction.object_store(FACTS)?).await? {
            if let Some(name) = key.as_string() {
                records.take(Record::Metadata { name, bytes });
            }
        }
        for (key, bytes) in pairs(&transaction.object_store(BLOBS)?).await? {
            // A spoiled one counts as missing.
            if let Some(Ok(blob)) = key.as_string().and_then(|key| Some(Record::blob(key.parse().ok()?, bytes))) {
                records.take(blob);
            }
        }
        Ok(records)
    }

    /// Writes a batch. When this returns, either all of it is on the device or none of it.
    ///
    /// # Errors
    /// See [`StoreError`]. A connection that the browser dropped is opened again once.
    pub async fn write(&self, batch: &[Record]) -> Result<(), StoreError> {
        match self.write_once(batch).await {
            Err(StoreError::Device(_)) => {
                let fresh = connect(&self.name).await?;
                self.database.replace(fresh);
                self.write_once(batch).await
            }
            result => result,
        }
    }

    async fn write_once(&self, batch: &[Record]) -> Result<(), StoreError> {
        let database = self.connection();
        let transaction = strict(&database, [OWN, LOG, RECEIPTS, FACTS, BLOBS])?;
        for record in batch {
            match record {
                Record::Own { place, bytes } => put(&transaction.object_store(OWN)?, write_place(*place), bytes)?,
                Record::Log { server_seq, bytes } => {
                    // Exact below 2^53, which a log will not reach.
                    put(&transaction.object_store(LOG)?, JsValue::from_f64(*server_seq as f64), bytes)?;
                }
                Record::Receipt { op, bytes } => {
                    put(&transaction.object_store(RECEIPTS)?, JsValue::from_str(&op.to_string()), bytes)?;
                }
                Record::Metadata { name, bytes } => {
                    put(&transaction.object_store(FACTS)?, JsValue::from_str(name), bytes)?
                }
                Record::Blob { hash, bytes } => {
                    put(&transaction.object_store(BLOBS)?, JsValue::from_str(&hash.to_string()), bytes)?
                }
                Record::ForgetLog => drop(transaction.object_store(LOG)?.clear()?),
            }
        }
        Ok(transaction.commit().await?)
    }

    /// The signing key of an epoch, as it was given to [`Self::put_key`].
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn key(&self, epoch: u32) -> Result<Option<JsValue>, StoreError> {
        let database = self.connection();
        let transaction = database.transaction(KEYS).build()?;
        let store = transaction.object_store(KEYS)?;
        Ok(store.get::<JsValue, _, _>(epoch).primitive()?.await?)
    }

    /// Keeps the signing key of an epoch.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn put_key(&self, epoch: u32, key: &JsValue) -> Result<(), StoreError> {
        let database = self.connection();
        let transaction = strict(&database, [KEYS])?;
        transaction.object_store(KEYS)?.put(key.clone()).with_key(epoch).primitive()?;
        Ok(transaction.commit().await?)
    }

    /// Whether the person of this database is signed in on this device.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn is_signed_in(&self) -> Result<bool, StoreError> {
        Ok(self.key(SIGNED_IN).await?.is_some_and(|mark| !mark.is_undefined()))
    }

    /// Records that the person of this database is signed in.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn note_signed_in(&self) -> Result<(), StoreError> {
        self.put_key(SIGNED_IN, &JsValue::TRUE).await
    }

    /// Deletes every usable key. When this returns, the deletion is on the device. A connection that the browser
    /// dropped is opened again once.
    ///
    /// # Errors
    /// See [`StoreError`]; then nothing was deleted.
    pub async fn sign_out(&self) -> Result<(), StoreError> {
        match self.forget_keys().await {
            Err(StoreError::Device(_)) => {
                let fresh = connect(&self.name).await?;
                self.database.replace(fresh);
                self.forget_keys().await
            }
            result => result,
        }
    }

    async fn forget_keys(&self) -> Result<(), StoreError> {
        let database = self.connection();
        let transaction = strict(&database, [KEYS])?;
        drop(transaction.object_store(KEYS)?.clear()?);
        Ok(transaction.commit().await?)
    }

    /// Closes the connection.
    pub fn close(&self) {
        self.connection().close();
    }

    fn connection(&self) -> Database {
        self.database.borrow().clone()
    }
}

async fn connect(name: &str) -> Result<Database, StoreError> {
    platform::lay_out_database(name, &STORES).await.map_err(|thrown| refused(&thrown))?;
    Ok(Database::open(name).with_version(1_u8).await?)
}

fn refused(thrown: &JsValue) -> StoreError {
    match platform::words(thrown, "name").as_deref() {
        // As for a batch: the only abort without a programming error is a full device.
        Some("QuotaExceededError" | "AbortError") => StoreError::Full,
        _ => StoreError::Device(platform::describe(thrown)),
    }
}

fn strict<'a, const N: usize>(
    database: &'a Database,
    stores: [&'static str; N],
) -> Result<indexed_db_futures::transaction::Transaction<'a>, Error> {
    let mut options = TransactionOptions::new();
    // Chromium's default reports a commit before it is on the device.
    options.set_durability(TransactionDurability::Strict);
    database.transaction(stores).with_mode(TransactionMode::Readwrite).with_options(options).build()
}

fn put(store: &ObjectStore<'_>, key: JsValue, bytes: &[u8]) -> Result<(), Error> {
    let value: JsValue = Uint8Array::from(bytes).into();
    // The commit waits for the request and reports its failure.
    store.put(value).with_key(key).primitive().map(drop)
}

/// Keys and values of a whole store, in the order of the keys.
async fn pairs(store: &ObjectStore<'_>) -> Result<Vec<(JsValue, Vec<u8>)>, Error> {
    // Send both requests before awaiting either: a transaction without open requests closes itself.
    let keys = store.get_all_keys::<JsValue>().primitive()?;
    let values = store.get_all::<JsValue>().primitive()?;
    let keys: Vec<JsValue> = keys.await?.collect::<Result<_, _>>()?;
    let values: Vec<JsValue> = values.await?.collect::<Result<_, _>>()?;
    let bytes = |value: JsValue| value.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
    Ok(keys.into_iter().zip(values.into_iter().map(bytes)).collect())
}

/// Writes a chain place as a text key. The keys sort as the places do.
fn write_place((epoch, seq): ChainPlace) -> JsValue {
    JsString::from(format!("{epoch:08x}-{seq:016x}")).into()
}

fn read_place(key: &str) -> Option<ChainPlace> {
    let (epoch, seq) = key.split_once('-')?;
    Some((u32::from_str_radix(epoch, 16).ok()?, u64::from_str_radix(seq, 16).ok()?))
}
