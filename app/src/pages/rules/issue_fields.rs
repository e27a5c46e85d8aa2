//! The fields of the dialog that issues a pack, and what the choice changes.

use leptos::prelude::*;
use shared::ids::UnitId;
use shared::pack::{OptionRule, Pack};
use shared::time::Period;

use super::issue::Draft;
use super::issuing::{self, Scored};
use crate::components::FieldError;
use crate::i18n::{language, lowered, period_name, t};
use crate::state::Workspace;

/// How many months may be chosen as the first one.
const MONTHS: usize = 7;

/// All fields, then what will change.
#[component]
pub(super) fn Fields(draft: Draft, units: Memo<Vec<(UnitId, String)>>) -> impl IntoView {
    let options = draft.pack.with_value(|pack| pack.options.iter().map(|option| reading(option, draft)).collect_view());
    view! {
        <UnitOf draft=draft units=units />
        <Line id="issue-number" label=t::rules::issue_number() value=draft.number field="number" draft=draft />
        <Line id="issue-day" label=t::rules::issue_day() value=draft.day field="day" draft=draft />
        <FirstMonth draft=draft />
        <Roles draft=draft />
        {options}
        <Changes draft=draft units=units />
    }
}

#[component]
fn UnitOf(draft: Draft, units: Memo<Vec<(UnitId, String)>>) -> impl IntoView {
    let option = move |(unit, name): (UnitId, String)| {
        view! { <option value=unit.to_string() prop:selected=move || draft.unit.get() == Some(unit)>{name}</option> }
    };
    view! {
        <div class="field">
            <label for="issue-unit">{t::rules::issue_unit()}</label>
            <select id="issue-unit" data-testid="issue-unit"
                on:change:target=move |event| draft.unit.set(event.target().value().parse().ok())>
                {move || units.get().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}

/// A line of text, with its error.
#[component]
fn Line(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    field: &'static str,
    draft: Draft,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input id=id data-testid=id type="text" autocomplete="off" aria-describedby=format!("{id}-error")
                prop:value=value on:input:target=move |event| value.set(event.target().value()) />
            <FieldError id=format!("{id}-error") message=wrong_in(draft, field) />
        </div>
    }
}

fn wrong_in(draft: Draft, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || draft.wrong.get().filter(|(wrong, _)| *wrong == field).map(|(_, words)| words))
}

#[component]
fn FirstMonth(draft: Draft) -> impl IntoView {
    let this = Period::month_of(Workspace::get().today());
    let months = std::iter::successors(Some(this), |month| Some(month.next())).take(MONTHS);
    let option = move |month: Period| {
        view! { <option value=month.to_string() prop:selected=move || draft.from.get() == month>{period_name(month)}</option> }
    };
    let choose = move |value: String| {
        if let Ok(month) = value.parse() {
            draft.from.set(month);
        }
    };
    view! {
        <div class="field">
            <label for="issue-from">{t::rules::issue_from()}</label>
            <select id="issue-from" data-testid="issue-from" on:change:target=move |event| choose(event.target().value())>
                {months.map(option).collect_view()}
            </select>
        </div>
    }
}

/// Whom the pack scores, as far as the unit is known.
fn scored(draft: Draft) -> Scored {
    let Some(unit) = draft.unit.get() else { return Scored::default() };
    let from = draft.from.get();
    draft.pack.with_value(|pack| Workspace::get().with_view(|state| issuing::scored(state, pack, unit, from)))
}

