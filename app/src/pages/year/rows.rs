//! The table: months in order, and each longer period under its last month.

use crate::ui::view;
use leptos::prelude::*;
use shared::card::Side;
use shared::pack;
use shared::report::{Longer, MonthOfYear, PersonYear};
use shared::score::{RollUpOutcome, Status};
use shared::time::Period;

use crate::components::{Asked, Icon, Tone, class_title, figure, stage_tag, tag};
use crate::i18n::{decimal, period_name, t};
use crate::state::Workspace;

#[component]
pub(super) fn Table(year: PersonYear) -> impl IntoView {
    let mut rows: Vec<AnyView> = Vec::new();
    for month in &year.months {
        rows.push(month_row(&year, month));
        let ends_here = |longer: &&Longer| longer.period.last_day() == month.period.last_day();
        rows.extend(year.longer.iter().filter(ends_here).map(|longer| longer_row(&year, longer)));
    }
    view! {
        // The region takes the focus so that the keyboard can move it sideways.
        <div class="scroll" role="region" tabindex="0" aria-label=t::year::table()>
            <table data-testid="year-table">
                <caption class="unseen">{t::year::table()}</caption>
                <thead><tr>
                    <th scope="col">{t::year::period()}</th>
                    <th scope="col" class="number">{t::year::points()}</th>
                    <th scope="col">{t::unit::class()}</th>
                    <th scope="col">{t::unit::state()}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn month_row(year: &PersonYear, month: &MonthOfYear) -> AnyView {
    let result = month.result.as_ref();
    let total =
        month.card.clone().zip(result).map(|(key, result)| {
            figure(decimal(&result.total), &year.name, Asked::Card { key, side: Side::Appraised })
        });
    let class = result.and_then(|result| {
        let pack = pack::find(&month.card.as_ref()?.pack)?;
        Some(if result.class.is_empty() {
            t::result::not_classified().to_owned()
        } else {
            class_title(pack, &result.class)
        })
    });
    let future = month.period.first_day() > Workspace::get().today();
    let state = match month {
        _ if future => t::year::future().into_any(),
        MonthOfYear { card: None, .. } => t::year::no_post().into_any(),
        MonthOfYear { worked: false, .. } => t::year::absent().into_any(),
        _ => stage_tag(month.stage),
    };
    let dash = || "–".into_any();
    view! {
        <tr data-testid=format!("month-{}", month.period)>
            <th scope="row">{period_name(month.period)}</th>
            <td class="number">{total.unwrap_or_else(dash)}</td>
            <td>{class.unwrap_or_else(|| "–".to_owned())}</td>
            <td>{state}</td>
        </tr>
    }
}

fn longer_row(year: &PersonYear, longer: &Longer) -> AnyView {
    let asked = Asked::Longer { person: year.person, period: longer.period };
    let outcome = longer.outcome.as_ref();
    let total = outcome.and_then(|outcome| outcome.total.as_ref()).map(|total| decimal(&total.exact));
    let known = pack::find(&year.pack);
    let class = outcome.and_then(|outcome| Some(class_title(known?, &outcome.class.as_ref()?.code)));
    let whose = year.name.clone();
    view! {
        <tr class="longer" data-testid=format!("longer-{}", longer.period)>
            <th scope="row">{period_name(longer.period)}</th>
            <td class="number">{figure(total.unwrap_or_else(|| "–".to_owned()), &whose, asked)}</td>
            <td>{class.unwrap_or_else(|| "–".to_owned())}</td>
            <td>{outcome.map(state_of)}</td>
        </tr>
    }
}

/// How far a longer period has come, with what is missing by name.
fn state_of(outcome: &RollUpOutcome) -> AnyView {
    let short = |period: &Period| match period {
        Period::Month(_, month) => month.to_string(),
        other => period_name(*other),
    };
    let names = |periods: &[Period]| periods.iter().map(short).collect::<Vec<_>>().join(", ");
    let missing = t::year::missing(outcome.missing.len(), &names(&outcome.missing));
    let tag = match outcome.status {
        Status::Scored => tag(Tone::Safe, Icon::Tick, t::year::whole()),
        Status::NotClassified => tag(Tone::Here, Icon::Info, t::result::not_classified()),
        Status::Provisional => tag(Tone::Sent, Icon::Clock, t::year::provisional()),
        Status::InsufficientData => tag(Tone::Here, Icon::Clock, t::year::nothing_yet()),
    };
    view! {
        {tag}
        {(!outcome.missing.is_empty() && outcome.total.is_some()).then(|| view! { <p class="small">{missing}</p> })}
    }
}
