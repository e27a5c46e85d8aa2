//! Checks lines of work and weighted products.

use super::super::Card;
use super::super::input::WorkLine;
use super::refusals::{Refusals, one_of};
use crate::input_error::{Allowed, ErrorCode};
use crate::limits::{CODE_CHARS_MAX, LINES_PER_CARD_MAX, QUANTITY_MAX};
use crate::num::Exact;
use crate::pack::Factor;
use crate::pack::{Coefficient, PositionMultiplier};

pub(super) fn check_lines(card: &Card<'_>, refusals: &mut Refusals) {
    let lines = &card.input.work;
    let (field, count) = (format_args!("work"), lines.len());
    if !lines.is_empty() && !card.pack.counts_work(card.role) {
        refusals.add(ErrorCode::Unknown, field, &count, Allowed::Nothing);
    } else if count > LINES_PER_CARD_MAX {
        refusals.add(ErrorCode::TooMany, field, &count, Allowed::AtMost(LINES_PER_CARD_MAX));
    } else {
        for (index, line) in lines.iter().enumerate() {
            check_line(line, index, refusals);
            check_weights(card, line, index, refusals);
        }
        check_shares(lines, refusals);
    }
}

/// Checks that the shares of a product made together add up to no more than the whole.
fn check_shares(lines: &[WorkLine], refusals: &mut Refusals) {
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.share < Exact::one()) {
        let same = |other: &&WorkLine| !line.code.is_empty() && other.code == line.code;
        let is_first = lines.iter().take(index).filter(same).all(|other| other.share == Exact::one());
        let sum: Exact = lines.iter().filter(same).map(|other| &other.share).sum();
        if is_first && sum > Exact::one() {
            let allowed = Allowed::PositiveUpTo("1".to_owned());
            refusals.out_of_range(format_args!("work[{index}].share"), &sum, allowed);
        }
    }
}

fn check_line(line: &WorkLine, index: usize, refusals: &mut Refusals) {
    let largest = Exact::from_int(QUANTITY_MAX);
    refusals.text(&line.code, CODE_CHARS_MAX, format_args!("work[{index}].code"));
    refusals.positive(&line.coefficient, &largest, format_args!("work[{index}].coefficient"));
    let assigned = line.assigned.clone().max(Exact::zero());
    let kept = (&assigned - &line.handed_over).max(Exact::zero());
    let handed = !line.handed_over.is_zero();
    let quantities = [
        ("assigned", &line.assigned, &largest),
        ("handed_over", &line.handed_over, &assigned),
        // What was handed over is done by someone else and can never count as done here.
        ("completed", &line.completed, if handed { &kept } else { &largest }),
        ("extra", &line.extra, &largest),
    ];
    for (name, quantity, highest) in quantities {
        refusals.up_to(quantity, highest, format_args!("work[{index}].{name}"));
    }
    let counts =
        [("failed_reviews", line.failed_reviews), ("late_times", line.late_times), ("late_days", line.late_days)];
    for (name, count) in counts {
        refusals.up_to(&Exact::from(count), &largest, format_args!("work[{index}].{name}"));
    }
}

/// Checks what weighs a line besides its coefficient: level, position, share.
fn check_weights(card: &Card<'_>, line: &WorkLine, index: usize, refusals: &mut Refusals) {
    let work = card.pack.work.as_ref();
    let by_level = card.switches.coefficient != Coefficient::Product;
    let levels = work.map_or(&[][..], |work| &work.difficulties);
    check_named(levels, by_level, line.difficulty.as_ref(), format_args!("work[{index}].difficulty"), refusals);
    let multiplied = card.switches.position_multiplier == PositionMultiplier::On;
    let (positions, position) = (work.map_or(&[][..], |work| &work.positions), card.input.subject.position.as_ref());
    // The whole card has one position, so it is reported once and not at every line.
    if index == 0 {
        check_named(positions, multiplied, position, format_args!("subject.position"), refusals);
    }
    refusals.positive(&line.share, &Exact::one(), format_args!("work[{index}].share"));
}

/// Checks the name of a factor. It may be missing unless a reading needs it.
pub(in crate::score) fn check_named(
    factors: &[Factor],
    needed: bool,
    found: Option<&String>,
    field: std::fmt::Arguments<'_>,
    refusals: &mut Refusals,
) {
    let ids = || factors.iter().map(|factor| factor.id.clone()).collect();
    match found {
        None if !needed || factors.is_empty() => {}
        None => refusals.missing(field, one_of(ids())),
        Some(id) if factors.iter().any(|factor| factor.id == *id) => {}
        Some(id) => refusals.unknown(field, id, ids()),
    }
}
