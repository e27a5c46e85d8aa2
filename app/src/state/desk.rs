//! One person's open work on this tablet.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use shared::ids::{DeviceId, Nonce, OpId, PersonId};
use shared::op::{Payload, Refusal, RefusalCode, SignedOperation, Target};
use shared::state::State;
use shared::sync::{Absorbed, Replica, SyncRequest, SyncResponse};
use tokio_sync::sync::{Mutex, MutexGuard};

use super::open::{Entry, Opened, device_of, new_pair, open_stores, signing_pair, store_name, verifier_of};
use super::{ActError, ReadOnly, StorageHealth, Vault};
use crate::db::Store;
use crate::platform::{Channel, Hold, now, random};
use crate::session::{KnownPerson, OfficeKey, PublicKey, Registration, Secret, SigningPair, Verifier};
use shared::records::{Record, Records, fact, fold};

/// Said to other tabs after something was kept.
const CHANGED: &str = "changed";

/// What signing needs: absent in a tab that only looks.
struct Signing {
    pair: Rc<SigningPair>,
    epoch: u32,
}

/// The stores, the folded copy, the key: everything of one person.
pub struct Desk {
    person: PersonId,
    device: DeviceId,
    replica: RefCell<Replica>,
    vault: Vault,
    signing: RefCell<Option<Signing>>,
    office_key: RefCell<Option<Rc<OfficeKey>>>,
    registered: Cell<Option<u32>>,
    /// Keys of epochs before this one, which may be lost here but for these public halves.
    former: Vec<Registration>,
    /// So many of them the office was told in this contact.
    former_told: Cell<usize>,
    /// The office holds what one of them signed.
    misses_former: Cell<bool>,
    verifier: RefCell<Option<Verifier>>,
    /// The signing key of this epoch, locked away by the password; absent where it was made without one.
    locked: RefCell<Option<Vec<u8>>>,
    health: Cell<StorageHealth>,
    /// Acts and answers are kept one after the other, in the order they asked.
    turn: Mutex<()>,
    channel: Channel,
    hold: RefCell<Option<Hold>>,
    closed: Cell<bool>,
}

impl Desk {
    /// Opens a person's stores again, mends them, folds what they hold. `held` is the lock when it was waited for.
    ///
    /// # Errors
    /// When the person is not signed in, the database cannot be opened or the browser cannot make keys.
    pub async fn resume(person: PersonId, held: Option<Hold>) -> Result<Self, ActError> {
        // Asked before anything is mended: what was mended is told to whoever signs in.
        let store = Store::open(&store_name(person)).await?;
        let signed_in = store.is_signed_in().await;
        store.close();
        if !signed_in? {
            return Err(ActError::SignedOut);
        }
        Self::of(person, open_stores(person, held).await?, Entry::Resume).await
    }

