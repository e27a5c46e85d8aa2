//! One run: people, devices, a network, a server, and faults between them.

mod found;
mod heal;
mod network;
mod step;

use std::collections::{BTreeSet, VecDeque};

use shared::ids::OpId;
use shared::op::SignedOperation;
use shared::sync::OwnOperation;
use shared::time::Millis;

use super::Settings;
use super::device::Device;
use super::ledger::Ledger;
use super::server::{Row, Server};
use super::violation::{Checked, require};
use crate::random::Draw;

pub(crate) use found::{founded, template};

/// The number of last steps in a report of a violation.
const TOLD_STEPS: usize = 16;

/// A request in flight.
#[derive(Clone, Debug)]
struct Flight {
    place: usize,
    bytes: Vec<u8>,
}

/// An earlier state of the server.
#[derive(Clone, Debug)]
struct Backup {
    server: Server,
    ledger: Ledger,
    clerk: (u64, Option<OpId>),
}

/// The whole world of a run.
#[derive(Clone, Debug)]
pub(crate) struct World {
    draw: Draw,
    settings: Settings,
    now: Millis,
    server: Server,
    ledger: Ledger,
    devices: Vec<Device>,
    air: Vec<Flight>,
    /// The end of the server's own chain.
    clerk: (u64, Option<OpId>),
    devices_made: u8,
    /// An older copy of the server, with what the witness knew then.
    backup: Option<Box<Backup>>,
    /// Whether the server was restored from it.
    restored: bool,
    /// What the restored server had received and lost. Its devices must deliver it again.
    owed: BTreeSet<OpId>,
    told: VecDeque<String>,
    tells: bool,
}

impl World {
    /// Makes one run to its end.
    ///
    /// # Errors
    /// The step, and what was broken.
    pub(crate) fn play(&mut self, steps: usize) -> Result<(), (usize, super::Violation)> {
        for step in 0..steps {
            self.step().map_err(|violation| (step, violation))?;
        }
        self.heal().map_err(|violation| (steps, violation))
    }

    /// From now on the steps are recorded in words.
    pub(crate) fn tell(&mut self) {
        self.tells = true;
    }

    /// The last steps in words.
    pub(crate) fn told(&self) -> impl Iterator<Item = &str> {
        self.told.iter().map(String::as_str)
    }

    /// Counts: accepted, contested, refused, kept outside the log.
    #[must_use]
    pub(crate) const fn counts(&self) -> [usize; 4] {
        self.ledger.counts
    }

    /// The server's log, and the witness's record.
    #[must_use]
    pub(crate) fn into_log(self) -> (Vec<Row>, Ledger) {
        (self.server.log().to_vec(), self.ledger)
    }

    fn say(&mut self, what: impl FnOnce(&Self) -> String) {
        if self.tells {
            let said = what(self);
            if self.told.len() == TOLD_STEPS {
                self.told.pop_front();
            }
            self.told.push_back(said);
        }
    }

    fn device(&mut self, place: usize) -> Option<&mut Device> {
        self.devices.get_mut(place)
    }

    /// Checks that what was reported as saved is here or at the server.
    fn nothing_is_lost(&self, place: usize) -> Checked {
        let Some(device) = self.devices.get(place) else { return Ok(()) };
        let Some(session) = &device.session else { return Ok(()) };
        let here: BTreeSet<_> = session.replica.own().map(|own| own.id).collect();
        for id in &device.saved {
            let kept = here.contains(id) || self.server.place_of(*id).is_some();
            require(kept, 1, || format!("tablet {place}: {id:?} was called saved and is nowhere"))?;
        }
        self.safe_is_backed_up(place)?;
        let meta = session.replica.meta();
        let last = device.disk.database.log.keys().next_back().copied().unwrap_or_default();
        // A journal with a gap shows what it has and asks for everything again.
        let counted = meta.cursor == 0 || last <= meta.cursor || device.disk.database_weak;
        require(counted, 5, || format!("tablet {place} holds entry {last} and counts to {}", meta.cursor))?;
        Ledger::told_once(session.replica.view())
    }

    /// Checks that what is shown as safe is in the copy from which the server would be restored.
    fn safe_is_backed_up(&self, place: usize) -> Checked {
        let Some(session) = self.devices.get(place).and_then(|device| device.session.as_ref()) else { return Ok(()) };
        let safe = session.replica.meta().safe.unwrap_or_default();
        let mut shown = session.replica.own().filter(|own| own.may_count() && own.is_safe(safe));
        shown.try_for_each(|own| {
            let kept = self.backup.as_ref().is_some_and(|backup| backup.server.place_of(own.id).is_some());
            require(kept, 1, || format!("tablet {place}: {:?} is called safe and is in no backup", own.id))
        })
    }

    /// Checks that what is shown as received is in the server's log. A restored server may lack it until the device
    /// learns of that.
    fn received_is_there(&self, place: usize) -> Checked {
        let session = self.devices.get(place).and_then(|device| device.session.as_ref());
        let Some(session) = session.filter(|_| !self.restored) else { return Ok(()) };
        let has_place = |own: &&OwnOperation| own.receipt.as_ref().is_some_and(|receipt| receipt.server_seq > 0);
        let mut shown = session.replica.own().filter(has_place).filter(|own| !own.lost);
        shown.try_for_each(|own| {
            let there = self.server.place_of(own.id).is_some();
            require(there, 1, || format!("tablet {place}: {:?} is called received and is not there", own.id))
        })
    }

    /// Checks that the server keeps every operation sent, whatever the verdict.
    fn in_custody(&self, sent: &[SignedOperation]) -> Checked {
        sent.iter().try_for_each(|operation| {
            require(self.server.keeps(operation), 9, || format!("{:?} was received and is not kept", operation.id()))
        })
    }
}
