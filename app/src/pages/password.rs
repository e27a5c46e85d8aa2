//! The form to change the password.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{AccountField, Icon, icon};
use crate::i18n::t;
use crate::state::{PasswordAnswer, Weak, Workspace};

/// The outcome as a sentence, and whether it is a success.
type Told = Option<(bool, &'static str)>;

/// A form for the old password and, twice, the new one. Test ids: `password-old`, `password-new`, `password-again`,
/// `change-password`, `password-message`.
#[component]
pub(super) fn ChangePassword() -> impl IntoView {
    let workspace = Workspace::get();
    let fields = [RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new())];
    let [old, new, again] = fields;
    let busy = RwSignal::new(false);
    let told = RwSignal::new(None::<(bool, &'static str)>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if new.get_untracked() != again.get_untracked() {
            told.set(Some((false, t::password::differ())));
        } else if !busy.get_untracked() {
            busy.set(true);
            spawn_local(change(workspace, fields, busy, told));
        }
    };
    let message = move || {
        told.get().map(|(good, words)| {
            let (class, sign) = if good { ("", Icon::Tick) } else { ("wrong", Icon::Stop) };
            view! { <p class=class>{icon(sign)}{words}</p> }
        })
    };
    view! {
        <section class="card" aria-labelledby="password-title">
            <h2 id="password-title">{t::password::change()}</h2>
            <p class="quiet">{t::password::hint()}</p>
            <form class="stack" on:submit=submit>
                <AccountField id="password-old" label=t::password::old() value=old kind="password" complete="current-password" />
                <AccountField id="password-new" label=t::password::new() value=new kind="password" complete="new-password" />
                <AccountField id="password-again" label=t::password::again() value=again kind="password" complete="new-password" />
                <div role="alert" data-testid="password-message">{message}</div>
                <div class="row">
                    <button type="submit" data-testid="change-password" aria-disabled=move || busy.get().to_string()>
                        {move || if busy.get() { t::password::changing() } else { t::password::change() }}
                    </button>
                </div>
            </form>
        </section>
    }
}

async fn change(workspace: Workspace, fields: [RwSignal<String>; 3], busy: RwSignal<bool>, told: RwSignal<Told>) {
    let [old, new, _] = fields.map(|field| field.get_untracked());
    let answer = workspace.change_password(&old, &new).await;
    // The person may have left the screen meanwhile.
    let _ = busy.try_set(false);
    let _ = told.try_set(Some((answer == PasswordAnswer::Changed, words(answer))));
    if answer == PasswordAnswer::Changed {
        for field in fields {
            let _ = field.try_set(String::new());
        }
    }
}

fn words(answer: PasswordAnswer) -> &'static str {
    match answer {
        PasswordAnswer::Changed => t::password::changed(),
        PasswordAnswer::Wrong => t::password::wrong(),
        PasswordAnswer::Weak(Weak::Short) => t::password::short(),
        PasswordAnswer::Weak(Weak::Common) => t::password::common(),
        PasswordAnswer::Weak(Weak::Name) => t::password::name(),
        PasswordAnswer::Weak(Weak::Same) => t::password::same(),
        PasswordAnswer::TooMany => t::password::too_many(),
        PasswordAnswer::SignInNeeded => t::password::sign_in_needed(),
        PasswordAnswer::Unreachable => t::password::unknown(),
    }
}
