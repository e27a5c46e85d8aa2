//! What a pack says, part by part; what it does not say has no part.

use crate::ui::view;
use leptos::prelude::*;
use shared::num::Exact;
use shared::pack::{Assumption, Class, Component, EventRule, Group, Pack, Quota, RollUp, RollUpRule, Stage, Text};

use super::formula::{self, formula};
use crate::i18n::{language, mark, percent, t};

/// All parts.
pub(super) fn all(pack: &Pack) -> AnyView {
    let work = pack.work.iter().map(|work| {
        let losses = t::rules::work_losses(&percent(&work.failed_review_loss), &percent(&work.late_loss));
        row(losses, late_bands(&work.late_bands), &work.clause)
    });
    let rules = pack.knock_outs.iter().map(|rule| {
        let fact = pack
            .facts
            .iter()
            .find(|fact| fact.id == rule.fact)
            .map_or(rule.fact.as_str(), |fact| fact.title.get(language()));
        let class = pack.class(&rule.class).map_or(rule.class.as_str(), |class| class.title.get(language()));
        row(fact.to_owned(), t::rules::knocks_out(class), &rule.clause)
    });
    let eligible = pack.eligibility.iter().map(|rule| {
        let when = formula::when(pack, &rule.when);
        row(rule.title.get(language()).to_owned(), when.trim_start_matches("; ").to_owned(), &rule.clause)
    });
    let facts = pack.facts.iter().map(|fact| {
        let assumed = match fact.assume {
            Some(Assumption::Absent) => t::rules::assumed_absent(),
            Some(Assumption::Full) => t::rules::assumed_full(),
            None => t::rules::must_be_stated(),
        };
        row(
            fact.title.get(language()).to_owned(),
            format!("{assumed} {}", formula::roles(pack, &fact.roles)),
            &fact.clause,
        )
    });
    view! {
        {part("criteria", t::rules::criteria(), pack.groups.iter().map(|group| group_part(pack, group)).collect())}
        {part("components", t::rules::components(), pack.components.iter().map(|one| component(pack, one)).collect())}
        {part("work", t::rules::work(), work.collect())}
        {part("events", t::rules::events(), pack.events.iter().map(|one| event(pack, one)).collect())}
        {part("statements", t::rules::statements(), pack.statements.iter().map(statement).collect())}
        {part("classes", t::rules::classes(), pack.classes.iter().map(|one| class(pack, one)).collect())}
        {part("knock-outs", t::rules::knock_outs(), rules.collect())}
        {part("eligibility", t::rules::eligibility(), eligible.collect())}
        {part("facts", t::rules::facts(), facts.collect())}
        {part("quota", t::rules::quota(), pack.quota.iter().map(|rule| quota(pack, rule)).collect())}
        {part("roll-ups", t::rules::roll_ups(), pack.roll_ups.iter().map(roll_up).collect())}
        {part("stages", t::rules::stages(), pack.stages.iter().map(stage).collect())}
    }
}

/// A part that opens on demand, so that the whole fits a small screen.
fn part(id: &'static str, title: &'static str, rows: Vec<AnyView>) -> Option<AnyView> {
    let count = rows.len();
    let rows = rows.into_iter().map(|row| view! { <li class="clause">{row}</li> }).collect_view();
    (count > 0).then(|| {
        view! {
            <section class="card">
                <details class="group" data-testid=format!("part-{id}")>
                    <summary><h2 class="name">{title}</h2><span class="points">{count}</span></summary>
                    <ul class="plain stack">{rows}</ul>
                </details>
            </section>
        }
    })
}

/// What, how, and where the text says so.
fn row(what: String, how: String, clause: &str) -> AnyView {
    view! {
        <p class="strong">{what}</p>
        {(!how.trim().is_empty()).then(|| view! { <p>{how}</p> })}
        {by(clause)}
    }
}

fn by(clause: &str) -> AnyView {
    view! { <p class="quiet small">{t::rules::by(clause)}</p> }
}

fn words(text: &Text) -> String {
    text.get(language()).to_owned()
}

/// A number, or that the text gives none.
fn points(value: &Exact) -> String {
    if value.is_zero() { t::rules::no_number().to_owned() } else { mark(value) }
}

