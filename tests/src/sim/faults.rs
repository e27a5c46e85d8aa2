//! The optional faults of a run.

/// What the world does to devices, network and server. Some faults can happen in every run: loss, duplication, delay,
/// truncation, portals, crashes at any point of a write, wiped databases, keys lost before the server knew them,
/// evicted stores, full devices, wrong clocks, and a server restored from an older copy. Faults that the present
/// protocol does not always survive are switches, off by default, so that the gap has a name:
///
/// - `clone`: a profile is copied and both copies continue. Both operations of one place are kept, the key goes into
///   quarantine, and what is held is done again in a new chain, as another operation. If the server is also restored,
///   and another's work builds on an act of a copy that the restored server does not know, that work may be held for
///   ever (invariant 8).
/// - `double_loss`: a device is lost, and then the server is restored from a copy that lacks what that device had
///   delivered. Nothing can bring it back, and what others built on it is held for ever (invariant 8).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Faults {
    /// Profiles are copied.
    pub clone: bool,
    /// A server is restored although a device that would refill it is lost.
    pub double_loss: bool,
}

impl Faults {
    /// The same with one more switched on. None for an unknown word.
    #[must_use]
    pub fn with(self, word: &str) -> Option<Self> {
        match word {
            "clone" => Some(Self { clone: true, ..self }),
            "double_loss" => Some(Self { double_loss: true, ..self }),
            _ => None,
        }
    }
}
