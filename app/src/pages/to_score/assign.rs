//! Giving work ("Giao việc") while the card still takes it: the person's lines, and the search that adds to them.
//!
//! Test ids: `assign`, `assign-work`; for the lines `line-CODE`, `line-CODE-done`, `line-CODE-assigned`,
//! `line-CODE-more`; for what can be changed and for the search see `work`.

use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use shared::num::Exact;
use shared::op::CardKey;
use shared::state::Judge;

use super::super::roster;
use super::super::work::{Assigned, LineHandle, LineView, Month, PlanFields, Work, about, state_tags};
use crate::components::{Icon, icon};
use crate::i18n::{quantity, t};
use crate::state::Workspace;

/// A component of its own, so that the contexts it provides end with it: the score that replaces it later must not find
/// them.
#[component]
pub(super) fn Assign(key: CardKey) -> impl IntoView {
    Owner::new().with(|| OwnedView::new(view! { <AssignTo key=key /> }))
}

#[component]
fn AssignTo(key: CardKey) -> impl IntoView {
    let name = untrack(|| Workspace::get().with_view(|state| roster::name(&state.org, key.subject)));
    let month = Month::new(Judge::WHOLE, key);
    provide_context(month);
    let adding = RwSignal::new(false);
    let hint = move || match month.lines.read().is_empty() {
        _ if !month.takes_work => t::assign::no_work(),
        true => t::assign::empty(),
        false => t::assign::hint(),
    };
    view! {
        <section class="stack" aria-labelledby="assign-title" data-testid="assign">
            <div class="row between">
                <h2 id="assign-title">{t::assign::title()}</h2>
                {month.takes_work.then(|| view! {
                    <button type="button" data-testid="assign-work" disabled=move || !month.open()
                        on:click=move |_| adding.set(true)>{icon(Icon::Plus)}{t::assign::title()}</button>
                })}
            </div>
            <p class="quiet">{hint}</p>
            <Work title=t::assign::to(&name) adding=adding draw=line_of_another />
        </section>
    }
}

fn line_of_another(line: LineHandle) -> AnyView {
    view! { <Line line=line /> }.into_any()
}

/// A line as a superior sees it: the person's report is read-only, and what a superior assigned can be changed.
#[component]
fn Line(line: LineHandle) -> impl IntoView {
    let handle = untrack(|| line.read(LineView::handle));
    let changeable = Memo::new(move |_| line.planned_here());
    let (for_amount, for_plan) = (handle.clone(), handle.clone());
    let assigned = move || {
        if changeable.get() {
            view! { <Assigned line=line handle=for_amount.clone() /> }.into_any()
        } else {
            amount(t::line::assigned(), format!("line-{for_amount}-assigned"), line, |line| &line.plan.assigned)
        }
    };
    view! {
        <li class="card line arrived" data-testid=format!("line-{handle}")>
            <div class="top">
                <div class="stack tight">
                    <h3>{move || line.read(|line| line.title.clone())}</h3>
                    <p class="quiet small">{move || about(line)}</p>
                </div>
                <div class="amount">
                    {amount(t::line::done(), format!("line-{handle}-done"), line, |line| &line.progress.completed)}
                    {assigned}
                </div>
            </div>
            <div class="row">{move || state_tags(line)}</div>
            {move || changeable.get().then(|| view! { <Plan line=line handle=for_plan.clone() /> })}
        </li>
    }
}

/// A read-only amount.
fn amount(label: &'static str, testid: String, line: LineHandle, read: fn(&LineView) -> &Exact) -> AnyView {
    let words = move || line.read(|line| quantity(read(line)));
    view! {
        <p class="stack tight">
            <span class="small quiet">{label}</span>
            <span class="number" data-testid=testid>{words}</span>
        </p>
    }
    .into_any()
}

/// The fields that are changed less often.
#[component]
fn Plan(line: LineHandle, handle: String) -> impl IntoView {
    view! {
        <details>
            <summary data-testid=format!("line-{handle}-more")>{t::assign::plan()}</summary>
            <div class="stack">
                <PlanFields line=line handle=handle />
                {move || line.kept_by_report().then(|| view! { <p class="quiet small">{t::assign::reported()}</p> })}
            </div>
        </details>
    }
}
