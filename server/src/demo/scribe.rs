//! Signs operations for the people of the demo and delivers everything as one batch.

use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow, bail};
use ed25519_dalek::SigningKey;
use shared::ids::{DeviceId, PersonId};
use shared::op::{CardKey, ChainHead, Payload, Target};
use shared::state::State;
use shared::time::Millis;

use super::chance;
use super::roster::Roster;
use crate::clock;
use crate::ingest::{Author, Ingest, Intake};
use crate::open_directory::OpenDirectory;
use crate::store::{DeviceKey, Registration, Store};
use crate::words::said;

/// The label of every demo person's device.
const LABEL: &str = "demo";

/// Holds the keys of everyone in the demo and signs for them.
#[derive(Debug)]
pub(super) struct Scribe {
    ingest: Ingest,
    intake: Intake,
    authors: BTreeMap<PersonId, Author>,
    written: u64,
}

impl Scribe {
    /// Draws a key for everyone and registers it.
    pub(super) async fn new(office: &OpenDirectory, roster: &Roster) -> anyhow::Result<Self> {
        let device = DeviceId::from_bytes(chance::id(&["demo", "device"]));
        let mut authors = BTreeMap::from([(PersonId::SYSTEM, office.author().await?)]);
        for official in &roster.people {
            let author = Author::new(official.id(), device, fresh_key()?, ChainHead::default());
            register(office.store.as_ref(), &author).await?;
            authors.insert(official.id(), author);
        }
        Ok(Self { ingest: office.ingest.clone(), intake: office.ingest.intake().await?, authors, written: 0 })
    }

    /// Everything written so far.
    pub(super) fn state(&self) -> &State {
        self.intake.state()
    }

    /// Signs and delivers one act of one person. The server must accept it.
    pub(super) async fn act(
        &mut self,
        actor: PersonId,
        target: Target,
        payload: Payload,
        at: Millis,
    ) -> anyhow::Result<()> {
        let author = self.authors.get_mut(&actor).with_context(|| format!("no key for {actor}"))?;
        let operation = author.sign(self.intake.state(), target, &payload, at);
        let key = self.ingest.check(&operation).await?;
        let receipt = self.intake.receive(operation, key, at).await?.decode()?;
        self.written += 1;
        match receipt.verdict.refusal() {
            None => Ok(()),
            Some(refusal) => bail!("the office refused kind {} of {actor}: {refusal}", payload.kind()),
        }
    }

    /// Like [`Self::act`], on a card.
    pub(super) async fn on_card(
        &mut self,
        actor: PersonId,
        key: &CardKey,
        payload: Payload,
        at: Millis,
    ) -> anyhow::Result<()> {
        self.act(actor, Target::Card(key.clone()), payload, at).await.with_context(|| format!("card {key}"))
    }

    /// Stores everything in one transaction and returns the number of operations.
    pub(super) async fn commit(self) -> anyhow::Result<u64> {
        self.intake.commit().await?;
        Ok(self.written)
    }
}

fn fresh_key() -> anyhow::Result<SigningKey> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| anyhow!("{}: {error}", said("số ngẫu nhiên", "random numbers")))?;
    Ok(SigningKey::from_bytes(&seed))
}

async fn register(store: &dyn Store, author: &Author) -> anyhow::Result<()> {
    let key = DeviceKey { chain: author.chain(), public_key: author.public_key(), label: LABEL.to_owned() };
    match store.register_device(&key, clock::now()).await? {
        Registration::Registered => Ok(()),
        Registration::Taken { .. } => bail!(said(
            "database: có khóa của một bản dùng thử trước đó; cho phép: cơ sở dữ liệu trống",
            "database: found keys of an earlier demo, allowed an empty database",
        )),
    }
}
