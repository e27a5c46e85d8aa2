//! The data of a rule pack. It holds everything that a regulation prescribes; the engine knows no other rules.

mod arithmetic;
mod classes;
mod form;
mod periods;
mod procedure;
mod work;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::later::Later;
use crate::ids::PackHash;
pub use crate::language::{Language, Text};
use crate::num::Exact;
pub use arithmetic::*;
pub use classes::*;
pub use form::*;
pub use periods::*;
pub use procedure::*;
pub use work::*;

/// Whether a pack can score.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "lowercase")]
#[cbor(index_only)]
pub enum PackStatus {
    /// Every number is known from a text.
    #[n(0)]
    Complete,
    /// Some numbers were never published. The pack is shown and can be completed by the authority, but it cannot score
    /// until then.
    #[n(1)]
    Template,
    /// The pack can score, but its numbers are illustrative. It scores in a demo, and can be copied and completed. An
    /// office that is no demo can adopt it only after every illustrative number was confirmed or replaced.
    #[n(2)]
    Sample,
}

impl PackStatus {
    /// Its word in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Template => "template",
            Self::Sample => "sample",
        }
    }

    /// Whether a pack with this status has the numbers to score.
    #[must_use]
    pub const fn scores(self) -> bool {
        !matches!(self, Self::Template)
    }
}

/// A regulation as data.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Name used in files and on the command line.
    #[n(0)]
    pub id: String,
    /// Title for people.
    #[n(1)]
    pub title: Text,
    /// Who issued the regulation.
    #[n(2)]
    pub issuing_body: Text,
    /// Official number of the regulation.
    #[n(3)]
    pub instrument: String,
    /// First day in force, `2026-01-01`.
    #[n(4)]
    pub effective_from: String,
    /// Last day in force; none if it is still in force.
    #[serde(default)]
    #[n(5)]
    pub effective_to: Option<String>,
    /// Whether it can score.
    #[n(6)]
    pub status: PackStatus,
    /// Notes of the author for readers: sources, readings, gaps.
    #[serde(default)]
    #[n(8)]
    pub notes: Vec<Text>,
    /// Highest total; absent in a template whose text gives none.
    #[serde(default)]
    #[n(9)]
    pub scale_max: Exact,
    /// The periods it scores. Longer ones are made by roll-up.
    #[serde(default = "monthly")]
    #[n(10)]
    pub periods: Vec<Span>,
    /// The roles it scores.
    #[n(11)]
    pub roles: Vec<Role>,
    /// Readings an authority may choose.
    #[serde(default)]
    #[n(12)]
    pub options: Vec<OptionRule>,
    /// Forms: criteria that people mark.
    #[serde(default)]
    #[n(13)]
    pub groups: Vec<Group>,
    /// How failed reviews and lateness count on a line of work; none where no work is converted.
    #[serde(default)]
    #[n(14)]
    pub work: Option<WorkRule>,
    /// How weighted products are scored; none where there are none.
    #[serde(default)]
    #[n(15)]
    pub products: Option<ProductRule>,
    /// The levels of a mark, highest first; none where the text names none.
    #[serde(default)]
    #[n(16)]
    pub bands: Vec<Band>,
    /// Events that cost or bring points apart from the form: deductions and bonuses.
    #[serde(default)]
    #[n(17)]
    pub events: Vec<EventRule>,
    /// Statements about a leader, apart from work.
    #[serde(default)]
    #[n(18)]
    pub statements: Vec<Statement>,
    /// Facts that gates, knock-outs and eligibility read.
    #[serde(default)]
    #[n(19)]
    pub facts: Vec<FactRule>,
    /// The arithmetic, in the order it is done.
    #[n(20)]
    pub components: Vec<Component>,
    /// Classes, highest first.
    #[n(21)]
    pub classes: Vec<Class>,
    /// Facts that put a person in a class whatever the points.
    #[serde(default)]
    #[n(22)]
    pub knock_outs: Vec<KnockOut>,
    /// Caps on a person's class.
    #[serde(default)]
    #[n(23)]
    pub class_caps: Vec<ClassCap>,
    /// Facts without which nobody is classified.
    #[serde(default)]
    #[n(24)]
    pub eligibility: Vec<Eligibility>,
    /// How many may reach the highest class.
    #[serde(default)]
    #[n(25)]
    pub quota: Later<Option<Quota>>,
    /// When the appraisal differs so much from the self-score that it needs an explanation; none where the text asks
    /// for none.
    #[serde(default)]
    #[n(26)]
    pub appraisal_gap: Option<AppraisalGap>,
    /// How the results of shorter periods become the result of a longer one.
    #[serde(default)]
    #[n(27)]
    pub roll_ups: Later<Vec<RollUp>>,
    /// Positions that roles or steps name.
    #[serde(default)]
    #[n(28)]
    pub positions: Vec<Named>,
    /// Bodies that steps name: a scoring team, a council.
    #[serde(default)]
    #[n(29)]
    pub bodies: Vec<Named>,
    /// What is done on a card and on a unit's period, in the order in which people read it.
    #[n(30)]
    pub steps: Vec<Step>,
    /// SHA-256 of the encoded pack. It is computed where a pack is read and is not part of the encoding.
    #[serde(skip)]
    #[cbor(skip)]
    pub hash: PackHash,
    /// Paths of the numbers of a sample that no text gives: `groups[0].max`.
    #[serde(default)]
    #[n(32)]
    pub illustrative: Vec<String>,
}

fn monthly() -> Vec<Span> {
    vec![Span::Month]
}

/// The component that is the result of a card.
pub const TOTAL: &str = "total";

/// A role that the pack scores.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// `staff`, `leader`, `deputy`, `support`, …
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// The clause that says so.
    #[n(2)]
    pub clause: String,
    /// Whether people or units have it.
    #[serde(default)]
    #[n(3)]
    pub subject: SubjectKind,
    /// Who has it: whoever meets one of these conditions. The first role that matches counts.
    #[n(4)]
    pub who: Vec<Who>,
}

/// A question the text leaves open, with the answers institutions have given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct OptionRule {
    /// Its name in files. With scope `score` it is a switch of [`crate::score::Switches`].
    #[n(0)]
    pub id: String,
    /// What it decides.
    #[serde(default)]
    #[n(1)]
    pub scope: OptionScope,
    /// The question.
    #[n(2)]
    pub title: Text,
    /// The answer used when none is given.
    #[n(3)]
    pub default: String,
    /// The clause that raises the question.
    #[n(4)]
    pub clause: String,
    /// Why the default was chosen.
    #[n(5)]
    pub reason: Text,
    /// Allowed answers.
    #[n(6)]
    pub values: Vec<OptionValue>,
}

/// What an option decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "lowercase")]
#[cbor(index_only)]
pub enum OptionScope {
    /// The score or class of one card.
    #[default]
    #[n(0)]
    Score,
    /// Nothing by itself. It records how a stated fact was understood and is kept with the result.
    #[n(1)]
    Record,
    /// How many may reach the highest class.
    #[n(2)]
    Quota,
}

/// One answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct OptionValue {
    /// Word in files.
    #[n(0)]
    pub id: String,
    /// Words for people.
    #[n(1)]
    pub title: Text,
}