    /// Takes a seat at opened stores.
    ///
    /// # Errors
    /// When the browser cannot make keys or keep them.
    pub async fn of(person: PersonId, opened: Opened, entry: Entry<'_>) -> Result<Self, ActError> {
        let Opened { vault, records, health, hold } = opened;
        let device = device_of(&records, person)?;
        if !matches!(entry, Entry::Resume) {
            vault.store().note_signed_in().await?;
        }
        let (signing, epoch, locked) = if health.read_only.is_some() {
            (None, records.number(fact::EPOCH).unwrap_or(1), None)
        } else {
            let (pair, epoch, new) = signing_pair(vault.store(), &records, &entry).await?;
            let locked = locked_key(&records, &new, epoch);
            note_identity(&vault, &records, device, new).await?;
            (Some(Signing { pair: Rc::new(pair), epoch }), epoch, locked)
        };
        let office_key = match records.facts.get(fact::SERVER_KEY).and_then(|bytes| bytes.as_slice().try_into().ok()) {
            Some(public) => Some(Rc::new(OfficeKey::new(public).await)),
            None => None,
        };
        Ok(Self {
            person,
            device,
            replica: RefCell::new(fold(&records, person, device, epoch)),
            vault,
            signing: RefCell::new(signing),
            office_key: RefCell::new(office_key),
            registered: Cell::new(records.number(fact::REGISTERED)),
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

    /// Whose.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The device whose chains this person's work on this tablet belongs to.
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// The folded copy.
    pub fn with_replica<R>(&self, read: impl FnOnce(&Replica) -> R) -> R {
        read(&self.replica.borrow())
    }

    /// What the person sees.
    pub fn with_view<R>(&self, read: impl FnOnce(&State) -> R) -> R {
        read(self.replica.borrow().view())
    }

    /// How the stores stand.
    pub fn health(&self) -> StorageHealth {
        let health = self.health.get();
        StorageHealth { database_behind: health.database_behind || self.vault.database_behind(), ..health }
    }

    /// Why this tab may not act.
    pub fn read_only(&self) -> Option<ReadOnly> {
        self.health.get().read_only
    }

    /// Does something: judged, signed, kept, folded, in this order.
    ///
    /// # Errors
    /// See [`ActError`]; nothing was kept.
    pub async fn act(&self, target: Target, payload: &Payload) -> Result<OpId, ActError> {
        if let Some(why) = self.read_only() {
            return Err(ActError::ReadOnly(why));
        }
        let _turn = self.turn().await?;
        let pair = self.signing.borrow().as_ref().map(|signing| Rc::clone(&signing.pair)).ok_or(ActError::SignedOut)?;
        let nonce = Some(Nonce(random().map_err(ActError::Device)?));
        let prepared = self.replica.borrow().prepare(target.clone(), payload, nonce, now());
        if let (Err(Refusal { code: RefusalCode::Gap, .. }), Target::Card(key)) = (&prepared, &target) {
            // A card of earlier years is here to be read; with the next contact it comes whole.
            self.replica.borrow_mut().want(key);
        }
        let body = prepared?.to_bytes();
        let signature = pair.sign(&body).await.map_err(ActError::Device)?;
        let signed = SignedOperation { body, signature };
        let record = Record::own(&signed).map_err(|error| ActError::Device(error.to_string()))?;
        self.vault.write(vec![record]).await?;
        let id = self.replica.borrow_mut().append(signed).map_err(|error| ActError::Device(error.to_string()))?;
        self.channel.say(CHANGED);
        Ok(id)
    }

    /// Does again, in the chain of this epoch, what the office holds because its chain forked. What the rules no longer allow
    /// stays among the matters for the person.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub async fn repeat_forked(&self) -> Result<(), ActError> {
        let forked = self.with_replica(Replica::forked);
        for (target, payload) in forked {
            match self.act(target, &payload).await {
                Ok(_) | Err(ActError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The next request, and whether anything in it is new to the office.
    pub fn request(&self, bytes_max: usize) -> SyncRequest {
        self.replica.borrow().request(bytes_max)
    }

    /// Takes an answer whose receipts were verified, and keeps it.
    ///
    /// # Errors
    /// When the answer cannot be taken, or not be kept: then it is asked for again.
    pub async fn absorb(&self, response: &SyncResponse) -> Result<Absorbed, AbsorbError> {
        let _turn = self.turn().await.map_err(AbsorbError::Store)?;
        let before = self.replica.borrow().clone();
        let absorbed = self.replica.borrow_mut().absorb(response, now()).map_err(|_| AbsorbError::Answer)?;
        if let Err(error) = self.vault.write(Vec::from(&absorbed)).await {
            // What the stores lack must not count as known: the next answer would begin behind it, and after the next
            // start it would be missing for ever.
            self.replica.replace(before);
            return Err(AbsorbError::Store(error));
        }
        self.channel.say(CHANGED);
        Ok(absorbed)
    }

    /// The key for the office's receipts; absent until the first sign-in at the office.
    pub fn office_key(&self) -> Option<Rc<OfficeKey>> {
        self.office_key.borrow().clone()
    }

    /// The epoch this tablet signs in.
    pub fn epoch(&self) -> u32 {
        self.with_replica(Replica::epoch)
    }

    /// The key to make known at the office, unless it is.
    pub fn registration_due(&self) -> Option<Registration> {
        let signing = self.signing.borrow();
        let Signing { pair, epoch } = signing.as_ref()?;
        (self.registered.get() != Some(*epoch)).then(|| Registration {
            device: self.device,
            epoch: *epoch,
            public: pair.public(),
        })
    }

    /// Whether the office misses a key: what that signed is held until it is made known.
    pub fn has_key_to_register(&self) -> bool {
        self.former_registration_due().is_some() || self.registration_due().is_some()
    }

    /// A lost key to make known, where the office misses one.
    pub fn former_registration_due(&self) -> Option<Registration> {
        self.former.get(self.former_told.get()).copied().filter(|_| self.misses_former.get())
    }

    /// A contact begins: the office may have been restored from an older copy since the last one.
    pub fn begin_contact(&self) {
        self.former_told.set(0);
    }

    /// Notes that the office has answered for the lost key that was due: once in a contact is enough.
    pub fn note_former(&self) {
        self.former_told.set(self.former_told.get().saturating_add(1));
    }

    /// Notes whether the office holds what a lost key signed and does not know that key.
    pub fn note_misses_former(&self, misses: bool) {
        self.misses_former.set(misses);
    }

    /// Notes that the office knows the key of `epoch`, or that it does not.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub async fn note_registered(&self, epoch: Option<u32>) -> Result<(), ActError> {
        self.keep_fact(fact::REGISTERED, &epoch.unwrap_or_default().to_le_bytes()).await?;
        self.registered.set(epoch);
        Ok(())
    }

    /// Goes on in a new epoch above `epoch_max`, which the office has with another key.
    ///
    /// # Errors
    /// When the key cannot be made or kept.
    pub async fn start_epoch_above(&self, epoch_max: u32) -> Result<(), ActError> {
        let _turn = self.turn().await?;
        let epoch = self.with_replica(|replica| replica.epoch_above(epoch_max));
        // No password is at hand: this key is lost at the sign-out, and the next sign-in begins another epoch.
        let (pair, new) = new_pair(self.vault.store(), epoch, None).await?;
        self.vault.write(new).await?;
        self.locked.replace(None);
        self.replica.borrow_mut().begin_epoch(epoch);
        self.signing.replace(Some(Signing { pair: Rc::new(pair), epoch }));
        Ok(())
    }

    /// Keeps what the office said at a sign-in, and what recognises the person without a network.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub async fn note_sign_in(
        &self,
        known: &KnownPerson,
        public: PublicKey,
        verifier: Option<Verifier>,
    ) -> Result<(), ActError> {
        self.office_key.replace(Some(Rc::new(OfficeKey::new(public).await)));
        if self.read_only() == Some(ReadOnly::OtherTab) {
            return Ok(());
        }
        self.keep_fact(fact::SERVER_KEY, &public).await?;
        self.keep_fact(fact::IDENTITY, known.to_json().as_bytes()).await?;
        if let Some(verifier) = verifier {
            self.keep_fact(fact::VERIFIER, &verifier.to_bytes()).await?;
            self.verifier.replace(Some(verifier));
        }
        Ok(())
    }

    /// The secret of the password, if it is that of the last sign-in at the office.
    pub async fn recognise(&self, password: &str) -> Option<Secret> {
        let verifier = self.verifier.borrow().clone()?;
        verifier.recognise(password).await
    }

    /// Recognises a new password from now on, and locks the signing key with it; with the old one no longer.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub async fn renew_secret(&self, old: &str, new: &str) -> Result<(), ActError> {
        let before = self.recognise(old).await;
        let secret = Secret::of(new).await.map_err(ActError::Device)?;
        let locked = self.locked.borrow().clone();
        let mut facts = vec![Record::fact(fact::VERIFIER, secret.verifier().to_bytes())];
        if let (Some(before), Some(locked)) = (before, locked)
            && let Some(key) = before.unseal(&locked).await
        {
            let sealed = secret.seal(&key).await.map_err(ActError::Device)?;
            facts.push(Record::fact(&fact::locked_key(self.epoch()), sealed.clone()));
            self.locked.replace(Some(sealed));
        }
        let _turn = self.turn().await?;
        self.vault.write(facts).await?;
        self.verifier.replace(Some(secret.verifier()));
        Ok(())
    }

    /// Recognises the person without a network no longer: the office has closed the account.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub async fn forget_password(&self) -> Result<(), ActError> {
        self.keep_fact(fact::VERIFIER, &[]).await?;
        self.verifier.replace(None);
        Ok(())
    }

    /// Waits for its turn at the stores; a closed desk has none.
    async fn turn(&self) -> Result<MutexGuard<'_, ()>, ActError> {
        let turn = self.turn.lock().await;
        if self.closed.get() { Err(ActError::SignedOut) } else { Ok(turn) }
    }

    async fn keep_fact(&self, name: &str, bytes: &[u8]) -> Result<(), ActError> {
        let _turn = self.turn().await?;
        self.vault.write(vec![Record::fact(name, bytes)]).await
    }

    /// Calls `act` when another tab kept something.
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
        let records = self.vault.store().load().await?;
        let epoch = records.number(fact::EPOCH).unwrap_or(1);
        self.replica.replace(fold(&records, self.person, self.device, epoch));
        Ok(())
    }

