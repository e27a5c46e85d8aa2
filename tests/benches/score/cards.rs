//! The input of the hand-written evaluations: small whole numbers, in the units that people enter.

use shared::num::Exact;
use shared::score::{CardInput, WorkLine};
use shared::work::Cause;

/// One person's month, with only what the arithmetic needs.
#[derive(Debug)]
pub(crate) struct Card {
    pub(crate) marks_hundredths: Vec<i64>,
    pub(crate) lines: Vec<Line>,
}

/// One work line. Penalties that a confirmed cause waives are already removed.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) coefficient_tenths: i64,
    pub(crate) assigned_hundredths: i64,
    pub(crate) completed_hundredths: i64,
    pub(crate) extra_hundredths: i64,
    pub(crate) failed_reviews: i64,
    pub(crate) late_times: i64,
}

impl Card {
    /// The same card. None where a number is finer than its unit.
    pub(crate) fn of(input: &CardInput) -> Option<Self> {
        Some(Self {
            marks_hundredths: input.criteria.values().map(|mark| units(mark, 100)).collect::<Option<_>>()?,
            lines: input.work.iter().map(Line::of).collect::<Option<_>>()?,
        })
    }
}

impl Line {
    fn of(line: &WorkLine) -> Option<Self> {
        let counted = |cause: Cause, times: u32| if line.objective_cause.contains(&cause) { 0 } else { times.into() };
        Some(Self {
            coefficient_tenths: units(&line.coefficient, 10)?,
            assigned_hundredths: units(&line.assigned, 100)?,
            completed_hundredths: units(&line.completed, 100)?,
            extra_hundredths: units(&line.extra, 100)?,
            failed_reviews: counted(Cause::Quality, line.failed_reviews),
            late_times: counted(Cause::Progress, line.late_times),
        })
    }
}

fn units(value: &Exact, per_one: i64) -> Option<i64> {
    let (numerator, denominator) = (value * &Exact::from_int(per_one)).as_small()?;
    (denominator == 1).then(|| i64::try_from(numerator).ok())?
}
