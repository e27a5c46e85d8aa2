//! The reported work, and the superior's findings where they differ. Work that the person put on the own card comes
//! first: it counts only if the superior confirms or sets it.

use leptos::prelude::*;
use shared::card::Lateness;
use shared::limits::{LINES_PER_OPERATION_MAX, NOTE_CHARS_MAX, QUANTITY_MAX};
use shared::num::Exact;
use shared::op::{LineReview, PlanReview};
use shared::time::Day;
use shared::work::Cause;

use super::super::work::{COUNT_MAX, finish_rule, frame_of, late_words};
use super::model::ReviewLine;
use super::sheet::Sheet;
use crate::components::{Bounds, DayInput, Icon, Stepper, TextField, icon};
use crate::i18n::{quantity, t};
use crate::state::Workspace;

#[component]
pub(super) fn Lines(sheet: Sheet) -> impl IntoView {
    let (folded, first): (Vec<ReviewLine>, Vec<_>) =
        untrack(|| sheet.lines.get().into_iter().partition(|line| line.is_plain() && finding(sheet, line).is_none()));
    let (count, plain) = (folded.len() + first.len(), folded.len());
    let lines = move |lines: Vec<ReviewLine>| {
        lines.into_iter().map(|line| view! { <LineRow sheet=sheet line=line /> }).collect_view()
    };
    view! {
        <section class="card" aria-labelledby="lines-title">
            <h2 id="lines-title">{t::review::title(count)}</h2>
            <ConfirmListed sheet=sheet />
            {lines(first)}
            {(plain > 0).then(|| view! {
                <details data-testid="plain-lines">
                    <summary>{t::review::plain(plain)}</summary>
                    {lines(folded)}
                </details>
            })}
        </section>
    }
}

/// The last finding on a line.
fn finding(sheet: Sheet, line: &ReviewLine) -> Option<LineReview> {
    match sheet.draft.field(&format!("line/{}", line.id)) {
        Some(field) => field.review,
        None => sheet.before.with(|before| before.lines.get(&line.id).cloned()),
    }
}

/// A line whose finding can be changed.
#[derive(Clone, Copy)]
struct Handle {
    sheet: Sheet,
    line: StoredValue<ReviewLine>,
}

impl Handle {
    fn finding(self) -> LineReview {
        self.line.with_value(|line| finding(self.sheet, line).unwrap_or_else(|| line.agreeing.clone()))
    }

    /// Enters a finding. For work that a superior assigned, a finding that agrees with the report and confirms nothing
    /// is dropped.
    fn find(self, change: impl FnOnce(&mut LineReview)) {
        let mut review = untrack(|| self.finding());
        change(&mut review);
        let (id, needless) = self.line.with_value(|line| (line.id, !line.own && line.agrees(&review)));
        self.sheet.draft.put_review(id, (!needless).then_some(review));
    }

    /// Changes what is assigned. This confirms work that was not answered yet.
    fn set_plan(self, change: impl FnOnce(&mut PlanReview)) {
        let planned = self.line.with_value(|line| line.planned.clone());
        self.find(|review| change(review.plan.get_or_insert(planned)));
    }

    fn differs(self) -> bool {
        self.line.with_value(|line| finding(self.sheet, line).is_some_and(|review| !line.agrees(&review)))
    }

    /// Whether the person's own work counts: `None` while not answered.
    fn confirmed(self) -> Option<bool> {
        self.line.with_value(|line| finding(self.sheet, line)).map(|review| review.plan.is_some())
    }

    /// How late it is by the finishing day of the finding. Nothing without a due day.
    fn lateness_by_days(self) -> Lateness {
        self.lateness_on(self.finding().finished)
    }

    /// How late it is if it was finished on this day.
    fn lateness_on(self, finished: Option<Day>) -> Lateness {
        let ends = self.sheet.key.with_value(|key| key.period.last_day());
        Lateness::of(self.line.with_value(|line| line.due), finished, (0, 0), ends)
    }
}

/// Confirms in one tap all own work of the person that is in a list, as registered. Work that no list has must be
/// confirmed line by line.
#[component]
fn ConfirmListed(sheet: Sheet) -> impl IntoView {
    let waiting = Memo::new(move |_| {
        let waits = |line: &&ReviewLine| line.own && !line.free && finding(sheet, line).is_none();
        sheet.lines.with(|lines| lines.iter().filter(waits).cloned().collect::<Vec<_>>())
    });
    let confirm = move |_| {
        for line in waiting.get_untracked().into_iter().take(LINES_PER_OPERATION_MAX) {
            sheet.draft.put_review(line.id, Some(line.agreeing));
        }
    };
    move || {
        let count = waiting.with(Vec::len);
        (count > 0).then(|| {
            view! {
                <div class="notice">{icon(Icon::Info)}<div class="row">
                    <span>{t::review::own_listed(count)}</span>
                    <button type="button" data-testid="confirm-listed" disabled=sheet.closed on:click=confirm>
                        {t::review::confirm_listed(count)}
                    </button>
                </div></div>
            }
        })
    }
}

