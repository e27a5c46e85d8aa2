//! The fields in which a personnel officer enters the document of an authority outside.
//!
//! Test ids: `document-number`, `document-day`, `document-authority`, each with `-error`.

use leptos::prelude::*;
use shared::limits::NAME_CHARS_MAX;
use shared::op::Document;
use shared::time::{Day, DayMisread, Period};

use crate::components::FieldError;
use crate::i18n::t;
use crate::state::Workspace;

/// What is typed of a document.
#[derive(Clone, Copy)]
pub(super) struct DocumentEntry {
    number: RwSignal<String>,
    day: RwSignal<String>,
    authority: RwSignal<String>,
    /// The field in which something is missing or wrong, with what is allowed.
    pub(super) wrong: RwSignal<Option<(&'static str, String)>>,
}

impl DocumentEntry {
    pub(super) fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self { number: text(), day: text(), authority: text(), wrong: RwSignal::new(None) }
    }

    /// The document, if all of it is there. Else the field in which something is missing says so.
    pub(super) fn read(self, period: Period) -> Option<Document> {
        let trimmed = |text: RwSignal<String>| text.get_untracked().trim().to_owned();
        let (number, authority) = (trimmed(self.number), trimmed(self.authority));
        let (first, today) = (period.first_day(), Workspace::get().today());
        let day = match Day::read_written(&self.day.get_untracked(), period) {
            Ok(day) | Err(DayMisread::Outside(day)) => Some(day),
            Err(_) => None,
        };
        let day = day.filter(|day| (first..=today).contains(day));
        let too_long = |text: &str| text.chars().count() > NAME_CHARS_MAX;
        let wrong = if number.is_empty() || too_long(&number) {
            Some(("number", t::outside::number_missing(&NAME_CHARS_MAX.to_string())))
        } else if authority.is_empty() || too_long(&authority) {
            Some(("authority", t::outside::authority_missing(&NAME_CHARS_MAX.to_string())))
        } else if day.is_none() {
            Some(("day", t::outside::day_wrong(&first.vietnamese(), &today.vietnamese())))
        } else {
            None
        };
        self.wrong.set(wrong);
        Some(Document { number, day: day?, authority }).filter(|_| self.wrong.with_untracked(Option::is_none))
    }
}

/// Number, authority and date.
#[component]
pub(super) fn DocumentFields(entry: DocumentEntry) -> impl IntoView {
    let wrong = entry.wrong;
    view! {
        <Line id="document-number" label=t::outside::number() value=entry.number field="number" wrong=wrong />
        <Line id="document-authority" label=t::outside::authority() value=entry.authority field="authority" wrong=wrong />
        <Line id="document-day" label=t::outside::day() value=entry.day field="day" wrong=wrong />
    }
}

/// A line of text with its error.
#[component]
pub(super) fn Line(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    field: &'static str,
    wrong: RwSignal<Option<(&'static str, String)>>,
) -> impl IntoView {
    let message = Signal::derive(move || wrong.get().filter(|(wrong, _)| *wrong == field).map(|(_, words)| words));
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input id=id data-testid=id type="text" autocomplete="off" aria-describedby=format!("{id}-error")
                prop:value=value on:input:target=move |event| { wrong.set(None); value.set(event.target().value()); } />
            <FieldError id=format!("{id}-error") message=message />
        </div>
    }
}
