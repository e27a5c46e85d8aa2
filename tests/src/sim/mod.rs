//! A deterministic simulation of people, devices, a network and a server. One number seeds it; it uses no clock and no
//! threads.
//!
//! Where possible it runs the real code: `shared::sync`, `shared::device_store`, `shared::state`. The rest are models
//! in the shape of the original: `device` of `app/src/state`, `app/src/sync` and both stores; `server` of
//! `server/src/ingest` and its store. Besides them, `ledger` keeps the record of a witness and stops the run when a
//! sentence of the design no longer holds. [`Faults`] lists what is switched off, and why.

pub(crate) mod acts;
pub mod bug;
pub(crate) mod commune;
pub(crate) mod device;
mod faults;
pub(crate) mod keys;
pub(crate) mod ledger;
pub(crate) mod server;
pub(crate) mod violation;
mod world;

use core::fmt;

pub use faults::Faults;
pub use violation::Violation;
use world::World;
pub(crate) use world::founded;

/// The number of steps of one run.
pub const STEPS: usize = 500;

/// The settings of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// What may go wrong besides the usual.
    pub faults: Faults,
}

/// A run that broke an invariant.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed of the run.
    pub seed: u64,
    /// The step, counted from 0; [`STEPS`] is the healing at the end.
    pub step: usize,
    /// What was broken.
    pub violation: Violation,
    /// The last steps, in words.
    pub told: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, step {}: {}", self.seed, self.step, self.violation)?;
        self.told.iter().try_for_each(|step| writeln!(f, "    {step}"))
    }
}

/// Makes runs that all start from the same state.
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

    /// Makes one run. Returns how many operations were accepted, contested, refused, and kept outside the log.
    ///
    /// # Errors
    /// The failure, with its last steps in words.
    pub fn play(&self, seed: u64) -> Result<[usize; 4], Box<Failure>> {
        let mut world = World::of(&self.template, seed, self.settings);
        match world.play(STEPS) {
            Ok(()) => Ok(world.counts()),
            Err(_) => Err(Box::new(self.tell(seed))),
        }
    }

    /// Makes a run of this many steps and returns the server's log with the witness's record.
    pub(crate) fn log(&self, seed: u64, steps: usize) -> (Vec<server::Row>, ledger::Ledger) {
        let mut world = World::of(&self.template, seed, self.settings);
        // `sim` reports what a run breaks. Its log is a log all the same.
        let _ = world.play(steps);
        world.into_log()
    }

    /// Repeats a failing run and records its steps in words.
    fn tell(&self, seed: u64) -> Failure {
        let mut world = World::of(&self.template, seed, self.settings);
        world.tell();
        let silent = Violation { invariant: 0, what: "the second time nothing happened: not deterministic".to_owned() };
        let (step, violation) = world.play(STEPS).err().unwrap_or((STEPS, silent));
        Failure { seed, step, violation, told: world.told().map(str::to_owned).collect() }
    }
}
