//! Makes the result of a quarter, a half-year or a year from the results of months. Periods not worked are left out and
//! shown. Periods without a result are named, and the result is provisional until they have one. Where the text forbids
//! a mechanical mean, the authority scores the longer period itself, and the shorter ones are shown with it.

mod carried;
mod parts;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use carried::{Carried, Excused};

use parts::{Counted, Sorted, covered};

use super::check::Refusals;
use super::classify::{Classifier, Condition, Decision, Unclear};
use super::input::{CardInput, Fact, Subject, unique};
use super::outcome::{Assumed, ClassOutcome, Number, Status, Step};
use super::plan::Plan;
use super::run::{Values, rounded};
use super::sheet::Sheet;
use super::{Card, Switches, TOTAL, answer, applies, explain, json, options_used, planned, unclear_fact};
use crate::input_error::{Allowed, ErrorCode, InputError};
use crate::num::Exact;
use crate::pack::{self, Pack, PackStatus, RollUp, RollUpLimit, RollUpRule, Span, concerns};
use crate::sorted_map::{Map, Set};
use crate::time::Period;
use crate::work::AbsenceCause;

type Inputs = Map<String, String>;

/// The results of the shorter periods.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollUpInput {
    /// The pack, by id.
    pub pack: String,
    /// The period to make.
    pub to: Span,
    /// The periods known.
    pub periods: Vec<PeriodResult>,
    /// The authority's own total of the longer period, where the pack's rule asks for one.
    #[serde(default)]
    pub total: Option<Exact>,
    /// Readings chosen; the pack's defaults apply to the rest.
    #[serde(default, deserialize_with = "unique")]
    pub options: Map<String, String>,
    /// The person who is scored; staff if absent.
    #[serde(default)]
    pub subject: Subject,
    /// Facts about the longer period that gates and knock-outs read.
    #[serde(default, deserialize_with = "unique")]
    pub facts: Map<String, Fact>,
}

/// The result of one period.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodResult {
    /// The period: `2026-01`, `2026-Q1`.
    pub period: Period,
    /// The exact total; absent if there is none yet.
    #[serde(default)]
    pub total: Option<Exact>,
    /// Whether the person worked in it.
    #[serde(default = "yes")]
    pub worked: bool,
    /// Why the person did not work, where it was recorded. Some causes count as time served.
    #[serde(default)]
    pub absence: Option<AbsenceCause>,
    /// The class it was given. If absent, the points decide.
    #[serde(default)]
    pub class: Option<String>,
    /// The unit that sent the result, where the person worked elsewhere at that time.
    #[serde(default)]
    pub unit: Option<String>,
    /// Facts confirmed in it. Those that the pack's rule carries also hold for the longer period.
    #[serde(default, deserialize_with = "unique")]
    pub facts: Map<String, Fact>,
}

const fn yes() -> bool {
    true
}

/// The result of a longer period.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RollUpOutcome {
    /// The pack.
    pub pack: String,
    /// The period made.
    pub period: Period,
    /// How complete the result is.
    pub status: Status,
    /// The total. While periods are missing, it is that of the known periods.
    pub total: Option<Number>,
    /// The class, once nothing is missing.
    pub class: Option<ClassOutcome>,
    /// Periods counted.
    pub counted: Vec<Period>,
    /// Periods not worked.
    pub not_worked: Vec<Period>,
    /// Periods that have no result yet.
    pub missing: Vec<Period>,
    /// Classes of shorter periods that limit the longer period's class, or that the authority must consider.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<LimitOutcome>,
    /// Facts of shorter periods that hold for the longer one, or would hold without an excuse.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Carried>,
    /// The assumptions made for facts that nobody stated.
    pub assumed: Vec<Assumed>,
    /// Every step.
    pub explanation: Vec<Step>,
}

/// A class of a shorter period that has consequences.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LimitOutcome {
    /// Code in the pack.
    pub code: String,
    /// The periods with the class.
    pub periods: Vec<Period>,
    /// What has the consequence: a class, or "true" for a fact.
    #[serde(skip)]
    pub after: String,
    /// Highest class that is left; none where the authority only has to consider something.
    pub class_max: Option<String>,
    /// The clause that says so.
    pub clause: String,
}

