//! Identifiers. Each has its own type, so that a unit cannot be passed where a person is meant.

use core::fmt::{self, Write as _};
use core::str::FromStr;

use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Random bytes in an operation that make its hash impossible to guess. The next operation of the chain names that
/// hash, and its reader may not be entitled to read this one. Without the random bytes that reader could try out the
/// few possible marks of a draft.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Nonce(pub [u8; 16]);

impl<C> Encode<C> for Nonce {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0).map(drop)
    }
}

impl<'b, C> Decode<'b, C> for Nonce {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bytes = d.bytes()?.try_into();
        bytes.map(Self).map_err(|_| minicbor::decode::Error::message("not 16 bytes"))
    }
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID made elsewhere: `shared` generates no random numbers.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The id from its 16 stored bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes to store.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(self.0.as_bytes())?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                Ok(Self::from_bytes(fixed_bytes(d)?))
            }
        }
    };
}

uuid_id!(
    /// A person. The id stays the same when posts and units change.
    PersonId
);
uuid_id!(
    /// A unit of the tree: province, commune, office, centre.
    UnitId
);
uuid_id!(
    /// A post held by a person in a unit from a day on.
    PostId
);
uuid_id!(
    /// A mandate: something that a person holds beside a post.
    MandateId
);
uuid_id!(
    /// A browser profile on a device, or an office computer.
    DeviceId
);
uuid_id!(
    /// One version of a list of work products.
    WorkListId
);

impl PersonId {
    /// The system itself. Imports and administration at the command line are signed by the server's key under this id.
    pub const SYSTEM: Self = Self::from_bytes([0; 16]);
}

/// Writes two digits for each byte.
fn write_hex(bytes: &[u8; 32], out: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| {
        let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
        out.write_char(digit(byte >> 4))?;
        out.write_char(digit(byte & 15))
    })
}

macro_rules! hash_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The SHA-256 of `bytes`.
            #[must_use]
            pub fn of(bytes: &[u8]) -> Self {
                Self(Sha256::digest(bytes).into())
            }

            /// The hash from its 32 stored bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The 32 bytes to store.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:.8})"), self.to_string())
            }
        }

        impl FromStr for $name {
            type Err = HexError;
            fn from_str(text: &str) -> Result<Self, HexError> {
                parse_hex(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                fixed_bytes(d).map(Self)
            }
        }
    };
}

hash_id!(
    /// SHA-256 of an operation's body: its identity and its idempotency key.
    OpId
);
hash_id!(
    /// SHA-256 of an encoded rule pack: it names exactly what the pack says.
    PackHash
);
hash_id!(
    /// SHA-256 over folded state, to compare two devices.
    StateHash
);
hash_id!(
    /// SHA-256 of bytes that are kept beside the log: a rule pack, a scan, a piece of evidence.
    BlobHash
);

/// An encoded rule pack is a blob.
impl From<PackHash> for BlobHash {
    fn from(pack: PackHash) -> Self {
        Self(pack.0)
    }
}

/// The pack that a blob is, if it is one. The hash alone does not tell.
impl From<BlobHash> for PackHash {
    fn from(blob: BlobHash) -> Self {
        Self(blob.0)
    }
}

/// The place of a step in its pack, from 0. A card pins its pack, so a place never means another step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct StepPlace(#[n(0)] pub u8);

impl fmt::Display for StepPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of a weighted product on a card, from 1. It stays with the product, whoever states something of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct ProductNumber(#[n(0)] pub u8);

impl fmt::Display for ProductNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The error for a text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HexError;

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected 64 hexadecimal digits")
    }
}

impl core::error::Error for HexError {}

fn parse_hex(text: &str) -> Result<[u8; 32], HexError> {
    let digits = text.strip_prefix("sha256:").unwrap_or(text).as_bytes();
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(HexError);
    }
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(HexError)
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Reads a byte string of exactly `N` bytes.
pub(crate) fn fixed_bytes<const N: usize>(d: &mut Decoder<'_>) -> Result<[u8; N], minicbor::decode::Error> {
    let position = d.position();
    d.bytes()?.try_into().map_err(|_| minicbor::decode::Error::message("byte string of the wrong length").at(position))
}

/// A work line of a card: the operation that created it (first 8 bytes of its id) and its place in that operation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub struct LineId {
    #[cbor(n(0), with = "minicbor::bytes")]
    op: [u8; 8],
    #[n(1)]
    place: u8,
}

impl LineId {
    /// The line at `place` of the operation `op`.
    #[must_use]
    pub fn new(op: OpId, place: u8) -> Self {
        let mut prefix = [0; 8];
        for (to, from) in prefix.iter_mut().zip(op.as_bytes()) {
            *to = *from;
        }
        Self { op: prefix, place }
    }
}

impl fmt::Display for LineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.op.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, "-{}", self.place)
    }
}

impl Serialize for LineId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for LineId {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        let (digits, place) = text.split_once('-').ok_or(HexError)?;
        let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
        let bytes: Option<Vec<u8>> =
            pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect();
        let op = bytes.and_then(|bytes| bytes.try_into().ok()).filter(|_| rest.is_empty()).ok_or(HexError)?;
        Ok(Self { op, place: place.parse().map_err(|_| HexError)? })
    }
}

impl<'de> Deserialize<'de> for LineId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Who or what is scored. It is written as a person's id is, or as a list of one unit's id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A person.
    Person(PersonId),
    /// A unit, for which its head fills in the card.
    Unit(UnitId),
}

impl<C> Encode<C> for Subject {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Self::Person(person) => person.encode(e, context),
            Self::Unit(unit) => unit.encode(e.array(1)?, context),
        }
    }
}

impl<'b, C> Decode<'b, C> for Subject {
    fn decode(d: &mut Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
        if d.datatype()? == Type::Bytes {
            return PersonId::decode(d, context).map(Self::Person);
        }
        if d.array()? != Some(1) {
            return Err(minicbor::decode::Error::message("a subject is an id or a list of one"));
        }
        UnitId::decode(d, context).map(Self::Unit)
    }
}

impl From<PersonId> for Subject {
    fn from(person: PersonId) -> Self {
        Self::Person(person)
    }
}

impl From<UnitId> for Subject {
    fn from(unit: UnitId) -> Self {
        Self::Unit(unit)
    }
}

impl FromStr for Subject {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix("unit-") {
            Some(unit) => unit.parse().map(Self::Unit),
            None => text.parse().map(Self::Person),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => person.fmt(f),
            Self::Unit(unit) => write!(f, "unit-{unit}"),
        }
    }
}
