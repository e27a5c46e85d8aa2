//! A deterministic simulation of people, devices, a network and a server, seeded by one number: no clock, no threads.
//!
//! What can be the real code is the real code: `shared::sync`, `shared::device_store`, `shared::state`. The rest are models in the
//! shape of what they stand for: `device` of `app/src/state`, `app/src/sync` and both stores; `office` of
//! `server/src/ingest` and its store. Beside them `ledger` writes down what a witness would and breaks off at the first
//! sentence of the design that is not true any more. What is switched off, and why, stands at [`Faults`].

pub(crate) mod acts;
pub mod bug;
pub(crate) mod commune;
mod faults;
pub(crate) mod keys;
pub(crate) mod ledger;
pub(crate) mod server;
pub(crate) mod tablet;
pub(crate) mod violation;
mod world;

use core::fmt;

pub use faults::Faults;
pub use violation::Violation;
use world::World;
pub(crate) use world::founded;

/// Steps of one story.
pub const STEPS: usize = 500;

/// How stories are played.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// What may go wrong besides the usual.
    pub faults: Faults,
}

/// A story that broke an invariant.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Its seed.
    pub seed: u64,
    /// The step, counted from 0; [`STEPS`] is the healing at the end.
    pub step: usize,
    /// What was broken.
    pub violation: Violation,
    /// The last steps.
    pub told: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, step {}: {}", self.seed, self.step, self.violation)?;
        self.told.iter().try_for_each(|step| writeln!(f, "    {step}"))
    }
}

/// Plays stories from one beginning.
#[derive(Debug)]
pub struct Stage {
    template: World,
    settings: Settings,
}

impl Stage {
    /// Founds the commune.
    ///
    /// # Errors
    /// When that breaks an invariant.
    pub fn new(settings: Settings) -> Result<Self, Violation> {
        Ok(Self { template: world::template()?, settings })
    }

    /// Plays one story; gives how many operations were accepted, contested, refused, and kept beside the log.
    ///
    /// # Errors
    /// The failure, with its last steps told.
    pub fn play(&self, seed: u64) -> Result<[usize; 4], Box<Failure>> {
        let mut world = World::of(&self.template, seed, self.settings);
        match world.play(STEPS) {
            Ok(()) => Ok(world.counts()),
            Err(_) => Err(Box::new(self.tell(seed))),
        }
    }

    /// Plays a story of so many steps and gives the server's log, with what the witness wrote down beside it.
    pub(crate) fn log(&self, seed: u64, steps: usize) -> (Vec<server::Row>, ledger::Ledger) {
        let mut world = World::of(&self.template, seed, self.settings);
        // What a story breaks is `sim`'s to tell; its log is one all the same.
        let _ = world.play(steps);
        world.into_log()
    }

    /// Plays a failing story again, this time aloud.
    fn tell(&self, seed: u64) -> Failure {
        let mut world = World::of(&self.template, seed, self.settings);
        world.tell();
        let silent = Violation { invariant: 0, what: "the second time nothing happened: not deterministic".to_owned() };
        let (step, violation) = world.play(STEPS).err().unwrap_or((STEPS, silent));
        Failure { seed, step, violation, told: world.told().map(str::to_owned).collect() }
    }
}
