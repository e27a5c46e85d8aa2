//! My month ("Việc của tôi"): the plan, what was done of it, and what stands in the way.
//!
//! Test ids: `add-work`, `same-as-last-month`, `undo`, `month-sum`; of a line `line-CODE`, `line-CODE-done`, `line-CODE-plus`,
//! `line-CODE-minus`, `line-CODE-assigned`, `line-CODE-more`, `line-CODE-evidence`, `line-CODE-late-times`, `line-CODE-late-days`,
//! `line-CODE-failed`, `line-CODE-remove` (CODE is the product's code, or the line's own id for free work); see `add_work`, too.

mod add_work;
mod copy;
mod line;
mod line_details;
mod model;

use crate::ui::{For, Memo, RwSignal, Signal, view};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::op::{CardKey, Payload, Stage, Target};

use super::own_card;
use super::returned::Returned;
use crate::components::{ActNotice, Actions, Autosave, Icon, PageHead, Undo, UndoOffer, icon};
use crate::i18n::{quantity, stage_name, t};
use crate::state::{ActError, Workspace};
use add_work::AddWork;
use line::LineCard;
use model::{LineView, MonthSum};

pub(super) use model::line_title;

/// What lines share: edits on their way, the undo on offer, and errors.
#[derive(Clone, Copy)]
struct Month {
    workspace: Workspace,
    key: StoredValue<CardKey>,
    lines: Memo<Vec<LineView>>,
    stage: Memo<Stage>,
    progress: Autosave<shared::ids::LineId, shared::op::Progress>,
    plans: Autosave<shared::ids::LineId, shared::op::NewLine>,
    undo: RwSignal<Option<UndoOffer>>,
    error: RwSignal<Option<ActError>>,
}

impl Month {
    fn new(key: CardKey) -> Self {
        let workspace = Workspace::get();
        let (for_lines, for_stage) = (key.clone(), key.clone());
        let (for_progress, for_plans) = (key.clone(), key.clone());
        Self {
            workspace,
            key: StoredValue::new(key),
            lines: Memo::new(move |_| workspace.with_view(|state| model::lines(state, &for_lines))),
            stage: Memo::new(move |_| {
                let stage = |state: &shared::state::State| state.card(&for_stage).map(shared::card::Card::stage);
                workspace.with_view(stage).unwrap_or(Stage::Working)
            }),
            progress: Autosave::new(move |edits| {
                let target = Target::Card(for_progress.clone());
                async move {
                    for (line, progress) in edits {
                        workspace.act(target.clone(), Payload::ReportProgress { line, progress }).await?;
                    }
                    Ok(())
                }
            }),
            plans: Autosave::new(move |edits| {
                let target = Target::Card(for_plans.clone());
                async move {
                    for (line, plan) in edits {
                        workspace.act(target.clone(), Payload::ReviseLine { line, plan }).await?;
                    }
                    Ok(())
                }
            }),
            undo: RwSignal::new(None),
            error: RwSignal::new(None),
        }
    }

    fn target(self) -> Target {
        Target::Card(self.key.get_value())
    }

    /// Whether lines may be changed: at the working stage, in a tab that may write.
    fn open(self) -> bool {
        self.stage.get() == Stage::Working && self.workspace.health().with(|health| health.read_only.is_none())
    }

    /// Carries out acts in order; the first that fails is shown.
    fn act(self, payloads: Vec<Payload>) {
        let (workspace, target) = (self.workspace, self.target());
        spawn_local(async move {
            for payload in payloads {
                let result = workspace.act(target.clone(), payload).await;
                let failed = result.is_err();
                let _ = self.error.try_set(result.err());
                if failed {
                    break;
                }
            }
        });
    }
}

/// The screen.
#[component]
pub fn MyMonth() -> impl IntoView {
    let key = own_card();
    view! {
        {move || match key.get() {
            Some(key) => view! { <MonthOf key=key /> }.into_any(),
            None => view! { <PageHead title=t::my_month::title() next_step=t::my_month::no_post() /> }.into_any(),
        }}
    }
}

#[component]
fn MonthOf(key: CardKey) -> impl IntoView {
    let month = Month::new(key.clone());
    provide_context(month);
    let adding = RwSignal::new(false);
    let error = Signal::derive(move || {
        month.error.get().or_else(|| month.progress.error().get()).or_else(|| month.plans.error().get())
    });
    let ids = move || month.lines.read().iter().map(|line| line.id).collect::<Vec<_>>();
    view! {
        <PageHead title=t::my_month::title() next_step=Signal::derive(move || next_step(month)) />
        <Returned key=key />
        <ActNotice error=error />
        <ul class="plain stack" aria-label=t::my_month::lines()>
            <For each=ids key=|id| *id let:id>
                <LineCard id=id />
            </For>
        </ul>
        <Undo offer=month.undo />
        <AddWork open=adding />
        <Foot adding=adding />
    }
}

#[component]
fn Foot(adding: RwSignal<bool>) -> impl IntoView {
    let month = expect_context::<Month>();
    let sum = move || {
        let sum = MonthSum::of(&month.lines.read());
        t::my_month::sum(sum.lines, sum.done, &quantity(&sum.converted_done), &quantity(&sum.converted_assigned))
    };
    view! {
        <Actions>
            <span class="sum" data-testid="month-sum">{sum}</span>
            <button type="button" data-testid="same-as-last-month" disabled=move || !month.open()
                on:click=move |_| copy::last_month(month)>{icon(Icon::Copy)}{t::my_month::same_as_last()}</button>
            <button type="button" class="main" data-testid="add-work" disabled=move || !month.open()
                on:click=move |_| adding.set(true)>{icon(Icon::Plus)}{t::my_month::add()}</button>
        </Actions>
    }
}

fn next_step(month: Month) -> String {
    let stage = month.stage.get();
    if stage != Stage::Working {
        return t::my_month::closed(stage_name(stage));
    }
    let sum = MonthSum::of(&month.lines.read());
    match (sum.lines, sum.lines - sum.done) {
        (0, _) => t::my_month::empty().to_owned(),
        (_, 0) => t::my_month::all_done().to_owned(),
        (_, left) => t::my_month::left(left),
    }
}
