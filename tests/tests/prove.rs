//! Runs a little of each layer of proof on every test run, and checks that each can fail. `cargo xtask prove` does far
//! more, optimised.

use tests::proved::Proved;
use tests::sim::bug::{Model, Seeded, inject};
use tests::{cut_exchange, model, property};

/// An exchange is cut at every so many bytes in builds without optimisation.
const STEP: usize = 211;
/// Runs of each machine.
const CASES: u64 = 12;

/// A layer, to be run sound and with injected faults.
type Layer = fn() -> Proved;

fn with(bug: Model, attempt: impl Fn() -> Proved) -> Proved {
    inject(Some(Seeded::Model(bug)));
    let proved = attempt();
    inject(None);
    proved
}

/// One test, because a fault is injected for the whole program.
#[test]
fn every_layer_holds_and_can_fail() {
    let layers: [(&str, Layer); 3] = [
        ("cut", || cut_exchange::sample(1, STEP)),
        ("properties", || property::prove(1, CASES)),
        ("model", || model::prove(0)),
    ];
    for (name, layer) in layers {
        let sound = layer();
        assert!(!sound.failed() && sound.runs > 20, "{name}: {sound}");
        let spoiled = with(Model::TwoPlaces, layer);
        assert!(spoiled.failed(), "{name} does not notice an operation with two places");
    }
}
