//! A plain field with its label, for names and passwords of accounts. Nothing of it is stored.

use leptos::prelude::*;

/// A field with its label.
#[component]
pub fn AccountField(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    kind: &'static str,
    complete: &'static str,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input id=id data-testid=id type=kind autocomplete=complete autocapitalize="none" spellcheck="false"
                prop:value=value on:input:target=move |event| value.set(event.target().value()) />
        </div>
    }
}