/// The roles of the pack, with the number of people of the unit who have each.
#[component]
fn Roles(draft: Draft) -> impl IntoView {
    let counts = Memo::new(move |_| scored(draft).counts);
    let role = move |(at, id, title): (usize, String, String)| {
        let count = move || counts.read().get(at).copied().unwrap_or_default();
        let set = move |chosen: bool| {
            draft.roles.update(|roles| roles.iter_mut().skip(at).take(1).for_each(|role| *role = chosen))
        };
        view! {
            <label class="choice">
                <input type="checkbox" data-testid=format!("issue-role-{id}")
                    prop:checked=move || draft.roles.read().get(at) == Some(&true)
                    on:change:target=move |event| set(event.target().checked()) />
                <span>{title}" "<span class="quiet">{move || t::rules::issue_people(count())}</span></span>
            </label>
        }
    };
    let titles = |pack: &Pack| {
        let one =
            |(at, role): (usize, &shared::pack::Role)| (at, role.id.clone(), role.title.get(language()).to_owned());
        pack.roles.iter().enumerate().map(one).collect::<Vec<_>>()
    };
    let roles = draft.pack.with_value(|pack| titles(pack)).into_iter().map(role).collect_view();
    view! {
        <fieldset class="stack tight">
            <legend>{t::rules::issue_roles()}</legend>
            {roles}
            <FieldError id="issue-roles-error" message=wrong_in(draft, "roles") />
        </fieldset>
    }
}

/// The reading of a place that the text leaves open.
fn reading(option: &OptionRule, draft: Draft) -> AnyView {
    let id = format!("issue-option-{}", option.id);
    let (of, usual) = (option.id.clone(), option.default.clone());
    let values = option.values.iter().map(|value| {
        let is_usual = value.id == usual;
        view! { <option value=value.id.clone() prop:selected=is_usual>{value.title.get(language()).to_owned()}</option> }
    });
    let choose = move |value: String| draft.options.update(|options| drop(options.insert(of.clone(), value)));
    view! {
        <div class="field">
            <label for=id.clone()>{option.title.get(language()).to_owned()}</label>
            <p class="hint">{option.reason.get(language()).to_owned()}</p>
            <select id=id.clone() data-testid=id on:change:target=move |event| choose(event.target().value())>
                {values.collect_view()}
            </select>
        </div>
    }
    .into_any()
}

/// What will change: from when, for whom, in place of what, and what stays.
#[component]
fn Changes(draft: Draft, units: Memo<Vec<(UnitId, String)>>) -> impl IntoView {
    let month = move || lowered(&period_name(draft.from.get()));
    let others = Memo::new(move |_| {
        let (unit, from) = (draft.unit.get()?, draft.from.get());
        let found =
            draft.pack.with_value(|pack| Workspace::get().with_view(|state| issuing::others(state, pack, unit, from)));
        let titles = found.iter().map(|one| issuing::pack_title(one, language())).collect::<Vec<_>>();
        (!titles.is_empty()).then(|| titles.join("; "))
    });
    let people = Memo::new(move |_| scored(draft));
    let count = move || {
        let chosen = draft.roles.get();
        people.read().counts.iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(count, _)| *count).sum::<usize>()
    };
    let name = move || {
        let chosen = draft.unit.get();
        units.read().iter().find(|(unit, _)| Some(*unit) == chosen).map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let nobody = move || {
        let names = people.read().nobody.join(", ");
        (!names.is_empty()).then(|| view! { <li>{t::rules::issue_nobody(&names)}</li> })
    };
    let end = move || {
        others.get().map(|titles| {
            view! {
                <label class="choice">
                    <input type="checkbox" data-testid="issue-end-others" prop:checked=draft.ends_others
                        on:change:target=move |event| draft.ends_others.set(event.target().checked()) />
                    <span>{t::rules::issue_end_others(&titles)}</span>
                </label>
            }
        })
    };
    view! {
        {end}
        <section class="stack tight" aria-labelledby="issue-changes-title" data-testid="issue-changes">
            <h3 id="issue-changes-title">{t::rules::issue_changes()}</h3>
            <ul>
                <li>{move || t::rules::issue_scored(&month(), count(), &name())}</li>
                {nobody}
                {move || (others.read().is_some() && !draft.ends_others.get()).then(|| view! { <li>{t::rules::issue_both()}</li> })}
                <li>{move || t::rules::issue_stays(&month())}</li>
                <li>{t::rules::issue_travels()}</li>
            </ul>
        </section>
    }
}
