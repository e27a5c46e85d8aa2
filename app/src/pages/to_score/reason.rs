//! Why the superior states something else than the person; asked for as soon as it differs.

use leptos::prelude::*;
use shared::limits::NOTE_CHARS_MAX;

use crate::components::TextField;

/// The field. It is there while both differ.
#[component]
pub(super) fn Reason(
    id: String,
    #[prop(into)] label: Signal<String>,
    differs: Memo<bool>,
    reason: Signal<String>,
    on_change: Callback<String>,
    #[prop(into)] closed: Signal<bool>,
) -> impl IntoView {
    move || {
        differs.get().then(|| {
            let (id, name) = (id.clone(), label.get_untracked());
            view! {
                <div class="field reason">
                    <label for=id.clone()>{label}</label>
                    <TextField name=id label=name value=reason max=NOTE_CHARS_MAX short=true required=true
                        on_change=on_change disabled=closed />
                </div>
            }
        })
    }
}
