//! A commune for the benches, and work signed by its people.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use server::data_directory::DataDirectory;
use server::database::DatabaseUrl;
use server::ingest::{Author, Ingest};
use server::open_directory;
use server::store::{DeviceKey, Store};
use shared::ids::{DeviceId, PersonId};
use shared::op::{CardKey, ChainHead, DraftValue, Payload, SignedOperation, Target};
use shared::time::{Day, Millis, Period};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::start;

/// The day that the demo takes for today.
const TODAY: &str = "2026-11-20";
/// Size of a draft's text in bytes: two comments of about a hundred letters.
const TEXT_BYTES: usize = 200;

pub(crate) type Operations = Vec<SignedOperation>;

pub(crate) struct Commune {
    pub(crate) folder: TempDir,
    pub(crate) server: Option<DatabaseUrl>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) ingest: Ingest,
    pub(crate) people: Vec<PersonId>,
    /// The number of the next device. There is one for each person and round.
    devices: AtomicU8,
}

impl Commune {
    pub(crate) async fn on_sqlite() -> Self {
        Self::made(None).await
    }

    pub(crate) async fn on_server(server: DatabaseUrl) -> Self {
        Self::made(Some(server)).await
    }

    async fn made(server: Option<DatabaseUrl>) -> Self {
        let folder = TempDir::new().unwrap();
        let dir = DataDirectory::new(folder.path()).with_server(server.clone());
        server::demo::create(&dir, Day::parse(TODAY).unwrap()).await.unwrap();
        let store = open_directory::open_store(&dir).await.unwrap();
        let ingest = Ingest::open(Arc::clone(&store), dir.signing_key().unwrap()).await.unwrap();
        let office = ingest.log_state().await.unwrap();
        let with_card = |person: &PersonId| office.state().card_key(*person, open_month()).is_some();
        let people: Vec<PersonId> =
            store.accounts().await.unwrap().iter().map(|account| account.person).filter(with_card).collect();
        drop(office);
        Self { folder, server, store, ingest, people, devices: AtomicU8::new(1) }
    }

    pub(crate) async fn close(&self) {
        self.store.close().await;
    }

    /// The requests of each connection: `operations` in all, `batch` in a request, a chain for each connection.
    pub(crate) async fn work(&self, connections: usize, batch: usize, operations: usize) -> Vec<Vec<Operations>> {
        let device = self.devices.fetch_add(1, Ordering::Relaxed);
        let mut work = Vec::with_capacity(connections);
        for n in 0..connections {
            let signed = self.signed(self.people[n % self.people.len()], device, operations / connections).await;
            work.push(signed.chunks(batch).map(<[SignedOperation]>::to_vec).collect());
        }
        work
    }

    /// Signs this many drafts of one person on a device of its own, which it registers.
    pub(crate) async fn signed(&self, person: PersonId, device: u8, count: usize) -> Operations {
        let key = SigningKey::from_bytes(&[device; 32]);
        let mut author = Author::new(person, DeviceId::from_bytes([device; 16]), key, ChainHead::default());
        let key = DeviceKey { chain: author.chain(), public_key: author.public_key(), label: "bench".to_owned() };
        self.store.register_device(&key, Millis(1)).await.unwrap();
        let office = self.ingest.log_state().await.unwrap();
        let card: CardKey = office.state().card_key(person, open_month()).unwrap();
        let draft = |n: usize| {
            let text = format!("{n:0>TEXT_BYTES$}");
            let fields = [("strengths".to_owned(), DraftValue { text, ..DraftValue::default() })];
            Payload::SaveDraft { appraisal: false, fields: fields.into() }
        };
        let now = server::clock::now();
        // As on a real device, each draft has seen the one before.
        let mut seen = office.state().clone();
        let sign = |n| {
            let operation = author.sign(&seen, Target::Card(card.clone()), &draft(n), now);
            seen.apply(operation.id(), &operation.decode().unwrap(), None);
            operation
        };
        (0..count).map(sign).collect()
    }

    /// Sends everything at once. Every operation must be accepted.
    pub(crate) async fn receive(&self, work: Vec<Vec<Operations>>) -> Duration {
        let started = start();
        let mut sending = JoinSet::new();
        for requests in work {
            let ingest = self.ingest.clone();
            sending.spawn(async move {
                for operations in requests {
                    for receipt in ingest.receive(operations).await.unwrap() {
                        let verdict = receipt.decode().unwrap().verdict;
                        assert!(verdict.refusal().is_none(), "{verdict:?}");
                    }
                }
            });
        }
        while let Some(done) = sending.join_next().await {
            done.unwrap();
        }
        started.elapsed()
    }
}

pub(crate) fn open_month() -> Period {
    Period::month_of(Day::parse(TODAY).unwrap())
}
