//! The work as reported, and the superior's findings where they differ.

use crate::ui::{Memo, RwSignal, Signal, view};
use leptos::prelude::*;
use shared::limits::{NOTE_CHARS_MAX, QUANTITY_MAX};
use shared::num::Exact;
use shared::op::LineReview;
use shared::work::Cause;

use super::detail::Sheet;
use super::model::ReviewLine;
use crate::components::{Bounds, Stepper, TextField};
use crate::i18n::{quantity, t};
use crate::state::Workspace;

/// Times, days and reviews beyond this are a slip of the finger.
const COUNT_MAX: i64 = 366;

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

/// The finding on a line, as last entered.
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
        self.line.with_value(|line| finding(self.sheet, line).unwrap_or_else(|| line.as_reported()))
    }

    /// Enters a finding; one that agrees with the report and confirms nothing is no finding.
    fn find(self, change: impl FnOnce(&mut LineReview)) {
        let mut review = untrack(|| self.finding());
        change(&mut review);
        let (id, reported) = self.line.with_value(|line| (line.id, line.as_reported()));
        let agrees = LineReview { reason: String::new(), ..review.clone() } == reported;
        self.sheet.draft.put_review(id, (!agrees).then_some(review));
    }

    fn differs(self) -> bool {
        self.line.with_value(|line| finding(self.sheet, line).is_some())
    }
}

#[component]
fn LineRow(sheet: Sheet, line: ReviewLine) -> impl IntoView {
    let (report, handle) = (line.report.clone(), line.handle.clone());
    let words =
        t::review::reported(&quantity(&report.completed), &quantity(&line.assigned), &quantity(&line.coefficient));
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let notes = [
        (report.late_times > 0 || report.late_days > 0)
            .then(|| t::line::late(count(report.late_times), count(report.late_days))),
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
    let (title, for_findings) = (line.title.clone(), handle.clone());
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
            <Confirmations line=line handle=handle.clone() />
            <details class="reason" prop:open=open on:toggle:target=move |event| open.set(event.target().open())>
                <summary data-testid=format!("review-{handle}-more")>{t::review::change()}</summary>
                {move || open.get().then(|| view! { <Findings line=line handle=for_findings.clone() /> })}
            </details>
            <Reason line=line />
        </article>
    }
}

/// One tap confirms a claimed cause.
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
                <input type="checkbox" data-testid=format!("review-{handle}-{suffix}") disabled=move || line.sheet.closed()
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
            line.find(|review| set(review, number));
        });
        view! { <Number line=line name=format!("review-{handle}-{suffix}") label=label value=value bounds=Bounds::whole(COUNT_MAX) change=change /> }
    };
    let done = Signal::derive(move || Some(line.finding().completed));
    let accept =
        Callback::new(move |value: Option<Exact>| line.find(|review| review.completed = value.unwrap_or_default()));
    view! {
        <div class="columns">
            <Number line=line name=format!("review-{handle}-done") label=t::review::accepted() value=done bounds=Bounds::count(QUANTITY_MAX) change=accept />
            {counter("failed", t::line::failed_reviews(), |review| review.failed_reviews, |review, number| review.failed_reviews = number)}
            {counter("late-times", t::line::late_times(), |review| review.late_times, |review, number| review.late_times = number)}
            {counter("late-days", t::line::late_days(), |review| review.late_days, |review, number| review.late_days = number)}
        </div>
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
                disabled=Signal::derive(move || line.sheet.closed()) />
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
                    disabled=Signal::derive(move || line.sheet.closed()) value=Signal::derive(move || line.finding().reason)
                    on_change=Callback::new(move |text| line.find(|review| review.reason = text)) />
            </div>
        })}
    }
}
