//! The offer of a new version of the app.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::i18n::t;
use crate::state::{SaveState, Workspace};

/// Offers a waiting new version of the app: `update-ready`, taken over with `update-apply`. The app never updates by
/// itself, and never while something is being saved.
#[component]
pub fn UpdateNotice() -> impl IntoView {
    let workspace = Workspace::get();
    let saving = move || !matches!(workspace.save_state().get(), SaveState::Nothing | SaveState::Saved { .. });
    view! {
        <Show when=move || workspace.update_ready().get()>
            <div class="notice" role="status" data-testid="update-ready">
                {icon(Icon::Tick)}
                <div>{t::update::ready()}</div>
                <button type="button" data-testid="update-apply" disabled=saving on:click=move |_| workspace.apply_update()>
                    {t::update::apply()}
                </button>
            </div>
        </Show>
    }
}
