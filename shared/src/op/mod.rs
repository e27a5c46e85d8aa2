//! Operations: the signed, chained acts of people, as bytes that are never encoded again.

mod body;
pub(crate) use body::{decode_whole, encode, malformed};
mod chain;
mod detail;
pub(crate) mod kind;
mod payload;
mod score;
mod verdict;
mod work;

pub use body::{Body, CardKey, DecodeError, SignedOperation, Target, UnitPeriod, VERSION};
pub use chain::{ChainError, ChainHead, ChainKey};
pub use detail::Detail;
pub use payload::{Payload, Register, Stage};
pub use score::{
    Absence, Appraisal, Approval, DraftValue, EventStated, FactValue, FieldKey, Led, Mark, Publication, SelfScore,
};
pub use verdict::{Receipt, Refusal, RefusalCode, SignedReceipt, Verdict};
pub use work::{LineReview, NewLine, PlanReview, Progress};
