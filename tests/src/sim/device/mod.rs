//! One person's session on one device: what `app/src/state` does between screen, stores and network, in the same order.

mod disk;
mod exchange;

use std::collections::BTreeSet;
use std::rc::Rc;

use shared::device_store::{Record, Records, fold, metadata};
use shared::ids::{DeviceId, OpId, PersonId};
use shared::op::{Body, Payload, Refusal, SignedOperation, Target, VERSION};
use shared::state::Judge;
use shared::sync::Replica;
use shared::time::{Hlc, Millis};

pub(crate) use disk::{Disk, Fate, Wrote};
pub(crate) use exchange::{Taken, Wire};

use super::bug::{Model, is};
use super::keys::sign;
use super::ledger::Scene;

/// An open session. It is lost when the device is killed.
#[derive(Clone, Debug)]
pub(crate) struct LocalSession {
    /// The folded copy.
    pub(crate) replica: Replica,
    /// The key it signs with.
    pub(crate) key: u64,
    /// The epoch whose key the server knows.
    pub(crate) registered: Option<u32>,
    owed: Vec<Record>,
}

/// One person's stores on one device.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    /// The person.
    pub(crate) person: PersonId,
    /// The number of the machine. Two people may share one.
    pub(crate) machine: usize,
    /// The device id for a store that has none.
    pub(crate) id: DeviceId,
    /// Both stores.
    pub(crate) disk: Disk,
    /// The open session. None while closed.
    pub(crate) session: Option<LocalSession>,
    /// How far the device's clock is from the server's.
    pub(crate) clock_ms: i64,
    /// The operations that the person was told are saved here.
    pub(crate) saved: Vec<OpId>,
    /// The posts under which everything it holds was last checked.
    pub(crate) looked_under: Option<Rc<Scene>>,
    /// Whether the server, in its last answer, did not know the key of a former epoch.
    misses_former: bool,
    /// Operations that no device has, because the machine on which they were saved is lost.
    pub(crate) left: BTreeSet<OpId>,
    next_key: u64,
}

/// The result of an act.
#[derive(Clone, Debug)]
pub(crate) enum Acted {
    /// "Saved on this device".
    Saved(OpId),
    /// Refused by the session.
    Refused(Refusal),
    /// Not stored, and the person was told so.
    NotKept,
    /// Killed in the middle; nobody was told anything.
    Killed,
}

impl Device {
    /// A device that was never used.
    #[must_use]
    pub(crate) fn new(person: PersonId, machine: usize, device: DeviceId, first_key: u64) -> Self {
        let disk = Disk::default();
        Self {
            person,
            machine,
            id: device,
            disk,
            session: None,
            clock_ms: 0,
            saved: Vec::new(),
            looked_under: None,
            misses_former: false,
            left: BTreeSet::new(),
            next_key: first_key,
        }
    }

    /// The time on its clock.
    #[must_use]
    pub(crate) const fn clock(&self, now: Millis) -> Millis {
        Millis(now.0.saturating_add_signed(self.clock_ms))
    }

    /// Opens the stores, repairs them and folds their content. False when it was killed meanwhile.
    pub(crate) fn start(&mut self, fate: Fate) -> bool {
        self.session = None;
        let Some(records) = self.disk.open(fate) else { return false };
        let kept = records.metadata.get(metadata::DEVICE).and_then(|bytes| bytes.as_slice().try_into().ok());
        let device = kept.map_or(self.id, DeviceId::from_bytes);
        let known = records.number(metadata::EPOCH).and_then(|epoch| Some((epoch, *self.disk.keys.get(&epoch)?)));
        let (epoch, key) = known.unwrap_or_else(|| {
            let reused = records.number(metadata::EPOCH).filter(|_| is(Model::ReuseEpoch));
            let epoch = reused.unwrap_or_else(|| records.next_epoch());
            (epoch, self.new_key(epoch))
        });
        let mut session = LocalSession {
            replica: fold(&records, self.person, device, epoch),
            key,
            registered: records.number(metadata::REGISTERED),
            owed: Vec::new(),
        };
        let identity = [
            Record::metadata(metadata::DEVICE, device.as_bytes().as_slice()),
            Record::metadata(metadata::EPOCH, epoch.to_le_bytes().as_slice()),
            Record::metadata(&metadata::public_key(epoch), key.to_le_bytes()),
        ];
        let fresh: Vec<Record> = identity.into_iter().filter(|record| !records.holds(record)).collect();
        if !fresh.is_empty() && self.disk.write(fresh, &mut session.owed, Fate::Sound) != Wrote::Kept {
            return false;
        }
        self.id = device;
        self.session = Some(session);
        true
    }

    fn new_key(&mut self, epoch: u32) -> u64 {
        self.next_key += 1;
        self.disk.keys.insert(epoch, self.next_key);
        self.next_key
    }

