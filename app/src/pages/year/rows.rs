//! The table of the year: months in order, and each longer period below its last month.

use leptos::prelude::*;
use shared::card::Side;
use shared::pack;
use shared::report::{Longer, MonthOfYear, PersonYear};
use shared::score::{RollUpOutcome, Status};
use shared::state::not_in_force;

use crate::components::{Asked, Icon, Tone, class_title, figure, periods_in_words, stage_tag, tag};
use crate::i18n::{decimal, language, period_within_year, t};
use crate::state::Workspace;

#[component]
pub(super) fn Table(year: Memo<Option<PersonYear>>) -> impl IntoView {
    let rows = move || year.with(|year| year.as_ref().map(rows));
    view! {
        <Show when=move || year.read().is_some()>
        // The region takes the focus, so that the keyboard can scroll it sideways.
        <div class="scroll" role="region" tabindex="0" aria-label=t::year::table()>
            <table class="year" data-testid="year-table">
                <caption class="unseen">{t::year::table()}</caption>
                <thead><tr>
                    <th scope="col">{t::year::period()}</th>
                    <th scope="col" class="number">{t::year::points()}</th>
                    <th scope="col">{t::year::class_and_state()}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        </Show>
    }
}

fn rows(year: &PersonYear) -> Vec<AnyView> {
    let mut rows: Vec<AnyView> = Vec::new();
    for month in &year.months {
        rows.push(month_row(year, month));
        let ends_here = |longer: &&Longer| longer.period.last_day() == month.period.last_day();
        rows.extend(year.longer.iter().filter(ends_here).map(|longer| longer_row(year, longer)));
    }
    rows
}

fn month_row(year: &PersonYear, month: &MonthOfYear) -> AnyView {
    let result = month.result.as_ref();
    let total =
        month.card.clone().zip(result).map(|(key, result)| {
            figure(decimal(&result.total), &year.name, Asked::Card { key, side: Side::Appraised })
        });
    let class = result.and_then(|result| {
        let pack = pack::pinned(&month.card.as_ref()?.pack)?;
        Some(if result.class.is_empty() {
            t::result::not_classified().to_owned()
        } else {
            class_title(pack, &result.class)
        })
    });
    let future = month.period.first_day() > Workspace::get().today();
    let before = pack::pinned(&year.pack).is_some_and(|pack| not_in_force(pack, month.period).is_some());
    let state = match month {
        _ if future => t::year::future().into_any(),
        _ if before => t::year::before_rules().into_any(),
        MonthOfYear { card: None, .. } => t::year::no_post().into_any(),
        MonthOfYear { absence: Some(cause), .. } => t::absence::because(cause.name(language())).into_any(),
        MonthOfYear { worked: false, .. } => t::year::absent().into_any(),
        MonthOfYear { stage: None, .. } => view! { <span class="quiet">{t::year::no_card()}</span> }.into_any(),
        MonthOfYear { stage: Some(stage), .. } => stage_tag(*stage),
    };
    let open = match month {
        MonthOfYear { withheld: true, .. } => Some(t::year::withheld()),
        MonthOfYear { result: Some(_), decided: false, .. } => Some(t::year::undecided()),
        _ => None,
    };
    let dash = || "–".into_any();
    view! {
        <tr data-testid=format!("month-{}", month.period)>
            <th scope="row">{period_within_year(month.period)}</th>
            <td class="number">{total.unwrap_or_else(dash)}</td>
            <td><div class="row">{class.map(|class| view! { <span>{class}</span> })}{state}{open.map(|open| view! { <span class="small">{open}</span> })}</div></td>
        </tr>
    }.into_any()
}

fn longer_row(year: &PersonYear, longer: &Longer) -> AnyView {
    let asked = Asked::Longer { person: year.person, period: longer.period };
    let outcome = longer.outcome.as_ref();
    let total = outcome.and_then(|outcome| outcome.total.as_ref());
    let total = total.map(|total| figure(decimal(&total.exact), &year.name, asked));
    let known = pack::pinned(&year.pack);
    let class = outcome.and_then(|outcome| Some(class_title(known?, &outcome.class.as_ref()?.code)));
    view! {
        <tr class="longer" data-testid=format!("longer-{}", longer.period)>
            <th scope="row">{period_within_year(longer.period)}</th>
            <td class="number">{total.unwrap_or_else(|| "–".into_any())}</td>
            <td><div class="row">{class.map(|class| view! { <strong>{class}</strong> })}{outcome.map(state_of)}</div></td>
        </tr>
    }.into_any()
}

/// The state of a longer period, with what is missing by name.
fn state_of(outcome: &RollUpOutcome) -> AnyView {
    let tag = match outcome.status {
        Status::Scored => tag(Tone::Safe, Icon::Tick, t::year::whole()),
        Status::NotClassified => tag(Tone::Here, Icon::Info, t::result::not_classified()),
        Status::Provisional => tag(Tone::Sent, Icon::Clock, t::year::provisional()),
        Status::InsufficientData => return view! { <span class="quiet">{t::year::nothing_yet()}</span> }.into_any(),
    };
    let missing = t::year::missing(&periods_in_words(&outcome.missing));
    view! {
        {tag}
        {(!outcome.missing.is_empty()).then(|| view! { <p class="small">{missing}</p> })}
    }
    .into_any()
}
