//! Operations: the signed, chained acts of people, as bytes that are never encoded again.

mod body;
pub(crate) use body::{decode_whole, encode, malformed};
mod chain;
mod detail;
pub(crate) mod kind;
mod own;
mod payload;
mod score;
mod verdict;
mod voice;
mod work;

pub use body::{Body, CardKey, DecodeError, SignedOperation, Target, UnitPeriod, VERSION};
pub use chain::{ChainError, ChainHead, ChainKey};
pub use detail::Detail;
pub use payload::{Payload, Register, Stage};
pub use score::{
    Absence, Appraisal, Approval, Document, DraftValue, EventStated, FactValue, Fault, FieldKey, Led, Mark,
    PositionStated, ProductStated, Publication, Reckoned, SelfScore, Stated,
};
pub use verdict::{Receipt, Refusal, RefusalCode, SignedReceipt, Verdict};
pub use voice::{Says, Voice};
pub use work::{CarriedLine, LineReview, NewLine, PlanReview, Progress};
