//! The sum of a month in one line, and days moved on by a month. No signals here.

use shared::num::Exact;
use shared::time::Day;

use super::super::work::LineView;

/// The sum of a month.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct MonthSum {
    pub(super) lines: usize,
    pub(super) done: usize,
    /// Lines with more done than assigned.
    pub(super) over: usize,
    pub(super) converted_done: Exact,
    pub(super) converted_assigned: Exact,
}

impl MonthSum {
    pub(super) fn of(lines: &[LineView]) -> Self {
        lines.iter().fold(Self::default(), |sum, line| Self {
            lines: sum.lines + 1,
            done: sum.done + usize::from(line.is_done()),
            over: sum.over + usize::from(line.is_over()),
            converted_done: &sum.converted_done + &(&line.plan.coefficient * &within_plan(line)),
            converted_assigned: &sum.converted_assigned + &(&line.plan.coefficient * &line.plan.assigned),
        })
    }
}

/// What was done of what was assigned, without what was done beyond it; the line shows that by itself.
fn within_plan(line: &LineView) -> Exact {
    if line.plan.extra {
        line.progress.completed.clone()
    } else {
        line.progress.completed.clone().min(line.plan.assigned.clone())
    }
}

/// The same day a month later, or the last day of a shorter month.
pub(super) fn month_later(day: Day) -> Day {
    let (_, _, place) = day.civil();
    let next = shared::time::Period::month_of(day).next();
    let (first, last) = (next.first_day(), next.last_day());
    Day(first.0 + i32::from(place) - 1).min(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::op::{NewLine, Progress};

    #[test]
    fn a_due_day_moves_to_the_same_day_of_the_next_month() {
        let later = |text: &str| month_later(Day::parse(text).unwrap()).vietnamese();
        assert_eq!(later("25/10/2026"), "25/11/2026");
        assert_eq!(later("31/01/2026"), "28/02/2026");
        assert_eq!(later("31/12/2026"), "31/01/2027");
    }

    #[test]
    fn the_sum_counts_converted_work() {
        let line = |k: i64, assigned: i64, done: i64| LineView {
            id: "0011223344556677-0".parse().unwrap(),
            title: String::new(),
            plan: NewLine {
                code: "A".into(),
                name: String::new(),
                coefficient: Exact::from_int(k),
                assigned: Exact::from_int(assigned),
                due: None,
                list: None,
                extra: false,
            },
            progress: Progress { completed: Exact::from_int(done), ..Progress::default() },
            assigned_by: None,
            contested: false,
            ends: Day::parse("2026-11-30").unwrap(),
        };
        let sum = MonthSum::of(&[line(2, 3, 3), line(5, 2, 1)]);
        assert_eq!((sum.lines, sum.done), (2, 1));
        assert_eq!((sum.converted_done, sum.converted_assigned), (Exact::from_int(11), Exact::from_int(16)));
        let over = MonthSum::of(&[line(2, 1, 34)]);
        assert_eq!((over.over, over.converted_done), (1, Exact::from_int(2)), "Đ.14(2)a: of what was assigned");
    }
}
