//! The explanation of a number: every step with formula, inputs, value and clause. Only screens of the daily chunk may
//! use this.

use leptos::prelude::*;
use shared::pack::Pack;
use shared::score::{self, Assumed, CardInput, Numbers, Step};

use super::icon::{Icon, icon};
use crate::i18n::{clause_words, language, t};

/// The steps of a card's result from its current evidence.
pub fn steps_of_card(pack: &Pack, role: &str, evidence: &CardInput) -> AnyView {
    match score::explained(pack, evidence) {
        Ok(outcome) => steps(pack, role, &outcome.explanation, &outcome.assumed),
        // The result next to it says what is wrong with the evidence.
        Err(_) => view! { <p class="quiet">{t::result::none()}</p> }.into_any(),
    }
}

/// As [`steps_of_card`], computed again whenever the evidence changes.
pub fn follow_steps(pack: &'static Pack, role: &'static str, evidence: Signal<Option<CardInput>>) -> AnyView {
    let steps = move || evidence.get().map(|evidence| steps_of_card(pack, role, &evidence));
    view! { <div class="stack">{steps}</div> }.into_any()
}

/// The steps as sentences, with the assumptions and the regulation. Numbers are written short; one tap shows the exact
/// ones.
pub fn steps(pack: &Pack, role: &str, explanation: &[Step], assumed: &[Assumed]) -> AnyView {
    let [short, exact] = [Numbers::Short, Numbers::Exact].map(|numbers| {
        let sentence = |step| score::text(pack, role, step, language(), numbers);
        explanation.iter().map(sentence).collect::<Vec<String>>()
    });
    let is_cut = short != exact;
    let wants_exact = RwSignal::new(false);
    let steps = move || {
        let sentences = if wants_exact.get() { &exact } else { &short };
        sentences.iter().map(|sentence| view! { <li>{sentence.clone()}</li> }).collect_view()
    };
    let facts = assumed.iter().filter_map(|assumed| {
        let fact = pack.facts.iter().find(|fact| fact.id == assumed.fact)?;
        Some(view! { <li>{t::figure::assumed_fact(fact.title.get(language()), &clause_words(pack, &assumed.clause))}</li> })
    });
    let facts = facts.collect_view();
    view! {
        {is_cut.then(|| view! {
            <button type="button" class="start" data-testid="exact" aria-pressed=move || wants_exact.get().to_string()
                on:click=move |_| wants_exact.set(!wants_exact.get_untracked())>
                {move || if wants_exact.get() { t::figure::short_numbers() } else { t::figure::exact_numbers() }}
            </button>
        })}
        <ol class="why plain">{steps}</ol>
        {(!assumed.is_empty()).then(|| view! {
            <div class="stack tight">
                <p class="strong">{t::figure::assumed()}</p>
                <ul>{facts}</ul>
            </div>
        })}
        <p class="quiet small">{icon(Icon::Info)}{t::figure::pack(pack.title.get(language()), &pack.instrument)}</p>
    }
    .into_any()
}
