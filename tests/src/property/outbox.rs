//! Tests what a device sends: everything that was done and not answered, in the order of its chain, until the server's
//! answer is stored. Network and stores may fail meanwhile.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use shared::device_store::Records;
use shared::ids::OpId;
use shared::op::{Payload, Receipt, SignedOperation, SignedReceipt, Target, Verdict};
use shared::org::Post;
use shared::sync::{SyncRequest, stored_receipt};

use super::Runs;
use super::store::fates;
use crate::proved::Proved;
use crate::random::Draw;
use crate::rig::Rig;
use crate::sim::acts::draw_act;
use crate::sim::bug::{Model, is};
use crate::sim::commune::{day, key, post};
use crate::sim::device::{Fate, Taken};
use crate::sim::server::Fall;
use crate::sim::violation::{Checked, require};

/// Steps of a run.
const STEPS_MAX: usize = 24;
/// The official, the head of office, the personnel officer.
const PEOPLE: [u8; 3] = [5, 4, 7];
const OFFICIAL: usize = 0;
const SUPERIOR: usize = 1;
const PERSONNEL: usize = 2;

#[derive(Clone, Copy, Debug)]
enum Weather {
    Fine,
    RequestLost,
    AnswerLost,
    AnswerCut,
    Twice,
}

#[derive(Clone, Debug)]
enum Step {
    Act(u64),
    UnknownKind,
    Send { bytes_max: usize, weather: Weather, fate: Fate },
    Courier,
    Kill,
    OfficeFalls,
    SuperiorActs(u64),
    ScopeChanges(bool),
}

pub(super) fn prove(runs: &Runs) -> Proved {
    let template = Rig::new(&PEOPLE).and_then(|mut rig| {
        (0..PEOPLE.len()).try_for_each(|place| rig.meet(place))?;
        Ok(rig)
    });
    match template {
        Ok(template) => runs.play("outbox", &vec(steps(), 1..STEPS_MAX), |story| tell(template.clone(), story)),
        Err(violation) => Proved { runs: 0, failures: vec![violation.to_string()] },
    }
}

fn steps() -> impl Strategy<Value = Step> {
    let weather = prop_oneof![
        4 => Just(Weather::Fine),
        1 => Just(Weather::RequestLost),
        1 => Just(Weather::AnswerLost),
        1 => Just(Weather::AnswerCut),
        1 => Just(Weather::Twice),
    ];
    let bytes_max = prop_oneof![Just(300_usize), Just(1_000), Just(64_000)];
    prop_oneof![
        6 => any::<u64>().prop_map(Step::Act),
        1 => Just(Step::UnknownKind),
        6 => (bytes_max, weather, fates()).prop_map(|(bytes_max, weather, fate)| Step::Send { bytes_max, weather, fate }),
        1 => Just(Step::Courier),
        1 => Just(Step::Kill),
        1 => Just(Step::OfficeFalls),
        2 => any::<u64>().prop_map(Step::SuperiorActs),
        1 => any::<bool>().prop_map(Step::ScopeChanges),
    ]
}

struct Story {
    rig: Rig,
    /// The server's answers that must have been stored.
    answered: BTreeMap<OpId, Receipt>,
}

fn tell(rig: Rig, steps: &[Step]) -> Checked {
    let mut story = Story { rig, answered: BTreeMap::new() };
    for step in steps {
        story.rig.now.0 += 61_000;
        story.step(step)?;
        story.ensure_open()?;
        story.look()?;
    }
    story.rig.heal()
}

impl Story {
    fn step(&mut self, step: &Step) -> Checked {
        match step {
            Step::Act(seed) => self.act(OFFICIAL, *seed),
            Step::SuperiorActs(seed) => {
                self.act(SUPERIOR, *seed)?;
                self.rig.meet(SUPERIOR)
            }
            Step::UnknownKind => {
                let now = self.rig.now;
                let card = Target::Card(key(5, 10));
                self.rig.device(OFFICIAL)?.act_unjudged(card, 99, vec![1], now, Fate::Sound);
                Ok(())
            }
            Step::Send { bytes_max, weather, fate } => self.send(*bytes_max, *weather, *fate),
            Step::Courier => self.courier(),
            Step::Kill => {
                self.rig.device(OFFICIAL)?.kill();
                Ok(())
            }
            Step::OfficeFalls => {
                self.rig.server.start_again();
                Ok(())
            }
            Step::ScopeChanges(ends) => {
                let post = Post { to: ends.then(|| day("2026-12-31")), ..post(5) };
                self.rig.act(PERSONNEL, Target::Org, &Payload::PutPost(post))?;
                self.rig.meet(PERSONNEL)
            }
        }
    }

    fn act(&mut self, place: usize, seed: u64) -> Checked {
        let Some(session) = &self.rig.device(place)?.session else { return Ok(()) };
        let (target, payload) = draw_act(&mut Draw::new(seed), session.replica.view(), session.replica.person());
        self.rig.act(place, target, &payload).map(drop)
    }

