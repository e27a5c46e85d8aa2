//! What may go wrong in a story.

/// What the world does to tablets, network and office. Loss, duplication, delay, truncation, portals, crashes at any point
/// of a write, wiped databases, evicted stores, full devices and wrong clocks are always there; what the present protocol
/// cannot survive is a switch, off by default, so that the gap has a name:
///
/// - `clone`: a profile is copied and both copies go on. Both operations of one place are kept, the key goes into quarantine,
///   and what is held is done again in a new chain, as another operation; the check still asks for the first one in the log
///   (invariant 1).
/// - `restore`: the office is restored from an older copy. Tablets deliver again what it lost, in most stories; left are those
///   in which a tablet loses both stores, or a key the office no longer knows, before it has delivered again (invariants 1
///   and 8), and some in which two agree on another state than before (invariant 5), which nobody has looked into yet.
/// - `unknown_key`: the database, and with it the signing key, is lost before the office knows the key. What the key signed is
///   in the journal and is sent, but nobody can tell the office whose it is: it is held aside for ever (invariants 1 and 8).
///   The public half in the journal would be enough to make the key known afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Faults {
    /// Profiles are copied.
    pub clone: bool,
    /// The office is restored from an older copy.
    pub restore: bool,
    /// A key is lost before the office knows it.
    pub unknown_key: bool,
}

impl Faults {
    /// With one more switched on; none for a word that names none.
    #[must_use]
    pub fn with(self, word: &str) -> Option<Self> {
        match word {
            "clone" => Some(Self { clone: true, ..self }),
            "restore" => Some(Self { restore: true, ..self }),
            "unknown_key" => Some(Self { unknown_key: true, ..self }),
            _ => None,
        }
    }
}
