//! Opens the stores of a person: only one tab may write, and the stores are compared and mended.

use shared::ids::{DeviceId, PersonId};

use super::{ActError, DualStore, ReadOnly, StorageHealth};
use crate::db::Store;
use crate::journal::{Contents, Journal, JournalError};
use crate::platform::{Hold, try_hold};
use crate::session::{KnownPerson, Secret, SigningPair, Verifier, fresh_device_id, known_people, tablet_id};
use shared::device_store::{Mended, Record, Records, mend, metadata};

/// The name of a person's stores. It contains the version of the layout, so that a new layout gets new stores beside
/// the old ones.
pub fn store_name(person: PersonId) -> String {
    format!("congtam-2-{person}")
}

/// The owner of a journal file.
pub fn owner_of_file(file: &str) -> Option<PersonId> {
    file.strip_prefix("congtam-2-")?.split('.').next()?.parse().ok()
}

/// Opened stores.
pub struct Opened {
    /// The stores, held open.
    pub stores: DualStore,
    /// The records in them.
    pub records: Records,
    /// What was mended, and whether this tab may write.
    pub health: StorageHealth,
    /// The lock that keeps other tabs from writing.
    pub hold: Option<Hold>,
}

impl Opened {
    /// Stops recognising the person without a network.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn forget_password(&self) -> Result<(), ActError> {
        self.stores.write(vec![Record::metadata(metadata::VERIFIER, Vec::new())]).await
    }

    /// Closes the stores.
    pub async fn close(self) {
        self.stores.close().await;
    }
}

/// Opens both stores of `person` and makes them equal. `held` is the lock when the caller waited for it.
///
/// # Errors
/// When the database cannot be opened. Without a journal the stores open read-only.
pub async fn open_stores(person: PersonId, held: Option<Hold>) -> Result<Opened, ActError> {
    let name = store_name(person);
    let hold = match held {
        Some(hold) => Some(hold),
        None => try_hold(&name).await,
    };
    let store = Store::open(&name).await?;
    let database = store.load().await?;
    if hold.is_none() {
        return Ok(look_only(store, database, ReadOnly::OtherTab));
    }
    match Journal::open(&name).await {
        Ok((journal, contents)) => mend_stores(person, store, database, journal, contents, hold).await,
        Err(JournalError::Busy) => Ok(look_only(store, database, ReadOnly::OtherTab)),
        Err(_) => Ok(Opened { hold, ..look_only(store, database, ReadOnly::NoJournal) }),
    }
}

fn look_only(store: Store, records: Records, why: ReadOnly) -> Opened {
    let health = StorageHealth { read_only: Some(why), ..StorageHealth::default() };
    Opened { stores: DualStore::new(store, None), records, health, hold: None }
}

/// A journal above the least size that is this many times as large as its content is rewritten.
const SLACK_FACTOR: u64 = 3;
const SLACK_BYTES_MIN: u64 = 4 * 1024 * 1024;

async fn mend_stores(
    person: PersonId,
    store: Store,
    database: Records,
    journal: Journal,
    contents: Contents,
    hold: Option<Hold>,
) -> Result<Opened, ActError> {
    let fresh = contents.records.is_empty() && database.is_empty();
    let Mended { records, to_journal, to_database, rewrite_journal } =
        mend(contents.records, contents.condition, database);
    let wasteful = journal.size_bytes() > SLACK_BYTES_MIN && journal.size_bytes() / SLACK_FACTOR > records.size_bytes();
    let better_anew = contents.condition.is_to_be_shredded() || wasteful && contents.condition.unreadable == 0;
    if rewrite_journal {
        journal.rewrite(&records.all()).await?;
    } else if better_anew && journal.rewrite(&records.all()).await.is_ok() {
        // The rewritten journal has everything.
    } else if !to_journal.is_empty() {
        // This also runs when the device has no room for a second file; the next start tries the rewrite again.
        journal.append(&to_journal).await?;
    }
    // A database that refuses now is only behind: the journal has everything.
    let database_behind = !to_database.is_empty() && store.write(&to_database).await.is_err();
    let health = StorageHealth {
        database_mended: if fresh || database_behind { 0 } else { count(&to_database) },
        journal_mended: if fresh { 0 } else { count(&to_journal) },
        stores_lost: fresh && is_known(person),
        torn_bytes: contents.condition.torn_bytes,
        database_behind,
        ..StorageHealth::default()
    };
    Ok(Opened { stores: DualStore::new(store, Some(journal)), records, health, hold })
}

