//! Accepting an input: everything the pack does not allow is named before anything is computed.

use crate::order::Map;

use super::error::{Allowed, ErrorCode, InputError};
use super::input::{CardInput, Fact, WorkLine};
use super::switches::{Marking, Switches};
use super::{Card, options_used};
use crate::limits::{CODE_CHARS_MAX, DENOMINATOR_MAX, LINES_PER_CARD_MAX, NOTE_CHARS_MAX, QUANTITY_MAX};
use crate::num::Exact;
use crate::pack::{FactKind, FactRule, Pack};

pub(super) fn accept<'a>(pack: &'a Pack, input: &'a CardInput) -> Result<Card<'a>, Vec<InputError>> {
    let mut errors = Vec::new();
    check_options(pack, &input.options, &mut errors);
    let Some(role) = pack.role(&input.subject.role) else {
        let roles = pack.roles.iter().map(|role| role.id.clone()).collect();
        errors.push(InputError::new(ErrorCode::Unknown, "subject.role", &input.subject.role, Allowed::OneOf(roles)));
        return Err(errors);
    };
    let options = options_used(pack, &input.options);
    let card = Card { pack, input, role: &role.id, switches: Switches::chosen(&options), options };
    check_criteria(&card, &mut errors);
    check_work(&card, &mut errors);
    check_leadership(&card, &mut errors);
    check_events(&card, &mut errors);
    check_facts(&card, &mut errors);
    if errors.is_empty() { Ok(card) } else { Err(errors) }
}

pub(super) fn check_options(pack: &Pack, given: &Map<String, String>, errors: &mut Vec<InputError>) {
    for (id, value) in given {
        let field = format!("options.{id}");
        let Some(option) = pack.option(id) else {
            let known = pack.options.iter().map(|option| option.id.clone()).collect();
            errors.push(InputError::new(ErrorCode::Unknown, field, id, one_of(known)));
            continue;
        };
        if !option.values.iter().any(|allowed| allowed.id == *value) {
            let values = option.values.iter().map(|allowed| allowed.id.clone()).collect();
            errors.push(InputError::new(ErrorCode::NotAllowed, field, value, one_of(values)));
        }
    }
}

fn check_criteria(card: &Card<'_>, errors: &mut Vec<InputError>) {
    let marks = &card.input.criteria;
    for criterion in card.pack.criteria_for(card.role) {
        let field = || format!("criteria.{}", criterion.code);
        let binary = card.switches.marking == Marking::Binary;
        let allowed = || match binary {
            true => Allowed::OneOf(vec!["0".to_owned(), decimal(&criterion.max)]),
            false => Allowed::Range("0".to_owned(), decimal(&criterion.max)),
        };
        match marks.get(&criterion.code) {
            None => errors.push(InputError::missing(field(), allowed())),
            Some(mark) if mark.is_negative() || *mark > criterion.max => {
                errors.push(InputError::new(ErrorCode::OutOfRange, field(), decimal(mark), allowed()));
            }
            Some(mark) if binary && !mark.is_zero() && *mark != criterion.max => {
                errors.push(InputError::new(ErrorCode::NotAllowed, field(), decimal(mark), allowed()));
            }
            Some(mark) => check_fineness(mark, field, errors),
        }
    }
    for code in marks.keys() {
        if !card.pack.criteria_for(card.role).any(|criterion| criterion.code == *code) {
            let known = card.pack.criteria_for(card.role).map(|criterion| criterion.code.clone()).collect();
            errors.push(InputError::new(ErrorCode::Unknown, format!("criteria.{code}"), code, one_of(known)));
        }
    }
}

fn check_work(card: &Card<'_>, errors: &mut Vec<InputError>) {
    let lines = &card.input.work;
    if !lines.is_empty() && !card.pack.counts_work(card.role) {
        let found = format!("{} lines", lines.len());
        errors.push(InputError::new(ErrorCode::Unknown, "work", found, Allowed::Nothing));
        return;
    }
    if lines.len() > LINES_PER_CARD_MAX {
        errors.push(InputError::new(ErrorCode::TooMany, "work", lines.len(), Allowed::AtMost(LINES_PER_CARD_MAX)));
        return;
    }
    for (index, line) in lines.iter().enumerate() {
        check_line(line, &format!("work[{index}]"), errors);
    }
}

fn check_line(line: &WorkLine, path: &str, errors: &mut Vec<InputError>) {
    let largest = Exact::from_int(QUANTITY_MAX);
    check_text(&line.code, format!("{path}.code"), CODE_CHARS_MAX, errors);
    if line.coefficient <= Exact::zero() || line.coefficient > largest {
        let allowed = Allowed::PositiveUpTo(decimal(&largest));
        let found = decimal(&line.coefficient);
        errors.push(InputError::new(ErrorCode::OutOfRange, format!("{path}.coefficient"), found, allowed));
    }
    check_fineness(&line.coefficient, || format!("{path}.coefficient"), errors);
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
        check_range(quantity, highest, || format!("{path}.{name}"), errors);
    }
    let counts =
        [("failed_reviews", line.failed_reviews), ("late_times", line.late_times), ("late_days", line.late_days)];
    for (name, count) in counts {
        check_range(&Exact::from(count), &largest, || format!("{path}.{name}"), errors);
    }
}

