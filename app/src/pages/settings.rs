//! The settings: how the app looks on this device, the state of its storage, and the sign-out.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::password::ChangePassword;
use super::sync::tablet;
use crate::components::{Confirm, Icon, PageHead, icon, size_text};
use crate::i18n::{Language, language, language_code, set_language, t};
use crate::platform::{read_setting, write_setting};
use crate::screens::Screen;
use crate::state::{Leaving, Workspace};

/// The names under which settings are stored; they never hold records.
const TEXT: &str = "congtam.text";
const CONTRAST: &str = "congtam.contrast";
const LANGUAGE: &str = "congtam.language";

/// Applies the stored settings. Called once, before anything is shown. Returns the language.
pub fn restore() -> Language {
    for (name, attribute) in [(TEXT, "data-text"), (CONTRAST, "data-contrast")] {
        if let Some(value) = read_setting(name) {
            put_attribute(attribute, &value);
        }
    }
    match read_setting(LANGUAGE) {
        Some(code) if code == "en" => Language::En,
        _ => Language::Vi,
    }
}

fn put_attribute(name: &str, value: &str) {
    let root = document().document_element();
    if let Some(root) = root {
        // The browser refuses only malformed names, and these are constants.
        let _ = if value.is_empty() { root.remove_attribute(name) } else { root.set_attribute(name, value) };
    }
}

fn choose_language(chosen: Language) {
    let code = language_code(chosen);
    write_setting(LANGUAGE, code);
    set_language(chosen);
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
            {move || Workspace::get().device().map(|device| view! { <p class="quiet small" data-testid="tablet-name">{t::settings::tablet(&tablet(device))}</p> })}
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

/// The choice between Vietnamese and English.
#[component]
pub fn Languages() -> impl IntoView {
    let button = |choice: Language, words: &'static str| {
        view! {
            <button type="button" class="chip" lang=language_code(choice)
                data-testid=format!("language-{}", language_code(choice))
                aria-pressed=(language() == choice).to_string()
                on:click=move |_| choose_language(choice)>{words}</button>
        }
    };
    view! {
        <fieldset class="stack tight">
            <legend>{t::common::language()}</legend>
            <div class="row">{button(Language::Vi, "Tiếng Việt")}{button(Language::En, "English")}</div>
        </fieldset>
    }
}

/// How safely this device keeps what is not sent yet.
#[component]
pub fn StorageSection() -> impl IntoView {
    let workspace = Workspace::get();
    let health = workspace.health();
    let persistence = move || match health.get().persisted {
        Some(true) => t::storage::persisted(),
        Some(false) => t::storage::not_persisted(),
        None => t::storage::not_asked(),
    };
    let room = move || {
        let health = health.get();
        let (used, quota) = (health.used_bytes?, health.quota_bytes?);
        Some(t::storage::room(&size_text(used), &size_text(quota)))
    };
    let ask = move |_| spawn_local(async move { workspace.request_persistence().await });
    view! {
        <section class="card" aria-labelledby="storage-title">
            <h2 id="storage-title">{t::storage::title()}</h2>
            <p>{move || if health.get().database_behind { t::storage::behind() } else { t::storage::two_stores() }}</p>
            <p data-testid="persistence" aria-live="polite">{icon(Icon::Tablet)}" "{persistence}</p>
            {move || (health.get().persisted != Some(true)).then(|| view! {
                <div class="row"><button type="button" data-testid="ask-persistence" on:click=ask>{t::storage::ask()}</button></div>
            })}
            {move || room().map(|words| view! { <p class="quiet">{words}</p> })}
            <Mended />
        </section>
    }
}

/// What was rebuilt at this start.
#[component]
fn Mended() -> impl IntoView {
    let health = Workspace::get().health();
    let notes = move || {
        let health = health.get();
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        [
            (health.database_mended > 0).then(|| t::storage::database_mended(count(health.database_mended))),
            (health.journal_mended > 0).then(|| t::storage::journal_mended(count(health.journal_mended))),
            health.stores_lost.then(|| t::storage::lost().to_owned()),
            (health.torn_bytes > 0).then(|| t::storage::torn().to_owned()),
        ]
        .into_iter()
        .flatten()
        .map(|words| view! { <div class="notice" data-testid="mended">{icon(Icon::Info)}<div>{words}</div></div> })
        .collect_view()
    };
    view! { <div class="stack">{notes}</div> }
}
