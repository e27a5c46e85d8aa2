//! Operations: what people do, as signed, chained, never re-encoded bytes.

mod body;
pub(crate) use body::{decode_whole, encode, malformed};
mod chain;
mod payload;
mod verdict;

pub use body::{Body, CardKey, DecodeError, SignedOperation, Target, VERSION};
pub use chain::{ChainError, ChainHead, ChainKey};
pub use payload::{
    Absence, Appraisal, Approval, DraftValue, FactValue, FieldKey, Led, LineReview, Mark, NewLine, Payload, PlanReview,
    Progress, Publication, Register, SelfScore, Stage,
};
pub use verdict::{Receipt, Refusal, RefusalCode, SignedReceipt, Verdict};
