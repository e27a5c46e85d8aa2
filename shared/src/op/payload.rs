//! What an operation intends. Fields are numbered, so that later versions can add some; kinds are never reused.

use crate::order::{Map, Set};
use crate::wire::{numbered, numbered_kinds, numbered_rows};
use core::fmt;

use minicbor::{Decode, Encode};
use serde::Serialize;

use super::DecodeError;
use super::body::{decode_whole, encode};
use crate::ids::{LineId, OpId, PersonId, UnitId, WorkListId};
use crate::num::Exact;
use crate::org::{Person, Post, Standing, Unit};
use crate::pack::Language;
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
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Encode)]
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

numbered_kinds! { Register {
    0 Plan { 0 0 }, 1 Progress { 0 0 }, 2 Draft { 0 0 }, 3 SelfScore {}, 4 Appraisal {}, 5 Approval {}, 6 Publication {},
    7 Absence {},
} }

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
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Encode)]
pub struct FieldKey {
    /// A superior's draft; else the person's own.
    #[n(0)]
    pub appraisal: bool,
    /// `mark/I.1`, `leadership/unit`, `line/<id>`, `strengths`, `weaknesses`, `comment`.
    #[n(1)]
    pub field: String,
}

numbered_rows! { FieldKey { 0 appraisal, 1 field } }

/// The value of a draft's field; absent means erased.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct DraftValue {
    /// A number, for marks.
    pub value: Option<Exact>,
    /// A text: the reason of a mark, or the whole field.
    pub text: String,
    /// A reviewed line.
    pub review: Option<LineReview>,
}

numbered! { DraftValue { 0 value, 1 text, 2 review } }

/// A mark with its reason.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Mark {
    /// Points, or a ratio for leadership parts.
    pub value: Exact,
    /// Why; required where the superior differs from the person.
    pub reason: String,
}

numbered! { Mark { 0 value, 1 reason } }

/// A piece of work put on a card. The coefficient is that of the moment it was assigned.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NewLine {
    /// Code in the list; empty for free work.
    pub code: String,
    /// Title; empty when the list has it under the code.
    pub name: String,
    /// k.
    pub coefficient: Exact,
    /// Quantity assigned.
    pub assigned: Exact,
    /// When it is due.
    pub due: Option<Day>,
    /// The list the code is of.
    pub list: Option<WorkListId>,
    /// Beyond the initial plan: taken over from a colleague or arisen later (Đ.18(1)d of Decree 335/2025).
    pub extra: bool,
}

numbered! { NewLine { 0 code, 1 name, 2 coefficient, 3 assigned, 4 due, 5 list, 6 extra } }

/// What was done of a line.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Progress {
    /// Quantity done; may be fractional (0.8 of a report).
    pub completed: Exact,
    /// Quality reviews failed.
    pub failed_reviews: u32,
    /// Times late.
    pub late_times: u32,
    /// Days late in all.
    pub late_days: u32,
    /// Quantity handed over to a colleague: stays assigned here, counts as done for the other.
    pub handed_over: Exact,
    /// When it was finished.
    pub finished: Option<Day>,
    /// Document number, place, anything that shows it.
    pub evidence: String,
    /// Objective causes claimed; they count once confirmed.
    pub causes: Set<Cause>,
    /// What the cause was.
    pub cause_text: String,
}

numbered! { Progress { 0 completed, 1 failed_reviews, 2 late_times, 3 late_days, 4 handed_over, 5 finished, 6 evidence, 7 causes, 8 cause_text } }

/// A superior's finding on a line.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct LineReview {
    /// Quantity accepted.
    pub completed: Exact,
    /// Quality reviews failed.
    pub failed_reviews: u32,
    /// Times late.
    pub late_times: u32,
    /// Days late in all.
    pub late_days: u32,
    /// Objective causes confirmed.
    pub causes: Set<Cause>,
    /// Why it differs from the report.
    pub reason: String,
    /// What is assigned, as the superior confirms or sets it. Of a line that the person put on the own card, nothing counts
    /// without it (Đ.13(3), Đ.18(1)a–b of Decree 335/2025).
    pub plan: Option<PlanReview>,
    /// When it was finished.
    pub finished: Option<Day>,
}

numbered! { LineReview { 0 completed, 1 failed_reviews, 2 late_times, 3 late_days, 4 causes, 5 reason, 6 plan, 7 finished } }

