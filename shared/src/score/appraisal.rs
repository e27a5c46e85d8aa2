//! The self-score beside the appraisal: where they are far apart, somebody has to say why.

use super::check::{Refusals, decimal};
use super::error::InputError;
use super::input::SelfScore;
use super::outcome::Step;
use super::{Allowed, Card, Judged, TOTAL, explain};
use crate::limits::NOTE_CHARS_MAX;
use crate::num::Exact;
use crate::pack::{AppraisalGap, Language, Pack};
use crate::sorted_map::Map;

/// Both outcomes side by side.
struct Compared {
    step: Step,
    /// So far apart that an explanation is needed, and there is none.
    is_unexplained: bool,
}

/// Refuses a self-score that the pack compares with nothing, or that it cannot read.
pub(super) fn check(card: &Card<'_>, refusals: &mut Refusals) {
    let Some(own) = &card.input.self_score else { return };
    match &card.pack.appraisal_gap {
        Some(rule) => check_stated(card, rule, own, refusals),
        None => refusals.unknown(format_args!("self"), &decimal(&own.total), Vec::new()),
    }
}

/// The refusal of an appraisal that needs an explanation and has none.
pub(super) fn unexplained(judged: &Judged<'_>) -> Option<InputError> {
    let compared = compared(judged).filter(|compared| compared.is_unexplained);
    compared.map(|_| InputError::missing("self.explanation", Allowed::Text))
}

/// The step that sets both outcomes side by side.
pub(super) fn step(judged: &Judged<'_>) -> Option<Step> {
    Some(compared(judged)?.step)
}

fn check_stated(card: &Card<'_>, rule: &AppraisalGap, own: &SelfScore, refusals: &mut Refusals) {
    let highest = &card.pack.scale_max;
    // Only deductions bring a total below 0.
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

/// Nothing while there is no total to compare.
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

/// That step as a sentence: what each came to, how far they are apart, and what was said about it.
pub(super) fn sentence(pack: &Pack, step: &Step, language: Language) -> Option<String> {
    let vi = language == Language::Vi;
    let number = |text: &str| super::sentence::readable(text, language);
    let result = |total: &str, class: &str| {
        let class = step.inputs.get(class).map(|code| format!(" ({code})")).unwrap_or_default();
        Some(format!("{}{class}", number(step.inputs.get(total)?)))
    };
    let (own, appraised) = (result("self.total", "self.class")?, result(TOTAL, "class")?);
    let (gap, points) = (number(&step.value), number(step.inputs.get("points")?));
    let or_class = match (pack.appraisal_gap.as_ref()?.class, vi) {
        (true, true) => " hoặc khi khác mức",
        (true, false) => " or for another class",
        (false, _) => "",
    };
    let said = step.inputs.get("explanation").map(|words| match vi {
        true => format!("; giải trình: {words}"),
        false => format!("; explanation: {words}"),
    });
    let said = said.unwrap_or_default();
    Some(match vi {
        true => format!(
            "Tự chấm {own}, thẩm định {appraised}: chênh lệch {gap} điểm, phải giải trình từ {points} điểm{or_class}{said}"
        ),
        false => format!(
            "Self-score {own}, appraised {appraised}: {gap} points apart, explained from {points} points on{or_class}{said}"
        ),
    })
}
