//! Checks an input. Everything that the pack does not allow is reported before anything is computed.

mod appraisal;
mod events;
mod products;
mod refusals;
mod work;

use std::borrow::Cow;

use crate::sorted_map::Map;

use super::input::{CardInput, Fact};
use super::sheet::from_subordinates;
use super::{Card, Form, options_used};
use crate::input_error::{Allowed, ErrorCode, InputError};
use crate::limits::NOTE_CHARS_MAX;
use crate::num::Exact;
use crate::pack::{Criterion, FactKind, FactRule, Pack};
use crate::pack::{NotApplicable, ReasonBelowMax, Switches};
pub(super) use refusals::{Refusals, decimal, one_of, range};
use work::check_named;

pub(super) fn accept<'a>(pack: &'a Pack, input: &'a CardInput) -> Result<Card<'a>, Vec<InputError>> {
    let mut refusals = Refusals::default();
    check_options(pack, &input.options, &mut refusals);
    let role = match role(pack, &input.subject.role) {
        Ok(role) => role,
        Err(unknown) => {
            refusals.extend(unknown);
            return Err(refusals.done().err().unwrap_or_default());
        }
    };
    let options = Cow::Owned(options_used(pack, &input.options));
    check(Card { pack, input, role, switches: Switches::chosen(&options), options }, refusals)
}

/// Checks a card whose role and readings are those of the pack.
pub(super) fn check<'a>(card: Card<'a>, mut refusals: Refusals) -> Result<Card<'a>, Vec<InputError>> {
    check_criteria(&card, &mut refusals);
    check_reasons(&card, &mut refusals);
    work::check_lines(&card, &mut refusals);
    products::check(&card, &mut refusals);
    check_leadership(&card, &mut refusals);
    check_subordinates(&card, &mut refusals);
    events::check_events(&card, &mut refusals);
    check_facts(&card, &mut refusals);
    events::check_once(&card, &mut refusals);
    appraisal::check(&card, &mut refusals);
    refusals.done().map(|()| card)
}

/// Finds a role of the pack.
pub(super) fn role<'a>(pack: &'a Pack, id: &str) -> Result<&'a str, Vec<InputError>> {
    let known = || pack.roles.iter().map(|role| role.id.clone()).collect();
    let unknown = || vec![InputError::new(ErrorCode::Unknown, "subject.role", id, Allowed::OneOf(known()))];
    pack.role(id).map(|role| role.id.as_str()).ok_or_else(unknown)
}

pub(super) fn check_options(pack: &Pack, given: &Map<String, String>, refusals: &mut Refusals) {
    for (id, value) in given {
        let field = format_args!("options.{id}");
        let Some(option) = pack.option(id) else {
            refusals.unknown(field, id, pack.options.iter().map(|option| option.id.clone()).collect());
            continue;
        };
        if !option.values.iter().any(|allowed| allowed.id == *value) {
            let values = option.values.iter().map(|allowed| allowed.id.clone()).collect();
            refusals.add(ErrorCode::NotAllowed, field, value, one_of(values));
        }
    }
}

fn check_criteria(card: &Card<'_>, refusals: &mut Refusals) {
    let (marks, without) = (&card.input.criteria, &card.input.not_applicable);
    for criterion in card.pack.criteria_for(card.role) {
        let field = format_args!("criteria.{}", criterion.code);
        match marks.get(&criterion.code) {
            None if without.contains(&criterion.code) => {}
            None => refusals.missing(field, marks_allowed(card, criterion)),
            Some(mark) if !criterion.admits(mark) => {
                refusals.out_of_range(field, mark, marks_allowed(card, criterion));
            }
            Some(mark) if is_binary(card, criterion) && !mark.is_zero() && *mark != criterion.max => {
                refusals.add(ErrorCode::NotAllowed, field, &decimal(mark), marks_allowed(card, criterion));
            }
            Some(mark) => refusals.fineness(mark, field),
        }
    }
    for code in marks.keys().filter(|code| !is_known(card, code)) {
        refusals.unknown(format_args!("criteria.{code}"), code, codes(card));
    }
    let allowed = card.switches.not_applicable != NotApplicable::Refuse;
    for code in without {
        if !allowed || !is_known(card, code) {
            let may = if allowed { codes(card) } else { Vec::new() };
            refusals.add(ErrorCode::NotAllowed, format_args!("not_applicable"), code, one_of(may));
        } else if marks.contains_key(code) {
            refusals.twice(format_args!("criteria.{code}"), code);
        }
    }
}

fn is_known(card: &Card<'_>, code: &str) -> bool {
    card.pack.criteria_for(card.role).any(|criterion| criterion.code == *code)
}

#[inline(never)]
fn codes(card: &Card<'_>) -> Vec<String> {
    card.pack.criteria_for(card.role).map(|criterion| criterion.code.clone()).collect()
}

fn is_binary(card: &Card<'_>, criterion: &Criterion) -> bool {
    Form { pack: card.pack, role: card.role, switches: card.switches }.is_binary(criterion)
}

#[inline(never)]
fn marks_allowed(card: &Card<'_>, criterion: &Criterion) -> Allowed {
    if is_binary(card, criterion) {
        return Allowed::OneOf(vec!["0".to_owned(), decimal(&criterion.max)]);
    }
    range(&Exact::zero(), &criterion.max)
}

