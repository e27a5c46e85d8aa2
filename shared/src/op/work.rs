//! Work on a card: what is assigned, what is reported of it, and what a superior finds.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::ids::WorkListId;
use crate::num::Exact;
use crate::sorted_map::Set;
use crate::time::Day;
use crate::work::Cause;

/// A piece of work on a card. It keeps the coefficient of the time when it was assigned.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct NewLine {
    /// Code in the list; empty for free work.
    #[n(0)]
    pub code: String,
    /// Title; empty when the list has it under the code.
    #[n(1)]
    pub name: String,
    /// The coefficient k.
    #[n(2)]
    pub coefficient: Exact,
    /// Quantity assigned.
    #[n(3)]
    pub assigned: Exact,
    /// When it is due.
    #[n(4)]
    pub due: Option<Day>,
    /// The list that the code belongs to.
    #[n(5)]
    pub list: Option<WorkListId>,
    /// Whether it is beyond the initial plan: taken over from a colleague, or arisen later (Đ.18(1)d of Decree
    /// 335/2025).
    #[n(6)]
    pub extra: bool,
}

/// What was done on a line.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Progress {
    /// Quantity done; may be fractional (0.8 of a report).
    #[n(0)]
    pub completed: Exact,
    /// Quality reviews failed.
    #[n(1)]
    pub failed_reviews: u32,
    /// Times late.
    #[n(2)]
    pub late_times: u32,
    /// Days late in all.
    #[n(3)]
    pub late_days: u32,
    /// Quantity handed over to a colleague. It stays assigned here and counts as done for the colleague.
    #[n(4)]
    pub handed_over: Exact,
    /// When it was finished.
    #[n(5)]
    pub finished: Option<Day>,
    /// Evidence: a document number, a place, anything that shows the work.
    #[n(6)]
    pub evidence: String,
    /// Objective causes that the person claims. They count once they are confirmed.
    #[n(7)]
    pub causes: Set<Cause>,
    /// What the cause was.
    #[n(8)]
    pub cause_text: String,
}

/// A superior's finding on a line.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct LineReview {
    /// Quantity accepted.
    #[n(0)]
    pub completed: Exact,
    /// Quality reviews failed.
    #[n(1)]
    pub failed_reviews: u32,
    /// Times late.
    #[n(2)]
    pub late_times: u32,
    /// Days late in all.
    #[n(3)]
    pub late_days: u32,
    /// Objective causes confirmed.
    #[n(4)]
    pub causes: Set<Cause>,
    /// Why it differs from the report.
    #[n(5)]
    pub reason: String,
    /// What is assigned, as the superior confirms or sets it. A line that the person put on the own card counts only
    /// with this (Đ.13(3), Đ.18(1)a–b of Decree 335/2025).
    #[n(6)]
    pub plan: Option<PlanReview>,
    /// When it was finished.
    #[n(7)]
    pub finished: Option<Day>,
}

/// The part of a line that only a superior may state.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct PlanReview {
    /// The coefficient k.
    #[n(0)]
    pub coefficient: Exact,
    /// Quantity assigned.
    #[n(1)]
    pub assigned: Exact,
    /// Whether it is beyond the initial plan.
    #[n(2)]
    pub extra: bool,
}
