//! A field that people type into. What is typed counts as a whole or not at all: half a number is another number. It counts
//! when the field is left, after a pause, and before anything that builds on it; what the field cannot take stays on the
//! screen with what is allowed, is kept from submitting, and nothing of it is saved.

use leptos::prelude::*;
use shared::op::CardKey;

use super::field_error::FieldError;
use crate::fault::{self, Fault};
use crate::i18n::{count_text, t};
use crate::platform;
use crate::route::Address;
use crate::state::{FieldKey, Workspace, Wrong};

/// The card whose form this is; what is wrong with its fields is known to whoever submits it.
#[derive(Clone, Copy)]
pub struct Form(StoredValue<CardKey>);

impl Form {
    /// Says so for everything below.
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
    /// The field whose element has the id `name`; `label` names it to people. A `local` one belongs to no card: what is wrong
    /// with it is forgotten when it goes, as with its dialog.
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

    /// What is typed and not taken.
    pub fn typed(self) -> Option<String> {
        self.typed.get()
    }

    /// What is wrong with it.
    pub fn error(self) -> Signal<Option<String>> {
        self.error.into()
    }

    /// Takes another letter. `finish` takes the whole once it is whole; it is told whether the field is left.
    pub fn enter(self, text: String, finish: impl Fn(bool) + 'static) {
        self.typed.set(Some(text));
        self.error.set(None);
        let key = self.key.get_value();
        self.workspace.forget_wrong(&key);
        self.workspace.note_typing(key, finish);
    }

    /// What is typed cannot be taken.
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

    /// What is typed was taken, or is given up. While the cursor is in the field its words stay as they were typed.
    pub fn take(self, left: bool) {
        if left {
            self.typed.set(None);
        }
        self.error.set(None);
        let key = self.key.get_value();
        self.workspace.end_typing(&key);
        self.workspace.forget_wrong(&key);
    }

    /// The field is left. What was typed is taken once the tap that leaves it is over: words that appear below a field move what the
    /// finger is on, and the tap would be lost.
    pub fn leave(self, finish: impl Fn(bool)) {
        // A browser tells an element that is taken away with the focus in it of `blur` and `change`. By then nothing that its view was
        // made of can be read, and what was typed has been taken.
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

    /// Takes what is typed at once, for what builds on it.
    pub fn finish(self) {
        self.workspace.finish_typing_into(&self.key.get_value());
    }

    /// Saves at once.
    pub fn flush(self) {
        self.workspace.flush();
    }

    /// Gives up what is wrong where the field has been closed: nothing can be mended there.
    pub fn follow_closing(self, closed: Signal<bool>) {
        Effect::new(move |_| {
            if closed.get() && self.error.get_untracked().is_some() {
                self.take(true);
            }
        });
    }
}

/// A text of so many letters. What is longer is shown whole and told; of it nothing is saved, so nothing is cut in silence.
/// A text that is not finished is a beginning of that text: it is saved as it is typed.
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

/// Before a card is submitted: takes what is being typed, and where a field of the card holds what it cannot take, leads to that
/// field, whichever screen it is on. Says whether it did.
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