/// The result as JSON, from JSON.
///
/// # Errors
/// As [`roll_up`], or a text that is not such an input.
pub fn roll_up_json(input: &str) -> Result<String, Vec<InputError>> {
    let input: RollUpInput = json::read(input)?;
    let pack = pack::find(&input.pack).ok_or_else(|| vec![json::unknown_pack(&input.pack)])?;
    Ok(json::to_json(&roll_up(pack, &input)?))
}

/// The same as [`roll_up_json`], under a pack that does not come with the program.
///
/// # Errors
/// As [`roll_up_json`].
pub fn roll_up_under(pack: &Pack, input: &str) -> Result<String, Vec<InputError>> {
    Ok(json::to_json(&roll_up(pack, &json::read(input)?)?))
}

/// Makes a longer period from shorter ones by the pack's rule.
///
/// # Errors
/// A pack that has no such rule, periods of another kind or another year, the same period twice, a total outside the
/// scale.
pub fn roll_up(pack: &Pack, input: &RollUpInput) -> Result<RollUpOutcome, Vec<InputError>> {
    if pack.status == PackStatus::Template {
        return Err(vec![InputError::template(&pack.id)]);
    }
    let own = CardInput {
        options: input.options.clone(),
        subject: input.subject.clone(),
        facts: input.facts.clone(),
        ..CardInput::default()
    };
    let asked = card(pack, &own)?;
    // Several rules may make the same period under different readings.
    let allowed = || {
        let mut words: Vec<String> = pack.roll_ups.iter().map(|rule| rule.to.word().to_owned()).collect();
        let mut seen = Set::new();
        words.retain(|word| seen.insert(word.clone()));
        words
    };
    let rule = pack.roll_ups.iter().find(|rule| rule.to == input.to && applies(&rule.when, &asked.options));
    let Some(rule) = rule else {
        return Err(vec![InputError::new(ErrorCode::NotAllowed, "to", input.to.word(), Allowed::OneOf(allowed()))]);
    };
    let carried = carried::carried(pack, rule, input, &asked.options);
    let with_carried = CardInput { facts: with_carried(&asked, &carried), ..own.clone() };
    let card = card(pack, &with_carried)?;
    let period = covered(pack, rule, input)?;
    let sorted = Sorted::of(rule, period, input);
    let unrounded = match rule.rule {
        RollUpRule::MeanOfWorked => sorted.mean(),
        RollUpRule::Decided => input.total.clone(),
    };
    let total = match (&unrounded, rule.rule) {
        (Some(mean), RollUpRule::MeanOfWorked) => rounded(mean, card.switches.rounding),
        _ => unrounded.clone(),
    };
    let short = rule.worked_min.is_some_and(|least| sorted.could_work() == 0 || sorted.could_serve() < least);
    let classified = Classified::of(&card, total.as_ref())?;
    let limits = limits(rule, &card, &classified.plan, &sorted, &carried);
    Ok(Made { rule, card, sorted, unrounded, total, short, classified, limits, carried }.outcome(period))
}

/// The facts of the longer period and the carried facts of the shorter ones, as far as its role is asked for them.
fn with_carried(card: &Card<'_>, carried: &[Carried]) -> Map<String, Fact> {
    let mut facts = card.input.facts.clone();
    for one in carried.iter().filter(|one| one.holds() && is_asked(card, &one.fact)) {
        facts.insert(one.fact.clone(), Fact::Flag(true));
    }
    facts
}

fn is_asked(card: &Card<'_>, fact: &str) -> bool {
    card.pack.facts_for(card.role).any(|rule| rule.id == fact)
}

/// A total with its class.
struct Classified<'a> {
    plan: Plan<'a, Exact>,
    sheet: Sheet<Exact>,
    values: Values<Exact>,
    decision: Decision,
    conditions: Vec<(Condition, bool)>,
}

impl<'a> Classified<'a> {
    /// Classifies a total that was not computed from marks and lines.
    fn of(card: &Card<'a>, total: Option<&Exact>) -> Result<Self, Vec<InputError>> {
        let plan = planned(card.pack, card.role, &card.options)?;
        let unusable = || vec![InputError::unusable(&card.pack.id)];
        let sheet = Sheet::of(&plan, card).ok_or_else(unusable)?;
        let mut values = Values::new();
        values.components = vec![None; plan.components.len()];
        *values.components.get_mut(plan.total).ok_or_else(unusable)? = total.cloned();
        let mut conditions = Vec::new();
        let classifier = Classifier { plan: &plan, sheet: &sheet, values: &values };
        let decided = classifier.classify(&mut |condition, holds| conditions.push((condition, holds)));
        let unclear = |unclear: Vec<Unclear>| unclear.iter().map(|one| unclear_fact(&plan, one)).collect::<Vec<_>>();
        let decision = decided.map_err(unclear)?;
        Ok(Self { plan, sheet, values, decision, conditions })
    }
}

