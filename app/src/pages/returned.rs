//! The notice that a card was sent back, with who, when and why.

use leptos::prelude::*;
use shared::op::{CardKey, Stage};

use super::roster;
use crate::components::{Icon, icon};
use crate::i18n::{clock_text, t};
use crate::state::Workspace;

/// The last return of a card. It is shown until the card goes past the stage it was sent back to.
#[component]
pub(super) fn Returned(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let last = Memo::new(move |_| {
        workspace.with_view(|state| {
            let card = state.card(&key)?;
            let last = card.returns().last().filter(|last| card.stage() <= last.to.max(Stage::Working))?;
            let when = clock_text(last.at.at, workspace.now());
            Some((t::returned::by(&roster::name(&state.org, last.actor), &when), last.reason.clone()))
        })
    });
    view! {
        {move || last.get().map(|(by, reason)| view! {
            <div class="notice care" data-testid="returned">
                {icon(Icon::Warning)}
                <div><p class="strong">{by}</p><p>{reason}</p></div>
            </div>
        })}
    }
}
