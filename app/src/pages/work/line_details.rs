//! The fields of a line that are entered less often: evidence, lateness, failed reviews, causes, hand-over, due day,
//! removal.
//!
//! Test ids: `line-CODE-more`, `line-CODE-evidence`, `line-CODE-late-times`, `line-CODE-late-days`, `line-CODE-failed`,
//! `line-CODE-finished`, `line-CODE-handed-over`, `line-CODE-cause`, `line-CODE-cause-quality`,
//! `line-CODE-cause-progress`, `line-CODE-due`, `line-CODE-extra`, `line-CODE-remove`.

use leptos::prelude::*;
use shared::limits::NOTE_CHARS_MAX;
use shared::num::Exact;
use shared::op::Progress;
use shared::time::Day;
use shared::work::Cause;

use super::COUNT_MAX;
use super::line::{LineHandle, late_words};
use crate::chunks::{Deferred, Piece};
use crate::components::{Bounds, DayInput, DayRule, Icon, Stepper, TextField, icon};
use crate::i18n::t;
use crate::state::Workspace;

#[component]
pub(super) fn LineDetails(line: LineHandle, handle: String) -> impl IntoView {
    let open = RwSignal::new(false);
    let testid = format!("line-{handle}-more");
    let fields = format!("line-{handle}-");
    let workspace = Workspace::get();
    Effect::new(move |_| {
        if workspace.is_sought(&fields) {
            open.set(true);
        }
    });
    view! {
        <details prop:open=open on:toggle:target=move |event| open.set(event.target().open())>
            <summary data-testid=testid>{t::line::more()}</summary>
            <Show when=move || open.get()><Deferred piece=Piece::LineDetails(line) /></Show>
        </details>
    }
}

/// The fields themselves. In the daily chunk.
#[component]
pub fn LineFields(line: LineHandle) -> impl IntoView {
    let handle = untrack(|| line.read(|line| line.handle()));
    let counter = |suffix: &str, label: &'static str, get: fn(&Progress) -> u32, set: fn(&mut Progress, u32)| {
        view! { <Counter line=line name=format!("line-{handle}-{suffix}") label=label get=get set=set /> }
    };
    view! {
        <div class="stack">
            <Evidence line=line handle=handle.clone() />
            <Finished line=line handle=handle.clone() />
            <div class="columns">
                {counter("failed", t::details::failed_reviews(), |p| p.failed_reviews, |p, n| p.failed_reviews = n)}
                <HandedOver line=line handle=handle.clone() />
            </div>
            <Causes line=line handle=handle.clone() />
            <PlanFields line=line handle=handle />
        </div>
    }
}

fn closed_of(line: LineHandle) -> Signal<bool> {
    Signal::derive(move || !line.month.open())
}

/// The finishing day, from which the lateness follows. For work without a due day, the person declares the lateness.
#[component]
fn Finished(line: LineHandle, handle: String) -> impl IntoView {
    let has_due = Memo::new(move |_| line.read(|line| line.plan.due.is_some()));
    let finished = Signal::derive(move || line.read(|line| line.progress.finished));
    let finish = Callback::new(move |day: Option<Day>| line.report(|progress| progress.finished = day));
    let title = untrack(|| line.read(|line| line.title.clone()));
    let late = move || line.read(|line| late_words(&line.lateness()));
    move || {
        if has_due.get() {
            return view! {
                <DayInput id=format!("line-{handle}-finished") label=t::details::finished() title=title.clone() value=finished
                    rule=Signal::derive(move || line.finish_rule()) on_change=finish disabled=closed_of(line) />
                {move || late().map(|words| view! { <p class="small">{words}</p> })}
            }
            .into_any();
        }
        let (times, days) = (format!("line-{handle}-late-times"), format!("line-{handle}-late-days"));
        view! {
            <div class="columns">
                <Counter line=line name=times label=t::details::late_times() get=|p| p.late_times set=|p, n| p.late_times = n />
                <Counter line=line name=days label=t::details::late_days() get=|p| p.late_days set=|p, n| p.late_days = n />
            </div>
        }
        .into_any()
    }
}

#[component]
fn Counter(
    line: LineHandle,
    name: String,
    label: &'static str,
    get: fn(&Progress) -> u32,
    set: fn(&mut Progress, u32),
) -> impl IntoView {
    let value = Signal::derive(move || Some(Exact::from(line.read(|line| get(&line.progress)))));
    let change = Callback::new(move |value: Option<Exact>| {
        // The bounds allow only whole numbers up to COUNT_MAX.
        let number = value.unwrap_or_default().to_decimal(0).parse().unwrap_or_default();
        line.report(|progress| set(progress, number));
    });
    let closed = Signal::derive(move || !line.month.open());
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <Stepper name=name label=label value=value bounds=Bounds::whole(COUNT_MAX) on_change=change disabled=closed />
        </div>
    }
}

