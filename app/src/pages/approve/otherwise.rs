//! The dialog in which the decider sets another total or class than the one reckoned, with the reason, and the one in which
//! personnel enters what an authority outside decided.
//!
//! Test ids: `set-class`, `set-total`, `set-reason`, `confirm`, and those of `document`.

use leptos::prelude::*;
use shared::limits::NOTE_CHARS_MAX;
use shared::num::Exact;
use shared::op::{Approval, CardKey, Payload, Reckoned};
use shared::pack::Pack;

use super::super::decided::{class_words, points_words};
use super::super::document::{DocumentEntry, DocumentFields, Line};
use super::Decisions;
use super::model::{self, DecideRow};
use crate::components::{Bounds, Dialog, FieldError, class_title, read_bounded};
use crate::i18n::{decimal, t};

/// A result that is being entered.
#[derive(Clone, Copy)]
struct Entry {
    total: RwSignal<String>,
    class: RwSignal<String>,
    reason: RwSignal<String>,
    wrong: RwSignal<Option<(&'static str, String)>>,
}

impl Entry {
    fn of(total: Option<&Exact>, class: &str) -> Self {
        let total = total.map(decimal).unwrap_or_default();
        let (total, class) = (RwSignal::new(total), RwSignal::new(class.to_owned()));
        Self { total, class, reason: RwSignal::new(String::new()), wrong: RwSignal::new(None) }
    }

    /// The points entered: those `seen`, where their text was left as it was. An error says what is allowed.
    fn points(self, seen: Option<&Exact>, pack: &Pack) -> Result<Option<Exact>, String> {
        let text = self.total.get_untracked().trim().to_owned();
        match seen {
            Some(seen) if decimal(seen) == text => Ok(Some(seen.clone())),
            _ => read_bounded(&text, &Bounds::up_to(pack.scale_max.clone(), Exact::one())),
        }
    }
}

/// The decision with the result that is entered, if all of it is there.
fn set(entry: Entry, seen: &Approval, pack: &Pack) -> Option<Approval> {
    let (total, class) = (seen.total.clone()?, seen.class.clone());
    let reason = entry.reason.get_untracked().trim().to_owned();
    let points = entry.points(Some(&total), pack);
    let chosen = entry.class.get_untracked();
    let wrong = match &points {
        Err(words) => Some(("total", words.clone())),
        Ok(None) => Some(("total", t::outside::points_missing().to_owned())),
        Ok(Some(points)) if *points == total && chosen == class => {
            Some(("class", t::outside::nothing_set().to_owned()))
        }
        Ok(_) if reason.is_empty() => Some(("reason", t::common::reason_required().to_owned())),
        Ok(_) if reason.chars().count() > NOTE_CHARS_MAX => {
            Some(("reason", t::outside::too_long(&NOTE_CHARS_MAX.to_string())))
        }
        Ok(_) => None,
    };
    entry.wrong.set(wrong.clone());
    let points = points.ok().flatten().filter(|_| wrong.is_none())?;
    Some(Approval {
        total: Some(points),
        class: chosen,
        reckoned: Some(Reckoned { total, class, reason }),
        ..seen.clone()
    })
}

/// Class and points.
#[component]
fn Result(entry: Entry, pack: &'static Pack, points: &'static str) -> impl IntoView {
    let options = pack.classes.iter().map(|class| {
        let code = class.code.clone();
        let chosen = move || entry.class.read() == code;
        view! { <option value=class.code.clone() prop:selected=chosen>{class_title(pack, &class.code)}</option> }
    });
    let message =
        Signal::derive(move || entry.wrong.get().filter(|(field, _)| *field == "class").map(|(_, words)| words));
    view! {
        <div class="field">
            <label for="set-class">{t::unit::class()}</label>
            <select id="set-class" data-testid="set-class" on:change:target=move |event| { entry.wrong.set(None); entry.class.set(event.target().value()); }>
                <option value="" prop:selected=move || entry.class.read().is_empty()>"–"</option>
                {options.collect_view()}
            </select>
            <FieldError id="set-class-error" message=message />
        </div>
        <Line id="set-total" label=points value=entry.total field="total" wrong=entry.wrong />
    }
}

/// The dialog of a decider.
#[component]
pub(super) fn Otherwise(row: DecideRow, open: RwSignal<bool>) -> impl IntoView {
    let decisions = expect_context::<Decisions>();
    let row = StoredValue::new(row);
    let form = move || {
        let (seen, pack, key, step) =
            row.with_value(|row| Some((row.approval.clone()?, row.pack()?, row.key.clone(), row.deciding?.step)))?;
        let entry = Entry::of(seen.total.as_ref(), &seen.class);
        let shown = t::outside::as_reckoned(&points_words(seen.total.as_ref()), &class_words(pack, &seen.class));
        let submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            if let Some(approval) = set(entry, &seen, pack) {
                open.set(false);
                decisions.acts.run(vec![(key.clone(), Payload::Approve(step, approval))]);
            }
        };
        Some(view! {
            <form class="stack" on:submit=submit>
                <p>{shown}</p>
                <p class="hint">{t::outside::set_hint()}</p>
                <Result entry=entry pack=pack points=t::outside::points() />
                <Line id="set-reason" label=t::common::reason() value=entry.reason field="reason" wrong=entry.wrong />
                <Foot open=open action=t::outside::set_sign() />
            </form>
        })
    };
    view! { <Dialog open=open title=t::outside::set_title()>{form()}</Dialog> }
}

/// The dialog of a personnel officer.
#[component]
pub(super) fn Entered(row: DecideRow, open: RwSignal<bool>) -> impl IntoView {
    let decisions = expect_context::<Decisions>();
    let row = StoredValue::new(row);
    let form = move || {
        let (pack, key, name) = row.with_value(|row| Some((row.pack()?, row.key.clone(), row.name.clone())))?;
        let (entry, document) = (Entry::of(None, ""), DocumentEntry::new());
        let sign = move |key: &CardKey| {
            let document = document.read(key.period)?;
            let total = entry.points(None, pack).map_err(|words| entry.wrong.set(Some(("total", words)))).ok()?;
            let class = entry.class.get_untracked();
            if class.is_empty() && !pack.classes.is_empty() {
                entry.wrong.set(Some(("class", t::outside::class_missing().to_owned())));
                return None;
            }
            row.with_value(|row| model::entered(row, total, class, document, entry.reason.get_untracked()))
        };
        let submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            entry.wrong.set(None);
            if let Some(act) = sign(&key) {
                open.set(false);
                decisions.acts.run(vec![act]);
            }
        };
        Some(view! {
            <form class="stack" on:submit=submit>
                <p class="hint">{t::outside::enter_hint(&name)}</p>
                <DocumentFields entry=document />
                <Result entry=entry pack=pack points=t::outside::points_if_any() />
                <Line id="set-reason" label=t::field::note() value=entry.reason field="reason" wrong=entry.wrong />
                <Foot open=open action=t::outside::enter_sign() />
            </form>
        })
    };
    view! { <Dialog open=open title=t::outside::enter_title()>{form()}</Dialog> }
}

#[component]
fn Foot(open: RwSignal<bool>, action: &'static str) -> impl IntoView {
    view! {
        <div class="row end">
            <button type="button" on:click=move |_| open.set(false)>{t::common::cancel()}</button>
            <button type="submit" class="main" data-testid="confirm">{action}</button>
        </div>
    }
}
