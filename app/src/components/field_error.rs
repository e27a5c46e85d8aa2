//! Error messages where the error is: at a field, after an act, and at what could not be saved.

use leptos::either::Either;
use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::chunks::{Deferred, Piece};
use crate::i18n::{act_error, t};
use crate::state::{ActError, Workspace};
use shared::op::CardKey;

/// The error of a field, next to it. The element is always there, so that screen readers announce what appears in it.
#[component]
pub fn FieldError(#[prop(into)] id: String, #[prop(into)] message: Signal<Option<String>>) -> impl IntoView {
    let message = Memo::new(move |_| message.get());
    view! {
        <div id=id aria-live="polite">
            {move || message.get().map(|words| view! { <p class="wrong">{icon(Icon::Stop)}{words}</p> })}
        </div>
    }
}

/// Why an act was not saved, in words.
fn why_not(error: ActError) -> AnyView {
    match error {
        ActError::Refused(refusal) => view! { <Deferred piece=Piece::Refused(StoredValue::new(refusal)) /> }.into_any(),
        other => act_error(&other).into_any(),
    }
}

/// Why the last act was not saved.
#[component]
pub fn ActNotice(#[prop(into)] error: Signal<Option<ActError>>) -> impl IntoView {
    view! {
        <div role="alert">
            {move || error.get().map(|error| view! {
                <div class="notice stop" data-testid="act-error">{icon(Icon::Stop)}<div>{why_not(error)}</div></div>
            })}
        </div>
    }
}

/// What was entered on a card and could not be saved. It stays in its fields, and the person decides what to do with
/// it. Test ids: `unsaved`, `save-again`, `drop-unsaved`.
#[component]
pub fn UnsavedNotice(card: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let error = workspace.unsaved(card.clone());
    // The error is read at every letter; the memo redraws only when it changes.
    let error = Memo::new(move |_| error.get());
    let card = StoredValue::new(card);
    let way_out = move |error: &ActError| match error {
        // Saving it again would be refused again.
        ActError::Refused(_) => Either::Left(view! {
            <button type="button" data-testid="drop-unsaved" on:click=move |_| workspace.drop_refused(&card.get_value())>
                {t::save::drop_unsaved()}
            </button>
        }),
        _ => Either::Right(view! {
            <button type="button" data-testid="save-again" on:click=move |_| workspace.flush()>{t::save::again()}</button>
        }),
    };
    view! {
        <div role="alert">
            {move || error.get().map(|error| view! {
                <div class="notice stop" data-testid="unsaved">
                    {icon(Icon::Stop)}
                    <div><p>{t::save::unsaved()}</p>{why_not(error.clone())}</div>
                    {way_out(&error)}
                </div>
            })}
        </div>
    }
}
