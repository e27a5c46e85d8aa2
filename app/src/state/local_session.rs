//! The open work of one person on this device.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use shared::ids::{BlobHash, DeviceId, Nonce, OpId, PersonId};
use shared::op::{Body, Payload, Refusal, RefusalCode, SignedOperation, Target};
use shared::state::{Judge, State};
use shared::sync::{Absorbed, Replica, SyncRequest, SyncResponse};
use tokio_sync::sync::{Mutex, MutexGuard};

use super::kept_blobs::KeptBlobs;
use super::open::{Entry, Opened, device_of, new_pair, open_stores, signing_pair, store_name, verifier_of};
use super::{ActError, DualStore, ReadOnly, StorageHealth};
use crate::db::Store;
use crate::platform::{Channel, Hold, now, random};
use crate::session::{KnownPerson, PublicKey, Registration, Secret, ServerKey, SigningPair, Verifier};
use shared::device_store::{Record, Records, fold, metadata};

/// The word that is sent to other tabs after something was saved.
const CHANGED: &str = "changed";

/// What signing needs. Absent in a tab that only looks.
struct Signing {
    pair: Rc<SigningPair>,
    epoch: u32,
}

/// Everything of one person: the stores, the folded copy, the keys.
pub struct LocalSession {
    person: PersonId,
    device: DeviceId,
    replica: RefCell<Replica>,
    blobs: RefCell<KeptBlobs>,
    stores: DualStore,
    signing: RefCell<Option<Signing>>,
    server_key: RefCell<Option<Rc<ServerKey>>>,
    registered: Cell<Option<u32>>,
    /// The keys of earlier epochs. Only their public halves are certain to be here.
    former: Vec<Registration>,
    /// How many of them the server was told in this contact.
    former_told: Cell<usize>,
    /// Whether the server holds operations signed by one of them and lacks its key.
    misses_former: Cell<bool>,
    verifier: RefCell<Option<Verifier>>,
    /// The signing key of this epoch, encrypted with the password. Absent when it was made without one.
    locked: RefCell<Option<Vec<u8>>>,
    health: Cell<StorageHealth>,
    /// The turn at the stores: acts and answers are saved one after the other, in the order of the calls.
    turn: Mutex<()>,
    channel: Channel,
    hold: RefCell<Option<Hold>>,
    closed: Cell<bool>,
}

impl LocalSession {
    /// Opens the stores of a person who is already signed in, mends them, and folds their records. `held` is the lock
    /// when the caller waited for it.
    ///
    /// # Errors
    /// When the person is not signed in, the database cannot be opened or the browser cannot make keys.
    pub async fn resume(person: PersonId, held: Option<Hold>) -> Result<Self, ActError> {
        // This is checked before anything is mended, because only somebody who signs in is told what was mended.
        let store = Store::open(&store_name(person)).await?;
        let signed_in = store.is_signed_in().await;
        store.close();
        if !signed_in? {
            return Err(ActError::SignedOut);
        }
        Self::of(person, open_stores(person, held).await?, Entry::Resume).await
    }

    /// Opens a session on opened stores.
    ///
    /// # Errors
    /// When the browser cannot make keys or keep them.
    pub async fn of(person: PersonId, opened: Opened, entry: Entry<'_>) -> Result<Self, ActError> {
        let Opened { stores, records, health, hold } = opened;
        let device = device_of(&records, person)?;
        if !matches!(entry, Entry::Resume) {
            stores.store().note_signed_in().await?;
        }
        let (signing, epoch, locked) = if health.read_only.is_some() {
            (None, records.number(metadata::EPOCH).unwrap_or(1), None)
        } else {
            let (pair, epoch, new) = signing_pair(stores.store(), &records, &entry).await?;
            let locked = locked_key(&records, &new, epoch);
            note_identity(&stores, &records, device, new).await?;
            (Some(Signing { pair: Rc::new(pair), epoch }), epoch, locked)
        };
        let server_key =
            match records.metadata.get(metadata::SERVER_KEY).and_then(|bytes| bytes.as_slice().try_into().ok()) {
                Some(public) => Some(Rc::new(ServerKey::new(public).await)),
                None => None,
            };
        Ok(Self {
            person,
            device,
            replica: RefCell::new(fold(&records, person, device, epoch)),
            blobs: RefCell::new(KeptBlobs::open(&records)),
            stores,
            signing: RefCell::new(signing),
            server_key: RefCell::new(server_key),
            registered: Cell::new(records.number(metadata::REGISTERED)),
            former: former_keys(&records, device, epoch),
            former_told: Cell::new(0),
            misses_former: Cell::new(false),
            verifier: RefCell::new(verifier_of(&records)),
            locked: RefCell::new(locked),
            health: Cell::new(health),
            turn: Mutex::new(()),
            channel: Channel::join(&store_name(person)),
            hold: RefCell::new(hold),
            closed: Cell::new(false),
        })
    }

