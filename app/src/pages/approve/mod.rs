//! The screen to approve and publish ("Phê duyệt"): how many are in each class, who is ready, one tap for all, and
//! exceptions one by one.
//!
//! Test ids: `approve-all`, `publish-all`, `approve-ID`, `publish-ID`, `return-ID`, `ready-count`.

mod model;
mod rows;

use leptos::prelude::*;
use shared::op::CardKey;

use super::in_turn::InTurn;
use crate::components::{ActNotice, Actions, Bar, BarChart, Confirm, Explained, Icon, PageHead, icon};
use crate::i18n::t;
use crate::screens::Screen;
use crate::state::Workspace;
use model::{DecideRow, approval, bars, publication, quota_words};
use rows::Rows;

/// The state that all rows share.
#[derive(Clone, Copy)]
struct Decisions {
    rows: Memo<Vec<DecideRow>>,
    acts: InTurn,
}

impl Decisions {
    fn ready(self) -> Vec<DecideRow> {
        self.rows.get().into_iter().filter(DecideRow::may_be_approved).collect()
    }

    /// How deciding these cards changes the limited class.
    fn pressure(self, rows: &[DecideRow], only_over: bool) -> Vec<String> {
        let workspace = Workspace::get();
        let Some(me) = workspace.person().get() else { return Vec::new() };
        let keys: Vec<CardKey> = rows.iter().map(|row| row.key.clone()).collect();
        workspace.with_view(|state| model::pressure_words(state, me.person, &keys, only_over))
    }

    fn publishable(self) -> Vec<DecideRow> {
        self.rows.get().into_iter().filter(DecideRow::may_be_published).collect()
    }
}

/// The screen to approve and publish.
#[component]
pub fn Approve() -> impl IntoView {
    let workspace = Workspace::get();
    let rows = Memo::new(move |_| {
        let Some(me) = workspace.person().get() else { return Vec::new() };
        let period = workspace.period().get();
        workspace.with_view(|state| model::rows(state, me.person, period, workspace.today()))
    });
    let decisions = Decisions { rows, acts: InTurn::new() };
    provide_context(decisions);
    view! {
        <Explained>
            <PageHead title=t::approve::title() next_step=Signal::derive(move || next_step(decisions)) />
            <ActNotice error=decisions.acts.error />
            <Distribution />
            <Rows />
            <Foot />
        </Explained>
    }
}

/// How many are in each class, in words and bars, with the quota of the highest class.
#[component]
fn Distribution() -> impl IntoView {
    let decisions = expect_context::<Decisions>();
    let bars: Memo<Vec<Bar>> = Memo::new(move |_| bars(&decisions.rows.read()));
    let quota = Memo::new(move |_| quota_words(&decisions.rows.read()));
    view! {
        <section class="card" aria-labelledby="classes-title">
            <h2 id="classes-title">{t::approve::classes()}</h2>
            <BarChart title=t::approve::classes() bars=bars />
            <Show when=move || quota.read().is_some()>
                <p>{icon(Icon::Info)}" "{move || quota.get()}</p>
                <p><a class="button" href=Screen::Quota.path() data-testid="to-quota">{t::quota::title()}</a></p>
            </Show>
        </section>
    }
}

#[component]
fn Foot() -> impl IntoView {
    let decisions = expect_context::<Decisions>();
    let approving = RwSignal::new(false);
    let publishing = RwSignal::new(false);
    let ready = Memo::new(move |_| decisions.ready().len());
    let publishable = Memo::new(move |_| decisions.publishable().len());
    let writable = move || {
        decisions.acts.progress.get().is_none() && Workspace::get().health().with(|health| health.read_only.is_none())
    };
    let sum = move || match decisions.acts.progress.get() {
        Some((done, all)) => t::approve::progress(done.saturating_add(1).min(all), all),
        None => t::approve::ready(ready.get()),
    };
    let approve = move |()| decisions.acts.run(decisions.ready().iter().filter_map(approval).collect());
    let publish = move |()| decisions.acts.run(decisions.publishable().iter().filter_map(publication).collect());
    let warnings = Signal::derive(move || decisions.pressure(&decisions.ready(), false));
    let main = move |is_main: bool| if is_main { "main" } else { "" };
    view! {
        <Actions>
            <span class="sum" aria-live="polite" data-testid="ready-count"
                data-busy=move || decisions.acts.progress.get().is_some().to_string()>{sum}</span>
            <button type="button" data-testid="publish-all" disabled=move || publishable.get() == 0 || !writable()
                class=move || main(ready.get() == 0) on:click=move |_| publishing.set(true)>
                {move || match publishable.get() {
                    0 => t::approve::publish().to_owned(),
                    count => t::approve::publish_all(count),
                }}
            </button>
            <button type="button" data-testid="approve-all" disabled=move || ready.get() == 0 || !writable()
                class=move || main(ready.get() > 0) on:click=move |_| approving.set(true)>
                {move || t::approve::approve_all(ready.get())}
            </button>
        </Actions>
        <Confirm open=approving title=t::approve::approve_title()
            words=Signal::derive(move || t::approve::approve_words(ready.get(), &model::classes_words(&decisions.ready())))
            action=Signal::derive(move || t::approve::approve_all(ready.get())) on_confirm=Callback::new(approve)
            warnings=warnings />
        <Confirm open=publishing title=t::approve::publish_title()
            words=Signal::derive(move || t::approve::publish_words(publishable.get()))
            action=Signal::derive(move || t::approve::publish_all(publishable.get())) on_confirm=Callback::new(publish) />
    }
}

fn next_step(decisions: Decisions) -> String {
    let (ready, publishable) = (decisions.ready().len(), decisions.publishable().len());
    let rows = decisions.rows.read();
    let waiting = rows.iter().filter(|row| row.waits() && !row.waits_for_decision()).count();
    let opens = rows.iter().filter(|row| row.waits_for_decision()).find_map(|row| row.opens);
    if let (0, 0, Some(day)) = (ready, publishable, opens) {
        return t::approve::not_yet(&day.vietnamese());
    }
    match (rows.len(), ready, publishable, waiting) {
        (0, ..) => t::approve::nobody().to_owned(),
        (_, 0, 0, 0) => t::approve::all_done().to_owned(),
        (_, 0, 0, waiting) => t::approve::waiting(waiting),
        (_, 0, publishable, _) => t::approve::to_publish(publishable),
        (_, ready, ..) => t::approve::to_approve(ready),
    }
}
