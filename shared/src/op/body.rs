//! The envelope that every operation shares.

use core::fmt;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Payload;
use crate::ids::{DeviceId, Nonce, OpId, PackHash, PersonId, Subject, UnitId, WorkListId};
use crate::limits::{BASE_MAX, OPERATION_BYTES_MAX};
use crate::time::{Hlc, Millis, Period};

/// The schema version this code writes.
pub const VERSION: u8 = 1;

/// Names the card of a person or a unit for one period under one pack. Two people who create it offline get the same key. A
/// card never changes its pack: under another pack it is another card.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CardKey {
    /// Who or what is scored on it.
    #[serde(flatten)]
    #[n(0)]
    pub subject: Subject,
    /// The period.
    #[n(1)]
    pub period: Period,
    /// The rule pack, by content.
    #[n(2)]
    pub pack: PackHash,
}

impl fmt::Display for CardKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.subject, self.period, self.pack)
    }
}

impl CardKey {
    /// The person scored; none where a unit is.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match self.subject {
            Subject::Person(person) => Some(person),
            Subject::Unit(_) => None,
        }
    }

    /// Whether it is the card of this person.
    #[must_use]
    pub fn is_of(&self, person: PersonId) -> bool {
        self.person() == Some(person)
    }
}

/// Names the period of a unit under one pack, on which its cards are summed up and reported.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct UnitPeriod {
    /// The unit.
    #[n(0)]
    pub unit: UnitId,
    /// The period.
    #[n(1)]
    pub period: Period,
    /// The rule pack, by content.
    #[n(2)]
    pub pack: PackHash,
}

/// What an operation acts on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Encode, Decode)]
pub enum Target {
    /// Units, people, posts, mandates, adoptions.
    #[n(0)]
    Org,
    /// A list of work products.
    #[n(1)]
    WorkList(#[n(0)] WorkListId),
    /// A card.
    #[n(2)]
    Card(#[n(0)] CardKey),
    /// A unit's period, with all its cards.
    #[n(3)]
    UnitPeriod(#[n(0)] UnitPeriod),
}

/// The signed content of an operation.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct Body {
    /// Schema version.
    #[n(0)]
    pub version: u8,
    /// Which intent the payload carries; see [`Payload::kind`].
    #[n(1)]
    pub kind: u16,
    /// The person who acts.
    #[n(2)]
    pub actor: PersonId,
    /// The device on which the person acts.
    #[n(3)]
    pub device: DeviceId,
    /// The epoch. It rises after the store was wiped or cloned.
    #[n(4)]
    pub epoch: u32,
    /// Place in the chain of (actor, device, epoch), from 1 without gaps.
    #[n(5)]
    pub seq: u64,
    /// The previous operation in the chain.
    #[n(6)]
    pub prev: Option<OpId>,
    /// What it acts on.
    #[n(7)]
    pub target: Target,
    /// The heads the author had seen of every register this writes or builds on.
    #[n(8)]
    pub base: Vec<OpId>,
    /// The highest server sequence in the author's view.
    #[n(9)]
    pub seen_seq: u64,
    /// The author's clock. It serves display only and does not order operations.
    #[n(10)]
    pub hlc: Hlc,
    /// The last server time the author had seen. The act is not earlier than that.
    #[n(11)]
    pub last_server_time: Millis,
    /// The intent, still encoded. A server that does not know the kind keeps the bytes.
    #[n(12)]
    pub payload: ByteVec,
    /// Drawn at random for each operation where people act; none where nobody could gain by guessing, as in tests.
    #[n(13)]
    pub nonce: Option<Nonce>,
}

/// Why bytes are not an operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DecodeError {
    /// The bytes are longer than [`OPERATION_BYTES_MAX`].
    TooLong {
        /// Bytes found.
        found: usize,
    },
    /// The bytes do not have the expected structure.
    Malformed(String),
    /// There are more base heads than [`BASE_MAX`].
    BaseTooLong {
        /// Heads found.
        found: usize,
    },
    /// A kind this version does not know.
    UnknownKind(u16),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { found } => write!(f, "operation: found {found} bytes, allowed {OPERATION_BYTES_MAX}"),
            Self::Malformed(what) => write!(f, "operation: {what}"),
            Self::BaseTooLong { found } => write!(f, "base: found {found} heads, allowed {BASE_MAX}"),
            Self::UnknownKind(kind) => write!(f, "kind: found {kind}, which this version does not know"),
        }
    }
}

impl core::error::Error for DecodeError {}

impl Body {
    /// The bytes to sign, hash and store. They are never encoded again.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads a body.
    ///
    /// # Errors
    /// When the bytes are over the limits or not a body.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > OPERATION_BYTES_MAX {
            return Err(DecodeError::TooLong { found: bytes.len() });
        }
        let body: Self = decode_whole(bytes)?;
        if body.base.len() > BASE_MAX {
            return Err(DecodeError::BaseTooLong { found: body.base.len() });
        }
        Ok(body)
    }

    /// The intent.
    ///
    /// # Errors
    /// [`DecodeError::UnknownKind`] for a kind of a later version, [`DecodeError::Malformed`] otherwise.
    pub fn intent(&self) -> Result<Payload, DecodeError> {
        Payload::from_bytes(self.kind, &self.payload)
    }

    /// The card acted on, if it is one.
    #[must_use]
    pub const fn card(&self) -> Option<&CardKey> {
        match &self.target {
            Target::Card(key) => Some(key),
            Target::Org | Target::WorkList(_) | Target::UnitPeriod(_) => None,
        }
    }
}

/// A body with the author's Ed25519 signature, both verbatim.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct SignedOperation {
    /// [`Body`] as signed.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub body: Vec<u8>,
    /// The signature, 64 bytes.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub signature: Vec<u8>,
}

impl SignedOperation {
    /// The identity of the operation.
    #[must_use]
    pub fn id(&self) -> OpId {
        OpId::of(&self.body)
    }

    /// Both parts, encoded for storage.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are not a signed operation.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > OPERATION_BYTES_MAX + 128 {
            return Err(DecodeError::TooLong { found: bytes.len() });
        }
        decode_whole(bytes)
    }

    /// The body, decoded.
    ///
    /// # Errors
    /// As [`Body::from_bytes`].
    pub fn decode(&self) -> Result<Body, DecodeError> {
        Body::from_bytes(&self.body)
    }
}

/// Encodes into memory, which cannot fail.
pub(crate) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = minicbor::encode(value, &mut bytes);
    debug_assert!(written.is_ok(), "writing to memory does not fail");
    bytes
}

/// Describes what is wrong with bytes, in words for logs and refusals. Devices have neither and keep only the position.
pub(crate) fn malformed(error: &minicbor::decode::Error) -> DecodeError {
    #[cfg(feature = "author")]
    let what = error.to_string();
    #[cfg(not(feature = "author"))]
    let what = error.position().unwrap_or_default().to_string();
    DecodeError::Malformed(what)
}

/// Decodes and refuses trailing bytes.
pub(crate) fn decode_whole<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, DecodeError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|error| malformed(&error))?;
    if decoder.position() == bytes.len() {
        Ok(value)
    } else {
        Err(DecodeError::Malformed(format!("{} bytes too many", bytes.len() - decoder.position())))
    }
}