fn count(records: &[Record]) -> u32 {
    u32::try_from(records.len()).unwrap_or(u32::MAX)
}

/// Whether the person is known here. A known person with empty stores has lost both.
fn is_known(person: PersonId) -> bool {
    known_people().iter().any(|known| known.person == person)
}

/// The device id of this person's chains on this device.
///
/// # Errors
/// When the browser has no random numbers.
pub fn device_of(records: &Records, person: PersonId) -> Result<DeviceId, ActError> {
    let kept = records.metadata.get(metadata::DEVICE).and_then(|bytes| bytes.as_slice().try_into().ok());
    if let Some(bytes) = kept {
        return Ok(DeviceId::from_bytes(bytes));
    }
    // The end of the old chain is unknown, so its device id must not be used again.
    if is_known(person) { fresh_device_id() } else { tablet_id() }.map_err(ActError::Device)
}

/// How a session is opened.
pub enum Entry<'a> {
    /// The person signed in before and has not signed out since.
    Resume,
    /// With a correct password. The secret is absent where the browser could not make it.
    SignIn(Option<&'a Secret>),
}

impl Entry<'_> {
    fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Resume => None,
            Self::SignIn(secret) => *secret,
        }
    }
}

/// The signing pair of this device, and its epoch: the usable pair, or the one that the password decrypts, or a new one
/// in a new epoch when the key is lost. Also returns the records of it for both stores.
///
/// # Errors
/// When the browser cannot make keys or keep them.
pub async fn signing_pair(
    store: &Store,
    records: &Records,
    entry: &Entry<'_>,
) -> Result<(SigningPair, u32, Vec<Record>), ActError> {
    if let Some(epoch) = records.number(metadata::EPOCH) {
        if let Some(pair) = store.key(epoch).await?.and_then(|stored| SigningPair::from_stored(&stored)) {
            let facts = identity(epoch, &pair);
            return Ok((pair, epoch, facts));
        }
        if let Some(pair) = unlocked(records, epoch, entry.secret()).await {
            store.put_key(epoch, &pair.to_stored()).await?;
            let facts = identity(epoch, &pair);
            return Ok((pair, epoch, facts));
        }
    }
    let epoch = records.next_epoch();
    let (pair, new) = new_pair(store, epoch, entry.secret()).await?;
    Ok((pair, epoch, new))
}

async fn unlocked(records: &Records, epoch: u32, secret: Option<&Secret>) -> Option<SigningPair> {
    let bytes = secret?.unseal(records.metadata.get(&metadata::locked_key(epoch))?).await?;
    SigningPair::from_secret(&bytes).await
}

/// The records of an epoch and its public key, which identifies the signer even when the secret half is lost.
fn identity(epoch: u32, pair: &SigningPair) -> Vec<Record> {
    let public = Record::metadata(&metadata::public_key(epoch), pair.public());
    vec![Record::metadata(metadata::EPOCH, epoch.to_le_bytes()), public]
}

/// Makes the pair of a new epoch and stores it for use. Also returns the records for both stores. Without a secret the
/// pair is lost at the sign-out, and the next sign-in begins another epoch.
///
/// # Errors
/// As [`signing_pair`].
pub async fn new_pair(
    store: &Store,
    epoch: u32,
    secret: Option<&Secret>,
) -> Result<(SigningPair, Vec<Record>), ActError> {
    let (pair, bytes) = SigningPair::generate().await.map_err(ActError::Device)?;
    let mut new = identity(epoch, &pair);
    if let Some(secret) = secret {
        new.push(Record::metadata(&metadata::locked_key(epoch), secret.seal(&bytes).await.map_err(ActError::Device)?));
    }
    store.put_key(epoch, &pair.to_stored()).await?;
    Ok((pair, new))
}

/// What recognises the person without a network.
pub fn verifier_of(records: &Records) -> Option<Verifier> {
    records.metadata.get(metadata::VERIFIER).and_then(|bytes| Verifier::from_bytes(bytes))
}

/// The owner of the stores, as of the last sign-in.
pub fn identity_of(records: &Records) -> Option<KnownPerson> {
    records.metadata.get(metadata::IDENTITY).and_then(|bytes| KnownPerson::from_json(str::from_utf8(bytes).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_names_its_owner() {
        let person = PersonId::from_bytes([3; 16]);
        assert_eq!(owner_of_file(&format!("{}.1.journal", store_name(person))), Some(person));
        assert_eq!(owner_of_file("congtam-2-nobody.0.journal"), None);
        assert_eq!(owner_of_file("notes.txt"), None);
    }
}
