//! What may go wrong in a story.

/// What the world does to devices, network and office. Loss, duplication, delay, truncation, portals, crashes at any point
/// of a write, wiped databases, keys lost before the server knew them, evicted stores, full devices, wrong clocks, and an
/// office restored from an older copy are always there; what the present protocol does not always survive is a switch, off
/// by default, so that the gap has a name:
///
/// - `clone`: a profile is copied and both copies go on. Both operations of one place are kept, the key goes into quarantine,
///   and what is held is done again in a new chain, as another operation. Where the server is restored, too, and another's
///   work stands on an act of a copy that this office knows nothing of, it may be held for ever (invariant 8).
/// - `double_loss`: a device is lost, and then the server is restored from a copy that lacks what that device had delivered.
///   Nothing can bring it back, and what others built on it is held for ever (invariant 8).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Faults {
    /// Profiles are copied.
    pub clone: bool,
    /// A server is restored although a device that would refill it is lost.
    pub double_loss: bool,
}

impl Faults {
    /// With one more switched on; none for a word that names none.
    #[must_use]
    pub fn with(self, word: &str) -> Option<Self> {
        match word {
            "clone" => Some(Self { clone: true, ..self }),
            "double_loss" => Some(Self { double_loss: true, ..self }),
            _ => None,
        }
    }
}
