//! A field that people type into. A text is taken as a whole or not at all, because half a number is another number. It
//! is taken when the field is left, after a pause, and before anything that builds on it. A text that the field cannot
//! take stays on the screen with what is allowed; it is not saved, and the card cannot be submitted over it.

use leptos::prelude::*;
use shared::op::CardKey;

use super::field_error::FieldError;
use crate::fault::{self, Fault};
use crate::i18n::{count_text, t};
use crate::platform;
use crate::route::Address;
use crate::state::{FieldKey, Workspace, Wrong};

/// The card whose form this is. Submitting it looks up which of its fields are in error.
#[derive(Clone, Copy)]
pub struct Form(StoredValue<CardKey>);

impl Form {
    /// Names the card to every field below.
    pub fn provide(card: CardKey) {
        provide_context(Self(StoredValue::new(card)));
    }
}

/// What is typed into one field.
#[derive(Clone, Copy)]
pub struct Field {
    workspace: Workspace,
    address: Address,
    key: StoredValue<FieldKey>,
    label: StoredValue<String>,
    typed: RwSignal<Option<String>>,
    error: RwSignal<Option<String>>,
}

impl Field {
    /// The field whose element has the id `name`; `label` is its name for people. A `local` field belongs to no card,
    /// as in a dialog: its error is forgotten when the field goes.
    pub fn new(name: &str, label: &str, local: bool) -> Self {
        let workspace = Workspace::get();
        let form = if local { None } else { use_context::<Form>() };
        let key = (form.map(|form| form.0.get_value()), name.to_owned());
        let before = workspace.wrong(&key);
        let this = Self {
            workspace,
            address: Address::get(),
            label: StoredValue::new(label.to_owned()),
            typed: RwSignal::new(before.as_ref().map(|wrong| wrong.text.clone())),
            error: RwSignal::new(before.map(|wrong| wrong.words)),
            key: StoredValue::new(key.clone()),
        };
        on_cleanup(move || {
            workspace.finish_typing_into(&key);
            if key.0.is_none() {
                workspace.forget_wrong(&key);
            }
        });
        this
    }

    /// The text that was typed and is not taken yet.
    pub fn typed(self) -> Option<String> {
        self.typed.get()
    }

    /// What is wrong with it.
    pub fn error(self) -> Signal<Option<String>> {
        self.error.into()
    }

    /// Notes the text after every letter. `finish` takes the text once it is whole; its argument says whether the field
    /// was left.
    pub fn enter(self, text: String, finish: impl Fn(bool) + 'static) {
        self.typed.set(Some(text));
        self.error.set(None);
        let key = self.key.get_value();
        self.workspace.forget_wrong(&key);
        self.workspace.note_typing(key, finish);
    }

    /// Marks the typed text as one that cannot be taken.
    pub fn refuse(self, words: String) {
        let key = self.key.get_value();
        let wrong = Wrong {
            text: self.typed.get_untracked().unwrap_or_default(),
            words: words.clone(),
            label: self.label.get_value(),
            path: untrack(|| self.address.path()),
        };
        self.error.set(Some(words));
        self.workspace.end_typing(&key);
        self.workspace.note_wrong(key, wrong);
    }

    /// The typed text was taken, or is given up. While the cursor is in the field, its text stays as it was typed.
    pub fn take(self, left: bool) {
        if left {
            self.typed.set(None);
        }
        self.error.set(None);
        let key = self.key.get_value();
        self.workspace.end_typing(&key);
        self.workspace.forget_wrong(&key);
    }

    /// The field was left. The text is taken after the tap that left it: an error that appears under a field would move
    /// the tapped element away from the finger, and the tap would be lost.
    pub fn leave(self, finish: impl Fn(bool)) {
        // A browser fires `blur` and `change` on a focused element that is removed. By then the signals of its view are
        // gone, and the text has been taken.
        if self.typed.is_disposed() && !fault::is(Fault::StaleHandlers) {
            return;
        }
        let (workspace, key) = (self.workspace, self.key.get_value());
        if workspace.is_typing_into(&key) {
            platform::after_tap(move || workspace.finish_typing_into(&key));
        } else {
            finish(true);
        }
    }

    /// Takes the typed text at once, for an act that builds on it.
    pub fn finish(self) {
        self.workspace.finish_typing_into(&self.key.get_value());
    }

    /// Saves at once.
    pub fn flush(self) {
        self.workspace.flush();
    }

    /// Gives up an error when its field is closed, because nobody could correct it there.
    pub fn follow_closing(self, closed: Signal<bool>) {
        Effect::new(move |_| {
            if closed.get() && self.error.get_untracked().is_some() {
                self.take(true);
            }
        });
    }
}

/// A text with a greatest length. A longer text is shown whole with an error, and nothing of it is saved, so that
/// nothing is cut in silence. Otherwise the text is saved while it is typed: an unfinished text is a valid beginning of
/// it.
#[component]
pub fn TextField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    max: usize,
    on_change: Callback<String>,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(optional)] short: bool,
    #[prop(optional)] required: bool,
    #[prop(optional)] local: bool,
    #[prop(optional)] testid: Option<&'static str>,
) -> impl IntoView {
    let field = Field::new(&name, &label, local);
    field.follow_closing(disabled);
    let workspace = Workspace::get();
    let enter = move |text: String| {
        let found = text.chars().count();
        if found <= max {
            field.take(true);
            on_change.run(text);
        } else {
            field.enter(text, |_| ());
            field.refuse(t::input::text_allowed(&count_text(found), &count_text(max)));
        }
    };
    let shown = move || field.typed().unwrap_or_else(|| value.get());
    let error_id = format!("{name}-error");
    let testid = testid.map_or_else(|| name.clone(), str::to_owned);
    let invalid = move || field.error().get().is_some().to_string();
    let input = if short {
        view! {
            <input id=name data-testid=testid type="text" autocomplete="off" disabled=disabled required=required
                aria-describedby=error_id.clone() aria-invalid=invalid prop:value=shown
                on:input:target=move |event| enter(event.target().value()) on:blur=move |_| workspace.flush() />
        }
        .into_any()
    } else {
        view! {
            <textarea id=name data-testid=testid disabled=disabled aria-describedby=error_id.clone() aria-invalid=invalid
                prop:value=shown on:input:target=move |event| enter(event.target().value())
                on:blur=move |_| workspace.flush() />
        }.into_any()
    };
    view! {
        {input}
        <FieldError id=error_id message=field.error() />
    }
}

/// To be called before a card is submitted. It takes what is being typed. If a field of the card is in error, it leads
/// to that field, on whichever screen it is. Returns whether it did.
pub fn led_to_wrong_field(address: Address, card: &CardKey) -> bool {
    let workspace = Workspace::get();
    workspace.finish_typing();
    let Some((key, wrong)) = untrack(|| workspace.first_wrong(Some(card))) else { return false };
    if untrack(|| address.path()) != wrong.path {
        address.go(&wrong.path);
    }
    workspace.seek(&key);
    true
}
