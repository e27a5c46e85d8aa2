//! A choice among the words of a regulation, such as a level, a frame or a class.

use leptos::prelude::*;
use shared::pack::{Factor, Text};

use crate::i18n::language;

/// One of the words: its id in the pack, and its name for people.
#[derive(Clone, Copy)]
pub struct Word(pub &'static str, pub &'static Text);

/// Named factors as words.
pub fn words_of(factors: &'static [Factor]) -> Vec<Word> {
    factors.iter().map(|factor| Word(&factor.id, &factor.title)).collect()
}

/// The title of a factor, or its word where the pack does not have it.
pub fn word_title(factors: &[Factor], id: &str) -> String {
    let found = factors.iter().find(|factor| factor.id == id);
    found.map_or_else(|| id.to_owned(), |factor| factor.title.get(language()).to_owned())
}

/// The choice; `none` is what it says while nothing is chosen.
#[component]
pub fn Choice(
    #[prop(into)] id: String,
    #[prop(into)] label: AnyView,
    none: &'static str,
    words: Vec<Word>,
    chosen: Signal<String>,
    on_choose: Callback<String>,
    #[prop(into)] closed: Signal<bool>,
) -> impl IntoView {
    let option = |Word(word, title): Word| {
        let selected = move || chosen.with(|chosen| chosen == word);
        view! { <option value=word selected=selected>{title.get(language())}</option> }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id.clone() data-testid=id disabled=closed
                on:change:target=move |event| on_choose.run(event.target().value())>
                <option value="" selected=move || chosen.with(String::is_empty)>{none}</option>
                {words.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}
