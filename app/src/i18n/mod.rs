//! Words on the screen: a typed catalogue in Vietnamese and English, and how numbers and days are written.
//!
//! `t::section::key(…)` gives the sentence in the current language. The language changes on two screens only, so texts are
//! not signals: [`localised`] builds a part of the page anew when it changes.

mod format;
mod sentence;

use std::cell::Cell;

use crate::ui::RwSignal;
use leptos::prelude::*;

pub(crate) use format::{clock_text, days_ago, decimal, mark, parse_number, percent, period_name, quantity};
pub(crate) use sentence::{act_error, input_error, read_only, refusal, stage_name};
pub(crate) use shared::pack::Language;

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::Vi) };
}

/// The language of the moment.
pub(crate) fn language() -> Language {
    LANGUAGE.with(Cell::get)
}

/// Which language the page is built in; created once, in the root.
#[derive(Clone, Copy)]
pub(crate) struct LanguageSignal(RwSignal<Language>);

/// Puts the language in force before anything is shown.
pub(crate) fn provide_language(start: Language) {
    LANGUAGE.with(|cell| cell.set(start));
    provide_context(LanguageSignal(RwSignal::new(start)));
}

/// Changes the language of the whole page.
pub(crate) fn set_language(language: Language) {
    LANGUAGE.with(|cell| cell.set(language));
    if let Some(LanguageSignal(signal)) = use_context() {
        signal.set(language);
    }
}

/// Builds `part` again whenever the language changes.
pub(crate) fn localised<V: IntoView + 'static>(part: impl Fn() -> V + Send + 'static) -> impl IntoView {
    let signal = use_context::<LanguageSignal>();
    move || {
        if let Some(LanguageSignal(signal)) = signal {
            signal.track();
        }
        part()
    }
}

/// The value of the `lang` attribute.
pub(crate) fn language_code(language: Language) -> &'static str {
    match language {
        Language::Vi => "vi",
        Language::En => "en",
    }
}

fn pick(vi: &'static str, en: &'static str) -> &'static str {
    match language() {
        Language::Vi => vi,
        Language::En => en,
    }
}

/// The catalogue.
pub(crate) mod t {
    use super::{Language, language, pick};

    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}
