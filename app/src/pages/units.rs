//! The unit that a screen about a unit's month shows.

use leptos::prelude::*;
use shared::ids::UnitId;
use shared::report::{self, Reporting, UnitMonth as Month};

use super::roster;
use crate::i18n::t;
use crate::state::Workspace;

/// The units that the signed-in person oversees, and the month of the chosen one.
#[derive(Clone, Copy)]
pub(super) struct Units {
    all: Memo<Vec<(UnitId, String)>>,
    chosen: RwSignal<Option<UnitId>>,
}

impl Units {
    pub(super) fn new() -> Self {
        let workspace = Workspace::get();
        let all = Memo::new(move |_| {
            let Some(me) = workspace.person().get() else { return Vec::new() };
            let day = workspace.period().get().last_day();
            workspace.with_view(|state| {
                let units = state.org.overseen_units(me.person, day);
                units.into_iter().map(|unit| (unit, roster::unit_name(&state.org, unit))).collect::<Vec<_>>()
            })
        });
        Self { all, chosen: RwSignal::new(None) }
    }

    /// The name of the shown unit.
    pub(super) fn name(self) -> Option<String> {
        let shown = self.shown();
        self.all.read().iter().find(|(unit, _)| Some(*unit) == shown).map(|(_, name)| name.clone())
    }

    fn shown(self) -> Option<UnitId> {
        self.chosen.get().or_else(|| self.all.read().first().map(|(unit, _)| *unit))
    }

    /// The month of the unit, for the people whose cards may be read.
    pub(super) fn month(self) -> Option<Month> {
        let workspace = Workspace::get();
        let me = workspace.person().get()?.person;
        let (unit, period) = (self.shown()?, workspace.period().get());
        workspace.with_view(|state| Some(report::unit_month(state, unit, period, me)))
    }

    /// The reports of the unit and of those below it to the level above.
    pub(super) fn reportings(self) -> Vec<Reporting> {
        let workspace = Workspace::get();
        let (Some(me), Some(unit)) = (workspace.person().get(), self.shown()) else { return Vec::new() };
        let period = workspace.period().get();
        workspace.with_view(|state| report::reportings(state, unit, period, me.person))
    }
}

/// The choice of a unit, for people who oversee several.
#[component]
pub(super) fn UnitChoice(units: Units) -> impl IntoView {
    let options = move || {
        let option = |(unit, name): (UnitId, String)| view! { <option value=unit.to_string()>{name}</option> };
        units.all.get().into_iter().map(option).collect_view()
    };
    let choose = move |value: String| units.chosen.set(value.parse().ok());
    view! {
        {move || (units.all.read().len() > 1).then(|| view! {
            <div class="field no-print">
                <label for="unit">{t::unit::choose()}</label>
                <select id="unit" data-testid="unit" on:change:target=move |event| choose(event.target().value())>
                    {options}
                </select>
            </div>
        })}
    }
}
