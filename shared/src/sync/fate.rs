//! What became of what a person did: on this tablet, received, or in need of someone's eyes.

use crate::ids::OpId;
use crate::op::{Body, CardKey, Receipt, SignedOperation, Target, Verdict};
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
    /// The office's word, once it arrived.
    pub receipt: Option<Receipt>,
    /// Seen in the copied log: part of what everyone folds.
    pub in_log: bool,
}

impl OwnOperation {
    /// Whether it still has to be delivered. One the office keeps aside has no place in its log yet and is sent again.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        match &self.receipt {
            None => true,
            Some(receipt) => receipt.server_seq == 0 && matches!(receipt.verdict, Verdict::Held(_)),
        }
    }

    /// Whether it may still count: not refused for good.
    #[must_use]
    pub fn may_count(&self) -> bool {
        self.receipt.as_ref().is_none_or(|receipt| receipt.verdict.counts()) || self.is_unsent()
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
        /// What the office decided.
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
    /// Some are only on this tablet.
    OnTablet {
        /// How many.
        operations: usize,
        /// When the oldest was made, by this tablet's clock.
        oldest: Millis,
    },
    /// The office has everything.
    Received,
    /// Something was refused or is contested.
    NeedsAttention(Vec<Attention>),
}
