//! Accepting an input: everything the pack does not allow is named before anything is computed.

mod events;
mod work;

use crate::order::Map;

use super::error::{Allowed, ErrorCode, InputError};
use super::input::{CardInput, Fact};
use super::sheet::from_subordinates;
use super::switches::{Marking, NotApplicable, ReasonBelowMax, Switches};
use super::{Card, options_used};
use crate::limits::{DENOMINATOR_MAX, NOTE_CHARS_MAX};
use crate::num::Exact;
use crate::pack::{Criterion, FactKind, FactRule, MarkingRule, Pack, Rule};

pub(super) fn accept<'a>(pack: &'a Pack, input: &'a CardInput) -> Result<Card<'a>, Vec<InputError>> {
    let mut errors = Vec::new();
    check_options(pack, &input.options, &mut errors);
    let role = match role(pack, &input.subject.role) {
        Ok(role) => role,
        Err(unknown) => {
            errors.extend(unknown);
            return Err(errors);
        }
    };
    let options = options_used(pack, &input.options);
    let card = Card { pack, input, role, switches: Switches::chosen(&options), options };
    check_criteria(&card, &mut errors);
    check_reasons(&card, &mut errors);
    work::check_lines(&card, &mut errors);
    work::check_products(&card, &mut errors);
    check_leadership(&card, &mut errors);
    check_subordinates(&card, &mut errors);
    events::check_events(&card, &mut errors);
    check_facts(&card, &mut errors);
    events::check_once(&card, &mut errors);
    if errors.is_empty() { Ok(card) } else { Err(errors) }
}

/// A role of the pack.
pub(super) fn role<'a>(pack: &'a Pack, id: &str) -> Result<&'a str, Vec<InputError>> {
    let known = || pack.roles.iter().map(|role| role.id.clone()).collect();
    let unknown = || vec![InputError::new(ErrorCode::Unknown, "subject.role", id, Allowed::OneOf(known()))];
    pack.role(id).map(|role| role.id.as_str()).ok_or_else(unknown)
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
    let (marks, without) = (&card.input.criteria, &card.input.not_applicable);
    for criterion in card.pack.criteria_for(card.role) {
        let field = || format!("criteria.{}", criterion.code);
        match marks.get(&criterion.code) {
            None if without.contains(&criterion.code) => {}
            None => errors.push(InputError::missing(field(), marks_allowed(card, criterion))),
            Some(mark) if mark.is_negative() || *mark > criterion.max => {
                let allowed = marks_allowed(card, criterion);
                errors.push(InputError::new(ErrorCode::OutOfRange, field(), decimal(mark), allowed));
            }
            Some(mark) if is_binary(card, criterion) && !mark.is_zero() && *mark != criterion.max => {
                let allowed = marks_allowed(card, criterion);
                errors.push(InputError::new(ErrorCode::NotAllowed, field(), decimal(mark), allowed));
            }
            Some(mark) => check_fineness(mark, field, errors),
        }
    }
    for code in marks.keys() {
        if !card.pack.criteria_for(card.role).any(|criterion| criterion.code == *code) {
            errors.push(InputError::new(ErrorCode::Unknown, format!("criteria.{code}"), code, one_of(codes(card))));
        }
    }
    let allowed = card.switches.not_applicable != NotApplicable::Refuse;
    for code in without {
        let may = if allowed { codes(card) } else { Vec::new() };
        if !may.contains(code) {
            errors.push(InputError::new(ErrorCode::NotAllowed, "not_applicable", code, one_of(may)));
        } else if marks.contains_key(code) {
            errors.push(InputError::new(ErrorCode::Doubled, format!("criteria.{code}"), code, Allowed::Once));
        }
    }
}

fn codes(card: &Card<'_>) -> Vec<String> {
    card.pack.criteria_for(card.role).map(|criterion| criterion.code.clone()).collect()
}

/// The criterion's own way of marking comes before the reading chosen for the form.
fn is_binary(card: &Card<'_>, criterion: &Criterion) -> bool {
    match criterion.marking {
        Some(marking) => marking == MarkingRule::Binary,
        // Shares of a task result are no marks of the form.
        None => card.switches.marking == Marking::Binary && !is_share(card, criterion),
    }
}

fn is_share(card: &Card<'_>, criterion: &Criterion) -> bool {
    let mut read = card.pack.components_for(card.role);
    read.any(|component| matches!(&component.rule, Rule::Share { criterion: code } if *code == criterion.code))
}

fn marks_allowed(card: &Card<'_>, criterion: &Criterion) -> Allowed {
    if is_binary(card, criterion) {
        return Allowed::OneOf(vec!["0".to_owned(), decimal(&criterion.max)]);
    }
    Allowed::Range("0".to_owned(), decimal(&criterion.max))
}

