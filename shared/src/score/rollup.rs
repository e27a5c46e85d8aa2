//! From the results of months to that of a quarter, half a year or a year. Periods not worked are left out and shown; periods
//! whose result has not come are named, and until they come the result is provisional.

use serde::{Deserialize, Serialize};

use super::classify::{Classifier, Condition, Decision, Unclear};
use super::error::{Allowed, ErrorCode, InputError};
use super::input::{CardInput, Fact, Subject};
use super::outcome::{Assumed, ClassOutcome, Number, Status, Step};
use super::plan::Plan;
use super::run::{Values, rounded};
use super::sheet::Sheet;
use super::{Card, Switches, TOTAL, explain, json, options_used, outcome, planned, unclear_fact};
use crate::num::Exact;
use crate::order::{Map, Set};
use crate::pack::{self, Pack, PackStatus, RollUp, RollUpRule, Span};
use crate::time::Period;

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
    /// Readings chosen; the pack's defaults apply to the rest.
    #[serde(default)]
    pub options: Map<String, String>,
    /// Who is scored; staff where nothing is said.
    #[serde(default)]
    pub subject: Subject,
    /// Facts about the longer period that gates and knock-outs read.
    #[serde(default)]
    pub facts: Map<String, Fact>,
}

/// The result of one period.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodResult {
    /// Which: `2026-01`, `2026-Q1`.
    pub period: Period,
    /// The exact total; absent while it has not come.
    #[serde(default)]
    pub total: Option<Exact>,
    /// Whether the person worked in it.
    #[serde(default = "yes")]
    pub worked: bool,
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
    /// How far it has come.
    pub status: Status,
    /// The total; while periods are missing, of those that have come.
    pub total: Option<Number>,
    /// The class, once nothing is missing.
    pub class: Option<ClassOutcome>,
    /// Periods counted.
    pub counted: Vec<Period>,
    /// Periods not worked.
    pub not_worked: Vec<Period>,
    /// Periods whose result has not come.
    pub missing: Vec<Period>,
    /// What was taken for facts nobody stated.
    pub assumed: Vec<Assumed>,
    /// Every step.
    pub explanation: Vec<Step>,
}

/// As JSON, from JSON.
///
/// # Errors
/// As [`roll_up`], or a text that says something else.
pub fn roll_up_json(input: &str) -> Result<String, Vec<InputError>> {
    let input: RollUpInput = json::read(input)?;
    let pack = pack::find_with_remarks(&input.pack).ok_or_else(|| vec![json::unknown_pack(&input.pack)])?;
    Ok(json::to_json(&roll_up(&pack, &input)?))
}

/// Makes a longer period of shorter ones by the pack's rule.
///
/// # Errors
/// A pack that has no such rule, periods of another kind or another year, the same period twice, a total outside the scale.
pub fn roll_up(pack: &Pack, input: &RollUpInput) -> Result<RollUpOutcome, Vec<InputError>> {
    if pack.status == PackStatus::Template {
        return Err(vec![InputError::template(&pack.id)]);
    }
    let allowed = || pack.roll_ups.iter().map(|rule| word(rule.to).to_owned()).collect();
    let Some(rule) = pack.roll_up(input.to) else {
        return Err(vec![InputError::new(ErrorCode::NotAllowed, "to", word(input.to), Allowed::OneOf(allowed()))]);
    };
    let period = covered(pack, rule, input)?;
    let sorted = Sorted::of(rule, period, input);
    let card_input = CardInput {
        options: input.options.clone(),
        subject: input.subject.clone(),
        facts: input.facts.clone(),
        ..CardInput::default()
    };
    let card = card(pack, &card_input)?;
    let total = sorted.mean().and_then(|mean| rounded(&mean, card.switches.rounding));
    let short = rule.worked_min.is_some_and(|least| sorted.could_work() < least);
    let made = Made { rule, classified: Classified::of(&card, total.as_ref())?, card, sorted, total, short };
    Ok(made.outcome(period))
}

/// A total with its class.
struct Classified<'a> {
    plan: Plan<'a, Exact>,
    decision: Decision,
    conditions: Vec<(Condition, bool)>,
}

impl<'a> Classified<'a> {
    /// Classifies a total that did not come from marks and lines.
    fn of(card: &Card<'a>, total: Option<&Exact>) -> Result<Self, Vec<InputError>> {
        let plan = planned(card)?;
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
        Ok(Self { plan, decision, conditions })
    }
}

/// A longer period made, with what it is made of.
struct Made<'a> {
    rule: &'a RollUp,
    card: Card<'a>,
    sorted: Sorted,
    total: Option<Exact>,
    /// Whether too few periods were worked.
    short: bool,
    classified: Classified<'a>,
}

