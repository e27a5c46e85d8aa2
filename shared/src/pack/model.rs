//! What a rule pack says. Everything a regulation prescribes is here; the engine knows only these words.

use crate::order::Map;

use serde::{Deserialize, Serialize};

use crate::ids::PackHash;
use crate::num::Exact;

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
    /// The words in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
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

/// A part of a form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Number on the form.
    pub id: String,
    /// Official name.
    pub title: Text,
    /// Sum of the maxima of its criteria; absent in a template whose text gives none.
    #[serde(default)]
    pub max: Exact,
    /// Lowest sum with which a class above the lowest can be reached; none where the text sets none.
    #[serde(default)]
    pub min: Option<Exact>,
    /// Where the text says so.
    pub clause: String,
    /// Roles marked by it; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// What is marked.
    pub criteria: Vec<Criterion>,
}

/// One row of a form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Code in files: `I.1`.
    pub code: String,
    /// Official name.
    pub title: Text,
    /// Highest mark, in points (or percent where the group says so); absent in a template whose text gives none.
    #[serde(default)]
    pub max: Exact,
    /// Step a screen offers. A convenience: any mark from 0 to the maximum is valid.
    #[serde(default)]
    pub step: Option<Exact>,
    /// How it is marked; as the pack or its option `common` says where nothing is said here.
    #[serde(default)]
    pub marking: Option<MarkingRule>,
}

/// How one criterion is marked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkingRule {
    /// Any mark from 0 to the maximum.
    Graded,
    /// 0 or the maximum.
    Binary,
}

/// A level of a mark: which share of the maximum it takes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Word in results.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Lowest share of it, included.
    pub from: Exact,
    /// Highest share of it, not included but in the highest level.
    pub to: Exact,
    /// Where the text says so.
    pub clause: String,
}

/// A factor by name: a level of difficulty, a position, a kind of product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Word in files.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// The factor; of a standard product its points. Absent in a template whose text gives none.
    #[serde(default)]
    pub factor: Exact,
}

/// How weighted products are scored: `weight × Σ share of a frame × mark`, product by product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRule {
    /// What the weights add up to; none where a product's points come from its kind and difficulty.
    #[serde(default)]
    pub weights_sum: Option<Exact>,
    /// Fewest products.
    #[serde(default)]
    pub count_min: Option<u32>,
    /// Most products.
    #[serde(default)]
    pub count_max: Option<u32>,
    /// Lowest sum of the weights of the main products, where the text sets one.
    #[serde(default)]
    pub main_min: Option<Exact>,
    /// Highest sum of the weights of the main products, where the text sets one.
    #[serde(default)]
    pub main_max: Option<Exact>,
    /// What a product is looked at for: quantity, quality, progress, …
    pub dimensions: Vec<Dimension>,
    /// How the dimensions are weighed against each other, by kind of task.
    pub frames: Vec<Frame>,
    /// By how many points of a hundred a person's frame may move a weight.
    #[serde(default)]
    pub shift_max: Exact,
    /// Points of a product by its kind, where they do not come from its weight.
    #[serde(default)]
    pub standards: Vec<Factor>,
    /// Factors of difficulty.
    #[serde(default)]
    pub difficulties: Vec<Factor>,
    /// The axes that products belong to, where the text groups them.
    #[serde(default)]
    pub axes: Vec<Axis>,
    /// Where the text says so.
    pub clause: String,
}

/// A field of work that products belong to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// Word in files.
    pub id: String,
    /// Name for people.
    pub title: Text,
}

/// One view of a product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Key of the mark: `A`.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Where its share of 100 comes from.
    pub source: DimensionSource,
}

/// Where a dimension's mark comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DimensionSource {
    /// A mark from 0 to 100.
    Mark,
    /// Quantity done over quantity assigned, at most 1.
    Done,
    /// The share kept by days late, by the pack's bands.
    Late,
    /// The mean of other dimensions.
    Mean(Vec<String>),
}

/// Weights of the dimensions for a kind of task.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// Word in files.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Points of a hundred, in the order of the dimensions.
    pub weights: Vec<Exact>,
    /// Where the text says so.
    pub clause: String,
}

/// How failed reviews and lateness lower a line of work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkRule {
    /// Share of a line's quality lost by each failed review.
    pub failed_review_loss: Exact,
    /// Share of a line's progress lost by each lateness (or day late).
    pub late_loss: Exact,
    /// Shares kept by days late, for the reading by bands; ascending, last one without an end.
    #[serde(default)]
    pub late_bands: Vec<LateBand>,
    /// Levels of difficulty, for the readings that weigh work by them.
    #[serde(default)]
    pub difficulties: Vec<Factor>,
    /// Factors by position, for the reading that multiplies by them.
    #[serde(default)]
    pub positions: Vec<Factor>,
    /// Where the text says so.
    pub clause: String,
}

/// Share of progress kept up to a number of days late.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateBand {
    /// Last day of the band; none for the last band.
    #[serde(default)]
    pub to_days: Option<u32>,
    /// Share kept, 0 to 1.
    pub kept: Exact,
}

