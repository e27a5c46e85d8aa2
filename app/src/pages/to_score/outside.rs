//! Marks of an authority outside: personnel enters them on the same sheet and signs them with the document.
//!
//! Test ids: those of `document`, `confirm`.

use leptos::prelude::*;
use shared::op::Appraisal;

use super::super::document::{DocumentEntry, DocumentFields};
use super::sheet::Sheet;
use super::submit::submit;
use crate::components::Dialog;
use crate::i18n::t;

/// Asks for the document, then signs the marks.
#[component]
pub(super) fn ByDocument(sheet: Sheet, appraisal: Memo<Appraisal>, open: RwSignal<bool>) -> impl IntoView {
    let form = move || {
        let entry = DocumentEntry::new();
        let sign = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            if let Some(document) = entry.read(sheet.key.with_value(|key| key.period)) {
                open.set(false);
                submit(sheet, Appraisal { document: Some(document), ..appraisal.get_untracked() });
            }
        };
        view! {
            <form class="stack" on:submit=sign>
                <p class="hint">{t::outside::marks_hint()}</p>
                <DocumentFields entry=entry />
                <div class="row end">
                    <button type="button" on:click=move |_| open.set(false)>{t::common::cancel()}</button>
                    <button type="submit" class="main" data-testid="confirm">{t::outside::enter_sign()}</button>
                </div>
            </form>
        }
    };
    view! { <Dialog open=open title=t::outside::enter_title()>{form()}</Dialog> }
}