    /// The person.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The device id of this person's chains on this device.
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// Reads the folded copy.
    pub fn with_replica<R>(&self, read: impl FnOnce(&Replica) -> R) -> R {
        read(&self.replica.borrow())
    }

    /// Reads the state that the person sees.
    pub fn with_view<R>(&self, read: impl FnOnce(&State) -> R) -> R {
        read(self.replica.borrow().view())
    }

    /// The state of the stores.
    pub fn health(&self) -> StorageHealth {
        let health = self.health.get();
        StorageHealth { database_behind: health.database_behind || self.stores.database_behind(), ..health }
    }

    /// Why this tab may not write.
    pub fn read_only(&self) -> Option<ReadOnly> {
        self.health.get().read_only
    }

    /// Carries out an act: it is judged, signed, saved and folded, in this order.
    ///
    /// # Errors
    /// See [`ActError`]; nothing was saved.
    pub async fn act(&self, judge: Judge, target: Target, payload: &Payload) -> Result<OpId, ActError> {
        let (_turn, pair, nonce) = self.may_sign().await?;
        let prepared = self.replica.borrow().prepare_judged_by(judge, target.clone(), payload, Some(nonce), now());
        self.want_whole(&prepared, &target);
        self.sign(&pair, &prepared?).await
    }

    /// A card of an earlier year is here only for reading. The next contact fetches all its operations.
    fn want_whole(&self, prepared: &Result<Body, Refusal>, target: &Target) {
        if let (Err(Refusal { code: RefusalCode::Gap, .. }), Target::Card(key)) = (prepared, target) {
            self.replica.borrow_mut().want(key);
        }
    }

    /// Signs, saves and folds an act.
    async fn sign(&self, pair: &SigningPair, body: &Body) -> Result<OpId, ActError> {
        let body = body.to_bytes();
        let signature = pair.sign(&body).await.map_err(ActError::Device)?;
        let signed = SignedOperation { body, signature };
        let record = Record::own(&signed).map_err(|error| ActError::Device(error.to_string()))?;
        self.stores.write(vec![record]).await?;
        let id = self.replica.borrow_mut().append(signed).map_err(|error| ActError::Device(error.to_string()))?;
        self.channel.say(CHANGED);
        Ok(id)
    }

