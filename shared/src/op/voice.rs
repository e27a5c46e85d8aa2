//! What people say on a card beside marks: opinions, votes, an objection and its answer, an acknowledgement.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::ids::{OpId, StepPlace};

/// What somebody says in a step of the pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[cbor(map)]
pub struct Voice {
    /// What it is.
    #[n(0)]
    pub says: Says,
    /// The class that is proposed or voted for, by its code in the pack; empty for none.
    #[n(1)]
    #[cbor(skip_if = "String::is_empty")]
    pub class: String,
    /// The opinion, the grounds, a remark.
    #[n(2)]
    #[cbor(skip_if = "String::is_empty")]
    pub words: String,
    /// The operation that it is about: the marks, the decision, the publication, the objection. It counts while that stands.
    #[n(3)]
    pub about: Option<OpId>,
    /// The step from which an answer that upholds an objection sets the card back.
    #[n(4)]
    pub reopens: Option<StepPlace>,
}

/// Kinds of what is said. Which verbs of steps take which, [`crate::pack::Step::hears`] says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Says {
    /// An opinion in words, or a proposal of a class.
    #[n(0)]
    Opinion,
    /// A vote for what is proposed.
    #[n(1)]
    For,
    /// A vote against it.
    #[n(2)]
    Against,
    /// A vote that abstains.
    #[n(3)]
    Abstain,
    /// A vote for a class.
    #[n(4)]
    Class,
    /// The subject objects to the result.
    #[n(5)]
    Objection,
    /// The subject takes the objection back.
    #[n(6)]
    Withdrawn,
    /// The objection is right.
    #[n(7)]
    Upheld,
    /// The objection is not right.
    #[n(8)]
    Refused,
    /// A confirmation: that a notice was received, that something was checked.
    #[n(9)]
    Confirmed,
}

impl Says {
    /// Whether everybody who says such a thing has a place of their own for it. The rest stands in one place of the step,
    /// whoever of those entitled says it.
    #[must_use]
    pub const fn is_said_apart(self) -> bool {
        self.is_vote() || matches!(self, Self::Opinion)
    }

    /// Whether it is a vote.
    #[must_use]
    pub const fn is_vote(self) -> bool {
        matches!(self, Self::For | Self::Against | Self::Abstain | Self::Class)
    }

    /// Whether it answers an objection.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        matches!(self, Self::Upheld | Self::Refused)
    }

    /// Whether it has to give words: an opinion without a class, or grounds.
    #[must_use]
    pub const fn needs_words(self) -> bool {
        matches!(self, Self::Opinion | Self::Objection | Self::Upheld | Self::Refused)
    }
}

impl Voice {
    /// Somebody says this, about nothing in particular yet.
    #[must_use]
    pub fn new(says: Says, words: impl Into<String>) -> Self {
        Self { says, class: String::new(), words: words.into(), about: None, reopens: None }
    }
}
