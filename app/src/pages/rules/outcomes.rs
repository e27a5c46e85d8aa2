//! The consequences of a card in words: classes and their conditions, who is classified, quotas, longer periods,
//! steps.

use leptos::prelude::*;
use shared::num::Exact;
use shared::pack::{
    AppraisalGap, Class, ClassCap, Eligibility, KnockOut, Pack, Quota, RollUp, RollUpLimit, RollUpRule,
};

use super::row::{by, part, points, row, words};
use super::{formula, procedure};
use crate::i18n::{clause_words, language, mark, percent, t};

/// All parts about consequences.
pub(super) fn parts(pack: &Pack) -> AnyView {
    view! {
        {part("classes", t::rules::classes(), pack.classes.iter().map(|one| class(pack, one)).collect())}
        {part("knock-outs", t::rules::knock_outs(), pack.knock_outs.iter().map(|one| knock_out(pack, one)).collect())}
        {part("class-caps", t::rules::class_caps(), pack.class_caps.iter().map(|one| cap(pack, one)).collect())}
        {part("eligibility", t::rules::eligibility(), pack.eligibility.iter().map(|one| eligible(pack, one)).collect())}
        {part("quota", t::rules::quota(), pack.quota.iter().map(|rule| quota(pack, rule)).collect())}
        {part("appraisal-gap", t::rules::appraisal_gap(), pack.appraisal_gap.iter().map(|rule| appraisal_gap(pack, rule)).collect())}
        {part("roll-ups", t::rules::roll_ups(), pack.roll_ups.iter().map(|one| roll_up(pack, one)).collect())}
        {part("steps", t::rules::stages(), pack.steps.iter().map(|one| procedure::step(pack, one)).collect())}
    }.into_any()
}

fn class(pack: &Pack, one: &Class) -> AnyView {
    let lowest = pack.classes.last().is_some_and(|last| last.code == one.code);
    let from = match (one.min.is_zero(), lowest) {
        (true, true) if one.otherwise => t::rules::the_rest().to_owned(),
        (true, true) => t::rules::listed_only().to_owned(),
        _ => t::rules::from_points(&points(&one.min)),
    };
    let others = one.min_when.iter().map(|other| {
        let from = t::rules::from_points(&mark(&other.min));
        view! { <p>{format!("{from}{} – {}", formula::when(pack, &other.when), clause_words(pack, &other.clause))}</p> }
    });
    let others = others.collect_view();
    let gates = one.gates.iter().map(|gate| view! { <li>{formula::gate(pack, gate)}</li> }).collect_view();
    view! {
        <p class="strong">{format!("{} ({})", words(&one.title), one.code)}</p>
        <p>{from}</p>
        {others}
        {(!one.gates.is_empty()).then(|| view! { <p>{t::rules::gates()}</p><ul>{gates}</ul> })}
        {by(pack, &one.clause)}
    }
    .into_any()
}

/// The bounds of a fact, each after its sign.
fn bounds(pack: &Pack, fact: &str, bounds: [(&str, &Option<Exact>); 2]) -> String {
    let one = |(sign, bound): (&str, &Option<Exact>)| {
        Some(format!("{sign} {}", formula::of_fact(pack, fact, bound.as_ref()?)))
    };
    bounds.into_iter().filter_map(one).collect::<Vec<_>>().join(", ")
}

/// The readings under which something counts, and the roles it counts for.
fn limits(pack: &Pack, when: &shared::sorted_map::Map<String, String>, roles: &[String]) -> String {
    format!("{} {}", formula::when(pack, when).trim_start_matches("; "), formula::roles(pack, roles)).trim().to_owned()
}

fn knock_out(pack: &Pack, rule: &KnockOut) -> AnyView {
    let bounds = bounds(pack, &rule.fact, [("<", &rule.below), (">", &rule.above)]);
    let leads_to = t::rules::knocks_out(&formula::class(pack, &rule.class));
    let excuses: Vec<String> = rule.unless.iter().map(|flag| formula::fact(pack, flag)).collect();
    let unless = if excuses.is_empty() { String::new() } else { t::rules::unless(&excuses.join("; ")) };
    let how = format!("{leads_to} {unless} {}", limits(pack, &rule.when, &rule.roles));
    row(pack, format!("{} {bounds}", formula::fact(pack, &rule.fact)), how, &rule.clause)
}