    /// Whether the person is signed in on this tablet, whichever tab that was done in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_signed_in(&self) -> Result<bool, ActError> {
        Ok(self.vault.store().is_signed_in().await?)
    }

    /// Signs the person out of this tablet, after what is being kept is kept: when this returns, no key is left there that signs, also
    /// after a power cut.
    ///
    /// # Errors
    /// When the device refuses; then the person is still signed in.
    pub async fn sign_out(&self) -> Result<(), ActError> {
        let _turn = self.turn().await?;
        self.vault.store().sign_out().await?;
        self.signing.replace(None);
        Ok(())
    }

    /// Closes the stores, after what is being kept is kept.
    pub async fn close(&self) {
        let _turn = self.turn.lock().await;
        if !self.closed.replace(true) {
            self.channel.leave();
            self.vault.close().await;
            self.hold.take();
        }
    }
}

/// Why an answer was not taken.
pub enum AbsorbError {
    /// It is not what it should be.
    Answer,
    /// It could not be kept.
    Store(ActError),
}

fn former_keys(records: &Records, device: DeviceId, current: u32) -> Vec<Registration> {
    let keys = records.former_keys(current).into_iter();
    keys.filter_map(|(epoch, key)| Some(Registration { device, epoch, public: key.try_into().ok()? })).collect()
}

/// The signing key of an epoch as it is locked away: just now, or before.
fn locked_key(records: &Records, new: &[Record], epoch: u32) -> Option<Vec<u8>> {
    let wanted = fact::locked_key(epoch);
    let just_now = new.iter().find_map(|record| match record {
        Record::Fact { name, bytes } if *name == wanted => Some(bytes),
        _ => None,
    });
    just_now.or_else(|| records.facts.get(&wanted)).cloned()
}

async fn note_identity(
    vault: &Vault,
    records: &Records,
    device: DeviceId,
    mut new: Vec<Record>,
) -> Result<(), ActError> {
    new.push(Record::fact(fact::DEVICE, device.as_bytes().as_slice()));
    new.retain(|record| !records.holds(record));
    if new.is_empty() { Ok(()) } else { vault.write(new).await }
}