/// A longer period that was made, with its parts.
struct Made<'a> {
    rule: &'a RollUp,
    card: Card<'a>,
    sorted: Sorted,
    /// The total before rounding.
    unrounded: Option<Exact>,
    total: Option<Exact>,
    /// Whether too few periods were worked.
    short: bool,
    classified: Classified<'a>,
    limits: Vec<LimitOutcome>,
    carried: Vec<Carried>,
}

impl Made<'_> {
    fn status(&self) -> Status {
        let decision = &self.classified.decision;
        match &self.total {
            _ if self.short || decision.ineligible.is_some() => Status::NotClassified,
            // Only the authority's own total is missing.
            None if self.rule.rule == RollUpRule::Decided => Status::Provisional,
            None => Status::InsufficientData,
            _ if !self.sorted.missing.is_empty() || decision.open => Status::Provisional,
            _ => Status::Scored,
        }
    }

    /// The class, limited by the shorter periods.
    fn class(&self) -> Option<ClassOutcome> {
        let Classified { plan, decision, conditions, .. } = &self.classified;
        let left = self.limits.iter().filter_map(|limit| plan.class(limit.class_max.as_ref()?));
        let class = decision.class.map(|class| left.fold(class, usize::max));
        answer::class_outcome(plan, &Decision { class, ..*decision }, conditions)
    }

    fn outcome(self, period: Period) -> RollUpOutcome {
        let status = self.status();
        RollUpOutcome {
            pack: self.card.pack.id.clone(),
            period,
            status,
            total: self.total.as_ref().map(Number::new),
            class: self.class().filter(|_| status == Status::Scored),
            assumed: answer::assumed(&self.classified.plan, &self.card),
            explanation: self.explanation(),
            counted: self.sorted.counted.into_iter().map(|part| part.period).collect(),
            not_worked: self.sorted.not_worked,
            missing: self.sorted.missing,
            limits: self.limits,
            carried: self.carried,
        }
    }

    /// The step for the class that the shorter periods leave, if it differs from the class decided.
    fn limited_step(&self) -> Option<Step> {
        let plan = &self.classified.plan;
        let code = |place: usize| plan.classes.get(place).map(|class| class.class.code.clone());
        let (decided, left) = (code(self.classified.decision.class?)?, self.class()?.code);
        let limit = self.limits.iter().find(|limit| limit.class_max.as_ref() == Some(&left))?;
        let inputs = Map::from([("class".to_owned(), decided.clone()), explain::order(plan)]);
        let formula = format!("class ≤ {left}");
        (left != decided).then(|| explain::step("class.limited", formula, inputs, left, &limit.clause))
    }

    fn explanation(&self) -> Vec<Step> {
        let Self { rule, sorted, classified, .. } = self;
        let mut steps = Vec::new();
        if let Some(total) = &self.total {
            let names: Vec<String> = sorted.counted.iter().map(|part| part.period.to_string()).collect();
            let value = |part: &Counted| (part.period.to_string(), part.total.to_string());
            let formula = match rule.rule {
                RollUpRule::MeanOfWorked => format!("({}) / {}", names.join(" + "), names.len()),
                RollUpRule::Decided => "authority".to_owned(),
            };
            let before = self.unrounded.as_ref().unwrap_or(total);
            steps.push(explain::step(TOTAL, formula, sorted.counted.iter().map(value).collect(), before, &rule.clause));
            if before != total {
                steps.push(explain::rounding_step(self.card.switches.rounding, before, total, &rule.clause));
            }
            steps.extend(self.carried.iter().flat_map(Carried::steps));
            let Classified { plan, sheet, values, decision, conditions } = classified;
            let decided = explain::Decided { card: &self.card, plan, sheet, values, decision, conditions };
            steps.extend(decided.steps(Some(total)));
        }
        let lists = [("not_worked", &sorted.not_worked), ("served", &sorted.served), ("missing", &sorted.missing)];
        for (name, periods) in lists {
            if !periods.is_empty() {
                let list: Vec<String> = periods.iter().map(ToString::to_string).collect();
                steps.push(explain::step(name, list.join(", "), Map::new(), periods.len(), &rule.clause));
            }
        }
        let sent = sorted.counted.iter().filter_map(|part| Some((part.period.to_string(), part.unit.clone()?)));
        let sent: Inputs = sent.collect();
        if !sent.is_empty() {
            let periods: Vec<&str> = sent.keys().map(String::as_str).collect();
            steps.push(explain::step("sent_by_unit", periods.join(", "), sent.clone(), sent.len(), &rule.clause));
        }
        for limit in &self.limits {
            let periods: Vec<String> = limit.periods.iter().map(ToString::to_string).collect();
            let left = limit.class_max.clone().unwrap_or_default();
            let name = format!("limit.{}", limit.code);
            let after = periods.iter().cloned().map(|period| (period, limit.after.clone()));
            let inputs = after.chain([("after".to_owned(), limit.after.clone())]).collect();
            steps.push(explain::step(&name, periods.join(", "), inputs, left, &limit.clause));
        }
        steps.extend(self.limited_step());
        // The step on the periods worked is shown where they decide, or would decide without the absences that count as
        // served.
        if let Some(least) = rule.worked_min.filter(|least| self.short || sorted.could_work() < *least) {
            let mut inputs = Map::from([("worked".to_owned(), sorted.could_work().to_string())]);
            let served = sorted.served.len();
            if served > 0 {
                inputs.insert("served".to_owned(), served.to_string());
            }
            let formula =
                if served > 0 { format!("worked + served ≥ {least}") } else { format!("worked ≥ {least}") };
            steps.push(explain::step("eligibility.worked_min", formula, inputs, !self.short, &rule.clause));
        }
        steps
    }
}

