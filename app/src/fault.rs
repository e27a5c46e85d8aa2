//! Faults that people met in earlier versions, asleep in a variant of the app that nobody is served. `cargo xtask prove
//! screen-bugs` wakes one after the other; a walk that notices none of them would prove nothing.

use crate::platform;

/// The setting that names the fault that is awake.
const SETTING: &str = "congtam.fault";

/// One of them.
#[derive(Clone, Copy)]
pub enum Fault {
    /// What was entered a moment ago is forgotten with the screen it was entered on.
    LostOnLeaving,
    /// A field that is taken away still acts on what its view was made of.
    StaleHandlers,
    /// Every letter counts, and stays where the whole is in error.
    HalfTyped,
}

impl Fault {
    /// As `tests/browser/layers/screen-bugs.mjs` calls it.
    const fn name(self) -> &'static str {
        match self {
            Self::LostOnLeaving => "lost-on-leaving",
            Self::StaleHandlers => "stale-handlers",
            Self::HalfTyped => "half-typed",
        }
    }
}

/// Whether it is awake: never in the app that is served.
pub fn is(fault: Fault) -> bool {
    cfg!(feature = "injected-faults") && platform::read_setting(SETTING).is_some_and(|awake| awake == fault.name())
}
