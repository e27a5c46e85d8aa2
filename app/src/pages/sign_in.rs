//! The sign-in form, which is the same with and without a network. It offers people known on this device by name.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{AccountField, Icon, Languages, icon};
use crate::i18n::{localised, sign_in_words, t};
use crate::state::{KnownPerson, Workspace};

/// The sign-in screen. Test ids: `username`, `password`, `sign-in`, `sign-in-error`, `known-USERNAME`.
#[component]
pub fn SignIn() -> impl IntoView {
    localised(|| {
        view! {
            <main class="door" id="main">
                <section class="card" aria-labelledby="sign-in-title">
                    <p class="brand">"Công Tâm"</p>
                    <h1 id="sign-in-title">{t::sign_in::title()}</h1>
                    <SignInForm />
                    <Languages />
                </section>
            </main>
        }
    })
}

#[component]
fn SignInForm() -> impl IntoView {
    let workspace = Workspace::get();
    let username = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (name, secret) = (username.get_untracked().trim().to_owned(), password.get_untracked());
        if name.is_empty() || secret.is_empty() {
            error.set(Some(t::sign_in::both_needed().to_owned()));
        } else if !busy.get_untracked() {
            busy.set(true);
            // The error of the last attempt must not look like an error of this one.
            error.set(None);
            spawn_local(async move {
                let result = workspace.sign_in(name, secret).await;
                // After a success this form and its signals are gone.
                let _ = busy.try_set(false);
                let _ = error.try_set(result.err().map(|error| sign_in_words(&error)));
            });
        }
    };
    view! {
        <form class="stack" on:submit=submit>
            <Known username=username />
            <AccountField id="username" label=t::sign_in::username() value=username kind="text" complete="username" />
            <AccountField id="password" label=t::sign_in::password() value=password kind="password" complete="current-password" />
            <div role="alert" data-testid="sign-in-error">
                {move || error.get().map(|words| view! { <p class="wrong">{icon(Icon::Stop)}{words}</p> })}
            </div>
            <button type="submit" class="main" data-testid="sign-in" aria-disabled=move || busy.get().to_string()>
                {move || if busy.get() { t::sign_in::busy() } else { t::sign_in::action() }}
            </button>
            <p class="quiet small">{t::sign_in::offline_hint()}</p>
        </form>
    }
}

/// The people known on this device: a tap fills in the name.
#[component]
fn Known(username: RwSignal<String>) -> impl IntoView {
    let known = Workspace::get().known_people();
    let choice = move |person: KnownPerson| {
        let name = person.username.clone();
        let testid = format!("known-{name}");
        view! {
            <button type="button" class="chip" data-testid=testid on:click=move |_| username.set(name.clone())>
                {person.name}
            </button>
        }
    };
    view! {
        {move || (!known.read().is_empty()).then(|| view! {
            <div class="stack tight">
                <p class="quiet small">{t::sign_in::known()}</p>
                <div class="row">{known.get().into_iter().map(choice).collect_view()}</div>
            </div>
        })}
    }
}
