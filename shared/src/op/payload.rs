//! What an operation intends. Fields are numbered, so that later versions can add some; kinds are never reused.

use crate::sorted_map::{Map, Set};
use core::fmt;

use minicbor::{Decode, Encode};
use serde::Serialize;

use super::DecodeError;
use super::body::{decode_whole, encode};
use crate::ids::{LineId, OpId, PersonId, UnitId, WorkListId};
use crate::language::Language;
use crate::num::Exact;
use crate::org::{Person, Post, Standing, Unit};
use crate::time::Day;
use crate::work::{AbsenceCause, Adoption, Cause, Product};

/// Where a card stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Stage {
    /// Work is assigned, done and reported.
    #[n(0)]
    Working,
    /// The person has scored and submitted.
    #[n(1)]
    SelfScored,
    /// The superior has scored.
    #[n(2)]
    Appraised,
    /// The class is decided.
    #[n(3)]
    Approved,
    /// The person and the agency have been told.
    #[n(4)]
    Published,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 5] = [Self::Working, Self::SelfScored, Self::Appraised, Self::Approved, Self::Published];
}

/// A place of a card that one intent writes at a time. Two heads of one register are contested.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Encode, Decode)]
pub enum Register {
    /// What is assigned.
    #[n(0)]
    Plan(#[n(0)] LineId),
    /// What was done of it.
    #[n(1)]
    Progress(#[n(0)] LineId),
    /// One field of an unsubmitted score.
    #[n(2)]
    Draft(#[n(0)] FieldKey),
    /// The submitted self-score.
    #[n(3)]
    SelfScore,
    /// The superior's score.
    #[n(4)]
    Appraisal,
    /// The decision.
    #[n(5)]
    Approval,
    /// The publication.
    #[n(6)]
    Publication,
    /// That there is nothing to assess in the period.
    #[n(7)]
    Absence,
}

impl fmt::Display for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(line) => write!(f, "plan/{line}"),
            Self::Progress(line) => write!(f, "progress/{line}"),
            Self::Draft(field) => {
                write!(f, "draft/{}/{}", if field.appraisal { "appraisal" } else { "self" }, field.field)
            }
            Self::SelfScore => f.write_str("self_score"),
            Self::Appraisal => f.write_str("appraisal"),
            Self::Approval => f.write_str("approval"),
            Self::Publication => f.write_str("publication"),
            Self::Absence => f.write_str("absence"),
        }
    }
}

/// Names one field of a draft.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Encode, Decode)]
pub struct FieldKey {
    /// A superior's draft; else the person's own.
    #[n(0)]
    pub appraisal: bool,
    /// `mark/I.1`, `leadership/unit`, `line/<id>`, `strengths`, `weaknesses`, `comment`.
    #[n(1)]
    pub field: String,
}

/// The value of a draft's field; absent means erased.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct DraftValue {
    /// A number, for marks.
    #[n(0)]
    pub value: Option<Exact>,
    /// A text: the reason of a mark, or the whole field.
    #[n(1)]
    pub text: String,
    /// A reviewed line.
    #[n(2)]
    pub review: Option<LineReview>,
}

/// A mark with its reason.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Mark {
    /// Points, or a ratio for leadership parts.
    #[n(0)]
    pub value: Exact,
    /// Why; required where the superior differs from the person.
    #[n(1)]
    pub reason: String,
}

/// A piece of work put on a card. The coefficient is that of the moment it was assigned.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct NewLine {
    /// Code in the list; empty for free work.
    #[n(0)]
    pub code: String,
    /// Title; empty when the list has it under the code.
    #[n(1)]
    pub name: String,
    /// k.
    #[n(2)]
    pub coefficient: Exact,
    /// Quantity assigned.
    #[n(3)]
    pub assigned: Exact,
    /// When it is due.
    #[n(4)]
    pub due: Option<Day>,
    /// The list the code is of.
    #[n(5)]
    pub list: Option<WorkListId>,
    /// Beyond the initial plan: taken over from a colleague or arisen later (Đ.18(1)d of Decree 335/2025).
    #[n(6)]
    pub extra: bool,
}

/// What was done of a line.
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
    /// Quantity handed over to a colleague: stays assigned here, counts as done for the other.
    #[n(4)]
    pub handed_over: Exact,
    /// When it was finished.
    #[n(5)]
    pub finished: Option<Day>,
    /// Document number, place, anything that shows it.
    #[n(6)]
    pub evidence: String,
    /// Objective causes claimed; they count once confirmed.
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
    /// What is assigned, as the superior confirms or sets it. Of a line that the person put on the own card, nothing counts
    /// without it (Đ.13(3), Đ.18(1)a–b of Decree 335/2025).
    #[n(6)]
    pub plan: Option<PlanReview>,
    /// When it was finished.
    #[n(7)]
    pub finished: Option<Day>,
}