    fn send(&mut self, bytes_max: usize, weather: Weather, fate: Fate) -> Checked {
        let request = self.rig.request(OFFICIAL, bytes_max)?;
        self.look_at_request(&request, bytes_max)?;
        if is(Model::ClearOutboxEarly) {
            self.rig.device(OFFICIAL)?.forge_receipts(&request.operations);
        }
        let bytes = request.to_bytes();
        let answer = match weather {
            Weather::RequestLost => return Ok(()),
            Weather::Twice => self.rig.arrive(OFFICIAL, &bytes).and_then(|_| self.rig.arrive(OFFICIAL, &bytes))?,
            _ => self.rig.arrive(OFFICIAL, &bytes)?,
        };
        let Some(answer) = answer else { return require(false, 9, || "a whole request was not read".to_owned()) };
        let mut bytes = answer.to_bytes();
        match weather {
            Weather::AnswerLost => return Ok(()),
            Weather::AnswerCut => bytes.truncate(bytes.len() / 2),
            _ => {}
        }
        // A wiped database needs a key that the server knows already.
        let taken = self.rig.take(OFFICIAL, &request.operations, bytes, fate)?;
        if let Taken::Kept { .. } = taken {
            self.note(&request.operations, &answer.receipts);
        }
        self.look_at_kept(&request.operations, &answer.receipts)
    }

    fn note(&mut self, sent: &[SignedOperation], receipts: &[SignedReceipt]) {
        for (operation, receipt) in sent.iter().zip(receipts) {
            if let Ok(receipt) = receipt.decode() {
                self.answered.insert(operation.id(), receipt);
            }
        }
    }

    /// A device killed while it stored an answer has stored any part of that answer's receipts, and no others.
    fn look_at_kept(&mut self, sent: &[SignedOperation], given: &[SignedReceipt]) -> Checked {
        let stored: Records = self.rig.device(OFFICIAL)?.stored();
        for (id, bytes) in &stored.receipts {
            let kept = stored_receipt(bytes).ok();
            let just_given = sent.iter().zip(given).find(|(operation, _)| operation.id() == *id);
            let just_given = just_given.and_then(|(_, receipt)| receipt.decode().ok());
            let known = kept == just_given || kept.as_ref() == self.answered.get(id);
            require(known, 2, || format!("the receipt kept for {id:?} was never given"))?;
            kept.into_iter().for_each(|kept| drop(self.answered.insert(*id, kept)));
        }
        Ok(())
    }

    /// Someone carries the waiting operations by hand, the later half first.
    fn courier(&mut self) -> Checked {
        let request = self.rig.request(OFFICIAL, 64_000)?;
        let (first, second) = request.operations.split_at(request.operations.len() / 2);
        for piece in [second, first] {
            let now = self.rig.now;
            self.rig.server.receive(piece, now, Fall::No, &mut self.rig.ledger)?;
        }
        Ok(())
    }

    fn ensure_open(&mut self) -> Checked {
        let device = self.rig.device(OFFICIAL)?;
        let open = device.session.is_some() || device.start(Fate::Sound);
        require(open, 1, || "a sound store did not open".to_owned())
    }

    /// Whether an operation is not answered, or is kept aside until something that must come first arrives.
    fn is_due(&self, id: OpId) -> bool {
        let aside = |receipt: &Receipt| matches!(receipt.verdict, Verdict::Held(_)) && receipt.server_seq == 0;
        self.answered.get(&id).is_none_or(aside)
    }

    /// The operations that are due, in the order of the chains.
    fn due(&self) -> Vec<OpId> {
        let session = self.rig.devices.first().and_then(|device| device.session.as_ref());
        session
            .into_iter()
            .flat_map(|session| session.replica.own())
            .map(|own| own.id)
            .filter(|id| self.is_due(*id))
            .collect()
    }

    fn look(&self) -> Checked {
        self.rig.nothing_is_lost()?;
        let session = self.rig.devices.first().and_then(|device| device.session.as_ref());
        let unsent: Vec<OpId> =
            session.into_iter().flat_map(|session| session.replica.unsent()).map(|own| own.id).collect();
        require(unsent == self.due(), 8, || format!("to be sent are {unsent:?}, due {:?}", self.due()))
    }

    /// Checks that a request brings due operations from the front, and at least one whenever any is due.
    fn look_at_request(&self, request: &SyncRequest, bytes_max: usize) -> Checked {
        let sent: Vec<OpId> = request.operations.iter().map(SignedOperation::id).collect();
        let (fresh, aside): (Vec<_>, Vec<_>) = self.due().into_iter().partition(|id| !self.answered.contains_key(id));
        let due: Vec<OpId> = fresh.into_iter().chain(aside).collect();
        require(due.starts_with(&sent), 8, || format!("sent were {sent:?}, due {due:?}"))?;
        require(due.is_empty() || !sent.is_empty(), 8, || "something is due and nothing was sent".to_owned())?;
        let bytes: usize = request.operations.iter().map(|operation| operation.body.len()).sum();
        require(sent.len() < 2 || bytes <= bytes_max, 8, || format!("{bytes} bytes, allowed {bytes_max}"))
    }
}
