//! The procedure of a pack: who acts on a card, in which order, by when.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Text;
use crate::num::Exact;
use crate::org::{Rank, UnitKind};
use crate::sorted_map::Map;

/// One act that the pack asks for on a card, or on a unit's period.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Word in files: `self_score`, `appraise`.
    #[n(0)]
    pub id: String,
    /// What is done.
    #[n(1)]
    pub verb: Verb,
    /// Name for people.
    #[n(2)]
    pub title: Text,
    /// What it is done on.
    #[serde(default)]
    #[n(3)]
    pub on: StepSubject,
    /// Roles it concerns; empty for all.
    #[serde(default)]
    #[n(4)]
    pub roles: Vec<String>,
    /// Option values under which it is asked for; empty: always.
    #[serde(default)]
    #[n(5)]
    pub when: Map<String, String>,
    /// Steps of the same card that come before. One that does not concern the role counts as done.
    #[serde(default)]
    #[n(6)]
    pub after: Vec<String>,
    /// Steps of other cards that come before.
    #[serde(default)]
    #[n(7)]
    pub after_others: Vec<AfterOthers>,
    /// Who may do it: the first rule that finds somebody.
    #[n(8)]
    pub by: Vec<Actor>,
    /// How many places it has to write in.
    #[serde(default)]
    #[n(9)]
    pub per: Slots,
    /// How the places of several actors become one result.
    #[serde(default)]
    #[n(10)]
    pub tally: Option<Tally>,
    /// The share of those entitled that is enough to close it, above 0 and up to 1; none: all of them.
    #[serde(default)]
    #[n(11)]
    pub quorum: Option<Exact>,
    /// Whether actors see what others wrote only after it closes.
    #[serde(default)]
    #[n(12)]
    pub blind: bool,
    /// The step whose marks are the starting point.
    #[serde(default)]
    #[n(13)]
    pub builds_on: Option<String>,
    /// When a mark needs a reason; none: where it differs from the mark on which it builds.
    #[serde(default)]
    #[n(14)]
    pub reason_when: Option<ReasonWhen>,
    /// The first day on which it may be done. If absent, it is any day of the period, and where the result is signed
    /// [`crate::limits::DECIDE_FROM_DAY`].
    #[serde(default)]
    #[n(15)]
    pub opens: Option<Opening>,
    /// The last day for it, where the text gives one. A later act counts and is shown as late.
    #[serde(default)]
    #[n(16)]
    pub due: Option<Due>,
    /// The clause that says so.
    #[n(17)]
    pub clause: String,
}

/// What is done in a step. The list is closed: every verb has code of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Verb {
    /// Lines of work are put on the card.
    #[n(0)]
    Plan,
    /// What was done of them is reported.
    #[n(1)]
    Report,
    /// Criteria, statements, products, events and facts are marked.
    #[n(2)]
    Mark,
    /// A meeting votes.
    #[n(3)]
    Vote,
    /// Somebody gives an opinion or a proposal.
    #[n(4)]
    Opine,
    /// The class and the total are decided.
    #[n(5)]
    Decide,
    /// The result is made known.
    #[n(6)]
    Notify,
    /// The subject objects.
    #[n(7)]
    Object,
    /// An objection is answered, with grounds.
    #[n(8)]
    Answer,
    /// A unit's period is summed up from its cards and reported upwards.
    #[n(9)]
    Collect,
    /// Somebody confirms: a receipt by the level above, a cause, an acknowledgement.
    #[n(10)]
    Confirm,
}

/// What a step is done on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum StepSubject {
    /// One card.
    #[default]
    #[n(0)]
    Card,
    /// A unit's period, with all its cards.
    #[n(1)]
    UnitPeriod,
}

/// A step of other cards that comes before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct AfterOthers {
    /// The step.
    #[n(0)]
    pub step: String,
    /// On which cards.
    #[n(1)]
    pub of: OtherCards,
}

/// Cards that a card waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum OtherCards {
    /// Those of the people whom the subject leads.
    #[n(0)]
    PeopleLed,
    /// Those of the units below the subject.
    #[n(1)]
    UnitsBelow,
    /// Those of the shorter periods inside the period.
    #[n(2)]
    Months,
    /// That of the subject's unit.
    #[n(3)]
    UnitCard,
}