/// What of a line is a superior's to say.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct PlanReview {
    /// k.
    #[n(0)]
    pub coefficient: Exact,
    /// Quantity assigned.
    #[n(1)]
    pub assigned: Exact,
    /// Beyond the initial plan.
    #[n(2)]
    pub extra: bool,
}

/// A fact a gate or knock-out asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[serde(untagged)]
pub enum FactValue {
    /// Yes or no.
    #[n(0)]
    Flag(#[n(0)] bool),
    /// A quantity.
    #[n(1)]
    Number(#[n(0)] Exact),
    /// A class, by its code in the pack.
    #[n(2)]
    Class(#[n(0)] String),
}

/// The person's own score.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct SelfScore {
    /// Marks by criterion code.
    #[n(0)]
    pub marks: Map<String, Mark>,
    /// Leadership parts by code: `unit`, `organising`, `cohesion`.
    #[n(1)]
    pub leadership: Map<String, Mark>,
    /// "Ưu điểm" of Mẫu 01.
    #[n(2)]
    pub strengths: String,
    /// "Hạn chế, khuyết điểm" of Mẫu 01.
    #[n(3)]
    pub weaknesses: String,
    /// Facts by code, as the person claims them.
    #[n(4)]
    pub facts: Map<String, FactValue>,
}

/// The superior's score.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Appraisal {
    /// Marks by criterion code, all of them.
    #[n(0)]
    pub marks: Map<String, Mark>,
    /// Leadership parts by code.
    #[n(1)]
    pub leadership: Map<String, Mark>,
    /// Lines where the superior finds otherwise than reported, or confirms a cause.
    #[n(2)]
    pub lines: Map<LineId, LineReview>,
    /// "Ý kiến nhận xét" of Mẫu 01.
    #[n(3)]
    pub comment: String,
    /// Facts by code. Only these count; one that the person claimed is confirmed by saying the same, refused by a flag "no".
    #[n(4)]
    pub facts: Map<String, FactValue>,
}

/// The decision on a card, signed with the result that was seen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Approval {
    /// The exact total the approver saw.
    #[n(0)]
    pub total: Exact,
    /// The class the approver saw.
    #[n(1)]
    pub class: String,
    /// Remark.
    #[n(2)]
    pub comment: String,
    /// Where the person stood: what becomes of the post later does not move the card.
    #[n(3)]
    pub standing: Standing,
    /// The totals of the people led that were on the screen: what becomes of their cards later does not change what was
    /// decided on.
    #[n(4)]
    pub led: Vec<Led>,
}

/// Someone led, with the result a head answers for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Led {
    /// Who.
    #[n(0)]
    pub person: PersonId,
    /// As decided, else as the superior scored; none while it has not come.
    #[n(1)]
    pub total: Option<Exact>,
}

/// The publication of a decided card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Publication {
    /// The class made known.
    #[n(0)]
    pub class: String,
}

/// Why somebody is not assessed in a period: not a day of it was worked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Absence {
    /// The cause.
    #[n(0)]
    pub cause: AbsenceCause,
    /// The paper it rests on, or what another cause is.
    #[n(1)]
    pub note: String,
}

impl Absence {
    /// The cause in words; of another cause what it is.
    #[must_use]
    pub fn words(&self, language: Language) -> &str {
        if self.cause == AbsenceCause::Other { &self.note } else { self.cause.name(language) }
    }
}

