//! A person's year ("Cả năm"): every scored period with its result, and the longer periods made of them. Where several
//! regulations scored the person, each has a table of its own; nothing is summed over them.
//!
//! Test ids: `year-table`, of the second regulation and on `year-table-PACK`; in it `month-YYYY-MM`, `longer-PERIOD`, `year-before`, `year-after`, `explanation`, `close`.

mod rows;

use leptos::prelude::*;
use shared::ids::Subject;
use shared::pack;
use shared::report::{self, PersonYear};
use shared::time::Period;

use super::roster;
use crate::components::{Explained, Icon, PageHead, icon};
use crate::i18n::{period_name, t};
use crate::route::Address;
use crate::screens::Screen;
use crate::state::Workspace;
use rows::Tables;

/// The screen of the person or unit that the address names, or else of whose card the signed-in person fills in.
#[component]
pub fn Year() -> impl IntoView {
    let workspace = Workspace::get();
    let address = Address::get();
    let this_year = |period: Period| u16::try_from(period.first_day().civil().0).unwrap_or_default();
    let year = RwSignal::new(this_year(workspace.period().get_untracked()));
    let whose = Memo::new(move |_| {
        let me = workspace.person().get()?.person;
        let named = address.thing(Screen::Year).and_then(|id| id.parse::<Subject>().ok());
        let own = || workspace.own_card().map(|key| key.subject);
        Some((me, named.or_else(own).unwrap_or(me.into())))
    });
    let found = Memo::new(move |_| {
        let Some((me, person)) = whose.get() else { return Vec::new() };
        let (year, period) = (year.get(), workspace.period().get());
        workspace.with_view(|state| {
            let may_read = |year: &PersonYear| {
                let of_year = year.periods.iter().filter_map(|part| part.card.as_ref());
                person == me.into()
                    || of_year.filter(|key| key.period == period).any(|key| state.may_read_card(me, key))
            };
            let mut years = report::person_years(state, me, person, year);
            years.retain(may_read);
            years
        })
    });
    let title = move || {
        let name = whose.get().map(|(_, person)| workspace.with_view(|state| roster::name(&state.org, person)));
        t::year::title(&name.unwrap_or_default(), &year.get().to_string())
    };
    view! {
        <Explained>
            <PageHead title=Signal::derive(title) next_step=Signal::derive(move || next_step(&found.read())) />
            <Years year=year />
            <Tables years=found />
        </Explained>
    }
}

/// The links to the year before and the year after.
#[component]
fn Years(year: RwSignal<u16>) -> impl IntoView {
    let name = |year: u16| period_name(Period::Year(year));
    view! {
        <div class="row no-print">
            <button type="button" data-testid="year-before" on:click=move |_| year.update(|year| *year = year.saturating_sub(1))>
                {icon(Icon::Back)}{move || name(year.get().saturating_sub(1))}
            </button>
            <button type="button" data-testid="year-after" on:click=move |_| year.update(|year| *year = year.saturating_add(1))>
                {move || name(year.get().saturating_add(1))}{icon(Icon::Forward)}
            </button>
        </div>
    }
}

fn next_step(years: &[PersonYear]) -> String {
    let words = |year: &PersonYear| {
        let known = year.periods.iter().filter(|part| part.worked && part.result.is_some()).count();
        let absent = year.periods.iter().filter(|part| !part.worked).count();
        let words = t::year::known(known, year.periods.len() - known - absent, absent);
        if years.len() > 1 { format!("{}: {words}", t::unit::under(short_name(year))) } else { words }
    };
    match years {
        [] => t::year::nothing().to_owned(),
        years => format!("{} {}", years.iter().map(words).collect::<Vec<_>>().join(" "), t::year::touch()),
    }
}

fn short_name(year: &PersonYear) -> &'static str {
    pack::pinned(&year.pack).map_or("", pack::Pack::short_name)
}
