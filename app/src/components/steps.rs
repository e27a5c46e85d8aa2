//! How a number came about: every step with formula, inputs, value and clause. Only screens of the second file may use this.

use crate::ui::{Signal, view};
use leptos::prelude::*;
use shared::pack::Pack;
use shared::score::{self, Assumed, CardInput, Step};

use super::icon::{Icon, icon};
use crate::i18n::{language, t};

/// The steps of a card's result, as its evidence stands.
pub fn steps_of_card(pack: &Pack, role: &str, evidence: &CardInput) -> AnyView {
    match score::explained(pack, evidence) {
        Ok(outcome) => steps(pack, role, &outcome.explanation, &outcome.assumed),
        // The result beside it says what is wrong with the evidence.
        Err(_) => view! { <p class="quiet">{t::result::none()}</p> },
    }
}

/// As [`steps_of_card`], again whenever the evidence changes.
pub fn follow_steps(pack: &'static Pack, role: &'static str, evidence: Signal<Option<CardInput>>) -> AnyView {
    let steps = move || evidence.get().map(|evidence| steps_of_card(pack, role, &evidence));
    view! { <div class="stack">{steps}</div> }
}

/// Steps as sentences, what was assumed, and by which regulation.
pub fn steps(pack: &Pack, role: &str, explanation: &[Step], assumed: &[Assumed]) -> AnyView {
    let step = |step| view! { <li>{score::text(pack, role, step, language())}</li> };
    let steps = explanation.iter().map(step).collect_view();
    let facts = assumed.iter().filter_map(|assumed| {
        let fact = pack.facts.iter().find(|fact| fact.id == assumed.fact)?;
        Some(view! { <li>{t::result::assumed_fact(fact.title.get(language()), &assumed.clause)}</li> })
    });
    let facts = facts.collect_view();
    view! {
        <ol class="why plain">{steps}</ol>
        {(!assumed.is_empty()).then(|| view! {
            <div class="stack tight">
                <p class="strong">{t::result::assumed()}</p>
                <ul>{facts}</ul>
            </div>
        })}
        <p class="quiet small">{icon(Icon::Info)}{t::result::pack(pack.title.get(language()), &pack.instrument)}</p>
    }
}