/// What an operation intends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Payload {
    /// Adds or changes a unit.
    #[n(1)]
    PutUnit(#[n(0)] Unit),
    /// Adds or changes a person.
    #[n(2)]
    PutPerson(#[n(0)] Person),
    /// Adds or changes a post.
    #[n(3)]
    PutPost(#[n(0)] Post),
    /// Fixes options of a pack for a unit and all below it: a reading of an ambiguous text, with the decision it rests on.
    #[n(4)]
    DecideOptions {
        /// For which unit.
        #[n(0)]
        unit: UnitId,
        /// Of which pack.
        #[n(1)]
        pack: String,
        /// Values by option.
        #[n(2)]
        options: Map<String, String>,
        /// Number and date of the decision.
        #[n(3)]
        decision: String,
        /// The first day it counts for periods that end then or later; none: always.
        #[n(4)]
        from: Option<Day>,
        /// The day of a period's last month from which its class may be decided; none: as the pack says.
        #[n(5)]
        opens: Option<u8>,
    },
    /// Adds products to a list that is arriving.
    #[n(10)]
    PutProducts(#[n(0)] Vec<Product>),
    /// Puts a whole list in force.
    #[n(11)]
    AdoptWorkList(#[n(0)] Adoption),
    /// Puts work on a card: by the superior (assigns) or the person (registers).
    #[n(20)]
    AssignWork(#[n(0)] Vec<NewLine>),
    /// Changes a line's quantity or due day.
    #[n(21)]
    ReviseLine {
        /// Which line.
        #[n(0)]
        line: LineId,
        /// The line as it is to be.
        #[n(1)]
        plan: NewLine,
    },
    /// Takes a line off the card.
    #[n(22)]
    RemoveLine {
        /// Which line.
        #[n(0)]
        line: LineId,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// Reports what was done of a line.
    #[n(23)]
    ReportProgress {
        /// Which line.
        #[n(0)]
        line: LineId,
        /// Where it stands.
        #[n(1)]
        progress: Progress,
    },
    /// Keeps unsubmitted marks, field by field; only the author ever sees them.
    #[n(24)]
    SaveDraft {
        /// A superior's draft; else the person's own.
        #[n(0)]
        appraisal: bool,
        /// The fields that changed.
        #[n(1)]
        fields: Map<String, DraftValue>,
    },
    /// Submits the self-score.
    #[n(30)]
    SubmitSelfScore(#[n(0)] SelfScore),
    /// Takes the self-score back before it is appraised.
    #[n(31)]
    WithdrawSelfScore {
        /// Why.
        #[n(0)]
        reason: String,
    },
    /// The superior's score.
    #[n(32)]
    Appraise(#[n(0)] Appraisal),
    /// The decision.
    #[n(33)]
    Approve(#[n(0)] Approval),
    /// The publication.
    #[n(34)]
    Publish(#[n(0)] Publication),
    /// Sends a card back to an earlier stage.
    #[n(35)]
    ReturnCard {
        /// The stage it is to be in.
        #[n(0)]
        to: Stage,
        /// Why; required.
        #[n(1)]
        reason: String,
    },
    /// Chooses one of the heads of a contested register.
    #[n(36)]
    Resolve {
        /// Which register.
        #[n(0)]
        register: Register,
        /// The head that counts.
        #[n(1)]
        choice: OpId,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// States that the person is not assessed in the period: by a superior or personnel, never by the person.
    #[n(37)]
    RecordAbsence(#[n(0)] Absence),
    /// Takes that back.
    #[n(38)]
    LiftAbsence {
        /// Why; required.
        #[n(0)]
        reason: String,
    },
}

impl Payload {
    /// The number of the kind in the envelope; never reused.
    #[must_use]
    pub const fn kind(&self) -> u16 {
        match self {
            Self::PutUnit(_) => 1,
            Self::PutPerson(_) => 2,
            Self::PutPost(_) => 3,
            Self::DecideOptions { .. } => 4,
            Self::PutProducts(_) => 10,
            Self::AdoptWorkList(_) => 11,
            Self::AssignWork(_) => 20,
            Self::ReviseLine { .. } => 21,
            Self::RemoveLine { .. } => 22,
            Self::ReportProgress { .. } => 23,
            Self::SaveDraft { .. } => 24,
            Self::SubmitSelfScore(_) => 30,
            Self::WithdrawSelfScore { .. } => 31,
            Self::Appraise(_) => 32,
            Self::Approve(_) => 33,
            Self::Publish(_) => 34,
            Self::ReturnCard { .. } => 35,
            Self::Resolve { .. } => 36,
            Self::RecordAbsence(_) => 37,
            Self::LiftAbsence { .. } => 38,
        }
    }

    /// Every kind this version knows.
    pub const KINDS: [u16; 20] = [1, 2, 3, 4, 10, 11, 20, 21, 22, 23, 24, 30, 31, 32, 33, 34, 35, 36, 37, 38];

    /// As carried in a body.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads the payload of a body of the given kind.
    ///
    /// # Errors
    /// When the kind is unknown, does not match, or the bytes are malformed.
    pub fn from_bytes(kind: u16, bytes: &[u8]) -> Result<Self, DecodeError> {
        if !Self::KINDS.contains(&kind) {
            return Err(DecodeError::UnknownKind(kind));
        }
        let payload: Self = decode_whole(bytes)?;
        if payload.kind() == kind {
            Ok(payload)
        } else {
            Err(DecodeError::Malformed(format!("kind {kind} carries a payload of kind {}", payload.kind())))
        }
    }
}
