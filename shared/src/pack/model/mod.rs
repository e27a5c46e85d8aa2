//! What a rule pack says. Everything a regulation prescribes is here; the engine knows only these words.

mod arithmetic;
mod classes;
mod form;
mod periods;
mod work;

use serde::{Deserialize, Serialize};

use crate::ids::PackHash;
use crate::num::Exact;
pub use arithmetic::*;
pub use classes::*;
pub use form::*;
pub use periods::*;
pub use work::*;

/// Languages people read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese: the language of the regulations.
    #[default]
    Vi,
    /// English.
    En,
}

/// The same words in both languages. The official names of criteria and classes are the law's own.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The words in one language; in Vietnamese where the English ones are not here (yet).
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En if !self.en.is_empty() => &self.en,
            _ => &self.vi,
        }
    }
}

/// Whether a pack can score.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PackStatus {
    /// Every number is known from a text.
    Complete,
    /// Some numbers were never published: shown, completed by the authority, refused for scoring until then.
    Template,
}

/// A regulation as data.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Name used in files and on the command line.
    pub id: String,
    /// Title for people.
    pub title: Text,
    /// Who issued the regulation.
    pub issuing_body: Text,
    /// Official number of the regulation.
    pub instrument: String,
    /// First day in force, `2026-01-01`.
    pub effective_from: String,
    /// Last day in force; none while it lasts.
    #[serde(default)]
    pub effective_to: Option<String>,
    /// Whether it can score.
    pub status: PackStatus,
    /// SHA-256 of earlier versions of the file that judge every card alike: work begun under them goes on.
    #[serde(default)]
    pub earlier: Vec<PackHash>,
    /// What an author wants readers to know: sources, readings, gaps.
    #[serde(default)]
    pub notes: Vec<Text>,
    /// Highest total; absent in a template whose text gives none.
    #[serde(default)]
    pub scale_max: Exact,
    /// The periods it scores; longer ones come about by roll-up.
    #[serde(default = "monthly")]
    pub periods: Vec<Span>,
    /// Whom it scores.
    pub roles: Vec<Role>,
    /// Readings an authority may choose.
    #[serde(default)]
    pub options: Vec<OptionRule>,
    /// Forms: criteria that people mark.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// How failed reviews and lateness count on a line of work; none where no work is converted.
    #[serde(default)]
    pub work: Option<WorkRule>,
    /// How weighted products are scored; none where there are none.
    #[serde(default)]
    pub products: Option<ProductRule>,
    /// The levels of a mark, highest first; none where the text names none.
    #[serde(default)]
    pub bands: Vec<Band>,
    /// What costs or brings points apart from the form: deductions and bonuses.
    #[serde(default)]
    pub events: Vec<EventRule>,
    /// What is stated about a leader, apart from work.
    #[serde(default)]
    pub statements: Vec<Statement>,
    /// Facts that gates, knock-outs and eligibility read.
    #[serde(default)]
    pub facts: Vec<FactRule>,
    /// The arithmetic, in the order it is done.
    pub components: Vec<Component>,
    /// Classes, highest first.
    pub classes: Vec<Class>,
    /// Facts that put a person in a class whatever the points.
    #[serde(default)]
    pub knock_outs: Vec<KnockOut>,
    /// Classes that nobody's own class may be above.
    #[serde(default)]
    pub class_caps: Vec<ClassCap>,
    /// Facts without which nobody is classified.
    #[serde(default)]
    pub eligibility: Vec<Eligibility>,
    /// How many may reach the highest class.
    #[serde(default)]
    pub quota: Option<Quota>,
    /// When the appraisal is so far from the self-score that it needs an explanation; none where the text asks for none.
    #[serde(default)]
    pub appraisal_gap: Option<AppraisalGap>,
    /// How results of shorter periods become one of a longer.
    #[serde(default)]
    pub roll_ups: Vec<RollUp>,
    /// The way of a card through people's hands.
    pub stages: Vec<Stage>,
    /// SHA-256 of the file; known to whoever read the file, not part of it.
    #[serde(skip, default = "unhashed")]
    pub hash: PackHash,
}

fn monthly() -> Vec<Span> {
    vec![Span::Month]
}

pub(crate) const fn unhashed() -> PackHash {
    PackHash::from_bytes([0; 32])
}

/// Whom the pack scores.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// `staff`, `leader`, `deputy`, `support`, …
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Where the text says so.
    pub clause: String,
}

/// A question the text leaves open, with the answers institutions have given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionRule {
    /// What it is called in files; of scope `score`, a switch of [`crate::score::Switches`].
    pub id: String,
    /// What it decides.
    #[serde(default)]
    pub scope: OptionScope,
    /// The question.
    pub title: Text,
    /// The answer taken when none is given.
    pub default: String,
    /// The clause that raises the question.
    pub clause: String,
    /// Why the default was chosen.
    pub reason: Text,
    /// Allowed answers.
    pub values: Vec<OptionValue>,
}

/// What an option decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptionScope {
    /// The score or class of one card.
    #[default]
    Score,
    /// Nothing by itself: how a stated fact was understood, kept with the result.
    Record,
    /// How many may reach the highest class.
    Quota,
}

/// One answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionValue {
    /// Word in files.
    pub id: String,
    /// Words for people.
    pub title: Text,
}
