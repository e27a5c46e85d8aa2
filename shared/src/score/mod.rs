//! The scoring engine. It computes a total, a class, and the reason for each number from what was done.
//!
//! The engine knows no regulation: a [`Pack`] gives the rules, [`CardInput`] what happened, and [`evaluate`] the
//! result. It is a pure function of the two, so anyone can recompute a result, on a device, on a server or at the
//! command line.
//!
//! A pack is prepared once for a role and its readings (`plan`). A card is checked (`check`), put into the plan's order
//! (`sheet`), calculated (`run`) and classified (`classify`). `explain` writes the steps for those who ask. [`Batch`]
//! does the same for a province: one plan, many cards, on machine words where they suffice.

mod answer;
mod appraisal;
mod batch;
mod check;
mod classify;
mod compare;
mod explain;
mod form;
mod input;
mod json;
mod number;
mod outcome;
mod plan;
mod products;
mod quota;
mod rollup;
mod run;
mod scorer;
mod sentence;
mod sheet;
mod unit;

use std::borrow::Cow;

use crate::sorted_map::Map;

pub use batch::{Accepted, Batch, Trace, Traced, TracedStep, Verdict};
pub use compare::{Change, Compared, Comparison, compare, compare_json, compare_json_in, known_part};
pub use form::Form;
pub use input::{CardInput, Event, Fact, Product, SelfScore, Subject, Subordinate, WorkLine};
pub use json::{
    CARD_JSON_BYTES_MAX, error_json, error_json_in, longer_than, not_utf8, read_input, score_json, score_under,
    too_long,
};
pub use outcome::{Assumed, ClassOutcome, DECIMAL_PLACES, GateOutcome, Number, Outcome, Range, Status, Step};
pub use quota::{GroupOutcome, Member, QuotaGroup, QuotaInput, QuotaOutcome, quota, quota_json, quota_under};
pub use rollup::{
    Carried, Excused, LimitOutcome, PeriodResult, RollUpInput, RollUpOutcome, roll_up, roll_up_json, roll_up_under,
};
pub use scorer::Scorer;
pub use sentence::{Numbers, text};
pub use sheet::share_of_led;

pub use unit::{
    MemberOutcome, UNIT_JSON_BYTES_MAX, UnitInput, UnitMember, UnitOutcome, unit, unit_json, unit_json_in, unit_under,
    unit_under_in,
};

pub use crate::input_error::{Allowed, ErrorCode, InputError};
use crate::num::Exact;
pub use crate::pack::TOTAL;
pub use crate::pack::{
    Cap, Coefficient, Denominator, DoublePenalty, EventCount, GateFailure, LateUnit, Marking, NotApplicable,
    PositionMultiplier, ReasonBelowMax, Rounding, Switches, TotalFloor,
};
use crate::pack::{FactKind, FactRule, OptionScope, Pack, PackStatus};
use classify::{Classifier, Condition, Decision, Unclear};
use plan::Plan;
use run::{Fill, Values};
use sheet::{Sheet, Stated};

/// A card whose input was accepted.
struct Card<'a> {
    pack: &'a Pack,
    input: &'a CardInput,
    role: &'a str,
    switches: Switches,
    /// The readings in force, lent where they were prepared before.
    options: Cow<'a, Map<String, String>>,
}

/// Scores a card under a pack, without explanation. [`explained`] adds the explanation.
///
/// # Errors
/// Everything in the input that the pack does not allow, or that it needs and does not find, naming the field, what was
/// found and what is allowed.
pub fn evaluate(pack: &Pack, input: &CardInput) -> Result<Outcome, Vec<InputError>> {
    let (card, plan) = prepared(pack, input)?;
    Ok(judge(card, &plan)?.outcome(Vec::new()))
}

/// The same as [`evaluate`], with every step of the computation.
///
/// # Errors
/// As [`evaluate`].
pub fn explained(pack: &Pack, input: &CardInput) -> Result<Outcome, Vec<InputError>> {
    let (card, plan) = prepared(pack, input)?;
    let judged = judge(card, &plan)?;
    Ok(judged.outcome(judged.explanation()))
}

/// A card with everything that was computed for it.
struct Judged<'a> {
    card: Card<'a>,
    plan: &'a Plan<'a, Exact>,
    sheet: Sheet<Exact>,
    /// All numbers, with the lowest share for statements that are still missing.
    low: Values<Exact>,
    /// The same with the highest share; only where statements are missing.
    high: Option<Values<Exact>>,
    /// The class, once the total is known.
    decision: Option<Decision>,
    /// The conditions checked, in order, and whether each holds.
    conditions: Vec<(Condition, bool)>,
}

