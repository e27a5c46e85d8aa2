use crate::ui::{Signal, view};
use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::i18n::act_error;
use crate::state::ActError;

/// What is wrong with a field, next to it. The place is always there, so that screen readers announce what appears in it.
#[component]
pub fn FieldError(#[prop(into)] id: String, #[prop(into)] message: Signal<Option<String>>) -> impl IntoView {
    view! {
        <div id=id aria-live="polite">
            {move || message.get().map(|words| view! { <p class="wrong">{icon(Icon::Stop)}{words}</p> })}
        </div>
    }
}

/// Why the last act was not saved.
#[component]
pub fn ActNotice(#[prop(into)] error: Signal<Option<ActError>>) -> impl IntoView {
    view! {
        <div role="alert">
            {move || error.get().map(|error| view! {
                <div class="notice stop" data-testid="act-error">{icon(Icon::Stop)}<div>{act_error(&error)}</div></div>
            })}
        </div>
    }
}