fn group_part(pack: &Pack, group: &Group) -> AnyView {
    let rows = group.criteria.iter().map(|criterion| {
        view! {
            <tr>
                <th scope="row">{criterion.code.clone()}</th>
                <td>{words(&criterion.title)}</td>
                <td class="number">{points(&criterion.max)}</td>
            </tr>
        }
    });
    view! {
        <p class="strong">{format!("{}. {}", group.id, words(&group.title))}</p>
        <p>{t::rules::group_max(&points(&group.max))}" "{formula::roles(pack, &group.roles)}</p>
        <table>
            <caption class="unseen">{words(&group.title)}</caption>
            <thead><tr>
                <th scope="col">{t::rules::code()}</th>
                <th scope="col">{t::rules::criterion()}</th>
                <th scope="col" class="number">{t::rules::max()}</th>
            </tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        {by(&group.clause)}
    }
}

fn component(pack: &Pack, one: &Component) -> AnyView {
    let how = format!("{} = {}. {}", one.id, formula(one), formula::roles(pack, &one.roles));
    row(words(&one.title), how, &one.clause)
}

fn late_bands(bands: &[shared::pack::LateBand]) -> String {
    let band = |band: &shared::pack::LateBand| match band.to_days {
        Some(days) => t::rules::band(&days.to_string(), &percent(&band.kept)),
        None => t::rules::last_band(&percent(&band.kept)),
    };
    bands.iter().map(band).collect::<Vec<_>>().join("; ")
}

fn event(pack: &Pack, one: &EventRule) -> AnyView {
    let how = t::rules::each_time(&points(&one.points));
    row(words(&one.title), format!("{how} {}", formula::roles(pack, &one.roles)), &one.clause)
}

fn statement(one: &shared::pack::Statement) -> AnyView {
    let value =
        |value: &shared::pack::StatementValue| format!("{}: {}", percent(&value.value), value.when.get(language()));
    row(words(&one.title), one.values.iter().map(value).collect::<Vec<_>>().join("; "), &one.clause)
}

fn class(pack: &Pack, one: &Class) -> AnyView {
    let lowest = pack.classes.last().is_some_and(|last| last.code == one.code);
    let from = match (one.min.is_zero(), lowest) {
        (true, true) => t::rules::the_rest().to_owned(),
        _ => t::rules::from_points(&points(&one.min)),
    };
    let gates = one.gates.iter().map(|gate| view! { <li>{formula::gate(pack, gate)}</li> }).collect_view();
    view! {
        <p class="strong">{format!("{} ({})", words(&one.title), one.code)}</p>
        <p>{from}</p>
        {(!one.gates.is_empty()).then(|| view! { <p>{t::rules::gates()}</p><ul>{gates}</ul> })}
        {by(&one.clause)}
    }
}

fn quota(pack: &Pack, rule: &Quota) -> AnyView {
    let title = |code: &str| pack.class(code).map_or_else(|| code.to_owned(), |class| words(&class.title));
    let base = if rule.of_all { t::rules::everyone().to_owned() } else { title(&rule.of_class) };
    let how = t::rules::quota_share(&percent(&rule.share), &base, &percent(&rule.outstanding_share));
    row(title(&rule.class), how, &rule.clause)
}

fn roll_up(rule: &RollUp) -> AnyView {
    let how = match rule.rule {
        RollUpRule::MeanOfWorked => t::rules::mean_of_worked(),
        RollUpRule::Decided => t::rules::decided(),
    };
    let least = rule.worked_min.map(|least| t::rules::worked_min(&least.to_string())).unwrap_or_default();
    row(t::rules::made_of(formula::span(rule.to), formula::span(rule.from)), format!("{how} {least}"), &rule.clause)
}

fn stage(one: &Stage) -> AnyView {
    let who = match one.scorer.as_str() {
        "subject" => t::rules::subject(),
        "direct_head" => t::rules::direct_head(),
        "agency_head" => t::rules::agency_head(),
        "personnel" => t::rules::personnel(),
        "team" => t::rules::team(),
        other => other,
    };
    let until = one.deadline_day.map(|day| t::rules::until_day(&day.to_string())).unwrap_or_default();
    row(words(&one.title), format!("{who}. {until}"), &one.clause)
}