    /// Repeats in the chain of this epoch what the server holds because the old chain forked. Here it was judged once, and
    /// the server judges it again: what the rules no longer allow comes to the list of matters for the person.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn repeat_forked(&self) -> Result<(), ActError> {
        let forked = self.with_replica(Replica::forked);
        for forked in forked {
            let (_turn, pair, nonce) = self.may_sign().await?;
            let again = self.replica.borrow().prepare_again(&forked, Some(nonce), now());
            self.want_whole(&again, &forked.target);
            if let Ok(body) = again {
                self.sign(&pair, &body).await?;
            }
        }
        Ok(())
    }

    /// The next request to the server, of at most `bytes_max`.
    pub fn request(&self, bytes_max: usize) -> SyncRequest {
        self.replica.borrow().request(bytes_max)
    }

    /// Takes an answer with verified receipts, and saves it.
    ///
    /// # Errors
    /// When the answer cannot be taken or saved; it is then requested again.
    pub async fn absorb(&self, response: &SyncResponse) -> Result<Absorbed, AbsorbError> {
        let _turn = self.turn().await.map_err(AbsorbError::Store)?;
        let before = self.replica.borrow().clone();
        let absorbed = self.replica.borrow_mut().absorb(response, now()).map_err(|_| AbsorbError::Answer)?;
        if let Err(error) = self.stores.write(Vec::from(&absorbed)).await {
            // What the stores lack must not count as known: the next answer would begin after it, and from the next
            // start on it would be missing for ever.
            self.replica.replace(before);
            return Err(AbsorbError::Store(error));
        }
        self.channel.say(CHANGED);
        Ok(absorbed)
    }

    /// A blob that this device has, whole.
    pub fn blob(&self, hash: BlobHash) -> Option<Vec<u8>> {
        self.blobs.borrow().whole.get(&hash).cloned()
    }

    /// The part of a blob that has come so far.
    pub fn blob_part(&self, hash: BlobHash) -> Vec<u8> {
        self.blobs.borrow().parts.get(&metadata::blob_part(hash)).cloned().unwrap_or_default()
    }

    /// Saves the part of a blob that has come so far.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn keep_blob_part(&self, hash: BlobHash, bytes: &[u8]) -> Result<(), ActError> {
        let name = metadata::blob_part(hash);
        self.keep_metadata(&name, bytes).await?;
        self.blobs.borrow_mut().parts.insert(name, bytes.to_vec());
        Ok(())
    }

    /// Saves a whole blob, and erases the part of it. The caller has compared the hash.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn keep_blob(&self, hash: BlobHash, bytes: &[u8]) -> Result<(), ActError> {
        let _turn = self.turn().await?;
        let mut batch = vec![Record::Blob { hash, bytes: bytes.to_vec() }];
        let part = metadata::blob_part(hash);
        if self.blobs.borrow().parts.contains_key(&part) {
            batch.push(Record::metadata(&part, []));
        }
        self.stores.write(batch).await?;
        let mut blobs = self.blobs.borrow_mut();
        blobs.parts.remove(&part);
        blobs.whole.insert(hash, bytes.to_vec());
        Ok(())
    }

    /// The key that checks the server's receipts. Absent until the first sign-in at the server.
    pub fn server_key(&self) -> Option<Rc<ServerKey>> {
        self.server_key.borrow().clone()
    }

    /// The epoch in which this device signs.
    pub fn epoch(&self) -> u32 {
        self.with_replica(Replica::epoch)
    }

    /// The signing key, if the server does not know it yet.
    pub fn registration_due(&self) -> Option<Registration> {
        let signing = self.signing.borrow();
        let Signing { pair, epoch } = signing.as_ref()?;
        (self.registered.get() != Some(*epoch)).then(|| Registration {
            device: self.device,
            epoch: *epoch,
            public: pair.public(),
        })
    }

    /// Whether the server lacks a key. It holds what that key signed until the key is registered.
    pub fn has_key_to_register(&self) -> bool {
        self.former_registration_due().is_some() || self.registration_due().is_some()
    }

    /// A lost key to register, if the server lacks one.
    pub fn former_registration_due(&self) -> Option<Registration> {
        self.former.get(self.former_told.get()).copied().filter(|_| self.misses_former.get())
    }

    /// Begins a contact. The server may have been restored from an older copy since the last one, so all keys are
    /// checked again.
    pub fn begin_contact(&self) {
        self.former_told.set(0);
    }

    /// Notes that the server has answered for the lost key that was due. Once in a contact is enough.
    pub fn note_former(&self) {
        self.former_told.set(self.former_told.get().saturating_add(1));
    }

    /// Notes whether the server holds operations of a lost key and does not know that key.
    pub fn note_misses_former(&self, misses: bool) {
        self.misses_former.set(misses);
    }

    /// Notes that the server knows the key of `epoch`; `None`: that it does not know the current key.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn note_registered(&self, epoch: Option<u32>) -> Result<(), ActError> {
        self.keep_metadata(metadata::REGISTERED, &epoch.unwrap_or_default().to_le_bytes()).await?;
        self.registered.set(epoch);
        Ok(())
    }

    /// Continues in a new epoch above `epoch_max`, for which the server has another key.
    ///
    /// # Errors
    /// When the key cannot be made or kept.
    pub async fn start_epoch_above(&self, epoch_max: u32) -> Result<(), ActError> {
        let _turn = self.turn().await?;
        let epoch = self.with_replica(|replica| replica.epoch_above(epoch_max));
        // No password is at hand, so this key is lost at the sign-out, and the next sign-in begins another epoch.
        let (pair, new) = new_pair(self.stores.store(), epoch, None).await?;
        self.stores.write(new).await?;
        self.locked.replace(None);
        self.replica.borrow_mut().begin_epoch(epoch);
        self.signing.replace(Some(Signing { pair: Rc::new(pair), epoch }));
        Ok(())
    }

    /// Saves what the server said at a sign-in, and what recognises the person without a network.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn note_sign_in(
        &self,
        known: &KnownPerson,
        public: PublicKey,
        verifier: Option<Verifier>,
    ) -> Result<(), ActError> {
        self.server_key.replace(Some(Rc::new(ServerKey::new(public).await)));
        if self.read_only() == Some(ReadOnly::OtherTab) {
            return Ok(());
        }
        self.keep_metadata(metadata::SERVER_KEY, &public).await?;
        self.keep_metadata(metadata::IDENTITY, known.to_json().as_bytes()).await?;
        if let Some(verifier) = verifier {
            self.keep_metadata(metadata::VERIFIER, &verifier.to_bytes()).await?;
            self.verifier.replace(Some(verifier));
        }
        Ok(())
    }

    /// The secret of the password, if it is the password of the last sign-in at the server.
    pub async fn recognise(&self, password: &str) -> Option<Secret> {
        let verifier = self.verifier.borrow().clone()?;
        verifier.recognise(password).await
    }

    /// Recognises the new password from now on, no longer the old one, and encrypts the signing key with the new one.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn renew_secret(&self, old: &str, new: &str) -> Result<(), ActError> {
        let before = self.recognise(old).await;
        let secret = Secret::of(new).await.map_err(ActError::Device)?;
        let locked = self.locked.borrow().clone();
        let mut facts = vec![Record::metadata(metadata::VERIFIER, secret.verifier().to_bytes())];
        if let (Some(before), Some(locked)) = (before, locked)
            && let Some(key) = before.unseal(&locked).await
        {
            let sealed = secret.seal(&key).await.map_err(ActError::Device)?;
            facts.push(Record::metadata(&metadata::locked_key(self.epoch()), sealed.clone()));
            self.locked.replace(Some(sealed));
        }
        let _turn = self.turn().await?;
        self.stores.write(facts).await?;
        self.verifier.replace(Some(secret.verifier()));
        Ok(())
    }

    /// Stops recognising the person without a network, because the server has closed the account.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn forget_password(&self) -> Result<(), ActError> {
        self.keep_metadata(metadata::VERIFIER, &[]).await?;
        self.verifier.replace(None);
        Ok(())
    }

    /// Waits for the turn at the stores. A closed session gets none.
    /// What an act begins with: its turn, the key that signs it, and a number that is newly drawn.
    async fn may_sign(&self) -> Result<(MutexGuard<'_, ()>, Rc<SigningPair>, Nonce), ActError> {
        if let Some(why) = self.read_only() {
            return Err(ActError::ReadOnly(why));
        }
        let turn = self.turn().await?;
        let pair = self.signing.borrow().as_ref().map(|signing| Rc::clone(&signing.pair)).ok_or(ActError::SignedOut)?;
        Ok((turn, pair, Nonce(random().map_err(ActError::Device)?)))
    }

    async fn turn(&self) -> Result<MutexGuard<'_, ()>, ActError> {
        let turn = self.turn.lock().await;
        if self.closed.get() { Err(ActError::SignedOut) } else { Ok(turn) }
    }

    async fn keep_metadata(&self, name: &str, bytes: &[u8]) -> Result<(), ActError> {
        let _turn = self.turn().await?;
        self.stores.write(vec![Record::metadata(name, bytes)]).await
    }

    /// Calls `act` when another tab saved something.
    pub fn hear_changes(&self, mut act: impl FnMut() + 'static) {
        self.channel.hear(move |word| {
            if word == CHANGED {
                act();
            }
        });
    }

    /// Reads the database again, for a tab that only looks.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn reload(&self) -> Result<(), ActError> {
        let records = self.stores.store().load().await?;
        let epoch = records.number(metadata::EPOCH).unwrap_or(1);
        self.replica.replace(fold(&records, self.person, self.device, epoch));
        self.blobs.replace(KeptBlobs::open(&records));
        Ok(())
    }

    /// Whether the person is signed in on this device, in whichever tab that was done.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_signed_in(&self) -> Result<bool, ActError> {
        Ok(self.stores.store().is_signed_in().await?)
    }

    /// Signs the person out of this device, after pending writes. When this returns, no usable key is left on the
    /// device, not even after a power cut.
    ///
    /// # Errors
    /// When the device refuses; then the person is still signed in.
    pub async fn sign_out(&self) -> Result<(), ActError> {
        let _turn = self.turn().await?;
        self.stores.store().sign_out().await?;
        self.signing.replace(None);
        Ok(())
    }

    /// Closes the stores, after pending writes.
    pub async fn close(&self) {
        let _turn = self.turn.lock().await;
        if !self.closed.replace(true) {
            self.channel.leave();
            self.stores.close().await;
            self.hold.take();
        }
    }
}