impl Made<'_> {
    fn status(&self) -> Status {
        let decided = self.rule.rule == RollUpRule::Decided;
        match &self.total {
            _ if self.short => Status::NotClassified,
            None => Status::InsufficientData,
            _ if !self.sorted.missing.is_empty() || self.classified.decision.open || decided => Status::Provisional,
            _ => Status::Scored,
        }
    }

    fn outcome(self, period: Period) -> RollUpOutcome {
        let status = self.status();
        let Classified { plan, decision, conditions } = &self.classified;
        RollUpOutcome {
            pack: self.card.pack.id.clone(),
            period,
            status,
            total: self.total.as_ref().map(Number::new),
            class: outcome::class_outcome(plan, decision, conditions).filter(|_| status == Status::Scored),
            assumed: outcome::assumed(&self.card),
            explanation: self.explanation(),
            counted: self.sorted.counted.into_iter().map(|(period, _)| period).collect(),
            not_worked: self.sorted.not_worked,
            missing: self.sorted.missing,
        }
    }

    fn explanation(&self) -> Vec<Step> {
        let Self { rule, sorted, classified, .. } = self;
        let mut steps = Vec::new();
        if let Some(total) = &self.total {
            let names: Vec<String> = sorted.counted.iter().map(|(period, _)| period.to_string()).collect();
            let inputs = sorted.counted.iter().map(|(period, total)| (period.to_string(), total.to_string())).collect();
            let formula = format!("({}) / {}", names.join(" + "), names.len());
            steps.push(explain::step(TOTAL, formula, inputs, total, &rule.clause));
            let Classified { plan, decision, conditions } = classified;
            steps.extend(explain::class_steps(&self.card, plan, Some(total), decision, conditions));
        }
        for (name, periods) in [("not_worked", &sorted.not_worked), ("missing", &sorted.missing)] {
            if !periods.is_empty() {
                let list: Vec<String> = periods.iter().map(ToString::to_string).collect();
                steps.push(explain::step(name, list.join(", "), Map::new(), periods.len(), &rule.clause));
            }
        }
        if let Some(least) = rule.worked_min.filter(|_| self.short) {
            let inputs = Map::from([("worked".to_owned(), sorted.could_work().to_string())]);
            let formula = format!("worked ≥ {least}");
            steps.push(explain::step("eligibility.worked_min", formula, inputs, false, &rule.clause));
        }
        steps
    }
}

fn card<'a>(pack: &'a Pack, input: &'a CardInput) -> Result<Card<'a>, Vec<InputError>> {
    let mut errors = Vec::new();
    super::check::check_options(pack, &input.options, &mut errors);
    let roles = || pack.roles.iter().map(|role| role.id.clone()).collect();
    let Some(role) = pack.role(&input.subject.role) else {
        errors.push(InputError::new(ErrorCode::Unknown, "subject.role", &input.subject.role, Allowed::OneOf(roles())));
        return Err(errors);
    };
    let options = options_used(pack, &input.options);
    let card = Card { pack, input, role: &role.id, switches: Switches::chosen(&options), options };
    super::check::check_facts(&card, &mut errors);
    if errors.is_empty() { Ok(card) } else { Err(errors) }
}

/// The period that all given ones are parts of.
fn covered(pack: &Pack, rule: &RollUp, input: &RollUpInput) -> Result<Period, Vec<InputError>> {
    let Some(first) = input.periods.first() else {
        return Err(vec![InputError::missing("periods", Allowed::Words(word(rule.from).to_owned()))]);
    };
    let whole = first.period.within(rule.to);
    let mut errors = Vec::new();
    let mut seen = Set::new();
    for (index, one) in input.periods.iter().enumerate() {
        let field = format!("periods[{index}].period");
        if one.period.span() != rule.from || one.period.within(rule.to) != whole {
            let allowed = Allowed::Words(format!("{} of {whole}", word(rule.from)));
            errors.push(InputError::new(ErrorCode::NotAllowed, field.clone(), one.period, allowed));
        }
        if !seen.insert(one.period) {
            errors.push(InputError::new(ErrorCode::Doubled, field, one.period, Allowed::Once));
        }
        if let Some(total) = one.total.as_ref().filter(|total| total.is_negative() || **total > pack.scale_max) {
            let allowed = Allowed::Range("0".to_owned(), pack.scale_max.to_string());
            errors.push(InputError::new(ErrorCode::OutOfRange, format!("periods[{index}].total"), total, allowed));
        }
    }
    if errors.is_empty() { Ok(whole) } else { Err(errors) }
}

/// The parts of a period by what is known of them.
struct Sorted {
    counted: Vec<(Period, Exact)>,
    not_worked: Vec<Period>,
    missing: Vec<Period>,
}

impl Sorted {
    fn of(rule: &RollUp, whole: Period, input: &RollUpInput) -> Self {
        let mut sorted = Self { counted: Vec::new(), not_worked: Vec::new(), missing: Vec::new() };
        for part in whole.parts(rule.from) {
            match input.periods.iter().find(|one| one.period == part) {
                Some(one) if !one.worked => sorted.not_worked.push(part),
                Some(PeriodResult { total: Some(total), .. }) => sorted.counted.push((part, total.clone())),
                _ => sorted.missing.push(part),
            }
        }
        sorted
    }

