//! The arithmetic of a pack in words and signs, as it stands in its text. No signals here.

use shared::num::Exact;
use shared::pack::{Component, Gate, Measure, Pack, Rule, Span, Term};

use crate::i18n::{language, mark, percent, t};

/// How a component comes about.
pub(super) fn formula(component: &Component) -> String {
    match &component.rule {
        Rule::Marks { groups } => t::rules::sum_of_marks(&groups.join(" + ")),
        Rule::Share { criterion } => t::rules::share_of(criterion),
        Rule::Work(Measure::Quantity) => "Σ k·h / Σ k·g".to_owned(),
        Rule::Work(Measure::Quality) => t::rules::quality_of("Σ k·h"),
        Rule::Work(_) => t::rules::progress_of("Σ k·h"),
        Rule::Mean { of, max } => at_most(format!("({}) / {}", of.join(" + "), of.len()), max),
        Rule::Sum { terms, max } => at_most(weighted(terms), max),
        Rule::Events { of, min, max } => {
            let bound = |bound: &Option<Exact>| bound.as_ref().map_or_else(|| "–".to_owned(), mark);
            t::rules::events_of(of.len(), &bound(min), &bound(max))
        }
        // Whatever else a text may say is told by its clause.
        _ => t::rules::stated().to_owned(),
    }
}

fn at_most(formula: String, max: &Exact) -> String {
    if max.is_zero() { formula } else { t::rules::at_most(&formula, &mark(max)) }
}

fn weighted(terms: &[Term]) -> String {
    let one = |term: &Term| match &term.weight {
        weight if *weight == Exact::one() => term.component.clone(),
        weight => format!("{}·{}", mark(weight), term.component),
    };
    terms.iter().map(one).collect::<Vec<_>>().join(" + ")
}

/// A condition besides points, with the readings under which it counts.
pub(super) fn gate(pack: &Pack, gate: &Gate) -> String {
    let bounds = [
        gate.at_least.as_ref().map(|low| format!("≥ {}", percent(low))),
        gate.at_most.as_ref().map(|high| format!("≤ {}", percent(high))),
    ];
    let bounds: Vec<String> = bounds.into_iter().flatten().collect();
    format!("{} ({}) – {}{}", gate.title.get(language()), bounds.join(", "), gate.clause, when(pack, &gate.when))
}

/// "khi “Nghỉ phép” là “tính đủ”", or nothing.
pub(super) fn when(pack: &Pack, when: &shared::order::Map<String, String>) -> String {
    let one = |(id, value): (&String, &String)| {
        let option = pack.option(id)?;
        let words = option.values.iter().find(|known| known.id == *value)?;
        Some(t::rules::only_when(option.title.get(language()), words.title.get(language())))
    };
    when.iter().filter_map(one).map(|words| format!("; {words}")).collect()
}

/// The length of a period.
pub(super) fn span(span: Span) -> &'static str {
    match span {
        Span::Month => t::rules::month(),
        Span::Quarter => t::rules::quarter(),
        Span::HalfYear => t::rules::half_year(),
        Span::Year => t::rules::year(),
    }
}

/// The roles something concerns, where it does not concern all.
pub(super) fn roles(pack: &Pack, roles: &[String]) -> String {
    let name = |id: &String| pack.role(id).map_or_else(|| id.clone(), |role| role.title.get(language()).to_owned());
    if roles.is_empty() {
        String::new()
    } else {
        t::rules::only_for(&roles.iter().map(name).collect::<Vec<_>>().join(", "))
    }
}
