//! The results of a layer of proof.

use core::fmt;
use std::thread;

use crate::sim::bug::{Seeded, inject};

/// The most failures that are printed in full.
const FAILURES_SHOWN_MAX: usize = 5;

/// Runs and their failures.
#[derive(Clone, Debug, Default)]
pub struct Proved {
    /// The number of runs.
    pub runs: u64,
    /// The failures, each in words.
    pub failures: Vec<String>,
}

impl Proved {
    /// One more run.
    pub fn count(&mut self, outcome: Result<(), String>) {
        self.runs = self.runs.saturating_add(1);
        self.failures.extend(outcome.err());
    }

    /// Adds two results together.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.runs = self.runs.saturating_add(other.runs);
        self.failures.extend(other.failures);
        self
    }

    /// Injects one fault after the other. A layer that does not notice them proves nothing. Faults of `shared` are
    /// inactive without the feature `seeded-bugs`, and left out.
    pub fn must_notice(&mut self, bugs: &[Seeded], attempt: impl Fn() -> Self) {
        for bug in bugs.iter().copied().filter(|bug| bug.can_be_injected()) {
            inject(Some(bug));
            let found = attempt();
            inject(None);
            match found.failures.first() {
                Some(failure) => println!("{:<18} noticed: {}", bug.name(), failure.lines().next().unwrap_or_default()),
                None => {
                    self.failures.push(format!("{} was injected and not noticed in {} runs", bug.name(), found.runs))
                }
            }
        }
    }

    /// Whether something failed.
    #[must_use]
    pub const fn failed(&self) -> bool {
        !self.failures.is_empty()
    }
}

/// Divides runs among all cores. Each core gets its number and how many there are. A core that panicked has failed.
pub fn on_all_cores(prove: impl Fn(usize, usize) -> Proved + Sync) -> Proved {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let prove = &prove;
    let broken = || Proved { runs: 0, failures: vec!["a core broke off".to_owned()] };
    thread::scope(|scope| {
        let started: Vec<_> = (0..cores).map(|core| scope.spawn(move || prove(core, cores))).collect();
        let ended = started.into_iter().map(|one| one.join().unwrap_or_else(|_| broken()));
        ended.fold(Proved::default(), Proved::with)
    })
}

impl fmt::Display for Proved {
    /// Prints the first failures, then the line that `cargo xtask prove` reads.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failures.iter().take(FAILURES_SHOWN_MAX).try_for_each(|failure| writeln!(out, "{failure}"))?;
        write!(out, "{} runs, {} failures", self.runs, self.failures.len())
    }
}