#[component]
fn LineRow(sheet: Sheet, line: ReviewLine) -> impl IntoView {
    let (report, handle) = (line.report.clone(), line.handle.clone());
    let (assigned, k) = (quantity(&line.planned.assigned), quantity(&line.planned.coefficient));
    let words = t::review::reported(&quantity(&report.completed), &assigned, &k);
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let begun = !report.completed.is_zero();
    let dates = line.due.zip(report.finished).filter(|_| begun);
    let notes = [
        dates.map(|(due, finished)| t::review::dates(&due.vietnamese(), &finished.vietnamese())),
        late_words(&line.late).filter(|_| begun),
        (report.failed_reviews > 0).then(|| t::line::failed(count(report.failed_reviews))),
        (!report.handed_over.is_zero()).then(|| t::review::handed_over(&quantity(&report.handed_over))),
        (!report.cause_text.is_empty()).then(|| t::review::claims(&report.cause_text)),
        Some(if report.evidence.is_empty() {
            t::review::no_evidence().to_owned()
        } else {
            t::review::evidence(&report.evidence)
        }),
    ];
    let notes = notes.into_iter().flatten().map(|note| view! { <li>{note}</li> }).collect_view();
    let (title, for_findings, own) = (line.title.clone(), handle.clone(), line.own);
    let line = Handle { sheet, line: StoredValue::new(line) };
    let open = RwSignal::new(untrack(|| line.differs()));
    let (fields, workspace) = (format!("review-{handle}-"), Workspace::get());
    Effect::new(move |_| {
        if workspace.is_sought(&fields) {
            open.set(true);
        }
    });
    view! {
        <article class="criterion" data-testid=format!("review-{handle}")>
            <div class="stack tight">
                <h3>{title}</h3>
                <p>{words}</p>
                <ul class="small">{notes}</ul>
            </div>
            {own.then(|| view! { <OwnWork line=line handle=handle.clone() /> })}
            <Confirmations line=line handle=handle.clone() />
            <details class="reason" prop:open=open on:toggle:target=move |event| open.set(event.target().open())>
                <summary data-testid=format!("review-{handle}-more")>{t::review::change()}</summary>
                <Show when=move || open.get()><Findings line=line handle=for_findings.clone() /></Show>
            </details>
            <Reason line=line />
        </article>
    }
}

/// The person's own work: whether it counts, how much, and with which weight.
#[component]
fn OwnWork(line: Handle, handle: String) -> impl IntoView {
    let free = line.line.with_value(|line| line.free);
    let name = format!("review-{handle}-own");
    let choice = |confirms: bool, suffix: &str, words: &'static str| {
        let choose = move |_| {
            let planned = line.line.with_value(|line| line.planned.clone());
            line.find(|review| review.plan = confirms.then_some(planned));
        };
        view! {
            <label class="choice">
                <input type="radio" name=name.clone() data-testid=format!("review-{handle}-{suffix}")
                    disabled=line.sheet.closed prop:checked=move || line.confirmed() == Some(confirms)
                    on:change=choose />
                <span>{words}</span>
            </label>
        }
    };
    let for_plan = handle.clone();
    // Only the answer redraws the plan, not every letter that is typed into it.
    let counts = Memo::new(move |_| line.confirmed() == Some(true));
    view! {
        <fieldset class="stack tight" data-testid=name.clone()>
            <legend>{if free { t::review::own_free() } else { t::review::own() }}</legend>
            {choice(true, "confirm", t::review::counts())}
            {choice(false, "refuse", t::review::counts_not())}
            {move || counts.get().then(|| view! { <SetPlan line=line handle=for_plan.clone() /> })}
        </fieldset>
    }
}

/// What the superior sets of the person's own work. The coefficient is asked only if no list gives it.
#[component]
fn SetPlan(line: Handle, handle: String) -> impl IntoView {
    let plan = Memo::new(move |_| line.finding().plan.unwrap_or_default());
    let assigned = Signal::derive(move || plan.with(|plan| Some(plan.assigned.clone())));
    let coefficient = Signal::derive(move || plan.with(|plan| Some(plan.coefficient.clone())));
    let assign =
        Callback::new(move |value: Option<Exact>| line.set_plan(|plan| plan.assigned = value.unwrap_or_default()));
    let weigh =
        Callback::new(move |value: Option<Exact>| line.set_plan(|plan| plan.coefficient = value.unwrap_or_default()));
    let closed = line.sheet.closed;
    let frame = line.sheet.key.with_value(|key| untrack(|| frame_of(key)));
    let coefficient_field = line.line.with_value(|line| line.free).then(|| {
        let name = format!("review-{handle}-coefficient");
        view! {
            <div class="field">
                <label for=name.clone()>{t::field::coefficient()}</label>
                <Stepper name=name label=t::field::coefficient() value=coefficient bounds=frame on_change=weigh disabled=closed />
            </div>
        }
    });
    let beyond = move |checked: bool| line.set_plan(|plan| plan.extra = checked);
    view! {
        <div class="columns">
            <Number line=line name=format!("review-{handle}-assigned") label=t::field::assigned() value=assigned
                bounds=Bounds::count(QUANTITY_MAX) change=assign />
            {coefficient_field}
            <label class="choice">
                <input type="checkbox" data-testid=format!("review-{handle}-extra") disabled=closed
                    prop:checked=move || plan.with(|plan| plan.extra)
                    on:change:target=move |event| beyond(event.target().checked()) />
                <span>{t::details::extra_long()}</span>
            </label>
        </div>
    }
}

