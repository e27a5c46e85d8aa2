//! One line of converted work.

use super::input::WorkLine;
use super::switches::{Cap, Denominator, LateUnit, Switches};
use crate::num::Exact;
use crate::pack::{Measure, WorkRule};
use crate::work::Cause;

/// What the lines of a card come to under one measure.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Sums {
    /// Converted work that counts.
    pub(super) numerator: Exact,
    /// The same without the limit per line.
    pub(super) unlimited: Exact,
    /// What it is divided by.
    pub(super) denominator: Exact,
    /// Converted work assigned: 0 means that there is nothing to judge.
    pub(super) assigned: Exact,
}

impl Sums {
    pub(super) fn of(lines: &[WorkLine], rule: &WorkRule, measure: Measure, switches: Switches) -> Self {
        let mut sums = Self::default();
        for line in lines {
            let kept = kept_share(line, rule, measure, switches.late_unit);
            let done = &line.coefficient * counted(line, switches.cap);
            let assigned = &line.coefficient * &line.assigned;
            sums.denominator += if by_completed(measure, switches) { &done } else { &assigned };
            sums.assigned += &assigned;
            sums.numerator += &done * &kept;
            sums.unlimited += &line.coefficient * (&line.completed + &line.extra) * &kept;
        }
        sums
    }

    /// The ratio and how much the limits took from it; `None` when nothing was assigned.
    pub(super) fn ratio(&self, cap: Cap) -> Option<(Exact, Exact)> {
        if self.assigned.is_zero() {
            return None;
        }
        // Divided by what was completed, and nothing was: nothing of it was good or in time either.
        let over = |part: &Exact| part.checked_div(&self.denominator).unwrap_or_default();
        let ratio = over(&self.numerator);
        let limited = if cap == Cap::Total { ratio } else { ratio.min(Exact::one()) };
        let excess = over(&self.unlimited) - &limited;
        Some((limited, excess))
    }
}

/// Whether a measure is divided by what was completed.
pub(super) fn by_completed(measure: Measure, switches: Switches) -> bool {
    switches.denominator == Denominator::Completed && measure != Measure::Quantity
}

/// The quantity of a line that counts as done. The limit per line holds back its own work only: what was taken over or
/// arose outside the plan adds, as the regulations say it must.
pub(super) fn counted(line: &WorkLine, cap: Cap) -> Exact {
    let own = if cap == Cap::Line { line.completed.clone().min(line.assigned.clone()) } else { line.completed.clone() };
    own + &line.extra
}

/// The share of a line's work that is kept under a measure, 0 to 1.
pub(super) fn kept_share(line: &WorkLine, rule: &WorkRule, measure: Measure, unit: LateUnit) -> Exact {
    if waiver(measure).is_some_and(|cause| line.objective_cause.contains(&cause)) {
        return Exact::one();
    }
    match (measure, unit) {
        (Measure::Quantity, _) => Exact::one(),
        (Measure::Quality, _) => after_losses(&rule.failed_review_loss, line.failed_reviews),
        (Measure::Progress, LateUnit::Occurrence) => after_losses(&rule.late_loss, line.late_times),
        (Measure::Progress, LateUnit::Day) => after_losses(&rule.late_loss, line.late_days),
        (Measure::Progress, LateUnit::Bands) => {
            let band = rule.late_bands.iter().find(|band| band.to_days.is_none_or(|last| line.late_days <= last));
            band.map(|band| band.kept.clone()).unwrap_or_default()
        }
    }
}

/// The cause that waives a measure's loss.
pub(super) const fn waiver(measure: Measure) -> Option<Cause> {
    match measure {
        Measure::Quantity => None,
        Measure::Quality => Some(Cause::Quality),
        Measure::Progress => Some(Cause::Progress),
    }
}

fn after_losses(loss: &Exact, times: u32) -> Exact {
    (Exact::one() - loss * Exact::from(times)).max(Exact::zero())
}
