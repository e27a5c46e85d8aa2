//! The hash chain of one author on one device. It reveals a missing, repeated or forked operation.

use core::fmt;

use minicbor::{Decode, Encode};

use super::Body;
use crate::ids::{DeviceId, OpId, PersonId};

/// The name of a chain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub struct ChainKey {
    /// The person who acts.
    #[n(0)]
    pub actor: PersonId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// The epoch of the key.
    #[n(2)]
    pub epoch: u32,
}

/// The end of a chain, where the next operation continues.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub struct ChainHead {
    /// Place of the last operation; 0 for an empty chain.
    #[n(0)]
    pub seq: u64,
    /// Its id.
    #[n(1)]
    pub last: Option<OpId>,
}

/// Why an operation does not continue its chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChainError {
    /// Earlier operations have not arrived. The operation has to be held.
    Gap {
        /// Its own place.
        found: u64,
        /// The place that comes next.
        expected: u64,
    },
    /// It takes a place that is already taken, or names another predecessor. The chain forked, as happens after a
    /// profile was cloned.
    Fork {
        /// Its own place.
        at: u64,
    },
}

impl fmt::Display for ChainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { found, expected } => write!(f, "seq: found {found}, expected {expected}"),
            Self::Fork { at } => write!(f, "seq: two different operations at {at}"),
        }
    }
}

impl core::error::Error for ChainError {}

impl ChainHead {
    /// Checks that `body` is the next operation of this chain.
    ///
    /// # Errors
    /// [`ChainError::Gap`] when an earlier operation is missing, [`ChainError::Fork`] when it can never fit.
    pub fn admits(&self, body: &Body) -> Result<(), ChainError> {
        let expected = self.seq.saturating_add(1);
        if body.seq > expected {
            return Err(ChainError::Gap { found: body.seq, expected });
        }
        if body.seq < expected || body.prev != self.last {
            return Err(ChainError::Fork { at: body.seq });
        }
        Ok(())
    }

    /// The head after an operation was appended.
    #[must_use]
    pub const fn advanced(&self, id: OpId) -> Self {
        Self { seq: self.seq.saturating_add(1), last: Some(id) }
    }
}

impl Body {
    /// The chain it belongs to.
    #[must_use]
    pub const fn chain(&self) -> ChainKey {
        ChainKey { actor: self.actor, device: self.device, epoch: self.epoch }
    }
}
