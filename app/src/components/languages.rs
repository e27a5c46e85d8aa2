//! The choice between Vietnamese and English.

use leptos::prelude::*;

use crate::i18n::{Language, language, language_code, set_language, t};
use crate::platform::{read_setting, write_setting};

/// The name of the setting.
const LANGUAGE: &str = "congtam.language";

/// The language chosen on this device, else Vietnamese.
pub fn stored_language() -> Language {
    match read_setting(LANGUAGE) {
        Some(code) if code == "en" => Language::En,
        _ => Language::Vi,
    }
}

fn choose_language(chosen: Language) {
    let code = language_code(chosen);
    write_setting(LANGUAGE, code);
    set_language(chosen);
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
