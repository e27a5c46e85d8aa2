//! What a pack says, part by part; empty parts are left out. This module has the parts about the content of a card;
//! `outcomes` has the consequences.

use leptos::prelude::*;
use shared::pack::{Assumption, Band, Component, Criterion, EventRule, Group, MarkingRule, Pack, Statement, WorkRule};

use super::formula::{self, formula};
use super::row::{by, factors, part, points, row, words};
use super::{outcomes, products};
use crate::i18n::{language, mark, percent, t};

/// All parts.
pub(super) fn all(pack: &Pack) -> AnyView {
    let facts = pack.facts.iter().map(|fact| {
        let assumed = match fact.assume {
            Some(Assumption::Absent) => t::rules::assumed_absent(),
            Some(Assumption::Full) => t::rules::assumed_full(),
            None => t::rules::must_be_stated(),
        };
        row(pack, words(&fact.title), format!("{assumed} {}", formula::roles(pack, &fact.roles)), &fact.clause)
    });
    view! {
        {part("criteria", t::rules::criteria(), pack.groups.iter().map(|group| group_part(pack, group)).collect())}
        {part("bands", t::rules::bands(), pack.bands.iter().map(|one| band(pack, one)).collect())}
        {part("components", t::rules::components(), pack.components.iter().map(|one| component(pack, one)).collect())}
        {part("work", t::rules::work(), pack.work.iter().map(|rule| work(pack, rule)).collect())}
        {part("products", t::rules::products(), pack.products.iter().flat_map(|rule| products::rows(pack, rule)).collect())}
        {part("events", t::rules::events(), pack.events.iter().map(|one| event(pack, one)).collect())}
        {part("statements", t::rules::statements(), pack.statements.iter().map(|one| statement(pack, one)).collect())}
        {part("facts", t::rules::facts(), facts.collect())}
        {outcomes::parts(pack)}
    }.into_any()
}

fn group_part(pack: &Pack, group: &Group) -> AnyView {
    let rows = group.criteria.iter().map(|criterion| {
        view! {
            <tr>
                <th scope="row">{criterion.code.clone()}</th>
                <td>{words(&criterion.title)}{marking(criterion).map(|how| view! { " "<span class="quiet small">{how}</span> })}</td>
                <td class="number">{points(&criterion.max)}</td>
            </tr>
        }
    });
    view! {
        <p class="strong">{format!("{}. {}", group.id, words(&group.title))}</p>
        <p>{t::rules::group_max(&points(&group.max))}" "{formula::roles(pack, &group.roles)}</p>
        {group.min.as_ref().map(|min| view! { <p>{t::rules::group_min(&mark(min))}</p> })}
        <table>
            <caption class="unseen">{words(&group.title)}</caption>
            <thead><tr>
                <th scope="col">{t::rules::code()}</th>
                <th scope="col">{t::rules::criterion()}</th>
                <th scope="col" class="number">{t::rules::max()}</th>
            </tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        {by(pack, &group.clause)}
    }
    .into_any()
}

/// How a criterion is marked, if the criterion says so itself.
fn marking(criterion: &Criterion) -> Option<&'static str> {
    Some(match criterion.marking? {
        MarkingRule::Binary => t::rules::marked_binary(),
        MarkingRule::Graded => t::rules::marked_graded(),
    })
}

fn band(pack: &Pack, one: &Band) -> AnyView {
    row(pack, words(&one.title), t::rules::band_of(&percent(&one.from), &percent(&one.to)), &one.clause)
}

fn component(pack: &Pack, one: &Component) -> AnyView {
    let how = format!("{} = {}. {}", one.id, formula(pack, one), formula::roles(pack, &one.roles));
    row(pack, words(&one.title), how, &one.clause)
}

fn work(pack: &Pack, work: &WorkRule) -> AnyView {
    let losses = t::rules::work_losses(&percent(&work.failed_review_loss), &percent(&work.late_loss));
    let factors = [factors(&work.difficulties), factors(&work.positions)];
    let how: Vec<String> = factors.into_iter().flatten().collect();
    row(pack, losses, format!("{} {}", late_bands(&work.late_bands), how.join(" ")), &work.clause)
}

fn late_bands(bands: &[shared::pack::LateBand]) -> String {
    let band = |band: &shared::pack::LateBand| match band.to_days {
        Some(days) => t::rules::band(&days.to_string(), &percent(&band.kept)),
        None => t::rules::last_band(&percent(&band.kept)),
    };
    bands.iter().map(band).collect::<Vec<_>>().join("; ")
}

fn event(pack: &Pack, one: &EventRule) -> AnyView {
    let how = match &one.stated {
        Some(bounds) => t::rules::stated_points(&mark(&bounds.min), &mark(&bounds.max)),
        None => t::rules::each_time(&points(&one.points)),
    };
    let most = one.times_max.map(|count| t::rules::times_max(&count.to_string())).unwrap_or_default();
    row(pack, words(&one.title), format!("{how} {most} {}", formula::roles(pack, &one.roles)), &one.clause)
}

fn statement(pack: &Pack, one: &Statement) -> AnyView {
    let value =
        |value: &shared::pack::StatementValue| format!("{}: {}", percent(&value.value), value.when.get(language()));
    let values = one.values.iter().map(value).collect::<Vec<_>>().join("; ");
    let follows = one.subordinates_min.as_ref().map(|least| t::rules::from_subordinates(&mark(least)));
    row(pack, words(&one.title), format!("{values}. {}", follows.unwrap_or_default()), &one.clause)
}
