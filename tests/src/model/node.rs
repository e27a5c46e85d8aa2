//! One state of devices, server and network, and the events that can follow.

use std::hash::{DefaultHasher, Hash as _, Hasher};

use shared::card::Card;
use shared::op::{DraftValue, Payload, SelfScore, SignedOperation, Stage, Target};

use super::Bounds;
use crate::rig::{BYTES_MAX, Rig};
use crate::sim::acts::self_score;
use crate::sim::commune::key;
use crate::sim::device::{Device, Fate};
use crate::sim::violation::{Checked, require};

/// One official on two devices.
const PEOPLE: [u8; 2] = [5, 5];
/// How a device may be killed while it stores an answer: in the middle of the journal's append, or while the database
/// wipes itself.
const KILLS: [Fate; 2] = [Fate::KilledAppending(50), Fate::KilledWiping];

/// An event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Act(usize),
    Send(usize),
    /// A request arrives. If it is kept, it will arrive again.
    Arrive {
        message: usize,
        kept: bool,
    },
    /// An answer arrives, with the fate of what the device writes.
    Take(usize, Fate),
    Kill(usize),
}

/// A request or an answer in flight.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Message {
    place: usize,
    is_answer: bool,
    number: u8,
    bytes: Vec<u8>,
}

/// What one device has done and may still do.
#[derive(Clone, Debug)]
struct Side {
    acts: u8,
    requests: u8,
    /// The number of the request whose answer it awaits, and what it sent.
    waits: Option<(u8, Vec<SignedOperation>)>,
}

/// The whole state.
#[derive(Clone, Debug)]
pub(super) struct Node {
    rig: Rig,
    sides: [Side; 2],
    air: Vec<Message>,
    copies: u8,
    kills: u8,
}

impl Node {
    /// Both devices know the commune, and nothing has been done.
    pub(super) fn new(bounds: Bounds) -> Checked<Self> {
        let mut rig = Rig::new(&PEOPLE)?;
        (0..PEOPLE.len()).try_for_each(|place| rig.meet(place))?;
        let side = Side { acts: bounds.acts, requests: bounds.requests, waits: None };
        Ok(Self { rig, sides: [side.clone(), side], air: Vec::new(), copies: bounds.copies, kills: bounds.kills })
    }

    /// The events that may happen next.
    pub(super) fn events(&self) -> Vec<Event> {
        let mut events = Vec::new();
        for (place, side) in self.sides.iter().enumerate() {
            events.extend((side.acts > 0).then_some(Event::Act(place)));
            events.extend((side.requests > 0).then_some(Event::Send(place)));
            events.extend((self.kills > 0).then_some(Event::Kill(place)));
        }
        for (message, it) in self.air.iter().enumerate() {
            if !it.is_answer {
                events.push(Event::Arrive { message, kept: false });
                events.extend((self.copies > 0).then_some(Event::Arrive { message, kept: true }));
                continue;
            }
            let waits = self.sides.get(it.place).and_then(|side| side.waits.as_ref());
            // Nobody accepts an answer to a request that was given up.
            if waits.is_some_and(|(number, _)| *number == it.number) {
                events.push(Event::Take(message, Fate::Sound));
                let kills = KILLS.iter().filter(|_| self.kills > 0);
                events.extend(kills.map(|fate| Event::Take(message, *fate)));
            }
        }
        events
    }

    /// The state after an event.
    pub(super) fn after(&self, event: &Event) -> Checked<Self> {
        let mut next = self.clone();
        match *event {
            Event::Act(place) => next.act(place)?,
            Event::Send(place) => next.send(place)?,
            Event::Arrive { message, kept } => next.arrive(message, kept)?,
            Event::Take(message, fate) => next.take(message, fate)?,
            Event::Kill(place) => {
                next.kills -= 1;
                next.start_again(place)?;
            }
        }
        next.air.sort_unstable();
        Ok(next)
    }

    fn side(&mut self, place: usize) -> Checked<&mut Side> {
        self.sides.get_mut(place).ok_or_else(|| crate::rig::broken(format!("no tablet {place}")))
    }

    fn act(&mut self, place: usize) -> Checked {
        self.side(place)?.acts -= 1;
        let card = key(5, 10);
        let payload = match &self.rig.device(place)?.session {
            Some(session) => choose(place, session.replica.view().card(&card).unwrap_or(&Card::default())),
            None => return Ok(()),
        };
        let saved = self.rig.act(place, Target::Card(card), &payload)?;
        require(saved, 0, || format!("tablet {place} refused {payload:?}"))
    }