#[component]
fn HandedOver(line: LineHandle, handle: String) -> impl IntoView {
    let name = format!("line-{handle}-handed-over");
    let value = Signal::derive(move || Some(line.read(|line| line.progress.handed_over.clone())));
    let bounds = Signal::derive(move || Bounds::up_to(line.read(|line| line.plan.assigned.clone()), Exact::one()));
    let change = Callback::new(move |value: Option<Exact>| {
        line.report(|progress| progress.handed_over = value.unwrap_or_default());
    });
    let closed = Signal::derive(move || !line.month.open());
    view! {
        <div class="field">
            <label for=name.clone()>{t::details::handed_over()}</label>
            <Stepper name=name label=t::details::handed_over() value=value bounds=bounds on_change=change disabled=closed />
        </div>
    }
}

#[component]
fn Evidence(line: LineHandle, handle: String) -> impl IntoView {
    let id = format!("line-{handle}-evidence");
    view! {
        <div class="field">
            <label for=id.clone()>{t::details::evidence()}</label>
            <p class="hint">{t::details::evidence_hint()}</p>
            <TextField name=id label=t::details::evidence() max=NOTE_CHARS_MAX disabled=closed_of(line)
                value=Signal::derive(move || line.read(|line| line.progress.evidence.clone()))
                on_change=Callback::new(move |text| line.report(|progress| progress.evidence = text)) />
        </div>
    }
}

/// Objective causes are claimed here. They count only once the superior has confirmed them.
#[component]
fn Causes(line: LineHandle, handle: String) -> impl IntoView {
    let choice = |cause: Cause, words: &'static str, testid: String| {
        let toggle = move |checked: bool| {
            line.report(|progress| {
                if checked {
                    progress.causes.insert(cause);
                } else {
                    progress.causes.remove(&cause);
                }
            })
        };
        view! {
            <label class="choice">
                <input type="checkbox" data-testid=testid disabled=move || !line.month.open()
                    prop:checked=move || line.read(|line| line.progress.causes.contains(&cause))
                    on:change:target=move |event| toggle(event.target().checked()) />
                <span>{words}</span>
            </label>
        }
    };
    let id = format!("line-{handle}-cause");
    view! {
        <fieldset class="stack tight">
            <legend>{t::details::causes()}</legend>
            <p class="quiet small">{t::details::causes_hint()}</p>
            {choice(Cause::Quality, t::details::cause_quality(), format!("{id}-quality"))}
            {choice(Cause::Progress, t::details::cause_progress(), format!("{id}-progress"))}
            <div class="field">
                <label for=id.clone()>{t::details::cause_text()}</label>
                <TextField name=id label=t::details::cause_text() max=NOTE_CHARS_MAX disabled=closed_of(line)
                    value=Signal::derive(move || line.read(|line| line.progress.cause_text.clone()))
                    on_change=Callback::new(move |text| line.report(|progress| progress.cause_text = text)) />
            </div>
        </fieldset>
    }
}

/// The plan of the line: the due day, whether it is beyond the plan, and the removal.
#[component]
pub(crate) fn PlanFields(line: LineHandle, handle: String) -> impl IntoView {
    let due = Signal::derive(move || line.read(|line| line.plan.due));
    let fixed = Signal::derive(move || line.plan_fixed());
    let period = line.month.key.with_value(|key| key.period);
    let title = untrack(|| line.read(|line| line.title.clone()));
    let set_due = Callback::new(move |day: Option<Day>| line.revise(|plan| plan.due = day));
    view! {
        <div class="columns">
            <DayInput id=format!("line-{handle}-due") label=t::details::due_day() title=title value=due rule=DayRule::due(period)
                on_change=set_due disabled=fixed />
            <label class="choice">
                <input type="checkbox" data-testid=format!("line-{handle}-extra") disabled=move || line.plan_fixed()
                    prop:checked=move || line.read(|line| line.plan.extra)
                    on:change:target=move |event| line.revise(|plan| plan.extra = event.target().checked()) />
                <span>{t::details::extra_long()}</span>
            </label>
        </div>
        <div class="row end">
            <button type="button" class="stop" data-testid=format!("line-{handle}-remove")
                disabled=move || line.plan_fixed() || line.kept_by_report()
                on:click=move |_| line.remove()>{icon(Icon::Stop)}{t::details::remove()}</button>
        </div>
    }
}