/// Confirms a claimed cause in one tap.
#[component]
fn Confirmations(line: Handle, handle: String) -> impl IntoView {
    let claimed = line.line.with_value(|line| line.report.causes.clone());
    let choice = move |cause: Cause| {
        let (words, suffix) = match cause {
            Cause::Quality => (t::review::confirm_quality(), "quality"),
            Cause::Progress => (t::review::confirm_progress(), "progress"),
        };
        let toggle = move |checked: bool| {
            line.find(|review| {
                if checked {
                    review.causes.insert(cause);
                } else {
                    review.causes.remove(&cause);
                }
            })
        };
        view! {
            <label class="choice">
                <input type="checkbox" data-testid=format!("review-{handle}-{suffix}") disabled=line.sheet.closed
                    prop:checked=move || line.finding().causes.contains(&cause)
                    on:change:target=move |event| toggle(event.target().checked()) />
                <span>{words}</span>
            </label>
        }
    };
    view! { <div>{claimed.into_iter().map(choice).collect_view()}</div> }
}

#[component]
fn Findings(line: Handle, handle: String) -> impl IntoView {
    let counter = |suffix: &str, label: &'static str, get: fn(&LineReview) -> u32, set: fn(&mut LineReview, u32)| {
        let value = Signal::derive(move || Some(Exact::from(get(&line.finding()))));
        let change = Callback::new(move |value: Option<Exact>| {
            let number = value.unwrap_or_default().to_decimal(0).parse().unwrap_or_default();
            let late = untrack(|| line.lateness_by_days());
            line.find(|review| {
                set(review, number);
                (review.late_times, review.late_days) =
                    (review.late_times.max(late.times), review.late_days.max(late.days));
            });
        });
        view! { <Number line=line name=format!("review-{handle}-{suffix}") label=label value=value bounds=Bounds::whole(COUNT_MAX) change=change /> }
    };
    let done = Signal::derive(move || Some(line.finding().completed));
    let accept =
        Callback::new(move |value: Option<Exact>| line.find(|review| review.completed = value.unwrap_or_default()));
    // The days give the lateness. A superior may find more, never less.
    let finish = Callback::new(move |day: Option<Day>| {
        let late = line.lateness_on(day);
        line.find(|review| {
            review.finished = day;
            (review.late_times, review.late_days) = (late.times, late.days);
        });
    });
    let finished = Signal::derive(move || line.finding().finished);
    let (due, title) = line.line.with_value(|line| (line.due, line.title.clone()));
    let period = line.sheet.key.with_value(|key| key.period);
    let days = due.map(|_| {
        view! {
            <DayInput id=format!("review-{handle}-finished") label=t::details::finished() title=title value=finished
                rule=Signal::derive(move || finish_rule(period)) on_change=finish disabled=line.sheet.closed />
        }
    });
    view! {
        {days}
        <div class="columns">
            <Number line=line name=format!("review-{handle}-done") label=t::review::accepted() value=done bounds=Bounds::count(QUANTITY_MAX) change=accept />
            {counter("failed", t::details::failed_reviews(), |review| review.failed_reviews, |review, number| review.failed_reviews = number)}
            {counter("late-times", t::details::late_times(), |review| review.late_times, |review, number| review.late_times = number)}
            {counter("late-days", t::details::late_days(), |review| review.late_days, |review, number| review.late_days = number)}
        </div>
        {move || due.and_then(|_| late_words(&line.lateness_by_days())).map(|words| view! { <p class="small">{words}</p> })}
    }
}

#[component]
fn Number(
    line: Handle,
    name: String,
    label: &'static str,
    value: Signal<Option<Exact>>,
    bounds: Bounds,
    change: Callback<Option<Exact>>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <Stepper name=name label=label value=value bounds=bounds on_change=change
                disabled=line.sheet.closed />
        </div>
    }
}

#[component]
fn Reason(line: Handle) -> impl IntoView {
    let handle = line.line.with_value(|line| line.handle.clone());
    let id = format!("review-{handle}-reason");
    let differs = Memo::new(move |_| line.differs());
    view! {
        {move || differs.get().then(|| view! {
            <div class="field reason">
                <label for=id.clone()>{t::review::reason()}</label>
                <TextField name=id.clone() label=t::review::reason() max=NOTE_CHARS_MAX short=true required=true
                    disabled=line.sheet.closed value=Signal::derive(move || line.finding().reason)
                    on_change=Callback::new(move |text| line.find(|review| review.reason = text)) />
            </div>
        })}
    }
}