/// A rule that finds who may do a step, from dated facts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The person scored; for a unit its head.
    #[n(0)]
    Subject,
    /// The head there. Where that is the subject, or the seat is empty, the search goes on upwards.
    #[n(1)]
    Head(#[n(0)] Place),
    /// Every deputy there, except the subject.
    #[n(2)]
    Deputy(#[n(0)] Place),
    /// Who holds a position that the pack names.
    #[n(3)]
    Position(#[n(0)] PositionAt),
    /// Every member of a body that the pack names.
    #[n(4)]
    Member(#[n(0)] String),
    /// Who was appointed by name for the step.
    #[n(5)]
    Appointed,
    /// Who gave the work of a line.
    #[n(6)]
    Assigner,
    /// The head of the level that manages the cadre.
    #[n(7)]
    Managing,
    /// Who keeps the personnel records there.
    #[n(8)]
    Personnel(#[n(0)] RecordsOf),
    /// Each of those whom these rules find.
    #[n(9)]
    AnyOf(#[n(0)] Vec<Actor>),
    /// Those whom the first of these rules finds that finds somebody.
    #[n(10)]
    FirstOf(#[n(0)] Vec<Actor>),
}

/// A unit, seen from the subject's seat.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Place {
    /// The subject's own unit.
    #[n(0)]
    OwnUnit,
    /// The unit above it.
    #[n(1)]
    Parent,
    /// The nearest agency at or above it.
    #[n(2)]
    Agency,
    /// The nearest level above agencies.
    #[n(3)]
    Region,
    /// The unit that the adoption names.
    #[n(4)]
    Bound,
}

/// A position and where it is held.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct PositionAt {
    /// The position's id in the pack.
    #[n(0)]
    pub id: String,
    /// The unit in which it is held.
    #[n(1)]
    pub at: Place,
}

/// Whose personnel records are meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum RecordsOf {
    /// Those of the subject's agency.
    #[n(0)]
    Agency,
    /// Those of a level above the agency.
    #[n(1)]
    Above,
}

/// How many places a step has to write in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Slots {
    /// One, whoever of those entitled writes it.
    #[default]
    #[n(0)]
    One,
    /// One for each of those entitled.
    #[n(1)]
    Actor,
    /// One for each line of work.
    #[n(2)]
    Line,
}

/// How the places of several actors become one result.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Tally {
    /// The mean of their marks.
    #[n(0)]
    Mean,
    /// The mark on which they agree.
    #[n(1)]
    Agreed,
}

/// When a mark needs a reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum ReasonWhen {
    /// Where it differs from the mark on which it builds.
    #[n(0)]
    Differs,
    /// Where it is below the maximum.
    #[n(1)]
    BelowMax,
    /// Always.
    #[n(2)]
    Always,
    /// Never.
    #[n(3)]
    Never,
}

/// The first day on which a step may be done: a day of the period's last month.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The day of the month.
    #[serde(default)]
    #[n(0)]
    pub from: Option<u8>,
    /// The day for a period that ends in December, where it is another one.
    #[serde(default)]
    #[n(1)]
    pub december: Option<u8>,
}

/// The last day for a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// The last day that is in time ("chậm nhất ngày").
    #[serde(default)]
    #[n(0)]
    pub by: Option<u8>,
    /// The first day that is too late ("trước ngày").
    #[serde(default)]
    #[n(1)]
    pub before: Option<u8>,
    /// The day for a period that ends in December, where the text gives another one; in time or too late as `by` or
    /// `before` says.
    #[serde(default)]
    #[n(2)]
    pub december: Option<u8>,
    /// From where the days are counted.
    #[serde(default)]
    #[n(3)]
    pub of: DueFrom,
    /// Whether the number counts working days instead of naming a day of a month.
    #[serde(default)]
    #[n(4)]
    pub working_days: bool,
}

/// From where the days of a window are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum DueFrom {
    /// A day of the period's first month.
    #[n(0)]
    PeriodStart,
    /// A day of the period's last month.
    #[default]
    #[n(1)]
    PeriodEnd,
    /// A day of the month after the period.
    #[n(2)]
    NextPeriod,
    /// Days after the step before.
    #[n(3)]
    Step,
}

/// A position or a body that the procedure names. The unit that adopts the pack says who that is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Word in files: `party_secretary`, `scoring_team`.
    #[n(0)]
    pub id: String,
    /// Name for people.
    #[n(1)]
    pub title: Text,
    /// The clause that says so.
    #[n(2)]
    pub clause: String,
}

/// What a role scores.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum SubjectKind {
    /// A person.
    #[default]
    #[n(0)]
    Person,
    /// A unit.
    #[n(1)]
    Unit,
}

/// A condition on who has a role. All that it states must hold; one that states nothing holds for everybody.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// The rank in the unit.
    #[serde(default)]
    #[n(0)]
    pub rank: Option<Rank>,
    /// A position that the pack names.
    #[serde(default)]
    #[n(1)]
    pub position: Option<String>,
    /// What the unit is in the tree.
    #[serde(default)]
    #[n(2)]
    pub unit_kind: Option<UnitKind>,
}