/// Why an answer was not taken.
pub enum AbsorbError {
    /// The answer is not valid.
    Answer,
    /// The answer could not be saved.
    Store(ActError),
}

fn former_keys(records: &Records, device: DeviceId, current: u32) -> Vec<Registration> {
    let keys = records.former_keys(current).into_iter();
    keys.filter_map(|(epoch, key)| Some(Registration { device, epoch, public: key.try_into().ok()? })).collect()
}

/// The encrypted signing key of an epoch, from the new records or the old ones.
fn locked_key(records: &Records, new: &[Record], epoch: u32) -> Option<Vec<u8>> {
    let wanted = metadata::locked_key(epoch);
    let just_now = new.iter().find_map(|record| match record {
        Record::Metadata { name, bytes } if *name == wanted => Some(bytes),
        _ => None,
    });
    just_now.or_else(|| records.metadata.get(&wanted)).cloned()
}

async fn note_identity(
    stores: &DualStore,
    records: &Records,
    device: DeviceId,
    mut new: Vec<Record>,
) -> Result<(), ActError> {
    new.push(Record::metadata(metadata::DEVICE, device.as_bytes().as_slice()));
    new.retain(|record| !records.holds(record));
    if new.is_empty() { Ok(()) } else { stores.write(new).await }
}
