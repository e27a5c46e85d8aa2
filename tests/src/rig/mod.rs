//! A server and a few devices without random faults, for the experiments of `cut_exchange`, `model` and `property`.
//! Devices, server and witness are those of `sim`, so the same parts are real.

use shared::device_store::{Condition, Records};
use shared::ids::DeviceId;
use shared::op::{ChainKey, Payload, SignedOperation, Target};
use shared::sync::{SyncRequest, SyncResponse};
use shared::time::Millis;

use crate::sim::commune::{MORNING, OFFICIALS, key, person};
use crate::sim::device::{Acted, Device, Fate, Taken, Wire, Wrote};
use crate::sim::founded;
use crate::sim::ledger::{Ledger, Scene, may_read};
use crate::sim::server::{Fall, Server};
use crate::sim::violation::{Checked, Violation, require};

/// Exchanges after which nothing may be left.
const EXCHANGES_MAX: usize = 64;
/// Room for everything in one answer.
pub(crate) const BYTES_MAX: usize = 64_000;

/// The server, its witness, and devices.
#[derive(Clone, Debug)]
pub(crate) struct Rig {
    /// The server.
    pub(crate) server: Server,
    /// The record of an independent witness.
    pub(crate) ledger: Ledger,
    /// Devices, open unless they were killed.
    pub(crate) devices: Vec<Device>,
    /// The server's clock.
    pub(crate) now: Millis,
}

impl Rig {
    /// A founded commune with a device, new and open, for each of some people.
    ///
    /// # Errors
    /// A broken invariant.
    pub(crate) fn new(people: &[u8]) -> Checked<Self> {
        let (server, ledger) = founded()?;
        let devices = people.iter().zip(0_u8..).map(|(who, place)| {
            let device = DeviceId::from_bytes([100_u8.saturating_add(place); 16]);
            let mut device = Device::new(person(*who), place.into(), device, 1_000 * (u64::from(place) + 1));
            device.start(Fate::Sound);
            device
        });
        Ok(Self { server, ledger, devices: devices.collect(), now: MORNING })
    }

