//! A broken invariant.

use std::fmt;

/// One of the nine invariants of the design, broken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// Its number, from 1 to 9.
    pub invariant: u8,
    /// What was found.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invariant {}: {}", self.invariant, self.what)
    }
}

/// The result of a check.
pub(crate) type Checked<T = ()> = Result<T, Violation>;

/// Returns a violation unless `holds`. The text is made only when it is needed.
///
/// # Errors
/// The violation.
pub(crate) fn require(holds: bool, invariant: u8, what: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(Violation { invariant, what: what() }) }
}