fn card<'a>(pack: &'a Pack, input: &'a CardInput) -> Result<Card<'a>, Vec<InputError>> {
    let mut refusals = Refusals::default();
    super::check::check_options(pack, &input.options, &mut refusals);
    let role = super::check::role(pack, &input.subject.role)?;
    let options = Cow::Owned(options_used(pack, &input.options));
    let card = Card { pack, input, role, switches: Switches::chosen(&options), options };
    super::check::check_facts(&card, &mut refusals);
    refusals.done().map(|()| card)
}

/// The limits that shorter periods set: by their classes, and by facts for which the role of the longer period is not
/// asked.
fn limits(
    rule: &RollUp,
    card: &Card<'_>,
    plan: &Plan<'_, Exact>,
    sorted: &Sorted,
    carried: &[Carried],
) -> Vec<LimitOutcome> {
    let counts = |limit: &&RollUpLimit| concerns(&limit.roles, card.role) && applies(&limit.when, &card.options);
    let hit = |limit: &RollUpLimit| {
        let periods = in_a_row(plan, sorted, &limit.after, limit.in_a_row.unwrap_or(1));
        (!periods.is_empty()).then(|| LimitOutcome {
            code: limit.code.clone(),
            periods,
            after: limit.after.clone(),
            class_max: limit.class_max.clone(),
            clause: limit.clause.clone(),
        })
    };
    let of_fact = |one: &Carried| {
        let class = one.class(card.pack, &card.options).filter(|_| !is_asked(card, &one.fact))?;
        Some(LimitOutcome {
            code: one.fact.clone(),
            periods: one.periods.clone(),
            after: true.to_string(),
            class_max: Some(class.clone()),
            clause: one.clause.clone(),
        })
    };
    rule.limits.iter().filter(counts).filter_map(hit).chain(carried.iter().filter_map(of_fact)).collect()
}

/// The periods with a class, where at least `least` of them follow each other without another class between them.
fn in_a_row(plan: &Plan<'_, Exact>, sorted: &Sorted, class: &str, least: u32) -> Vec<Period> {
    let of_points =
        |total: &Exact| plan.classes.iter().find(|class| class.min <= *total).map(|class| &class.class.code);
    let has = |part: &&Counted| part.class.as_ref().or_else(|| of_points(&part.total)).is_some_and(|own| own == class);
    let mut found = Vec::new();
    let mut row: Vec<Period> = Vec::new();
    for part in &sorted.counted {
        let follows = row.last().is_none_or(|last| last.next() == part.period);
        if !has(&part) || !follows {
            row.clear();
        }
        if has(&part) {
            row.push(part.period);
        }
        if row.len() >= least as usize {
            found.extend(row.iter().copied().filter(|period| !found.contains(period)).collect::<Vec<_>>());
        }
    }
    found
}

#[cfg(test)]
mod tests;