    /// An existing device.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn device(&mut self, place: usize) -> Checked<&mut Device> {
        self.devices.get_mut(place).ok_or_else(|| broken(format!("no tablet {place}")))
    }

    /// A person acts. True when the act was reported as saved.
    ///
    /// # Errors
    /// When there is no such device.
    pub(crate) fn act(&mut self, place: usize, target: Target, payload: &Payload) -> Checked<bool> {
        let now = self.now;
        Ok(matches!(self.device(place)?.act(target, payload, now, Fate::Sound), Acted::Saved(_)))
    }

    /// Registers the key of a device, as before every exchange.
    ///
    /// # Errors
    /// When the server has another key for its chain: no rig copies profiles.
    pub(crate) fn register(&mut self, place: usize) -> Checked {
        let device = self.devices.get_mut(place).ok_or_else(|| broken(format!("no tablet {place}")))?;
        let Some(session) = &device.session else { return Ok(()) };
        let epoch = session.replica.epoch();
        if session.registered == Some(epoch) {
            return Ok(());
        }
        let chain = ChainKey { actor: device.person, device: device.id, epoch };
        let bound = self.server.register(chain, session.key);
        bound.map_err(|epoch| broken(format!("tablet {place}: epoch {epoch} has another key")))?;
        require(device.note_registered(Some(epoch)) == Wrote::Kept, 1, || "a sound store refused".to_owned())
    }

    /// The next request of a device.
    ///
    /// # Errors
    /// When it is closed.
    pub(crate) fn request(&mut self, place: usize, bytes_max: usize) -> Checked<SyncRequest> {
        self.register(place)?;
        let request = self.device(place)?.request(bytes_max);
        request.ok_or_else(|| broken(format!("tablet {place} is closed")))
    }

    /// Bytes that claim to be a request arrive. None when they are not one, and the server answers 400.
    ///
    /// # Errors
    /// A broken invariant.
    pub(crate) fn arrive(&mut self, place: usize, bytes: &[u8]) -> Checked<Option<SyncResponse>> {
        let reader = self.device(place)?.person;
        let Ok(request) = SyncRequest::from_bytes(bytes) else { return Ok(None) };
        let received = self.server.receive(&request.operations, self.now, Fall::No, &mut self.ledger)?;
        request.operations.iter().try_for_each(|operation| {
            require(self.server.keeps(operation), 9, || format!("{:?} was received and is not kept", operation.id()))
        })?;
        let answer = |receipts| self.server.answer(reader, &request, receipts, self.now).response;
        Ok(received.map(answer))
    }

    /// One exchange without faults. True when more must be exchanged.
    ///
    /// # Errors
    /// A broken invariant.
    pub(crate) fn exchange(&mut self, place: usize, bytes_max: usize) -> Checked<bool> {
        let request = self.request(place, bytes_max)?;
        let answer = self.arrive(place, &request.to_bytes())?;
        let answer = answer.ok_or_else(|| broken("a whole request was not read".to_owned()))?;
        let more = answer.more;
        match self.take(place, &request.operations, answer.to_bytes(), Fate::Sound)? {
            Taken::Kept { .. } => Ok(more || self.device(place)?.goes_on()),
            other => Err(broken(format!("tablet {place} did not take a whole answer: {other:?}"))),
        }
    }

    /// A device takes the answer to what it sent.
    ///
    /// # Errors
    /// When there is no such device.
    pub(crate) fn take(
        &mut self,
        place: usize,
        sent: &[SignedOperation],
        bytes: Vec<u8>,
        fate: Fate,
    ) -> Checked<Taken> {
        let now = self.now;
        Ok(self.device(place)?.take(sent, &Wire::Answer(bytes), now, fate))
    }

    /// Exchanges until nothing is left on either side.
    ///
    /// # Errors
    /// A broken invariant.
    pub(crate) fn meet(&mut self, place: usize) -> Checked {
        for _ in 0..EXCHANGES_MAX {
            if !self.exchange(place, BYTES_MAX)? {
                return Ok(());
            }
        }
        Err(broken(format!("tablet {place} never comes to an end")))
    }

    /// Repairs the network. Everybody opens and meets the server twice. Then everything must be there and agree.
    ///
    /// # Errors
    /// What is lost or differs.
    pub(crate) fn heal(&mut self) -> Checked {
        for device in self.devices.iter_mut().filter(|device| device.session.is_none()) {
            require(device.start(Fate::Sound), 1, || "a sound store did not open".to_owned())?;
        }
        for _ in 0..2 {
            (0..self.devices.len()).try_for_each(|place| self.meet(place))?;
        }
        self.ledger.compare(self.server.log_state().state())?;
        Ledger::told_once(self.server.log_state().state())?;
        (0..self.devices.len()).try_for_each(|place| self.agrees(place))
    }

    /// Checks that everything reported as saved is on the device or at the server.
    ///
    /// # Errors
    /// What is nowhere.
    pub(crate) fn nothing_is_lost(&self) -> Checked {
        for (place, device) in self.devices.iter().enumerate() {
            let here: std::collections::BTreeSet<_> = match &device.session {
                Some(session) => session.replica.own().map(|own| own.id).collect(),
                None => {
                    let read = |bytes: &Vec<u8>| SignedOperation::from_bytes(bytes).ok().map(|signed| signed.id());
                    device.stored().own.values().filter_map(read).collect()
                }
            };
            for id in &device.saved {
                let kept = here.contains(id) || self.server.place_of(*id).is_some();
                require(kept, 1, || format!("tablet {place}: {id:?} was called saved and is nowhere"))?;
            }
        }
        Ok(())
    }

    /// Checks that an open device holds exactly what its person may have of the log that it counts as known. This
    /// applies only to a device that counts in the present scope. Nothing is checked on a device that asks for
    /// everything again, nor for cards that were finished when the copy was begun and may be compacted.
    ///
    /// # Errors
    /// What is missing, or is there and not counted.
    pub(crate) fn no_gap(&self, place: usize) -> Checked {
        let Some(device) = self.devices.get(place) else { return Ok(()) };
        let Some(session) = &device.session else { return Ok(()) };
        let (office, meta) = (self.server.log_state().state(), *session.replica.meta());
        if meta.cursor == 0 || meta.scope != office.scope_of(device.person) {
            return Ok(());
        }
        // The journal is written first. A database that refused lacks what was stored last.
        let disk = &device.disk;
        let journal = disk.database_weak.then(|| Records::from_frames(disk.frames().to_vec(), Condition::default()).0);
        let snapshot_seq = meta.snapshot_seq.unwrap_or_default();
        let held = journal.as_ref().unwrap_or(&disk.database).log.keys().copied();
        let held: Vec<u64> = held.filter(|seq| *seq > snapshot_seq).collect();
        let rows = self.server.log().iter().zip(1..).filter(|(_, seq)| *seq > snapshot_seq && *seq <= meta.cursor);
        let scene = Scene::of(office);
        let due =
            rows.filter(|(row, _)| row.verdict.counts() && self.ledger.may_hold(&scene, device.person, row.id).is_ok());
        let due: Vec<u64> = due.map(|(_, seq)| seq).collect();
        let first = held.iter().zip(&due).find(|(held, due)| held != due);
        require(held == due, 5, || {
            let (has, of) = (held.len(), due.len());
            format!(
                "tablet {place} counts to {} and holds {has} of {of} entries; the first that differ: {first:?}",
                meta.cursor
            )
        })
    }

    /// Checks that a device shows what the server has, and has delivered what it reported as saved.
    pub(crate) fn agrees(&self, place: usize) -> Checked {
        let Some(device) = self.devices.get(place) else { return Ok(()) };
        let Some(session) = &device.session else { return Ok(()) };
        let (office, who) = (self.server.log_state().state(), device.person);
        let left = session.replica.unsent().count();
        require(left == 0, 8, || format!("tablet {place}: {left} operations left"))?;
        for id in &device.saved {
            let here = self.server.place_of(*id).is_some();
            require(here, 1, || format!("tablet {place}: {id:?} was called saved and the office lacks it"))?;
        }
        let (view, scene) = (session.replica.view(), Scene::of(office));
        for card in OFFICIALS.into_iter().flat_map(|n| [key(n, 8), key(n, 9), key(n, 10)]) {
            let whole = may_read(&scene, who, &card) && !session.replica.is_compacted(&card);
            let agreed = !whole || view.card_hash(&card) == office.card_hash(&card);
            require(agreed, 5, || format!("tablet {place}: {card} differs from the office's"))?;
        }
        Ledger::told_once(view)?;
        self.ledger.compare_device(&session.replica, office)?;
        let again = shared::device_store::fold(&device.stored(), who, device.id, session.replica.epoch());
        self.ledger.compare_device(&again, office)
    }
}

/// A violation for something that a rig takes for granted and that does not hold.
pub(crate) const fn broken(what: String) -> Violation {
    Violation { invariant: 0, what }
}
