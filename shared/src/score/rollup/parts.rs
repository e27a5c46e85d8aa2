//! The shorter periods of a longer one: which they are, what is known of each, and the errors in the input.

use super::super::check::Refusals;
use super::{PeriodResult, RollUpInput, carried};
use crate::input_error::{Allowed, ErrorCode, InputError};
use crate::num::Exact;
use crate::pack::{Pack, RollUp, RollUpRule};
use crate::sorted_map::Set;
use crate::time::Period;
use crate::work::AbsenceCause;

/// The longer period of which all given periods are parts.
pub(super) fn covered(pack: &Pack, rule: &RollUp, input: &RollUpInput) -> Result<Period, Vec<InputError>> {
    let Some(first) = input.periods.first() else {
        return Err(vec![InputError::missing("periods", Allowed::OneOf(vec![rule.from.word().to_owned()]))]);
    };
    let whole = first.period.within(rule.to);
    let own: Vec<Period> = parts_of(rule, whole).collect();
    let mut errors = Vec::new();
    let mut seen = Set::new();
    for (index, one) in input.periods.iter().enumerate() {
        let field = format!("periods[{index}].period");
        if !own.contains(&one.period) {
            let allowed = Allowed::OneOf(own.iter().map(ToString::to_string).collect());
            errors.push(InputError::new(ErrorCode::NotAllowed, field.clone(), one.period, allowed));
        }
        if !seen.insert(one.period) {
            errors.push(InputError::new(ErrorCode::Doubled, field, one.period, Allowed::Once));
        }
        if let Some(cause) = one.absence.filter(|_| one.worked) {
            let field = format!("periods[{index}].absence");
            errors.push(InputError::new(ErrorCode::NotAllowed, field, cause.word(), Allowed::Nothing));
        }
        if let Some(class) = one.class.as_ref().filter(|class| pack.class(class).is_none()) {
            let allowed = Allowed::OneOf(pack.classes.iter().map(|class| class.code.clone()).collect());
            errors.push(InputError::new(ErrorCode::Unknown, format!("periods[{index}].class"), class, allowed));
        }
        check_total(pack, one.total.as_ref(), format!("periods[{index}].total"), &mut errors);
    }
    let decided = rule.rule == RollUpRule::Decided;
    if let Some(total) = input.total.as_ref().filter(|_| !decided) {
        errors.push(InputError::new(ErrorCode::Unknown, "total", total, Allowed::Nothing));
    }
    check_total(pack, input.total.as_ref(), "total".to_owned(), &mut errors);
    let mut refusals = Refusals::default();
    carried::check(pack, input, &mut refusals);
    errors.extend(refusals.done().err().unwrap_or_default());
    if errors.is_empty() { Ok(whole) } else { Err(errors) }
}

fn check_total(pack: &Pack, total: Option<&Exact>, field: String, errors: &mut Vec<InputError>) {
    if let Some(total) = total.filter(|total| total.is_negative() || **total > pack.scale_max) {
        let allowed = Allowed::Range("0".to_owned(), pack.scale_max.to_string());
        errors.push(InputError::new(ErrorCode::OutOfRange, field, total, allowed));
    }
}

/// The parts of a period that have a result of their own.
fn parts_of(rule: &RollUp, whole: Period) -> impl Iterator<Item = Period> {
    whole.parts(rule.from).into_iter().take(rule.parts.map_or(usize::MAX, |count| count as usize))
}

/// A period that counts.
pub(super) struct Counted {
    pub(super) period: Period,
    pub(super) total: Exact,
    pub(super) class: Option<String>,
    pub(super) unit: Option<String>,
}

/// The parts of a period, sorted by what is known of them.
pub(super) struct Sorted {
    pub(super) counted: Vec<Counted>,
    pub(super) not_worked: Vec<Period>,
    /// The periods among those not worked that count as time served.
    pub(super) served: Vec<Period>,
    pub(super) missing: Vec<Period>,
}

impl Sorted {
    pub(super) fn of(rule: &RollUp, whole: Period, input: &RollUpInput) -> Self {
        let mut sorted = Self { counted: Vec::new(), not_worked: Vec::new(), served: Vec::new(), missing: Vec::new() };
        let serves = |cause: AbsenceCause| rule.served.iter().any(|word| word == cause.word());
        for period in parts_of(rule, whole) {
            match input.periods.iter().find(|one| one.period == period) {
                Some(one) if !one.worked => {
                    sorted.not_worked.push(period);
                    sorted.served.extend(one.absence.is_some_and(serves).then_some(period));
                }
                Some(PeriodResult { total: Some(total), class, unit, .. }) => {
                    let (total, class, unit) = (total.clone(), class.clone(), unit.clone());
                    sorted.counted.push(Counted { period, total, class, unit });
                }
                _ => sorted.missing.push(period),
            }
        }
        sorted
    }

    pub(super) fn mean(&self) -> Option<Exact> {
        let count = i64::try_from(self.counted.len()).ok()?;
        self.counted.iter().map(|part| &part.total).sum::<Exact>().checked_div(&Exact::from_int(count))
    }

    /// The number of periods that were worked or may turn out to have been worked.
    pub(super) fn could_work(&self) -> u32 {
        u32::try_from(self.counted.len().saturating_add(self.missing.len())).unwrap_or(u32::MAX)
    }

    /// The same number with the periods that count as served.
    pub(super) fn could_serve(&self) -> u32 {
        self.could_work().saturating_add(u32::try_from(self.served.len()).unwrap_or(u32::MAX))
    }
}
