//! One step: a person acts, a device meets the server, or a fault happens.

use std::collections::BTreeSet;

use shared::ids::OpId;
use shared::op::{Body, SignedOperation, Target};
use shared::time::Millis;

use super::{Backup, World};
use crate::sim::acts::{draw_act, organise};
use crate::sim::bug::{Model, is};
use crate::sim::commune::{key, person};
use crate::sim::device::{Acted, Device, Fate};
use crate::sim::keys::sign;
use crate::sim::server::{Fall, Server};
use crate::sim::violation::Checked;

const MINUTE_MS: u64 = 60_000;
const DAY_MS: i64 = 86_400_000;

impl World {
    pub(super) fn step(&mut self) -> Checked {
        self.now = Millis(self.now.0 + MINUTE_MS * (1 + self.draw.below(20) as u64));
        let place = self.draw.below(self.devices.len());
        match self.draw.below(1_000) {
            0..=619 => self.act(place),
            620..=899 => self.meet(place),
            900..=929 => self.deliver_stray(),
            930..=949 => self.courier(place),
            950..=959 => self.close(place),
            960..=967 => self.clean_out(place),
            968..=975 => self.jump_clock(place),
            976..=987 => self.reorganise(),
            988..=991 => self.fall(),
            992..=995 => self.forge(place),
            996 | 997 if self.settings.faults.clone => self.copy_profile(place),
            998 => self.back_up(),
            999 => self.restore(),
            _ => self.close(place),
        }
    }

    /// A copy is stored elsewhere. Only after that is anything called safe.
    fn back_up(&mut self) -> Checked {
        let (server, ledger, clerk) = (self.server.clone(), self.ledger.clone(), self.clerk);
        self.backup = Some(Box::new(Backup { server, ledger, clerk }));
        self.server.note_safe();
        self.say(|_| "the office is backed up".to_owned());
        Ok(())
    }

    /// The server loses what came after the copy. The witness forgets it, too, but not what people were told.
    pub(super) fn restore(&mut self) -> Checked {
        let double = self.settings.faults.double_loss;
        let spared = |copy: &Server, id: &OpId| self.server.place_of(*id).is_none() || copy.place_of(*id).is_some();
        let usable = |backup: &Backup| {
            let mut left = self.devices.iter().flat_map(|device| &device.left);
            double || left.all(|id| spared(&backup.server, id))
        };
        if let Some(backup) = self.backup.clone().filter(|backup| usable(backup)) {
            self.say(|_| "the office is restored from an older copy".to_owned());
            self.owed
                .extend(self.server.log().iter().map(|row| row.id).filter(|id| backup.server.place_of(*id).is_none()));
            (self.server, self.ledger, self.clerk) = (backup.server, backup.ledger, backup.clerk);
            self.restored = true;
            let server = &self.server;
            for device in &mut self.devices {
                // If the device is also lost, nothing can save what was not called safe.
                device.saved.retain(|id| !device.left.contains(id) || server.place_of(*id).is_some());
            }
        }
        Ok(())
    }

    /// Opens a closed device. False when that failed and must be repeated.
    pub(super) fn ensure_open(&mut self, place: usize) -> Checked<bool> {
        let fate = match self.draw.below(24) {
            0 => Fate::KilledAppending(self.draw.below(100)),
            1 => Fate::KilledFlushed,
            2 => Fate::KilledWiping,
            3 => Fate::KilledBefore,
            _ => Fate::Sound,
        };
        let wiped = self.draw.chance(5);
        let Some(device) = self.device(place) else { return Ok(false) };
        if device.session.is_some() {
            return Ok(true);
        }
        if wiped && !device.disk.journal_weak {
            device.disk.wipe_database();
        }
        let opened = device.start(fate);
        self.say(|_| format!("tablet {place} starts ({fate:?}): {opened}"));
        self.nothing_is_lost(place)?;
        Ok(opened)
    }

    pub(super) fn act(&mut self, place: usize) -> Checked {
        if !self.ensure_open(place)? {
            return Ok(());
        }
        let (now, fate) = (self.now, Fate::draw(&mut self.draw));
        let unjudged = self.draw.chance(2);
        let Some(device) = self.devices.get_mut(place) else { return Ok(()) };
        let Some(session) = &device.session else { return Ok(()) };
        let (target, payload) = draw_act(&mut self.draw, session.replica.view(), device.person);
        let kind = payload.kind();
        let acted = if unjudged {
            // Including a kind that no version knows yet, and bytes that are no payload.
            match self.draw.below(4) {
                0 => device.act_unjudged(target, 99, payload.to_bytes(), now, fate),
                1 => device.act_unjudged(target, kind, vec![0xff, 1], now, fate),
                _ => device.act_unjudged(target, kind, payload.to_bytes(), now, fate),
            }
        } else {
            device.act(target, &payload, now, fate)
        };
        if let (Acted::Saved(id), Some(session)) = (&acted, &device.session) {
            super::require(session.replica.own().any(|own| own.id == *id), 1, || {
                format!("{id:?} is saved and not shown")
            })?;
        }
        self.say(|_| match &acted {
            Acted::Refused(refusal) => format!("tablet {place} acts, kind {kind}: refused, {refusal}"),
            other => format!("tablet {place} acts, kind {kind} ({fate:?}): {other:?}"),
        });
        Ok(())
    }

