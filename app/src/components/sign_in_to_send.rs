//! A sign-in on the current page, for when the server wants a sign-in before it takes anything. It asks only for the
//! password of the person whose work is open. The page and what is entered on it stay.
//!
//! Test ids: `sign-in-to-send`, `send-password`, `send-error`, `send-sign-in`.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::dialog::Dialog;
use super::field_error::FieldError;
use super::icon::{Icon, icon};
use crate::i18n::{sign_in_words, t};
use crate::state::{SignInError, Workspace};

/// The button, while it is needed, and the dialog it opens.
#[component]
pub fn SignInToSend() -> impl IntoView {
    let workspace = Workspace::get();
    let open = RwSignal::new(false);
    view! {
        <Show when=move || workspace.session_ended().get()>
            <button type="button" class="main resend" data-testid="sign-in-to-send" on:click=move |_| open.set(true)>
                {icon(Icon::Send)}{t::send::action()}
            </button>
        </Show>
        <Dialog open=open title=t::send::action()>
            <Form open=open />
        </Dialog>
    }
}

#[component]
fn Form(open: RwSignal<bool>) -> impl IntoView {
    let workspace = Workspace::get();
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let name = move || workspace.person().get().map(|person| person.name).unwrap_or_default();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let secret = password.get_untracked();
        if secret.is_empty() {
            error.set(Some(t::send::missing().to_owned()));
        } else if !busy.get_untracked() {
            busy.set(true);
            spawn_local(async move {
                let result = workspace.sign_in_to_send(secret).await;
                let _ = busy.try_set(false);
                match result {
                    Ok(()) => drop(open.try_set(false)),
                    Err(why) => drop(error.try_set(Some(words(&why)))),
                }
            });
        }
    };
    view! {
        <form class="stack" on:submit=submit>
            <p>{move || t::send::hint(&name())}</p>
            <div class="field">
                <label for="send-password">{t::sign_in::password()}</label>
                <input id="send-password" data-testid="send-password" type="password" autocomplete="current-password"
                    aria-describedby="send-error" prop:value=password
                    on:input:target=move |event| password.set(event.target().value()) />
                <FieldError id="send-error" message=Signal::derive(move || error.get()) />
            </div>
            <div class="row end">
                <button type="button" on:click=move |_| open.set(false)>{t::common::cancel()}</button>
                <button type="submit" class="main" data-testid="send-sign-in" aria-disabled=move || busy.get().to_string()>
                    {move || if busy.get() { t::sign_in::busy() } else { t::send::action() }}
                </button>
            </div>
        </form>
    }
}

fn words(error: &SignInError) -> String {
    match error {
        SignInError::Wrong => t::send::wrong().to_owned(),
        SignInError::Unreachable => t::send::unreachable().to_owned(),
        // All other errors read as on the sign-in page.
        other => sign_in_words(other),
    }
}
