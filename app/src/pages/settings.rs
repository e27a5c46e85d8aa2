//! The settings: how the app looks on this device, the state of its storage, and the sign-out.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::password::ChangePassword;
use crate::components::{Confirm, Icon, Languages, PageHead, StorageSection, icon, stored_language};
use crate::i18n::{Language, device_name, t};
use crate::platform::{read_setting, write_setting};
use crate::screens::Screen;
use crate::state::{Leaving, Workspace};

/// The names under which settings are stored; they never hold records.
const TEXT: &str = "congtam.text";
const CONTRAST: &str = "congtam.contrast";

/// Applies the stored settings. Called once, before anything is shown. Returns the language.
pub fn restore() -> Language {
    for (name, attribute) in [(TEXT, "data-text"), (CONTRAST, "data-contrast")] {
        if let Some(value) = read_setting(name) {
            put_attribute(attribute, &value);
        }
    }
    stored_language()
}

fn put_attribute(name: &str, value: &str) {
    let root = document().document_element();
    if let Some(root) = root {
        // The browser refuses only malformed names, and these are constants.
        let _ = if value.is_empty() { root.remove_attribute(name) } else { root.set_attribute(name, value) };
    }
}

/// The screen of the settings. Test ids: `text-small`, `text-normal`, `text-large`, `contrast-auto|light|dark|high`,
/// `language-vi|en`, `ask-persistence`, `persistence`, `more-year`, `more-rules`, `sign-out`, `tablet-name`.
#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <PageHead title=t::settings::title() next_step=t::settings::hint() />
        <section class="card stack" aria-labelledby="look-title">
            <h2 id="look-title">{t::settings::look()}</h2>
            <Choice name=TEXT attribute="data-text" label=t::settings::text() choices=vec![
                ("small", "text-small", t::settings::text_small()),
                ("", "text-normal", t::settings::text_normal()),
                ("large", "text-large", t::settings::text_large()),
            ] />
            <Choice name=CONTRAST attribute="data-contrast" label=t::settings::contrast() choices=vec![
                ("", "contrast-auto", t::settings::contrast_auto()),
                ("light", "contrast-light", t::settings::contrast_light()),
                ("dark", "contrast-dark", t::settings::contrast_dark()),
                ("high", "contrast-high", t::settings::contrast_high()),
            ] />
            <Languages />
        </section>
        <StorageSection />
        <ChangePassword />
        <section class="card" aria-labelledby="more-title">
            <h2 id="more-title">{t::settings::more()}</h2>
            <div class="row">
                <a class="button" href=Screen::Year.path() data-testid="more-year">{icon(Icon::Calendar)}{t::nav::year()}</a>
                <a class="button" href=Screen::Rules.path() data-testid="more-rules">{icon(Icon::Book)}{t::nav::rules()}</a>
            </div>
        </section>
        <section class="card" aria-labelledby="out-title">
            <h2 id="out-title">{t::settings::sign_out()}</h2>
            <p>{t::settings::sign_out_hint()}</p>
            <SignOut />
            {move || Workspace::get().device().map(|device| view! { <p class="quiet small" data-testid="tablet-name">{t::settings::tablet(&device_name(device))}</p> })}
            <p class="quiet small">{t::settings::version(env!("CARGO_PKG_VERSION"))}</p>
        </section>
    }
}

#[component]
fn SignOut() -> impl IntoView {
    let workspace = Workspace::get();
    let (asking, refused) = (RwSignal::new(false), RwSignal::new(false));
    let leave = move |unsaved_too: bool| {
        spawn_local(async move {
            let leaving = workspace.sign_out(unsaved_too).await;
            // After the sign-out this screen is gone.
            let _ = asking.try_set(leaving == Leaving::Unsaved);
            let _ = refused.try_set(leaving == Leaving::Refused);
        });
    };
    let said = move || {
        refused.get().then(|| view! { <p class="wrong">{icon(Icon::Stop)}{t::settings::sign_out_refused()}</p> })
    };
    view! {
        <div class="row">
            <button type="button" data-testid="sign-out" on:click=move |_| leave(false)>{t::settings::sign_out()}</button>
        </div>
        <div role="alert" data-testid="sign-out-refused">{said}</div>
        <Confirm open=asking title=t::settings::unsaved_title() words=t::settings::unsaved_words()
            action=t::settings::leave_unsaved() on_confirm=Callback::new(move |()| leave(true)) />
    }
}

/// One setting as a row of buttons.
#[component]
fn Choice(
    name: &'static str,
    attribute: &'static str,
    label: &'static str,
    choices: Vec<(&'static str, &'static str, &'static str)>,
) -> impl IntoView {
    let chosen = RwSignal::new(read_setting(name).unwrap_or_default());
    let button = move |(value, testid, words): (&'static str, &'static str, &'static str)| {
        let choose = move |_| {
            write_setting(name, value);
            put_attribute(attribute, value);
            chosen.set(value.to_owned());
        };
        view! {
            <button type="button" class="chip" data-testid=testid on:click=choose
                aria-pressed=move || (*chosen.read() == value).to_string()>{words}</button>
        }
    };
    view! {
        <fieldset class="stack tight">
            <legend>{label}</legend>
            <div class="row">{choices.into_iter().map(button).collect_view()}</div>
        </fieldset>
    }
}