    /// Closes a device without notice.
    fn close(&mut self, place: usize) -> Checked {
        self.say(|_| format!("tablet {place} is killed"));
        self.device(place).into_iter().for_each(Device::kill);
        Ok(())
    }

    /// The browser removes one store, or a frame decays, or everything on the device is lost.
    fn clean_out(&mut self, place: usize) -> Checked {
        let what = self.draw.below(8);
        let frame = self.draw.bits();
        let Some(device) = self.devices.get_mut(place) else { return Ok(()) };
        device.kill();
        match what {
            0..=2 if !device.disk.journal_weak => device.disk.wipe_database(),
            3 | 4 if !device.disk.database_weak => device.disk.evict_journal(),
            5 | 6 if !device.disk.database_weak => {
                let frames = device.disk.frames().len().max(1) as u64;
                device.disk.damage_frame(usize::try_from(frame % frames).unwrap_or_default());
            }
            7 => {
                let machine = device.machine;
                self.lose_machine(machine);
            }
            _ => {}
        }
        self.say(|_| format!("tablet {place} is cleaned out, way {what}"));
        Ok(())
    }

    /// All stores of a device are lost. What only it had is gone, and nothing can help against that. The people who
    /// worked there start anew.
    fn lose_machine(&mut self, machine: usize) {
        let here = |device: &&Device| device.machine == machine;
        let held: BTreeSet<OpId> = self.devices.iter().filter(here).flat_map(Device::holds).collect();
        let mut owed = self.owed.iter().filter(|id| self.server.place_of(**id).is_none());
        if !self.settings.faults.double_loss && owed.any(|id| held.contains(id)) {
            return;
        }
        let fresh_id = self.fresh_device();
        for device in self.devices.iter_mut().filter(|device| device.machine == machine) {
            // This includes operations in flight that arrive when their device is gone.
            device.left.extend(device.holds());
            device.lose_everything(fresh_id);
            device.saved.retain(|id| self.server.place_of(*id).is_some());
        }
    }

    fn jump_clock(&mut self, place: usize) -> Checked {
        let days = self.draw.between(-2_000, 2_000);
        let right = self.draw.chance(40);
        let Some(device) = self.device(place) else { return Ok(()) };
        device.clock_ms = if right { 0 } else { days * DAY_MS };
        self.say(|_| format!("the clock of tablet {place} jumps by {days} days"));
        Ok(())
    }

    fn reorganise(&mut self) -> Checked {
        let (target, payload) = organise(&mut self.draw);
        self.say(|_| format!("the office: {payload:?}"));
        self.clerk_acts(target, &payload)
    }

    /// The server crashes and folds its log again.
    fn fall(&mut self) -> Checked {
        self.say(|_| "the office falls".to_owned());
        let before = self.server.log_state().state().clone();
        self.server.start_again();
        let after = self.server.log_state().state();
        super::require(before.org == after.org, 6, || "folding again gave other posts".to_owned())?;
        before.cards().try_for_each(|(key, card)| {
            let same = after.card(key).is_some_and(|again| again == card);
            super::require(same, 6, || format!("{key}: folding again gave another card"))
        })
    }

    /// A person sends an act in another's name.
    fn forge(&mut self, place: usize) -> Checked {
        let Some(device) = self.devices.get(place) else { return Ok(()) };
        let Some(session) = &device.session else { return Ok(()) };
        let epoch = session.replica.epoch();
        let last = session.replica.own().filter(|own| own.body.epoch == epoch).last();
        let Some(own) = last else { return Ok(()) };
        let body =
            Body { seq: own.body.seq + 1, prev: Some(own.id), target: Target::Card(key(5, 10)), ..own.body.clone() };
        let bytes = body.to_bytes();
        let signature = sign(666, &bytes);
        let forged = [SignedOperation { body: bytes, signature }];
        self.say(|_| format!("somebody signs for {}", person(5)));
        self.server.receive(&forged, self.now, Fall::No, &mut self.ledger)?;
        if is(Model::LoseAside) { Ok(()) } else { self.in_custody(&forged) }
    }

    /// A profile is copied to another machine, and both continue.
    fn copy_profile(&mut self, place: usize) -> Checked {
        if let Some(device) = self.devices.get(place).filter(|_| self.devices.len() < 8) {
            let mut copy = device.clone();
            copy.kill();
            copy.saved.clear();
            self.devices.push(copy);
            self.say(|_| format!("tablet {place} is copied"));
        }
        Ok(())
    }
}
