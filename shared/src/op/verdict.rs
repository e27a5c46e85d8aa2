//! What the server decided about an operation, and the receipt for it.

use core::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::body::{decode_whole, encode};
use super::{DecodeError, Detail};
use crate::ids::OpId;
use crate::time::Millis;

/// Why an operation does not count, as a code. The sentence is in the catalogues.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum RefusalCode {
    /// The author holds no post that allows this.
    #[n(0)]
    NotEntitled,
    /// The card is not in the stage this act belongs to.
    #[n(1)]
    WrongStage,
    /// A register this builds on is contested.
    #[n(2)]
    Contested,
    /// What this builds on has been replaced.
    #[n(3)]
    Stale,
    /// The thing named does not exist.
    #[n(4)]
    Unknown,
    /// A field is missing.
    #[n(5)]
    Missing,
    /// A value is outside what is allowed.
    #[n(6)]
    OutOfRange,
    /// A reason is required.
    #[n(7)]
    ReasonRequired,
    /// A limit is exceeded.
    #[n(8)]
    OverLimit,
    /// The result signed is not the result computed.
    #[n(9)]
    ResultDiffers,
    /// The rule pack is not known here.
    #[n(10)]
    UnknownPack,
    /// The kind of operation is of a later version.
    #[n(11)]
    UnknownKind,
    /// The bytes are not an operation.
    #[n(12)]
    Malformed,
    /// The signature does not verify.
    #[n(13)]
    BadSignature,
    /// The device's key is not registered.
    #[n(14)]
    UnknownKey,
    /// Operations before this one have not arrived.
    #[n(15)]
    Gap,
    /// Two different operations claim one place of a chain.
    #[n(16)]
    Fork,
    /// It would close a circle in the tree of units.
    #[n(17)]
    Circle,
    /// A code or id is there twice.
    #[n(18)]
    Duplicate,
    /// It arrives before the first day on which it may be done.
    #[n(19)]
    TooEarly,
    /// The rules were not in force in the card's period.
    #[n(20)]
    NotInForce,
    /// The person is not assessed in the period.
    #[n(21)]
    NotAssessed,
    /// Work of this kind does not count for the person's role.
    #[n(22)]
    NoWork,
    /// It was said after the last day on which it may be.
    #[n(23)]
    TooLate,
    /// Work of an earlier period that counts in this one is to be carried to the card first.
    #[n(24)]
    NotCarried,
}

/// A code with what was found and what is allowed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Refusal {
    /// The code.
    #[n(0)]
    pub code: RefusalCode,
    /// The field it is about, such as `marks.I.1`.
    #[n(1)]
    pub field: String,
    /// What was found.
    #[n(2)]
    pub found: Box<Detail>,
    /// What is allowed.
    #[n(3)]
    pub allowed: Box<Detail>,
}

impl Refusal {
    /// A refusal about `field`.
    #[must_use]
    pub fn new(code: RefusalCode, field: impl Into<String>) -> Self {
        Self { code, field: field.into(), found: Box::default(), allowed: Box::default() }
    }

    /// With what was found.
    #[must_use]
    pub fn found(mut self, found: impl Into<Detail>) -> Self {
        self.found = Box::new(found.into());
        self
    }

    /// With what is allowed.
    #[must_use]
    pub fn allowed(mut self, allowed: impl Into<Detail>) -> Self {
        self.allowed = Box::new(allowed.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.field, self.code)?;
        if *self.found != Detail::Nothing {
            write!(f, ", found {}", self.found)?;
        }
        if *self.allowed != Detail::Nothing {
            write!(f, ", allowed {}", self.allowed)?;
        }
        Ok(())
    }
}

impl core::error::Error for Refusal {}

/// What the server decided. Whatever it is, the operation is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It counts.
    #[n(0)]
    Accepted,
    /// It counts as one of several versions; a person must choose.
    #[n(1)]
    AcceptedContested,
    /// It cannot be judged yet.
    #[n(2)]
    Held(#[n(0)] Refusal),
    /// It does not count.
    #[n(3)]
    Rejected(#[n(0)] Refusal),
    /// What it builds on had been replaced when it arrived.
    #[n(4)]
    Superseded(#[n(0)] Refusal),
}

impl Verdict {
    /// Whether the operation takes effect.
    #[must_use]
    pub const fn counts(&self) -> bool {
        matches!(self, Self::Accepted | Self::AcceptedContested)
    }

    /// Why it does not count.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Accepted | Self::AcceptedContested => None,
            Self::Held(refusal) | Self::Rejected(refusal) | Self::Superseded(refusal) => Some(refusal),
        }
    }

    /// The word for it in tables and logs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::AcceptedContested => "accepted_contested",
            Self::Held(_) => "held",
            Self::Rejected(_) => "rejected",
            Self::Superseded(_) => "superseded",
        }
    }
}

/// The server's word that it has an operation.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct Receipt {
    /// Of which operation.
    #[n(0)]
    pub op: OpId,
    /// Its place in the server's log; 0 for bytes that are kept outside it.
    #[n(1)]
    pub server_seq: u64,
    /// When it arrived, by the server's clock.
    #[n(2)]
    pub received_at: Millis,
    /// What was decided.
    #[n(3)]
    pub verdict: Verdict,
}

/// A receipt with the server's Ed25519 signature, identical whenever it is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct SignedReceipt {
    /// [`Receipt`] as signed.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub receipt: Vec<u8>,
    /// 64 bytes.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub signature: Vec<u8>,
}

impl Receipt {
    /// The bytes to sign.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }
}

impl SignedReceipt {
    /// The receipt, decoded; the signature is checked by the caller, who has the key.
    ///
    /// # Errors
    /// When the bytes are not a receipt.
    pub fn decode(&self) -> Result<Receipt, DecodeError> {
        decode_whole(&self.receipt)
    }
}
