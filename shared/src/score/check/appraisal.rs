//! Checks the self-score that a card states beside the appraisal.

use super::super::Card;
use super::super::input::SelfScore;
use super::refusals::{Refusals, decimal};
use crate::input_error::Allowed;
use crate::limits::NOTE_CHARS_MAX;
use crate::num::Exact;
use crate::pack::AppraisalGap;

/// Refuses a self-score that the pack does not compare with anything, or that it cannot read.
pub(super) fn check(card: &Card<'_>, refusals: &mut Refusals) {
    let Some(own) = &card.input.self_score else { return };
    match &card.pack.appraisal_gap {
        Some(rule) => check_stated(card, rule, own, refusals),
        None => refusals.unknown(format_args!("self"), &decimal(&own.total), Vec::new()),
    }
}

fn check_stated(card: &Card<'_>, rule: &AppraisalGap, own: &SelfScore, refusals: &mut Refusals) {
    let highest = &card.pack.scale_max;
    // Only deductions make a total negative.
    let lowest = if card.pack.events.is_empty() { Exact::zero() } else { -highest };
    refusals.between(&own.total, &lowest, highest, format_args!("self.total"));
    let codes = || card.pack.classes.iter().map(|class| class.code.clone()).collect();
    match &own.class {
        None if rule.class => refusals.missing(format_args!("self.class"), Allowed::OneOf(codes())),
        Some(code) if card.pack.class(code).is_none() => refusals.unknown(format_args!("self.class"), code, codes()),
        _ => {}
    }
    refusals.text(&own.explanation, NOTE_CHARS_MAX, format_args!("self.explanation"));
}
