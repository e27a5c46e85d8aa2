//! One exchange as in `app/src/sync/exchange.rs`: what is refused, what is stored, when a new epoch begins.

use std::collections::BTreeSet;

use shared::device_store::{Record, metadata};
use shared::op::{Receipt, RefusalCode, SignedOperation, SignedReceipt};
use shared::sync::{Absorbed, OwnOperation, SyncRequest, SyncResponse};
use shared::time::Millis;

use super::{Device, Fate, LocalSession, Wrote};
use crate::sim::bug::{Model, is};
use crate::sim::keys::{SERVER_KEY, verifies};

/// What comes back over the network.
#[derive(Clone, Debug)]
pub(crate) enum Wire {
    /// Bytes that claim to be the server's answer.
    Answer(Vec<u8>),
    /// A captive portal's page, with status 200.
    Portal,
}

/// What became of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Taken {
    /// It was stored.
    Kept {
        /// What was stored.
        absorbed: Box<Absorbed>,
        /// The answer.
        response: Box<SyncResponse>,
    },
    /// It is no answer, or not an acceptable one.
    Refused,
    /// It could not be stored.
    Unkept,
    /// The device was killed while storing it.
    Killed,
}

impl Device {
    /// The next request.
    #[must_use]
    pub(crate) fn request(&self, bytes_max: usize) -> Option<SyncRequest> {
        Some(self.session.as_ref()?.replica.request(bytes_max))
    }

    /// Takes the answer to `sent`.
    pub(crate) fn take(&mut self, sent: &[SignedOperation], wire: &Wire, now: Millis, fate: Fate) -> Taken {
        let response = match read(wire) {
            Some(response) => response,
            None if matches!(wire, Wire::Portal) && is(Model::AcceptPortal) => {
                self.forge_receipts(sent);
                return Taken::Refused;
            }
            None => return Taken::Refused,
        };
        let genuine = |signed: &SignedReceipt| verifies(SERVER_KEY, &signed.receipt, &signed.signature);
        if response.receipts.len() != sent.len() || !response.receipts.iter().all(genuine) {
            return Taken::Refused;
        }
        let epoch = self.session.as_ref().map(|session| session.replica.epoch());
        let mut unknown = unknown_epochs(&response, sent);
        let misses_ours = epoch.is_some_and(|epoch| unknown.remove(&epoch));
        self.misses_former = !unknown.is_empty();
        if misses_ours && self.note_registered(None) == Wrote::Killed {
            return Taken::Killed;
        }
        let taken = self.absorb(response, now, fate);
        if let Some(epoch) = epoch.filter(|_| self.session.as_ref().is_some_and(|session| session.replica.has_forked()))
        {
            self.start_epoch_above(epoch);
        }
        self.repeat_forked(now);
        taken
    }

    /// Repeats in the chain of this epoch the operations that the server holds because their chain forked.
    fn repeat_forked(&mut self, now: Millis) {
        let ours = |session: &&LocalSession| session.registered == Some(session.replica.epoch());
        let forked = self.session.as_ref().filter(ours).map(|session| session.replica.forked()).unwrap_or_default();
        for forked in forked {
            if let Ok(payload) = forked.intent() {
                self.act(forked.target, &payload, now, Fate::Sound);
            }
        }
    }

    fn absorb(&mut self, response: SyncResponse, now: Millis, fate: Fate) -> Taken {
        let clock = self.clock(now);
        let Some(session) = &mut self.session else { return Taken::Killed };
        let before = (fate == Fate::Full).then(|| session.replica.clone());
        let Ok(absorbed) = session.replica.absorb(&response, clock) else { return Taken::Refused };
        match self.disk.write(Vec::from(&absorbed), &mut session.owed, fate) {
            Wrote::Kept => Taken::Kept { absorbed: Box::new(absorbed), response: Box::new(response) },
            Wrote::Refused => {
                // What the stores lack must not count as known.
                before.filter(|_| !is(Model::KnowUnkept)).into_iter().for_each(|before| session.replica = before);
                Taken::Unkept
            }
            Wrote::Killed => {
                self.kill();
                Taken::Killed
            }
        }
    }