/// What of a line is a superior's to say.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct PlanReview {
    /// k.
    pub coefficient: Exact,
    /// Quantity assigned.
    pub assigned: Exact,
    /// Beyond the initial plan.
    pub extra: bool,
}

numbered! { PlanReview { 0 coefficient, 1 assigned, 2 extra } }

/// A fact a gate or knock-out asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
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

numbered_kinds! { FactValue { 0 Flag { 0 0 }, 1 Number { 0 0 }, 2 Class { 0 0 } } }

/// The person's own score.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct SelfScore {
    /// Marks by criterion code.
    pub marks: Map<String, Mark>,
    /// Leadership parts by code: `unit`, `organising`, `cohesion`.
    pub leadership: Map<String, Mark>,
    /// "Ưu điểm" of Mẫu 01.
    pub strengths: String,
    /// "Hạn chế, khuyết điểm" of Mẫu 01.
    pub weaknesses: String,
    /// Facts by code, as the person claims them.
    pub facts: Map<String, FactValue>,
}

numbered! { SelfScore { 0 marks, 1 leadership, 2 strengths, 3 weaknesses, 4 facts } }

/// The superior's score.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Appraisal {
    /// Marks by criterion code, all of them.
    pub marks: Map<String, Mark>,
    /// Leadership parts by code.
    pub leadership: Map<String, Mark>,
    /// Lines where the superior finds otherwise than reported, or confirms a cause.
    pub lines: Map<LineId, LineReview>,
    /// "Ý kiến nhận xét" of Mẫu 01.
    pub comment: String,
    /// Facts by code. Only these count; one that the person claimed is confirmed by saying the same, refused by a flag "no".
    pub facts: Map<String, FactValue>,
}

numbered! { Appraisal { 0 marks, 1 leadership, 2 lines, 3 comment, 4 facts } }

/// The decision on a card, signed with the result that was seen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Approval {
    /// The exact total the approver saw.
    pub total: Exact,
    /// The class the approver saw.
    pub class: String,
    /// Remark.
    pub comment: String,
    /// Where the person stood: what becomes of the post later does not move the card.
    pub standing: Standing,
    /// The totals of the people led that were on the screen: what becomes of their cards later does not change what was
    /// decided on.
    pub led: Vec<Led>,
}

numbered! { Approval { 0 total, 1 class, 2 comment, 3 standing, 4 led } }

/// Someone led, with the result a head answers for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Led {
    /// Who.
    pub person: PersonId,
    /// As decided, else as the superior scored; none while it has not come.
    pub total: Option<Exact>,
}

numbered! { Led { 0 person, 1 total } }

/// The publication of a decided card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Publication {
    /// The class made known.
    pub class: String,
}

numbered! { Publication { 0 class } }

/// Why somebody is not assessed in a period: not a day of it was worked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Absence {
    /// The cause.
    pub cause: AbsenceCause,
    /// The paper it rests on, or what another cause is.
    pub note: String,
}

numbered! { Absence { 0 cause, 1 note } }

impl Absence {
    /// The cause in words; of another cause what it is.
    #[must_use]
    pub fn words(&self, language: Language) -> &str {
        if self.cause == AbsenceCause::Other { &self.note } else { self.cause.name(language) }
    }
}

/// What an operation intends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
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

numbered_kinds! { Payload {
    1 PutUnit { 0 0 },
    2 PutPerson { 0 0 },
    3 PutPost { 0 0 },
    4 DecideOptions { 0 unit, 1 pack, 2 options, 3 decision, 4 from, 5 opens },
    10 PutProducts { 0 0 },
    11 AdoptWorkList { 0 0 },
    20 AssignWork { 0 0 },
    21 ReviseLine { 0 line, 1 plan },
    22 RemoveLine { 0 line, 1 reason },
    23 ReportProgress { 0 line, 1 progress },
    24 SaveDraft { 0 appraisal, 1 fields },
    30 SubmitSelfScore { 0 0 },
    31 WithdrawSelfScore { 0 reason },
    32 Appraise { 0 0 },
    33 Approve { 0 0 },
    34 Publish { 0 0 },
    35 ReturnCard { 0 to, 1 reason },
    36 Resolve { 0 register, 1 choice, 2 reason },
    37 RecordAbsence { 0 0 },
    38 LiftAbsence { 0 reason },
} }

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
