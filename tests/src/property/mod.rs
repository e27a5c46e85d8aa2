//! Properties of four machines, each tested in thousands of random runs; a failing run is made as small as possible.
//! `store` is the pair of journal and database under crashes, `outbox` what must be sent, `cursor` how far the log is
//! known, `fold` the result of a log in whatever order and pieces it arrives.

mod cursor;
mod fold;
mod outbox;
mod store;

use core::fmt::Debug;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::proved::{Proved, on_all_cores};
use crate::sim::bug::{Model, Seeded};
use crate::sim::violation::Checked;
use shared::bug::Bug;

/// Attempts at a smaller run.
const SHRINKS_MAX: u32 = 4_000;
/// Runs in which an injected fault must be noticed.
const CASES_WITH_BUG: u64 = 3_000;

/// A machine and its property.
type Machine = fn(&Runs) -> Proved;

const MACHINES: [(&str, Machine); 4] =
    [("store", store::prove), ("outbox", outbox::prove), ("cursor", cursor::prove), ("fold", fold::prove)];

/// Injected faults that each machine must reveal.
const BUGS: [(Machine, &[Seeded]); 4] = [
    (
        store::prove,
        &[
            Seeded::Shared(Bug::MendFromDatabase),
            Seeded::Shared(Bug::TornAnswerCounts),
            Seeded::Shared(Bug::MixScopes),
            Seeded::Model(Model::ForgetFlush),
            Seeded::Model(Model::DropFrameBeforeTorn),
        ],
    ),
    (
        outbox::prove,
        &[
            Seeded::Shared(Bug::DropReceipt),
            Seeded::Shared(Bug::ForgetPending),
            Seeded::Model(Model::ClearOutboxEarly),
            Seeded::Model(Model::HoldForEver),
        ],
    ),
    (
        cursor::prove,
        &[
            Seeded::Shared(Bug::CursorAhead),
            Seeded::Shared(Bug::IgnoreRevocation),
            Seeded::Shared(Bug::ScopeIsBlind),
            Seeded::Model(Model::KnowUnkept),
        ],
    ),
    (
        fold::prove,
        &[
            Seeded::Shared(Bug::UnsortedVersions),
            Seeded::Shared(Bug::ReorderEntries),
            Seeded::Model(Model::ReplayBlindly),
            Seeded::Model(Model::TwoPlaces),
        ],
    ),
];

/// The number of runs, the first seed and the name.
#[derive(Debug)]
pub(crate) struct Runs {
    cases: u64,
    seed: u64,
}

/// This many runs of each machine.
#[must_use]
pub fn prove(seed: u64, cases: u64) -> Proved {
    let mut all = Proved::default();
    for (name, machine) in MACHINES {
        let proved = on_cores(machine, seed, cases);
        println!("{name:<8} {} cases, {} failures", proved.runs, proved.failures.len());
        all = all.with(proved);
    }
    all
}

/// Checks that the injected faults are noticed.
pub fn notice_bugs(proved: &mut Proved, seed: u64) {
    for (machine, bugs) in BUGS {
        proved.must_notice(bugs, || on_cores(machine, seed, CASES_WITH_BUG));
    }
}

fn on_cores(machine: Machine, seed: u64, cases: u64) -> Proved {
    on_all_cores(|share, shares| {
        let (share, shares) = (share as u64, shares as u64);
        let own = cases / shares + u64::from(share < cases % shares);
        machine(&Runs { cases: own, seed: seed.wrapping_mul(1_000).wrapping_add(share) })
    })
}

impl Runs {
    /// Makes this many runs; `tell` makes one.
    fn play<S: Strategy>(&self, name: &str, stories: &S, tell: impl Fn(&S::Value) -> Checked) -> Proved
    where
        S::Value: Debug,
    {
        let mut seed = [0; 32];
        seed.iter_mut().zip(self.seed.to_le_bytes().into_iter().chain(name.bytes())).for_each(|(to, byte)| *to = byte);
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let config = Config {
            cases: u32::try_from(self.cases).unwrap_or(u32::MAX),
            failure_persistence: None,
            max_shrink_iters: SHRINKS_MAX,
            ..Config::default()
        };
        let outcome = TestRunner::new_with_rng(config, rng)
            .run(stories, |story| tell(&story).map_err(|violation| TestCaseError::fail(violation.to_string())));
        let failure = match outcome {
            Ok(()) => None,
            Err(TestError::Fail(reason, story)) => {
                Some(format!("{name}, seed {}: {reason}\n    smallest story: {story:?}", self.seed))
            }
            Err(TestError::Abort(reason)) => Some(format!("{name}, seed {}: {reason}", self.seed)),
        };
        Proved { runs: self.cases, failures: failure.into_iter().collect() }
    }
}