fn check_reasons(card: &Card<'_>, refusals: &mut Refusals) {
    for (code, reason) in &card.input.reasons {
        let field = format_args!("reasons.{code}");
        if !is_known(card, code) {
            refusals.unknown(field, code, codes(card));
        }
        refusals.text(reason, NOTE_CHARS_MAX, field);
    }
    if card.switches.reason_below_max == ReasonBelowMax::Off {
        return;
    }
    for criterion in card.pack.criteria_for(card.role) {
        let below = card.input.criteria.get(&criterion.code).is_some_and(|mark| *mark < criterion.max);
        let reasoned = card.input.reasons.get(&criterion.code).is_some_and(|reason| !reason.trim().is_empty());
        if below && !reasoned {
            refusals.missing(format_args!("reasons.{}", criterion.code), Allowed::Text);
        }
    }
}

fn check_leadership(card: &Card<'_>, refusals: &mut Refusals) {
    for (id, value) in &card.input.leadership {
        let field = format_args!("leadership.{id}");
        let Some(statement) = card.pack.statements_for(card.role).find(|statement| statement.id == *id) else {
            let known = card.pack.statements_for(card.role).map(|statement| statement.id.clone());
            refusals.unknown(field, id, known.collect());
            continue;
        };
        if !statement.values.iter().any(|allowed| allowed.value == *value) {
            let values = statement.values.iter().map(|allowed| decimal(&allowed.value)).collect();
            refusals.add(ErrorCode::NotAllowed, field, &decimal(value), one_of(values));
        } else if let Some(follows) = from_subordinates(card, statement).filter(|follows| follows != value) {
            // Nobody may state otherwise what follows from the results of others.
            let allowed = Allowed::OneOf(vec![decimal(&follows)]);
            refusals.add(ErrorCode::NotAllowed, field, &decimal(value), allowed);
        }
    }
}

fn check_subordinates(card: &Card<'_>, refusals: &mut Refusals) {
    let led = &card.input.subordinates;
    let counts = card.pack.statements_for(card.role).any(|statement| statement.subordinates_min.is_some());
    if !led.is_empty() && !counts {
        refusals.add(ErrorCode::Unknown, format_args!("subordinates"), &led.len(), Allowed::Nothing);
        return;
    }
    let mut seen = crate::sorted_map::Set::new();
    for (index, one) in led.iter().enumerate() {
        if let Some(total) = &one.total {
            refusals.up_to(total, &card.pack.scale_max, format_args!("subordinates[{index}].total"));
        }
        if !seen.insert(&one.id) {
            refusals.twice(format_args!("subordinates[{index}].id"), &one.id);
        }
    }
}

pub(super) fn check_facts(card: &Card<'_>, refusals: &mut Refusals) {
    for (id, fact) in &card.input.facts {
        let field = format_args!("facts.{id}");
        match card.pack.facts_for(card.role).find(|rule| rule.id == *id) {
            Some(rule) => check_fact(card.pack, rule, fact, field, refusals),
            None => refusals.unknown(field, id, card.pack.facts_for(card.role).map(|rule| rule.id.clone()).collect()),
        }
    }
    for rule in &card.pack.eligibility {
        let stated = |id: &String| match card.input.facts.get(id) {
            Some(Fact::Quantity(value)) => Some(value),
            _ => None,
        };
        if let (Some(part), Some(whole)) = (stated(&rule.fact), rule.of.as_ref().and_then(stated)) {
            refusals.up_to(part, whole, format_args!("facts.{}", rule.fact));
        }
    }
}

pub(super) fn check_fact(
    pack: &Pack,
    rule: &FactRule,
    fact: &Fact,
    field: std::fmt::Arguments<'_>,
    refusals: &mut Refusals,
) {
    match (rule.kind, fact, rule.kind.highest()) {
        (FactKind::Flag, Fact::Flag(_), _) => {}
        (FactKind::Class, Fact::Class(code), _) if pack.class(code).is_some() => {}
        (FactKind::Count, Fact::Quantity(count), _) if !count.is_integer() => {
            refusals.add(ErrorCode::Malformed, field, &decimal(count), Allowed::Count);
        }
        (_, Fact::Quantity(value), Some(highest)) => refusals.up_to(value, &highest, field),
        // The text "true" looks like the word. Its quotation marks distinguish it.
        (kind, Fact::Class(text), _) if kind != FactKind::Class => {
            refusals.text_for(text, field, fact_allowed(pack, kind))
        }
        (kind, ..) => refusals.add(ErrorCode::NotAllowed, field, fact, fact_allowed(pack, kind)),
    }
}

/// The values that a fact of a kind may have.
pub(super) fn fact_allowed(pack: &Pack, kind: FactKind) -> Allowed {
    match (kind, kind.highest()) {
        (FactKind::Count, _) => Allowed::Count,
        (_, Some(highest)) => range(&Exact::zero(), &highest),
        (FactKind::Class, None) => Allowed::OneOf(pack.classes.iter().map(|class| class.code.clone()).collect()),
        (_, None) => Allowed::Flag,
    }
}