    /// The public keys of former epochs, if the server holds operations of one whose key it does not know.
    pub(crate) fn former_keys(&mut self) -> Vec<(u32, u64)> {
        let Some(session) = self.session.as_ref().filter(|_| std::mem::take(&mut self.misses_former)) else {
            return Vec::new();
        };
        let former = self.disk.database.former_keys(session.replica.epoch()).into_iter();
        former.filter_map(|(epoch, key)| Some((epoch, u64::from_le_bytes(key.try_into().ok()?)))).collect()
    }

    /// Whether a contact continues, as in `app/src/sync/engine.rs`: an operation has no answer, or the server lacks the
    /// key.
    pub(crate) fn goes_on(&self) -> bool {
        self.session.as_ref().is_some_and(|session| {
            let unregistered = session.registered != Some(session.replica.epoch());
            unregistered || session.replica.unsent().any(OwnOperation::awaits_answer)
        })
    }

    /// Notes that the server knows the key of an epoch, or that it knows none.
    pub(crate) fn note_registered(&mut self, epoch: Option<u32>) -> Wrote {
        let Some(session) = &mut self.session else { return Wrote::Killed };
        session.registered = epoch;
        let record = Record::metadata(metadata::REGISTERED, epoch.unwrap_or_default().to_le_bytes());
        self.disk.write(vec![record], &mut session.owed, Fate::Sound)
    }

    /// Starts a new epoch above one that the server has with another key.
    pub(crate) fn start_epoch_above(&mut self, epoch_max: u32) {
        let Some(session) = &self.session else { return };
        let epoch = session.replica.epoch_above(epoch_max);
        let key = self.new_key(epoch);
        let Some(session) = &mut self.session else { return };
        let identity = vec![
            Record::metadata(metadata::EPOCH, epoch.to_le_bytes()),
            Record::metadata(&metadata::public_key(epoch), key.to_le_bytes()),
        ];
        self.disk.write(identity, &mut session.owed, Fate::Sound);
        session.replica.begin_epoch(epoch);
        session.key = key;
    }

    /// Does what must never happen: counts sent operations as delivered without a receipt.
    pub(crate) fn forge_receipts(&mut self, sent: &[SignedOperation]) {
        let Some(session) = &mut self.session else { return };
        let receipts = sent.iter().map(|signed| {
            let verdict = shared::op::Verdict::Accepted;
            let receipt = Receipt { op: signed.id(), server_seq: 1, received_at: Millis(0), verdict };
            let receipt = receipt.to_bytes();
            let signature = crate::sim::keys::sign(SERVER_KEY, &receipt);
            SignedReceipt { receipt, signature }
        });
        let meta = *session.replica.meta();
        let forged = SyncResponse {
            protocol: shared::sync::PROTOCOL,
            server_time: meta.server_time,
            receipts: receipts.collect(),
            entries: Vec::new(),
            cursor: meta.cursor,
            more: false,
            scope: meta.scope,
            reset: false,
            log_end: meta.log_end,
            hashes: Vec::new(),
            log_digest: meta.log_digest,
            safe: meta.safe,
            heads: None,
            snapshot_seq: meta.snapshot_seq,
            backfill_cursor: meta.backfill_cursor,
        };
        self.absorb(forged, Millis(0), Fate::Sound);
    }
}

fn read(wire: &Wire) -> Option<SyncResponse> {
    match wire {
        Wire::Portal => None,
        Wire::Answer(bytes) => SyncResponse::from_bytes(bytes).ok(),
    }
}

/// The epochs of the operations sent whose key the server does not know.
fn unknown_epochs(response: &SyncResponse, sent: &[SignedOperation]) -> BTreeSet<u32> {
    let unknown = |signed: &SignedReceipt| {
        let refusal = |receipt: Receipt| receipt.verdict.refusal().is_some_and(|it| it.code == RefusalCode::UnknownKey);
        signed.decode().is_ok_and(refusal)
    };
    let answered = sent.iter().zip(&response.receipts).filter(|(_, signed)| unknown(signed));
    answered.filter_map(|(operation, _)| Some(operation.decode().ok()?.epoch)).collect()
}