fn check_reasons(card: &Card<'_>, errors: &mut Vec<InputError>) {
    for (code, reason) in &card.input.reasons {
        let field = format!("reasons.{code}");
        if !card.pack.criteria_for(card.role).any(|criterion| criterion.code == *code) {
            errors.push(InputError::new(ErrorCode::Unknown, field.clone(), code, one_of(codes(card))));
        }
        check_text(reason, field, NOTE_CHARS_MAX, errors);
    }
    if card.switches.reason_below_max == ReasonBelowMax::Off {
        return;
    }
    for criterion in card.pack.criteria_for(card.role) {
        let below = card.input.criteria.get(&criterion.code).is_some_and(|mark| *mark < criterion.max);
        let reasoned = card.input.reasons.get(&criterion.code).is_some_and(|reason| !reason.trim().is_empty());
        if below && !reasoned {
            errors.push(InputError::missing(format!("reasons.{}", criterion.code), Allowed::Value));
        }
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
        } else if let Some(follows) = from_subordinates(card, statement).filter(|follows| follows != value) {
            // What follows from the results of others is nobody's to state otherwise.
            let allowed = Allowed::OneOf(vec![decimal(&follows)]);
            errors.push(InputError::new(ErrorCode::NotAllowed, field, decimal(value), allowed));
        }
    }
}

fn check_subordinates(card: &Card<'_>, errors: &mut Vec<InputError>) {
    let led = &card.input.subordinates;
    let counts = card.pack.statements_for(card.role).any(|statement| statement.subordinates_min.is_some());
    if !led.is_empty() && !counts {
        let found = format!("{} people", led.len());
        errors.push(InputError::new(ErrorCode::Unknown, "subordinates", found, Allowed::Nothing));
        return;
    }
    let mut seen = crate::order::Set::new();
    for (index, one) in led.iter().enumerate() {
        if let Some(total) = &one.total {
            check_range(total, &card.pack.scale_max, || format!("subordinates[{index}].total"), errors);
        }
        if !seen.insert(&one.id) {
            errors.push(InputError::new(
                ErrorCode::Doubled,
                format!("subordinates[{index}].id"),
                &one.id,
                Allowed::Once,
            ));
        }
    }
}

pub(super) fn check_facts(card: &Card<'_>, errors: &mut Vec<InputError>) {
    for (id, fact) in &card.input.facts {
        let field = format!("facts.{id}");
        match card.pack.facts_for(card.role).find(|rule| rule.id == *id) {
            Some(rule) => check_fact(card.pack, rule, fact, field, errors),
            None => {
                let known = card.pack.facts_for(card.role).map(|rule| rule.id.clone()).collect();
                errors.push(InputError::new(ErrorCode::Unknown, field, id, one_of(known)));
            }
        }
    }
    for rule in &card.pack.eligibility {
        let stated = |id: &String| match card.input.facts.get(id) {
            Some(Fact::Quantity(value)) => Some(value),
            _ => None,
        };
        if let (Some(part), Some(whole)) = (stated(&rule.fact), rule.of.as_ref().and_then(stated)) {
            check_range(part, whole, || format!("facts.{}", rule.fact), errors);
        }
    }
}

fn check_fact(pack: &Pack, rule: &FactRule, fact: &Fact, field: String, errors: &mut Vec<InputError>) {
    match (rule.kind, fact, rule.kind.highest()) {
        (FactKind::Flag, Fact::Flag(_), _) => {}
        (FactKind::Class, Fact::Class(code), _) if pack.class(code).is_some() => {}
        (FactKind::Count, Fact::Quantity(count), _) if !count.is_integer() => {
            errors.push(InputError::new(ErrorCode::Malformed, field, decimal(count), Allowed::Count));
        }
        (_, Fact::Quantity(value), Some(highest)) => check_range(value, &highest, || field, errors),
        (kind, ..) => errors.push(InputError::new(ErrorCode::NotAllowed, field, fact, fact_allowed(pack, kind))),
    }
}

/// What a fact of a kind may be.
pub(super) fn fact_allowed(pack: &Pack, kind: FactKind) -> Allowed {
    match (kind, kind.highest()) {
        (FactKind::Count, _) => Allowed::Count,
        (_, Some(highest)) => Allowed::Range("0".to_owned(), decimal(&highest)),
        (FactKind::Class, None) => Allowed::OneOf(pack.classes.iter().map(|class| class.code.clone()).collect()),
        (_, None) => Allowed::OneOf(vec!["true".to_owned(), "false".to_owned()]),
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
