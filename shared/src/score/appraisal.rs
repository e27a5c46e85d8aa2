//! Compares the self-score with the appraisal. Where they differ too much, somebody must explain why.

use super::outcome::Step;
use super::{Allowed, Judged, TOTAL, explain};
use crate::input_error::InputError;
use crate::sorted_map::Map;

/// The comparison of both outcomes.
struct Compared {
    step: Step,
    /// Whether the difference needs an explanation and there is none.
    is_unexplained: bool,
}

/// The refusal of an appraisal that needs an explanation and has none.
pub(super) fn unexplained(judged: &Judged<'_>) -> Option<InputError> {
    let compared = compared(judged).filter(|compared| compared.is_unexplained);
    compared.map(|_| InputError::missing("self.explanation", Allowed::Text))
}

/// The step that compares both outcomes.
pub(super) fn step(judged: &Judged<'_>) -> Option<Step> {
    Some(compared(judged)?.step)
}

/// The comparison; none while there is no total to compare.
fn compared(judged: &Judged<'_>) -> Option<Compared> {
    let card = &judged.card;
    let (rule, own) = (card.pack.appraisal_gap.as_ref()?, card.input.self_score.as_ref()?);
    let (total, decision) = (judged.total()?, judged.decision.as_ref()?);
    let gap = if *total > own.total { total - &own.total } else { &own.total - total };
    // Nobody has decided on a class yet, or there is none.
    let is_classified = !decision.open && decision.ineligible.is_none();
    let class = decision.class.filter(|_| is_classified).and_then(|place| judged.plan.classes.get(place));
    let class = class.map(|class| &class.class.code);
    let is_other = rule.class && class.is_some() && class != own.class.as_ref();
    let is_wide = gap >= rule.points || is_other;
    let explanation = own.explanation.trim();
    let words = [
        ("self.class", own.class.as_deref()),
        ("class", class.map(String::as_str)),
        ("explanation", Some(explanation).filter(|words| !words.is_empty())),
    ];
    let mut inputs = Map::from([
        (TOTAL.to_owned(), total.to_string()),
        ("self.total".to_owned(), own.total.to_string()),
        ("points".to_owned(), rule.points.to_string()),
    ]);
    inputs.extend(words.into_iter().filter_map(|(key, word)| Some((key.to_owned(), word?.to_owned()))));
    let step = explain::step("appraisal_gap", "|total − self.total|".to_owned(), inputs, &gap, &rule.clause);
    Some(Compared { step, is_unexplained: is_wide && explanation.is_empty() })
}
