//! The days and lengths of periods that an office decides with the regulation, and the trial of it: whose points or class
//! would change.
//!
//! Test ids: `issue-opens`, `issue-cut-off`, `issue-span-WORD`, `issue-try`, `issue-tried`.

use leptos::prelude::*;
use shared::pack::{self, PackAdoption, Span};
use shared::report::{Changed, Result as Scored, Simulation, simulate};

use super::super::decided::points_words;
use super::issue::Draft;
use crate::components::{class_title, span_name};
use crate::i18n::{lowered, period_name, t};
use crate::state::Workspace;

/// How many changes are listed; the rest is counted.
const LISTED_MAX: usize = 40;

/// The opening day, the cut-off of work, and the lengths of periods.
#[component]
pub(super) fn Days(draft: Draft) -> impl IntoView {
    let spans = draft.pack.with_value(|pack| pack.periods.clone());
    let several = spans.len() > 1;
    let span = move |span: Span| {
        let set = move |chosen: bool| {
            draft.spans.update(|spans| {
                spans.retain(|known| *known != span);
                spans.extend(chosen.then_some(span));
            });
        };
        view! {
            <label class="choice">
                <input type="checkbox" data-testid=format!("issue-span-{}", span.word())
                    prop:checked=move || draft.spans.read().contains(&span)
                    on:change:target=move |event| set(event.target().checked()) />
                <span>{span_name(span)}</span>
            </label>
        }
    };
    let spans = several.then(|| {
        view! {
            <fieldset class="stack tight"><legend>{t::rules::issue_spans()}</legend>
                {spans.into_iter().map(span).collect_view()}
            </fieldset>
        }
    });
    view! {
        {spans}
        <DayOf id="issue-opens" label=t::rules::issue_opens() hint=t::rules::issue_opens_hint() value=draft.opens />
        <DayOf id="issue-cut-off" label=t::rules::issue_cut_off() hint=t::rules::issue_cut_off_hint() value=draft.cut_off />
    }
}

/// A day of the month, or none.
#[component]
fn DayOf(id: &'static str, label: &'static str, hint: &'static str, value: RwSignal<Option<u8>>) -> impl IntoView {
    let option = move |day: u8| {
        view! { <option value=day.to_string() prop:selected=move || value.get() == Some(day)>{day}</option> }
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <p class="hint">{hint}</p>
            <select id=id data-testid=id on:change:target=move |event| value.set(event.target().value().parse().ok())>
                <option value="" prop:selected=move || value.get().is_none()>{t::rules::issue_day_none()}</option>
                {(1..=31_u8).map(option).collect_view()}
            </select>
        </div>
    }
}

/// The button that tries the adoption, and what it found.
#[component]
pub(super) fn Trial(adoption: Callback<(), Option<PackAdoption>>) -> impl IntoView {
    let workspace = Workspace::get();
    let found = RwSignal::new(None::<Simulation>);
    let attempt = move |_| {
        let (Some(adoption), Some(me)) = (adoption.run(()), workspace.person().get_untracked()) else { return };
        found.set(Some(untrack(|| workspace.with_view(|state| simulate(state, me.person, &adoption)))));
    };
    let told = move || {
        found.get().map(|found| {
            let left = found.changed.len().saturating_sub(LISTED_MAX);
            let rows = found.changed.iter().take(LISTED_MAX).map(row).collect_view();
            view! {
                <div class="stack tight" data-testid="issue-tried" role="status">
                    <p>{t::rules::tried(found.changed.len(), found.unchanged, found.decided, found.set_aside)}</p>
                    <ul>{rows}</ul>
                    {(left > 0).then(|| view! { <p>{t::rules::tried_more(left)}</p> })}
                </div>
            }
        })
    };
    view! {
        <div class="row end"><button type="button" data-testid="issue-try" on:click=attempt>{t::rules::issue_try()}</button></div>
        {told}
    }
}

/// "Nguyễn Văn A, tháng 10: 99,5 Hoàn thành xuất sắc → 99,5 Hoàn thành tốt".
fn row(changed: &Changed) -> AnyView {
    let words = |result: Option<&Scored>, key: &shared::op::CardKey| {
        let Some(result) = result else { return t::rules::tried_none().to_owned() };
        let class = pack::pinned(&key.pack).map(|pack| class_title(pack, &result.class)).unwrap_or_default();
        format!("{} {class}", points_words(result.total.as_ref()))
    };
    let from = words(changed.from.as_ref(), &changed.key);
    let to = match &changed.next {
        Some(next) => words(changed.to.as_ref(), next),
        None => t::rules::tried_gone().to_owned(),
    };
    let left_out = (!changed.left_out.is_empty()).then(|| t::rules::tried_left_out(changed.left_out.len()));
    view! {
        <li>{format!("{}, {}: {from} → {to}", changed.name, lowered(&period_name(changed.key.period)))}" "{left_out}</li>
    }
    .into_any()
}