    /// Kills or closes the device without notice. Only the stores remain.
    pub(crate) fn kill(&mut self) {
        self.session = None;
        self.disk.lose_unflushed();
    }

    /// Acts: judges, signs, stores and folds, in this order.
    pub(crate) fn act(&mut self, target: Target, payload: &Payload, now: Millis, fate: Fate) -> Acted {
        let clock = self.clock(now);
        let Some(session) = &mut self.session else { return Acted::Killed };
        let prepared = session.replica.prepare(target.clone(), payload, None, clock);
        let own = session.replica.prepare_judged_by(Judge::OWN, target.clone(), payload, None, clock);
        assert_judged_alike(self.person, &target, payload, &prepared, &own);
        match prepared {
            Err(refusal) => {
                if let Target::Card(key) = &target {
                    session.replica.want(key);
                }
                Acted::Refused(refusal)
            }
            Ok(body) => self.keep(&body, fate),
        }
    }

    /// Acts like an app that judges nothing before it signs.
    pub(crate) fn act_unjudged(
        &mut self,
        target: Target,
        kind: u16,
        payload: Vec<u8>,
        now: Millis,
        fate: Fate,
    ) -> Acted {
        let clock = self.clock(now);
        let Some(session) = &self.session else { return Acted::Killed };
        let epoch = session.replica.epoch();
        let last = session.replica.own().filter(|own| own.body.epoch == epoch).last();
        let body = Body {
            version: VERSION,
            kind,
            actor: self.person,
            device: self.id,
            epoch,
            seq: last.map_or(0, |own| own.body.seq).saturating_add(1),
            prev: last.map(|own| own.id),
            base: Vec::new(),
            seen_seq: 0,
            target,
            hlc: Hlc { at: clock, counter: 0 },
            last_server_time: session.replica.meta().server_time,
            payload: payload.into(),
            nonce: None,
        };
        self.keep(&body, fate)
    }

    fn keep(&mut self, body: &Body, fate: Fate) -> Acted {
        let Some(session) = &mut self.session else { return Acted::Killed };
        let bytes = body.to_bytes();
        let signature = sign(session.key, &bytes);
        let signed = SignedOperation { body: bytes, signature };
        let id = signed.id();
        if is(Model::SavedBeforeWrite) {
            self.saved.push(id);
        }
        let record = Record::Own { place: (body.epoch, body.seq), bytes: signed.to_bytes() };
        match self.disk.write(vec![record], &mut session.owed, fate) {
            Wrote::Kept => {}
            Wrote::Refused => return Acted::NotKept,
            Wrote::Killed => {
                self.kill();
                return Acted::Killed;
            }
        }
        let Ok(id) = session.replica.append(signed) else { return Acted::NotKept };
        if !is(Model::SavedBeforeWrite) {
            self.saved.push(id);
        }
        Acted::Saved(id)
    }

    /// Everything that the stores hold together, read without changing them.
    #[must_use]
    pub(crate) fn stored(&self) -> Records {
        let mut copy = self.disk.clone();
        copy.open(Fate::Sound).unwrap_or_default()
    }

    /// What was saved here, and what was stored although nobody could be told any more.
    pub(crate) fn holds(&self) -> BTreeSet<OpId> {
        let kept = self.stored().own.into_values();
        kept.filter_map(|bytes| Some(SignedOperation::from_bytes(&bytes).ok()?.id()))
            .chain(self.saved.iter().copied())
            .collect()
    }

    /// Loses both stores, and with them the identity. It is a new device then.
    pub(crate) fn lose_everything(&mut self, device: DeviceId) {
        self.session = None;
        self.disk = Disk::default();
        self.id = device;
    }
}

/// The first part of the download judges an act on the own card as the whole app does, and lets nothing else pass but drafts.
fn assert_judged_alike(
    person: PersonId,
    target: &Target,
    payload: &Payload,
    whole: &Result<Body, Refusal>,
    own: &Result<Body, Refusal>,
) {
    let is_own = matches!(target, Target::Card(key) if key.is_of(person));
    match payload {
        Payload::SaveDraft { .. } => {}
        Payload::AssignWork(_)
        | Payload::ReportProgress { .. }
        | Payload::SubmitSelfScore(_)
        | Payload::WithdrawSelfScore { .. }
            if is_own =>
        {
            assert_eq!(whole.as_ref().err(), own.as_ref().err(), "{target:?} {payload:?}");
        }
        Payload::ReviseLine { .. } | Payload::RemoveLine { .. } if is_own => {
            assert!(whole.is_ok() || own.is_err(), "{target:?} {payload:?}");
        }
        _ => assert!(own.is_err(), "{target:?} {payload:?}"),
    }
}
