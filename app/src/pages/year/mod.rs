//! A person's year ("Cả năm"): every month with its result, and the quarters, half-years and year made of them.
//!
//! Test ids: `year-table`, `month-YYYY-MM`, `longer-PERIOD`, `year-before`, `year-after`, `explanation`, `close`.

mod rows;

use leptos::prelude::*;
use shared::ids::PersonId;
use shared::report::{self, PersonYear};
use shared::time::Period;

use super::roster;
use crate::components::{Explained, Icon, PageHead, icon};
use crate::i18n::{period_name, t};
use crate::route::Address;
use crate::screens::Screen;
use crate::state::Workspace;
use rows::Table;

/// The screen of the person whom the address names, or else of the signed-in person.
#[component]
pub fn Year() -> impl IntoView {
    let workspace = Workspace::get();
    let address = Address::get();
    let this_year = |period: Period| u16::try_from(period.first_day().civil().0).unwrap_or_default();
    let year = RwSignal::new(this_year(workspace.period().get_untracked()));
    let whose = Memo::new(move |_| {
        let me = workspace.person().get()?.person;
        Some((me, address.thing(Screen::Year).and_then(|id| id.parse::<PersonId>().ok()).unwrap_or(me)))
    });
    let found = Memo::new(move |_| {
        let (me, person) = whose.get()?;
        let year = year.get();
        workspace.with_view(|state| {
            let reads = |period| state.card_key(person, period).is_some_and(|key| state.may_read_card(me, &key));
            let may_read = me == person || reads(Period::Year(year)) || reads(workspace.period().get());
            may_read.then(|| report::person_year(state, me, person, year)).flatten()
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
            <Table year=found />
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

fn next_step(year: &Option<PersonYear>) -> String {
    let Some(year) = year else { return t::year::nothing().to_owned() };
    let known = year.months.iter().filter(|month| month.worked && month.result.is_some()).count();
    let absent = year.months.iter().filter(|month| !month.worked).count();
    t::year::known(known, year.months.len() - known - absent, absent)
}
