//! The arithmetic of a pack in words and signs, as its text states it. No signals here.

use shared::num::Exact;
use shared::pack::{Component, FactKind, Gate, Measure, Pack, Rule, Span, Term};

use crate::i18n::{clause_words, language, mark, percent, t};

/// The formula of a component.
pub(super) fn formula(pack: &Pack, component: &Component) -> String {
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
        Rule::Products { axis, max } => {
            let axes = pack.products.iter().flat_map(|rule| &rule.axes);
            let named = axis.as_ref().and_then(|id| axes.clone().find(|axis| axis.id == *id));
            let sum = named.map_or_else(
                || t::rules::products_sum().to_owned(),
                |axis| t::rules::products_of_axis(axis.title.get(language())),
            );
            at_most(sum, max)
        }
        Rule::Stated { .. } => t::rules::stated().to_owned(),
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

/// A gate, with the readings under which it counts.
pub(super) fn gate(pack: &Pack, gate: &Gate) -> String {
    let number = |value: &Exact| gate.fact.as_ref().map_or_else(|| mark(value), |fact| of_fact(pack, fact, value));
    let bound = |sign: &str, bound: &Option<Exact>| bound.as_ref().map(|bound| format!("{sign} {}", number(bound)));
    let flag = gate.is.map(|wanted| if wanted { t::rules::yes() } else { t::rules::no() }.to_owned());
    let bounds = [bound("≥", &gate.at_least), bound("≤", &gate.at_most), bound(">", &gate.above), flag];
    let bounds: Vec<String> = bounds.into_iter().flatten().collect();
    let title = gate.title.get(language());
    let flags: Vec<String> = gate.unless.iter().map(|flag| fact(pack, flag)).collect();
    let unless =
        if flags.is_empty() { String::new() } else { format!("; {}", t::rules::gate_unless(&flags.join("; "))) };
    format!(
        "{title} ({}{unless}) – {}{} {}",
        bounds.join(", "),
        clause_words(pack, &gate.clause),
        when(pack, &gate.when),
        roles(pack, &gate.roles)
    )
}

/// A number that a fact is compared with: shares as percent, all others unchanged.
pub(super) fn of_fact(pack: &Pack, fact: &str, value: &Exact) -> String {
    match fact_kind(pack, fact) {
        Some(FactKind::Share) => percent(value),
        _ => mark(value),
    }
}

fn fact_kind(pack: &Pack, id: &str) -> Option<FactKind> {
    pack.facts.iter().find(|fact| fact.id == id).map(|fact| fact.kind)
}

/// A fact in words.
pub(super) fn fact(pack: &Pack, id: &str) -> String {
    let known = pack.facts.iter().find(|fact| fact.id == id);
    known.map_or(id, |fact| fact.title.get(language())).to_owned()
}

/// A class in words.
pub(super) fn class(pack: &Pack, code: &str) -> String {
    pack.class(code).map_or(code, |class| class.title.get(language())).to_owned()
}

/// "khi “Nghỉ phép” là “tính đủ”", or nothing.
pub(super) fn when(pack: &Pack, when: &shared::sorted_map::Map<String, String>) -> String {
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

/// The roles that something applies to; empty when it applies to all.
pub(super) fn roles(pack: &Pack, roles: &[String]) -> String {
    let name = |id: &String| pack.role(id).map_or_else(|| id.clone(), |role| role.title.get(language()).to_owned());
    if roles.is_empty() {
        String::new()
    } else {
        t::rules::only_for(&roles.iter().map(name).collect::<Vec<_>>().join(", "))
    }
}
