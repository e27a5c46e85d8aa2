//! The work on one card: its lines, and the search that adds to them. The person registers and reports here ("Việc của
//! tôi"), a superior assigns ("Chấm điểm"). [`line::LineHandle`] knows who may change which line.
//!
//! Test ids: `undo`; for a line see `line`, for the search see `add_work`.

mod add_work;
mod level;
mod line;
mod line_details;
mod model;

use leptos::prelude::*;
use shared::ids::LineId;
use shared::op::{CardKey, NewLine, Payload, Progress, Stage, Target};
use shared::pack::Factor;
use shared::state::{Judge, State};

use crate::components::{ActNotice, Form, Undo, UndoOffer, UnsavedNotice};
use crate::i18n::t;
use crate::state::{ActError, Entered, Place, Workspace};
use add_work::AddWork;
use line::LineCard;

pub(crate) use level::WorkLevel;
pub(crate) use line::LineHandle;
pub(super) use line::{Assigned, about, finish_rule, late_words, state_tags};
pub(crate) use line_details::LineFields;
pub(super) use line_details::PlanFields;
pub(super) use model::{LineView, frame_of, line_title, work_list};

/// Times, days and reviews above this are typing errors.
pub(super) const COUNT_MAX: i64 = 366;

/// What the lines of one card share: the card, the offered undo, and errors.
#[derive(Clone, Copy)]
pub(crate) struct Month {
    workspace: Workspace,
    pub(super) key: StoredValue<CardKey>,
    /// Whether the card is the signed-in person's. This decides who reports and who may change which line.
    own: bool,
    /// Judges what is done here: on the own card less has to be loaded for it than on another's.
    judge: Judge,
    /// Whether the person's role is marked by converted work; otherwise nobody is asked for any.
    pub(super) takes_work: bool,
    /// The levels of difficulty by which work is weighed; mostly none.
    pub(super) levels: &'static [Factor],
    /// The level of what is added next.
    pub(super) level: RwSignal<Option<String>>,
    pub(super) lines: Memo<Vec<LineView>>,
    pub(super) stage: Memo<Stage>,
    pub(super) undo: RwSignal<Option<UndoOffer>>,
    pub(super) error: RwSignal<Option<ActError>>,
}

impl Month {
    /// The work on the own card.
    pub(super) fn own(key: CardKey) -> Self {
        Self::new(Judge::OWN, key)
    }

    /// The work on a card, where `judge` judges what is done.
    pub(super) fn new(judge: Judge, key: CardKey) -> Self {
        let workspace = Workspace::get();
        Form::provide(key.clone());
        workspace.forget_on_leaving();
        let own = workspace
            .person()
            .get_untracked()
            .is_some_and(|me| workspace.with_view(|state| state.speaker(&key)) == me.person);
        let takes_work = untrack(|| workspace.with_view(|state| model::takes_work(state, &key)));
        let levels = untrack(|| workspace.with_view(|state| model::levels(state, &key)));
        let (for_lines, for_stage) = (key.clone(), key.clone());
        Self {
            workspace,
            key: StoredValue::new(key),
            own,
            judge,
            takes_work,
            levels,
            level: RwSignal::new(None),
            lines: Memo::new(move |_| workspace.with_view(|state| model::lines(state, &for_lines))),
            stage: Memo::new(move |_| {
                let stage = |state: &State| state.card(&for_stage).map(shared::card::Card::stage);
                workspace.with_view(stage).unwrap_or(Stage::Working)
            }),
            undo: RwSignal::new(None),
            error: RwSignal::new(None),
        }
    }

    pub(super) fn target(self) -> Target {
        Target::Card(self.key.get_value())
    }

    /// The edits of a line that are not folded yet.
    fn pending(self, line: LineId) -> (Option<Progress>, Option<NewLine>) {
        let pending = |place| self.key.with_value(|key| self.workspace.pending(key, place));
        let progress = match pending(Place::Progress(line)) {
            Some(Entered::Progress(progress)) => Some(progress),
            _ => None,
        };
        let plan = match pending(Place::Plan(line)) {
            Some(Entered::Plan(plan)) => Some(plan),
            _ => None,
        };
        (progress, plan)
    }

    fn enter(self, place: Place, value: Entered) {
        self.workspace.put(self.judge, self.key.get_value(), place, value);
    }

    /// Whether lines may be changed: at the working stage, in a tab that may write.
    pub(super) fn open(self) -> bool {
        self.stage.get() == Stage::Working && self.workspace.health().with(|health| health.read_only.is_none())
    }

    /// Whether the level of what is added next must be chosen first.
    pub(super) fn lacks_level(self) -> bool {
        !self.levels.is_empty() && self.level.with(Option::is_none)
    }

    /// Carries out acts in order. The first that fails is shown.
    pub(super) fn act(self, payloads: Vec<Payload>) {
        let (workspace, target) = (self.workspace, self.target());
        workspace.see_through(async move {
            for payload in payloads {
                let result = workspace.act_judged_by(self.judge, target.clone(), payload).await;
                let failed = result.is_err();
                let _ = self.error.try_set(result.err());
                if failed {
                    break;
                }
            }
        });
    }
}

/// A line of the person's own month.
pub(super) fn own_line(line: LineHandle) -> AnyView {
    view! { <LineCard line=line /> }.into_any()
}

/// The lines of the [`Month`] in context, drawn by `draw`, with the offered undo and the search, which opens when
/// `adding` is set.
#[component]
pub(super) fn Work(
    #[prop(into)] title: Signal<String>,
    adding: RwSignal<bool>,
    draw: fn(LineHandle) -> AnyView,
) -> impl IntoView {
    let month = expect_context::<Month>();
    let ids = move || month.lines.read().iter().map(|line| line.id).collect::<Vec<_>>();
    Effect::new(move |_| {
        let begins: Vec<String> = month.lines.read().iter().map(|line| format!("line-{}-", line.handle())).collect();
        let of_a_line = |name: &str| begins.iter().any(|begin| name.starts_with(begin.as_str()));
        let card = month.key.get_value();
        month.workspace.retain_wrong(&card, |name| !name.starts_with("line-") || of_a_line(name));
    });
    view! {
        <ActNotice error=month.error />
        <UnsavedNotice card=month.key.get_value() />
        <ul class="plain stack" aria-label=t::my_month::lines()>
            <For each=ids key=|id| *id let:id>
                {draw(LineHandle::new(id))}
            </For>
        </ul>
        <Undo offer=month.undo />
        <AddWork open=adding title=title />
    }
}
