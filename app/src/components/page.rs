//! The parts of every screen: a heading with the next step in words, and a bar with the main action.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::platform::tell_height;

/// The screen's heading and what to do next.
#[component]
pub fn PageHead(#[prop(into)] title: Signal<String>, #[prop(into)] next_step: Signal<String>) -> impl IntoView {
    view! {
        <div class="page-head">
            <h1>{move || title.get()}</h1>
            <p class="next-step" data-testid="next-step">{icon(Icon::Arrow)}<span>{move || next_step.get()}</span></p>
        </div>
    }
}

/// The bar at the bottom: a sum in words on the left, the main action on the right. It has the same place on every
/// screen.
#[component]
pub fn Actions(children: Children) -> impl IntoView {
    let bar = NodeRef::<html::Div>::new();
    // The undo message stands above the bar. The style sheet needs the bar's height, so that its buttons stay free
    // however many rows they take.
    Effect::new(move |_: Option<Option<_>>| bar.get().and_then(|bar| tell_height(&bar, "--actions-height")));
    view! { <div class="actions" node_ref=bar>{children()}</div> }
}

/// What was just done, and how to take it back. It is a plain function, because the component that offered it may be
/// gone from the page by then.
pub type UndoOffer = (String, Arc<dyn Fn() + Send + Sync>);

/// Says what was just done and offers to take it back.
#[component]
pub fn Undo(offer: RwSignal<Option<UndoOffer>>) -> impl IntoView {
    let undo = move |_| {
        if let Some((_, take_back)) = offer.get_untracked() {
            take_back();
        }
        offer.set(None);
    };
    view! {
        <div role="status">
            {move || offer.get().map(|(words, _)| view! {
                <div class="toast">
                    <span>{words}</span>
                    <button type="button" data-testid="undo" on:click=undo>{crate::i18n::t::common::undo()}</button>
                </div>
            })}
        </div>
    }
}

/// A number of bytes, written for people.
pub fn size_text(bytes: u64) -> String {
    const KILO: u64 = 1024;
    match bytes {
        0..KILO => format!("{bytes} B"),
        KILO..1_048_576 => format!("{} KB", bytes / KILO),
        _ => format!("{} MB", bytes / (KILO * KILO)),
    }
}
