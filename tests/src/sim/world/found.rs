//! The beginning of a run.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use shared::card::Card;
use shared::ids::{DeviceId, OpId, PersonId};
use shared::op::{Body, ChainKey, Payload, SignedOperation, Stage, Target, VERSION};
use shared::time::Hlc;

use super::World;
use crate::random::Draw;
use crate::sim::Settings;
use crate::sim::acts::{MONTH_STEPS, month_step};
use crate::sim::commune::{CLERK, MORNING, founding, key, person};
use crate::sim::device::Device;
use crate::sim::keys::sign;
use crate::sim::ledger::Ledger;
use crate::sim::server::{Fall, Server};
use crate::sim::violation::{Checked, require};

/// The key of the server's own chain.
const CLERK_KEY: u64 = 2;

/// A server with its founded commune. Every run starts from a copy of it.
///
/// # Errors
/// When this already breaks an invariant.
pub(crate) fn template() -> Checked<World> {
    let mut world = World {
        draw: Draw::new(0),
        settings: Settings::default(),
        now: MORNING,
        server: Server::new(),
        ledger: Ledger::default(),
        devices: Vec::new(),
        air: Vec::new(),
        clerk: (0, None),
        devices_made: 0,
        backup: None,
        restored: false,
        owed: BTreeSet::new(),
        told: VecDeque::new(),
        tells: false,
    };
    let _ = world.server.register(ChainKey { actor: PersonId::SYSTEM, device: CLERK, epoch: 1 }, CLERK_KEY);
    for payload in founding() {
        world.clerk_acts(Target::Org, &payload)?;
    }
    for n in FINISHED {
        world.finish_a_month(n)?;
    }
    Ok(world)
}

/// The people whose August is finished when the run begins. New devices get it compacted.
const FINISHED: [u8; 2] = [5, 6];

/// The server and the witness alone, with the founded commune.
///
/// # Errors
/// When this already breaks an invariant.
pub(crate) fn founded() -> Checked<(Server, Ledger)> {
    template().map(|world| (world.server, world.ledger))
}

impl World {
    /// A copy for one seed, with its devices.
    #[must_use]
    pub(crate) fn of(template: &Self, seed: u64, settings: Settings) -> Self {
        let mut world = Self { draw: Draw::at(seed, "sim", 0), settings, ..template.clone() };
        // The official on two devices, the head of office, the chairman. Then a colleague on the official's second
        // device, the personnel officer, the deputy, and the head again on another device.
        let people: [(u8, usize); 8] = [(5, 0), (5, 1), (4, 2), (2, 3), (6, 1), (7, 4), (3, 3), (4, 5)];
        let count = 2 + world.draw.below(7);
        let first = if count < 4 { 1 } else { 0 };
        for (who, machine) in people.into_iter().skip(first).take(count) {
            let device = u8::try_from(100 + machine).unwrap_or(u8::MAX);
            let key = 1_000 * (world.devices.len() as u64 + 1);
            world.devices.push(Device::new(person(who), machine, DeviceId::from_bytes([device; 16]), key));
        }
        world
    }

    /// A device id that nobody has.
    pub(super) fn fresh_device(&mut self) -> DeviceId {
        self.devices_made = self.devices_made.wrapping_add(1);
        let mut bytes = [200; 16];
        if let Some(last) = bytes.last_mut() {
            *last = self.devices_made;
        }
        DeviceId::from_bytes(bytes)
    }

    /// August of one official, published without faults, on computers that nobody uses later.
    fn finish_a_month(&mut self, n: u8) -> Checked {
        let card = key(n, 8);
        let mut places: BTreeMap<u8, (u64, Option<OpId>)> = BTreeMap::new();
        for step in 0..MONTH_STEPS {
            let state = self.server.log_state().state();
            let empty = Card::default();
            let seen = state.card(&card).unwrap_or(&empty);
            let (by, payload) = month_step(step, n, state, seen);
            let (seq, prev) = places.get(&by).copied().unwrap_or_default();
            let body = Body {
                version: VERSION,
                kind: payload.kind(),
                actor: person(by),
                device: DeviceId::from_bytes([50 + n; 16]),
                epoch: 1,
                seq: seq + 1,
                prev,
                target: Target::Card(card.clone()),
                base: state.base_on(&Target::Card(card.clone()), &payload),
                seen_seq: 0,
                hlc: Hlc { at: self.now, counter: 0 },
                last_server_time: self.now,
                payload: payload.to_bytes().into(),
                nonce: None,
            };
            let pen = 10 * u64::from(n) + u64::from(by);
            let _ = self.server.register(body.chain(), pen);
            let bytes = body.to_bytes();
            let operation = SignedOperation { signature: sign(pen, &bytes), body: bytes };
            places.insert(by, (seq + 1, Some(operation.id())));
            self.server.receive(&[operation], self.now, Fall::No, &mut self.ledger)?;
        }
        let stage = self.server.log_state().state().card(&card).map(Card::stage);
        require(stage == Some(Stage::Published), 9, || format!("the month before the story ends at {stage:?}"))
    }

    /// The server acts on its own computer.
    pub(super) fn clerk_acts(&mut self, target: Target, payload: &Payload) -> Checked {
        let (seq, prev) = (self.clerk.0 + 1, self.clerk.1);
        let body = Body {
            version: VERSION,
            kind: payload.kind(),
            actor: PersonId::SYSTEM,
            device: CLERK,
            epoch: 1,
            seq,
            prev,
            target,
            base: Vec::new(),
            seen_seq: 0,
            hlc: Hlc { at: self.now, counter: 0 },
            last_server_time: self.now,
            payload: payload.to_bytes().into(),
            nonce: None,
        };
        let bytes = body.to_bytes();
        let signature = sign(CLERK_KEY, &bytes);
        let operation = SignedOperation { body: bytes, signature };
        self.clerk = (seq, Some(operation.id()));
        self.server.receive(&[operation], self.now, Fall::No, &mut self.ledger).map(drop)
    }
}
