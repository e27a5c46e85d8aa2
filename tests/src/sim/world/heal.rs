//! The end of a run. Everybody meets the server until nothing is left, and then all must agree.

use shared::sync::OwnOperation;

use super::World;
use crate::sim::commune::OFFICIALS;
use crate::sim::device::Fate;
use crate::sim::ledger::{Ledger, Scene, may_read};
use crate::sim::violation::{Checked, require};

/// Rounds of contacts that bring the server nothing new, after which every outbox must be empty. A restored server
/// receives alternating work of people on two devices in alternating rounds, one for each.
const IDLE_ROUNDS: usize = 2;
/// Exchanges of one contact.
const EXCHANGES_MAX: usize = 64;

impl World {
    pub(super) fn heal(&mut self) -> Checked {
        self.say(|_| "everybody meets the office".to_owned());
        self.air.clear();
        for device in &mut self.devices {
            device.clock_ms = 0;
            device.kill();
            device.start(Fate::Sound);
        }
        let mut idle = 0;
        while idle < IDLE_ROUNDS {
            let before = self.server.log().len();
            (0..self.devices.len()).try_for_each(|place| self.meet_well(place))?;
            idle = if self.server.log().len() > before { 0 } else { idle + 1 };
        }
        self.outboxes_are_empty()?;
        // Those who met the server first have not seen what the others brought.
        (0..self.devices.len()).try_for_each(|place| self.meet_well(place))?;
        self.ledger.compare(self.server.log_state().state())?;
        Ledger::told_once(self.server.log_state().state())?;
        (0..self.devices.len()).try_for_each(|place| self.agrees(place))
    }

    fn meet_well(&mut self, place: usize) -> Checked {
        for _ in 0..EXCHANGES_MAX {
            if !self.exchange_well(place)? {
                break;
            }
        }
        self.nothing_is_lost(place)
    }

    fn outboxes_are_empty(&self) -> Checked {
        for (place, device) in self.devices.iter().enumerate() {
            let Some(session) = &device.session else {
                return require(false, 8, || format!("tablet {place} does not open"));
            };
            let left = session.replica.unsent().count();
            let first = session.replica.unsent().next().map(|own| own.receipt.clone());
            require(left == 0, 8, || format!("tablet {place}: {left} operations left, the first with {first:?}"))?;
            // Operations in a chain of two devices are kept outside the log. They are done again in another chain or
            // shown to the person.
            let aside = |own: &OwnOperation| own.is_forked() && (self.restored || self.server.keeps(&own.signed));
            for id in &device.saved {
                let kept = || session.replica.own().any(|own| own.id == *id && aside(own));
                let here = self.server.place_of(*id).is_some() || kept();
                require(here, 1, || format!("tablet {place}: {id:?} was called saved and the office lacks it"))?;
            }
            require(!session.replica.has_forked(), 8, || format!("tablet {place} signs in a chain that forked"))?;
            session.replica.own().try_for_each(|own| self.is_told_as_decided(place, own))?;
        }
        Ok(())
    }

    /// Checks that the device reports each operation's verdict as in the server's log, even where the server was
    /// restored and judged it again.
    fn is_told_as_decided(&self, place: usize, own: &OwnOperation) -> Checked {
        let row =
            self.server.place_of(own.id).and_then(|place| self.server.log().get(usize::try_from(place - 1).ok()?));
        let told = own.receipt.as_ref().map(|receipt| receipt.verdict.counts());
        require(row.is_none_or(|row| told == Some(row.verdict.counts())), 1, || {
            let decided = row.map(|row| &row.verdict);
            format!("tablet {place}: {:?} is told as {:?} and was decided as {decided:?}", own.id, own.receipt)
        })
    }

    /// Checks that a device shows what the server has, as far as its person may see it, and nothing else.
    fn agrees(&self, place: usize) -> Checked {
        let Some(device) = self.devices.get(place) else { return Ok(()) };
        let Some(session) = &device.session else { return Ok(()) };
        let (office, person) = (self.server.log_state().state(), device.person);
        let (view, confirmed) = (session.replica.view(), session.replica.confirmed());
        require(confirmed.org == office.org, 5, || format!("tablet {place} knows other posts"))?;
        require(confirmed.work_lists == office.work_lists, 5, || format!("tablet {place} knows other work lists"))?;
        let scene = Scene::of(office);
        for n in OFFICIALS {
            for month in [8, 9, 10] {
                let key = crate::sim::commune::key(n, month);
                if may_read(&scene, person, &key) && !session.replica.is_compacted(&key) {
                    let (here, there) = (view.card_hash(&key), office.card_hash(&key));
                    require(here == there, 5, || {
                        format!("tablet {place}: {key} is {here:?} and at the office {there:?}")
                    })?;
                }
            }
        }
        self.ledger.compare_device(&session.replica, office)?;
        let again = device.stored();
        let fresh = shared::device_store::fold(&again, person, device.id, session.replica.epoch());
        self.ledger.compare_device(&fresh, office)
    }
}
