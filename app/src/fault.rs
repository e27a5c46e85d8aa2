//! Injected faults: bugs that people met in earlier versions. They are compiled only into a variant of the app that is
//! never served. `cargo xtask prove screen-bugs` activates one after the other, and a walk must notice each one.

use crate::platform;

/// The setting that names the active fault.
const SETTING: &str = "congtam.fault";

/// One injected fault.
#[derive(Clone, Copy)]
pub enum Fault {
    /// Something that was entered just now is forgotten when its screen is left.
    LostOnLeaving,
    /// A field that was removed still uses the signals of its view.
    StaleHandlers,
    /// Every letter counts as a value, and stays saved when the whole text is in error.
    HalfTyped,
}

impl Fault {
    /// The name in `tests/browser/layers/screen-bugs.mjs`.
    const fn name(self) -> &'static str {
        match self {
            Self::LostOnLeaving => "lost-on-leaving",
            Self::StaleHandlers => "stale-handlers",
            Self::HalfTyped => "half-typed",
        }
    }
}

/// Whether the fault is active. Always false in the app that is served.
pub fn is(fault: Fault) -> bool {
    cfg!(feature = "injected-faults") && platform::read_setting(SETTING).is_some_and(|awake| awake == fault.name())
}
