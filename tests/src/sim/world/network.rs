//! Requests and answers in flight: lost, late, doubled, cut, or replaced by a portal's page.

use std::collections::BTreeSet;
use std::rc::Rc;

use shared::device_store::Record;
use shared::ids::PersonId;
use shared::op::{ChainKey, RefusalCode, SignedOperation, Target};
use shared::sync::{CompactedReader, SyncRequest, SyncResponse};

use super::{Flight, World};
use crate::sim::bug::{Model, is};
use crate::sim::device::{Device, Fate, Taken, Wire, Wrote};
use crate::sim::ledger::{Scene, may_read};
use crate::sim::server::{Answer, Fall};
use crate::sim::violation::{Checked, Violation, require};

/// What the network does to an exchange.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Weather {
    /// Nothing goes wrong, and the server does not crash either.
    Calm,
    Fine,
    RequestLost,
    RequestLate,
    Twice,
    AnswerLost,
    AnswerLate,
    AnswerCut,
    Portal,
}

impl World {
    fn weather(&mut self) -> Weather {
        match self.draw.below(100) {
            0..=4 => Weather::RequestLost,
            5..=9 => Weather::RequestLate,
            10..=14 => Weather::Twice,
            15..=22 => Weather::AnswerLost,
            23..=32 => Weather::AnswerLate,
            33..=38 => Weather::AnswerCut,
            39..=41 => Weather::Portal,
            _ => Weather::Fine,
        }
    }

    /// One contact: a few exchanges under some network faults.
    pub(super) fn meet(&mut self, place: usize) -> Checked {
        if !self.ensure_open(place)? {
            return Ok(());
        }
        for _ in 0..1 + self.draw.below(3) {
            let weather = self.weather();
            let bytes_max = *self.draw.pick(&[1_000, 2_000, 8_000, 64_000]).unwrap_or(&8_000);
            let fate = Fate::draw(&mut self.draw);
            let more = self.exchange(place, bytes_max, weather, fate)?;
            self.received_is_there(place)?;
            if !more {
                break;
            }
            // A restored server is most easily overlooked between two pages of one copy.
            if self.draw.chance(1) {
                self.restore()?;
            }
        }
        Ok(())
    }

    /// One exchange without faults. True when more must be exchanged.
    pub(super) fn exchange_well(&mut self, place: usize) -> Checked<bool> {
        self.exchange(place, 64_000, Weather::Calm, Fate::Sound)
    }

    fn exchange(&mut self, place: usize, bytes_max: usize, weather: Weather, fate: Fate) -> Checked<bool> {
        if !self.ensure_registered(place) {
            return Ok(false);
        }
        let Some(device) = self.devices.get(place) else { return Ok(false) };
        let Some(request) = device.request(bytes_max) else { return Ok(false) };
        let (reader, bytes) = (device.person, request.to_bytes());
        self.say(|_| format!("tablet {place} sends {} operations, {weather:?}, {fate:?}", request.operations.len()));
        if is(Model::ClearOutboxEarly) {
            let sent = request.operations.clone();
            self.device(place).into_iter().for_each(|device| device.forge_receipts(&sent));
        }
        match weather {
            Weather::RequestLost => return Ok(false),
            Weather::RequestLate => {
                self.air.push(Flight { place, bytes });
                return Ok(false);
            }
            Weather::Twice => self.air.push(Flight { place, bytes: bytes.clone() }),
            Weather::Portal => {
                let now = self.now;
                let Some(device) = self.device(place) else { return Ok(false) };
                device.take(&request.operations, &Wire::Portal, now, fate);
                return Ok(false);
            }
            _ => {}
        }
        let fall = if weather == Weather::Fine && fate == Fate::Sound { self.draw_fall() } else { Fall::No };
        let Some(answer) = self.arrive(reader, &bytes, fall)? else { return Ok(false) };
        if weather == Weather::AnswerLost {
            return Ok(false);
        }
        if weather == Weather::AnswerLate {
            // The person continues to work while the answer is in flight.
            self.act(place)?;
        }
        self.take(place, &request, answer, weather, fate)
    }

    fn draw_fall(&mut self) -> Fall {
        match self.draw.below(150) {
            0 => Fall::BeforeCommit,
            1 => Fall::AfterCommit,
            _ => Fall::No,
        }
    }