fn cap(pack: &Pack, rule: &ClassCap) -> AnyView {
    let how = rule.class_max.as_ref().map_or_else(
        || t::rules::cap_by_class().to_owned(),
        |highest| t::rules::cap_by_flag(&formula::class(pack, highest)),
    );
    let how = format!("{}: {how} {}", formula::fact(pack, &rule.fact), limits(pack, &rule.when, &rule.roles));
    row(pack, words(&rule.title), how, &rule.clause)
}

fn eligible(pack: &Pack, rule: &Eligibility) -> AnyView {
    let share =
        |bound: &Exact| if rule.of.is_some() { percent(bound) } else { formula::of_fact(pack, &rule.fact, bound) };
    let bound = |sign: &str, bound: &Option<Exact>| bound.as_ref().map(|bound| format!("{sign} {}", share(bound)));
    let flag = rule.is.map(|wanted| if wanted { t::rules::yes() } else { t::rules::no() }.to_owned());
    let bounds: Vec<String> =
        [bound("≥", &rule.at_least), bound("<", &rule.below), flag].into_iter().flatten().collect();
    let of = rule.of.as_ref().map(|of| format!(" · {}", formula::fact(pack, of))).unwrap_or_default();
    let how = format!(
        "{} {}{of}. {}",
        formula::fact(pack, &rule.fact),
        bounds.join(", "),
        limits(pack, &rule.when, &rule.roles)
    );
    row(pack, words(&rule.title), how, &rule.clause)
}

fn quota(pack: &Pack, rule: &Quota) -> AnyView {
    let base = if rule.of_all { t::rules::everyone().to_owned() } else { formula::class(pack, &rule.of_class) };
    let how = t::rules::quota_share(&percent(&rule.share), &base, &percent(&rule.outstanding_share));
    let breaks: Vec<&str> = rule.tie_breaks.iter().map(|one| one.title.get(language())).collect();
    let breaks = if breaks.is_empty() { String::new() } else { t::rules::tie_breaks(&breaks.join("; ")) };
    row(pack, formula::class(pack, &rule.class), format!("{how} {breaks}"), &rule.clause)
}

fn appraisal_gap(pack: &Pack, rule: &AppraisalGap) -> AnyView {
    let other = if rule.class { t::rules::appraisal_gap_class() } else { "" };
    row(pack, t::rules::appraisal_gap_points(&points(&rule.points)), other.to_owned(), &rule.clause)
}

fn roll_up(pack: &Pack, rule: &RollUp) -> AnyView {
    let how = match rule.rule {
        RollUpRule::MeanOfWorked => t::rules::mean_of_worked(),
        RollUpRule::Decided => t::rules::decided(),
    };
    let least = rule.worked_min.map(|least| t::rules::worked_min(&least.to_string()));
    let parts = rule.parts.map(|count| t::rules::parts(&count.to_string()));
    let consequences = rule.limits.iter().map(|limit| consequence(pack, limit));
    let all: Vec<String> = [Some(how.to_owned()), parts, least].into_iter().flatten().chain(consequences).collect();
    let how = format!("{} {}", all.join(" "), limits(pack, &rule.when, &[]));
    row(pack, t::rules::made_of(formula::span(rule.to), formula::span(rule.from)), how, &rule.clause)
}

/// The consequence of a class of a shorter period.
fn consequence(pack: &Pack, limit: &RollUpLimit) -> String {
    let after = formula::class(pack, &limit.after);
    let after = match limit.in_a_row {
        Some(count) if count > 1 => t::rules::limit_after_row(&count.to_string(), &after),
        _ => t::rules::limit_after(&after),
    };
    let effect = limit.class_max.as_ref().map_or_else(
        || t::rules::limit_consider().to_owned(),
        |highest| t::rules::limit_class(&formula::class(pack, highest)),
    );
    format!("{after}: {effect} ({}) {}", clause_words(pack, &limit.clause), limits(pack, &limit.when, &limit.roles))
}
