//! Fields that are folded away, and unfold when one of them is sought because it is in error. In the daily chunk.

use leptos::prelude::*;

use crate::state::Workspace;

/// The fold. `fields` is how the names of its fields begin.
#[component]
pub(super) fn Folded(
    testid: String,
    fields: String,
    open: bool,
    summary: AnyView,
    children: Children,
) -> impl IntoView {
    let workspace = Workspace::get();
    let open = RwSignal::new(open);
    Effect::new(move |_| {
        if workspace.is_sought(&fields) {
            open.set(true);
        }
    });
    view! {
        <details prop:open=open on:toggle:target=move |event| open.set(event.target().open())>
            <summary data-testid=testid>{summary}</summary>
            <div class="stack">{children()}</div>
        </details>
    }
}
