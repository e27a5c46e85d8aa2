//! What an operation intends. Fields are numbered, so that later versions can add some; kinds are never reused.

use crate::sorted_map::Map;
use core::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::DecodeError;
use super::body::{decode_whole, encode};
use super::kind;
use super::score::{Absence, Appraisal, Approval, DraftValue, Fault, FieldKey, Publication, SelfScore};
use super::voice::Voice;
use super::work::{CarriedLine, LineReview, NewLine, Progress};
use crate::ids::{LineId, OpId, PersonId, StepPlace};
use crate::language::Language;
use crate::org::{Mandate, Person, Post, Unit};
use crate::pack::PackAdoption;
use crate::work::{Adoption, Product};

/// Where a card stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode)]
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

    /// As in JSON and in logs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::SelfScored => "self_scored",
            Self::Appraised => "appraised",
            Self::Approved => "approved",
            Self::Published => "published",
        }
    }

    /// For people.
    #[must_use]
    pub const fn name(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Vi, Self::Working) => "Đang thực hiện",
            (Language::Vi, Self::SelfScored) => "Đã tự chấm, chờ chấm",
            (Language::Vi, Self::Appraised) => "Đã chấm, chờ duyệt",
            (Language::Vi, Self::Approved) => "Đã duyệt",
            (Language::Vi, Self::Published) => "Đã công bố",
            (Language::En, Self::Working) => "Working",
            (Language::En, Self::SelfScored) => "Self-scored, awaiting score",
            (Language::En, Self::Appraised) => "Scored, awaiting approval",
            (Language::En, Self::Approved) => "Approved",
            (Language::En, Self::Published) => "Published",
        }
    }
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
    /// A superior's score, in a step of the pack.
    #[n(4)]
    Appraisal(#[n(0)] StepPlace),
    /// A decision, in a step of the pack.
    #[n(5)]
    Approval(#[n(0)] StepPlace),
    /// The publication.
    #[n(6)]
    Publication,
    /// That there is nothing to assess in the period.
    #[n(7)]
    Absence,
    /// The score of one member of a panel, in a step of the pack.
    #[n(8)]
    Slot(#[n(0)] StepPlace, #[n(1)] PersonId),
    /// What is said in a step of the pack: by one person in a place of their own, else by whoever of those entitled.
    #[n(9)]
    Voice(#[n(0)] StepPlace, #[n(1)] Option<PersonId>),
    /// What was found of one line of work, in a step in which each line is evaluated by itself.
    #[n(10)]
    Finding(#[n(0)] StepPlace, #[n(1)] LineId),
    /// A fault that was found after the decision, by the operation that recorded it.
    #[n(11)]
    Fault(#[n(0)] OpId),
}

impl Register {
    /// Whether it holds a superior's score.
    #[must_use]
    pub const fn is_appraisal(&self) -> bool {
        matches!(self, Self::Appraisal(_))
    }

    /// Whether it holds the score of one member of a panel.
    #[must_use]
    pub const fn is_slot(&self) -> bool {
        matches!(self, Self::Slot(..))
    }

    /// Whether it holds something said.
    #[must_use]
    pub const fn is_voice(&self) -> bool {
        matches!(self, Self::Voice(..))
    }

    /// The step in which it is written, for what stands in a step.
    #[must_use]
    pub const fn place(&self) -> Option<StepPlace> {
        match self {
            Self::Appraisal(place) | Self::Approval(place) | Self::Slot(place, _) | Self::Voice(place, _) => {
                Some(*place)
            }
            _ => None,
        }
    }

    /// Whether it holds a decision.
    #[must_use]
    pub const fn is_approval(&self) -> bool {
        matches!(self, Self::Approval(_))
    }

    /// The stage that a card has reached when this holds something; none for what makes no stage.
    #[must_use]
    pub const fn reaches(&self) -> Option<Stage> {
        match self {
            // Members of a panel mark before there is one result of all.
            Self::SelfScore | Self::Slot(..) => Some(Stage::SelfScored),
            Self::Appraisal(_) => Some(Stage::Appraised),
            Self::Approval(_) => Some(Stage::Approved),
            Self::Publication => Some(Stage::Published),
            Self::Plan(_)
            | Self::Progress(_)
            | Self::Draft(_)
            | Self::Absence
            | Self::Voice(..)
            | Self::Finding(..)
            | Self::Fault(_) => None,
        }
    }
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
            Self::Appraisal(step) => write!(f, "appraisal/{step}"),
            Self::Approval(step) => write!(f, "approval/{step}"),
            Self::Publication => f.write_str("publication"),
            Self::Absence => f.write_str("absence"),
            Self::Slot(step, member) => write!(f, "slot/{step}/{member}"),
            Self::Voice(step, None) => write!(f, "voice/{step}"),
            Self::Voice(step, Some(person)) => write!(f, "voice/{step}/{person}"),
            Self::Finding(step, line) => write!(f, "finding/{step}/{line}"),
            Self::Fault(op) => write!(f, "fault/{op}"),
        }
    }
}

/// Devices have no screen for what only offices write. Without its encoding the first download is smaller.
#[cfg(not(feature = "author"))]
fn written_by_offices<T, C, W: minicbor::encode::Write>(
    _: &T,
    _: &mut minicbor::Encoder<W>,
    _: &mut C,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    Err(minicbor::encode::Error::message("written by offices only"))
}

/// One copy of this serves both kinds of scores. In line, each would have its own, which makes the first download larger.
#[inline(never)]
fn apart<'b, C>(from: &mut minicbor::Decoder<'b>, context: &mut C) -> Result<Appraisal, minicbor::decode::Error> {
    Appraisal::decode(from, context)
}

/// What an operation intends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Payload {
    /// Adds or changes a unit.
    #[n(1)]
    PutUnit(
        #[n(0)]
        #[cfg_attr(not(feature = "author"), cbor(encode_with = "written_by_offices"))]
        Unit,
    ),
    /// Adds or changes a person.
    #[n(2)]
    PutPerson(
        #[n(0)]
        #[cfg_attr(not(feature = "author"), cbor(encode_with = "written_by_offices"))]
        Person,
    ),
    /// Adds or changes a post.
    #[n(3)]
    PutPost(
        #[n(0)]
        #[cfg_attr(not(feature = "author"), cbor(encode_with = "written_by_offices"))]
        Post,
    ),
    /// Lets a unit and those below it live by a pack.
    #[n(4)]
    AdoptPack(#[n(0)] PackAdoption),
    /// Adds or changes a mandate.
    #[n(5)]
    PutMandate(
        #[n(0)]
        #[cfg_attr(not(feature = "author"), cbor(encode_with = "written_by_offices"))]
        Mandate,
    ),
    /// Adds products to a list that is arriving.
    #[n(10)]
    PutProducts(
        #[n(0)]
        #[cfg_attr(not(feature = "author"), cbor(encode_with = "written_by_offices"))]
        Vec<Product>,
    ),
    /// Puts a whole list in force.
    #[n(11)]
    AdoptWorkList(
        #[n(0)]
        #[cfg_attr(not(feature = "author"), cbor(encode_with = "written_by_offices"))]
        Adoption,
    ),
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
    /// Puts work on a card that came after the cut-off of the period before, as it stands on that period's card.
    #[n(25)]
    CarryWork(#[n(0)] Vec<CarriedLine>),
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
    /// A superior's score, with the step in which it is given. Where a panel marks, it is the one result of all slots, and
    /// closes the step.
    #[n(32)]
    Appraise(
        #[n(0)] StepPlace,
        #[n(1)]
        #[cbor(decode_with = "apart")]
        Appraisal,
    ),
    /// A decision, with the step in which it is taken.
    #[n(33)]
    Approve(#[n(0)] StepPlace, #[n(1)] Approval),
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
    /// The score of one member of a panel, with the step in which it is given.
    #[n(39)]
    FillSlot(
        #[n(0)] StepPlace,
        #[n(1)]
        #[cbor(decode_with = "apart")]
        Appraisal,
    ),
    /// Reports the cards of a unit's period upwards, in a step of the pack: an encoded [`crate::unit_period::Collection`].
    /// Only screens that show it decode it, which keeps the first download small.
    #[n(40)]
    Collect(
        #[n(0)] StepPlace,
        #[n(1)]
        #[cbor(with = "minicbor::bytes")]
        Vec<u8>,
    ),
    /// Answers such a report, in a step of the pack: an encoded [`crate::unit_period::Confirmation`].
    #[n(41)]
    Confirm(
        #[n(0)] StepPlace,
        #[n(1)]
        #[cbor(with = "minicbor::bytes")]
        Vec<u8>,
    ),
    /// Says something in a step of the pack: an opinion, a vote, an objection, an answer, an acknowledgement.
    #[n(42)]
    Speak(#[n(0)] StepPlace, #[n(1)] Voice),
    /// A fault that is found after the result of the card was decided.
    #[n(43)]
    RecordFault(#[n(0)] Fault),
    /// Says that a fault which was recorded is none.
    #[n(44)]
    LiftFault {
        /// The operation that recorded it.
        #[n(0)]
        fault: OpId,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// Findings on lines of work by whoever gave them, in a step in which each line is evaluated by itself.
    #[n(50)]
    EvaluateLines(#[n(0)] StepPlace, #[n(1)] Map<LineId, LineReview>),
}

impl Payload {
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
        if kind::trace(kind).is_none() {
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
