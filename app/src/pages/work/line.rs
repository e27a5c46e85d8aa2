//! One line of work: its title, what was done of what was assigned, and its state.
//!
//! Test ids: `line-CODE`, `line-CODE-done`, `line-CODE-plus`, `line-CODE-minus`, `line-CODE-assigned`; see also
//! `line_details`. CODE is the product's code, or the line's own id for free work.

use std::sync::Arc;

use leptos::prelude::*;
use shared::card::Lateness;
use shared::ids::LineId;
use shared::limits::QUANTITY_MAX;
use shared::num::Exact;
use shared::op::{NewLine, Payload, Progress};
use shared::time::Period;

use super::Month;
use super::line_details::LineDetails;
use super::model::LineView;
use crate::components::{Bounds, DayOf, DayRule, Icon, Stepper, Tone, tag, word_title};
use crate::i18n::{lowered, period_name, quantity, t};
use crate::state::{Entered, Place, Workspace};

/// A line with the last entered values, saved or not.
#[derive(Clone, Copy)]
pub(crate) struct LineHandle {
    pub(super) id: LineId,
    pub(super) month: Month,
    pub(super) view: Memo<Option<LineView>>,
}

impl LineHandle {
    pub(super) fn new(id: LineId) -> Self {
        let month = expect_context::<Month>();
        let view = Memo::new(move |_| {
            let mut line = month.lines.read().iter().find(|line| line.id == id).cloned()?;
            let (progress, plan) = month.pending(id);
            line.progress = progress.unwrap_or(line.progress);
            line.plan = plan.unwrap_or(line.plan);
            Some(line)
        });
        Self { id, month, view }
    }

    /// Reads the line; returns the default once it was removed.
    pub(crate) fn read<R: Default>(self, read: impl FnOnce(&LineView) -> R) -> R {
        self.view.with(|line| line.as_ref().map(read)).unwrap_or_default()
    }

    /// Whether the plan of the line cannot be changed. The person changes what the person registered, a superior what a
    /// superior assigned.
    pub(crate) fn plan_fixed(self) -> bool {
        !self.month.open() || !self.planned_here()
    }

    /// Whether the line was put on the card by the reader's side: the person, or the superiors.
    pub(crate) fn planned_here(self) -> bool {
        self.month.own == self.read(|line| line.assigned_by.is_none())
    }

    /// Whether a report keeps the line on the card. If a superior removed the line, no undo could restore the report,
    /// which only the person may make.
    pub(crate) fn kept_by_report(self) -> bool {
        !self.month.own && self.read(|line| line.progress != Progress::default())
    }

    /// Changes what was done.
    pub(super) fn report(self, change: impl FnOnce(&mut Progress)) {
        let mut progress = untrack(|| self.read(|line| line.progress.clone()));
        change(&mut progress);
        self.month.enter(Place::Progress(self.id), Entered::Progress(progress));
    }

    /// Changes how much was done. An increase sets the finishing day to today, until someone enters another; nothing
    /// done clears it.
    fn done(self, completed: Exact) {
        let (_, today) = self.finish_rule().bounds;
        self.report(|progress| {
            if completed.is_zero() {
                progress.finished = None;
            } else if completed > progress.completed {
                progress.finished = Some(today);
            }
            progress.completed = completed;
        });
    }

    /// The days on which work of this card may have been finished: from the first day of its period to today.
    pub(super) fn finish_rule(self) -> DayRule {
        let period = self.month.key.with_value(|key| key.period);
        let from = self.read(|line| line.plan.carried);
        let rule = finish_rule(period);
        DayRule { bounds: (from.unwrap_or(period).first_day(), rule.bounds.1), ..rule }
    }

    /// Changes what is assigned.
    pub(super) fn revise(self, change: impl FnOnce(&mut NewLine)) {
        if let Some(mut plan) = untrack(|| self.view.with(|line| line.as_ref().map(|line| line.plan.clone()))) {
            change(&mut plan);
            self.month.enter(Place::Plan(self.id), Entered::Plan(plan));
        }
    }

    /// Removes the line and offers to restore it with its report. What was carried from the period before is offered above
    /// the lines again.
    pub(super) fn remove(self) {
        let Some(line) = self.view.get_untracked() else { return };
        let (workspace, month) = (Workspace::get(), self.month);
        month.act(vec![Payload::RemoveLine { line: self.id, reason: String::new() }]);
        if line.plan.carried.is_some() {
            return;
        }
        let words = t::my_month::removed(&line.title);
        let put_back = Arc::new(move || {
            let (target, line) = (month.target(), line.clone());
            workspace.see_through(async move {
                let again = Payload::AssignWork(vec![line.plan]);
                let Ok(op) = workspace.act_judged_by(month.judge, target.clone(), again).await else { return };
                if line.progress != Progress::default() {
                    let line_again = LineId::new(op, 0);
                    let report = Payload::ReportProgress { line: line_again, progress: line.progress };
                    let _ = month.error.try_set(workspace.act_judged_by(month.judge, target, report).await.err());
                }
            });
        });
        month.undo.set(Some((words, put_back)));
    }
}

