//! What people state about a card: drafts, the self-score, the appraisal, the decision, its publication, an absence.

use minicbor::{Decode, Encode};
use serde::Serialize;

use super::LineReview;
use crate::ids::{LineId, PersonId};
use crate::language::Language;
use crate::num::Exact;
use crate::org::Standing;
use crate::sorted_map::Map;
use crate::time::Day;
use crate::work::AbsenceCause;

/// The name of one field of a draft.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Encode, Decode)]
pub struct FieldKey {
    /// Whether it is a superior's draft; otherwise it is the person's own.
    #[n(0)]
    pub appraisal: bool,
    /// `mark/I.1`, `leadership/unit`, `line/<id>`, `event/<code>`, `without/I.1`,
    /// `strengths`, `weaknesses`, `comment`.
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
    /// A stated event.
    #[n(3)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventStated>,
}

/// A mark with its reason.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Mark {
    /// Points, or a ratio for leadership parts.
    #[n(0)]
    pub value: Exact,
    /// The reason. It is required where the superior differs from the person.
    #[n(1)]
    pub reason: String,
}

/// The value of a fact that a gate or knock-out asks for.
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

/// How often an event of the pack happened, as somebody states it: a deduction or a bonus.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct EventStated {
    /// Times in the period; 0 where a superior finds that it does not count.
    #[n(0)]
    pub count: u32,
    /// Points each time, where the pack leaves them to whoever marks.
    #[n(1)]
    pub points: Option<Exact>,
    /// The day; of several, the last.
    #[n(2)]
    pub day: Option<Day>,
    /// What shows it: the number of a document, or a description.
    #[n(3)]
    pub evidence: String,
    /// Why a superior states otherwise than the person.
    #[n(4)]
    pub reason: String,
}

impl EventStated {
    /// Whether both say that the same happened. An event that nobody mentions did not happen.
    #[must_use]
    pub fn says_as(&self, other: Option<&Self>) -> bool {
        match other {
            Some(other) if other.count > 0 => self.count == other.count && self.points == other.points,
            _ => self.count == 0,
        }
    }
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
    /// Events by code, as the person admits or claims them. One in the person's favour counts only once a superior states it.
    #[n(5)]
    #[cbor(skip_if = "Map::is_empty")]
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub events: Map<String, EventStated>,
    /// Criteria that do not apply to the person, by code, with the reason. Until a superior confirms it, each counts as 0.
    #[n(6)]
    #[cbor(skip_if = "Map::is_empty")]
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub without: Map<String, String>,
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
    /// Findings on lines where the superior differs from the report, or confirms a cause.
    #[n(2)]
    pub lines: Map<LineId, LineReview>,
    /// "Ý kiến nhận xét" of Mẫu 01.
    #[n(3)]
    pub comment: String,
    /// Facts by code. Only these count. The same value confirms what the person claimed; a flag "no" refuses it.
    #[n(4)]
    pub facts: Map<String, FactValue>,
    /// Events by code. Only these count.
    #[n(5)]
    #[cbor(skip_if = "Map::is_empty")]
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub events: Map<String, EventStated>,
    /// Criteria that do not apply to the person, by code, with the reason where the person did not say so.
    #[n(6)]
    #[cbor(skip_if = "Map::is_empty")]
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub without: Map<String, String>,
}

/// The decision on a card, signed together with the result that the approver saw.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Approval {
    /// The exact total the approver saw.
    #[n(0)]
    pub total: Exact,
    /// The class the approver saw.
    #[n(1)]
    pub class: String,
    /// A remark.
    #[n(2)]
    pub comment: String,
    /// The seat of the person. Later changes of the post do not move the card.
    #[n(3)]
    pub standing: Standing,
    /// The totals of the people led that were on the screen. Later changes of their cards do not change what was
    /// decided on.
    #[n(4)]
    pub led: Vec<Led>,
}

/// A person led, with the result for which the head is responsible.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Led {
    /// The person.
    #[n(0)]
    pub person: PersonId,
    /// The total as decided, or else as the superior scored; none if there is none yet.
    #[n(1)]
    pub total: Option<Exact>,
}

/// The publication of a decided card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Publication {
    /// The class that was published.
    #[n(0)]
    pub class: String,
}

/// Why somebody is not assessed in a period: the person did not work on any day of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Absence {
    /// The cause.
    #[n(0)]
    pub cause: AbsenceCause,
    /// The document it rests on, or a description of another cause.
    #[n(1)]
    pub note: String,
}

impl Absence {
    /// The cause in words. For another cause this is the note.
    #[must_use]
    pub fn words(&self, language: Language) -> &str {
        if self.cause == AbsenceCause::Other { &self.note } else { self.cause.name(language) }
    }
}
