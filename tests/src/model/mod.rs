//! Tries every order of events of two devices of one person, a server and a network that loses and repeats, up to a
//! bound. It covers everything that a simulation only samples. Devices and server are the real halves of the exchange.
//! Equal states, recognised by a hash, are examined once.
//!
//! Losses need no event of their own: a message that is never delivered is lost, and every state is checked. In every
//! state of devices and server the model also loses all messages in flight and repairs the network. Then both devices
//! must come to agree with the server.

mod node;

use std::collections::HashSet;

use node::{Event, Node};

use crate::proved::Proved;
use crate::sim::bug::{Model, Seeded};
use crate::sim::violation::Violation;
use shared::bug::Bug;

/// Injected faults that the model must reveal, and the level at which it does.
const BUGS: [(u64, &[Seeded]); 2] = [
    (
        0,
        &[
            Seeded::Shared(Bug::LastWriterWins),
            Seeded::Shared(Bug::DropReceipt),
            Seeded::Shared(Bug::SilentContested),
            Seeded::Model(Model::TwoPlaces),
        ],
    ),
    (3, &[Seeded::Model(Model::ForgetFlush)]),
];

/// Bounds on the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Acts on each device.
    acts: u8,
    /// Requests of each device.
    requests: u8,
    /// Requests that arrive twice.
    copies: u8,
    /// Kills of devices, in the middle of a write or between writes.
    kills: u8,
}

impl Bounds {
    /// The bounds of a level. A higher level allows more events. `cargo xtask prove` chooses the level for tests.
    const fn of(level: u64) -> Self {
        match level {
            0 => Self { acts: 1, requests: 1, copies: 0, kills: 0 },
            1 => Self { acts: 1, requests: 2, copies: 0, kills: 0 },
            2 => Self { acts: 1, requests: 2, copies: 1, kills: 0 },
            3 => Self { acts: 1, requests: 2, copies: 0, kills: 1 },
            4 => Self { acts: 2, requests: 2, copies: 1, kills: 0 },
            5 => Self { acts: 1, requests: 2, copies: 1, kills: 1 },
            6 => Self { acts: 2, requests: 3, copies: 1, kills: 0 },
            7 => Self { acts: 2, requests: 2, copies: 1, kills: 1 },
            _ => Self { acts: 2, requests: 3, copies: 2, kills: 1 },
        }
    }
}

/// Tries everything within the bounds of every level up to the given one.
#[must_use]
pub fn prove(level: u64) -> Proved {
    let mut proved = Proved::default();
    for level in 0..=level {
        let mut search = Search::default();
        let outcome = search.go_through(Bounds::of(level));
        let (states, healed) = (search.states.len(), search.healed.len());
        println!(
            "level {level}, {:?}: {states} states, {} events, {healed} healings",
            Bounds::of(level),
            search.events
        );
        proved = proved.with(Proved { runs: states as u64, failures: outcome.err().into_iter().collect() });
    }
    proved
}

/// Checks that the injected faults are noticed, each at the level that has the events to reveal it.
pub fn notice_bugs(proved: &mut Proved) {
    for (level, bugs) in BUGS {
        proved.must_notice(bugs, || {
            let mut search = Search::default();
            let outcome = search.go_through(Bounds::of(level));
            Proved { runs: search.states.len() as u64, failures: outcome.err().into_iter().collect() }
        });
    }
}

#[derive(Default)]
struct Search {
    /// Hashes of whole states.
    states: HashSet<u64>,
    /// Hashes of devices and server that were healed.
    healed: HashSet<u64>,
    events: u64,
}

/// A state on the path, and the events still to be tried from it.
struct Step {
    node: Node,
    left: Vec<Event>,
    by: Option<Event>,
}

impl Search {
    /// Searches depth first, so that only the path from the beginning is in memory.
    fn go_through(&mut self, bounds: Bounds) -> Result<(), String> {
        let first = Node::new(bounds).map_err(|violation| violation.to_string())?;
        let mut way = vec![Step { left: first.events(), node: first, by: None }];
        while let Some(step) = way.last_mut() {
            let Some(event) = step.left.pop() else {
                way.pop();
                continue;
            };
            self.events += 1;
            let next = step.node.after(&event).and_then(|next| self.look_at(next));
            match next {
                Ok(Some(node)) => way.push(Step { left: node.events(), node, by: Some(event) }),
                Ok(None) => {}
                Err(violation) => return Err(told(&way, &event, &violation)),
            }
        }
        Ok(())
    }

    /// Checks a state and returns it, unless it is known.
    fn look_at(&mut self, node: Node) -> Result<Option<Node>, Violation> {
        if !self.states.insert(node.hash()) {
            return Ok(None);
        }
        node.check()?;
        if self.healed.insert(node.core_hash()) {
            node.heals()?;
        }
        Ok(Some(node))
    }
}

/// The path to what was broken.
fn told(way: &[Step], last: &Event, violation: &Violation) -> String {
    let events: Vec<String> =
        way.iter().filter_map(|step| step.by.as_ref()).chain([last]).map(|by| format!("{by:?}")).collect();
    format!("{violation}\n    after: {}", events.join(", "))
}