    /// The server receives a request.
    fn arrive(&mut self, reader: PersonId, bytes: &[u8], fall: Fall) -> Checked<Option<Answer>> {
        let request = SyncRequest::from_bytes(bytes)
            .map_err(|error| Violation { invariant: 9, what: format!("a request is not readable: {error}") })?;
        let received = self.server.receive(&request.operations, self.now, fall, &mut self.ledger)?;
        let Some(receipts) = received else { return Ok(None) };
        if fall == Fall::No && !is(Model::StopAtFirstBad) {
            self.in_custody(&request.operations)?;
        }
        Ok(Some(self.server.answer(reader, &request, receipts, self.now)))
    }

    fn take(
        &mut self,
        place: usize,
        request: &SyncRequest,
        answer: Answer,
        weather: Weather,
        fate: Fate,
    ) -> Checked<bool> {
        let mut bytes = answer.response.to_bytes();
        if weather == Weather::AnswerCut {
            bytes.truncate(self.draw.below(bytes.len()));
            require(SyncResponse::from_bytes(&bytes).is_err(), 5, || "a cut answer was read".to_owned())?;
            if is(Model::AcceptTruncated) {
                let mut cut = answer.response;
                cut.entries.truncate(cut.entries.len() / 2);
                bytes = cut.to_bytes();
            }
        }
        let now = self.now;
        let Some(device) = self.device(place) else { return Ok(false) };
        let taken = device.take(&request.operations, &Wire::Answer(bytes), now, fate);
        self.introduce_former_keys(place);
        let Taken::Kept { absorbed, response } = taken else { return Ok(false) };
        self.look_at_receipts(&request.operations, &response)?;
        self.look_at_entries(place, request, &response, &answer.scene)?;
        Ok(absorbed.more || self.devices.get(place).is_some_and(Device::goes_on))
    }

    /// Checks that the server has everything with a receipt. Also checks that a device which nobody copied, and whose
    /// server forgot nothing, never signs twice under one number or with a key that the server knows as another. The
    /// device would repair that by itself, so only this check notices it.
    fn look_at_receipts(&self, sent: &[SignedOperation], response: &SyncResponse) -> Checked {
        let may_fork = self.settings.faults.clone || self.restored;
        for (operation, signed) in sent.iter().zip(&response.receipts) {
            let Ok(receipt) = signed.decode() else { continue };
            let id = receipt.op;
            require(id == operation.id(), 1, || format!("the receipt for {:?} names {id:?}", operation.id()))?;
            let here = match receipt.server_seq {
                0 => self.server.keeps(operation),
                seq => self.server.place_of(id) == Some(seq),
            };
            require(here, 1, || format!("{id:?} has a receipt for {} and is not there", receipt.server_seq))?;
            let code = receipt.verdict.refusal().map(|refusal| refusal.code);
            let forked = matches!(code, Some(RefusalCode::Fork | RefusalCode::BadSignature));
            require(may_fork || !forked, 2, || format!("{id:?} forks a chain that nobody copied: {code:?}"))?;
        }
        Ok(())
    }

    /// Checks that a device gets what is new to it, as the server has it, and nothing that it may not have, and that it
    /// stores nothing of that kind.
    fn look_at_entries(
        &mut self,
        place: usize,
        request: &SyncRequest,
        response: &SyncResponse,
        scene: &Rc<Scene>,
    ) -> Checked {
        let Some(device) = self.devices.get(place) else { return Ok(()) };
        let from = if response.reset { 0 } else { request.cursor };
        // Cards that were finished at that time come outside the log. They are compacted, or whole where somebody
        // continued to work on them.
        let snapshot_seq = response.snapshot_seq.unwrap_or_default();
        let mut given = BTreeSet::new();
        for entry in &response.entries {
            let seq = entry.server_seq;
            require(given.insert(seq), 2, || format!("entry {seq} is twice in one answer"))?;
            require(seq > from || seq <= snapshot_seq, 2, || format!("entry {seq} came again after {from}"))?;
            let compacted = entry.compacted.as_ref().and_then(|bytes| CompactedReader::new(bytes).ok());
            if let Some(Target::Card(key)) = compacted.map(|compacted| compacted.target) {
                let entitled = may_read(scene, device.person, &key);
                require(entitled, 4, || format!("{key} was compacted to {}", device.person))?;
            }
            let Some(id) = entry.operation.as_ref().map(SignedOperation::id).or(entry.op) else { continue };
            let known = self.ledger.known(id);
            let same = known.is_some_and(|known| known.server_seq == seq && known.verdict == entry.verdict);
            require(same, 2, || format!("entry {seq} is {id:?}, known as {known:?}"))?;
            self.ledger.may_hold(scene, device.person, id)?;
        }
        self.look_at_all_held(place, response.reset, scene)
    }