/// One line of the person's own month.
#[component]
pub(super) fn LineCard(line: LineHandle) -> impl IntoView {
    let handle = untrack(|| line.read(LineView::handle));
    view! {
        <li class="card line arrived" data-testid=format!("line-{handle}")>
            <div class="top">
                <div class="stack tight">
                    <h2>{move || line.read(|line| line.title.clone())}</h2>
                    <p class="quiet small">{move || about(line)}</p>
                </div>
                <Amounts line=line handle=handle.clone() />
            </div>
            <div class="row">{move || state_tags(line)}</div>
            {move || line.read(over_words).map(|words| view! { <p class="small" data-testid="over">{words}</p> })}
            <LineDetails line=line handle=handle.clone() />
        </li>
    }
}

/// Code, coefficient, due day, and who assigned it.
pub(crate) fn about(line: LineHandle) -> String {
    let levels = line.month.levels;
    line.read(|line| {
        let k = t::line::coefficient(&quantity(&line.plan.coefficient));
        let due = line.plan.due.map(|due| t::line::due(&due.vietnamese()));
        let by = line.assigned_by.as_ref().map(|name| t::line::assigned_by(name));
        let code = (!line.plan.code.is_empty()).then(|| line.plan.code.clone());
        let level = line.plan.level.as_ref().map(|level| word_title(levels, level));
        [code, Some(k), level, due, by].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    })
}

/// What was done of what was assigned.
#[component]
fn Amounts(line: LineHandle, handle: String) -> impl IntoView {
    let done = Signal::derive(move || Some(line.read(|line| line.progress.completed.clone())));
    let closed = Signal::derive(move || !line.month.open());
    let title = untrack(|| line.read(|line| line.title.clone()));
    let report = Callback::new(move |value: Option<Exact>| line.done(value.unwrap_or_default()));
    view! {
        <div class="amount">
            <div class="stack tight">
                <span class="small quiet" aria-hidden="true">{t::line::done()}</span>
                <Stepper name=format!("line-{handle}-done") testid=format!("line-{handle}") value=done
                    label=t::line::done_of(&title) bounds=Bounds::count(QUANTITY_MAX) on_change=report disabled=closed />
            </div>
            <Assigned line=line handle=handle />
        </div>
    }
}

/// The assigned amount, for a person who may change it.
#[component]
pub(crate) fn Assigned(line: LineHandle, handle: String) -> impl IntoView {
    let assigned = Signal::derive(move || Some(line.read(|line| line.plan.assigned.clone())));
    let fixed = Signal::derive(move || line.plan_fixed());
    let title = untrack(|| line.read(|line| line.title.clone()));
    let revise =
        Callback::new(move |value: Option<Exact>| line.revise(|plan| plan.assigned = value.unwrap_or_default()));
    view! {
        <div class="stack tight">
            <span class="small quiet" aria-hidden="true">{t::line::assigned()}</span>
            <Stepper name=format!("line-{handle}-assigned") value=assigned label=t::line::assigned_of(&title)
                bounds=Bounds::count(QUANTITY_MAX) on_change=revise disabled=fixed />
        </div>
    }
}

/// How work beyond the assigned amount counts.
fn over_words(line: &LineView) -> Option<&'static str> {
    line.is_over().then(|| if line.plan.extra { t::line::over_extra() } else { t::line::over_words() })
}

/// The state of the line as chips.
pub(crate) fn state_tags(line: LineHandle) -> Vec<AnyView> {
    let today = Workspace::get().today();
    line.read(|line| {
        let progress = &line.progress;
        let mut tags = vec![match (line.is_done(), line.is_overdue(today), progress.completed.is_zero()) {
            _ if line.is_over() => {
                let over = &progress.completed - &line.plan.assigned;
                tag(Tone::Care, Icon::Warning, t::line::over(&quantity(&over)))
            }
            (true, ..) => tag(Tone::Safe, Icon::Tick, t::line::is_done()),
            (_, true, _) => tag(Tone::Care, Icon::Clock, t::line::overdue()),
            (_, _, true) => tag(Tone::Here, Icon::Work, t::line::not_begun()),
            _ => tag(Tone::Sent, Icon::Pencil, t::line::under_way()),
        }];
        if line.plan.extra {
            tags.push(tag(Tone::Sent, Icon::Plus, t::line::extra()));
        }
        if let Some(words) = late_words(&line.lateness()) {
            tags.push(tag(Tone::Care, Icon::Clock, words));
        }
        if progress.failed_reviews > 0 {
            tags.push(tag(Tone::Care, Icon::Warning, t::line::failed(count(progress.failed_reviews))));
        }
        if let Some(period) = line.plan.carried {
            tags.push(tag(Tone::Sent, Icon::Info, t::line::carried(&lowered(&period_name(period)))));
        }
        if let Some(period) = line.counts_in {
            tags.push(tag(Tone::Sent, Icon::Forward, t::line::counts_in(&lowered(&period_name(period)))));
        }
        if line.contested {
            tags.push(tag(Tone::Care, Icon::Warning, t::line::contested()));
        }
        tags
    })
}

/// The days on which work of a period may have been finished: from its first day to today.
pub(crate) fn finish_rule(period: Period) -> DayRule {
    let first = period.first_day();
    DayRule { period, bounds: (first, Workspace::get().today().max(first)), of: DayOf::Finished }
}

/// The lateness in words, with the days it follows from; `None` for work in time.
pub(crate) fn late_words(late: &Lateness) -> Option<String> {
    let days = count(late.days);
    late.is_late().then(|| match late.by_days {
        Some((due, _)) if late.undated => t::line::undated(days, &due.vietnamese()),
        Some((due, finished)) => t::line::late_by_days(days, &due.vietnamese(), &finished.vietnamese()),
        None => t::line::late(count(late.times), days),
    })
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
