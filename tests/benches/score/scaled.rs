//! The decree in whole numbers: everything is scaled up, and one fraction is made at the end. It is the measure for an
//! engine that works with any pack.

use crate::cards::{Card, Line};

/// The lowest totals of the classes HTXS, HTT, HTNV (Đ.20).
const CLASS_MINS: [i128; 3] = [90, 70, 50];

/// A total as an unreduced fraction, and the number of its class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scored {
    pub(crate) numerator: i128,
    pub(crate) denominator: i128,
    pub(crate) class: usize,
}

/// Converted work in thousandths; good and timely work in quarters of them (Đ.14, Đ.15).
#[derive(Default)]
struct Sums {
    assigned: i64,
    done: i64,
    good_quarters: i64,
    timely_quarters: i64,
}

/// Scores a card. None when nothing was assigned.
pub(crate) fn score(card: &Card) -> Option<Scored> {
    let sums = card.lines.iter().fold(Sums::default(), with_line);
    if sums.assigned == 0 {
        return None;
    }
    let common_hundredths: i64 = card.marks_hundredths.iter().sum();
    let all_quarters = sums.assigned * 4;
    let twelfths = 4 * sums.done.min(sums.assigned)
        + sums.good_quarters.min(all_quarters)
        + sums.timely_quarters.min(all_quarters);
    let denominator = 1200 * i128::from(sums.assigned);
    let numerator = i128::from(common_hundredths) * 12 * i128::from(sums.assigned) + 7000 * i128::from(twelfths);
    let class = CLASS_MINS.iter().position(|min| numerator >= min * denominator).unwrap_or(CLASS_MINS.len());
    Some(Scored { numerator, denominator, class })
}

fn with_line(sums: Sums, line: &Line) -> Sums {
    let own = line.completed_hundredths.min(line.assigned_hundredths);
    let done = line.coefficient_tenths * (own + line.extra_hundredths);
    Sums {
        assigned: sums.assigned + line.coefficient_tenths * line.assigned_hundredths,
        done: sums.done + done,
        good_quarters: sums.good_quarters + done * (4 - line.failed_reviews.min(4)),
        timely_quarters: sums.timely_quarters + done * (4 - line.late_times.min(4)),
    }
}
