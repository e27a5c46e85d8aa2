//! What was played of the procedures.

use std::fmt;

/// What happened in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Acts that counted.
    pub counted: usize,
    /// Acts that did not.
    pub refused: usize,
    /// Cards that reached their end.
    pub ended: usize,
    /// Cards that wait for somebody of whom the check of the office says that there is nobody.
    pub without_actor: usize,
    /// Marks of members of teams that counted.
    pub slots: usize,
    /// Results of teams that counted.
    pub closed: usize,
    /// Of these, results without somebody who had not marked.
    pub with_absent: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { counted, refused, ended, without_actor, slots, closed, with_absent } = self;
        write!(
            out,
            "{counted} acts counted, {refused} refused; {slots} marks of members, {closed} results of teams, {with_absent} with \
             somebody absent; {ended} cards came to their end, {without_actor} have nobody"
        )
    }
}

impl Counts {
    /// Both added together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self {
            counted: self.counted + other.counted,
            refused: self.refused + other.refused,
            ended: self.ended + other.ended,
            without_actor: self.without_actor + other.without_actor,
            slots: self.slots + other.slots,
            closed: self.closed + other.closed,
            with_absent: self.with_absent + other.with_absent,
        }
    }
}
