//! What is entered less often: evidence, lateness, failed reviews, causes, hand-over, due day, removal.
//!
//! Test ids: `line-CODE-more`, `line-CODE-evidence`, `line-CODE-late-times`, `line-CODE-late-days`, `line-CODE-failed`,
//! `line-CODE-handed-over`, `line-CODE-cause`, `line-CODE-cause-quality`, `line-CODE-cause-progress`, `line-CODE-due`,
//! `line-CODE-extra`, `line-CODE-remove`.

use crate::ui::{RwSignal, Signal, view};
use leptos::prelude::*;
use shared::num::Exact;
use shared::op::Progress;
use shared::time::Day;
use shared::work::Cause;

use super::line::LineHandle;
use crate::components::{Bounds, FieldError, Icon, Stepper, icon};
use crate::i18n::t;

/// Times, days and reviews beyond this are a slip of the finger.
const COUNT_MAX: i64 = 366;

#[component]
pub(super) fn LineDetails(line: LineHandle, handle: String) -> impl IntoView {
    let open = RwSignal::new(false);
    let testid = format!("line-{handle}-more");
    view! {
        <details on:toggle:target=move |event| open.set(event.target().open())>
            <summary data-testid=testid>{t::line::more()}</summary>
            {move || open.get().then(|| view! { <Inside line=line handle=handle.clone() /> })}
        </details>
    }
}

#[component]
fn Inside(line: LineHandle, handle: String) -> impl IntoView {
    let counter = |suffix: &str, label: &'static str, get: fn(&Progress) -> u32, set: fn(&mut Progress, u32)| {
        view! { <Counter line=line name=format!("line-{handle}-{suffix}") label=label get=get set=set /> }
    };
    view! {
        <div class="stack">
            <Evidence line=line handle=handle.clone() />
            <div class="columns">
                {counter("late-times", t::line::late_times(), |p| p.late_times, |p, n| p.late_times = n)}
                {counter("late-days", t::line::late_days(), |p| p.late_days, |p, n| p.late_days = n)}
                {counter("failed", t::line::failed_reviews(), |p| p.failed_reviews, |p, n| p.failed_reviews = n)}
                <HandedOver line=line handle=handle.clone() />
            </div>
            <Causes line=line handle=handle.clone() />
            <PlanFields line=line handle=handle />
        </div>
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
        // The bounds let whole numbers through only up to COUNT_MAX; a fraction is cut to what it counts.
        let number = value.unwrap_or_default().to_decimal(0).parse().unwrap_or_default();
        line.report(|progress| set(progress, number));
    });
    let closed = Signal::derive(move || !line.month.open());
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <Stepper name=name label=label value=value bounds=Bounds::count(COUNT_MAX) on_change=change disabled=closed />
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
            <label for=name.clone()>{t::line::handed_over()}</label>
            <Stepper name=name label=t::line::handed_over() value=value bounds=bounds on_change=change disabled=closed />
        </div>
    }
}

#[component]
fn Evidence(line: LineHandle, handle: String) -> impl IntoView {
    let id = format!("line-{handle}-evidence");
    view! {
        <div class="field">
            <label for=id.clone()>{t::line::evidence()}</label>
            <p class="hint">{t::line::evidence_hint()}</p>
            <textarea id=id.clone() data-testid=id maxlength="2000" disabled=move || !line.month.open()
                prop:value=move || line.read(|line| line.progress.evidence.clone())
                on:input:target=move |event| line.report(|progress| progress.evidence = event.target().value())
                on:blur=move |_| line.month.flush() />
        </div>
    }
}

/// Objective causes are claimed here and confirmed by the superior; until then they do not count.
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
            <legend>{t::line::causes()}</legend>
            <p class="quiet small">{t::line::causes_hint()}</p>
            {choice(Cause::Quality, t::line::cause_quality(), format!("{id}-quality"))}
            {choice(Cause::Progress, t::line::cause_progress(), format!("{id}-progress"))}
            <div class="field">
                <label for=id.clone()>{t::line::cause_text()}</label>
                <textarea id=id.clone() data-testid=id maxlength="2000" disabled=move || !line.month.open()
                    prop:value=move || line.read(|line| line.progress.cause_text.clone())
                    on:input:target=move |event| line.report(|progress| progress.cause_text = event.target().value())
                    on:blur=move |_| line.month.flush() />
            </div>
        </fieldset>
    }
}

/// What was planned: due day, beyond the plan or not, removal.
#[component]
pub(crate) fn PlanFields(line: LineHandle, handle: String) -> impl IntoView {
    let due_id = format!("line-{handle}-due");
    view! {
        <div class="columns">
            <DueDay line=line id=due_id />
            <label class="choice">
                <input type="checkbox" data-testid=format!("line-{handle}-extra") disabled=move || line.plan_fixed()
                    prop:checked=move || line.read(|line| line.plan.extra)
                    on:change:target=move |event| line.revise(|plan| plan.extra = event.target().checked()) />
                <span>{t::line::extra_long()}</span>
            </label>
        </div>
        <div class="row end">
            <button type="button" class="stop" data-testid=format!("line-{handle}-remove")
                disabled=move || line.plan_fixed() || line.kept_by_report()
                on:click=move |_| line.remove()>{icon(Icon::Stop)}{t::line::remove()}</button>
        </div>
    }
}

/// A day as it is written in Vietnam; the browser's own field follows the device's language and turns day and month round.
#[component]
fn DueDay(line: LineHandle, id: String) -> impl IntoView {
    let wrong = RwSignal::new(None::<String>);
    let enter = move |text: String| {
        let day = Day::parse(&text);
        if day.is_some() || text.trim().is_empty() {
            wrong.set(None);
            line.revise(|plan| plan.due = day);
        } else {
            wrong.set(Some(text));
        }
    };
    let shown = move || {
        let saved = || line.read(|line| line.plan.due).map(Day::vietnamese).unwrap_or_default();
        wrong.get().unwrap_or_else(saved)
    };
    let error = Signal::derive(move || wrong.get().map(|found| t::input::day_allowed(&found)));
    let error_id = format!("{id}-error");
    view! {
        <div class="field">
            <label for=id.clone()>{t::line::due_day()}</label>
            <p class="hint">{t::input::day_hint()}</p>
            <input type="text" inputmode="numeric" autocomplete="off" id=id.clone() data-testid=id
                aria-describedby=error_id.clone() aria-invalid=move || wrong.get().is_some().to_string()
                disabled=move || line.plan_fixed() prop:value=shown
                on:change:target=move |event| enter(event.target().value()) />
            <FieldError id=error_id message=error />
        </div>
    }
}
