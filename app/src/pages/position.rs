//! The position by whose factor work is multiplied, as both the person and the superior state it. In the daily chunk.
//!
//! Test ids: `position`, `position-section`, `position-same`, `reason-position-reason`.

use leptos::prelude::*;
use shared::op::Stated;
use shared::pack::Factor;
use shared::score::Form;

use super::form::ReasonInput;
use crate::components::draft::{self, Draft};
use crate::components::{Choice, word_title, words_of};
use crate::i18n::t;

/// What a superior sees of what was stated before.
#[derive(Clone, Copy)]
pub(super) struct Before {
    /// What the person stated, or whoever marked before.
    pub(super) stated: Memo<Stated>,
    /// What counts now.
    pub(super) found: Memo<Stated>,
}

/// The section. Nothing where the readings chosen multiply by no position.
#[component]
pub(super) fn Position(
    form: Form<'static>,
    draft: Draft,
    #[prop(into)] closed: Signal<bool>,
    #[prop(optional)] before: Option<Before>,
) -> impl IntoView {
    let positions = form.positions();
    let chosen = Signal::derive(move || match before {
        Some(before) => {
            before.found.with(|found| found.position.as_ref().map(|one| one.id.clone())).unwrap_or_default()
        }
        None => draft.text(draft::POSITION),
    });
    let choose = Callback::new(move |word| draft.put_text(draft::POSITION, word));
    (!positions.is_empty()).then(|| {
        view! {
            <section class="card" data-testid="position-section" aria-labelledby="position-title">
                <h2 id="position-title">{t::product::position()}</h2>
                {before.map(|before| view! { <Said before=before draft=draft closed=closed positions=positions /> })}
                <Choice id="position" label=t::product::position_label().into_any() none=t::product::choose() words=words_of(positions) chosen=chosen
                    on_choose=choose closed=closed />
                {before.map(|before| view! { <Reason before=before draft=draft closed=closed /> })}
            </section>
        }
    })
}

/// What the person stated, and the way to state the same.
#[component]
fn Said(before: Before, draft: Draft, closed: Signal<bool>, positions: &'static [Factor]) -> impl IntoView {
    let said = Memo::new(move |_| before.stated.with(|stated| stated.position.clone()).map(|one| one.id));
    move || {
        said.get().map(|id| {
            let words = t::special::stated(&word_title(positions, &id));
            view! {
                <div class="row">
                    <span class="small">{words}</span>
                    <button type="button" data-testid="position-same" disabled=closed
                        on:click=move |_| draft.put_text(draft::POSITION, id.clone())>{t::special::confirm_stated()}</button>
                </div>
            }
        })
    }
}

/// Why the superior states another one.
#[component]
fn Reason(before: Before, draft: Draft, closed: Signal<bool>) -> impl IntoView {
    let differs = Memo::new(move |_| {
        let id = |stated: &Stated| stated.position.as_ref().map(|one| one.id.clone());
        let (said, found) = (before.stated.with(id), before.found.with(id));
        said.is_some() && found.is_some() && said != found
    });
    move || {
        differs.get().then(|| view! {
            <ReasonInput field=draft::POSITION_REASON.to_owned() label=t::special::event_reason(t::product::position())
                required=true draft=draft closed=closed />
        })
    }
}
