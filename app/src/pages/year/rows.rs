//! The table of the year: months in order, and each longer period below its last part.

use leptos::prelude::*;
use shared::card::Side;
use shared::pack::{self, Pack};
use shared::report::{Longer, PeriodOfYear, PersonYear};
use shared::score::{InputError, RollUpOutcome, Status};
use shared::state::not_in_force;
use shared::time::Period;

use super::super::decided::{decided_notes, points_words};
use crate::components::{Asked, Icon, Tone, class_title, figure, periods_in_words, stage_tag, tag};
use crate::i18n::{decimal, input_error, language, period_within_year, t};
use crate::state::Workspace;

/// The years of all regulations, side by side where there is room.
#[component]
pub(super) fn Tables(years: Memo<Vec<PersonYear>>) -> impl IntoView {
    let tables = move || {
        let years = years.get();
        let several = years.len() > 1;
        years.iter().map(|year| table(year, several)).collect_view()
    };
    view! { <div class="columns wide">{tables}</div> }
}

/// The year under one regulation, which is named where there are several.
fn table(year: &PersonYear, several: bool) -> AnyView {
    let pack = pack::pinned(&year.pack);
    let named = pack.filter(|_| several);
    let testid = named.map_or_else(|| "year-table".to_owned(), |pack| format!("year-table-{}", pack.id));
    let heading = named.map(|pack| {
        view! {
            <h2>{t::unit::under(pack.short_name())}</h2>
            <p class="quiet small">{pack.title.get(language()).to_owned()}</p>
        }
    });
    view! {
        <section class="stack tight">
        {heading}
        // The region takes the focus, so that the keyboard can scroll it sideways.
        <div class="scroll" role="region" tabindex="0" aria-label=t::year::table()>
            <table class="year" data-testid=testid>
                <caption class="unseen">{t::year::table()}</caption>
                <thead><tr>
                    <th scope="col">{t::year::period()}</th>
                    <th scope="col" class="number">{t::year::points()}</th>
                    <th scope="col">{t::year::class_and_state()}</th>
                </tr></thead>
                <tbody>{rows(year)}</tbody>
            </table>
        </div>
        </section>
    }
    .into_any()
}

/// All periods in order of their ends, each longer one below its last part.
fn rows(year: &PersonYear) -> Vec<AnyView> {
    let scored = year.periods.iter().map(|part| (part.period, Ok(part)));
    let made = year.longer.iter().map(|longer| (longer.period, Err(longer)));
    let mut rows: Vec<_> = scored.chain(made).collect();
    rows.sort_by_key(|(period, _)| (period.last_day(), period.span()));
    let row = |(_, row): (Period, Result<&PeriodOfYear, &Longer>)| match row {
        Ok(part) => part_row(year, part),
        Err(longer) => longer_row(year, longer),
    };
    rows.into_iter().map(row).collect()
}

fn part_row(year: &PersonYear, part: &PeriodOfYear) -> AnyView {
    let result = part.result.as_ref();
    let total = part.card.clone().zip(result).map(|(key, result)| {
        figure(points_words(result.total.as_ref()), &year.name, Asked::Card { key, side: Side::Appraised })
    });
    let class = result.and_then(|result| {
        let pack = pack::pinned(&part.card.as_ref()?.pack)?;
        Some(if result.class.is_empty() {
            t::result::not_classified().to_owned()
        } else {
            class_title(pack, &result.class)
        })
    });
    let future = part.period.first_day() > Workspace::get().today();
    let before = pack::pinned(&year.pack).is_some_and(|pack| not_in_force(pack, part.period).is_some());
    let state = match part {
        _ if future => t::year::future().into_any(),
        _ if before => t::year::before_rules().into_any(),
        PeriodOfYear { card: None, served: true, .. } => t::year::other_rules().into_any(),
        PeriodOfYear { card: None, .. } => t::year::no_post().into_any(),
        PeriodOfYear { absence: Some(cause), .. } => t::absence::because(cause.name(language())).into_any(),
        PeriodOfYear { worked: false, .. } => t::year::absent().into_any(),
        PeriodOfYear { stage: None, .. } => view! { <span class="quiet">{t::year::no_card()}</span> }.into_any(),
        PeriodOfYear { stage: Some(stage), .. } => stage_tag(*stage),
    };
    let open = match part {
        PeriodOfYear { withheld: true, .. } => Some(t::year::withheld()),
        PeriodOfYear { result: Some(_), decided: false, .. } => Some(t::year::undecided()),
        _ => None,
    };
    let dash = || "–".into_any();
    let pack = part.card.as_ref().and_then(|key| pack::pinned(&key.pack));
    let notes = decided_notes(pack, part.reckoned.as_ref(), part.document.as_ref());
    view! {
        <tr data-testid=format!("month-{}", part.period)>
            <th scope="row">{period_within_year(part.period)}</th>
            <td class="number">{total.unwrap_or_else(dash)}</td>
            <td><div class="row">{class.map(|class| view! { <span>{class}</span> })}{state}{open.map(|open| view! { <span class="small">{open}</span> })}</div>{notes}</td>
        </tr>
    }.into_any()
}

fn longer_row(year: &PersonYear, longer: &Longer) -> AnyView {
    let asked = Asked::Longer { subject: year.subject, pack: year.pack, period: longer.period };
    let outcome = longer.outcome.as_ref();
    let total = outcome.and_then(|outcome| outcome.total.as_ref());
    let total = total.map(|total| figure(decimal(&total.exact), &year.name, asked));
    let known = pack::pinned(&year.pack);
    let why_not = why_not(&longer.errors, known);
    let class = outcome.and_then(|outcome| Some(class_title(known?, &outcome.class.as_ref()?.code)));
    view! {
        <tr class="longer" data-testid=format!("longer-{}", longer.period)>
            <th scope="row">{period_within_year(longer.period)}</th>
            <td class="number">{total.unwrap_or_else(|| "–".into_any())}</td>
            <td><div class="row">{class.map(|class| view! { <strong>{class}</strong> })}{outcome.map(state_of)}{why_not}</div></td>
        </tr>
    }.into_any()
}

/// Why a longer period could not be made: the facts that it lacks, by name, or else what is wrong.
fn why_not(errors: &[InputError], pack: Option<&Pack>) -> Option<AnyView> {
    let first = errors.first()?;
    let fact = |error: &InputError| {
        let id = error.field.strip_prefix("facts.")?;
        let rule = pack?.facts.iter().find(|rule| rule.id == id)?;
        Some(rule.title.get(language()).to_owned())
    };
    let facts: Vec<String> = errors.iter().filter_map(fact).collect();
    let words = if facts.is_empty() { input_error(first) } else { t::year::missing(&facts.join("; ")) };
    Some(view! { <span class="quiet small">{words}</span> }.into_any())
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
