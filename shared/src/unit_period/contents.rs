//! What a report of a unit's period says, and how it is built from the cards.

use minicbor::{Decode, Encode};

use crate::card::Card;
use crate::ids::{OpId, StateHash, Subject};
use crate::num::Exact;
use crate::op::{Approval, CardKey, DecodeError, Document, Reckoned, Register, Stage, UnitPeriod};
use crate::op::{decode_whole, encode};
use crate::state::State;

/// The results of a unit's period, and what is missing. Everybody who is scored in the unit stands in one of the lists.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Collection {
    /// The decided cards, in the order of the unit's list.
    #[n(0)]
    pub results: Vec<Collected>,
    /// A hash over the decisions of these results: it names them without a line for each.
    #[n(1)]
    pub decisions: StateHash,
    /// The cards without a result.
    #[n(2)]
    pub missing: Vec<Missing>,
    /// A remark for the level above.
    #[n(3)]
    pub comment: String,
}

/// A decided card in a report.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Collected {
    /// Who or what is scored.
    #[n(0)]
    pub subject: Subject,
    /// The total as decided; none where a document from outside states a class only.
    #[n(1)]
    pub total: Option<Exact>,
    /// The class as decided; empty where the period is not classified.
    #[n(2)]
    pub class: String,
    /// What followed from the marks, where the decider set another result, with the reason.
    #[n(3)]
    pub reckoned: Option<Reckoned>,
    /// The document by which an authority outside decided.
    #[n(4)]
    pub document: Option<Document>,
}

/// A card without a result in a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Missing {
    /// Who or what is scored.
    #[n(0)]
    pub subject: Subject,
    /// Why there is no result.
    #[n(1)]
    pub gap: Gap,
}

/// Why a card has no result.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Gap {
    /// The person is not assessed in the period.
    #[n(0)]
    NotAssessed,
    /// The card stands at an earlier stage.
    #[n(1)]
    At(#[n(0)] Stage),
    /// Two versions of a result wait for a choice.
    #[n(2)]
    Contested,
}

/// The answer of the level above to a report.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Confirmation {
    /// The report.
    #[n(0)]
    pub report: OpId,
    /// Whether it is sent back, to be summed up anew; otherwise it is received.
    #[n(1)]
    pub sent_back: bool,
    /// Why it is sent back, or a remark.
    #[n(2)]
    pub note: String,
}

impl Collection {
    /// As carried in a payload.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are not a report.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode_whole(bytes)
    }

    /// Whether it says the same of the same people, whatever the remark.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        (&self.results, self.decisions, &self.missing) == (&other.results, other.decisions, &other.missing)
    }
}

impl Confirmation {
    /// As carried in a payload.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are not an answer.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode_whole(bytes)
    }
}

impl State {
    /// Sums up a unit's period from the cards that are known here.
    #[must_use]
    pub fn collection(&self, key: &UnitPeriod) -> Collection {
        self.sum_up(&self.cards_reported(key))
    }

    /// Sums up these cards of a unit's period.
    pub(crate) fn sum_up(&self, cards: &[CardKey]) -> Collection {
        let (mut results, mut missing, mut decisions) = (Vec::new(), Vec::new(), Vec::new());
        for card in cards {
            match self.reported(card) {
                Ok((result, decision)) => {
                    results.push(result);
                    decisions.extend(decision.as_bytes());
                }
                Err(gap) => missing.push(Missing { subject: card.subject, gap }),
            }
        }
        Collection { results, decisions: StateHash::of(&decisions), missing, comment: String::new() }
    }

    /// The cards of a unit's period, in the order of the unit's list.
    #[must_use]
    pub fn cards_reported(&self, key: &UnitPeriod) -> Vec<CardKey> {
        let is_here = |card: &CardKey| {
            card.pack == key.pack && self.seat(card).is_some_and(|seat| self.reports_in(seat.unit) == key.unit)
        };
        self.cards_under(key.unit, key.period).into_iter().filter(is_here).collect()
    }

    /// What a report says of a card, and the decision on which it rests.
    pub(super) fn reported(&self, key: &CardKey) -> Result<(Collected, OpId), Gap> {
        let card = self.card(key).ok_or(Gap::At(Stage::Working))?;
        if card.absence().is_some() {
            return Err(Gap::NotAssessed);
        }
        let Some(register) = card.approved_in() else { return Err(Gap::At(card.stage())) };
        let (decision, approval) = decided(card, register).ok_or(Gap::Contested)?;
        let Approval { total, class, reckoned, document, .. } = approval.clone();
        Ok((Collected { subject: key.subject, total, class, reckoned, document }, decision))
    }
}

/// The decision in a register; none where two stand side by side.
fn decided<'a>(card: &'a Card, register: &Register) -> Option<(OpId, &'a Approval)> {
    Some((card.current(register)?.op, card.approval()?))
}