    fn send(&mut self, place: usize) -> Checked {
        let request = self.rig.request(place, BYTES_MAX)?;
        let side = self.side(place)?;
        side.requests -= 1;
        let number = side.requests;
        let bytes = request.to_bytes();
        side.waits = Some((number, request.operations));
        self.air.push(Message { place, is_answer: false, number, bytes });
        Ok(())
    }

    fn arrive(&mut self, message: usize, kept: bool) -> Checked {
        let request = self.air.swap_remove(message);
        let answer = self.rig.arrive(request.place, &request.bytes)?;
        if let Some(answer) = answer {
            self.air.push(Message { is_answer: true, bytes: answer.to_bytes(), ..request.clone() });
        }
        if kept {
            self.copies -= 1;
            self.air.push(request);
        }
        Ok(())
    }

    fn take(&mut self, message: usize, fate: Fate) -> Checked {
        let answer = self.air.swap_remove(message);
        let Some((_, sent)) = self.side(answer.place)?.waits.take() else { return Ok(()) };
        self.rig.take(answer.place, &sent, answer.bytes, fate)?;
        if fate != Fate::Sound {
            self.kills -= 1;
            self.start_again(answer.place)?;
        }
        Ok(())
    }

    fn start_again(&mut self, place: usize) -> Checked {
        self.side(place)?.waits = None;
        let device = self.rig.device(place)?;
        device.kill();
        require(device.start(Fate::Sound), 1, || "a sound store did not open".to_owned())
    }

    /// What must hold in every state.
    pub(super) fn check(&self) -> Checked {
        self.rig.nothing_is_lost()?;
        (0..PEOPLE.len()).try_for_each(|place| self.rig.no_gap(place))
    }

    /// Checks what must hold once the network works again.
    pub(super) fn heals(&self) -> Checked {
        let mut rig = self.rig.clone();
        rig.heal()?;
        // Everything reported as contested is contested for both, and no version is lost: the witness knows them all.
        rig.no_gap(0)?;
        rig.no_gap(1)
    }

    /// The hash of everything that decides what may happen.
    pub(super) fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.core_hash().hash(&mut hasher);
        for side in &self.sides {
            (side.acts, side.requests, side.waits.as_ref().map(|(number, _)| number)).hash(&mut hasher);
        }
        (&self.air, self.copies, self.kills).hash(&mut hasher);
        hasher.finish()
    }

    /// The hash of devices and server alone.
    pub(super) fn core_hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.rig.server.hash_into(&mut hasher);
        self.rig.devices.iter().for_each(|device| hash_device(device, &mut hasher));
        hasher.finish()
    }
}

fn hash_device(device: &Device, hasher: &mut DefaultHasher) {
    let database = &device.disk.database;
    for (op, bytes) in &database.receipts {
        (op, bytes).hash(hasher);
    }
    for (place, bytes) in &database.own {
        (place, bytes).hash(hasher);
    }
    for (name, bytes) in &database.metadata {
        (name, bytes).hash(hasher);
    }
    database.log.keys().for_each(|seq| seq.hash(hasher));
    (device.disk.frames().len(), &device.saved).hash(hasher);
    if let Some(session) = &device.session {
        (session.replica.epoch(), session.registered, session.key).hash(hasher);
        session.replica.request(BYTES_MAX).to_bytes().hash(hasher);
    }
}

/// What an official who sees this card would do. It is never quite the same on the two devices.
fn choose(place: usize, card: &Card) -> Payload {
    let reason = format!("vì thế, máy {place}");
    if let Some(register) = card.contested().first() {
        let heads: Vec<_> = card.heads(register).collect();
        if let Some(choice) = if place == 0 { heads.first() } else { heads.last() } {
            return Payload::Resolve { register: register.clone(), choice: *choice, reason };
        }
    }
    match card.stage() {
        Stage::Working => {
            Payload::SubmitSelfScore(SelfScore { strengths: format!("Trên máy {place}"), ..self_score() })
        }
        Stage::SelfScored => Payload::WithdrawSelfScore { reason },
        _ => {
            let value = DraftValue { text: reason, ..DraftValue::default() };
            Payload::SaveDraft { appraisal: false, fields: [("comment".to_owned(), value)].into_iter().collect() }
        }
    }
}
