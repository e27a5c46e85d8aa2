//! The words on the screen: a typed catalogue in Vietnamese and English, and how numbers and days are written.
//!
//! `t::section::key(…)` gives the sentence in the current language. Only two screens can change the language, so texts
//! are not signals: [`localised`] builds a part of the page again when the language changes. The app opens in
//! Vietnamese; the English texts are fetched when someone chooses English.

mod english;
mod format;
mod refusal;
mod sentence;
mod steps;

use std::cell::Cell;

use leptos::prelude::*;
use leptos::task::spawn_local;

pub(crate) use format::{
    clock_text, count_text, days_ago, decimal, device_name, grouped, is_cut, is_shown_whole, iso_day, mark,
    missing_points, percent, period_name, period_within_year, quantity, read_number,
};
pub(crate) use refusal::refusal;
pub(crate) use sentence::{act_error, clause_words, input_error, link_state, read_only, sign_in_words, stage_name};
pub(crate) use shared::pack::Language;
pub(crate) use steps::{actors, due, lowered, opening, step_word};

type Table = &'static [&'static str];

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::Vi) };
    static TABLE: Cell<Table> = const { Cell::new(t::TABLE) };
}

/// The current language.
pub(crate) fn language() -> Language {
    LANGUAGE.with(Cell::get)
}

/// The language that the page is built in. Created once, by the root component.
#[derive(Clone, Copy)]
pub(crate) struct LanguageSignal(RwSignal<Language>);

/// Sets the language at the start.
pub(crate) fn provide_language(start: Language) {
    provide_context(LanguageSignal(RwSignal::new(Language::Vi)));
    set_language(start);
}

/// Changes the language of the whole page once its texts are here. If they cannot be fetched, the page stays as it is.
pub(crate) fn set_language(language: Language) {
    let signal = use_context::<LanguageSignal>();
    match language {
        Language::Vi => put_in_force(language, t::TABLE, signal),
        Language::En => spawn_local(async move {
            if let Ok(table) = english::table().await {
                put_in_force(language, table, signal);
            }
        }),
    }
}

fn put_in_force(language: Language, table: Table, signal: Option<LanguageSignal>) {
    TABLE.with(|cell| cell.set(table));
    LANGUAGE.with(|cell| cell.set(language));
    if let Some(root) = document().document_element() {
        // The browser refuses only malformed names, and this one is a constant.
        let _ = root.set_attribute("lang", language_code(language));
    }
    if let Some(LanguageSignal(signal)) = signal {
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

/// A value for a placeholder of a sentence.
#[derive(Clone, Copy)]
enum Argument<'a> {
    Text(&'a str),
    Number(usize),
}

#[inline(never)]
fn text_of(place: usize) -> &'static str {
    TABLE.with(Cell::get).get(place).copied().unwrap_or_default()
}

/// A text that only the daily chunk uses. The English table has all texts; the Vietnamese texts are split over three
/// tables.
#[inline(never)]
fn daily_text_of(place: usize) -> &'static str {
    text_beyond(place, t::DAILY_TABLE, t::DAILY_VIETNAMESE_FROM)
}

/// A text that only the reference chunk uses.
#[inline(never)]
fn reference_text_of(place: usize) -> &'static str {
    text_beyond(place, t::REFERENCE_TABLE, t::REFERENCE_VIETNAMESE_FROM)
}

fn text_beyond(place: usize, table: Table, from: usize) -> &'static str {
    let beyond = || table.get(place.checked_sub(from)?);
    TABLE.with(Cell::get).get(place).or_else(beyond).copied().unwrap_or_default()
}

/// A sentence of the catalogue with its placeholders filled: `{0}`, or `{0|task|tasks}` by number.
#[inline(never)]
fn sentence_of(text: &'static str, arguments: &[Argument<'_>]) -> String {
    let mut sentence = String::new();
    let mut rest = text;
    while let Some((before, inside, after)) = next_placeholder(rest) {
        sentence.push_str(before);
        let mut parts = inside.split('|');
        let argument = parts.next().and_then(|number| arguments.get(number.parse::<usize>().ok()?));
        match (argument, parts.next(), parts.next()) {
            (Some(Argument::Number(1)), Some(one), _) => sentence.push_str(one),
            (Some(Argument::Number(_)), _, Some(many)) => sentence.push_str(many),
            (Some(Argument::Number(number)), ..) => sentence.push_str(&number.to_string()),
            (Some(Argument::Text(text)), ..) => sentence.push_str(text),
            (None, ..) => {}
        }
        rest = after;
    }
    sentence.push_str(rest);
    sentence
}

fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (inside, after) = rest.split_once('}')?;
    Some((before, inside, after))
}

/// The catalogue.
pub(crate) mod t {
    use super::Argument::{Number, Text};
    use super::{Table, daily_text_of, reference_text_of, sentence_of, text_of};

    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

    pub(super) const TABLE: Table = &VIETNAMESE;
    pub(super) const DAILY_TABLE: Table = &DAILY_VIETNAMESE;
    pub(super) const REFERENCE_TABLE: Table = &REFERENCE_VIETNAMESE;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_take_texts_numbers_and_words_by_number() {
        assert_eq!(t::period::previous(), "Kỳ trước");
        let vi = t::add_work::found(3);
        TABLE.with(|cell| cell.set(english::TABLE));
        assert_eq!(t::add_work::found(1), "1 product in the list");
        assert_eq!(t::add_work::found(3), "3 products in the list");
        TABLE.with(|cell| cell.set(t::TABLE));
        assert_eq!(vi, "3 việc trong danh mục");
        // A text that people typed is not read as a placeholder.
        assert!(t::act::device("{0}").contains("{0}"));
    }
}
