//! A group of similar duty: the allowed number, and who is within or above it.

use leptos::prelude::*;
use shared::card::Side;
use shared::ids::PackHash;
use shared::pack::{self, Pack};
use shared::report::{Counted, GroupOfMonth};
use shared::score::GroupOutcome;

use super::super::decided::{decided_notes, points_words};
use crate::components::{Asked, Icon, Tone, class_title, figure, tag};
use crate::i18n::{decimal, t};

#[component]
pub(super) fn Group(place: usize, group: GroupOfMonth, pack: PackHash) -> impl IntoView {
    let outcome = group.outcome.clone();
    let allowed = match most_of(&outcome) {
        Some(most) => t::quota::range(&outcome.allowed.to_string(), &most.to_string()),
        None => outcome.allowed.to_string(),
    };
    let nobody = outcome.fits.is_empty() && outcome.over.is_empty() && outcome.ties.is_empty();
    let side = |name: &str, title: &'static str, tone: Tone, ids: &[String]| {
        side(place, name, title, tone, ids, &group, &pack)
    };
    view! {
        <section class="card" data-testid=format!("group-{place}") aria-labelledby=format!("group-title-{place}")>
            <h2 id=format!("group-title-{place}")>{outcome.name.clone()}</h2>
            <p>{t::quota::may_be()}" "<strong class="number" data-testid=format!("allowed-{place}")>{allowed}</strong></p>
            {nobody.then(|| view! { <p class="quiet">{t::quota::nobody()}</p> })}
            {side("fits", t::quota::fits(), Tone::Safe, &outcome.fits)}
            {side("ties", t::quota::ties(), Tone::Care, &outcome.ties)}
            {side("over", t::quota::over(), Tone::Care, &outcome.over)}
            {side("heads", t::quota::heads(), Tone::Here, &outcome.left_out)}
            {(!group.missing.is_empty()).then(|| view! { <p>{t::quota::missing(group.missing.len(), &group.missing.join(", "))}</p> })}
            {(!group.without_class.is_empty()).then(|| view! { <p>{t::quota::without_class(&group.without_class.join(", "))}</p> })}
            {(!group.not_assessed.is_empty()).then(|| view! { <p>{t::quota::not_assessed(&group.not_assessed.join(", "))}</p> })}
            <How group=group.clone() />
        </section>
    }
}

/// The number that may be allowed once the missing cards have come, if it is more than now.
fn most_of(outcome: &GroupOutcome) -> Option<usize> {
    outcome.allowed_range.map(|(_, most)| most).filter(|most| *most > outcome.allowed)
}

/// The explanation of the allowed number.
#[component]
fn How(group: GroupOfMonth) -> impl IntoView {
    let outcome = group.outcome;
    view! {
        <details>
            <summary>{t::result::why()}</summary>
            <div class="stack tight">
                <p class="number">{outcome.formula.clone()}</p>
                <p>{t::quota::share(&decimal(&outcome.share_of_base.exact))}</p>
                <p>{t::quota::after(&outcome.allowed_after.to_string())}</p>
                {most_of(&outcome).map(|most| view! { <p>{t::quota::most(&most.to_string())}</p> })}
            </div>
        </details>
    }
}

/// The people on one side of the limit.
fn side(
    place: usize,
    name: &str,
    title: &'static str,
    tone: Tone,
    ids: &[String],
    group: &GroupOfMonth,
    pack: &PackHash,
) -> Option<AnyView> {
    let people = ids.iter().filter_map(|id| group.members.iter().find(|member| member.subject.to_string() == *id));
    let rows = people.map(|person| view! { <li class="row between">{row(person, pack)}</li> }).collect_view();
    let drawing = if tone == Tone::Safe { Icon::Tick } else { Icon::Info };
    (!ids.is_empty()).then(|| {
        view! {
            <div class="stack tight" data-testid=format!("{name}-{place}")>
                <p>{tag(tone, drawing, title)}</p>
                <ul class="plain stack tight">{rows}</ul>
            </div>
        }
        .into_any()
    })
}

fn row(person: &Counted, pack: &PackHash) -> AnyView {
    let limited = |pack: &&Pack| pack.quota.as_ref().is_some_and(|quota| quota.class == person.class);
    // On both sides the class is the limited one. Only heads who are left out may have another class.
    let class = pack::pinned(pack).filter(|pack| !limited(pack)).map(|pack| class_title(pack, &person.class));
    let asked = Asked::Card { key: person.card.clone(), side: Side::Appraised };
    view! {
        <span>{person.name.clone()}{class.map(|class| view! { <br /><span class="small quiet">{class}</span> })}</span>
        {figure(points_words(person.total.as_ref()), &person.name, asked)}
        {decided_notes(pack::pinned(pack), person.reckoned.as_ref(), person.document.as_ref())}
    }
    .into_any()
}
