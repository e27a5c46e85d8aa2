//! What people state about a card: drafts, the self-score, the appraisal, the decision, its publication, an absence.

use minicbor::{Decode, Encode};
use serde::Serialize;

use super::LineReview;
use crate::ids::{LineId, PersonId, ProductNumber, StepPlace};
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
    /// `mark/I.1`, `leadership/unit`, `line/<id>`, `event/<code>`, `without/I.1`, `product/2`, `position`,
    /// `strengths`, `weaknesses`, `comment`, `explanation`.
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
    /// A stated product.
    #[n(4)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductStated>,
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

/// An event that was found after the result of its period was decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
pub struct Fault {
    /// The event of the pack.
    #[n(0)]
    pub code: String,
    /// How often, what shows it, and when it happened.
    #[n(1)]
    pub event: EventStated,
    /// The first step that is done anew, where the fault costs the period in which it happened.
    #[n(2)]
    pub reopens: Option<StepPlace>,
}

/// One of the few products for which a person is responsible, as somebody states it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct ProductStated {
    /// What it is.
    #[n(0)]
    pub name: String,
    /// The frame that weighs its dimensions, by its word in the pack.
    #[n(1)]
    pub frame: String,
    /// Own weights of the dimensions in place of the frame's, in points of a hundred; empty means the frame's.
    #[n(2)]
    pub frame_weights: Vec<Exact>,
    /// Its weight in points, where the pack weighs products.
    #[n(3)]
    pub weight: Exact,
    /// Its kind, where the pack gives points by kind.
    #[n(4)]
    pub standard: Option<String>,
    /// Its difficulty, where the pack multiplies by it.
    #[n(5)]
    pub difficulty: Option<String>,
    /// The axis it belongs to, where the pack has axes.
    #[n(6)]
    pub axis: Option<String>,
    /// Whether it belongs to the main axis.
    #[n(7)]
    pub main: bool,
    /// Marks by dimension, 0 to 100.
    #[n(8)]
    pub marks: Map<String, Exact>,
    /// Quantity assigned, where a dimension reads it.
    #[n(9)]
    pub assigned: Exact,
    /// Quantity done.
    #[n(10)]
    pub completed: Exact,
    /// Days late.
    #[n(11)]
    pub late_days: u32,
    /// What shows it: the number of a document, or a description.
    #[n(12)]
    pub evidence: String,
    /// Why a superior states otherwise than the person.
    #[n(13)]
    pub reason: String,
    /// Whether a superior finds that it does not count.
    #[n(14)]
    pub struck: bool,
}

impl ProductStated {
    /// Whether both say the same of a product. One that nobody mentions does not count.
    #[must_use]
    pub fn says_as(&self, other: Option<&Self>) -> bool {
        match other {
            Some(other) if !other.struck => {
                let (evidence, reason) = (self.evidence.clone(), self.reason.clone());
                *self == Self { evidence, reason, ..other.clone() }
            }
            _ => self.struck,
        }
    }
}

/// The position by whose factor work is multiplied, as somebody states it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct PositionStated {
    /// Its word in the pack.
    #[n(0)]
    pub id: String,
    /// Why a superior states another one than the person.
    #[n(1)]
    pub reason: String,
}

/// What is stated on a card beside marks, shares and facts. What a regulation does not ask for is empty.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Stated {
    /// Events by code.
    #[n(0)]
    #[cbor(skip_if = "Map::is_empty")]
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub events: Map<String, EventStated>,
    /// Criteria that do not apply to the person, by code, with the reason. What only the person says counts as 0.
    #[n(1)]
    #[cbor(skip_if = "Map::is_empty")]
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub without: Map<String, String>,
    /// Weighted products.
    #[n(2)]
    #[cbor(skip_if = "Map::is_empty")]
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub products: Map<ProductNumber, ProductStated>,
    /// The position of the person.
    #[n(3)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<PositionStated>,
}

impl Stated {
    /// Whether nothing is stated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { events, without, products, position } = self;
        events.is_empty() && without.is_empty() && products.is_empty() && position.is_none()
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
    /// What the person states beside marks. What favours the person counts only once a superior states it.
    #[n(5)]
    #[cbor(skip_if = "Stated::is_empty")]
    #[serde(skip_serializing_if = "Stated::is_empty")]
    pub stated: Stated,
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
    /// What the superior states beside marks. Only this counts.
    #[n(5)]
    #[cbor(skip_if = "Stated::is_empty")]
    #[serde(skip_serializing_if = "Stated::is_empty")]
    pub stated: Stated,
    /// Why self-score and appraisal are far apart, where the regulation asks for it in writing.
    #[n(6)]
    #[cbor(skip_if = "String::is_empty")]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub explanation: String,
    /// The document by which an authority outside gave these marks.
    #[n(7)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// A document by which an authority outside the system did a step. Somebody who keeps the records enters it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Document {
    /// Its number: "45/QĐ-UBND".
    #[n(0)]
    pub number: String,
    /// Its date.
    #[n(1)]
    pub day: Day,
    /// The authority that issued it.
    #[n(2)]
    pub authority: String,
}

impl Document {
    /// "45/QĐ-UBND, ngày 25/11/2026, UBND tỉnh".
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let of = match language {
            Language::Vi => "ngày",
            Language::En => "of",
        };
        format!("{}, {of} {}, {}", self.number, self.day.vietnamese(), self.authority)
    }
}

/// The result that follows from the marks, where the decider set another one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Reckoned {
    /// The exact total that follows from the marks.
    #[n(0)]
    pub total: Exact,
    /// The class that follows from them; empty where none does.
    #[n(1)]
    pub class: String,
    /// Why the decider set another result; required.
    #[n(2)]
    pub reason: String,
}

/// The decision on a card, signed together with the result that the approver saw.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Approval {
    /// The exact total decided: the one the approver saw, unless [`Self::reckoned`] says otherwise. None where a document
    /// from outside states a class only.
    #[n(0)]
    pub total: Option<Exact>,
    /// The class decided: the one the approver saw, unless [`Self::reckoned`] says otherwise.
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
    /// What followed from the marks, where the decider set another total or class, with the reason. No mark is bent for it.
    #[n(5)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reckoned: Option<Reckoned>,
    /// The document by which an authority outside decided. Total and class are as it says.
    #[n(6)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

impl Approval {
    /// The result that follows from the marks, as the approver saw it: the one decided, unless another was set. None where
    /// a document from outside decides.
    #[must_use]
    pub fn as_reckoned(&self) -> Option<(&Exact, &str)> {
        match &self.reckoned {
            _ if self.document.is_some() => None,
            Some(reckoned) => Some((&reckoned.total, &reckoned.class)),
            None => Some((self.total.as_ref()?, &self.class)),
        }
    }
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
    /// The document by which an authority outside made it known.
    #[n(1)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
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