/// The card, checked under a pack that has points, and the pack prepared for it.
fn prepared<'i, 'p: 'i>(pack: &'p Pack, input: &'i CardInput) -> Result<(Card<'i>, Plan<'p, Exact>), Vec<InputError>> {
    if pack.status == PackStatus::Template {
        return Err(vec![InputError::template(&pack.id)]);
    }
    let card = check::accept(pack, input)?;
    let plan = planned(pack, check::role(pack, card.role)?, &card.options)?;
    Ok((card, plan))
}

fn judge<'a>(card: Card<'a>, plan: &'a Plan<'a, Exact>) -> Result<Judged<'a>, Vec<InputError>> {
    let sheet = Sheet::of(plan, &card).ok_or_else(|| vec![InputError::unusable(&card.pack.id)])?;
    let low = valued(plan, &sheet, Fill::Lowest);
    let mut judged = Judged { card, plan, sheet, low, high: None, decision: None, conditions: Vec::new() };
    if judged.total().is_some() {
        if judged.is_open() {
            judged.high = Some(valued(judged.plan, &judged.sheet, Fill::Highest));
        } else {
            judged.classify()?;
        }
    }
    match appraisal::unexplained(&judged) {
        Some(refusal) => Err(vec![refusal]),
        None => Ok(judged),
    }
}

/// Prepares the pack for a card. Exact numbers always fit, so only a pack that names things it does not have has no
/// plan.
fn planned<'a>(
    pack: &'a Pack,
    role: &'a str,
    options: &Map<String, String>,
) -> Result<Plan<'a, Exact>, Vec<InputError>> {
    Plan::new(pack, role, options).ok_or_else(|| vec![InputError::unusable(&pack.id)])
}

fn valued(plan: &Plan<'_, Exact>, sheet: &Sheet<Exact>, fill: Fill) -> Values<Exact> {
    let mut values = Values::new();
    // Exact numbers are never too large. If one were, its component would have no value.
    let _ = run::run(plan, sheet, fill, &mut values);
    values
}

impl Judged<'_> {
    fn total(&self) -> Option<&Exact> {
        self.low.components.get(self.plan.total)?.as_ref()
    }

    /// Whether a statement that counts is still missing.
    fn is_open(&self) -> bool {
        self.open_statements().next().is_some()
    }

    /// Places of the statements that count and are still missing.
    fn open_statements(&self) -> impl Iterator<Item = usize> {
        let counts = |place: &usize| {
            let open = matches!(self.sheet.statements.get(*place), Some(Stated::Open(..)));
            open && self.plan.components.iter().any(|(_, op)| matches!(op, plan::Op::Stated(read) if read == place))
        };
        (0..self.sheet.statements.len()).filter(counts)
    }

    fn classify(&mut self) -> Result<(), Vec<InputError>> {
        let conditions = &mut self.conditions;
        let classifier = Classifier { plan: self.plan, sheet: &self.sheet, values: &self.low };
        let decided = classifier.classify(&mut |condition, holds| conditions.push((condition, holds)));
        let unclear =
            |unclear: Vec<Unclear>| unclear.iter().map(|one| unclear_fact(self.plan, one)).collect::<Vec<_>>();
        self.decision = Some(decided.map_err(unclear)?);
        Ok(())
    }
}

/// The refusal of a card because nobody stated what a condition needs.
fn unclear_fact(plan: &Plan<'_, Exact>, unclear: &Unclear) -> InputError {
    let Unclear::Fact(place) = unclear else { return InputError::unusable(&plan.pack.id) };
    let fact = plan.facts.get(*place);
    let (id, kind) = fact.map_or(("", FactKind::Share), |fact| (fact.id.as_str(), fact.kind));
    InputError::missing(format!("facts.{id}"), check::fact_allowed(plan.pack, kind))
}

/// The facts of a kind that a card is asked for: those that a rule in force for the role reads, under the readings
/// chosen.
#[must_use]
pub fn facts_asked<'a>(
    pack: &'a Pack,
    role: &'a str,
    options: &Map<String, String>,
    kind: FactKind,
) -> Vec<&'a FactRule> {
    let Some(plan) = Plan::<Exact>::new(pack, role, &options_used(pack, options)) else { return Vec::new() };
    let asked = |(place, fact): (usize, &&'a FactRule)| (fact.kind == kind && plan.reads(place)).then_some(*fact);
    plan.facts.iter().enumerate().filter_map(asked).collect()
}

/// The options that decide or describe a score, with defaults for those not given.
fn options_used(pack: &Pack, given: &Map<String, String>) -> Map<String, String> {
    let used = pack.options.iter().filter(|option| option.scope != OptionScope::Quota);
    used.map(|option| (option.id.clone(), given.get(&option.id).unwrap_or(&option.default).clone())).collect()
}

/// Whether the options that a rule depends on have the values it names.
fn applies(when: &Map<String, String>, options: &Map<String, String>) -> bool {
    when.iter().all(|(option, value)| options.get(option) == Some(value))
}
