//! Events, and that none of them counts twice.

use super::super::Card;
use super::super::error::{Allowed, ErrorCode, InputError};
use super::super::input::{Event, Fact};
use super::super::switches::DoublePenalty;
use super::{check_fineness, check_range, check_text, decimal, one_of};
use crate::limits::{CODE_CHARS_MAX, LINES_PER_CARD_MAX, NOTE_CHARS_MAX, QUANTITY_MAX};
use crate::num::Exact;
use crate::text::fold;

pub(super) fn check_events(card: &Card<'_>, errors: &mut Vec<InputError>) {
    let events = &card.input.events;
    if events.len() > LINES_PER_CARD_MAX {
        errors.push(InputError::new(ErrorCode::TooMany, "events", events.len(), Allowed::AtMost(LINES_PER_CARD_MAX)));
        return;
    }
    for (index, event) in events.iter().enumerate() {
        let field = |name: &str| format!("events[{index}].{name}");
        check_text(&event.code, field("code"), CODE_CHARS_MAX, errors);
        check_text(&event.evidence, field("evidence"), NOTE_CHARS_MAX, errors);
        check_range(&Exact::from(event.count), &Exact::from_int(QUANTITY_MAX), || field("count"), errors);
        if !card.pack.events_for(card.role).any(|rule| rule.code == event.code) {
            let known = card.pack.events_for(card.role).map(|rule| rule.code.clone()).collect();
            errors.push(InputError::new(ErrorCode::Unknown, field("code"), &event.code, one_of(known)));
        }
        check_points(card, event, field("points"), errors);
        // The same event in two places would count twice, or once, by how it was written down.
        if events.iter().take(index).any(|earlier| earlier.code == event.code) {
            errors.push(InputError::new(ErrorCode::Doubled, field("code"), &event.code, Allowed::Once));
        }
    }
}

/// Points are stated where the pack leaves them to the approver, and nowhere else.
fn check_points(card: &Card<'_>, event: &Event, field: String, errors: &mut Vec<InputError>) {
    let rule = card.pack.events_for(card.role).find(|rule| rule.code == event.code);
    match (rule.and_then(|rule| rule.stated.as_ref()), &event.points) {
        (None, None) => {}
        (None, Some(points)) => {
            errors.push(InputError::new(ErrorCode::Unknown, field, decimal(points), Allowed::Nothing));
        }
        (Some(bounds), points) => {
            let allowed = Allowed::Range(decimal(&bounds.min), decimal(&bounds.max));
            match points {
                None => errors.push(InputError::missing(field, allowed)),
                Some(points) if *points < bounds.min || *points > bounds.max => {
                    errors.push(InputError::new(ErrorCode::OutOfRange, field, decimal(points), allowed));
                }
                Some(points) => check_fineness(points, || field, errors),
            }
        }
    }
}

/// No double penalty: what is recorded in one paper counts in one place, points, class or a leader's share. Under the
/// reading by which discipline counts in both, an event in points may also decide the class.
pub(super) fn check_once(card: &Card<'_>, errors: &mut Vec<InputError>) {
    let counts = |place: &str| match place.split_once('.') {
        Some(("facts", id)) => card.input.facts.get(id) == Some(&Fact::Flag(true)),
        Some(("leadership", id)) => card.input.leadership.get(id).is_some_and(|share| *share < Exact::one()),
        _ => false,
    };
    let mut used: Vec<Used<'_>> = Vec::new();
    for (index, event) in card.input.events.iter().enumerate() {
        used.push(Used::of(format!("events[{index}].evidence"), &event.evidence, true));
    }
    for (field, source) in &card.input.sources {
        let known = field.strip_prefix("facts.").is_some_and(|id| card.input.facts.contains_key(id))
            || field.strip_prefix("leadership.").is_some_and(|id| card.input.leadership.contains_key(id));
        if !known {
            let allowed = Allowed::Words("facts.… or leadership.… as stated".to_owned());
            errors.push(InputError::new(ErrorCode::Unknown, format!("sources.{field}"), field, allowed));
        } else if counts(field) {
            used.push(Used::of(format!("sources.{field}"), source, false));
        }
        check_text(source, format!("sources.{field}"), NOTE_CHARS_MAX, errors);
    }
    let both = card.switches.double_penalty == DoublePenalty::ClassAndPoints;
    for (index, one) in used.iter().enumerate() {
        let same = |earlier: &Used<'_>| earlier.folded == one.folded && !(both && one.points != earlier.points);
        if !one.folded.is_empty() && used.iter().take(index).any(same) {
            errors.push(InputError::new(ErrorCode::Doubled, one.field.clone(), one.source, Allowed::Once));
        }
    }
}

/// A paper where something that counts is recorded.
struct Used<'a> {
    field: String,
    source: &'a str,
    /// The same without letter case and marks: a paper is the same however its number is typed.
    folded: String,
    /// Whether it counts in points.
    points: bool,
}

impl<'a> Used<'a> {
    fn of(field: String, source: &'a str, points: bool) -> Self {
        let source = source.trim();
        Self { field, source, folded: fold(source), points }
    }
}
