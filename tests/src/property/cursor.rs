//! Tests how far a device knows the log. This never goes back unless everything begins anew, and the device holds what
//! it counts, whatever answers are lost, late, doubled or cannot be stored.

use proptest::collection::vec;
use proptest::prelude::*;
use shared::op::{Payload, SignedOperation, Target};
use shared::org::{Post, Rank};

use super::Runs;
use super::store::fates;
use crate::proved::Proved;
use crate::random::Draw;
use crate::rig::Rig;
use crate::sim::acts::draw_act;
use crate::sim::commune::{day, post};
use crate::sim::device::{Fate, Taken};
use crate::sim::violation::{Checked, require};

/// Steps of a run.
const STEPS_MAX: usize = 24;
/// The head of office, who reads, an official, and the personnel officer.
const PEOPLE: [u8; 3] = [4, 5, 7];
const READER: usize = 0;
const OFFICIAL: usize = 1;
const PERSONNEL: usize = 2;

#[derive(Clone, Debug)]
enum Step {
    Acts(u64),
    ReaderActs(u64),
    ScopeChanges(u8),
    Ask(usize),
    Take { which: usize, again: bool, fate: Fate },
    Kill,
}

/// An answer in flight.
#[derive(Clone)]
struct Answer {
    sent: Vec<SignedOperation>,
    bytes: Vec<u8>,
    reset: bool,
}

struct Story {
    rig: Rig,
    air: Vec<Answer>,
}

pub(super) fn prove(runs: &Runs) -> Proved {
    let template = Rig::new(&PEOPLE).and_then(|mut rig| {
        (1..PEOPLE.len()).try_for_each(|place| rig.meet(place))?;
        Ok(rig)
    });
    match template {
        Ok(template) => runs.play("cursor", &vec(steps(), 1..STEPS_MAX), |story| tell(template.clone(), story)),
        Err(violation) => Proved { runs: 0, failures: vec![violation.to_string()] },
    }
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<u64>().prop_map(Step::Acts),
        1 => any::<u64>().prop_map(Step::ReaderActs),
        2 => (0..4_u8).prop_map(Step::ScopeChanges),
        5 => prop_oneof![Just(0_usize), Just(1_500), Just(64_000)].prop_map(Step::Ask),
        6 => (0..4_usize, proptest::bool::weighted(0.2), fates())
            .prop_map(|(which, again, fate)| Step::Take { which, again, fate }),
        1 => Just(Step::Kill),
    ]
}

fn tell(rig: Rig, steps: &[Step]) -> Checked {
    let mut story = Story { rig, air: Vec::new() };
    for step in steps {
        story.rig.now.0 += 61_000;
        story.step(step)?;
        let device = story.rig.device(READER)?;
        let open = device.session.is_some() || device.start(Fate::Sound);
        require(open, 1, || "a sound store did not open".to_owned())?;
        story.rig.no_gap(READER)?;
    }
    story.rig.heal()?;
    story.rig.no_gap(READER)
}

impl Story {
    fn step(&mut self, step: &Step) -> Checked {
        match step {
            Step::Acts(seed) => {
                self.act(OFFICIAL, *seed)?;
                self.rig.meet(OFFICIAL)
            }
            Step::ReaderActs(seed) => self.act(READER, *seed),
            Step::ScopeChanges(how) => {
                let who = if *how < 2 { 5 } else { 6 };
                let ended = Post { to: Some(day("2026-09-15")), ..post(who) };
                let post = if how.is_multiple_of(2) { ended } else { Post { rank: Rank::Staff, ..post(who) } };
                self.rig.act(PERSONNEL, Target::Org, &Payload::PutPost(post))?;
                self.rig.meet(PERSONNEL)
            }
            Step::Ask(bytes_max) => self.ask(*bytes_max),
            Step::Take { which, again, fate } => self.take(*which, *again, *fate),
            Step::Kill => {
                self.rig.device(READER)?.kill();
                // Nobody awaits an answer any more.
                self.air.clear();
                Ok(())
            }
        }
    }

    fn act(&mut self, place: usize, seed: u64) -> Checked {
        let Some(session) = &self.rig.device(place)?.session else { return Ok(()) };
        let (target, payload) = draw_act(&mut Draw::new(seed), session.replica.view(), session.replica.person());
        self.rig.act(place, target, &payload).map(drop)
    }

    fn ask(&mut self, bytes_max: usize) -> Checked {
        let request = self.rig.request(READER, bytes_max)?;
        if let Some(answer) = self.rig.arrive(READER, &request.to_bytes())? {
            let (bytes, reset) = (answer.to_bytes(), answer.reset);
            self.air.push(Answer { sent: request.operations, bytes, reset });
        }
        Ok(())
    }

    fn take(&mut self, which: usize, again: bool, fate: Fate) -> Checked {
        let Some(place) = which.checked_rem(self.air.len()) else { return Ok(()) };
        let Some(answer) = self.air.get(place).cloned() else { return Ok(()) };
        if !again {
            self.air.remove(place);
        }
        let before = self.cursor();
        let taken = self.rig.take(READER, &answer.sent, answer.bytes, fate)?;
        if self.rig.device(READER)?.session.is_none() {
            self.air.clear();
        }
        let kept = matches!(taken, Taken::Kept { .. });
        if kept && answer.reset {
            // An answer says up to where the log is known, but not from where. One that was requested before everything
            // began anew must not be accepted any more. The app accepts only the answer to its last request.
            self.air.retain(|waiting| waiting.reset);
        }
        let back = kept && !answer.reset && self.cursor() < before;
        require(!back, 5, || format!("the cursor went back from {before} to {}", self.cursor()))
    }

    fn cursor(&self) -> u64 {
        let session = self.rig.devices.first().and_then(|device| device.session.as_ref());
        session.map_or(0, |session| session.replica.meta().cursor)
    }
}
