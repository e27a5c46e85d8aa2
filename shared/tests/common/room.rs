//! An office of two people that lives by the rules of one test: an official, and the head who marks.

use shared::card::Side;
use shared::fixture::adoption;
use shared::ids::{LineId, OpId, PersonId};
use shared::op::{CardKey, NewLine, Payload, Progress, Refusal, Target};
use shared::pack::{Pack, PackAdoption};
use shared::state::State;
use shared::time::Day;

use super::{Device, OCTOBER, Server, at, founding, official_head_chair, person};

/// The office, with the time of its last act.
pub struct Room {
    pub server: Server,
    pub official: Device,
    pub head: Device,
    pub key: CardKey,
    minute: u64,
}

impl Room {
    /// The office adopts `rules` from March.
    pub fn new(rules: &'static Pack) -> Self {
        let mut server = Server::new();
        let mut clerk = Device::new(PersonId::SYSTEM, 99);
        for payload in founding() {
            let payload = match payload {
                Payload::AdoptPack(_) => {
                    let from = Day::parse("2026-03-01").unwrap();
                    Payload::AdoptPack(PackAdoption { id: rules.id.clone(), pack: rules.hash, from, ..adoption() })
                }
                other => other,
            };
            clerk.act(Target::Org, payload, at(0)).unwrap();
        }
        clerk.sync(&mut server, at(0));
        let [official, head, _] = official_head_chair();
        let key = CardKey { subject: person(5).into(), period: OCTOBER, pack: rules.hash };
        Self { server, official, head, key, minute: 5 }
    }

    /// The head assigns work, and the official reports it.
    pub fn work(&mut self, line: NewLine, progress: Progress) -> LineId {
        let line = LineId::new(self.act(true, Payload::AssignWork(vec![line])).unwrap(), 0);
        self.act(false, Payload::ReportProgress { line, progress }).unwrap();
        line
    }

    /// One of them acts on the official's card, and the server judges as the device did.
    pub fn act(&mut self, by_head: bool, payload: Payload) -> Result<OpId, Refusal> {
        self.minute += 1;
        let device = if by_head { &mut self.head } else { &mut self.official };
        device.sync(&mut self.server, at(self.minute));
        let done = device.act(Target::Card(self.key.clone()), payload, at(self.minute))?;
        device.sync(&mut self.server, at(self.minute));
        let receipt = self.server.receipts[&done].decode().unwrap();
        assert!(receipt.verdict.counts(), "{:?}", receipt.verdict);
        Ok(done)
    }

    pub fn state(&self) -> &State {
        self.server.log_state.state()
    }

    pub fn total(&self, side: Side) -> String {
        self.state().outcome(&self.key, side).unwrap().unwrap().total.unwrap().exact.to_string()
    }
}
