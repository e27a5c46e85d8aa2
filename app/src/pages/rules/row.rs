//! The rows of the page about a pack: parts that open, rows with their clause, numbers in words.

use leptos::prelude::*;
use shared::num::Exact;
use shared::pack::{Factor, Pack, Text};

use crate::i18n::{clause_words, language, mark, t};

/// A part that opens on demand, so that the page fits a small screen.
pub(super) fn part(id: &'static str, title: &'static str, rows: Vec<AnyView>) -> Option<AnyView> {
    let count = rows.len();
    let rows = rows.into_iter().map(|row| view! { <li class="clause">{row}</li> }).collect_view();
    (count > 0).then(|| {
        view! {
            <section class="card">
                <details class="group" data-testid=format!("part-{id}")>
                    <summary><h2 class="name">{title}</h2><span class="points">{count}</span></summary>
                    <ul class="plain stack">{rows}</ul>
                </details>
            </section>
        }
        .into_any()
    })
}

/// One row: what, how, and the clause that says so.
pub(super) fn row(pack: &Pack, what: String, how: String, clause: &str) -> AnyView {
    view! {
        <p class="strong">{what}</p>
        {(!how.trim().is_empty()).then(|| view! { <p>{how}</p> })}
        {by(pack, clause)}
    }
    .into_any()
}

pub(super) fn by(pack: &Pack, clause: &str) -> AnyView {
    view! { <p class="quiet small">{t::rules::by(&clause_words(pack, clause))}</p> }.into_any()
}

pub(super) fn words(text: &Text) -> String {
    text.get(language()).to_owned()
}

/// The number, or words for a number that the text does not give.
pub(super) fn points(value: &Exact) -> String {
    if value.is_zero() { t::rules::no_number().to_owned() } else { mark(value) }
}

/// Factors by name; `None` when there are none.
pub(super) fn factors(factors: &[Factor]) -> Option<String> {
    let one = |factor: &Factor| format!("{} {}", factor.title.get(language()), points(&factor.factor));
    let list = factors.iter().map(one).collect::<Vec<_>>().join("; ");
    (!factors.is_empty()).then(|| t::rules::factors(&list))
}