fn check_leadership(card: &Card<'_>, errors: &mut Vec<InputError>) {
    for (id, value) in &card.input.leadership {
        let field = format!("leadership.{id}");
        let Some(statement) = card.pack.statements_for(card.role).find(|statement| statement.id == *id) else {
            let known = card.pack.statements_for(card.role).map(|statement| statement.id.clone()).collect();
            errors.push(InputError::new(ErrorCode::Unknown, field, id, one_of(known)));
            continue;
        };
        if !statement.values.iter().any(|allowed| allowed.value == *value) {
            let values = statement.values.iter().map(|allowed| decimal(&allowed.value)).collect();
            errors.push(InputError::new(ErrorCode::NotAllowed, field, decimal(value), one_of(values)));
        }
    }
}

fn check_events(card: &Card<'_>, errors: &mut Vec<InputError>) {
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
        // The same event in two places would count twice, or once, by how it was written down.
        if events.iter().take(index).any(|earlier| earlier.code == event.code) {
            errors.push(InputError::new(ErrorCode::Doubled, field("code"), &event.code, Allowed::Once));
        }
    }
}

pub(super) fn check_facts(card: &Card<'_>, errors: &mut Vec<InputError>) {
    for (id, fact) in &card.input.facts {
        let field = format!("facts.{id}");
        match card.pack.facts_for(card.role).find(|rule| rule.id == *id) {
            Some(rule) => check_fact(rule, fact, field, errors),
            None => {
                let known = card.pack.facts_for(card.role).map(|rule| rule.id.clone()).collect();
                errors.push(InputError::new(ErrorCode::Unknown, field, id, one_of(known)));
            }
        }
    }
    for rule in &card.pack.eligibility {
        if let (Some(Fact::Quantity(days)), Some(Fact::Quantity(of_days))) =
            (card.input.facts.get(&rule.days), card.input.facts.get(&rule.of_days))
        {
            check_range(days, of_days, || format!("facts.{}", rule.days), errors);
        }
    }
}

fn check_fact(rule: &FactRule, fact: &Fact, field: String, errors: &mut Vec<InputError>) {
    match (rule.kind, fact) {
        (FactKind::Flag, Fact::Flag(_)) => {}
        (FactKind::Share, Fact::Quantity(share)) => check_range(share, &Exact::one(), || field, errors),
        (FactKind::Days, Fact::Quantity(days)) => check_range(days, &Exact::from_int(366), || field, errors),
        (kind, _) => errors.push(InputError::new(ErrorCode::NotAllowed, field, fact, fact_allowed(kind))),
    }
}

/// What a fact of a kind may be.
pub(super) fn fact_allowed(kind: FactKind) -> Allowed {
    match kind {
        FactKind::Flag => Allowed::OneOf(vec!["true".to_owned(), "false".to_owned()]),
        FactKind::Share => Allowed::Range("0".to_owned(), "1".to_owned()),
        FactKind::Days => Allowed::Range("0".to_owned(), "366".to_owned()),
    }
}

fn check_range(value: &Exact, highest: &Exact, field: impl FnOnce() -> String, errors: &mut Vec<InputError>) {
    if value.is_negative() || value > highest {
        let allowed = Allowed::Range("0".to_owned(), decimal(highest));
        errors.push(InputError::new(ErrorCode::OutOfRange, field(), decimal(value), allowed));
    } else {
        check_fineness(value, field, errors);
    }
}

fn check_fineness(value: &Exact, field: impl FnOnce() -> String, errors: &mut Vec<InputError>) {
    if value.as_small().is_none_or(|(_, denominator)| denominator > DENOMINATOR_MAX) {
        let allowed = Allowed::Denominator(DENOMINATOR_MAX);
        errors.push(InputError::new(ErrorCode::OutOfRange, field(), value, allowed));
    }
}

fn check_text(text: &str, field: String, chars_max: usize, errors: &mut Vec<InputError>) {
    let found = text.chars().count();
    if found > chars_max {
        let found = format!("{found} characters");
        errors.push(InputError::new(ErrorCode::TooMany, field, found, Allowed::AtMost(chars_max)));
    }
}

fn one_of(values: Vec<String>) -> Allowed {
    if values.is_empty() { Allowed::Nothing } else { Allowed::OneOf(values) }
}

/// A number as people write it, where decimals can say it exactly.
fn decimal(value: &Exact) -> String {
    let text = value.to_decimal(6);
    if Exact::parse(&text).as_ref() == Ok(value) { text } else { value.to_string() }
}