    fn mean(&self) -> Option<Exact> {
        let count = i64::try_from(self.counted.len()).ok()?;
        self.counted.iter().map(|(_, total)| total).sum::<Exact>().checked_div(&Exact::from_int(count))
    }

    /// Periods worked, or that may turn out to have been.
    fn could_work(&self) -> u32 {
        u32::try_from(self.counted.len().saturating_add(self.missing.len())).unwrap_or(u32::MAX)
    }
}

const fn word(span: Span) -> &'static str {
    match span {
        Span::Month => "month",
        Span::Quarter => "quarter",
        Span::HalfYear => "half_year",
        Span::Year => "year",
    }
}

impl Period {
    /// How long it is.
    #[must_use]
    pub const fn span(self) -> Span {
        match self {
            Self::Month(..) => Span::Month,
            Self::Quarter(..) => Span::Quarter,
            Self::HalfYear(..) => Span::HalfYear,
            Self::Year(_) => Span::Year,
        }
    }

    /// The period of a length that it begins in.
    #[must_use]
    pub fn within(self, span: Span) -> Self {
        let (year, month, _) = self.first_day().civil();
        let year = u16::try_from(year).unwrap_or_default();
        let place = |months: u8| month.saturating_sub(1).checked_div(months).unwrap_or_default().saturating_add(1);
        match span {
            Span::Month => Self::Month(year, month),
            Span::Quarter => Self::Quarter(year, place(3)),
            Span::HalfYear => Self::HalfYear(year, place(6)),
            Span::Year => Self::Year(year),
        }
    }

    /// The periods of a shorter length that it is made of, in order.
    #[must_use]
    pub fn parts(self, span: Span) -> Vec<Self> {
        let mut part = self.within(span);
        let mut parts = Vec::new();
        while part.first_day() <= self.last_day() {
            parts.push(part);
            part = part.next();
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(totals: &[Option<&str>]) -> Vec<PeriodResult> {
        let one = |(index, total): (usize, &Option<&str>)| PeriodResult {
            period: Period::Month(2026, u8::try_from(index + 1).unwrap()),
            total: total.map(|total| Exact::parse(total).unwrap()),
            worked: total.is_some(),
        };
        totals.iter().enumerate().map(one).collect()
    }

    fn year(periods: Vec<PeriodResult>) -> RollUpOutcome {
        let input = RollUpInput {
            pack: "nd335-congchuc".into(),
            to: Span::Year,
            periods,
            options: Map::new(),
            subject: Subject::default(),
            facts: Map::new(),
        };
        roll_up(&pack::find_with_remarks("nd335-congchuc").unwrap(), &input).unwrap()
    }

    /// Đ.17(3): the year's result is the mean of twelve months; Đ.11(2): of those actually worked; Đ.11(1): with fewer than six
    /// worked nobody is classified.
    #[test]
    fn a_year_is_the_mean_of_the_months_worked() {
        let all = year(months(&[Some("90"); 12]));
        assert_eq!((all.total.unwrap().decimal.as_str(), all.class.unwrap().code.as_str()), ("90", "HTXS"));
        let thirds = year(months(&[
            Some("100/3"),
            Some("200/3"),
            Some("2699/30"),
            Some("80"),
            Some("81"),
            Some("82"),
            Some("1/7"),
            Some("50"),
            Some("60"),
            Some("70"),
            Some("80"),
            Some("90"),
        ]));
        assert_eq!(thirds.total.unwrap().exact.to_string(), "164453/2520");
        let leave: Vec<Option<&str>> = (0..12).map(|month| (month < 6).then_some("70")).collect();
        let leave = year(months(&leave));
        assert_eq!(
            (leave.status, leave.not_worked.len(), leave.class.unwrap().code.as_str()),
            (Status::Scored, 6, "HTT")
        );
        let short: Vec<Option<&str>> = (0..12).map(|month| (month < 5).then_some("95")).collect();
        let short = year(months(&short));
        assert_eq!((short.status, short.class), (Status::NotClassified, None));
    }

    #[test]
    fn what_has_not_come_is_named_and_nothing_is_final() {
        let mut periods = months(&[Some("95"); 11]);
        let outcome = year(periods.clone());
        assert_eq!((outcome.status, outcome.missing), (Status::Provisional, vec![Period::Month(2026, 12)]));
        assert!(outcome.class.is_none());
        periods.push(PeriodResult { period: Period::Month(2026, 12), total: None, worked: true });
        assert_eq!(year(periods).missing.len(), 1);
    }

    #[test]
    fn parts_of_a_period_are_its_months() {
        assert_eq!(Period::Quarter(2026, 4).parts(Span::Month), [10, 11, 12].map(|month| Period::Month(2026, month)));
        assert_eq!(Period::Year(2026).parts(Span::Quarter).len(), 4);
        assert_eq!(Period::Month(2026, 7).within(Span::HalfYear), Period::HalfYear(2026, 2));
    }
}