/// Something that costs or brings points, by the time it happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// Code in files: `harassment`.
    pub code: String,
    /// Words for people.
    pub title: Text,
    /// Points each time, negative for a deduction; absent in a template whose text gives none.
    #[serde(default)]
    pub points: Exact,
    /// Where the approver states the points: the lowest and highest that may be stated each time.
    #[serde(default)]
    pub stated: Option<StatedPoints>,
    /// Most times that count in a period; none: every time.
    #[serde(default)]
    pub times_max: Option<u32>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Where the text says so.
    pub clause: String,
}

/// Points that whoever approves states each time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedPoints {
    /// Lowest.
    pub min: Exact,
    /// Highest.
    pub max: Exact,
}

/// How results of shorter periods become one of a longer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollUp {
    /// `quarter`, `half_year`, `year`.
    pub to: Span,
    /// The kind of period it is made of.
    pub from: Span,
    /// How the total comes about.
    pub rule: RollUpRule,
    /// Fewest periods worked; with less nobody is classified. Absent where the text sets none.
    #[serde(default)]
    pub worked_min: Option<u32>,
    /// How many of its periods have a result of their own, counted from the first; none: all.
    #[serde(default)]
    pub parts: Option<u32>,
    /// A class of a shorter period after which the longer one's class is limited.
    #[serde(default)]
    pub limits: Vec<RollUpLimit>,
    /// Option values under which the rule counts; empty: always.
    #[serde(default)]
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// A class of a shorter period that limits the class of the longer one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollUpLimit {
    /// Code in the result.
    pub code: String,
    /// Words for people.
    pub title: Text,
    /// The class of the shorter period.
    pub after: String,
    /// In how many periods one after the other; once where nothing is said.
    #[serde(default)]
    pub in_a_row: Option<u32>,
    /// Highest class that is left; none where the authority only has to consider something.
    #[serde(default)]
    pub class_max: Option<String>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Option values under which it counts; empty: always.
    #[serde(default)]
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// How long a period is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    HalfYear,
    /// Twelve months.
    Year,
}

impl Span {
    /// Months in it.
    #[must_use]
    pub const fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }
}

/// How a longer period's total comes about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollUpRule {
    /// The mean of the periods worked.
    MeanOfWorked,
    /// The authority decides by its own scoring of the longer period; the periods are shown, not averaged.
    Decided,
}

/// A share stated about a leader by those entitled to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Key in the input: `unit`, `organising`, `cohesion`.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Roles it is stated for.
    pub roles: Vec<String>,
    /// The total below which no subordinate may be, where the share follows from theirs: the highest share if all reach
    /// it, the lowest if one does not.
    #[serde(default)]
    pub subordinates_min: Option<Exact>,
    /// Allowed shares, each with its condition.
    pub values: Vec<StatementValue>,
    /// Where the text says so.
    pub clause: String,
}

/// One allowed share.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementValue {
    /// The share, 0 to 1.
    pub value: Exact,
    /// When it applies.
    pub when: Text,
}

/// What kind of thing a fact states.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactKind {
    /// Yes or no.
    Flag,
    /// A share from 0 to 1.
    Share,
    /// A number of days.
    Days,
    /// A whole number: of months, of votes, of tasks.
    Count,
    /// A class of this pack, of something else: the unit led.
    Class,
}

/// What counts when a fact is not stated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Assumption {
    /// A flag counts as "no", and the result says that this was assumed.
    Absent,
    /// Presence, or another number that has to be large enough, counts as full, and the result says that this was assumed.
    Full,
}

/// A fact the pack reads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactRule {
    /// Key in the input.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Flag, share or days.
    pub kind: FactKind,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// What counts when it is not stated; none: a rule that needs it is an error.
    #[serde(default)]
    pub assume: Option<Assumption>,
    /// Where the text says so.
    pub clause: String,
}

/// One number of the result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Key in the result: `common`, `a`, `task`, `total`.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Roles it is computed for; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// How it comes about.
    pub rule: Rule,
    /// Where the text says so.
    pub clause: String,
}

/// The arithmetic of one component.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Sum of the marks of some groups.
    Marks {
        /// Groups summed.
        groups: Vec<String>,
    },
    /// One mark as a share of its maximum.
    Share {
        /// Criterion read.
        criterion: String,
    },
    /// Converted work done, over converted work assigned.
    Work(Measure),
    /// Σ points × times over what happened, within bounds.
    Events {
        /// Codes of the events summed.
        of: Vec<String>,
        /// Lowest value; none: as low as it goes.
        #[serde(default)]
        min: Option<Exact>,
        /// Highest value; none: as high as it goes.
        #[serde(default)]
        max: Option<Exact>,
    },
    /// Σ points of weighted products.
    Products {
        /// The axis summed; none: all.
        #[serde(default)]
        axis: Option<String>,
        /// Highest value; absent in a template whose text gives none.
        #[serde(default)]
        max: Exact,
    },
    /// A share stated about a leader.
    Stated {
        /// Statement read.
        statement: String,
    },
    /// Sum of earlier components over a number of parts, at most `max`.
    Mean {
        /// Components summed; their number divides.
        of: Vec<String>,
        /// Highest value.
        max: Exact,
    },
    /// Σ weight × component, at most `max`.
    Sum {
        /// Weighted components.
        terms: Vec<Term>,
        /// Highest value; absent in a template whose text gives none.
        #[serde(default)]
        max: Exact,
    },
}

