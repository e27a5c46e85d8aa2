//! Saves what people enter a moment after they stop, and at once when they leave the field, the page or the app.
//!
//! What was entered is shown from here until the act that saves it has been folded, so nothing flickers back, and stays here
//! when it could not be saved, so nothing typed is lost.

use shared::order::Map;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::ui::{RwSignal, Signal};
use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::{ActError, Workspace};

/// Quiet time after the last edit before it is saved.
const PAUSE: Duration = Duration::from_millis(600);

type Saving = Pin<Box<dyn Future<Output = Result<(), ActError>>>>;
type Save<K, V> = Box<dyn Fn(Map<K, V>) -> Saving>;

/// Edits by key, on their way into the stores.
pub struct Autosave<K: 'static, V: 'static> {
    shown: RwSignal<Map<K, V>>,
    waiting: StoredValue<Map<K, V>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    save: StoredValue<Save<K, V>, LocalStorage>,
    error: RwSignal<Option<ActError>>,
    workspace: Workspace,
}

impl<K, V> Clone for Autosave<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V> Copy for Autosave<K, V> {}

impl<K, V> Autosave<K, V>
where
    K: Ord + Clone + Send + Sync + 'static,
    V: Clone + PartialEq + Send + Sync + 'static,
{
    /// Edits that `save` carries out; it must only use what outlives the page.
    pub fn new<F>(save: impl Fn(Map<K, V>) -> F + 'static) -> Self
    where
        F: Future<Output = Result<(), ActError>> + 'static,
    {
        let this = Self {
            shown: RwSignal::new(Map::new()),
            waiting: StoredValue::new(Map::new()),
            timer: StoredValue::new(None),
            save: StoredValue::new_local(Box::new(move |edits| Box::pin(save(edits)))),
            error: RwSignal::new(None),
            workspace: Workspace::get(),
        };
        let hidden = window_event_listener(ev::visibilitychange, move |_| this.flush());
        let left = window_event_listener(ev::pagehide, move |_| this.flush());
        on_cleanup(move || {
            hidden.remove();
            left.remove();
            this.flush();
        });
        this
    }

    /// Why the last save failed.
    pub fn error(self) -> Signal<Option<ActError>> {
        self.error.into()
    }

    /// What was entered under `key` and is not folded yet.
    pub fn pending(self, key: &K) -> Option<V> {
        self.shown.with(|shown| shown.get(key).cloned())
    }

    /// Everything entered and not folded yet.
    pub fn all_pending(self) -> Map<K, V> {
        self.shown.get()
    }

    /// Takes an edit; it is saved after a pause.
    pub fn put(self, key: K, value: V) {
        let first = self.waiting.try_update_value(|waiting| {
            let first = waiting.is_empty();
            waiting.insert(key.clone(), value.clone());
            first
        });
        if first == Some(true) {
            self.workspace.note_entered();
        }
        self.shown.update(|shown| {
            shown.insert(key, value);
        });
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let timer = set_timeout_with_handle(move || self.flush(), PAUSE).ok();
        self.timer.set_value(timer);
    }

    /// Saves at once what waits.
    pub fn flush(self) {
        spawn_local(async move {
            let _ = self.settle().await;
        });
    }

    /// Saves what waits and returns when it is folded, so that an act that builds on it can follow.
    pub fn settle(self) -> impl Future<Output = Result<(), ActError>> {
        let edits = self.waiting.try_update_value(std::mem::take).unwrap_or_default();
        let saving = if edits.is_empty() { None } else { self.save.try_with_value(|save| save(edits.clone())) };
        async move {
            let Some(saving) = saving else { return Ok(()) };
            let result = saving.await;
            self.saved(&edits, result.clone());
            result
        }
    }

    fn saved(self, edits: &Map<K, V>, result: Result<(), ActError>) {
        // The page may be gone by now; its signals with it.
        let _ = self.error.try_set(result.clone().err());
        let again = matches!(&result, Err(error) if !matches!(error, ActError::Refused(_)));
        if !(again && self.wait_again(edits)) {
            self.workspace.note_settled();
        }
        if result.is_ok() {
            let _ = self.shown.try_update(|shown| {
                shown.retain(|key, value| edits.get(key).is_none_or(|saved| saved != value));
            });
        }
    }

    /// What the stores refused is tried again with the next edit; what the rules refused would be refused again. Tells
    /// whether nothing else was waiting, so that these edits are what is unsaved now.
    fn wait_again(self, edits: &Map<K, V>) -> bool {
        let waited = self.waiting.try_update_value(|waiting| {
            let alone = waiting.is_empty();
            for (key, value) in edits {
                waiting.entry(key.clone()).or_insert_with(|| value.clone());
            }
            alone
        });
        waited == Some(true)
    }
}
