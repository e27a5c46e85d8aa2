//! "Add work": a search over the work list in force; one tap adds a result. Work that no list has can be added, too.
//!
//! Test ids: `work-search`, `work-result-CODE`, `work-done`, `free-name`, `free-coefficient`, `free-add`.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::limits::NAME_CHARS_MAX;
use shared::num::Exact;
use shared::op::{NewLine, Payload};

use super::Month;
use super::model::{self, Entry};
use crate::components::{Dialog, FieldError, Icon, Stepper, TextField, icon};
use crate::i18n::{quantity, t};
use crate::state::Workspace;

/// The number of results shown at once. More words narrow the search.
const RESULTS_SHOWN_MAX: usize = 40;

#[component]
pub(super) fn AddWork(open: RwSignal<bool>, title: Signal<String>) -> impl IntoView {
    view! {
        <Dialog open=open title=title wide=true>
            <Search />
            <FreeWork />
            <div class="row end">
                <button type="button" class="main" data-testid="work-done" on:click=move |_| open.set(false)>
                    {t::add_work::done()}
                </button>
            </div>
        </Dialog>
    }
}

#[component]
fn Search() -> impl IntoView {
    let month = expect_context::<Month>();
    let key = month.key.get_value();
    let workspace = Workspace::get();
    // The list is read again only when another one comes into force, such as when it was still on its way from the
    // server.
    let list = {
        let key = key.clone();
        Memo::new(move |_| workspace.with_view(|state| model::list_in_force(state, &key)))
    };
    let entries = Memo::new(move |_| {
        // Read, not only tracked: a memo that nobody has read has no sources and is never notified of a change.
        let _ = list.get();
        untrack(|| workspace.with_view(|state| model::work_list(state, &key)))
    });
    let query = RwSignal::new(String::new());
    let found = Memo::new(move |_| model::search(&entries.read(), &query.read()));
    let count = move || match found.read().len() {
        0 => t::add_work::none().to_owned(),
        number if number > RESULTS_SHOWN_MAX => t::add_work::too_many(number),
        number => t::add_work::found(number),
    };
    let shown = move || found.get().into_iter().take(RESULTS_SHOWN_MAX);
    view! {
        <div class="field">
            <label for="work-search">{t::add_work::search()}</label>
            <p class="hint">{t::add_work::search_hint()}</p>
            <input id="work-search" data-testid="work-search" type="search" autocomplete="off" prop:value=query
                on:input:target=move |event| query.set(event.target().value()) />
        </div>
        <p role="status" class="quiet small">{count}</p>
        <div class="results">
            <For each=shown key=|entry| entry.product.code.clone() let:entry>
                <ResultRow entry=entry />
            </For>
        </div>
    }
}

#[component]
fn ResultRow(entry: Entry) -> impl IntoView {
    let month = expect_context::<Month>();
    let code = entry.product.code.clone();
    let testid = format!("work-result-{code}");
    let here = Memo::new(move |_| month.lines.read().iter().any(|line| line.plan.code == code));
    let product = &entry.product;
    let about = [
        Some(product.code.clone()),
        Some(t::line::coefficient(&quantity(&product.coefficient))),
        product.unit_name.clone(),
        entry.usual.then(|| t::add_work::usual().to_owned()),
    ];
    let about = about.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let name = product.name.clone();
    let add = move |_| month.act(vec![Payload::AssignWork(vec![model::plan_of(&entry, None)])]);
    view! {
        <button type="button" data-testid=testid on:click=add disabled=here>
            <span><span>{name}</span><span class="quiet small">{about}</span></span>
            <span class="small strong">{move || if here.get() { t::add_work::here() } else { t::add_work::add() }}</span>
        </button>
    }
}

/// Adds work that no list has: a name, and its coefficient against the standard product.
#[component]
fn FreeWork() -> impl IntoView {
    let month = expect_context::<Month>();
    let name = RwSignal::new(String::new());
    let frame = month.key.with_value(|key| untrack(|| model::frame_of(key)));
    let coefficient = RwSignal::new(Some(Exact::one().max(frame.min.clone()).min(frame.max.clone())));
    let missing = RwSignal::new(false);
    let added = RwSignal::new(0_usize);
    let workspace = Workspace::get();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        workspace.finish_typing();
        if let Some((field, _)) = untrack(|| workspace.first_wrong(None)) {
            return workspace.seek(&field);
        }
        let title = name.get_untracked().trim().to_owned();
        missing.set(title.is_empty());
        if let (false, Some(coefficient)) = (title.is_empty(), coefficient.get_untracked()) {
            added.update(|added| *added += 1);
            let plan = NewLine {
                code: String::new(),
                name: title,
                coefficient,
                assigned: Exact::one(),
                due: None,
                list: None,
                extra: false,
            };
            month.act(vec![Payload::AssignWork(vec![plan])]);
            name.set(String::new());
        }
    };
    let error = Signal::derive(move || missing.get().then(|| t::add_work::name_missing().to_owned()));
    let change = Callback::new(move |value| coefficient.set(value));
    view! {
        <details>
            <summary data-testid="free-work">{t::add_work::free()}</summary>
            <form class="stack" on:submit=submit>
                <div class="field">
                    <label for="free-name">{t::add_work::free_name()}</label>
                    <TextField name="free-name" label=t::add_work::free_name() value=name max=NAME_CHARS_MAX short=true
                        on_change=Callback::new(move |text| name.set(text)) local=true />
                    <FieldError id="free-name-missing" message=error />
                </div>
                <div class="field">
                    <label for="free-coefficient">{t::add_work::free_coefficient()}</label>
                    <p class="hint">{t::add_work::free_coefficient_hint(&quantity(&frame.min), &quantity(&frame.max))}</p>
                    <Stepper name="free-coefficient" label=t::add_work::free_coefficient() value=coefficient
                        bounds=frame.clone() on_change=change local=true />
                </div>
                <div class="row end">
                    <button type="submit" data-testid="free-add">{icon(Icon::Plus)}{t::add_work::free_add()}</button>
                </div>
                <p role="status" class="quiet small">
                    {move || (added.get() > 0).then(|| t::add_work::free_added(added.get()))}
                </p>
            </form>
        </details>
    }
}
