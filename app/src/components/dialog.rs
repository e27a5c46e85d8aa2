//! A dialog on the browser's own modal dialog: it keeps the focus, Escape closes it, and the page under it is inert.

use leptos::html;
use leptos::prelude::*;

use super::TextField;
use crate::i18n::t;
use crate::route::Address;
use crate::state::Workspace;
use shared::limits::NOTE_CHARS_MAX;

/// A modal dialog, shown while `open` is true. Its content is built when it opens.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] wide: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = "dialog-title";
    let address = Address::get();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() {
            // The browser throws an error when an open dialog is shown again; nothing is lost by it.
            let _ = dialog.show_modal();
            address.note_opened(open);
        } else {
            dialog.close();
            address.note_closed(open);
        }
    });
    on_cleanup(move || address.note_closed(open));
    view! {
        <dialog node_ref=node class:wide=wide aria-labelledby=title_id on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <div class="stack">
                    <h2 id=title_id>{move || title.get()}</h2>
                    {children()}
                </div>
            </Show>
        </dialog>
    }
}

/// Asks before an act that cannot be taken back, and says what will happen.
#[component]
pub fn Confirm(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] words: Signal<String>,
    #[prop(into)] action: Signal<String>,
    on_confirm: Callback<()>,
    #[prop(optional)] warnings: Option<Signal<Vec<String>>>,
) -> impl IntoView {
    let warnings = move || {
        let said = warnings.map(|warnings| warnings.get()).unwrap_or_default();
        said.into_iter()
            .map(|words| view! { <div class="notice care" data-testid="confirm-warning">{words}</div> })
            .collect_view()
    };
    let confirm = move |_| {
        open.set(false);
        on_confirm.run(());
    };
    view! {
        <Dialog open=open title=title>
            <p>{move || words.get()}</p>
            {warnings}
            <div class="row end">
                <button type="button" on:click=move |_| open.set(false)>{t::common::cancel()}</button>
                <button type="button" class="main" data-testid="confirm" on:click=confirm>{move || action.get()}</button>
            </div>
        </Dialog>
    }
}

/// Asks for a reason before an act that needs one. The reason is required.
#[component]
pub fn AskReason(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] hint: Signal<String>,
    #[prop(into)] action: Signal<String>,
    on_reason: Callback<String>,
) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let workspace = Workspace::get();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some((field, _)) = untrack(|| workspace.first_wrong(None)) {
            return workspace.seek(&field);
        }
        let words = reason.get_untracked().trim().to_owned();
        missing.set(words.is_empty());
        if !missing.get_untracked() {
            open.set(false);
            reason.set(String::new());
            on_reason.run(words);
        }
    };
    let error = Signal::derive(move || missing.get().then(|| t::common::reason_required().to_owned()));
    view! {
        <Dialog open=open title=title>
            <form class="stack" on:submit=submit>
                <div class="field">
                    <label for="reason-text">{t::common::reason()}</label>
                    <p class="hint">{move || hint.get()}</p>
                    <TextField name="reason-text" label=t::common::reason() testid="reason" value=reason max=NOTE_CHARS_MAX
                        on_change=Callback::new(move |text| reason.set(text)) local=true />
                    <super::FieldError id="reason-missing" message=error />
                </div>
                <div class="row end">
                    <button type="button" on:click=move |_| open.set(false)>{t::common::cancel()}</button>
                    <button type="submit" class="main" data-testid="confirm">{move || action.get()}</button>
                </div>
            </form>
        </Dialog>
    }
}
