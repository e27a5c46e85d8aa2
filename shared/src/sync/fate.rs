//! The state of a person's own operations: only on this device, received, or in need of attention.

use crate::ids::OpId;
use crate::op::{Body, CardKey, Receipt, RefusalCode, SignedOperation, Target, Verdict};
use crate::time::Millis;

/// An own operation with its state.
#[derive(Clone, Debug)]
pub struct OwnOperation {
    /// Its identity.
    pub id: OpId,
    /// As signed.
    pub signed: SignedOperation,
    /// Its decoded body.
    pub body: Body,
    /// The server's receipt, once it has arrived.
    pub receipt: Option<Receipt>,
    /// Its sequence in the copied log, if it was seen there. It then is part of what everyone folds.
    pub logged_at: Option<u64>,
    /// The server once gave a receipt and does not have it any more, or has decided otherwise since, because it was
    /// restored from an older copy.
    pub lost: bool,
    /// The server gave this receipt after the copy of its log was begun and this program was started.
    pub vouched: bool,
    /// It comes after an operation that forks the same chain. A restored server no longer knows that the chain forked.
    pub follows_fork: bool,
}

impl OwnOperation {
    /// An operation that the server has not seen.
    #[must_use]
    pub const fn new(id: OpId, signed: SignedOperation, body: Body) -> Self {
        let (receipt, logged_at) = (None, None);
        Self { id, signed, body, receipt, logged_at, lost: false, vouched: false, follows_fork: false }
    }

    /// Whether the server has not answered it, or has lost the operation it answered.
    #[must_use]
    pub const fn awaits_answer(&self) -> bool {
        self.receipt.is_none() || self.lost
    }

    /// Whether it still has to be delivered. An operation that the server keeps aside has no place in its log yet and
    /// is sent again.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        self.awaits_answer() || self.is_held()
    }

    /// Whether it may still count, because it was not refused for good.
    #[must_use]
    pub fn may_count(&self) -> bool {
        self.receipt.as_ref().is_none_or(|receipt| receipt.verdict.counts()) || self.is_held()
    }

    /// Whether the server keeps it aside until something that must come first has arrived.
    fn is_held(&self) -> bool {
        self.is_aside() && !self.is_forked()
    }

    /// Whether its chain forked before it, or belonged to another device from the start, as after a profile was copied.
    /// The server keeps the bytes and accepts the intent only in another chain.
    #[must_use]
    pub fn is_forked(&self) -> bool {
        self.is_said_to_fork() || self.follows_fork
    }

    pub(super) fn is_said_to_fork(&self) -> bool {
        let refusal = self.receipt.as_ref().and_then(|receipt| receipt.verdict.refusal());
        refusal.is_some_and(|refusal| matches!(refusal.code, RefusalCode::Fork | RefusalCode::BadSignature))
    }

    /// Whether the server keeps it aside, for any reason.
    pub(super) fn is_aside(&self) -> bool {
        let held = |receipt: &Receipt| matches!(receipt.verdict, Verdict::Held(_)) && receipt.server_seq == 0;
        self.receipt.as_ref().is_some_and(held)
    }

    /// Whether the server waits for an operation on which it builds.
    pub(super) fn lacks_base(&self) -> bool {
        let refusal = self.receipt.as_ref().and_then(|receipt| receipt.verdict.refusal());
        refusal.is_some_and(|refusal| refusal.code == RefusalCode::Gap && refusal.field == "base")
    }

    /// Whether it survives the loss of the server's machine.
    #[must_use]
    pub fn is_safe(&self, safe: u64) -> bool {
        !self.lost && self.receipt.as_ref().is_some_and(|receipt| receipt.server_seq > 0 && receipt.server_seq <= safe)
    }
}

/// Something that needs a person's attention.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Attention {
    /// An own operation that does not count, with the reason.
    Refused {
        /// The operation.
        op: OpId,
        /// Its target.
        target: Target,
        /// Kind of the operation.
        kind: u16,
        /// The server's verdict.
        verdict: Verdict,
    },
    /// A register with more than one version.
    Contested {
        /// The card.
        card: CardKey,
        /// The register.
        register: crate::op::Register,
    },
}

/// Where the operations of one card are stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CardSync {
    /// Some are only on this device.
    OnDevice {
        /// The number of these operations.
        operations: usize,
        /// When the oldest of them was made, by this device's clock.
        oldest: Millis,
    },
    /// The server has everything.
    Received,
    /// The server and its backup have everything.
    Safe,
    /// Something was refused or is contested.
    NeedsAttention(Vec<Attention>),
}