    /// Checks that what was copied under an older scope is gone from the device, including the database.
    fn look_at_all_held(&mut self, place: usize, reset: bool, scene: &Rc<Scene>) -> Checked {
        let Some(device) = self.devices.get_mut(place) else { return Ok(()) };
        let same = device.looked_under.as_ref().is_some_and(|under| Rc::ptr_eq(under, scene));
        // A database that refused what the journal accepted still holds what it must forget, until it accepts that.
        if same && !reset || device.disk.database_weak {
            return Ok(());
        }
        device.looked_under = Some(Rc::clone(scene));
        for seq in device.disk.database.log.keys() {
            let row = self.server.log().get(usize::try_from(seq.saturating_sub(1)).unwrap_or(usize::MAX));
            row.map_or(Ok(()), |row| self.ledger.may_hold(scene, device.person, row.id))?;
        }
        // Where frames are damaged, only the next start can decide what may be removed.
        if !device.disk.is_damaged() {
            let frames = device.disk.frames().iter().filter_map(|frame| Record::try_from(frame.clone()).ok());
            let logged = frames.filter_map(|record| match record {
                Record::Log { server_seq, .. } => usize::try_from(server_seq.saturating_sub(1)).ok(),
                _ => None,
            });
            let mut rows = logged.filter_map(|place| self.server.log().get(place));
            rows.try_for_each(|row| self.ledger.may_hold(scene, device.person, row.id))?;
        }
        Ok(())
    }

    /// Registers former keys. A lost key still vouches for what it signed, once the server knows its public half.
    fn introduce_former_keys(&mut self, place: usize) {
        let Some(device) = self.devices.get_mut(place).filter(|_| !is(Model::ForgetPublicKey)) else { return };
        for (epoch, key) in device.former_keys() {
            // If the server has another key for the number, that one counts.
            let _ = self.server.register(ChainKey { actor: device.person, device: device.id, epoch }, key);
        }
    }

    /// Registers the key of the epoch at the server.
    fn ensure_registered(&mut self, place: usize) -> bool {
        for _ in 0..2 {
            let Some(device) = self.devices.get_mut(place) else { return false };
            let Some(session) = &device.session else { return false };
            let epoch = session.replica.epoch();
            if session.registered == Some(epoch) {
                return true;
            }
            let chain = ChainKey { actor: device.person, device: device.id, epoch };
            match self.server.register(chain, session.key) {
                Ok(()) => return device.note_registered(Some(epoch)) == Wrote::Kept,
                Err(epoch_max) => device.start_epoch_above(epoch_max.max(epoch)),
            }
        }
        false
    }

    /// A request that was late or sent twice arrives. Nobody awaits its answer any more.
    pub(super) fn deliver_stray(&mut self) -> Checked {
        if self.air.is_empty() {
            return Ok(());
        }
        let flight = self.air.swap_remove(self.draw.below(self.air.len()));
        let Some(device) = self.devices.get(flight.place) else { return Ok(()) };
        let reader = device.person;
        self.say(|_| format!("a late request of tablet {} arrives", flight.place));
        self.arrive(reader, &flight.bytes, Fall::No).map(drop)
    }

    /// A courier carries the waiting operations in pieces that arrive in any order. Receipts come with the next
    /// exchange.
    pub(super) fn courier(&mut self, place: usize) -> Checked {
        if !self.ensure_open(place)? || !self.ensure_registered(place) {
            return Ok(());
        }
        let Some(request) = self.devices.get(place).and_then(|device| device.request(8_000)) else { return Ok(()) };
        let mut pieces: Vec<&[SignedOperation]> = request.operations.chunks(2).collect();
        self.say(|_| format!("a courier brings {} operations of tablet {place}", request.operations.len()));
        while !pieces.is_empty() {
            let piece = pieces.swap_remove(self.draw.below(pieces.len()));
            self.server.receive(piece, self.now, Fall::No, &mut self.ledger)?;
            if !is(Model::StopAtFirstBad) {
                self.in_custody(piece)?;
            }
        }
        Ok(())
    }
}