/// What of a line of work counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// What was completed.
    Quantity,
    /// What was completed and passed review.
    Quality,
    /// What was completed in time.
    Progress,
}

/// One weighted component.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Component.
    pub component: String,
    /// Weight.
    pub weight: Exact,
}

/// A class of the result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Code in files: `HTXS`.
    pub code: String,
    /// Official name.
    pub title: Text,
    /// Lowest total; absent in a template whose text gives none.
    #[serde(default)]
    pub min: Exact,
    /// Lowest totals under readings that set others.
    #[serde(default)]
    pub min_when: Vec<ClassMin>,
    /// Where the text says so.
    pub clause: String,
    /// What must hold besides the points.
    #[serde(default)]
    pub gates: Vec<Gate>,
}

/// The lowest total of a class under some readings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassMin {
    /// Lowest total.
    pub min: Exact,
    /// Option values under which it counts.
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// A condition on a fact or on a part of the result, besides points.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Code in the result.
    pub code: String,
    /// Words for people.
    pub title: Text,
    /// Fact compared.
    #[serde(default)]
    pub fact: Option<String>,
    /// Component compared, in place of a fact.
    #[serde(default)]
    pub component: Option<String>,
    /// What a flag must be.
    #[serde(default)]
    pub is: Option<bool>,
    /// Lowest value that passes.
    #[serde(default)]
    pub at_least: Option<Exact>,
    /// Highest value that passes.
    #[serde(default)]
    pub at_most: Option<Exact>,
    /// Value that must be exceeded.
    #[serde(default)]
    pub above: Option<Exact>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Option values under which the gate counts; empty: always.
    #[serde(default)]
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// A fact that decides the class alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnockOut {
    /// A flag; or a quantity, with one of the bounds below.
    pub fact: String,
    /// A quantity below this decides.
    #[serde(default)]
    pub below: Option<Exact>,
    /// A quantity above this decides.
    #[serde(default)]
    pub above: Option<Exact>,
    /// The class it leads to.
    pub class: String,
    /// Flags under which it does not count here: it counted in another year, or at another unit.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Option values under which it counts; empty: always.
    #[serde(default)]
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// A class that one's own may not be above: the unit led, while the fact is stated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassCap {
    /// Code in the result.
    pub code: String,
    /// Words for people.
    pub title: Text,
    /// Fact: a class, which is the highest that is left; or a flag, which leaves `class_max`.
    pub fact: String,
    /// Highest class that a flag leaves.
    #[serde(default)]
    pub class_max: Option<String>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Option values under which it counts; empty: always.
    #[serde(default)]
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// What must hold for anybody to be classified.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// Code in the result.
    pub code: String,
    /// Words for people.
    pub title: Text,
    /// Fact looked at: days, months, a flag.
    pub fact: String,
    /// Fact that it is measured against: days of the period.
    #[serde(default)]
    pub of: Option<String>,
    /// Lowest value, or lowest share of `of`.
    #[serde(default)]
    pub at_least: Option<Exact>,
    /// Value that must not be reached, or share of `of`.
    #[serde(default)]
    pub below: Option<Exact>,
    /// What a flag must be.
    #[serde(default)]
    pub is: Option<bool>,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Option values under which it counts; empty: always.
    #[serde(default)]
    pub when: Map<String, String>,
    /// Where the text says so.
    pub clause: String,
}

/// How many may reach a class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// The class that is limited.
    pub class: String,
    /// The class whose number is the base.
    pub of_class: String,
    /// Whether the base is everyone classified instead.
    #[serde(default)]
    pub of_all: bool,
    /// Highest share.
    pub share: Exact,
    /// Highest share where the organisation is outstanding and the authority so decides.
    pub outstanding_share: Exact,
    /// What decides between equals, first things first; where nothing does, the authority.
    #[serde(default)]
    pub tie_breaks: Vec<TieBreak>,
    /// Where the text says so.
    pub clause: String,
}

/// What decides between people with the same total.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TieBreak {
    /// Key of the number: a component, or something counted, such as quarters in the highest class. More goes first.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Where the text says so.
    pub clause: String,
}

/// A step of a card through people's hands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// `assign`, `report`, `self_score`, `appraise`, `approve`, `publish`.
    pub id: String,
    /// Name for people.
    pub title: Text,
    /// Who acts: `subject`, `direct_head`, `agency_head`, `personnel`, `team`.
    pub scorer: String,
    /// Last day of the month for it, where the text gives one.
    #[serde(default)]
    pub deadline_day: Option<u8>,
    /// Months after the period's last that the day lies in; 0 where nothing is said.
    #[serde(default)]
    pub deadline_months_after: u8,
    /// The day in a period that ends in December, where the text gives another.
    #[serde(default)]
    pub deadline_day_december: Option<u8>,
    /// Where the text says so.
    pub clause: String,
}
