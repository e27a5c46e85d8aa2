//! What a reader may know of a card's result. Permission to read a card does not include its result: a person learns
//! what superiors found only after it has been decided and published.

use serde::Serialize;

use super::State;
use crate::bug::{self, Bug};
use crate::card::{Card, Earlier, Side};
use crate::ids::{PersonId, StepPlace};
use crate::num::Exact;
use crate::op::{CardKey, Document, Reckoned, Register, Stage};
use crate::pack::{Actor, Verb};
use crate::procedure::{Act, Asked, Case};
use crate::score::Outcome;
use crate::time::Millis;

/// A total with its class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Scored {
    /// The exact total; none where a document from outside states a class only.
    pub total: Option<Exact>,
    /// Class code; empty when not classified.
    pub class: String,
}

/// The decision on a card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Decided {
    /// Total and class, as signed.
    pub result: Scored,
    /// Who decided.
    pub by: PersonId,
    /// When, by that device's clock.
    pub at: Millis,
    /// The remark of the decision.
    pub comment: String,
    /// Whether the result was published to the person.
    pub published: bool,
    /// What followed from the marks, where the decider set another result, with the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reckoned: Option<Reckoned>,
    /// The document by which an authority outside decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// What one reader may know of a card's result.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Known {
    /// The result of the self-score.
    pub own: Option<Scored>,
    /// The result of the appraisal.
    pub found: Option<Scored>,
    /// The decision.
    pub decided: Option<Decided>,
    /// Whether there is a result that the reader learns only when it is published.
    pub withheld: bool,
}

impl Known {
    /// The result as decided, or else as the superior scored. A person's claim is not a result yet.
    #[must_use]
    pub fn result(&self) -> Option<&Scored> {
        self.decided.as_ref().map(|decided| &decided.result).or(self.found.as_ref())
    }
}

impl State {
    /// Whether `reader` may know the result of one side of a card. Superiors and those who keep the records may know it
    /// at every stage. The person may know it once it is published, because until then it can still change.
    #[must_use]
    pub fn may_know(&self, reader: PersonId, key: &CardKey, side: Side) -> bool {
        let reads = self.may_read_card(reader, key);
        let own = reader == self.speaker(key) && !bug::is(Bug::SubjectKnowsEarly);
        reads && (side == Side::SelfScored || !own || self.is_published(key))
    }

    /// Whether `reader` may see what a register of a card holds.
    #[must_use]
    pub fn may_see(&self, reader: PersonId, key: &CardKey, register: &Register) -> bool {
        let side = match register {
            Register::Slot(place, member) => {
                return self.may_know(reader, key, Side::Appraised) && self.may_see_slot(reader, key, *place, *member);
            }
            Register::Voice(place, speaker) => return self.may_hear(reader, key, *place, *speaker),
            Register::Appraisal(_) | Register::Approval(_) | Register::Publication | Register::Finding(..) => {
                Side::Appraised
            }
            _ => Side::SelfScored,
        };
        self.may_know(reader, key, side)
    }

    /// Of a panel that marks blind, nobody sees the others' marks before its result is there. Whoever closes it sees them
    /// once it can be closed and their own are given.
    fn may_see_slot(&self, reader: PersonId, key: &CardKey, place: StepPlace, member: PersonId) -> bool {
        let Some(panel) = self.panel(key, place) else { return true };
        let closed = self.card(key).and_then(Card::appraised_in).is_some_and(|it| *it >= Register::Appraisal(place));
        let closes = || panel.closers.contains(&reader) && panel.has_marked(reader) && panel.is_enough();
        !panel.step.blind || closed || reader == member || closes() || bug::is(Bug::BlindSeenEarly)
    }

    /// An objection and its answer are for everybody who reads the card, as is what the person scored said. The rest is part of
    /// what the person learns with the publication. Of voices that are given blind, nobody reads the others' before enough
    /// were given, the own included.
    fn may_hear(&self, reader: PersonId, key: &CardKey, place: StepPlace, speaker: Option<PersonId>) -> bool {
        let empty = Card::default();
        let card = self.card(key).unwrap_or(&empty);
        let hears = |case: Case<'_>, asked: Asked<'_>| {
            let Some(voices) = asked.voices(card, case, place) else { return false };
            let step = voices.step;
            let open = matches!(step.verb, Verb::Object | Verb::Answer) || step.by == [Actor::Subject];
            let side = if open { Side::SelfScored } else { Side::Appraised };
            let told = !voices.members.contains(&reader) || voices.of(reader).is_some();
            let shown =
                !step.blind || speaker == Some(reader) || voices.is_enough() && told || asked.is_passed(card, place);
            shown && self.may_know(reader, key, side)
        };
        self.with_asked(key, hears).unwrap_or_default()
    }

    /// The published results of a card that were set aside, as far as `reader` may read them: the person scored and whoever
    /// may read the card, for ever.
    #[must_use]
    pub fn earlier_results(&self, reader: PersonId, key: &CardKey) -> &[Earlier] {
        let card = self.card(key).filter(|_| self.may_read_card(reader, key));
        card.map_or(&[], Card::earlier)
    }

    fn is_published(&self, key: &CardKey) -> bool {
        // If a pack has no publication, the decision is what people learn.
        let told = |_: Case<'_>, asked: Asked<'_>| !asked.steps_of(Act::Notify).is_empty();
        let last = if self.with_asked(key, told) == Some(false) { Stage::Approved } else { Stage::Published };
        self.card(key).is_some_and(|card| card.stage() >= last)
    }

    /// What `reader` may know of a card's result.
    #[must_use]
    pub fn result_for(&self, reader: PersonId, key: &CardKey) -> Known {
        let scored = |side| from_outcome(&self.outcome(key, side)?.ok()?);
        let stage = self.card(key).map_or(Stage::Working, Card::stage);
        let knows = |side| self.may_know(reader, key, side);
        let own = if knows(Side::SelfScored) { scored(Side::SelfScored) } else { None };
        if !knows(Side::Appraised) {
            return Known { own, withheld: stage >= Stage::Appraised, ..Known::default() };
        }
        Known { own, found: scored(Side::Appraised), decided: self.decided(key), withheld: false }
    }

    fn decided(&self, key: &CardKey) -> Option<Decided> {
        let card = self.card(key)?;
        let approval = card.approval()?;
        let version = card.current(card.approved_in()?)?;
        let result = Scored { total: approval.total.clone(), class: approval.class.clone() };
        let (by, at, published) = (version.actor, version.at.at, self.is_published(key));
        let (reckoned, document) = (approval.reckoned.clone(), approval.document.clone());
        Some(Decided { result, by, at, comment: approval.comment.clone(), published, reckoned, document })
    }
}

/// Total and class of an outcome; none where there is no total.
#[must_use]
pub fn from_outcome(outcome: &Outcome) -> Option<Scored> {
    let total = Some(outcome.total.as_ref()?.exact.clone());
    Some(Scored { total, class: outcome.class.as_ref().map(|class| class.code.clone()).unwrap_or_default() })
}
