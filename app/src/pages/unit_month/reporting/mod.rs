//! "Báo cáo lên cấp trên": the unit's period is summed up, signed and reported, and the level above receives it or sends it
//! back. The level above sees which of its units have reported, and which not.
//!
//! Test ids: `reporting`, `reporting-overview`, `report-UNIT`, `report-state-UNIT`, `report-file-UNIT`,
//! `report-receive-UNIT`, `report-send-back-UNIT`, `report-comment`, `confirm`, `reason`.

mod contents;
mod state;

use leptos::prelude::*;
use shared::ids::UnitId;
use shared::op::{Payload, Target};
use shared::report::Reporting;
use shared::unit_period::Confirmation;

use super::super::units::Units;
use crate::components::{ActNotice, AskReason, Dialog, TextField};
use crate::i18n::{period_name, t};
use crate::state::{ActError, Workspace};
use contents::{Contents, missing, missing_by_reason, summary};
use shared::limits::NOTE_CHARS_MAX;

/// What the person is about to do with a unit's report.
#[derive(Clone, Copy)]
struct Acts {
    /// The unit whose report is asked about.
    chosen: RwSignal<Option<UnitId>>,
    filing: RwSignal<bool>,
    sending_back: RwSignal<bool>,
    error: RwSignal<Option<ActError>>,
}

/// The reports of the chosen unit and of those below it. Nothing where their regulations ask for none.
#[component]
pub(super) fn Reportings(units: Units) -> impl IntoView {
    let all = Memo::new(move |_| units.reportings());
    let acts = Acts {
        chosen: RwSignal::new(None),
        filing: RwSignal::new(false),
        sending_back: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    let list = move || all.get().into_iter().map(|one| view! { <One reporting=one acts=acts /> }).collect_view();
    let chosen =
        Memo::new(move |_| all.with(|all| all.iter().find(|one| Some(one.key.unit) == acts.chosen.get()).cloned()));
    view! {
        {move || (!all.read().is_empty()).then(|| view! {
            <section class="card reports" aria-labelledby="reporting-title" data-testid="reporting">
                <h2 id="reporting-title">{t::reporting::title()}</h2>
                {move || (all.read().len() > 1).then(|| view! {
                    <p class="quiet" data-testid="reporting-overview">{all.with(|all| state::overview(all))}</p>
                })}
                <ActNotice error=acts.error />
                {list}
            </section>
        })}
        <FileReport chosen=chosen acts=acts />
        <AskReason open=acts.sending_back title=t::reporting::send_back() hint=t::reporting::send_back_hint()
            action=t::reporting::send_back()
            on_reason=Callback::new(move |note| answer(chosen.get_untracked(), acts, Some(note))) />
    }
}

/// One unit: how far its report is, what it says, and what the person can do.
#[component]
fn One(reporting: Reporting, acts: Acts) -> impl IntoView {
    let unit = reporting.key.unit;
    let writes = Workspace::get().health().with(|health| health.read_only.is_none());
    let files = reporting.collects.is_some() && writes && !reporting.is_settled();
    let answers = reporting.confirms.is_some() && writes && !reporting.waiting.is_empty();
    let open = move |dialog: RwSignal<bool>| {
        acts.chosen.set(Some(unit));
        dialog.set(true);
    };
    let again = reporting.answer.is_some() || !reporting.waiting.is_empty();
    // Nothing is to be hurried while results are missing.
    let is_due = !again && missing_by_reason(&reporting.today).is_empty();
    let file = files.then(|| view! {
        <button type="button" class:main=is_due data-testid=format!("report-file-{unit}") on:click=move |_| open(acts.filing)>
            {if again { t::reporting::file_again() } else { t::reporting::file() }}
        </button>
    });
    let received = reporting.clone();
    let receive = move |_| answer(Some(received.clone()), acts, None);
    let receive = answers.then(|| view! {
        <button type="button" data-testid=format!("report-send-back-{unit}") on:click=move |_| open(acts.sending_back)>
            {t::reporting::send_back()}
        </button>
        <button type="button" class="main" data-testid=format!("report-receive-{unit}") on:click=receive>
            {t::reporting::receive()}
        </button>
    });
    // Whoever receives reports sums up only where a unit has nobody to do it.
    let (file, rarely) = if reporting.confirms.is_some() { (None, file) } else { (file, None) };
    let (state, said) = (state::tag_of(&reporting), state::said(&reporting));
    view! {
        <article class="stack tight" data-testid=format!("report-{unit}")>
            <div class="row"><h3>{reporting.unit.clone()}</h3><span data-testid=format!("report-state-{unit}")>{state}</span></div>
            <p>{summary(reporting.shown())}</p>
            {said.into_iter().map(|words| view! { <p class="small quiet">{words}</p> }).collect_view()}
            <Contents reporting=reporting><div class="row end">{rarely}</div></Contents>
            <div class="row end">{file}{receive}</div>
        </article>
    }
}

/// Shows what will be signed and what is missing, before the report is signed.
#[component]
fn FileReport(chosen: Memo<Option<Reporting>>, acts: Acts) -> impl IntoView {
    let comment = RwSignal::new(String::new());
    let file = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some((place, reporting)) = chosen.get_untracked().and_then(|one| Some((one.collects?, one))) else {
            return;
        };
        let words = comment.get_untracked().trim().to_owned();
        acts.filing.set(false);
        comment.set(String::new());
        let collection = shared::unit_period::Collection { comment: words, ..reporting.today };
        act(Target::UnitPeriod(reporting.key), Payload::Collect(place, collection.to_bytes()), acts);
    };
    let title =
        move || chosen.with(|one| one.as_ref().map(|one| t::reporting::file_title(&one.unit)).unwrap_or_default());
    let told = move || {
        chosen.get().map(|one| {
            let lacks = !missing_by_reason(&one.today).is_empty();
            let missing = lacks
                .then(|| view! { <div class="notice care" data-testid="report-missing">{missing(&one.today)}</div> });
            view! { <p>{period_name(one.key.period)}": "{summary(&one.today)}</p>{missing} }
        })
    };
    view! {
        <Dialog open=acts.filing title=Signal::derive(title)>
            <form class="stack" on:submit=file>
                {told}
                <div class="field">
                    <label for="report-comment">{t::reporting::comment()}</label>
                    <TextField name="report-comment" label=t::reporting::comment() testid="report-comment" value=comment
                        max=NOTE_CHARS_MAX on_change=Callback::new(move |text| comment.set(text)) local=true />
                </div>
                <p class="hint">{t::reporting::file_hint()}</p>
                <div class="row end">
                    <button type="button" on:click=move |_| acts.filing.set(false)>{t::common::cancel()}</button>
                    <button type="submit" class="main" data-testid="confirm">{t::reporting::file()}</button>
                </div>
            </form>
        </Dialog>
    }
}

/// Receives the latest report of a unit, or sends it back with a reason.
fn answer(reporting: Option<Reporting>, acts: Acts, sent_back: Option<String>) {
    let Some((place, reporting)) = reporting.and_then(|one| Some((one.confirms?, one))) else { return };
    let Some(report) = reporting.waiting.last().map(|report| report.op) else { return };
    let confirmation = Confirmation { report, sent_back: sent_back.is_some(), note: sent_back.unwrap_or_default() };
    act(Target::UnitPeriod(reporting.key), Payload::Confirm(place, confirmation.to_bytes()), acts);
}

fn act(target: Target, payload: Payload, acts: Acts) {
    let workspace = Workspace::get();
    workspace.see_through(async move {
        let _ = acts.error.try_set(workspace.act(target, payload).await.err());
    });
}
