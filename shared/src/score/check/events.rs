//! Checks events, and that none of them counts twice.

use super::super::Card;
use super::super::input::{Event, Fact};
use super::refusals::{Refusals, decimal, range};
use crate::input_error::{Allowed, ErrorCode};
use crate::limits::{CODE_CHARS_MAX, LINES_PER_CARD_MAX, NOTE_CHARS_MAX, QUANTITY_MAX};
use crate::num::Exact;
use crate::pack::DoublePenalty;
use crate::text::fold;

pub(super) fn check_events(card: &Card<'_>, refusals: &mut Refusals) {
    let events = &card.input.events;
    let count = events.len();
    if count > LINES_PER_CARD_MAX {
        refusals.add(ErrorCode::TooMany, format_args!("events"), &count, Allowed::AtMost(LINES_PER_CARD_MAX));
        return;
    }
    let largest = Exact::from_int(QUANTITY_MAX);
    for (index, event) in events.iter().enumerate() {
        let code = format_args!("events[{index}].code");
        refusals.text(&event.code, CODE_CHARS_MAX, code);
        refusals.text(&event.evidence, NOTE_CHARS_MAX, format_args!("events[{index}].evidence"));
        refusals.up_to(&Exact::from(event.count), &largest, format_args!("events[{index}].count"));
        if !card.pack.events_for(card.role).any(|rule| rule.code == event.code) {
            let known = card.pack.events_for(card.role).map(|rule| rule.code.clone()).collect();
            refusals.unknown(code, &event.code, known);
        }
        check_points(card, event, index, refusals);
        // The same event in two entries would count twice or once, depending on how it was written down.
        if events.iter().take(index).any(|earlier| earlier.code == event.code) {
            refusals.twice(code, &event.code);
        }
    }
}

/// Refuses stated points except where the pack leaves the points to the approver.
fn check_points(card: &Card<'_>, event: &Event, index: usize, refusals: &mut Refusals) {
    let field = format_args!("events[{index}].points");
    let rule = card.pack.events_for(card.role).find(|rule| rule.code == event.code);
    match (rule.and_then(|rule| rule.stated.as_ref()), &event.points) {
        (None, None) => {}
        (None, Some(points)) => refusals.add(ErrorCode::Unknown, field, &decimal(points), Allowed::Nothing),
        (Some(bounds), None) => refusals.missing(field, range(&bounds.min, &bounds.max)),
        (Some(bounds), Some(points)) => refusals.between(points, &bounds.min, &bounds.max, field),
    }
}

/// Something that counts, with the document that records it.
struct Use<'a> {
    field: String,
    paper: &'a str,
    /// The document without letter case and marks: it is the same document however its number is typed.
    folded: String,
    is_points: bool,
}

impl<'a> Use<'a> {
    fn of(field: String, paper: &'a str, is_points: bool) -> Self {
        let paper = paper.trim();
        Self { field, paper, folded: fold(paper), is_points }
    }
}

/// Refuses double penalties: what one document records counts in one place, as points, class or a leader's share. Under
/// the reading by which discipline counts in both, an event in points may also decide the class.
pub(super) fn check_once(card: &Card<'_>, refusals: &mut Refusals) {
    let mut uses: Vec<Use<'_>> = Vec::new();
    for (index, event) in card.input.events.iter().enumerate() {
        uses.push(Use::of(format!("events[{index}].evidence"), &event.evidence, true));
    }
    for (field, paper) in &card.input.sources {
        match counts(card, field) {
            None => {
                let allowed =
                    Allowed::words_of("facts.… hoặc leadership.… như đã nêu", "facts.… or leadership.… as stated");
                refusals.add(ErrorCode::Unknown, format_args!("sources.{field}"), field, allowed);
            }
            Some(true) => uses.push(Use::of(format!("sources.{field}"), paper, false)),
            Some(false) => {}
        }
        refusals.text(paper, NOTE_CHARS_MAX, format_args!("sources.{field}"));
    }
    let both = card.switches.double_penalty == DoublePenalty::ClassAndPoints;
    for (index, one) in uses.iter().enumerate() {
        let same = |earlier: &Use<'_>| earlier.folded == one.folded && !(both && one.is_points != earlier.is_points);
        if !one.folded.is_empty() && uses.iter().take(index).any(same) {
            refusals.twice(format_args!("{}", one.field), one.paper);
        }
    }
}

/// Whether a stated fact or share costs anything; none if it was not stated.
fn counts(card: &Card<'_>, field: &str) -> Option<bool> {
    match field.split_once('.')? {
        ("facts", id) => Some(*card.input.facts.get(id)? == Fact::Flag(true)),
        ("leadership", id) => Some(*card.input.leadership.get(id)? < Exact::one()),
        _ => None,
    }
}
