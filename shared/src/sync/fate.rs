//! What became of what a person did: on this device, received, or in need of someone's eyes.

use crate::ids::OpId;
use crate::op::{Body, CardKey, Receipt, RefusalCode, SignedOperation, Target, Verdict};
use crate::time::Millis;

/// An own operation and what is known of its fate.
#[derive(Clone, Debug)]
pub struct OwnOperation {
    /// Its identity.
    pub id: OpId,
    /// As signed.
    pub signed: SignedOperation,
    /// Decoded.
    pub body: Body,
    /// The server's word, once it arrived.
    pub receipt: Option<Receipt>,
    /// Where it was seen in the copied log: part of what everyone folds.
    pub logged_at: Option<u64>,
    /// The server gave a receipt once and does not have it any more, or has decided otherwise since: it was restored from an
    /// older copy.
    pub lost: bool,
    /// The server gave this receipt since the copy of its log was begun and this program started.
    pub vouched: bool,
    /// It waits behind one of the same chain that forks it: a restored office no longer knows that the chain forked.
    pub follows_fork: bool,
}

impl OwnOperation {
    /// One of which the server has not heard.
    #[must_use]
    pub const fn new(id: OpId, signed: SignedOperation, body: Body) -> Self {
        let (receipt, logged_at) = (None, None);
        Self { id, signed, body, receipt, logged_at, lost: false, vouched: false, follows_fork: false }
    }

    /// Whether the server has not answered for it, or has lost what it answered for.
    #[must_use]
    pub const fn awaits_answer(&self) -> bool {
        self.receipt.is_none() || self.lost
    }

    /// Whether it still has to be delivered. One the server keeps aside has no place in its log yet and is sent again.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        self.awaits_answer() || self.is_held()
    }

    /// Whether it may still count: not refused for good.
    #[must_use]
    pub fn may_count(&self) -> bool {
        self.receipt.as_ref().is_none_or(|receipt| receipt.verdict.counts()) || self.is_held()
    }

    /// Whether the server keeps it aside until something comes that must come first.
    fn is_held(&self) -> bool {
        self.is_aside() && !self.is_forked()
    }

    /// Whether its chain forked before it, or is another device's from its beginning, as after a profile was copied: the server
    /// keeps the bytes, and takes the intent only in another chain.
    #[must_use]
    pub fn is_forked(&self) -> bool {
        self.is_said_to_fork() || self.follows_fork
    }

    pub(super) fn is_said_to_fork(&self) -> bool {
        let refusal = self.receipt.as_ref().and_then(|receipt| receipt.verdict.refusal());
        refusal.is_some_and(|refusal| matches!(refusal.code, RefusalCode::Fork | RefusalCode::BadSignature))
    }

    /// Whether the server keeps it aside, for whatever reason.
    pub(super) fn is_aside(&self) -> bool {
        let held = |receipt: &Receipt| matches!(receipt.verdict, Verdict::Held(_)) && receipt.server_seq == 0;
        self.receipt.as_ref().is_some_and(held)
    }

    /// Whether the server waits for something that it builds on.
    pub(super) fn lacks_base(&self) -> bool {
        let refusal = self.receipt.as_ref().and_then(|receipt| receipt.verdict.refusal());
        refusal.is_some_and(|refusal| refusal.code == RefusalCode::Gap && refusal.field == "base")
    }

    /// Whether the server's word about it outlives the server's machine.
    #[must_use]
    pub fn is_safe(&self, safe: u64) -> bool {
        !self.lost && self.receipt.as_ref().is_some_and(|receipt| receipt.server_seq > 0 && receipt.server_seq <= safe)
    }
}

/// Something a person has to look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Attention {
    /// An own operation that does not count, and why.
    Refused {
        /// The operation.
        op: OpId,
        /// What it acted on.
        target: Target,
        /// Kind of the operation.
        kind: u16,
        /// What the server decided.
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

/// Where the operations of one card are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CardSync {
    /// Some are only on this device.
    OnTablet {
        /// How many.
        operations: usize,
        /// When the oldest was made, by this device's clock.
        oldest: Millis,
    },
    /// The server has everything.
    Received,
    /// The server has everything, and so has its backup.
    Safe,
    /// Something was refused or is contested.
    NeedsAttention(Vec<Attention>),
}
